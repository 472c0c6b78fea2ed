"""Writes the table of numbers against which main/signals/faces/align.ts is tested: transforms and crops made by align.py.

    /usr/bin/python3 scripts/train/common/align_table.py main/signals/faces/align-table.json

The picture is the one that align.test.ts makes: red, green and blue are smooth functions of x and y.
"""
import json
import sys

import numpy as np
from align import crop_transform, cut_face

WIDTH, HEIGHT, SIZE = 160, 120, 16
CASES = {
    "frontal": [[60, 50], [90, 50], [75, 66], [63, 82], [87, 82]],
    "turned": [[70, 40], [96, 52], [76, 62], [62, 70], [84, 82]],
    "large, over the border": [[20, 30], [120, 28], [72, 80], [30, 128], [112, 126]],
    "small": [[100, 90], [108, 90.5], [104, 95], [101, 99], [107.5, 99]],
}


def picture() -> np.ndarray:
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float64)
    waves = [127.5 + 100 * np.sin(x / 17 + y / 29), 127.5 + 100 * np.cos(x / 23), 127.5 + 100 * np.sin(y / 19)]
    return np.floor(np.stack(waves, 2) + 0.5).astype(np.uint8)


def main() -> None:
    table = []
    for name, points in CASES.items():
        five = np.float64(points)
        for context in (1.0, 1.6):
            table.append({
                "name": name, "context": context, "landmarks": five.reshape(-1).tolist(),
                "transform": np.round(crop_transform(five, SIZE, context), 5).reshape(-1).tolist(),
                "crop": cut_face(picture(), five, SIZE, context).reshape(-1).tolist(),
            })
    with open(sys.argv[1], "w") as file:
        json.dump({"width": WIDTH, "height": HEIGHT, "size": SIZE, "cases": table}, file)
        file.write("\n")


if __name__ == "__main__":
    main()
