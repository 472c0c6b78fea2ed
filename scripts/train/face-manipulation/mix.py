"""Weights between two trainings of the same network: what was learnt late and what was known before.

    python3 scripts/train/face-manipulation/mix.py --cache .cache/train --before OLD.onnx --after third --out main

Fine-tuning forgets; the straight line between the weights before and after often keeps most of both (Wortsman et al., "Robust
fine-tuning of zero-shot models", CVPR 2022). Both are brought to the exported form first (normalisations folded into the
convolutions), so that their scales agree. How far along the line is chosen on the validation pairs: of the shares at which
alterations inside a picture are told as well as before, the one at which generated heads are told best.
"""
import argparse
import os

import numpy as np
import torch
from net import Net
from start import exported, normalised
from train import VALIDATION, WHOLE, auc, logits_of

SHARES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
ROOM = 0.005
"""By so much the area under the curve of alterations inside a picture may be lower than before."""


@torch.no_grad()
def folded(net: Net) -> Net:
    """The same network with every normalisation folded into the convolution before it."""
    for conv, norm in normalised(net.eval()):
        gain = norm.weight / (norm.running_var + norm.eps).sqrt()
        bias = norm.bias - norm.running_mean * gain
        conv.weight.mul_(gain[:, None, None, None])
        norm.running_mean.zero_()
        norm.running_var.fill_(1 - norm.eps)
        norm.weight.fill_(1)
        norm.bias.copy_(bias)
    return net


def told(net: Net, folder: str) -> tuple[float, float]:
    """Area under the curve of alterations inside a picture and of generated heads, each against the unaltered of its own pairs;
    mean over the validation parts."""
    values = []
    for part in VALIDATION:
        base = os.path.join(folder, part)
        logits = logits_of(net, np.load(f"{base}.crops.npy", mmap_mode="r"), np.load(f"{base}.masks.npy"))
        whole = np.load(f"{base}.kinds.npy") >= WHOLE
        values.append([auc(logits[k, 0], logits[k, 1]) for k in (~whole, whole)])
    inside, heads = np.mean(values, 0)
    return float(inside), float(heads)


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("before", "after", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--cache", default=".cache/train")
    parser.add_argument("--share", type=float, help="0: before, 1: after; without it, chosen")
    options = parser.parse_args()
    torch.set_num_threads(1)
    folder = os.path.join(options.cache, "face-manipulation")
    before, after = exported(options.before), Net()
    least = told(before, folder)[0] - ROOM
    after.load_state_dict(torch.load(os.path.join(folder, f"{options.after}.pt")))
    # A second kind that the model before did not know has no weights to go between.
    new = folded(after)
    a, b = before.state_dict(), new.state_dict()
    a["last.weight"][1], a["last.bias"][1] = b["last.weight"][1], b["last.bias"][1]
    found = []
    for share in SHARES if options.share is None else (options.share,):
        net = Net()
        net.load_state_dict({k: (1 - share) * a[k] + share * b[k] if a[k].dtype.is_floating_point else a[k] for k in a})
        inside, heads = told(net, folder)
        print(f"share {share}: inside {inside:.3f} (at least {least:.3f}), generated heads {heads:.3f}", flush=True)
        found.append((inside >= least, heads if inside >= least else inside, share, net))
    *_, share, net = max(found, key=lambda one: one[:3])
    print(f"chosen: {share}")
    torch.save(net.state_dict(), os.path.join(folder, f"{options.out}.pt"))


if __name__ == "__main__":
    main()
