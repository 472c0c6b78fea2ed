"""Makes short clips of some thousand persons, for evaluation and calibration, never for training: independent trials by the hundred.

    python3 scripts/train/face-manipulation/make_person_clips.py --data DATA --cache .cache/train --out .cache/evaluate/persons

Every test-split picture of a face becomes one clip of 2 s (the picture drifting and breathing by fractions of a pixel, camera
noise, a real encoder at a rate drawn at random); half of them as they are, half altered, so that every person stands in the set
once. Alterations: swaps and mouth edits by the makers of make_swap_videos.py (`whole`, `inner`, `poisson`, `mouth`), the picture
re-made as a whole by small generators of builds that never train (`re-made`), and StyleGAN's test-split faces (`StyleGAN`).

Writes {genuine,manipulated}/*.mp4 and manifest.tsv: path, label, source (kind or collection), group (person), method.
"""
import argparse
import os
import subprocess
import sys

import cv2
import numpy as np
import torch
from scipy.spatial import Delaunay

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "common"))
sys.path.append(os.path.join(HERE, "..", "synthetic-image"))
import generators  # noqa: E402
from make_swap_videos import fill, limited, matched, warp, with_rim  # noqa: E402
from splits import splits  # noqa: E402

FRAMES, RATE = 27, 12.5
METHODS = {"whole": 0.27, "inner": 0.27, "poisson": 0.16, "mouth": 0.16, "re-made": 0.14}
SIDES = (224, 256, 320, 384)
HELD_OUT = ("patch8", "haar4", "auto8-bilinear-noise")
"""Of generators.held_out_kinds(): neither this network nor synthetic-image is trained on them."""
ENCODERS = (("libx264", 18, 30, 0.75), ("libx265", 20, 32, 0.25))


