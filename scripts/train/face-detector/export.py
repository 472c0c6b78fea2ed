"""Writes model.onnx, card.json and README.md. Figures are added by scripts/models/measure-faces.ts.

    /usr/bin/python3 scripts/train/face-detector/export.py --weights WEIGHTS --data ../shared/data --out models/face-detector
"""
import argparse
import copy
import hashlib
import json
import os
import warnings

import torch
from torch import nn

from net import Detector, cells, decode, flatten
from pictures import Pictures
from readme import readme

VERSION = "1.0.0"


class Exported(nn.Module):
    """uint8 RGB [n,h,w,3] to [n,cells,15]: score 0..1, x, y, width, height, five (x, y), pixels of the input."""

    def __init__(self, model: Detector, height: int, width: int):
        super().__init__()
        self.model = model
        middles, strides = cells(height, width)
        self.register_buffer("middles", middles)
        self.register_buffer("strides", strides)

    def forward(self, pixels):
        rows = decode(flatten(self.model(pixels.permute(0, 3, 1, 2).float())), self.middles, self.strides)
        corner = rows[..., 1:3] - rows[..., 3:5] * 0.5
        return torch.cat([rows[..., :1].sigmoid(), corner, rows[..., 3:]], -1)


def export(model: Detector, out: str, data: str, pictures: int, history: str = "", height: int = 192, width: int = 320) -> None:
    """history: a sentence on how the weights came about, where it was not by the build command alone."""
    wrapped = Exported(copy.deepcopy(model).to(memory_format=torch.contiguous_format), height, width).eval()
    path = os.path.join(out, "model.onnx")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            wrapped, torch.zeros(2, height, width, 3, dtype=torch.uint8), path + ".part", opset_version=13,
            input_names=["pixels"], output_names=["faces"], dynamic_axes={"pixels": {0: "batch"}, "faces": {0: "batch"}},
        )
    os.replace(path + ".part", path)
    with open(path, "rb") as file:
        sha256 = hashlib.sha256(file.read()).hexdigest()
    count = len(wrapped.middles)
    card = {
        "format": "assay-model-card-1",
        "id": "face-detector",
        "version": VERSION,
        "title": "Face detector with five points",
        "sha256": sha256,
        "licence": "see README.md: trained in part on pictures for non-commercial research",
        "kind": "frame-classifier",
        "inputs": [{
            "name": "pixels", "dtype": "uint8", "layout": "NHWC", "dims": ["batch", height, width, 3],
            "meaning": "RGB picture, reduced by area and never enlarged, in the upper left corner; black beyond its right and lower edge.",
        }],
        "outputs": [{
            "name": "faces", "dtype": "float32", "layout": "NTF", "dims": ["batch", count, 15],
            "meaning": "One candidate per cell of the strides 8, 16 and 32: score 0 to 1, left, top, width, height, then x and y of the eye on "
                       "the picture's left, the eye on its right, nose tip, mouth corner on the left and on the right, in pixels of the input. "
                       "Overlapping candidates are not yet suppressed.",
        }],
        "intendedUse": "Finds faces from about 12 px height in its input, frontal to three-quarter, so that other measurements know where to look. "
                       "It says nothing about whether a face was manipulated, and recognises nobody.",
        "knownFailures": [
            "Behind YuNet at 640 × 384 at few false positives (see the figures), and with more false finds on pictures without a face; ahead of UltraLight and of YuNet at its own input size.",
            "Profiles beyond three-quarter, faces turned by more than about 40 degrees in the picture plane, and faces that are mostly covered are missed.",
            "Drawn, painted and printed faces, and statues, may be found as faces.",
            "Box and points follow the open detector that labelled the training pictures, with its errors.",
        ],
        "evaluation": [],
        "build": "/usr/bin/python3 scripts/train/face-detector/train.py --data ../shared/data --out models/face-detector",
    }
    with open(os.path.join(out, "card.json"), "w") as file:
        json.dump(card, file, indent=2, ensure_ascii=False)
        file.write("\n")
    with open(os.path.join(data, "MANIFEST.tsv"), "rb") as file:
        manifest = hashlib.sha256(file.read()).hexdigest()
    with open(os.path.join(out, "README.md"), "w") as file:
        file.write(readme(sum(p.numel() for p in model.parameters()), manifest, pictures, card["build"], history))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--weights", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--labels", default=".cache/train/faces.npz")
    parser.add_argument("--history", default="", help="how the weights came about, for the README")
    options = parser.parse_args()
    model = Detector()
    model.load_state_dict(torch.load(options.weights))
    export(model.eval(), options.out, options.data, len(Pictures(options.data, options.labels, "train")), options.history)


if __name__ == "__main__":
    main()
