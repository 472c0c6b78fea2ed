"""Trains the face-manipulation network from scratch and exports it.

    python3 scripts/train/face-manipulation/train.py --data DATA --out models/face-manipulation

Makes the training and validation pairs first where they are missing (make.py), trains for a fixed number of steps with a
fixed seed on one thread, keeps an average of the weights, writes checkpoints, then runs export.py and evaluate.py.
"""
import argparse
import math
import os
import subprocess
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from net import Net

HERE = os.path.dirname(os.path.abspath(__file__))
CROP, MARGIN, PLACES = 128, 16, 16
BATCH = 32
"""Pairs: twice as many crops."""
DECAY, SMOOTH = 0.02, 0.02
KEEP = 0.98
"""Share of the average that stays at each step."""
PAIRS, PARTS = 6400, ((1, 0), (2, 600))
"""Pairs per part of the training set; seed of each part and the step from which it is used. A part is waited for, so that
training may begin while the other is being made, and the result does not depend on how fast either is."""
STEPS, RATE = 1900, 3e-3
KINDS = ("self-blended", "swap", "regenerated", "mouth", "eyes", "reenacted")


def batch_of(crops: list, masks: list, rng: np.random.Generator, train: bool):
    """Float crops [2n,3,128,128] (unaltered first), mask targets [2n,16,16]."""
    n = len(crops)
    pixels = torch.empty(2 * n, 3, CROP, CROP)
    targets = torch.zeros(2 * n, PLACES, PLACES)
    for k in range(n):
        # Multiples of 4, so that the stored mask (one cell per 4 pixels) moves along exactly.
        y, x = (rng.integers(0, MARGIN // 4 + 1, 2) if train else (2, 2))
        both = torch.from_numpy(crops[k][:, 4 * y : 4 * y + CROP, 4 * x : 4 * x + CROP].astype(np.float32)).permute(0, 3, 1, 2)
        mask = torch.from_numpy(masks[k][y : y + CROP // 4, x : x + CROP // 4].astype(np.float32) / 255)
        mask = F.avg_pool2d(mask[None, None], 2)[0, 0]
        if train:
            if rng.random() < 0.5:
                both, mask = both.flip(3), mask.flip(1)
            gain, lift = 1 + rng.uniform(-0.15, 0.15), rng.uniform(-15, 15)
            both = ((both - 128) * gain + 128 + lift).clamp(0, 255)
        pixels[k], pixels[n + k] = both[0], both[1]
        targets[n + k] = mask
    return pixels.contiguous(memory_format=torch.channels_last), targets


def loss_of(logits, places, targets):
    n = len(logits) // 2
    labels = torch.cat([torch.full((n,), SMOOTH / 2), torch.full((n,), 1 - SMOOTH / 2)])
    whole = F.binary_cross_entropy_with_logits(logits, labels)
    where = F.binary_cross_entropy_with_logits(places, targets)
    # Content is the same on both sides of a pair: what is left is the alteration.
    order = F.softplus(logits[:n] - logits[n:]).mean()
    return whole + where + 0.5 * order


def auc(negative: np.ndarray, positive: np.ndarray) -> float:
    both = np.concatenate([negative, positive])
    rank = both.argsort().argsort() + 1.0
    return float((rank[len(negative):].sum() - len(positive) * (len(positive) + 1) / 2) / (len(negative) * len(positive)))


@torch.no_grad()
def logits_of(net: Net, crops: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """[n,2]: unaltered, altered."""
    net.eval()
    out = []
    rng = np.random.default_rng(0)
    for start in range(0, len(crops), 64):
        pixels, _ = batch_of(crops[start : start + 64], masks[start : start + 64], rng, False)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits, _ = net(pixels)
        out.append(logits.float().reshape(2, -1).T.numpy())
    net.train()
    return np.concatenate(out)


class Pairs:
    """The parts of the training set as one, read from disk as needed."""

    def __init__(self, folder: str):
        self.waiting = [(os.path.join(folder, f"train-{seed}"), first) for seed, first in PARTS]
        self.crops: list[np.ndarray] = []
        self.masks: list[np.ndarray] = []
        self.kinds: list[np.ndarray] = []

    def usable(self, step: int, without: str) -> np.ndarray:
        """[n,2]: part and place of the pairs in use at a step, of all kinds but one."""
        while self.waiting and step >= self.waiting[0][1]:
            base, _ = self.waiting.pop(0)
            while not os.path.exists(f"{base}.count") or int(open(f"{base}.count").read() or 0) < PAIRS:
                time.sleep(2)
            self.crops.append(np.load(f"{base}.crops.npy", mmap_mode="r"))
            self.masks.append(np.load(f"{base}.masks.npy", mmap_mode="r"))
            self.kinds.append(np.load(f"{base}.kinds.npy")[:PAIRS])
        return np.array([(part, k) for part, kinds in enumerate(self.kinds) for k, kind in enumerate(kinds) if KINDS[kind] != without])

    def take(self, places: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
        return [self.crops[part][k] for part, k in places], [self.masks[part][k] for part, k in places]


def validate(net: Net, base: str) -> str:
    crops, masks = np.load(f"{base}.crops.npy", mmap_mode="r"), np.load(f"{base}.masks.npy")
    kinds = np.load(f"{base}.kinds.npy")
    logits = logits_of(net, crops, masks)
    parts = [f"all {auc(logits[:, 0], logits[:, 1]):.3f}"]
    parts += [f"{name} {auc(logits[:, 0], logits[kinds == k, 1]):.3f}" for k, name in enumerate(KINDS) if (kinds == k).any()]
    return "\t".join(parts)


def train(folder: str, name: str, without: str, steps: int) -> None:
    """From random weights to <name>.pt, averaged over the last steps; its log beside it."""
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    pairs = Pairs(folder)
    net = Net().to(memory_format=torch.channels_last)
    mean = Net()
    mean.load_state_dict(net.state_dict())
    grouped = [{"params": [p for p in net.parameters() if p.ndim > 1], "weight_decay": DECAY},
               {"params": [p for p in net.parameters() if p.ndim == 1], "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(grouped, lr=RATE)
    began, order, at, total = time.time(), np.zeros((0, 2), int), 0, 0.0
    with open(os.path.join(folder, f"log-{name}.tsv"), "w") as log:
        for step in range(steps):
            rate = RATE * min(1, (step + 1) / 40) * 0.5 * (1 + math.cos(math.pi * step / steps))
            for group in optimiser.param_groups:
                group["lr"] = max(rate, 1e-5)
            if at + BATCH > len(order):
                order, at = rng.permutation(pairs.usable(step, without)), 0
            pixels, targets = batch_of(*pairs.take(order[at : at + BATCH]), rng, True)
            at += BATCH
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits, places = net(pixels)
            loss = loss_of(logits.float(), places.float(), targets)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimiser.step()
            total += float(loss)
            keep = min(KEEP, (step + 1) / (step + 10))
            with torch.no_grad():
                for a, b in zip(mean.state_dict().values(), net.state_dict().values()):
                    if a.dtype.is_floating_point:
                        a.mul_(keep).add_(b, alpha=1 - keep)
            if (step + 1) % 25 == 0:
                line = f"{step + 1}\t{total / 25:.4f}\t{time.time() - began:.0f}"
                total = 0.0
                if (step + 1) % 100 == 0 or step + 1 == steps:
                    line += "\t" + validate(mean, os.path.join(folder, "val-1"))
                    torch.save(mean.state_dict(), os.path.join(folder, f"{name}.pt"))
                print(line, flush=True)
                print(line, file=log, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--cache", default=".cache/train")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--without", default="", help="a kind to leave out, for the leave-one-out check; nothing is exported")
    options = parser.parse_args()
    folder = os.path.join(options.cache, "face-manipulation")
    for split, seed, pairs in (("val", 1, 500), *(("train", seed, PAIRS) for seed, _ in PARTS)):
        if not os.path.exists(os.path.join(folder, f"{split}-{seed}.count")):
            subprocess.run([sys.executable, os.path.join(HERE, "make.py"), "--data", options.data, "--cache", options.cache,
                            "--split", split, "--pairs", str(pairs), "--seed", str(seed)], check=True)
    torch.set_num_threads(1)
    name = f"without-{options.without}" if options.without else "main"
    train(folder, name, options.without, options.steps)
    if options.without:
        return
    for script in ("export.py", "evaluate.py"):
        subprocess.run([sys.executable, os.path.join(HERE, script), "--data", options.data, "--cache", options.cache,
                        "--out", options.out], check=True)


if __name__ == "__main__":
    main()
