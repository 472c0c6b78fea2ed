"""Makes face-swap and mouth-edit videos for evaluation, never for training.

    python3 scripts/train/face-manipulation/make_swap_videos.py --data DATA --cache .cache/train --out .cache/evaluate/swaps

Each genuine development video that no network is trained on (trained-on.tsv) gives three clips of 4 s at 25 frames a second
through the same encoder (x264, CRF 23): as it is, and altered in two ways. The face comes from a test-split picture, so that no weight has seen it. The maker differs from
the training's on purpose: piecewise-affine warps instead of thin plates, colours matched in RGB, one mask per method.
Methods: `whole` (the face, mouth included), `inner` (the person's own open mouth stays), `poisson` (seamless clone) and
`mouth` (the same person's mouth from another moment, as lip-sync edits do).

Writes {genuine,manipulated}/*.mp4 and manifest.tsv: path, label, source, group (person), method.
"""
import argparse
import os
import subprocess
import sys

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.spatial import Delaunay

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "common"))
from splits import splits  # noqa: E402
from teachers import CANVAS, Pfld, Yunet  # noqa: E402
from trained_on import trained_on  # noqa: E402

LENGTH, RATE, CRF = 100, 25, 23
MEAD = (1, 4, 6, 9, 12, 14, 17, 20, 22)
METHODS = ("inner", "whole", "poisson", "inner", "mouth")
ROUNDS = 2
SMOOTH = 0.8
"""Frames; half of the landmark noise stays, as it does in swaps made for real."""
MOUTH_SHIFT = 37
"""Frames between a mouth and the moment that it is taken from."""


def sources(data: str) -> list[tuple[str, str]]:
    """(path, person) of the genuine videos."""
    root = os.path.join(data, "video")
    found, kept_out = [], trained_on()
    for group in ("EDTalk", "HDTF", "MEAD", "VoxCeleb2"):
        for name in sorted(os.listdir(os.path.join(root, group))):
            if not name.startswith("real-") or f"video/{group}/{name}" in kept_out:
                continue
            number = int(name.split("-")[1])
            if group == "MEAD" and number not in MEAD:
                continue
            person = name.split("-")[2].split("_")[0] if group == "MEAD" else name[8:-4]
            found.append((f"video/{group}/{name}", f"{group}-{person}"))
    return found


