"""What a network is made to look through: losses drawn anew each time a pair is shown, the same for both of the pair.

Real encoders cost tens of milliseconds a pair and are therefore run once, in make.py; these stand beside them and cost one.
"""
import cv2
import numpy as np

ENLARGE = (cv2.INTER_LINEAR, cv2.INTER_CUBIC)


def still(image: np.ndarray, kind: str, quality: int) -> np.ndarray:
    flag = cv2.IMWRITE_JPEG_QUALITY if kind == ".jpg" else cv2.IMWRITE_WEBP_QUALITY
    return cv2.imdecode(cv2.imencode(kind, image, [flag, quality])[1], cv2.IMREAD_COLOR)


def degrade(both: np.ndarray, strength: float, rng: np.random.Generator) -> np.ndarray:
    """both: uint8 [2,h,w,3]. `strength` 0..1: how far losses go at most; at 0 nothing happens. Same shape and type."""
    if strength <= 0 or rng.random() < 0.12:
        return both
    h, w = both.shape[1:3]
    seed = int(rng.integers(2**31))

    def one(image: np.ndarray) -> np.ndarray:
        draw = np.random.default_rng(seed)
        image = np.ascontiguousarray(image)
        if draw.random() < 0.45:
            factor = 1 - strength * float(draw.uniform(0, 0.5))
            small = cv2.resize(image, (round(w * factor), round(h * factor)), interpolation=cv2.INTER_AREA)
            if draw.random() < 0.5:
                small = still(small, ".jpg", int(100 - strength * draw.integers(5, 60)))
            image = cv2.resize(small, (w, h), interpolation=ENLARGE[draw.integers(2)])
        if draw.random() < 0.2:
            image = cv2.GaussianBlur(image, (0, 0), 0.3 + strength * float(draw.uniform(0, 0.9)))
        if draw.random() < 0.2:
            image = np.clip(image + draw.standard_normal(image.shape) * strength * draw.uniform(0, 6), 0, 255).astype(np.uint8)
        if draw.random() < 0.65:
            image = still(image, ".jpg" if draw.random() < 0.9 else ".webp", int(100 - strength * draw.integers(5, 65)))
        return image

    return np.stack([one(image) for image in both])
