"""Trains the face-manipulation network and exports it.

    python3 scripts/train/face-manipulation/train.py --data DATA --out models/face-manipulation

Makes the training and validation pairs first where they are missing (make.py), trains for fixed numbers of steps with a
fixed seed on one thread, keeps an average of the weights, writes checkpoints, then runs export.py and evaluate.py.

Three stages. The first starts from random numbers and knows alterations inside stills only (version 1.1.0). From easy to hard:
it begins with pairs as they were made, whose traces are plain; losses (degrade.py) grow from step to step, and pairs that went
through real encoders join later. Begun with heavy losses, a network from random weights learns little. The second learns heads
generated as a whole and frames of real videos, and forgets part of what it knew; its weights are taken most of the way from the
first (mix.py). The third goes over new pairs and is held near the first where that is at home (Li & Hoiem, "Learning without
forgetting", ECCV 2016): on pairs made from stills its logit is drawn to the logit that the first stage gives. What ships is the mean
of the logits of the first and the third (joined.py).
"""
import argparse
import math
import os
import subprocess
import sys
import time
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from degrade import degrade
from net import Net, logit_of
from start import exported, start_from

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "common"))
from precision import autocast  # noqa: E402

CROP, MARGIN, PLACES = 128, 16, 16
BATCH = 32
"""Pairs: twice as many crops."""
DECAY, SMOOTH = 0.02, 0.02
KEEP = 0.997
"""Share of the average that stays at each step."""


@dataclass(frozen=True)
class Stage:
    """How one stage is trained; parts of the training set without and with real encoders, and how many pairs each holds."""

    plain: tuple[str, ...]
    coded: tuple[str, ...]
    pairs: tuple[int, int]
    steps: int
    rate: float
    ramp: tuple[float, float]
    """Shares of the steps between which losses grow to full strength."""
    join: float
    """Share of the steps after which coded pairs join."""
    coded_share: float
    """Their share of a batch from then on."""
    stop: int
    """It ends after so many; the rate falls as if it went on to `steps`."""
    near: float
    """Weight of staying near the first stage."""
    inside: bool
    """Alterations inside stills only: no generated heads, no frames of videos."""


FIRST = Stage(("plain-train-11", "plain-train-12"), ("train-21", "train-22"), (16000, 10000), 12000, 3e-3, (0.05, 0.4), 0.25, 0.5, 12000, 0, True)
SECOND = Stage(("plain-train-31",), ("train-41",), (6000, 2400), 6100, 1e-3, (-0.05, 0.15), 0.08, 0.5, 6100, 0, False)
THIRD = Stage(("plain-train-51", "plain-train-52", "plain-train-71", "plain-train-72"), ("train-61", "train-81", "train-82"), (3000, 2033), 5000, 1.5e-3, (-0.05, 0.1), 0.0, 0.4, 5000, 0.5, False)
VALIDATION, VALIDATION_PAIRS = ("plain-val-51", "val-61"), 300
SHARE = 0.85
"""Of the second stage's weights, against the first's."""
SOFTNESS = 2.0
"""Temperature at which logits are compared."""
KINDS = ("self-blended", "swap", "regenerated", "mouth", "eyes", "reenacted", "remade", "gan", "animation")
"""As in make.py; from the seventh on, and where the whole picture was regenerated, the head as a whole is generated."""
WHOLE, FULL = 6, 250


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


def loss_of(kinds, places, targets, labels):
    """labels: [n] of the altered ones, 1 altered inside, 2 generated as a whole."""
    n = len(kinds) // 2
    of = torch.cat([torch.zeros(n, dtype=torch.long), labels])
    whole = F.cross_entropy(torch.cat([torch.zeros(2 * n, 1), kinds], 1), of, label_smoothing=SMOOTH)
    where = F.binary_cross_entropy_with_logits(places, targets)
    logits = logit_of(kinds)
    # Content is the same on both sides of most pairs: what is left is the alteration.
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
        with autocast():
            kinds, _ = net(pixels)
        out.append(logit_of(kinds.float()).reshape(2, -1).T.numpy())
    net.train()
    return np.concatenate(out)


