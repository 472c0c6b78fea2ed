"""Encodes the moving tiles of both classes in one mosaic with ffmpeg, so that both have the very same compression.

    python3 scripts/train/synthetic-image/make_clips.py --out CACHE

Writes CACHE/clips/<split>.npz: genuine, made uint8 [n,96,96,3] (the same content and place after the same encoding),
source [n] (number of the kind in `kinds`), quality [n] (CRF), codec [n].
"""
import argparse
import glob
import os
import subprocess

import numpy as np
from augment import MARGIN, composed

ACROSS, DOWN = 8, 6
FRAMES = 4
SIDE = 112
INSIDE = SIDE - 2 * MARGIN
#: Times that every clip is encoded, each time by another encoder or at another quality.
LOOKS = 2
#: How often each encoder is used, and its range of constant rate factors (mpeg4: quantiser).
ENCODERS = (("libx264", 0.6, 18, 38), ("libx265", 0.25, 20, 36), ("libvpx-vp9", 0.07, 24, 44), ("mpeg4", 0.08, 3, 12))


def encode(frames: np.ndarray, codec: str, quality: int, preset: str, scale: float) -> np.ndarray:
    """frames: uint8 [n,h,w,3]. Returns what comes back after yuv420p, the encoder and bicubic scaling before it."""
    n, h, w = frames.shape[:3]
    width, height = round(w * scale / 2) * 2, round(h * scale / 2) * 2
    rate = {"libx264": ["-crf", quality, "-preset", preset], "libx265": ["-crf", quality, "-preset", "veryfast", "-x265-params", "log-level=none:pools=1:frame-threads=1"],
            "libvpx-vp9": ["-crf", quality, "-b:v", "0", "-deadline", "realtime", "-cpu-used", "6"], "mpeg4": ["-q:v", quality]}[codec]
    command = ["ffmpeg", "-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{w}x{h}", "-r", "25", "-i", "-",
               "-vf", f"scale={width}:{height}:flags=bicubic", "-pix_fmt", "yuv420p", "-c:v", codec, *map(str, rate), "-threads", "1", "-f", "matroska", "-"]
    coded = subprocess.run(command, input=frames.tobytes(), stdout=subprocess.PIPE, check=True).stdout
    raw = subprocess.run(["ffmpeg", "-v", "error", "-threads", "1", "-i", "-", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
                         input=coded, stdout=subprocess.PIPE, check=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3)[:n]


def mosaic(clips: np.ndarray) -> np.ndarray:
    """uint8 [48,4,112,112,3] to [4,672,896,3]."""
    grid = clips.reshape(DOWN, ACROSS, FRAMES, SIDE, SIDE, 3).transpose(2, 0, 3, 1, 4, 5)
    return np.ascontiguousarray(grid.reshape(FRAMES, DOWN * SIDE, ACROSS * SIDE, 3))


def cells(frame: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A window of 96 x 96 of each of the 48 places of a decoded mosaic, away from their borders."""
    side = frame.shape[0] / DOWN
    margin = int(np.ceil(MARGIN * side / SIDE))
    found = []
    for cell in range(ACROSS * DOWN):
        dy, dx = random.integers(0, max(0, int(side) - 2 * margin - INSIDE) + 1, 2)
        y, x = int(cell // ACROSS * side) + margin + dy, int(cell % ACROSS * side) + margin + dx
        found.append(frame[y : y + INSIDE, x : x + INSIDE])
    return np.stack(found)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    os.makedirs(os.path.join(options.out, "clips"), exist_ok=True)
    for split in ("train", "val"):
        files = sorted(glob.glob(os.path.join(options.out, "pairs", f"{split}-*.npz")))
        kinds = [os.path.basename(f)[len(split) + 1 : -4] for f in files]
        random = np.random.default_rng(7)
        both, source = [], []
        for number, path in enumerate(files):
            pair = np.load(path)
            made = pair["moving_made"]
            made = np.stack([composed(g, m, random) for g, m in zip(pair["moving"], made)])
            both.append(np.stack([pair["moving"], made], 1))
            source += [number] * len(both[-1])
        both, source = np.concatenate(both), np.array(source)
        kept = {"genuine": [], "made": [], "source": [], "quality": [], "codec": []}
        half = ACROSS * DOWN // 2
        order = np.concatenate([random.permutation(len(both)) for _ in range(LOOKS)])
        for start in range(0, len(order) - half + 1, half):
            picks = order[start : start + half]
            names, shares = [e[0] for e in ENCODERS], [e[1] for e in ENCODERS]
            codec, _, low, high = ENCODERS[random.choice(len(names), p=shares)]
            quality = int(random.integers(low, high + 1))
            scale = float(random.choice([1, 1, 1, 1.25, 1.5, 2]))
            preset = str(random.choice(["veryfast", "fast", "medium"]))
            # Each genuine clip lies beside its re-made twin: what the encoder does to one it does to the other.
            grid = both[picks].reshape(-1, FRAMES, SIDE, SIDE, 3)
            frames = encode(mosaic(grid), codec, quality, preset, scale)
            state = random.integers(1 << 31)
            for at in (0, 3):
                cut = np.random.default_rng(state + at)
                found = cells(frames[at], cut).reshape(half, 2, INSIDE, INSIDE, 3)
                kept["genuine"].append(found[:, 0])
                kept["made"].append(found[:, 1])
                kept["source"].append(source[picks])
                kept["quality"].append(np.full(half, quality))
                kept["codec"].append(np.full(half, codec))
        arrays = {key: np.concatenate(value) for key, value in kept.items()}
        np.savez(os.path.join(options.out, "clips", f"{split}.npz"), kinds=np.array(kinds), **arrays)
        print(split, len(arrays["source"]), "pairs", flush=True)


if __name__ == "__main__":
    main()
