"""Writes model.onnx from a checkpoint: uint8 NHWC in, normalisation inside, `logit` [n], `heat` [n,16,16] and `kinds` [n,2] out.

    python3 scripts/train/face-manipulation/export.py --cache .cache/train --out models/face-manipulation

With --before OLD.onnx both are joined (joined.py), and the logit is shifted so that as many unaltered validation crops of stills
read 0 or more as before: neither logit's zero means anything, and so a score says about as much as it did.
Checks with the ONNX checker that the graph is sound; evaluate.py compares its numbers with PyTorch's.
"""
import argparse
import os

import numpy as np
import onnx
import torch
import torch.nn as nn
from joined import Joined
from net import Net
from start import exported
from train import VALIDATION, WHOLE, logits_of

ID, OPSET = "face-manipulation", 13


class Exported(nn.Module):
    def __init__(self, joined: Joined):
        super().__init__()
        self.joined = joined

    def forward(self, faces: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        return self.joined(faces.permute(0, 3, 1, 2).float())


def shift_of(folder: str, before: Net, after: Net) -> float:
    """What to take from the mean of both, in units of the logit."""
    read = []
    for part in VALIDATION:
        base = os.path.join(folder, part)
        inside = np.load(f"{base}.kinds.npy") < WHOLE
        crops, masks = np.load(f"{base}.crops.npy", mmap_mode="r"), np.load(f"{base}.masks.npy")
        read.append(np.stack([logits_of(net, crops, masks)[inside, 0] for net in (before, after)]))
    before_logits, after_logits = np.concatenate(read, 1)
    return float(np.quantile((before_logits + after_logits) / 2, (before_logits < 0).mean()))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data")
    parser.add_argument("--cache", default=".cache/train")
    parser.add_argument("--checkpoint", default="third")
    parser.add_argument("--before", default="", help="an exported model to join it with")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    folder = os.path.join(options.cache, "face-manipulation")
    net = Net().eval()
    net.load_state_dict(torch.load(os.path.join(folder, f"{options.checkpoint}.pt")))
    joined = Joined([net])
    if options.before:
        before = exported(options.before)
        joined = Joined([before, net], shift_of(folder, before, net))
        print(f"joined with {options.before}, shifted by {float(joined.shift):.3f}")
    os.makedirs(options.out, exist_ok=True)
    path = os.path.join(options.out, "model.onnx")
    torch.onnx.export(Exported(joined).eval(), torch.zeros(2, 128, 128, 3, dtype=torch.uint8), path, opset_version=OPSET,
                      input_names=["faces"], output_names=["logit", "heat", "kinds"], do_constant_folding=True,
                      dynamic_axes={"faces": {0: "n"}, "logit": {0: "n"}, "heat": {0: "n"}, "kinds": {0: "n"}})
    model = onnx.load(path)
    onnx.checker.check_model(model)
    print(f"{path}: {os.path.getsize(path)} bytes, {len(model.graph.node)} nodes")


if __name__ == "__main__":
    main()
