"""What happens to a picture after it was taken or generated; drawn once per pair, so that both classes get the same."""
import cv2
import numpy as np

INTERPOLATIONS = (cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_AREA, cv2.INTER_LANCZOS4)


#: Width of the border of a re-made tile that is thrown away: padding leaves marks there that no frame's inside has.
MARGIN = 8


#: Standard deviations, pixels, of the blur that parts coarse from fine: with the largest, nearly all that shows was re-made.
COARSE = (1.2, 14)


def composed(genuine: np.ndarray, made: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """
    What a better trained generator of the same build would make: the coarse picture and its colours from the genuine one,
    the fine structure re-made, for half of the pictures with some of the genuine detail left. uint8 [n,h,w,3].
    """
    sigma, gain = float(np.exp(random.uniform(*np.log(COARSE)))), random.uniform(0.8, 1.5)
    share = 1.0 if random.random() < 0.5 else random.uniform(0.5, 1)
    found = []
    for g, m in zip(genuine.astype(np.float32), made.astype(np.float32)):
        coarse, other = cv2.GaussianBlur(g, (0, 0), sigma), cv2.GaussianBlur(m, (0, 0), sigma)
        found.append(coarse + gain * share * (m - other) + (1 - share) * (g - coarse))
    return np.clip(np.rint(np.stack(found)), 0, 255).astype(np.uint8)


def compressed(picture: np.ndarray, kind: str, quality: int) -> np.ndarray:
    flag = cv2.IMWRITE_JPEG_QUALITY if kind == ".jpg" else cv2.IMWRITE_WEBP_QUALITY
    coded = cv2.imencode(kind, cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [flag, quality])[1]
    return cv2.cvtColor(cv2.imdecode(coded, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def transfer(genuine: np.ndarray, made: np.ndarray) -> np.ndarray:
    """How a generator weakens each frequency, averaged over rings, at most 1.5: [n,n/2+1]."""
    power = [np.mean([np.abs(np.fft.rfft2(p[..., 1].astype(np.float32))) ** 2 for p in s[:100]], 0) for s in (genuine, made)]
    n = genuine.shape[1]
    u = np.minimum(np.arange(n), n - np.arange(n))[:, None]
    ring = np.rint(np.hypot(u, np.arange(n // 2 + 1)[None])).astype(int)
    sums = [np.bincount(ring.ravel(), p.ravel()) for p in power]
    gain = np.sqrt(np.minimum(sums[1] / (sums[0] + 1e-3), 2.25))
    return np.convolve(np.pad(gain, 2, mode="edge"), np.ones(5) / 5, "valid")[ring].astype(np.float32)


def softened(picture: np.ndarray, gain: np.ndarray) -> np.ndarray:
    """A genuine picture with a generator's mean sharpness but without its traces, so that blur alone tells nothing."""
    bands = np.fft.rfft2(picture.astype(np.float32), axes=(0, 1)) * gain[..., None]
    return np.clip(np.rint(np.fft.irfft2(bands, picture.shape[:2], axes=(0, 1))), 0, 255).astype(np.uint8)


#: Least and most resizing, drawn evenly on a log scale.
SCALES = (0.5, 2.0)
#: Left around the patch until the end, so that filters and block grids meet no border and lie anywhere.
SPARE = 16


def plan(random: np.random.Generator, side: int, patch: int, coded: bool) -> list:
    """
    Steps to apply, in order, to a picture of side x side, ending in a window of patch x patch. `coded`: it went through a
    video encoder already, so that little more happens to it.
    """
    steps, scale = [], 1.0
    if random.random() < (0.25 if coded else 0.5):
        low = max(SCALES[0], (patch + 1) / side)
        scale = float(np.exp(random.uniform(np.log(low), np.log(SCALES[1]))))
    # Only as much of the picture as the patch needs is worked on.
    part = min(side, int(np.ceil((patch + SPARE) / scale)))
    y, x = random.integers(0, side - part + 1, 2)
    steps.append(("window", y, x, part))
    now = max(patch, round(part * scale))
    steps.append(("resize", part, now, int(random.integers(4))))
    if random.random() < (0.1 if coded else 0.3):
        steps.append(("blur", random.uniform(0.3, 1.5)) if random.random() < 0.75 else ("sharpen", random.uniform(0.2, 1.0)))
    if random.random() < (0.1 if coded else 0.25):
        steps.append(("noise", random.uniform(0.7, 6), int(random.integers(1 << 31)), random.random() < 0.5))
    if random.random() < 0.3:
        steps.append(("tone", random.uniform(0.75, 1.25), random.uniform(-20, 20), random.uniform(0.9, 1.1, 3)))
    for chance in (0.25, 0.1) if coded else (0.5, 0.1):
        if random.random() < chance:
            steps.append(("compress", ".jpg" if random.random() < 0.8 else ".webp", int(random.integers(30, 99))))
    y, x = random.integers(0, now - patch + 1, 2)
    steps.append(("window", y, x, patch))
    if random.random() < 0.5:
        steps.append(("flip",))
    return steps


def apply(picture: np.ndarray, steps: list) -> np.ndarray:
    for step in steps:
        name = step[0]
        if name == "resize" and step[1] != step[2]:
            picture = cv2.resize(picture, (step[2], step[2]), interpolation=INTERPOLATIONS[step[3]])
        elif name == "window":
            picture = picture[step[1] : step[1] + step[3], step[2] : step[2] + step[3]]
        elif name == "blur":
            picture = cv2.GaussianBlur(picture, (5, 5), step[1])
        elif name == "sharpen":
            picture = cv2.addWeighted(picture, 1 + step[1], cv2.GaussianBlur(picture, (5, 5), 1), -step[1], 0)
        elif name == "noise":
            random = np.random.default_rng(step[2])
            shape = (*picture.shape[:2], 1 if step[3] else 3)
            picture = np.clip(picture + random.standard_normal(shape, np.float32) * step[1], 0, 255).astype(np.uint8)
        elif name == "tone":
            picture = np.clip(((picture - 128.0) * step[1] + 128 + step[2]) * step[3], 0, 255).astype(np.uint8)
        elif name == "compress":
            picture = compressed(np.ascontiguousarray(picture), step[1], step[2])
        elif name == "flip":
            picture = picture[:, ::-1]
    return np.ascontiguousarray(picture)
