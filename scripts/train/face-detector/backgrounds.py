"""Backgrounds without faces: parts of pictures beside the face, and procedural ones. RGB uint8 of a given size."""
import cv2
import numpy as np

from pictures import Pictures


def colour(rng) -> np.ndarray:
    return rng.integers(0, 256, 3).astype(np.float32)


def gradient(rng, w: int, h: int) -> np.ndarray:
    corners = np.stack([colour(rng) for _ in range(4)]).reshape(2, 2, 3)
    return cv2.resize(corners, (w, h), interpolation=cv2.INTER_LINEAR)


def fractal(rng, w: int, h: int) -> np.ndarray:
    """Noise with energy at many scales: clouds to gravel."""
    out = gradient(rng, w, h)
    gain, fall = rng.uniform(20, 90), rng.uniform(0.4, 0.9)
    grey = rng.random() < 0.4
    side = 2
    while side < max(w, h):
        noise = rng.standard_normal((max(1, side * h // w + 1), side, 1 if grey else 3)).astype(np.float32)
        noise = cv2.resize(noise, (w, h), interpolation=cv2.INTER_CUBIC).reshape(h, w, -1)
        out = out + gain * noise
        gain *= fall
        side *= 2
    return out


def shapes(rng, w: int, h: int) -> np.ndarray:
    """Overlapping polygons, ellipses and lines: furniture, logos, crowds of blobs with dark dots."""
    out = np.ascontiguousarray(gradient(rng, w, h))
    for _ in range(rng.integers(4, 40)):
        c = colour(rng).tolist()
        x, y = int(rng.integers(-20, w + 20)), int(rng.integers(-20, h + 20))
        a, b = int(rng.integers(2, w // 3)), int(rng.integers(2, h // 2))
        kind = rng.integers(4)
        if kind == 0:
            cv2.ellipse(out, (x, y), (a // 2, b // 2), rng.uniform(0, 180), 0, 360, c, -1, cv2.LINE_AA)
        elif kind == 1:
            cv2.rectangle(out, (x, y), (x + a, y + b), c, -1)
        elif kind == 2:
            cv2.line(out, (x, y), (x + int(rng.integers(-w, w)), y + int(rng.integers(-h, h))), c, int(rng.integers(1, 9)), cv2.LINE_AA)
        else:
            points = np.int32(np.stack([rng.integers(x - a, x + a + 1, 5), rng.integers(y - b, y + b + 1, 5)], 1))
            cv2.fillPoly(out, [points], c, cv2.LINE_AA)
    return out


def stripes(rng, w: int, h: int) -> np.ndarray:
    y, x = np.mgrid[:h, :w].astype(np.float32)
    angle, period = rng.uniform(0, np.pi), rng.uniform(3, 60)
    wave = np.sin((x * np.cos(angle) + y * np.sin(angle)) * 2 * np.pi / period)
    if rng.random() < 0.5:
        wave = wave * np.sin((y * np.cos(angle) - x * np.sin(angle)) * 2 * np.pi / rng.uniform(3, 60))
    if rng.random() < 0.4:
        wave = np.sign(wave)
    mix = (wave[..., None] + 1) / 2
    return gradient(rng, w, h) * mix + gradient(rng, w, h) * (1 - mix)


def text(rng, image: np.ndarray) -> None:
    """Writes a few words over the image."""
    h, w = image.shape[:2]
    for _ in range(rng.integers(1, 7)):
        word = "".join(chr(c) for c in rng.integers(33, 123, rng.integers(2, 18)))
        cv2.putText(image, word, (int(rng.integers(-10, w)), int(rng.integers(0, h))), int(rng.integers(0, 8)),
                    float(rng.uniform(0.3, 2.2)), colour(rng).tolist(), int(rng.integers(1, 4)), cv2.LINE_AA)


POOL = 1500


def beside(rng, pictures: Pictures) -> np.ndarray:
    """A part of a picture that does not touch its face (hair, clothes, room), uint8 RGB; at least 24 px wide and high."""
    # Decoding is dear: the first parts are kept and shown again.
    if len(pictures.parts) == POOL:
        return pictures.parts[rng.integers(POOL)]
    pictures.parts.append(fresh_part(rng, pictures))
    return pictures.parts[-1]


def fresh_part(rng, pictures: Pictures) -> np.ndarray:
    for _ in range(8):
        k = pictures.pick(rng, 1.0)
        image, (x, y, w, h) = pictures.image(k), pictures.box[k]
        high, wide = image.shape[:2]
        x0, x1, y0, y1 = int(x - 0.15 * w), int(x + 1.15 * w), int(y - 0.15 * h), int(y + 1.05 * h)
        parts = [p for p in (image[:, :max(0, x0)], image[:, min(wide, x1):], image[:max(0, y0)], image[min(high, y1):])
                 if min(p.shape[:2]) >= 24]
        if parts:
            return parts[rng.integers(len(parts))].copy()
    return np.full((24, 24, 3), 128, np.uint8)


def enlarged(rng, pictures: Pictures, w: int, h: int) -> np.ndarray:
    part = beside(rng, pictures)
    high, wide = part.shape[:2]
    # A piece with the wanted proportions, mirrored at random; blurred sometimes, as if out of focus.
    take = rng.uniform(0.5, 1)
    ph, pw = max(8, int(high * take)), max(8, int(wide * take))
    y, x = rng.integers(0, high - ph + 1), rng.integers(0, wide - pw + 1)
    part = part[y:y + ph, x:x + pw]
    if rng.random() < 0.5:
        part = np.hstack([part, part[:, ::-1]])
    out = cv2.resize(part, (w, h), interpolation=cv2.INTER_CUBIC)
    return cv2.GaussianBlur(out, (0, 0), rng.uniform(1, 8)) if rng.random() < 0.3 else out


def patchwork(rng, pictures: Pictures, w: int, h: int) -> np.ndarray:
    """Several parts at their own size side by side: the detail of real pictures."""
    out = np.empty((h, w, 3), np.uint8)
    step_y = int(rng.integers(48, 120))
    for y in range(0, h, step_y):
        x = 0
        while x < w:
            step = int(rng.integers(40, 160))
            cell = out[y:y + step_y, x:x + step]
            part = beside(rng, pictures)
            s = rng.uniform(0.6, 1.6) * max(cell.shape[0] / part.shape[0], cell.shape[1] / part.shape[1], 0.5)
            part = cv2.resize(part, (max(cell.shape[1], int(part.shape[1] * s)), max(cell.shape[0], int(part.shape[0] * s))), interpolation=cv2.INTER_AREA)
            cell[:] = part[:cell.shape[0], :cell.shape[1]]
            x += step
    return out


def background(rng, pictures: Pictures, w: int, h: int) -> np.ndarray:
    kind = rng.random()
    if kind < 0.35:
        out = enlarged(rng, pictures, w, h)
    elif kind < 0.6:
        out = patchwork(rng, pictures, w, h)
    else:
        out = (gradient, fractal, shapes, stripes)[rng.integers(4)](rng, w, h)
        out = np.clip(out, 0, 255).astype(np.uint8)
    out = np.ascontiguousarray(out)
    if rng.random() < 0.2:
        text(rng, out)
    return out
