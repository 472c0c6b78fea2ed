"""Makes altered faces from unaltered ones. Pictures float32 [h,w,3] BGR, 0..255; masks float32 [h,w], 0..1.

Self-blending follows Shiohara & Yamasaki (CVPR 2022), loss of resolution before warping Li & Lyu (CVPRW 2019), colour
transfer Reinhard et al. (2001).
"""
from dataclasses import dataclass

import cv2
import numpy as np
from regenerate import Decoders, regenerate

JAW, BROWS, EYES, NOSE, MOUTH = slice(0, 17), slice(17, 27), slice(36, 48), slice(27, 36), slice(48, 68)
GRID = 24


@dataclass
class Face:
    """One face on its canvas: picture, 68 points (iBUG order) and five points, in pixels."""

    image: np.ndarray
    points: np.ndarray
    five: np.ndarray


def hull(points: np.ndarray, shape: tuple) -> np.ndarray:
    mask = np.zeros(shape[:2], np.float32)
    cv2.fillConvexPoly(mask, cv2.convexHull(points.astype(np.float32)).astype(np.int32), 1)
    return mask


def face_scale(face: Face) -> float:
    """Distance between the eyes, pixels."""
    return float(np.linalg.norm(face.five[1] - face.five[0]))


def face_mask(face: Face, rng: np.random.Generator) -> np.ndarray:
    """A region that swaps exchange: inner face, whole face with forehead, or lower face."""
    p, unit = face.points, face_scale(face)
    up = (p[BROWS].mean(0) - p[8]) / np.linalg.norm(p[BROWS].mean(0) - p[8])
    draw = rng.random()
    if draw < 0.35:
        chosen = p
    elif draw < 0.65:
        chosen = np.vstack([p, p[BROWS] + up * unit * rng.uniform(0.1, 0.6)])
    elif draw < 0.85:
        shrink = rng.uniform(0.75, 0.98)
        chosen = np.vstack([p[JAW] * shrink + p[30] * (1 - shrink), p[BROWS]])
    else:
        chosen = np.vstack([p[2:15], p[NOSE]])
    return hull(chosen, face.image.shape)


def soften(mask: np.ndarray, unit: float, rng: np.random.Generator) -> np.ndarray:
    """Elastic deformation, erosion or dilation, blur; each of random strength in units of the distance of the eyes."""
    h, w = mask.shape
    if rng.random() < 0.7:
        nodes = int(rng.integers(4, 9))
        shift = cv2.resize(rng.standard_normal((nodes, nodes, 2)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
        shift *= unit * float(rng.uniform(0.02, 0.12))
        ys, xs = np.mgrid[:h, :w].astype(np.float32)
        mask = cv2.remap(mask, xs + shift[..., 0], ys + shift[..., 1], cv2.INTER_LINEAR)
    size = max(1, int(unit * rng.uniform(0, 0.2)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    mask = cv2.erode(mask, kernel) if rng.random() < 0.6 else cv2.dilate(mask, kernel)
    return cv2.GaussianBlur(mask, (0, 0), max(0.6, unit * float(rng.uniform(0.01, 0.2))))


def disturb_colour(image: np.ndarray, rng: np.random.Generator, strength: float = 1.0) -> np.ndarray:
    out = image + rng.uniform(-14, 14, 3).astype(np.float32) * strength
    if rng.random() < 0.6:
        hsv = cv2.cvtColor(np.clip(out, 0, 255) / 255, cv2.COLOR_BGR2HSV)
        hsv[..., 0] = (hsv[..., 0] + rng.uniform(-10, 10) * strength) % 360
        hsv[..., 1] = np.clip(hsv[..., 1] * (1 + rng.uniform(-0.3, 0.3) * strength), 0, 1)
        out = cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR) * 255
    gain = 1 + rng.uniform(-0.12, 0.12) * strength
    return np.clip((out - 128) * gain + 128 + rng.uniform(-12, 12) * strength, 0, 255).astype(np.float32)


def disturb_sharpness(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    h, w = image.shape[:2]
    draw = rng.random()
    if draw < 0.5:
        factor = float(rng.choice([0.35, 0.5, 0.65, 0.8]))
        down, up = rng.choice([cv2.INTER_AREA, cv2.INTER_LINEAR]), rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_NEAREST], p=[0.5, 0.4, 0.1])
        return cv2.resize(cv2.resize(image, (round(w * factor), round(h * factor)), interpolation=int(down)), (w, h), interpolation=int(up))
    if draw < 0.8:
        return np.clip(image + float(rng.uniform(0.3, 1.2)) * (image - cv2.GaussianBlur(image, (0, 0), 1.2)), 0, 255)
    return cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.5, 1.6)))


