"""Trains the face-manipulation network from scratch and exports it.

    python3 scripts/train/face-manipulation/train.py --data DATA --out models/face-manipulation

Makes the training and validation pairs first where they are missing (make.py), trains for a fixed number of steps with a
fixed seed on one thread, keeps an average of the weights, writes checkpoints, then runs export.py and evaluate.py.

From easy to hard: it begins with pairs as they were made, whose traces are plain; losses (degrade.py) grow from step to step,
and pairs that went through real encoders join later. Begun with heavy losses, a network from random weights learns little.
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
from degrade import degrade
from net import Net

HERE = os.path.dirname(os.path.abspath(__file__))
CROP, MARGIN, PLACES = 128, 16, 16
BATCH = 32
"""Pairs: twice as many crops."""
DECAY, SMOOTH = 0.02, 0.02
KEEP = 0.997
"""Share of the average that stays at each step."""
PLAIN, CODED = ("plain-train-11", "plain-train-12"), ("train-21", "train-22")
"""Parts of the training set without and with real encoders."""
PLAIN_PAIRS, CODED_PAIRS = 16000, 10000
RAMP, JOIN, CODED_SHARE = (0.05, 0.4), 0.25, 0.5
"""Shares of the steps between which losses grow to full strength; share after which coded pairs join, and their share of a
batch from then on."""
VALIDATION = ("plain-val-11", "val-21")
STEPS, RATE = 12000, 3e-3
KINDS = ("self-blended", "swap", "regenerated", "mouth", "eyes", "reenacted")


def batch_of(crops: list, masks: list, rng: np.random.Generator, train: bool, strength: float = 0.0):
    """Float crops [2n,3,128,128] (unaltered first), mask targets [2n,16,16]. `strength` of losses: 0..1."""
    n = len(crops)
    pixels = torch.empty(2 * n, 3, CROP, CROP)
    targets = torch.zeros(2 * n, PLACES, PLACES)
    for k in range(n):
        # Multiples of 4, so that the stored mask (one cell per 4 pixels) moves along exactly.
        y, x = (rng.integers(0, MARGIN // 4 + 1, 2) if train else (2, 2))
        seen = degrade(crops[k][:, 4 * y : 4 * y + CROP, 4 * x : 4 * x + CROP], strength, rng)
        both = torch.from_numpy(seen.astype(np.float32)).permute(0, 3, 1, 2)
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


def joined(a: tuple, b: tuple) -> tuple[torch.Tensor, torch.Tensor]:
    """Two batches as one, the unaltered first."""
    pixels, targets = (torch.cat([v[k] for k in (0, 1) for v in ((x[: len(x) // 2], x[len(x) // 2 :]), (y[: len(y) // 2], y[len(y) // 2 :]))])
                       for x, y in zip(a, b))
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
    """One part of the training set, in a new random order each time round, read from disk as needed."""

    def __init__(self, folder: str, part: str, pairs: int, without: str, rng: np.random.Generator):
        base, self.rng = os.path.join(folder, part), rng
        # A part is waited for, so that training may begin while it is being made.
        while not os.path.exists(f"{base}.count") or int(open(f"{base}.count").read() or 0) < pairs:
            time.sleep(2)
        self.crops, self.masks = np.load(f"{base}.crops.npy", mmap_mode="r"), np.load(f"{base}.masks.npy", mmap_mode="r")
        kinds = np.load(f"{base}.kinds.npy")[:pairs]
        self.usable = np.array([k for k, kind in enumerate(kinds) if KINDS[kind] != without])
        self.order, self.at = np.zeros(0, int), 0

    def take(self, n: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
        if self.at + n > len(self.order):
            self.order, self.at = self.rng.permutation(self.usable), 0
        chosen = self.order[self.at : self.at + n]
        self.at += n
        return [self.crops[k] for k in chosen], [self.masks[k] for k in chosen]


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
    plain = [Pairs(folder, part, PLAIN_PAIRS, without, rng) for part in PLAIN]
    coded: list[Pairs] = []
    net = Net().to(memory_format=torch.channels_last)
    mean = Net()
    mean.load_state_dict(net.state_dict())
    grouped = [{"params": [p for p in net.parameters() if p.ndim > 1], "weight_decay": DECAY},
               {"params": [p for p in net.parameters() if p.ndim == 1], "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(grouped, lr=RATE)
    began, total = time.time(), 0.0
    with open(os.path.join(folder, f"log-{name}.tsv"), "w") as log:
        for step in range(steps):
            rate = RATE * min(1, (step + 1) / 40) * 0.5 * (1 + math.cos(math.pi * step / steps))
            for group in optimiser.param_groups:
                group["lr"] = max(rate, 1e-5)
            if step == int(JOIN * steps):
                coded = [Pairs(folder, part, CODED_PAIRS, without, rng) for part in CODED]
            strength = min(1.0, max(0.0, (step / steps - RAMP[0]) / (RAMP[1] - RAMP[0])))
            hard = round(BATCH * CODED_SHARE) if coded else 0
            easy = batch_of(*plain[step % len(plain)].take(BATCH - hard), rng, True, strength)
            # What an encoder did to the coded pairs is loss enough: milder ones only.
            pixels, targets = joined(easy, batch_of(*coded[step % len(coded)].take(hard), rng, True, 0.3)) if hard else easy
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
                if (step + 1) % 250 == 0 or step + 1 == steps:
                    line += "".join(f"\t{part}: " + validate(mean, os.path.join(folder, part)) for part in VALIDATION)
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
    for part, pairs in ((VALIDATION[0], 600), (VALIDATION[1], 500), *((p, PLAIN_PAIRS) for p in PLAIN), *((p, CODED_PAIRS) for p in CODED)):
        if not os.path.exists(os.path.join(folder, f"{part}.count")):
            *plain, split, seed = part.split("-")
            subprocess.run([sys.executable, os.path.join(HERE, "make.py"), "--data", options.data, "--cache", options.cache, "--split", split,
                            "--pairs", str(pairs), "--seed", seed, *(["--plain"] if plain else [])], check=True)
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
