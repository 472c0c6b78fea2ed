"""Weights between two trainings of the same network: what was learnt late and what was known before.

    python3 scripts/train/face-manipulation/mix.py --before OLD.onnx --after main.pt --share 0.85 --cache .cache/train --out mixed.pt

Fine-tuning forgets; the straight line between the weights before and after often keeps most of both (Wortsman et al., "Robust
fine-tuning of zero-shot models", CVPR 2022). Both are brought to the exported form first (normalisations folded into the
convolutions), so that their scales agree.
"""
import argparse
import os

import numpy as np
import torch
import torch.nn as nn
from net import Net
from start import start_from
from train import SECOND, batch_of


@torch.no_grad()
def folded(net: Net) -> Net:
    """The same network with every normalisation folded into the convolution before it."""
    for pair in net.eval().modules():
        if isinstance(pair, nn.Sequential) and len(pair) == 2 and isinstance(pair[1], nn.BatchNorm2d):
            conv, norm = pair
            gain = norm.weight / (norm.running_var + norm.eps).sqrt()
            bias = norm.bias - norm.running_mean * gain
            conv.weight.mul_(gain[:, None, None, None])
            norm.running_mean.zero_()
            norm.running_var.fill_(1 - norm.eps)
            norm.weight.fill_(1)
            norm.bias.copy_(bias)
    return net


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("before", "after", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--share", type=float, required=True, help="0: before, 1: after")
    parser.add_argument("--cache", default=".cache/train")
    options = parser.parse_args()
    base = os.path.join(options.cache, "face-manipulation", SECOND.plain[0])
    crops, masks = np.load(f"{base}.crops.npy", mmap_mode="r"), np.load(f"{base}.masks.npy", mmap_mode="r")
    rng = np.random.default_rng(0)
    batches = [batch_of(list(crops[k : k + 24]), list(masks[k : k + 24]), rng, True, 0.7)[0] for k in range(0, 240, 24)]
    before, after = Net(), Net()
    start_from(options.before, before, batches)
    after.load_state_dict(torch.load(options.after))
    a, b = folded(before).state_dict(), folded(after).state_dict()
    torch.save({k: (1 - options.share) * a[k] + options.share * b[k] if a[k].dtype.is_floating_point else a[k] for k in a}, options.out)


if __name__ == "__main__":
    main()
