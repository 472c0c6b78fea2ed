"""Composes training scenes: pictures with faces on backgrounds, with ground truth that follows from the composition."""
import subprocess

import cv2
import numpy as np

from backgrounds import background, beside, colour, text
from pictures import Pictures


class Scene:
    """image uint8 [h,w,3] RGB; faces [n,14]: x, y, w, h, five (x, y); ignore [m,4]: x, y, w, h where nothing is asked."""

    def __init__(self, image: np.ndarray):
        self.image = np.ascontiguousarray(image)
        self.faces: list[np.ndarray] = []
        self.ignore: list[np.ndarray] = []

    def add(self, box: np.ndarray, five: np.ndarray) -> None:
        """A face counts where most of it lies inside the image; of the others nothing is asked."""
        h, w = self.image.shape[:2]
        inside = five[(five[:, 0] > 0) & (five[:, 0] < w) & (five[:, 1] > 0) & (five[:, 1] < h)]
        seen = max(0, min(w, box[0] + box[2]) - max(0, box[0])) * max(0, min(h, box[1] + box[3]) - max(0, box[1]))
        if len(inside) >= 4 and seen >= 0.5 * box[2] * box[3] and min(box[2:]) >= 9:
            self.faces.append(np.concatenate([box, five.reshape(-1)]).astype(np.float32))
        elif seen > 0:
            self.ignore.append(np.asarray(box, np.float32))


def mirrored(image: np.ndarray, box: np.ndarray, five: np.ndarray):
    w = image.shape[1]
    five = five[[1, 0, 2, 4, 3]].copy()
    five[:, 0] = w - five[:, 0]
    return image[:, ::-1], np.array([w - box[0] - box[2], *box[1:]]), five


def turned_box(box: np.ndarray, matrix: np.ndarray, angle: float) -> np.ndarray:
    """An upright box for a turned face: same middle and area, its sides between those of the turned rectangle."""
    x, y, w, h = box
    cx, cy = matrix[:, :2] @ [x + w / 2, y + h / 2] + matrix[:, 2]
    s = np.sqrt(abs(np.linalg.det(matrix[:, :2])))
    t = np.sin(angle) ** 2
    w, h = s * (w * (1 - t) + h * t), s * (h * (1 - t) + w * t)
    return np.array([cx - w / 2, cy - h / 2, w, h])


