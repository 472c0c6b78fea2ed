"""Puts still faces into moving tiles and those through real encoders. Everything here is the same for both classes.

A tile shows one picture that drifts and breathes by fractions of a pixel, so that predicted frames carry what they carry
in video. The altered picture and the unaltered one it was made from lie in the same video, with the same motion.
"""
import os
import subprocess
import tempfile

import cv2
import numpy as np
from align import cut_face
from manipulations import Face, disturb_colour, disturb_sharpness

CANVAS = 256
CROP, CONTEXT = 128, 1.25
"""The model's crop: 128 pixels over 1.25 template widths, 32 pixels between the eyes: the face with a rim around it."""
STORED = 144
"""Crops are stored with 8 pixels more on each side, so that training can shift and scale them."""
FRAMES = 3


def background(image: np.ndarray, matrix: np.ndarray, other: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Warps a picture onto the canvas. What lies outside of it is continued, or another picture stands there behind a hard edge.

    Never softly: a soft border between a sharp face and blurred surroundings is what blending leaves, and would teach the
    network that genuine pictures have it.
    """
    size = (CANVAS, CANVAS)
    draw = rng.random()
    mode = cv2.BORDER_REFLECT_101 if draw < 0.7 or draw > 0.85 else cv2.BORDER_REPLICATE
    flags = int(rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC]))
    out = cv2.warpAffine(image, matrix, size, flags=flags, borderMode=mode).astype(np.float32)
    if draw < 0.9:
        return out
    inside = cv2.warpAffine(np.full(image.shape[:2], 255, np.uint8), matrix, size, flags=cv2.INTER_LINEAR)[..., None] > 250
    return np.where(inside, out, cv2.resize(other, size, interpolation=cv2.INTER_AREA).astype(np.float32))


def place(image: np.ndarray, five: np.ndarray, points: np.ndarray, other: np.ndarray, rng: np.random.Generator,
          distance: float | None = None) -> Face:
    """The face on a canvas of 256 pixels, `distance` between the eyes, slightly turned, the head near the middle."""
    distance = distance or float(rng.uniform(36, 62))
    eyes = five[1] - five[0]
    scale = distance / max(4.0, float(np.linalg.norm(eyes)))
    if scale < 0.75:
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        points, five, scale = points * scale, five * scale, 1.0
    angle = float(rng.uniform(-0.2, 0.2))
    c, s = np.cos(angle) * scale, np.sin(angle) * scale
    centre = points.mean(0)
    goal = CANVAS / 2 + rng.uniform(-10, 10, 2)
    matrix = np.array([[c, -s, 0], [s, c, 0]])
    matrix[:, 2] = goal - matrix[:, :2] @ centre
    return Face(background(image, matrix, other, rng), points @ matrix[:, :2].T + matrix[:, 2], five @ matrix[:, :2].T + matrix[:, 2])


def before(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Camera and grading, before anything is altered."""
    if rng.random() < 0.5:
        image = disturb_colour(image, rng)
    if rng.random() < 0.3:
        image = disturb_sharpness(image, rng)
    if rng.random() < 0.4:
        image = image + rng.standard_normal(image.shape).astype(np.float32) * float(rng.uniform(1, 7))
    return np.clip(image, 0, 255).astype(np.float32)


def overlay(image: np.ndarray, rng: np.random.Generator) -> None:
    """A logo, a ticker or a subtitle, in place."""
    h, w = image.shape[:2]
    draw = rng.random()
    colour = tuple(float(v) for v in rng.uniform(0, 255, 3))
    if draw < 0.4:
        top = int(h * rng.uniform(0.72, 0.92))
        cv2.rectangle(image, (0, top), (w, top + int(h * rng.uniform(0.06, 0.15))), colour, -1)
        cv2.putText(image, "".join(rng.choice(list("ABCDEFGHIKLMNOPRSTUVW "), 14)), (4, top + 16), cv2.FONT_HERSHEY_SIMPLEX,
                    0.5, tuple(255 - v for v in colour), 1, cv2.LINE_AA)
    elif draw < 0.7:
        text = "".join(rng.choice(list("abcdefghiklmnoprstuvw "), 18))
        at = (int(rng.integers(0, w // 3)), int(h * rng.uniform(0.75, 0.97)))
        cv2.putText(image, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.55, (0, 0, 0), 3, cv2.LINE_AA)
        cv2.putText(image, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.55, (255, 255, 255), 1, cv2.LINE_AA)
    else:
        x, y = int(rng.integers(0, w - 30)), int(rng.integers(0, h // 5))
        cv2.rectangle(image, (x, y), (x + int(rng.integers(10, 60)), y + int(rng.integers(8, 30))), colour, -1)


def after(image: np.ndarray, seed: int) -> np.ndarray:
    """What happens to a finished picture; the same seed does the same to both of a pair."""
    rng = np.random.default_rng(seed)
    h, w = image.shape[:2]
    if rng.random() < 0.3:
        image = disturb_colour(image, rng, 0.8)
    draw = rng.random()
    if draw < 0.2:
        factor = float(rng.uniform(0.4, 0.9))
        kinds = [cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC]
        image = cv2.resize(cv2.resize(image, (round(w * factor), round(h * factor)), interpolation=int(rng.choice(kinds))), (w, h),
                           interpolation=int(rng.choice(kinds[1:])))
    elif draw < 0.3:
        image = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.4, 1.5)))
    elif draw < 0.36:
        line = np.zeros((7, 7), np.float32)
        angle = rng.uniform(0, np.pi)
        for t in np.linspace(-1, 1, 21) * rng.uniform(1, 3):
            line[int(round(3 + t * np.sin(angle))), int(round(3 + t * np.cos(angle)))] = 1
        image = cv2.filter2D(image, -1, line / line.sum())
    elif draw < 0.46:
        image = image + float(rng.uniform(0.2, 1)) * (image - cv2.GaussianBlur(image, (0, 0), 1))
    if rng.random() < 0.25:
        image = image + rng.standard_normal(image.shape).astype(np.float32) * float(rng.uniform(1, 6))
    image = np.ascontiguousarray(np.clip(image, 0, 255).astype(np.float32))
    if rng.random() < 0.12:
        overlay(image, rng)
    return image


def still_codec(image: np.ndarray, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    kind, quality = (".jpg", cv2.IMWRITE_JPEG_QUALITY) if rng.random() < 0.7 else (".webp", cv2.IMWRITE_WEBP_QUALITY)
    _, data = cv2.imencode(kind, np.clip(image, 0, 255).astype(np.uint8), [quality, int(rng.integers(35, 96))])
    return cv2.imdecode(data, cv2.IMREAD_COLOR).astype(np.float32)


def encode(frames: np.ndarray, codec: str, preset: str, crf: int, size: tuple[int, int] | None = None) -> np.ndarray:
    """frames: uint8 [n,h,w,3] BGR through a real encoder and back. Sizes even. `size` rescales (w, h) on the way."""
    n, h, w = frames.shape[:3]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "v.mkv")
        scale = ["-vf", f"scale={size[0]}:{size[1]}:flags=bicubic"] if size else []
        extra = ["-x265-params", "log-level=none:pools=1:frame-threads=1"] if codec == "libx265" else []
        run = ["ffmpeg", "-loglevel", "error", "-nostdin", "-y", "-threads", "1", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{w}x{h}", "-r", "25", "-i", "-",
               *scale, "-pix_fmt", "yuv420p", "-c:v", codec, "-preset", preset, "-crf", str(crf), *extra, "-threads", "1", path]
        subprocess.run(run, input=frames.tobytes(), check=True)
        back = subprocess.run(["ffmpeg", "-loglevel", "error", "-nostdin", "-threads", "1", "-i", path, "-f", "rawvideo", "-pix_fmt", "bgr24", "-"],
                              capture_output=True, check=True).stdout
    ww, hh = size or (w, h)
    return np.frombuffer(back, np.uint8).reshape(-1, hh, ww, 3)


def random_codec(frames: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    """One or two generations of H.264 or HEVC. Returns the frames and the scale that they came out with."""
    scale = 1.0
    for _ in range(2 if rng.random() < 0.25 else 1):
        hevc = rng.random() < 0.15
        codec, preset = ("libx265", "ultrafast") if hevc else ("libx264", str(rng.choice(["veryfast", "veryfast", "veryfast", "veryfast", "medium"])))
        crf = int(rng.integers(20, 37)) if hevc else int(rng.triangular(17, 24, 40))
        size = None
        if rng.random() < 0.2:
            factor = float(rng.uniform(0.6, 0.95))
            h, w = frames.shape[1:3]
            size = (round(w * factor / 2) * 2, round(h * factor / 2) * 2)
            scale *= size[0] / w
        frames = encode(frames, codec, preset, crf, size)
    return frames, scale


def tile_motion(rng: np.random.Generator) -> np.ndarray:
    """[FRAMES,3]: shift x, shift y in tile pixels and zoom, per frame."""
    velocity = rng.standard_normal(2) * rng.choice([0.1, 0.7, 2.0])
    wobble = np.cumsum(rng.standard_normal((FRAMES, 2)) * rng.choice([0.05, 0.4]), 0)
    t = np.arange(FRAMES)[:, None] - FRAMES // 2
    return np.hstack([velocity * t + wobble, 1 + t * rng.standard_normal() * 0.003])


def move(tile: np.ndarray, motion: np.ndarray) -> np.ndarray:
    side = tile.shape[0]
    x, y, zoom = motion
    matrix = motion_matrix(motion, side)
    return cv2.warpAffine(tile, matrix, (side, side), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)


def motion_matrix(motion: np.ndarray, side: int) -> np.ndarray:
    x, y, zoom = motion
    return np.float64([[zoom, 0, side / 2 * (1 - zoom) + x], [0, zoom, side / 2 * (1 - zoom) + y]])


def cut(tile: np.ndarray, five: np.ndarray, side: int = STORED) -> np.ndarray:
    return cut_face(tile, five, side, CONTEXT * side / CROP)
