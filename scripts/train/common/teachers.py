"""The open face detector and landmark nets that label training pictures. Used while training only; never shipped.

YuNet (Wu et al. 2023) for boxes and five points, PFLD (Guo et al. 2019) for 68 points in the iBUG order.
"""
import os

import cv2
import numpy as np

CANVAS = 640
STRIDES = (8, 16, 32)


class Yunet:
    """Boxes and five points on a 640 x 640 BGR canvas."""

    def __init__(self, data: str):
        self.net = cv2.dnn.readNetFromONNX(os.path.join(data, "weights/face-detection/yunet_n_640_640.onnx"))
        self.names = [f"{kind}_{s}" for s in STRIDES for kind in ("cls", "obj", "bbox", "kps")]

    def __call__(self, canvas: np.ndarray, threshold: float = 0.6) -> np.ndarray:
        """canvas: uint8 [640,640,3] BGR. Returns float32 [n,15]: x, y, w, h, five (x, y), score; pixels, best first."""
        self.net.setInput(cv2.dnn.blobFromImage(canvas))
        outputs = dict(zip(self.names, self.net.forward(self.names)))
        rows = []
        for stride in STRIDES:
            side = CANVAS // stride
            grid = np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2)
            cls, obj = (np.clip(outputs[f"{k}_{stride}"][0, :, 0], 0, 1) for k in ("cls", "obj"))
            score = np.sqrt(cls * obj)
            keep = score >= threshold
            box, points = outputs[f"bbox_{stride}"][0][keep], outputs[f"kps_{stride}"][0][keep]
            at = grid[keep]
            centre = (at + box[:, :2]) * stride
            size = np.exp(box[:, 2:]) * stride
            points = (points.reshape(-1, 5, 2) + at[:, None]) * stride
            rows.append(np.hstack([centre - size / 2, size, points.reshape(-1, 10), score[keep][:, None]]))
        found = np.concatenate(rows).astype(np.float32)
        if not len(found):
            return found
        kept = cv2.dnn.NMSBoxes(found[:, :4].tolist(), found[:, 14].tolist(), threshold, 0.3)
        return found[np.asarray(kept).reshape(-1)]


class Pfld:
    """68 points of one face."""

    def __init__(self, data: str):
        self.net = cv2.dnn.readNetFromONNX(os.path.join(data, "weights/face-landmarks/pfld.onnx"))

    def __call__(self, image: np.ndarray, face: np.ndarray) -> np.ndarray:
        """image: uint8 BGR; face: a row of Yunet. Returns float32 [68,2] pixels of the image."""
        x, y, w, h = face[:4]
        side = 1.15 * max(w, h)
        left, top = x + w / 2 - side / 2, y + h / 2 - side / 2
        to_crop = np.float32([[112 / side, 0, -left * 112 / side], [0, 112 / side, -top * 112 / side]])
        crop = cv2.warpAffine(image, to_crop, (112, 112), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
        blob = cv2.dnn.blobFromImage(crop, 1 / 255.0, swapRB=True)
        self.net.setInput(blob)
        points = self.net.forward("output" if "output" in self.net.getUnconnectedOutLayersNames() else None)
        return points.reshape(68, 2) * side + np.float32([left, top])
