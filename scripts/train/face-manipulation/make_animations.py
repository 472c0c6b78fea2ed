"""Makes talking heads from single photographs, for evaluation and calibration, never for training.

    python3 scripts/train/face-manipulation/make_animations.py --data DATA --cache .cache/train --out .cache/evaluate/animations

Every portrait (test-split pictures of FFHQ and web photographs, each of another person) gives one clip of 6 s at 25 frames a second,
256 pixels square. It follows a genuine development video: the portrait's 68 points move as those of the driver do, relative to the
moment at which its mouth is closed (Siarohin et al., "First order motion model", NeurIPS 2019), a thin-plate spline carries the
picture along, and what an opened mouth shows is taken from the driver, softened, as a decoder invents it. Two thirds then go through a
generator's up-sampling, the same in every frame (face-manipulation/regenerate.py). x264 at CRF 20 to 28. A real animator does each of
these with a trained network; two of them, EDTalk and DreamTalk, are among the development videos. Beside them stand the drivers
themselves at CRF 23: the same motion before a camera.

Writes {genuine,manipulated}/*.mp4 and manifest.tsv: path, label, source, group (the portrait).
"""
import argparse
import os
import sys

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter1d

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "common"))
from make_swap_videos import fill, landmarks, read, unseen, write  # noqa: E402
from manipulations import MOUTH, reinhard, thin_plate  # noqa: E402
from regenerate import Decoders, chain  # noqa: E402
from teachers import Pfld, Yunet  # noqa: E402

LENGTH, SIDE, PORTRAITS = 150, 256, 24
SMOOTH = 1.5
"""Frames: the points that drive an animator are steadier than a landmark net's."""
INNER = slice(60, 68)
SHORTEST = 75
"""Frames of a driver; those shorter than LENGTH are played forth and back."""


def drivers(data: str) -> list[str]:
    """The genuine videos, one of each person where the names tell."""
    found = {}
    for group in ("EDTalk", "HDTF", "MEAD", "VoxCeleb2"):
        folder = os.path.join(data, "video", group)
        for name in sorted(os.listdir(folder)):
            if name.startswith("real-"):
                person = name.split("-")[2].split("_")[0] if group == "MEAD" else name
                found.setdefault(f"{group} {person}", os.path.join(folder, name))
    return list(found.values())


def opened(points: np.ndarray) -> np.ndarray:
    """How far the lips are apart, in widths of the mouth: [n]."""
    return np.linalg.norm(points[:, 62] - points[:, 66], axis=1) / np.linalg.norm(points[:, 48] - points[:, 54], axis=1)


def animate(portrait: np.ndarray, points: np.ndarray, frames: list[np.ndarray], driving: np.ndarray, made) -> list[np.ndarray]:
    """portrait: uint8 [256,256,3]; points: [68,2]; driving: [n,68,2]. `made`: what a generator makes of a frame."""
    rest = driving[int(np.argmin(opened(driving)))]
    scale = np.linalg.norm(points[45] - points[36]) / np.linalg.norm(rest[45] - rest[36])
    edge = SIDE - 1
    frame = np.float64([[x, y] for x in (0, edge / 2, edge) for y in (0, edge / 2, edge) if (x, y) != (edge / 2, edge / 2)])
    out = []
    for picture, now in zip(frames, driving):
        # A head that turns far has no source for its other side; animators are driven within what the portrait bears.
        shift = (now - rest) * scale
        goal = points + shift - 0.5 * shift.mean(0)
        where = thin_plate(np.vstack([points, frame]), np.vstack([goal, frame]), portrait.shape)
        moved = cv2.remap(portrait, where, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT).astype(np.float32)
        wider = opened(goal[None])[0] - opened(points[None])[0]
        if wider > 0.06:
            turn, _ = cv2.estimateAffinePartial2D(now[MOUTH].astype(np.float32), goal[MOUTH].astype(np.float32))
            if turn is not None:
                inside = cv2.GaussianBlur(cv2.warpAffine(picture, turn, (SIDE, SIDE), flags=cv2.INTER_LINEAR), (0, 0), 1.2).astype(np.float32)
                mask = cv2.GaussianBlur(fill(goal[INNER], moved.shape), (0, 0), 1.0) * min(1, (wider - 0.06) / 0.06)
                inside = reinhard(inside, moved, cv2.dilate(fill(goal[MOUTH], moved.shape), np.ones((5, 5))), 0.5)
                moved += mask[..., None] * (inside - moved)
        out.append(np.clip(made(moved), 0, 255).round().astype(np.uint8))
    return out


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("data", "cache", "out"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    rng = np.random.default_rng(31)
    labels = np.load(os.path.join(options.cache, "faces.npz"))
    paths = labels["paths"].astype(str)
    wide = np.linalg.norm(labels["five"][:, 1] - labels["five"][:, 0], axis=1)
    turned = np.abs(labels["five"][:, 2, 0] - labels["five"][:, :2, 0].mean(1)) / np.maximum(wide, 1)
    portraits = rng.permutation(np.flatnonzero(unseen(labels) & (turned < 0.12)))
    yunet, pfld = Yunet(options.data), Pfld(options.data)
    decoders = Decoders(os.path.join(options.cache, "face-manipulation", "decoders.npz"))
    driven = []
    for path in drivers(options.data):
        frames = read(path, LENGTH)
        points = landmarks(frames, yunet, pfld) if len(frames) >= SHORTEST else None
        if points is not None:
            there = np.arange(LENGTH) % (2 * len(frames) - 2)
            there = np.minimum(there, 2 * len(frames) - 2 - there)
            driven.append(([frames[i] for i in there], gaussian_filter1d(points, SMOOTH, axis=0)[there], path))
    for label in ("genuine", "manipulated"):
        os.makedirs(os.path.join(options.out, label), exist_ok=True)
    rows = ["path\tlabel\tsource\tgroup"]
    for number, (frames, _, path) in enumerate(driven):
        name = f"genuine/{number:03d}.mp4"
        write(os.path.join(options.out, name), [cv2.resize(f, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for f in frames], 23)
        source = os.path.relpath(path, options.data)
        rows.append(f"{name}\tgenuine\t{source}\t{source}")
    for number, index in enumerate(portraits[:PORTRAITS]):
        picture = cv2.imread(os.path.join(options.data, paths[index]))
        h, w = picture.shape[:2]
        points = labels["points"][index].astype(np.float64) * [SIDE / w, SIDE / h]
        picture = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        frames, driving, driver = driven[number % len(driven)]
        seed = int(rng.integers(2**31))

        def made(image: np.ndarray) -> np.ndarray:
            # One generator makes all frames of a clip.
            same = np.random.default_rng(seed)
            return (image, chain(image, same, 1), decoders.patches(image, same))[number % 3]

        name = f"manipulated/{number:03d}.mp4"
        write(os.path.join(options.out, name), animate(picture, points, frames, driving, made), int(rng.integers(20, 29)))
        rows.append(f"{name}\tmanipulated\town animator\t{paths[index]}")
        print(f"{name} {paths[index]} as {os.path.basename(driver)}", flush=True)
    with open(os.path.join(options.out, "manifest.tsv"), "w") as file:
        file.write("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