def read(path: str, length: int = LENGTH) -> list[np.ndarray]:
    video, frames = cv2.VideoCapture(path), []
    while len(frames) < length:
        ok, frame = video.read()
        if not ok:
            break
        h, w = frame.shape[:2]
        frames.append(frame[: h // 2 * 2, : w // 2 * 2])
    return frames


def write(path: str, frames: list[np.ndarray], crf: int = CRF) -> None:
    h, w = frames[0].shape[:2]
    subprocess.run(["ffmpeg", "-loglevel", "error", "-nostdin", "-y", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{w}x{h}", "-r", str(RATE),
                    "-i", "-", "-threads", "1", "-c:v", "libx264", "-crf", str(crf), "-pix_fmt", "yuv420p", path],
                   input=b"".join(f.tobytes() for f in frames), check=True)


def landmarks(frames: list[np.ndarray], yunet: Yunet, pfld: Pfld) -> np.ndarray | None:
    """[n,68,2], lightly smoothed; None where a face gets lost. Between detections the last outline is followed."""
    points, box = [], None
    h, w = frames[0].shape[:2]
    scale = CANVAS / max(h, w)
    for index, frame in enumerate(frames):
        if index % 10 == 0:
            canvas = np.zeros((CANVAS, CANVAS, 3), np.uint8)
            small = cv2.resize(frame, (round(w * scale), round(h * scale)))
            canvas[: small.shape[0], : small.shape[1]] = small
            found = yunet(canvas)
            if not len(found):
                return None
            box = found[np.argmax(found[:, 2] * found[:, 3]), :4] / scale
            anchor = None
        elif anchor is not None:
            moved = points[-1].mean(0) - anchor
            box = box + np.float32([moved[0], moved[1], 0, 0])
        made = pfld(frame, box)
        anchor = made.mean(0)
        points.append(made)
    return gaussian_filter1d(np.array(points, np.float64), SMOOTH, axis=0)


def with_rim(points: np.ndarray) -> np.ndarray:
    """68 points and 10 on the forehead, mirrored from below the brows."""
    up = points[17:27].mean(0) - points[33]
    return np.vstack([points, points[17:27] + 0.45 * up])


def warp(image: np.ndarray, source: np.ndarray, target: np.ndarray, triangles: np.ndarray, shape: tuple) -> np.ndarray:
    """Piecewise-affine: inside each triangle of `target`, the picture inside the same triangle of `source`."""
    where = np.zeros((*shape[:2], 2), np.float32)
    for t in triangles:
        corners = target[t]
        if abs(np.linalg.det(np.hstack([corners, np.ones((3, 1))]))) < 0.5:
            continue
        matrix = cv2.getAffineTransform(corners.astype(np.float32), source[t].astype(np.float32))
        low = np.maximum(0, np.floor(corners.min(0)).astype(int) - 1)
        high = np.minimum([shape[1] - 1, shape[0] - 1], np.ceil(corners.max(0)).astype(int) + 1)
        if (high <= low).any():
            continue
        xs, ys = np.meshgrid(np.arange(low[0], high[0] + 1), np.arange(low[1], high[1] + 1))
        inside = np.zeros(xs.shape, np.uint8)
        cv2.fillConvexPoly(inside, np.round(corners - low).astype(np.int32), 1)
        inside = inside.astype(bool)
        values = np.stack([matrix[k, 0] * xs + matrix[k, 1] * ys + matrix[k, 2] for k in (0, 1)], -1)
        where[low[1] : high[1] + 1, low[0] : high[0] + 1][inside] = values[inside]
    return cv2.remap(image, where, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)


def fill(points: np.ndarray, shape: tuple) -> np.ndarray:
    mask = np.zeros(shape[:2], np.float32)
    cv2.fillConvexPoly(mask, cv2.convexHull(np.round(points).astype(np.int32)), 1)
    return mask


def matched(above: np.ndarray, below: np.ndarray, mask: np.ndarray, state: dict) -> np.ndarray:
    """RGB mean and spread of the frame, averaged over time so that the colour does not flicker."""
    inside = mask > 0.5
    now = np.stack([above[inside].mean(0), above[inside].std(0), below[inside].mean(0), below[inside].std(0)])
    state["c"] = now if "c" not in state else 0.9 * state["c"] + 0.1 * now
    ma, sa, mb, sb = state["c"]
    return np.clip((above - ma) * np.clip(sb / (sa + 1), 0.5, 2) + mb, 0, 255)


def limited(image: np.ndarray, width: float, size: int) -> np.ndarray:
    """What is left of a face that a generator of `size` pixels made."""
    factor = size / width
    if factor >= 1:
        return image
    h, w = image.shape[:2]
    return cv2.resize(cv2.resize(image, (round(w * factor), round(h * factor)), interpolation=cv2.INTER_AREA), (w, h), interpolation=cv2.INTER_CUBIC)


def alter(frames: list[np.ndarray], points: np.ndarray, donor: np.ndarray, donor_points: np.ndarray, method: str, size: int) -> list[np.ndarray]:
    shape = frames[0].shape
    full = with_rim(donor_points)
    triangles = Delaunay(full).simplices
    state: dict = {}
    made = []
    for index, frame in enumerate(frames):
        p = with_rim(points[index])
        unit = np.linalg.norm(p[36:42].mean(0) - p[42:48].mean(0))
        below = frame.astype(np.float32)
        if method == "mouth":
            other = (index + MOUTH_SHIFT) % len(frames)
            # Only the lower face: its jaw and lips take this frame's pose, not this frame's words.
            q = with_rim(points[other])
            rest = np.r_[0:4, 13:17, 27:36]
            turn, _ = cv2.estimateAffinePartial2D(q[rest].astype(np.float32), p[rest].astype(np.float32))
            above = cv2.warpAffine(frames[other], turn, (shape[1], shape[0]), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT).astype(np.float32)
            lips = q[48:60] @ turn[:, :2].T + turn[:, 2]
            both = np.vstack([lips, p[48:60]])
            mask = fill((both - both.mean(0)) * 1.35 + both.mean(0), shape)
            blur = unit * 0.09
        else:
            above = warp(donor, full, p, triangles, shape).astype(np.float32)
            mask = fill(p[:68] if method == "poisson" else p, shape)
            blur = unit * 0.07
        above = limited(matched(above, below, mask, state), unit * 2.2, size)
        if method == "poisson":
            binary = (cv2.erode(mask, np.ones((3, 3))) > 0.5).astype(np.uint8) * 255
            binary[:3], binary[-3:], binary[:, :3], binary[:, -3:] = 0, 0, 0, 0
            x, y, w, h = cv2.boundingRect(binary)
            made.append(cv2.seamlessClone(above.astype(np.uint8), frame, binary, (x + w // 2, y + h // 2), cv2.NORMAL_CLONE))
            continue
        shrink = max(1, int(unit * 0.1))
        soft = cv2.GaussianBlur(cv2.erode(mask, np.ones((shrink, shrink))), (0, 0), blur)
        if method == "inner":
            soft = soft * (1 - cv2.GaussianBlur(fill(p[60:68], shape), (0, 0), max(0.8, unit * 0.03)))
        made.append(np.clip(below + soft[..., None] * (above - below), 0, 255).round().astype(np.uint8))
    return made


def unseen(labels) -> np.ndarray:
    """Which of the labelled pictures are large faces of the test split: [n] bool."""
    paths = labels["paths"].astype(str)
    wide = np.linalg.norm(labels["five"][:, 1] - labels["five"][:, 0], axis=1)
    return (splits(labels) == "test") & (labels["score"] > 0.88) & (wide > 50) & (np.char.find(paths, "/fake/") < 0) \
        & (np.char.find(paths, "utkface") < 0)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--cache", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    rng = np.random.default_rng(3)
    labels = np.load(os.path.join(options.cache, "faces.npz"))
    paths = labels["paths"].astype(str)
    donors = np.flatnonzero(unseen(labels))

    def shape_of(points: np.ndarray) -> np.ndarray:
        centred = points - points.mean(0)
        return (centred / np.linalg.norm(centred)).reshape(-1)

    yunet, pfld = Yunet(options.data), Pfld(options.data)
    for label in ("genuine", "manipulated"):
        os.makedirs(os.path.join(options.out, label), exist_ok=True)
    rows, free = ["path\tlabel\tsource\tgroup\tmethod"], set(int(d) for d in donors)
    for number, (path, person) in enumerate(sources(options.data)):
        frames = read(os.path.join(options.data, path))
        points = landmarks(frames, yunet, pfld)
        if points is None:
            print(f"{path}: no face throughout, left out")
            continue
        goal = shape_of(np.median(points, 0))
        for turn in range(ROUNDS):
            ranked = sorted(free, key=lambda d: float(((shape_of(labels["points"][d]) - goal) ** 2).sum()))
            chosen = ranked[int(rng.integers(4))]
            free.discard(chosen)
            method, size = METHODS[(number + 2 * turn) % len(METHODS)], int(rng.choice([64, 96, 128, 256]))
            made = alter(frames, points, cv2.imread(os.path.join(options.data, paths[chosen])), labels["points"][chosen].astype(np.float64), method, size)
            name = f"{person}-{number:02d}{'ab'[turn]}.mp4"
            for label, content in (("genuine", frames), ("manipulated", made)):
                if label == "genuine" and turn:
                    continue
                write(os.path.join(options.out, label, name), content)
                rows.append(f"{label}/{name}\t{label}\t{path}\t{person}\t{method if label == 'manipulated' else '-'}")
            print(f"{name} {method} {size} {paths[chosen]}", flush=True)
    with open(os.path.join(options.out, "manifest.tsv"), "w") as file:
        file.write("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
