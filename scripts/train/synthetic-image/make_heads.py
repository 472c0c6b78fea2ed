"""Whole generated heads and genuine ones beside them: as published, and through real encoders at many sizes.

    python3 scripts/train/synthetic-image/make_heads.py --data DATA --labels FACES.npz --out CACHE

Writes CACHE/heads/<split>.npz: genuine [n,256,256,3] (FFHQ), made [m,256,256,3] (StyleGAN), uint8. Both are published with the
same JPEG tables, so they are kept as they are. And CACHE/heads/<split>-video.npz: genuine, made uint8 [k,144,144,3], a place of
a mosaic that holds as many of both, after one of the encoders of make_clips.py; scale [k], quality [k], codec [k]. And
CACHE/heads/<split>-others.npz: other genuine faces as published, so that no quality of FFHQ's passes for a camera's: utkface
[n,200,200,3], web [n,128,128,3].
"""
import argparse
import os

import cv2
import numpy as np
from make_clips import ENCODERS, encode
from pictures import FFHQ, GENERATED, listed, read

SIDE, WINDOW = 256, 144
ACROSS, DOWN, FRAMES = 6, 4, 4
#: Times that every picture is encoded, each time at another size and quality.
LOOKS = {"train": 4, "val": 2}
#: Pictures at most of each other genuine set.
OTHERS = 1500
#: How much larger or smaller than published it is before the encoder; as many enlarged as shrunk.
SCALES = (0.6, 1.8)


def drawn_encoder(random: np.random.Generator) -> tuple:
    """Encoder, quality and preset of one mosaic."""
    codec, _, low, high = ENCODERS[random.choice(len(ENCODERS), p=[e[1] for e in ENCODERS])]
    return codec, int(random.integers(low, high + 1)), str(random.choice(["veryfast", "fast", "medium"]))


def panned(picture: np.ndarray, side: int, kind: int, random: np.random.Generator) -> np.ndarray:
    """uint8 [4,144,144,3]: a window that moves over the picture, resized to `side`, by up to two pixels a frame."""
    big = cv2.resize(picture, (side, side), interpolation=kind)
    speed = random.integers(-2, 3, 2)
    y, x = (int(random.integers(max(0, -3 * s), side - WINDOW - max(0, 3 * s) + 1)) for s in speed)
    return np.stack([big[y + t * speed[0] :, x + t * speed[1] :][:WINDOW, :WINDOW] for t in range(FRAMES)])


def encoded(genuine: np.ndarray, made: np.ndarray, looks: int, random: np.random.Generator) -> dict:
    half = ACROSS * DOWN // 2
    kept = {"genuine": [], "made": [], "scale": [], "quality": [], "codec": []}
    count = min(len(genuine), len(made)) * looks // half
    orders = [np.concatenate([random.permutation(len(s)) for _ in range(looks)]) for s in (genuine, made)]
    for number in range(count):
        scale = float(np.exp(random.uniform(*np.log(SCALES))))
        kind = cv2.INTER_AREA if scale < 0.8 else int(random.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC]))
        rows = [s[o[number * half : (number + 1) * half]] for s, o in zip((genuine, made), orders)]
        cells = np.stack([panned(p, round(SIDE * scale), kind, random) for pair in zip(*rows) for p in pair])
        grid = cells.reshape(DOWN, ACROSS, FRAMES, WINDOW, WINDOW, 3).transpose(2, 0, 3, 1, 4, 5)
        codec, quality, preset = drawn_encoder(random)
        frames = encode(np.ascontiguousarray(grid.reshape(FRAMES, DOWN * WINDOW, ACROSS * WINDOW, 3)), codec, quality, preset, 1.0)
        frame = frames[random.choice([0, len(frames) - 1])]
        found = frame.reshape(DOWN, WINDOW, ACROSS, WINDOW, 3).transpose(0, 2, 1, 3, 4).reshape(half, 2, WINDOW, WINDOW, 3)
        kept["genuine"].append(found[:, 0])
        kept["made"].append(found[:, 1])
        for name, value in (("scale", scale), ("quality", quality), ("codec", codec)):
            kept[name].append(np.full(half, value))
    return {key: np.concatenate(value) for key, value in kept.items()}


def others(data: str, labels: str, split: str, random: np.random.Generator) -> dict:
    found = {}
    for name, prefix, side in (("utkface", "faces-real/utkface", 200), ("web", "faces-real/web-faces", 128)):
        paths = random.permutation(listed(labels, split, prefix))[:OTHERS]
        pictures = [p for p in (read(data, path) for path in paths) if min(p.shape[:2]) >= side]
        at = [[random.integers(0, s - side + 1) for s in p.shape[:2]] for p in pictures]
        found[name] = np.stack([p[y : y + side, x : x + side] for p, (y, x) in zip(pictures, at)])
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--labels", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    folder = os.path.join(options.out, "heads")
    os.makedirs(folder, exist_ok=True)
    for split, looks in LOOKS.items():
        path = os.path.join(folder, f"{split}-others.npz")
        if not os.path.exists(path):
            np.savez(path, **others(options.data, options.labels, split, np.random.default_rng(19)))
        if os.path.exists(os.path.join(folder, f"{split}-video.npz")):
            continue
        sets = [np.stack([read(options.data, p) for p in listed(options.labels, split, prefix)]) for prefix in (FFHQ, GENERATED)]
        np.savez(os.path.join(folder, f"{split}.npz"), genuine=sets[0], made=sets[1])
        video = encoded(*sets, looks, np.random.default_rng(17))
        np.savez(os.path.join(folder, f"{split}-video.npz"), **video)
        print(f"{split}: {len(sets[0])} genuine and {len(sets[1])} generated heads, {len(video['scale'])} encoded of each", flush=True)


if __name__ == "__main__":
    main()