def reinhard(source: np.ndarray, target: np.ndarray, mask: np.ndarray, strength: float) -> np.ndarray:
    """Gives `source` the mean and spread of `target` inside the mask, in Lab."""
    inside = mask > 0.5
    if inside.sum() < 30:
        return source
    a = cv2.cvtColor(np.clip(source, 0, 255) / 255, cv2.COLOR_BGR2LAB)
    b = cv2.cvtColor(np.clip(target, 0, 255) / 255, cv2.COLOR_BGR2LAB)
    ma, sa, mb, sb = a[inside].mean(0), a[inside].std(0), b[inside].mean(0), b[inside].std(0)
    moved = (a - ma) * np.clip(sb / (sa + 1e-3), 0.6, 1.6) + mb
    out = cv2.cvtColor((a + strength * (moved - a)).astype(np.float32), cv2.COLOR_LAB2BGR) * 255
    return np.clip(out, 0, 255)


def thin_plate(source: np.ndarray, target: np.ndarray, shape: tuple, smooth: float = 1.0) -> np.ndarray:
    """Map [h,w,2] that says, per target pixel, where in the source to look: thin-plate spline on a coarse grid."""
    h, w = shape[:2]
    n = len(target)

    def kernel(d2: np.ndarray) -> np.ndarray:
        return d2 * np.log(d2 + 1e-6)

    t = target / 100.0
    system = np.zeros((n + 3, n + 3))
    system[:n, :n] = kernel(((t[:, None] - t[None]) ** 2).sum(-1)) + np.eye(n) * smooth * 1e-2
    system[:n, n], system[:n, n + 1 :] = 1, t
    system[n, :n], system[n + 1 :, :n] = 1, t.T
    weights = np.linalg.solve(system, np.vstack([source, np.zeros((3, 2))]))
    gx, gy = np.meshgrid(np.linspace(0, w - 1, GRID), np.linspace(0, h - 1, GRID))
    grid = np.stack([gx, gy], -1).reshape(-1, 2) / 100
    at = kernel(((grid[:, None] - t[None]) ** 2).sum(-1)) @ weights[:n] + weights[n] + grid @ weights[n + 1 :]
    coarse = at.reshape(GRID, GRID, 2).astype(np.float32)
    # resize places samples at cell centres; remap by corners instead.
    ys, xs = np.mgrid[:h, :w].astype(np.float32)
    return cv2.remap(coarse, xs * ((GRID - 1) / (w - 1)), ys * ((GRID - 1) / (h - 1)), cv2.INTER_LINEAR)


def warp_face(donor: Face, target_points: np.ndarray, shape: tuple) -> np.ndarray:
    where = thin_plate(donor.points, target_points, shape)
    return cv2.remap(donor.image, where, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)


def blend(below: np.ndarray, above: np.ndarray, mask: np.ndarray) -> np.ndarray:
    return below + mask[..., None] * (above - below)


