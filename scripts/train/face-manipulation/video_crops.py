"""Aligned crops from videos, two a second, with the teachers' landmarks; kept beside the videos' list for later runs."""
import os

import cv2
import numpy as np
from align import cut_face
from scene import CONTEXT, CROP
from teachers import CANVAS, Yunet

RATE, MOST = 2, 12
"""Frames a second, as the application looks, and the most per video."""
LEAST = 48
"""Shorter side of the box, pixels, as in the application."""


def frames_of(path: str) -> list[np.ndarray]:
    """Every half second, shrunk to fit 1280 x 720 where larger."""
    video, frames = cv2.VideoCapture(path), []
    rate = video.get(cv2.CAP_PROP_FPS) or 25
    index, wanted = 0, 0.0
    while len(frames) < MOST and video.grab():
        if index >= wanted:
            ok, frame = video.retrieve()
            if not ok:
                break
            h, w = frame.shape[:2]
            shrink = min(1, 1280 / w, 720 / h)
            frames.append(frame if shrink == 1 else cv2.resize(frame, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA))
            wanted += rate / RATE
        index += 1
    return frames


def crops_of(path: str, yunet: Yunet) -> np.ndarray:
    """uint8 [n,128,128,3] RGB of the largest face of each frame."""
    crops = []
    frames = frames_of(path)
    half = CANVAS // 2
    for start in range(0, len(frames), 4):
        canvas = np.zeros((CANVAS, CANVAS, 3), np.uint8)
        four = frames[start : start + 4]
        for k, frame in enumerate(four):
            scale = half / max(frame.shape[:2])
            small = cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)[:half, :half]
            canvas[k // 2 * half : k // 2 * half + small.shape[0], k % 2 * half : k % 2 * half + small.shape[1]] = small
        found = yunet(canvas)
        middle = found[:, :2] + found[:, 2:4] / 2
        cell = (middle[:, 1] // half).astype(int) * 2 + (middle[:, 0] // half).astype(int)
        for k, frame in enumerate(four):
            mine = found[cell == k]
            if not len(mine):
                continue
            scale = half / max(frame.shape[:2])
            face = mine[np.argmax(mine[:, 2] * mine[:, 3])]
            if min(face[2:4]) / scale < LEAST:
                continue
            five = (face[4:14].reshape(5, 2) - [k % 2 * half, k // 2 * half]) / scale
            crops.append(cut_face(frame, five, CROP, CONTEXT)[..., ::-1])
    return np.array(crops, np.uint8).reshape(-1, CROP, CROP, 3)


def all_crops(paths: list[str], data: str, kept: str) -> dict[str, np.ndarray]:
    """Crops by path; `kept` is an .npz that is written on the first run and read afterwards."""
    if os.path.exists(kept):
        stored = np.load(kept)
        if set(stored.files) >= set(paths):
            return {p: stored[p] for p in paths}
    yunet = Yunet(data)
    made = {p: crops_of(p, yunet) for p in paths}
    np.savez(kept, **made)
    return made
