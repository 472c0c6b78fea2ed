"""Frames of the development videos that may be trained on (trained-on.tsv), with the teachers' points, as make.py wants them.

    python3 scripts/train/face-manipulation/video_faces.py --data DATA --cache .cache/train

Writes .cache/train/face-manipulation/frames/*.png (the head with what surrounds it, at its own size) and frames.npz: paths,
five [n,5,2], points [n,68,2], manipulated [n], person [n].
"""
import argparse
import os
import sys

import cv2
import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "common"))
from teachers import CANVAS, Pfld, Yunet  # noqa: E402
from trained_on import trained_on  # noqa: E402

PER_VIDEO, REACH = 40, 2.6
"""Frames of a video, evenly over its length; side of what is kept, in heights of the face's box."""


def faces_of(path: str, yunet: Yunet, pfld: Pfld) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """(picture, five, points) of the largest face of each chosen frame."""
    video = cv2.VideoCapture(path)
    total = int(video.get(cv2.CAP_PROP_FRAME_COUNT))
    wanted = set(np.linspace(0, total - 1, min(PER_VIDEO, total)).astype(int).tolist())
    found = []
    for index in range(total):
        if not video.grab():
            break
        if index not in wanted:
            continue
        ok, frame = video.retrieve()
        if not ok:
            break
        h, w = frame.shape[:2]
        scale = CANVAS / 2 / max(h, w)
        canvas = np.zeros((CANVAS, CANVAS, 3), np.uint8)
        small = cv2.resize(frame, (round(w * scale), round(h * scale)), interpolation=cv2.INTER_AREA)
        canvas[: small.shape[0], : small.shape[1]] = small
        rows = yunet(canvas)
        if not len(rows):
            continue
        face = rows[np.argmax(rows[:, 2] * rows[:, 3])].copy()
        face[:14] /= scale
        x, y, fw, fh = face[:4]
        points = pfld(frame, face)
        reach = REACH * fh / 2
        left, top = max(0, int(x + fw / 2 - reach)), max(0, int(y + fh / 2 - reach))
        cut = frame[top : int(y + fh / 2 + reach), left : int(x + fw / 2 + reach)]
        found.append((cut, face[4:14].reshape(5, 2) - [left, top], points - [left, top]))
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--cache", default=".cache/train")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    folder = os.path.join(options.cache, "face-manipulation")
    os.makedirs(os.path.join(folder, "frames"), exist_ok=True)
    yunet, pfld = Yunet(options.data), Pfld(options.data)
    paths, five, points, manipulated, person = [], [], [], [], []
    for number, (path, (label, who)) in enumerate(trained_on().items()):
        for k, (picture, eyes, outline) in enumerate(faces_of(os.path.join(options.data, path), yunet, pfld)):
            name = os.path.join(folder, "frames", f"{number:02d}-{k:02d}.png")
            cv2.imwrite(name, picture)
            paths.append(os.path.abspath(name))
            five.append(eyes)
            points.append(outline)
            manipulated.append(label)
            person.append(who)
    np.savez(os.path.join(folder, "frames.npz"), paths=np.array(paths), five=np.array(five), points=np.array(points),
             manipulated=np.array(manipulated), person=np.array(person))
    print(f"{len(paths)} frames of {len(set(person))} persons")


if __name__ == "__main__":
    main()