def paste(rng, scene: Scene, pictures: Pictures, size: float, at, wide: float = 0.65, angle: float = 30, cover: bool = False):
    """Pastes one picture so that its face has the height `size` and its middle at `at`; returns the face's box."""
    k = pictures.pick(rng, wide)
    image, box, five = pictures.image(k), pictures.box[k].astype(np.float64), pictures.five[k].astype(np.float64)
    if rng.random() < 0.5:
        image, box, five = mirrored(image, box, five)
    h, w = image.shape[:2]
    scale = size / box[3]
    if scale < 0.7:
        # Reduced by area first: a bilinear look-up alone would alias.
        image = cv2.resize(image, (max(4, round(w * scale)), max(4, round(h * scale))), interpolation=cv2.INTER_AREA)
        f = np.array([image.shape[1] / w, image.shape[0] / h])
        box, five = box * np.tile(f, 2), five * f
        h, w = image.shape[:2]
        scale = size / box[3]
    turn = np.deg2rad(np.clip(rng.normal(0, angle / 2), -angle - 10, angle + 10))
    squeeze = rng.uniform(0.92, 1.08)
    c, s = np.cos(turn) * scale, np.sin(turn) * scale
    linear = np.array([[c * squeeze, -s], [s * squeeze, c]])
    middle = np.array([box[0] + box[2] / 2, box[1] + box[3] / 2])
    matrix = np.hstack([linear, (np.asarray(at) - linear @ middle)[:, None]])
    matrix[:, 2] += linear @ [0.5, 0.5] - 0.5
    H, W = scene.image.shape[:2]
    if cover:
        # Never a mirrored border: it would show a second face of which the labels know nothing.
        if rng.random() < 0.5:
            scene.image[:] = background(rng, pictures, W, H)
            cv2.warpAffine(np.ascontiguousarray(image), matrix, (W, H), dst=scene.image, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT)
        else:
            cv2.warpAffine(np.ascontiguousarray(image), matrix, (W, H), dst=scene.image, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    else:
        mask = np.zeros((h, w), np.float32)
        kind = rng.random()
        soft = float(rng.uniform(0.01, 0.12) * max(box[2:]))
        if kind < 0.35:
            mask[:] = 1
        elif kind < 0.65:
            x0, y0 = max(0, box[0] - rng.uniform(0.05, 0.9) * box[2]), max(0, box[1] - rng.uniform(0.15, 0.6) * box[3])
            x1, y1 = min(w, box[0] + box[2] * (1 + rng.uniform(0.05, 0.9))), min(h, box[1] + box[3] * (1 + rng.uniform(0.05, 0.8)))
            cv2.rectangle(mask, (int(x0), int(y0)), (int(x1), int(y1)), 1.0, -1)
        else:
            axes = (int(box[2] * rng.uniform(0.6, 0.95)), int(box[3] * rng.uniform(0.6, 0.95)))
            cv2.ellipse(mask, (int(middle[0]), int(middle[1] - 0.05 * box[3])), axes, 0, 0, 360, 1.0, -1)
        if rng.random() < 0.7:
            mask[[0, -1]] = 0
            mask[:, [0, -1]] = 0
            mask = cv2.GaussianBlur(mask, (0, 0), max(0.5, soft))
        corners = matrix[:, :2] @ np.array([[0, w, w, 0], [0, 0, h, h]]) + matrix[:, 2:]
        x0, y0 = np.maximum(0, np.floor(corners.min(1))).astype(int)
        x1, y1 = np.minimum([W, H], np.ceil(corners.max(1)) + 1).astype(int)
        if x1 <= x0 or y1 <= y0:
            return None
        local = matrix.copy()
        local[:, 2] -= [x0, y0]
        part = cv2.warpAffine(np.ascontiguousarray(image), local, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        alpha = cv2.warpAffine(mask, local, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR)[..., None]
        under = scene.image[y0:y1, x0:x1]
        under[:] = (part * alpha + under * (1 - alpha) + 0.5).astype(np.uint8)
    points = five @ linear.T + (matrix[:, 2] - linear @ [0.5, 0.5] + 0.5)
    shown = turned_box(box, np.hstack([linear, (np.asarray(at) - linear @ middle)[:, None]]), turn)
    scene.add(shown, points)
    return shown


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    """Intersection over the smaller area."""
    w = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    h = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return max(0, w) * max(0, h) / max(1e-6, min(a[2] * a[3], b[2] * b[3]))


def decoy(rng, scene: Scene, pictures: Pictures, taken: list) -> None:
    """Something made of a face that is none: scrambled tiles, a blot, one enlarged part, or a patch beside a face."""
    H, W = scene.image.shape[:2]
    size = float(np.exp(rng.uniform(np.log(14), np.log(110))))
    k = pictures.pick(rng, 0.5)
    image, (x, y, w, h) = pictures.image(k), pictures.box[k]
    x0, y0 = int(max(0, x)), int(max(0, y))
    face = image[y0:int(y + h), x0:int(x + w)]
    kind = rng.integers(5)
    if kind == 0:
        n = int(rng.integers(3, 6))
        tile = cv2.resize(face, (n * 16, n * 16), interpolation=cv2.INTER_AREA).reshape(n, 16, n, 16, 3).transpose(0, 2, 1, 3, 4).reshape(n * n, 16, 16, 3)
        part = tile[rng.permutation(n * n)].reshape(n, n, 16, 16, 3).transpose(0, 2, 1, 3, 4).reshape(n * 16, n * 16, 3)
    elif kind == 1:
        part = image.copy()
        few = cv2.resize(face, (int(rng.integers(2, 4)), int(rng.integers(2, 4))), interpolation=cv2.INTER_AREA)
        part[y0:int(y + h), x0:int(x + w)] = cv2.resize(few, face.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    elif kind == 2:
        # One eye, the mouth or a cheek alone, enlarged.
        p = pictures.five[k][rng.integers(5)]
        r = 0.16 * w
        part = image[int(max(0, p[1] - r)):int(p[1] + r) + 2, int(max(0, p[0] - r)):int(p[0] + r) + 2]
    elif kind == 3:
        part = beside(rng, pictures)
    else:
        part = np.full(face.shape, rng.integers(60, 230, 3), np.uint8)
        cv2.ellipse(part, (part.shape[1] // 2, part.shape[0] // 2), (part.shape[1] // 3, part.shape[0] // 3), 0, 0, 360, rng.integers(0, 256, 3).tolist(), -1)
    if min(part.shape[:2]) < 4:
        return
    s = size / max(part.shape[:2])
    part = cv2.resize(part, (max(4, int(part.shape[1] * s)), max(4, int(part.shape[0] * s))), interpolation=cv2.INTER_AREA if s < 1 else cv2.INTER_LINEAR)
    if part.shape[0] >= H or part.shape[1] >= W:
        return
    px, py = int(rng.integers(0, W - part.shape[1])), int(rng.integers(0, H - part.shape[0]))
    if any(overlap(np.array([px, py, part.shape[1], part.shape[0]]), b) > 0.02 for b in taken):
        return
    scene.image[py:py + part.shape[0], px:px + part.shape[1]] = part
    taken.append(np.array([px, py, part.shape[1], part.shape[0]], np.float64))


def crowd(rng, pictures: Pictures, w: int, h: int, smallest: float) -> Scene:
    """Several faces of different sizes on one background."""
    scene = Scene(background(rng, pictures, w, h))
    taken: list = []
    large = rng.random() < 0.35
    for _ in range(rng.integers(1, 9)):
        top = 0.95 * h if large else 0.5 * h
        size = float(np.exp(rng.uniform(np.log(smallest), np.log(top))))
        for _ in range(6):
            at = rng.uniform([0.2 * size, 0.3 * size], [w - 0.2 * size, h - 0.3 * size])
            box = np.array([at[0] - size * 0.5, at[1] - size * 0.65, size, size * 1.3])
            if all(overlap(box, b) < 0.05 for b in taken):
                if paste(rng, scene, pictures, size, at) is not None:
                    taken.append(box)
                break
    for _ in range(rng.integers(0, 4)):
        decoy(rng, scene, pictures, taken)
    return scene


def empty(rng, pictures: Pictures, w: int, h: int) -> Scene:
    scene = Scene(background(rng, pictures, w, h))
    taken: list = []
    for _ in range(rng.integers(0, 7)):
        decoy(rng, scene, pictures, taken)
    return scene


def full(rng, pictures: Pictures, w: int, h: int) -> Scene:
    """One picture that fills the frame."""
    scene = Scene(np.zeros((h, w, 3), np.uint8))
    size = rng.uniform(0.35, 1.15) * h
    at = (w * np.clip(rng.normal(0.5, 0.12), 0.15, 0.85), h * np.clip(rng.normal(0.5, 0.08), 0.3, 0.7))
    paste(rng, scene, pictures, size, at, wide=0.75 if size < 0.8 * h else 0.3, angle=18, cover=True)
    return scene


def split_screen(rng, pictures: Pictures, w: int, h: int) -> Scene:
    """A grid of pictures with hard borders, as in calls and panels."""
    across, down = int(rng.integers(2, 5)), int(rng.integers(1, 4))
    scene = Scene(np.zeros((h, w, 3), np.uint8))
    cw, ch = w / across, h / down
    gap = int(rng.integers(0, 5))
    for i in range(across):
        for j in range(down):
            x0, y0, x1, y1 = int(i * cw), int(j * ch), int((i + 1) * cw) - gap, int((j + 1) * ch) - gap
            if x1 - x0 < 20 or y1 - y0 < 20:
                continue
            cell = full(rng, pictures, x1 - x0, y1 - y0) if rng.random() < 0.8 else empty(rng, pictures, max(120, x1 - x0), max(120, y1 - y0))
            scene.image[y0:y1, x0:x1] = cell.image[:y1 - y0, :x1 - x0]
            shift = np.array([x0, y0] * 7, np.float32)
            shift[2:4] = 0
            scene.faces += [f + shift for f in cell.faces]
            scene.ignore += [b + shift[:4] for b in cell.ignore]
    return scene


def overlay(rng, scene: Scene) -> None:
    """Tickers, bars and logos; a face that they mostly cover is no longer asked for."""
    h, w = scene.image.shape[:2]
    bars = []
    if rng.random() < 0.5:
        y = int(rng.uniform(0.7, 0.95) * h)
        bars.append((0 if rng.random() < 0.5 else int(rng.integers(0, w // 2)), y, w, min(h, y + int(rng.uniform(0.05, 0.2) * h))))
    for _ in range(rng.integers(0, 3)):
        x, y = int(rng.integers(0, w)), int(rng.integers(0, h))
        bars.append((x, y, min(w, x + int(rng.integers(4, 70))), min(h, y + int(rng.integers(4, 40)))))
    for x0, y0, x1, y1 in bars:
        if x1 - x0 < 2 or y1 - y0 < 2:
            continue
        patch = np.ascontiguousarray(np.broadcast_to(colour(rng).astype(np.uint8), (y1 - y0, x1 - x0, 3)))
        if rng.random() < 0.6:
            text(rng, patch)
        alpha = 1 if rng.random() < 0.7 else rng.uniform(0.5, 0.9)
        under = scene.image[y0:y1, x0:x1]
        under[:] = (patch * alpha + under * (1 - alpha)).astype(np.uint8)
        bar = np.array([x0, y0, x1 - x0, y1 - y0], np.float64)
        kept = []
        for f in scene.faces:
            iw = min(f[0] + f[2], x1) - max(f[0], x0)
            ih = min(f[1] + f[3], y1) - max(f[1], y0)
            covered = max(0, iw) * max(0, ih) / (f[2] * f[3])
            points = f[4:].reshape(5, 2)
            hidden = ((points >= bar[:2]) & (points <= bar[:2] + bar[2:])).all(1).sum()
            if covered > 0.45 or hidden > 2:
                scene.ignore.append(f[:4])
            else:
                kept.append(f)
        scene.faces = kept


def degrade(rng, image: np.ndarray) -> np.ndarray:
    """Light, colour, blur, loss of resolution, noise, JPEG."""
    out = image.astype(np.float32)
    if rng.random() < 0.7:
        out = out * rng.uniform(0.45, 1.45) + rng.uniform(-35, 35)
        if rng.random() < 0.5:
            out *= rng.uniform(0.8, 1.2, 3).astype(np.float32)
    if rng.random() < 0.1:
        out = np.repeat(out.mean(2, keepdims=True), 3, 2)
    if rng.random() < 0.15:
        out = 255 * (np.clip(out, 0, 255) / 255) ** rng.uniform(0.5, 2)
    out = np.clip(out, 0, 255)
    kind = rng.random()
    h, w = image.shape[:2]
    if kind < 0.15:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 1.8))
    elif kind < 0.3:
        f = rng.uniform(0.4, 0.9)
        small = cv2.resize(out, (int(w * f), int(h * f)), interpolation=cv2.INTER_AREA)
        out = cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR if rng.random() < 0.5 else cv2.INTER_CUBIC)
    elif kind < 0.38:
        n = int(rng.integers(2, 6))
        kernel = np.zeros((n, n), np.float32)
        if rng.random() < 0.5:
            kernel[n // 2] = 1 / n
        else:
            kernel[:, n // 2] = 1 / n
        out = cv2.filter2D(out, -1, kernel)
    if rng.random() < 0.3:
        out = out + rng.standard_normal(out.shape).astype(np.float32) * rng.uniform(1, 12)
    out = np.clip(out + 0.5, 0, 255).astype(np.uint8)
    if rng.random() < 0.35:
        data = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(20, 90))])[1]
        out = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return out


def make_scene(rng, pictures: Pictures, w: int, h: int, smallest: float = 11) -> Scene:
    """One scene with degradations; a part is narrower or lower than the frame and padded with black right and below."""
    iw, ih = w, h
    narrow = rng.random()
    if narrow < 0.3:
        iw = h if narrow < 0.2 else int(rng.uniform(0.4, 0.95) * w)
    elif narrow < 0.36:
        ih = int(rng.uniform(0.6, 0.95) * h)
    kind = rng.random()
    make = crowd if kind < 0.5 else full if kind < 0.76 else split_screen if kind < 0.88 else empty
    scene = crowd(rng, pictures, iw, ih, smallest) if make is crowd else make(rng, pictures, iw, ih)
    if rng.random() < 0.35:
        overlay(rng, scene)
    scene.image = degrade(rng, scene.image)
    if (iw, ih) != (w, h):
        padded = np.zeros((h, w, 3), np.uint8)
        padded[:ih, :iw] = scene.image
        scene.image = padded
    return scene


def through_h264(images: np.ndarray, crf: int) -> np.ndarray:
    """images: uint8 [n,h,w,3] RGB. Encodes them as an H.264 video of still pairs and decodes the second of each pair."""
    n, h, w, _ = images.shape
    doubled = np.repeat(images, 2, axis=0)
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{w}x{h}"]
    common = ["ffmpeg", "-v", "error", "-threads", "1"]
    encoded = subprocess.run(
        [*common, *raw, "-i", "-", "-c:v", "libx264", "-threads", "1", "-preset", "veryfast", "-crf", str(crf), "-pix_fmt", "yuv420p", "-f", "h264", "-"],
        input=doubled.tobytes(), stdout=subprocess.PIPE, check=True).stdout
    decoded = subprocess.run([*common, "-f", "h264", "-i", "-", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
                             input=encoded, stdout=subprocess.PIPE, check=True).stdout
    frames = np.frombuffer(decoded, np.uint8).reshape(-1, h, w, 3)
    return frames[1::2] if len(frames) == 2 * n else images
