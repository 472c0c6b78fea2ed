"""Writes model.onnx from a checkpoint: uint8 NHWC in, normalisation inside, `logit` [n], `heat` [n,16,16] and `kinds` [n,2] out.

    python3 scripts/train/face-manipulation/export.py --cache .cache/train --out models/face-manipulation

With --before OLD.onnx both are joined (joined.py), and the logit is shifted so that as many unaltered validation crops of stills
read 0 or more as with the first network alone: neither logit's zero means anything, and so a score says about as much as it did.
With --networks MODEL.onnx its networks are taken in place of both.
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
from start import exported, exported_all
from train import VALIDATION, WHOLE, logits_of

ID, OPSET = "face-manipulation", 13


class AsOne(nn.Module):
    """Joined networks as one that knows one kind, for `logits_of`."""

    def __init__(self, joined: Joined):
        super().__init__()
        self.joined = joined

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, None]:
        return self.joined(x)[0][:, None], None


class Exported(nn.Module):
    def __init__(self, joined: Joined):
        super().__init__()
        self.joined = joined

    def forward(self, faces: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        return self.joined(faces.permute(0, 3, 1, 2).float())


def shift_of(folder: str, joined: Joined) -> float:
    """What to take from the mean, in units of the logit."""
    read = []
    for part in VALIDATION:
        base = os.path.join(folder, part)
        inside = np.load(f"{base}.kinds.npy") < WHOLE
        crops, masks = np.load(f"{base}.crops.npy", mmap_mode="r"), np.load(f"{base}.masks.npy")
        read.append(np.stack([logits_of(net, crops, masks)[inside, 0] for net in (joined.nets[0], AsOne(joined))]))
    first, mean = np.concatenate(read, 1)
    return float(np.quantile(mean, (first < 0).mean()))


def networks(folder: str, checkpoint: str, before: str) -> list[Net]:
    net = Net()
    net.load_state_dict(torch.load(os.path.join(folder, f"{checkpoint}.pt")))
    return [exported(before), net] if before else [net]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data")
    parser.add_argument("--cache", default=".cache/train")
    parser.add_argument("--checkpoint", default="third")
    parser.add_argument("--before", default="", help="an exported model to join it with")
    parser.add_argument("--networks", default="", help="an exported model whose networks are exported again, the one trained last at the end")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    folder = os.path.join(options.cache, "face-manipulation")
    joined = Joined(exported_all(options.networks) if options.networks else networks(folder, options.checkpoint, options.before)).eval()
    if len(joined.nets) > 1:
        joined.shift.fill_(shift_of(folder, joined))
        print(f"{len(joined.nets)} networks joined, shifted by {float(joined.shift):.3f}")
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
