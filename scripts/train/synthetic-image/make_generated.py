"""Trains every generator kind and keeps pairs of genuine and re-made tiles, and short clips of both.

    python3 scripts/train/synthetic-image/make_generated.py --data DATA --labels FACES.npz --out CACHE

Writes CACHE/pairs/<kind>.npz: genuine, made uint8 [n,128,128,3]; moving, moving_made uint8 [m,4,112,112,3]: four
frames of a window that moves by whole pixels, each frame re-made by itself, as a generator makes each frame anew.
"""
import argparse
import os
import time

import cv2
import numpy as np
import torch
from generators import held_out_kinds, remake, train, training_kinds
from pictures import genuine_tiles

WINDOW, FRAMES = 112, 4
STILLS, CLIPS = 320, 80


def moving(tile: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """uint8 [4,112,112,3]: a window over the tile at a constant speed of up to 4 pixels a frame."""
    speed = random.integers(-4, 5, 2)
    start = [random.integers(max(0, -3 * s), min(16, 16 - 3 * s) + 1) for s in speed]
    at = [np.array(start) + i * speed for i in range(FRAMES)]
    return np.stack([tile[y : y + WINDOW, x : x + WINDOW] for y, x in at])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--labels", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    folder = os.path.join(options.out, "pairs")
    os.makedirs(folder, exist_ok=True)
    pools = {split: genuine_tiles(options.data, options.labels, split, count, seed)
             for split, count, seed in (("train", 4500, 1), ("val", 900, 2))}
    todo = [("train", k) for k in training_kinds()] + [("val", k) for k in held_out_kinds()]
    for number, (split, kind) in enumerate(todo):
        path = os.path.join(folder, f"{split}-{kind.name}.npz")
        if os.path.exists(path):
            continue
        began = time.process_time()
        # A held-out generator may learn from training pictures; what it re-makes for validation are others.
        net = train(kind, pools["train"], 100 + number)
        trained = time.process_time() - began
        random = np.random.default_rng(200 + number)
        pool = pools[split]
        stills, count = (STILLS, CLIPS) if number < 6 else (STILLS * 5 // 8, CLIPS * 5 // 8)
        genuine = pool[random.permutation(len(pool))[:stills]]
        clips = np.stack([moving(t, random) for t in pool[random.permutation(len(pool))[:count]]])
        made = remake(net, genuine, number)
        moved = remake(net, clips.reshape(-1, WINDOW, WINDOW, 3), number).reshape(clips.shape)
        np.savez(path, genuine=genuine, made=made, moving=clips, moving_made=moved)
        gap = np.abs(made.astype(int) - genuine).mean()
        print(f"{path}: trained {trained:.0f} s, made {time.process_time() - began - trained:.0f} s, mean difference {gap:.1f} grey levels", flush=True)


if __name__ == "__main__":
    main()
