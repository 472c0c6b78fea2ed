"""Genuine and generated picture tiles of 128 x 128, cut the same way for both classes."""
import os
import sys

import cv2
import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "common"))
from splits import splits  # noqa: E402

TILE = 128
FFHQ = "faces-labelled/stylegan-vs-ffhq/real"
GENUINE = ("faces-real/utkface", "faces-real/web-faces", FFHQ)
GENERATED = "faces-labelled/stylegan-vs-ffhq/fake"


def listed(labels: str, split: str, prefix: str) -> np.ndarray:
    """Paths of one set and split; labels: faces.npz of label_faces.py."""
    found = np.load(labels)
    paths = found["paths"].astype(str)
    return paths[(splits(found) == split) & np.char.startswith(paths, prefix) & np.isfinite(found["score"])]


def read(data: str, path: str) -> np.ndarray:
    """uint8 [h,w,3] RGB."""
    return cv2.cvtColor(cv2.imread(os.path.join(data, path)), cv2.COLOR_BGR2RGB)


def tile(picture: np.ndarray, random: np.random.Generator, least: float = 0.5) -> np.ndarray:
    """A tile from a picture shrunk by a random factor, which blurs the block grid of the file's own compression."""
    h, w = picture.shape[:2]
    smallest = (TILE + 1) / min(h, w)
    factor = random.uniform(max(smallest, least), max(smallest, 0.95)) if smallest < 0.95 else smallest
    size = (max(TILE, round(w * factor)), max(TILE, round(h * factor)))
    kind = cv2.INTER_AREA if factor < 0.8 or random.random() < 0.5 else cv2.INTER_LINEAR
    small = cv2.resize(picture, size, interpolation=kind if factor < 1 else cv2.INTER_CUBIC)
    y, x = random.integers(0, small.shape[0] - TILE + 1), random.integers(0, small.shape[1] - TILE + 1)
    return small[y : y + TILE, x : x + TILE]


def tiles(data: str, paths: np.ndarray, count: int, random: np.random.Generator) -> np.ndarray:
    """count tiles of the pictures in random order, each used about equally often: uint8 [count,128,128,3]."""
    order = np.concatenate([random.permutation(len(paths)) for _ in range(-(-count // len(paths)))])[:count]
    return np.stack([tile(read(data, paths[i]), random) for i in order])


def genuine_tiles(data: str, labels: str, split: str, count: int, seed: int) -> np.ndarray:
    """A third each of the three genuine sets, shuffled."""
    random = np.random.default_rng(seed)
    share = [tiles(data, listed(labels, split, prefix), count // 3, random) for prefix in GENUINE]
    return random.permutation(np.concatenate(share))