def swapped(image: np.ndarray, points: np.ndarray, donor: np.ndarray, donor_points: np.ndarray, method: str, size: int) -> np.ndarray:
    """As make_swap_videos.alter, of one picture."""
    full, p = with_rim(donor_points), with_rim(points)
    unit = np.linalg.norm(p[36:42].mean(0) - p[42:48].mean(0))
    below = image.astype(np.float32)
    above = warp(donor, full, p, Delaunay(full).simplices, image.shape).astype(np.float32)
    if method == "mouth":
        mask = fill((p[48:60] - p[48:60].mean(0)) * 1.5 + p[48:60].mean(0), image.shape)
    else:
        mask = fill(p[:68] if method == "poisson" else p, image.shape)
    if mask.sum() < 50:
        return image
    above = limited(matched(above, below, mask, {}), unit * 2.2, size)
    if method == "poisson":
        binary = (cv2.erode(mask, np.ones((3, 3))) > 0.5).astype(np.uint8) * 255
        binary[:3], binary[-3:], binary[:, :3], binary[:, -3:] = 0, 0, 0, 0
        x, y, w, h = cv2.boundingRect(binary)
        return cv2.seamlessClone(above.astype(np.uint8), image, binary, (x + w // 2, y + h // 2), cv2.NORMAL_CLONE)
    shrink = max(1, int(unit * 0.1))
    soft = cv2.GaussianBlur(cv2.erode(mask, np.ones((shrink, shrink))), (0, 0), unit * (0.09 if method == "mouth" else 0.07))
    if method == "inner":
        soft = soft * (1 - cv2.GaussianBlur(fill(p[60:68], image.shape), (0, 0), max(0.8, unit * 0.03)))
    return np.clip(below + soft[..., None] * (above - below), 0, 255).round().astype(np.uint8)


def remade(image: np.ndarray, net: torch.nn.Module, rng: np.random.Generator) -> np.ndarray:
    """The whole picture through a small generator, coarse structure and colours kept, as synthetic-image's augment.composed does."""
    h, w = image.shape[:2]
    side = int(rng.choice([128, 160, 192]))
    small = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA)
    made = generators.remake(net, small[None, ..., ::-1].copy(), int(rng.integers(2**31)))[0][..., ::-1].astype(np.float32)
    sigma = float(rng.uniform(2, 5))
    done = cv2.GaussianBlur(small.astype(np.float32), (0, 0), sigma) + made - cv2.GaussianBlur(made, (0, 0), sigma)
    return np.clip(cv2.resize(done, (w, h), interpolation=cv2.INTER_CUBIC), 0, 255).astype(np.uint8)


def clip(image: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, list[str]]:
    """uint8 [27,side,side,3] BGR, and how to encode it."""
    side = int(rng.choice(SIDES))
    h, w = image.shape[:2]
    scale = side / min(h, w)
    # A small picture is not blown up beyond twice its size.
    scale = min(scale, 2.0)
    side = max(128, int(min(h, w) * scale) // 2 * 2)
    base = cv2.resize(image, (round(w * scale), round(h * scale)), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    base = base[: base.shape[0] // 2 * 2, : base.shape[1] // 2 * 2]
    hh, ww = base.shape[:2]
    speed, breath, phase = rng.standard_normal(2) * rng.choice([0.02, 0.1, 0.3]), rng.uniform(0, 0.01), rng.uniform(0, 6)
    grain = rng.standard_normal((hh + 16, ww + 16, 3), np.float32) * float(rng.uniform(0, 3))
    frames = []
    for t in range(FRAMES):
        zoom = 1.02 + breath * np.sin(t / 5 + phase)
        x, y = speed * (t - FRAMES / 2) + rng.standard_normal(2) * 0.1
        matrix = np.float64([[zoom, 0, ww / 2 * (1 - zoom) + x], [0, zoom, hh / 2 * (1 - zoom) + y]])
        frame = cv2.warpAffine(base, matrix, (ww, hh), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
        dy, dx = rng.integers(0, 17, 2)
        frames.append(np.clip(frame + grain[dy : dy + hh, dx : dx + ww], 0, 255).astype(np.uint8))
    name, low, high, _ = ENCODERS[rng.choice(len(ENCODERS), p=[e[3] for e in ENCODERS])]
    extra = ["-x265-params", "log-level=none:pools=1:frame-threads=1", "-tag:v", "hvc1"] if name == "libx265" else []
    return np.stack(frames), ["-c:v", name, "-preset", "veryfast", "-crf", str(int(rng.integers(low, high + 1))), *extra]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--cache", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--most", type=int, default=10000, help="so many clips at most")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    labels = np.load(os.path.join(options.cache, "faces.npz"))
    paths = labels["paths"].astype(str)
    wide = np.linalg.norm(labels["five"][:, 1] - labels["five"][:, 0], axis=1)
    usable = np.flatnonzero((splits(labels) == "test") & (labels["score"] > 0.8) & (wide > 30))
    fakes = np.char.find(paths, "/fake/") >= 0
    order = np.random.default_rng(21).permutation(usable)[: options.most]
    donors = usable[~fakes[usable]]
    shape = (labels["points"] - labels["points"].mean(1, keepdims=True)) / wide[:, None, None]
    nets = [torch.load(os.path.join(options.cache, "face-manipulation", f"held-out-{name}.pt")) for name in HELD_OUT] \
        if os.path.exists(os.path.join(options.cache, "face-manipulation", f"held-out-{HELD_OUT[-1]}.pt")) else held_out(options)
    for label in ("genuine", "manipulated"):
        os.makedirs(os.path.join(options.out, label), exist_ok=True)
    rows = ["path\tlabel\tsource\tgroup\tmethod"]
    for number, index in enumerate(order):
        rng = np.random.default_rng([22, int(index)])
        image = cv2.imread(os.path.join(options.data, paths[index]))
        collection = paths[index].split("/")[1]
        method = "StyleGAN" if fakes[index] else "-" if rng.random() < 0.55 else str(rng.choice(list(METHODS), p=list(METHODS.values())))
        if method == "re-made":
            image = remade(image, nets[rng.integers(len(nets))], rng)
        elif method in METHODS:
            others = rng.choice(donors, 40)
            others = others[others != index]
            donor = others[np.argsort(((shape[others] - shape[index]) ** 2).sum((1, 2)))[rng.integers(3)]]
            image = swapped(image, labels["points"][index].astype(np.float64), cv2.imread(os.path.join(options.data, paths[donor])),
                            labels["points"][donor].astype(np.float64), method, int(rng.choice([64, 96, 128, 256])))
        frames, how = clip(image, rng)
        label = "genuine" if method == "-" else "manipulated"
        name = f"{label}/{number:04d}.mp4"
        subprocess.run(["ffmpeg", "-loglevel", "error", "-nostdin", "-y", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{frames.shape[2]}x{frames.shape[1]}",
                        "-r", str(RATE), "-i", "-", "-threads", "1", "-pix_fmt", "yuv420p", *how, os.path.join(options.out, name)],
                       input=frames.tobytes(), check=True)
        source = collection if label == "genuine" else method
        rows.append(f"{name}\t{label}\t{source}\t{paths[index]}\t{method}")
        if (number + 1) % 50 == 0:
            print(number + 1, flush=True)
            with open(os.path.join(options.out, "manifest.tsv"), "w") as file:
                file.write("\n".join(rows) + "\n")
    with open(os.path.join(options.out, "manifest.tsv"), "w") as file:
        file.write("\n".join(rows) + "\n")


def held_out(options) -> list[torch.nn.Module]:
    """Trains them, on training-split pictures."""
    from pictures import genuine_tiles
    tiles = genuine_tiles(options.data, os.path.join(options.cache, "faces.npz"), "train", 900, 3)
    kinds = {k.name: k for k in generators.held_out_kinds()}
    nets = []
    for number, name in enumerate(HELD_OUT):
        nets.append(generators.train(kinds[name], tiles, 300 + number))
        torch.save(nets[-1], os.path.join(options.cache, "face-manipulation", f"held-out-{name}.pt"))
    return nets


if __name__ == "__main__":
    main()