def clone(below: np.ndarray, above: np.ndarray, mask: np.ndarray) -> np.ndarray | None:
    """Poisson blending; None where the mask reaches the picture's border."""
    binary = (mask > 0.5).astype(np.uint8) * 255
    x, y, w, h = cv2.boundingRect(binary)
    if w < 12 or h < 12 or x < 2 or y < 2 or x + w > mask.shape[1] - 2 or y + h > mask.shape[0] - 2:
        return None
    centre = (x + w // 2, y + h // 2)
    return cv2.seamlessClone(np.clip(above, 0, 255).astype(np.uint8), np.clip(below, 0, 255).astype(np.uint8), binary, centre,
                             cv2.NORMAL_CLONE).astype(np.float32)


def self_blended(face: Face, _: Face | None, decoders: Decoders, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    unit = face_scale(face)
    mask = soften(face_mask(face, rng), unit, rng)
    other = face.image
    if rng.random() < 0.8:
        other = disturb_colour(other, rng)
    if rng.random() < 0.65:
        other = disturb_sharpness(other, rng)
    h, w = other.shape[:2]
    zoom = rng.uniform(0.95, 1.05, 2)
    shift = rng.uniform(-0.06, 0.06, 2) * unit
    centre = face.points.mean(0)
    matrix = np.float32([[zoom[0], 0, centre[0] * (1 - zoom[0]) + shift[0]], [0, zoom[1], centre[1] * (1 - zoom[1]) + shift[1]]])
    other = cv2.warpAffine(other, matrix, (w, h), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    mask = mask * float(rng.choice([0.4, 0.6, 0.8, 1, 1, 1]))
    if rng.random() < 0.5:
        return blend(face.image, other, mask), mask
    # The transformed copy is the frame, the untouched one the face.
    return blend(other, face.image, mask), mask


def swap(face: Face, donor: Face, decoders: Decoders, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    unit = face_scale(face)
    mask = soften(face_mask(face, rng), unit, rng)
    jitter = rng.standard_normal((68, 2)) * unit * 0.012
    other = donor
    if rng.random() < 0.6:
        other = Face(regenerate(donor.image, donor.five, decoders, rng), donor.points, donor.five)
    above = warp_face(other, face.points + jitter, face.image.shape)
    if rng.random() < 0.5:
        size = float(rng.choice([48, 64, 96, 128])) / (2.4 * unit)
        if size < 1:
            h, w = above.shape[:2]
            above = cv2.resize(cv2.resize(above, (round(w * size), round(h * size)), interpolation=cv2.INTER_AREA), (w, h), interpolation=cv2.INTER_CUBIC)
    above = reinhard(above, face.image, mask, float(rng.choice([0.6, 0.85, 1, 1])))
    if rng.random() < 0.2:
        done = clone(face.image, above, mask)
        if done is not None:
            return done, mask
    return blend(face.image, above, mask), mask


def regenerated(face: Face, _: Face | None, decoders: Decoders, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    made = regenerate(face.image, face.five, decoders, rng)
    if rng.random() < 0.35:
        return made, np.ones(made.shape[:2], np.float32)
    mask = soften(face_mask(face, rng), face_scale(face), rng)
    return blend(face.image, made, mask), mask


def moved_points(face: Face, part: slice, rng: np.random.Generator, strength: float) -> np.ndarray:
    """The points with one part opened, closed, shifted and stretched."""
    p = face.points.copy()
    unit = face_scale(face)
    centre = p[part].mean(0)
    stretch = 1 + rng.uniform(-0.25, 0.35, 2) * strength
    p[part] = (p[part] - centre) * stretch + centre + rng.uniform(-0.06, 0.06, 2) * unit * strength
    return p


def part_mask(face: Face, part: slice, rng: np.random.Generator, reach: float) -> np.ndarray:
    unit = face_scale(face)
    mask = hull(face.points[part], face.image.shape)
    size = max(3, int(unit * reach * rng.uniform(0.6, 1.4)))
    return soften(cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))), unit * 0.6, rng)


def mouth(face: Face, donor: Face, decoders: Decoders, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Lip-sync edits: the mouth or the lower face warped, exchanged or regenerated."""
    unit = face_scale(face)
    lower = rng.random() < 0.4
    mask = soften(hull(np.vstack([face.points[3:14], face.points[31:36]]), face.image.shape), unit * 0.7, rng) if lower \
        else part_mask(face, MOUTH, rng, 0.5)
    if rng.random() < 0.35:
        above = reinhard(warp_face(donor, face.points, face.image.shape), face.image, mask, 1)
    else:
        where = thin_plate(face.points, moved_points(face, MOUTH, rng, 1), face.image.shape)
        above = cv2.remap(face.image, where, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    if rng.random() < 0.85:
        above = regenerate(above, face.five, decoders, rng)
    if rng.random() < 0.5:
        above = disturb_colour(above, rng, 0.35)
    return blend(face.image, above, mask), mask


def eyes(face: Face, donor: Face, decoders: Decoders, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    mask = part_mask(face, slice(17, 27) if rng.random() < 0.2 else EYES, rng, 0.3)
    above = warp_face(donor, face.points, face.image.shape) if rng.random() < 0.6 else face.image
    above = regenerate(reinhard(above, face.image, mask, 1).astype(np.float32), face.five, decoders, rng)
    return blend(face.image, above, mask), mask


def reenacted(face: Face, _: Face | None, decoders: Decoders, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Expression and small pose changes of the same person, regenerated and blended back."""
    unit = face_scale(face)
    goal = moved_points(face, MOUTH, rng, 0.8)
    goal[EYES] = moved_points(face, EYES, rng, 0.3)[EYES]
    goal = goal + rng.standard_normal(2) * unit * 0.03
    where = thin_plate(face.points, goal, face.image.shape)
    above = cv2.remap(face.image, where, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    above = regenerate(above, face.five, decoders, rng)
    mask = soften(face_mask(face, rng), unit, rng)
    return blend(face.image, above, mask), mask


KINDS = {"self-blended": (self_blended, 0.36), "swap": (swap, 0.28), "regenerated": (regenerated, 0.13),
         "mouth": (mouth, 0.11), "eyes": (eyes, 0.04), "reenacted": (reenacted, 0.08)}