class Pairs:
    """One part of the training set, in a new random order each time round, read from disk as needed."""

    def __init__(self, folder: str, part: str, without: str, rng: np.random.Generator):
        base, self.rng = os.path.join(folder, part), rng
        self.crops, self.masks = np.load(f"{base}.crops.npy", mmap_mode="r"), np.load(f"{base}.masks.npy", mmap_mode="r")
        made = int(open(f"{base}.count").read())
        kinds = np.load(f"{base}.kinds.npy")[:made]
        whole = np.array([kind >= WHOLE or self.masks[k].mean() > FULL for k, kind in enumerate(kinds)])
        self.labels = np.where(whole, 2, 1)
        self.at_home = ~whole & ~np.load(f"{base}.video.npy")[:made]
        self.usable = np.array([k for k, kind in enumerate(kinds) if KINDS[kind] != without])
        self.order, self.at = np.zeros(0, int), 0

    def take(self, n: int) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray, np.ndarray]:
        """Crops, masks, the label of the altered one (1 inside, 2 as a whole), and whether the first stage knew such pairs."""
        if self.at + n > len(self.order):
            self.order, self.at = self.rng.permutation(self.usable), 0
        chosen = self.order[self.at : self.at + n]
        self.at += n
        return [self.crops[k] for k in chosen], [self.masks[k] for k in chosen], self.labels[chosen], self.at_home[chosen]


def validate(net: Net, base: str) -> str:
    crops, masks = np.load(f"{base}.crops.npy", mmap_mode="r"), np.load(f"{base}.masks.npy")
    kinds = np.load(f"{base}.kinds.npy")
    logits = logits_of(net, crops, masks)
    parts = [f"all {auc(logits[:, 0], logits[:, 1]):.3f}"]
    parts += [f"{name} {auc(logits[:, 0], logits[kinds == k, 1]):.3f}" for k, name in enumerate(KINDS) if (kinds == k).any()]
    return "\t".join(parts)


