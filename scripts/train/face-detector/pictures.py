"""The labelled pictures that scenes are composed of: one split, at most 320 px, kept as JPEG bytes in memory and in a cache beside the labels."""
import os
import pickle
import sys

import cv2
import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "common"))
from splits import splits  # noqa: E402

LARGEST = 320
# Least teacher score of a picture that is used: below it the label itself is doubtful.
SURE = 0.8


class Pictures:
    """Pictures with one labelled face each: RGB, box (x, y, w, h), five points [5,2], all in the picture's pixels."""

    def __init__(self, data: str, labels: str, split: str):
        cached = f"{os.path.splitext(labels)[0]}-{split}-{LARGEST}.pickle"
        if not os.path.exists(cached):
            self.read(data, labels, split)
            with open(cached + ".part", "wb") as file:
                pickle.dump((self.jpeg, self.box, self.five, self.wide, self.tight), file)
            os.replace(cached + ".part", cached)
        with open(cached, "rb") as file:
            self.jpeg, self.box, self.five, self.wide, self.tight = pickle.load(file)
        self.parts: list[np.ndarray] = []

    def read(self, data: str, labels: str, split: str) -> None:
        table = np.load(labels)
        wanted = np.flatnonzero((splits(table) == split) & (table["score"] >= SURE))
        self.jpeg, self.box, self.five = [], [], []
        wide, tight = [], []
        for i in wanted:
            path = str(table["paths"][i])
            image = cv2.imread(os.path.join(data, path))
            if image is None:
                continue
            scale = min(1.0, LARGEST / max(image.shape[:2]))
            if scale < 1:
                image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            box = table["box"][i] * scale
            k = len(self.jpeg)
            (wide if box[3] < 0.85 * image.shape[0] and "utkface" not in path else tight).append(k)
            self.jpeg.append(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 95])[1])
            self.box.append(box)
            self.five.append(table["five"][i] * scale)
        # Wide pictures show the head with its surroundings; tight ones are cut at forehead and chin.
        self.wide, self.tight = np.array(wide), np.array(tight)

    def __len__(self) -> int:
        return len(self.jpeg)

    def image(self, k: int) -> np.ndarray:
        """uint8 RGB."""
        return cv2.imdecode(self.jpeg[k], cv2.IMREAD_COLOR)[:, :, ::-1]

    def pick(self, rng: np.random.Generator, wide: float) -> int:
        """A random picture; with the probability `wide` one that shows more than the face."""
        group = self.wide if rng.random() < wide and len(self.wide) else self.tight
        return int(group[rng.integers(len(group))])
