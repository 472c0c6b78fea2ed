"""Recall and point error on composed scenes of the validation split; the same 200 scenes every time."""
import os

import numpy as np
import torch

from compose import make_scene
from net import cells, decode, flatten
from pictures import Pictures

SCENES, OVERLAP, SEED = 200, 0.5, 11


def scenes(options):
    path = os.path.join(options.cache, "validation.npz")
    if not os.path.exists(path):
        rng = np.random.default_rng(SEED)
        pictures = Pictures(options.data, options.labels, "val")
        made = [make_scene(rng, pictures, 320, 192) for _ in range(SCENES)]
        np.savez_compressed(
            path, images=np.stack([s.image for s in made]),
            faces=np.array([f for s in made for f in s.faces], np.float32).reshape(-1, 14), face_of=np.array([i for i, s in enumerate(made) for _ in s.faces]),
            ignore=np.array([g for s in made for g in s.ignore], np.float32).reshape(-1, 4), ignore_of=np.array([i for i, s in enumerate(made) for _ in s.ignore]),
        )
    return np.load(path)


def overlaps(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """IoU of boxes x, y, w, h: [n,4] and [m,4] to [n,m]."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, :2] + a[:, None, 2:4], b[None, :, :2] + b[None, :, 2:4])
    inner = np.clip(high - low, 0, None).prod(2)
    return inner / (a[:, 2:4].prod(1)[:, None] + b[:, 2:4].prod(1)[None] - inner + 1e-9)


def suppress(found: np.ndarray, limit: float = 0.4) -> np.ndarray:
    """found [n,15]: score, x, y, w, h, points; greedy suppression of overlapping boxes."""
    found = found[np.argsort(-found[:, 0], kind="stable")][:300]
    kept: list = []
    table = overlaps(found[:, 1:5], found[:, 1:5])
    for i in range(len(found)):
        if all(table[i, j] <= limit for j in kept):
            kept.append(i)
    return found[kept]


@torch.no_grad()
def validate(model, options) -> tuple[float, float]:
    """Recall at 0.1 false detections per scene; mean point distance over the box's geometric mean side, of faces found."""
    data = scenes(options)
    middles, strides = cells(192, 320)
    hits, errors, faces = [], [], len(data["faces"])
    for start in range(0, SCENES, 20):
        images = torch.from_numpy(data["images"][start:start + 20]).permute(0, 3, 1, 2).float()
        out = decode(flatten(model(images.contiguous(memory_format=torch.channels_last))), middles, strides).numpy()
        for k, rows in enumerate(out):
            truth = data["faces"][data["face_of"] == start + k]
            ignore = data["ignore"][data["ignore_of"] == start + k]
            rows = rows[rows[:, 0] > -3].copy()
            rows[:, 1:3] -= rows[:, 3:5] / 2
            rows = suppress(rows)
            left = np.ones(len(truth), bool)
            for row in rows:
                table = overlaps(row[None, 1:5], truth)[0] * left if len(truth) else np.zeros(0)
                if len(table) and table.max() >= OVERLAP:
                    face = truth[table.argmax()]
                    left[table.argmax()] = False
                    hits.append((row[0], 1))
                    errors.append(np.hypot(*(row[5:] - face[4:]).reshape(5, 2).T).mean() / np.sqrt(face[2] * face[3]))
                elif not len(ignore) or overlaps(row[None, 1:5], ignore).max() < 0.3:
                    hits.append((row[0], 0))
    hits.sort(reverse=True)
    true = np.cumsum([h for _, h in hits])
    false = np.cumsum([1 - h for _, h in hits])
    allowed = true[false <= 0.1 * SCENES]
    return (float(allowed[-1]) if len(allowed) else 0.0) / faces, float(np.mean(errors)) if errors else float("nan")