def staying_near(logits: torch.Tensor, before: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of the softened logits against those of the network before, [n] each."""
    return F.binary_cross_entropy_with_logits(logits / SOFTNESS, torch.sigmoid(before / SOFTNESS)) * SOFTNESS**2


def train(folder: str, name: str, without: str, stage: Stage, start: str, first: str) -> None:
    """From the weights of the exported model `start`, or random ones without it, to <name>.pt, averaged over the last steps; its
    log beside it. `first`: the exported model that it is held near."""
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    plain, coded = ([Pairs(folder, part, without, rng) for part in parts] for parts in (stage.plain, stage.coded))
    net = Net().to(memory_format=torch.channels_last)
    before = exported(first).to(memory_format=torch.channels_last) if stage.near else None
    if start:
        some = [batch_of(*plain[0].take(BATCH)[:2], rng, True, 0.5)[0] for _ in range(8)]
        start_from(start, net, some)
    mean = Net()
    mean.load_state_dict(net.state_dict())
    grouped = [{"params": [p for p in net.parameters() if p.ndim > 1], "weight_decay": DECAY},
               {"params": [p for p in net.parameters() if p.ndim == 1], "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(grouped, lr=stage.rate)
    steps, began, total = stage.steps, time.time(), 0.0
    with open(os.path.join(folder, f"log-{name}.tsv"), "w") as log:
        for step in range(stage.stop):
            rate = stage.rate * min(1, (step + 1) / 40) * 0.5 * (1 + math.cos(math.pi * step / steps))
            for group in optimiser.param_groups:
                group["lr"] = max(rate, 1e-5)
            strength = min(1.0, max(0.0, (step / steps - stage.ramp[0]) / (stage.ramp[1] - stage.ramp[0])))
            hard = round(BATCH * stage.coded_share) if step >= int(stage.join * steps) else 0
            *pairs, labels, at_home = plain[step % len(plain)].take(BATCH - hard)
            pixels, targets = batch_of(*pairs, rng, True, strength)
            if hard:
                # What an encoder did to the coded pairs is loss enough: milder ones only.
                *pairs, more, known = coded[step % len(coded)].take(hard)
                pixels, targets = joined((pixels, targets), batch_of(*pairs, rng, True, 0.3))
                labels, at_home = np.concatenate([labels, more]), np.concatenate([at_home, known])
            with autocast():
                kinds, places = net(pixels)
            loss = loss_of(kinds.float(), places.float(), targets, torch.from_numpy(labels))
            if before:
                chosen = torch.from_numpy(np.flatnonzero(np.concatenate([at_home, at_home])))
                with torch.no_grad(), autocast():
                    known, _ = before(pixels[chosen].contiguous(memory_format=torch.channels_last))
                loss = loss + stage.near * staying_near(logit_of(kinds.float()[chosen]), known.float()[:, 0])
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
                if (step + 1) % 300 == 0 or step + 1 == stage.stop:
                    line += "".join(f"\t{part}: " + validate(mean, os.path.join(folder, part)) for part in VALIDATION)
                    torch.save(mean.state_dict(), os.path.join(folder, f"{name}.pt"))
                print(line, flush=True)
                print(line, file=log, flush=True)


def run(script: str, *arguments: str) -> None:
    subprocess.run([sys.executable, os.path.join(HERE, script), *arguments], check=True)


def make(options, part: str, pairs: int, inside: bool) -> None:
    """Runs make.py where a part is missing."""
    if os.path.exists(os.path.join(options.cache, "face-manipulation", f"{part}.count")):
        return
    *plain, split, seed = part.split("-")
    run("make.py", "--data", options.data, "--cache", options.cache, "--split", split, "--pairs", str(pairs), "--seed", seed,
        *(["--plain"] if plain else []), *(["--inside"] if inside else []))


def prepare(options, stage: Stage) -> None:
    """Everything that a stage learns from, where it is missing."""
    if not stage.inside:
        run("heads.py", "--data", options.data, "--cache", options.cache)
        if not os.path.exists(os.path.join(options.cache, "face-manipulation", "frames.npz")):
            run("video_faces.py", "--data", options.data, "--cache", options.cache)
    for parts, pairs in zip((stage.plain, stage.coded), stage.pairs):
        for part in parts:
            make(options, part, pairs, stage.inside)
    for part in VALIDATION:
        make(options, part, VALIDATION_PAIRS, False)


def done(options, name: str, stage: Stage, before: str) -> str:
    """The exported model of an earlier stage; trained where it is missing."""
    folder = os.path.join(options.cache, "face-manipulation")
    path = os.path.join(folder, name, "model.onnx")
    if not os.path.exists(path):
        prepare(options, stage)
        train(folder, name, "", stage, before, "")
        if before:
            run("mix.py", "--cache", options.cache, "--before", before, "--after", name, "--share", str(SHARE), "--out", f"{name}-mixed")
        run("export.py", "--cache", options.cache, "--checkpoint", f"{name}-mixed" if before else name, "--out", os.path.dirname(path))
    return path


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--cache", default=".cache/train")
    parser.add_argument("--without", default="", help="a kind to leave out of the last stage, for the leave-one-out check; nothing is exported")
    parser.add_argument("--first", default="", help="an exported model in place of training the first stage")
    parser.add_argument("--second", default="", help="an exported model in place of training the second stage")
    options = parser.parse_args()
    folder = os.path.join(options.cache, "face-manipulation")
    torch.set_num_threads(1)
    first = options.first or done(options, "first", FIRST, "")
    second = options.second or done(options, "second", SECOND, first)
    prepare(options, THIRD)
    name = f"without-{options.without}" if options.without else "third"
    train(folder, name, options.without, THIRD, second, first)
    if options.without:
        return
    run("export.py", "--cache", options.cache, "--before", first, "--checkpoint", "third", "--out", options.out)
    run("evaluate.py", "--data", options.data, "--cache", options.cache, "--out", options.out)


if __name__ == "__main__":
    main()
