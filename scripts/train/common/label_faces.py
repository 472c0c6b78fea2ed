"""Labels every training picture with its faces: box, five points, 68 points. Run once; the trainers read the result.

    python3 scripts/train/common/label_faces.py --data DATA --out .cache/train

Writes faces.npz: paths (relative to DATA), size [n,2] (w, h), box [n,4] (x, y, w, h), five [n,5,2], points [n,68,2],
score [n], and dhash [n] (64-bit difference hash, to group near-duplicates); one row per picture, the largest face, NaN
where none was found.
"""
import argparse
import glob
import os

import cv2
import numpy as np
from teachers import CANVAS, Pfld, Yunet

SETS = ("faces-real/utkface", "faces-real/web-faces", "faces-labelled/stylegan-vs-ffhq")
CELL, ACROSS = 213, 3


def dhash(image: np.ndarray) -> np.uint64:
    grey = cv2.resize(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), (9, 8), interpolation=cv2.INTER_AREA).astype(np.int16)
    bits = (grey[:, 1:] > grey[:, :-1]).reshape(-1)
    return np.uint64(int("".join("1" if b else "0" for b in bits), 2))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    cv2.setNumThreads(2)
    paths = sorted(
        p for s in SETS for p in glob.glob(os.path.join(options.data, s, "**", "*"), recursive=True)
        if p.lower().endswith((".jpg", ".jpeg", ".png"))
    )
    n = len(paths)
    size, box = np.full((n, 2), np.nan, np.float32), np.full((n, 4), np.nan, np.float32)
    five, points = np.full((n, 5, 2), np.nan, np.float32), np.full((n, 68, 2), np.nan, np.float32)
    score, hashes = np.full(n, np.nan, np.float32), np.zeros(n, np.uint64)
    yunet, pfld = Yunet(options.data), Pfld(options.data)
    for start in range(0, n, ACROSS * ACROSS):
        canvas = np.full((CANVAS, CANVAS, 3), 127, np.uint8)
        images, places = {}, {}
        for cell, index in enumerate(range(start, min(n, start + ACROSS * ACROSS))):
            image = cv2.imread(paths[index])
            if image is None:
                continue
            h, w = image.shape[:2]
            scale = 150 / max(h, w)
            small = cv2.resize(image, (round(w * scale), round(h * scale)), interpolation=cv2.INTER_AREA)
            x, y = cell % ACROSS * CELL + 30, cell // ACROSS * CELL + 30
            canvas[y : y + small.shape[0], x : x + small.shape[1]] = small
            images[index], places[index] = image, (x, y, scale, cell)
            size[index], hashes[index] = (w, h), dhash(image)
        found = yunet(canvas)
        middle = found[:, :2] + found[:, 2:4] / 2
        cells = (np.clip(middle[:, 1] // CELL, 0, 2) * ACROSS + np.clip(middle[:, 0] // CELL, 0, 2)).astype(int)
        for index, (x, y, scale, cell) in places.items():
            mine = found[cells == cell]
            if not len(mine):
                continue
            face = mine[np.argmax(mine[:, 2] * mine[:, 3])].copy()
            face[:14:2] -= x
            face[1:14:2] -= y
            face[2:4] += (x, y)
            face[:14] /= scale
            box[index], five[index], score[index] = face[:4], face[4:14].reshape(5, 2), face[14]
            points[index] = pfld(images[index], face)
    os.makedirs(options.out, exist_ok=True)
    np.savez_compressed(
        os.path.join(options.out, "faces.npz"),
        paths=np.array([os.path.relpath(p, options.data) for p in paths]),
        size=size, box=box, five=five, points=points, score=score, dhash=hashes,
    )
    print(f"{n} pictures, {int(np.isfinite(score).sum())} with a face")


if __name__ == "__main__":
    main()
