"""Writes model.onnx from a checkpoint: uint8 NHWC in, normalisation inside, `logit` [n], `heat` [n,16,16] and `kinds` [n,2] out.

    python3 scripts/train/face-manipulation/export.py --cache .cache/train --out models/face-manipulation

Checks with the ONNX checker that the graph is sound; evaluate.py compares its numbers with PyTorch's.
"""
import argparse
import os

import onnx
import torch
import torch.nn as nn
from net import Net, logit_of

ID, OPSET = "face-manipulation", 13


class Exported(nn.Module):
    def __init__(self, net: Net):
        super().__init__()
        self.net = net

    def forward(self, faces: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        kinds, places = self.net(faces.permute(0, 3, 1, 2).float())
        return logit_of(kinds), torch.sigmoid(places), kinds


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data")
    parser.add_argument("--cache", default=".cache/train")
    parser.add_argument("--checkpoint", default="main")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    net = Net().eval()
    net.load_state_dict(torch.load(os.path.join(options.cache, "face-manipulation", f"{options.checkpoint}.pt")))
    os.makedirs(options.out, exist_ok=True)
    path = os.path.join(options.out, "model.onnx")
    torch.onnx.export(Exported(net).eval(), torch.zeros(2, 128, 128, 3, dtype=torch.uint8), path, opset_version=OPSET,
                      input_names=["faces"], output_names=["logit", "heat", "kinds"], do_constant_folding=True,
                      dynamic_axes={"faces": {0: "n"}, "logit": {0: "n"}, "heat": {0: "n"}, "kinds": {0: "n"}})
    model = onnx.load(path)
    onnx.checker.check_model(model)
    print(f"{path}: {os.path.getsize(path)} bytes, {len(model.graph.node)} nodes")


if __name__ == "__main__":
    main()
