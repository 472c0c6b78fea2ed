"""The aligned face crop that every face model sees; the same geometry as main/signals/faces/align.ts."""
import cv2
import numpy as np

TEMPLATE = np.float32([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]])
MIDDLE = np.float32([56, 62])
FACE_CONTEXT = 1.6


def crop_transform(five: np.ndarray, size: int, context: float = FACE_CONTEXT) -> np.ndarray:
    """five: [5,2] pixels. Returns float64 [2,3] from crop pixels (corner-based coordinates) to picture pixels."""
    target = (TEMPLATE - MIDDLE) * (size / (112 * context)) + size / 2
    t, p = target - target.mean(0), five - five.mean(0)
    norm = (t**2).sum()
    a, b = (t * p).sum() / norm, (t[:, 0] * p[:, 1] - t[:, 1] * p[:, 0]).sum() / norm
    turn = np.array([[a, -b], [b, a]])
    return np.hstack([turn, (five.mean(0) - turn @ target.mean(0))[:, None]])


def cut_face(image: np.ndarray, five: np.ndarray, size: int, context: float = FACE_CONTEXT) -> np.ndarray:
    """Aligned crop [size,size,3]; area-averaged where it shrinks the picture, border repeated outside."""
    matrix = crop_transform(np.asarray(five, np.float64), size, context)
    samples = int(min(4, max(1, round(float(np.hypot(matrix[0, 0], matrix[1, 0]))))))
    fine = matrix.copy()
    fine[:, :2] /= samples
    # cv2 puts pixel centres at whole numbers; ours lie at halves.
    fine[:, 2] = fine[:, :2] @ [0.5, 0.5] + matrix[:, 2] - 0.5
    crop = cv2.warpAffine(image, fine, (size * samples, size * samples),
                          flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)
    return crop if samples == 1 else cv2.resize(crop, (size, size), interpolation=cv2.INTER_AREA)
