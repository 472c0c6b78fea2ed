"""Weights between two trainings of the same network: what was learnt late and what was known before.

    python3 scripts/train/face-manipulation/mix.py --cache .cache/train --before OLD.onnx --after second --share 0.85 --out second-mixed

Fine-tuning forgets; the straight line between the weights before and after often keeps most of both (Wortsman et al., "Robust
fine-tuning of zero-shot models", CVPR 2022). Both are brought to the exported form first (normalisations folded into the
convolutions), so that their scales agree.
"""
import argparse
import os

import torch
from net import Net
from start import exported, normalised

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


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("before", "after", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--cache", default=".cache/train")
    parser.add_argument("--share", type=float, required=True, help="0: before, 1: after")
    options = parser.parse_args()
    torch.set_num_threads(1)
    folder = os.path.join(options.cache, "face-manipulation")
    before, after = exported(options.before), Net()
    after.load_state_dict(torch.load(os.path.join(folder, f"{options.after}.pt")))
    # A second kind that the model before did not know has no weights to go between.
    new = folded(after)
    a, b = before.state_dict(), new.state_dict()
    a["last.weight"][1], a["last.bias"][1] = b["last.weight"][1], b["last.bias"][1]
    net = Net()
    net.load_state_dict({k: (1 - options.share) * a[k] + options.share * b[k] if a[k].dtype.is_floating_point else a[k] for k in a})
    torch.save(net.state_dict(), os.path.join(folder, f"{options.out}.pt"))


if __name__ == "__main__":
    main()
