"""Composes the scenes on which detectors are measured: pictures of the test split on backgrounds of other kinds than in training.

    /usr/bin/python3 scripts/train/face-detector/make_measure_set.py --data ../shared/data --out .cache/train/face-detector/measure

Writes scene-NNN.jpg, empty-NNN.jpg (640 x 360) and scenes.json: per scene file, faces [n][14] (x, y, w, h, five x, y), ignore
[m][4] and the kind of background.
"""
import argparse
import glob
import json
import os

import cv2
import numpy as np

from backgrounds import fresh_part
from compose import Scene, degrade, full, overlap, overlay, paste, through_h264
from pictures import Pictures

WIDTH, HEIGHT = 640, 360
SCENES, FILLED, EMPTY, SEED = 320, 80, 320, 71
# Pictures of the vector sets that show people or a drawn face.
WITH_FACES = ("q0746", "logo")


def photographs(data: str) -> list[np.ndarray]:
    """Face-free photographs and video frames that no training scene uses, RGB."""
    found = []
    for path in sorted(glob.glob(os.path.join(data, "vectors/pdq/**/*.*"), recursive=True)):
        if path.endswith((".jpg", ".png")) and not any(w in path for w in WITH_FACES):
            found.append(cv2.imread(path)[:, :, ::-1])
    for path in sorted(glob.glob(os.path.join(data, "vectors/vpdq/*.mp4"))):
        if any(w in path for w in WITH_FACES):
            continue
        video = cv2.VideoCapture(path)
        length = int(video.get(cv2.CAP_PROP_FRAME_COUNT))
        for k in range(6):
            video.set(cv2.CAP_PROP_POS_FRAMES, length * k // 6)
            ok, image = video.read()
            if ok:
                found.append(image[:, :, ::-1])
    return found


def cropped(rng, image: np.ndarray) -> np.ndarray:
    h, w = image.shape[:2]
    share = rng.uniform(0.4, 1)
    ch = int(min(h, w * HEIGHT / WIDTH) * share)
    cw = int(ch * WIDTH / HEIGHT)
    y, x = rng.integers(0, h - ch + 1), rng.integers(0, w - cw + 1)
    part = image[y:y + ch, x:x + cw]
    return cv2.resize(part[:, ::-1] if rng.random() < 0.5 else part, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA if cw > WIDTH else cv2.INTER_CUBIC)


def drawn(rng) -> np.ndarray:
    """Checks, cells around random points, rings, and pages of writing: none of them is in training."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    kind = rng.integers(4)
    a, b = rng.integers(0, 256, 3), rng.integers(0, 256, 3)
    if kind == 0:
        n = int(rng.integers(6, 70))
        return np.where(((x // n + y // n) % 2 == 0)[..., None], a, b).astype(np.uint8)
    if kind == 1:
        seeds = rng.uniform(0, WIDTH, (int(rng.integers(10, 90)), 2))
        nearest = np.argmin((x[..., None] - seeds[:, 0]) ** 2 + (y[..., None] - seeds[:, 1]) ** 2, 2)
        return rng.integers(0, 256, (len(seeds), 3)).astype(np.uint8)[nearest]
    if kind == 2:
        r = np.hypot(x - rng.uniform(0, WIDTH), y - rng.uniform(0, HEIGHT))
        t = (np.sin(r / rng.uniform(2, 20))[..., None] + 1) / 2
        return (a * t + b * (1 - t)).astype(np.uint8)
    page = np.full((HEIGHT, WIDTH, 3), rng.integers(200, 256), np.uint8)
    step = int(rng.integers(10, 28))
    for line in range(step, HEIGHT, step):
        word = "".join(chr(c) for c in rng.integers(97, 123, 90)).replace("e", " ")
        cv2.putText(page, word, (int(rng.integers(4, 30)), line), cv2.FONT_HERSHEY_SIMPLEX, step / 34, (20, 20, 20), 1, cv2.LINE_AA)
    return page


def put_together(rng, pictures: Pictures) -> np.ndarray:
    """Parts of test pictures beside the face, in a grid."""
    n = int(rng.integers(2, 6))
    page = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    for j in range(n):
        for i in range(n):
            y0, y1, x0, x1 = j * HEIGHT // n, (j + 1) * HEIGHT // n, i * WIDTH // n, (i + 1) * WIDTH // n
            page[y0:y1, x0:x1] = cv2.resize(fresh_part(rng, pictures), (x1 - x0, y1 - y0), interpolation=cv2.INTER_AREA)
    return page


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--labels", default=".cache/train/faces.npz")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    os.makedirs(options.out, exist_ok=True)
    rng = np.random.default_rng(SEED)
    pictures, photos = Pictures(options.data, options.labels, "test"), photographs(options.data)

    def ground():
        kind = rng.random()
        if kind < 0.5:
            return "photograph", cropped(rng, photos[rng.integers(len(photos))])
        return ("drawn", drawn(rng)) if kind < 0.7 else ("parts", put_together(rng, pictures))

    scenes: list[tuple[str, Scene, str]] = []
    for i in range(SCENES):
        kind, image = ground()
        scene, taken = Scene(image), []
        for _ in range(int(rng.integers(1, 8))):
            size = float(np.exp(rng.uniform(np.log(25), np.log(300))))
            at = rng.uniform([0.45 * size, 0.6 * size], [max(0.46 * size, WIDTH - 0.45 * size), max(0.61 * size, HEIGHT - 0.6 * size)])
            box = np.array([at[0] - size / 2, at[1] - 0.65 * size, size, 1.3 * size])
            if all(overlap(box, b) < 0.05 for b in taken) and paste(rng, scene, pictures, size, at, wide=0.75) is not None:
                taken.append(box)
        scenes.append((f"scene-{i:03}.jpg", scene, kind))
    for i in range(SCENES, SCENES + FILLED):
        scenes.append((f"scene-{i:03}.jpg", full(rng, pictures, WIDTH, HEIGHT), "filled"))
    for i in range(EMPTY):
        kind, image = ground()
        scenes.append((f"empty-{i:03}.jpg", Scene(image), kind))
    for _, scene, _ in scenes:
        if rng.random() < 0.25:
            overlay(rng, scene)
        scene.image = degrade(rng, scene.image)
    # A quarter passes through H.264.
    chosen = [s for k, (_, s, _) in enumerate(scenes) if k % 4 == 0]
    for scene, image in zip(chosen, through_h264(np.stack([s.image for s in chosen]), 33)):
        scene.image = image
    table = []
    for name, scene, kind in scenes:
        cv2.imwrite(os.path.join(options.out, name), scene.image[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
        table.append({"file": name, "kind": kind, "faces": [np.round(f, 2).tolist() for f in map(np.float64, scene.faces)],
                      "ignore": [np.round(g, 2).tolist() for g in map(np.float64, scene.ignore)]})
    with open(os.path.join(options.out, "scenes.json"), "w") as file:
        json.dump(table, file)
    print(f"{len(table)} pictures, {sum(len(t['faces']) for t in table)} faces")


if __name__ == "__main__":
    main()
