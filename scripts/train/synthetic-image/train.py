"""Trains the synthetic-image network and writes models/synthetic-image: one command from the data to the model.

    /usr/bin/python3 scripts/train/synthetic-image/train.py --data ../shared/data --out models/synthetic-image

Steps, each kept in the work folder and not repeated: face labels, generators and pairs (make_generated.py), encoded clips
(make_clips.py), whole generated heads (make_heads.py), training here, evaluation (evaluate.py), export with card and README
(export.py). One thread, fixed seeds.
"""
import argparse
import copy
import math
import os
import subprocess
import sys
import time

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from net import SyntheticImage
from pairs import Pairs

HERE = os.path.dirname(__file__)
sys.path.insert(0, os.path.join(HERE, "..", "common"))
from precision import autocast  # noqa: E402

#: Each phase starts from the mean weights of the one before: steps, pairs a step, side of the patches, share of whole
#: StyleGAN heads, share of these that stand against other genuine faces than FFHQ's, highest rate, file. The first sees no
#: StyleGAN picture, so that what it makes of a generator of others can be measured unseen.
PHASES = (
    (600, 32, 64, 0.0, 0.0, 2e-3, "net-without-stylegan"),
    (4300, 24, 96, 0.65, 0.0, 2e-3, "net-ffhq"),
    (1100, 24, 96, 0.65, 0.45, 1e-3, "net"),
)
DECAY = 0.995
#: Steps between two validations.
EVERY = 500
SEED = 5
#: Without these the C library gives every large array back to the system at once and has it cleared again for the next,
#: which takes more than half of the time of a step.
MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(1 << 34), "MALLOC_TOP_PAD_": str(1 << 28)}


def tensor(patches: list) -> torch.Tensor:
    return torch.from_numpy(np.stack(patches)).permute(0, 3, 1, 2).float().contiguous(memory_format=torch.channels_last)


def auc(genuine: np.ndarray, made: np.ndarray) -> float:
    both = np.concatenate([genuine, made])
    ranks = np.empty(len(both))
    ranks[np.argsort(both, kind="stable")] = np.arange(1, len(both) + 1)
    return float((ranks[len(genuine) :].sum() - len(made) * (len(made) + 1) / 2) / (len(genuine) * len(made)))


@torch.no_grad()
def logits(net: SyntheticImage, patches: np.ndarray) -> np.ndarray:
    """patches: uint8 [n,h,w,3]."""
    net.eval()
    found = []
    for start in range(0, len(patches), 32):
        with autocast():
            found.append(net(tensor(list(patches[start : start + 32])))[0].float().numpy())
    return np.concatenate(found)


def validate(net: SyntheticImage, pairs: Pairs) -> dict:
    """Area under the curve on single patches of what nothing was trained on."""
    return {name: auc(logits(net, genuine), logits(net, made)) for name, genuine, made in pairs.for_validation()}


def learn(work: str) -> None:
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    train, val = Pairs(work, "train"), Pairs(work, "val")
    torch.manual_seed(SEED)
    mean = SyntheticImage().to(memory_format=torch.channels_last)
    log_path = os.path.join(work, "training-log.tsv")
    for number, (*setting, name) in enumerate(PHASES):
        path = os.path.join(work, f"{name}.pt")
        if number + 1 < len(PHASES) and os.path.exists(path):
            mean.load_state_dict(torch.load(path))
            continue
        torch.manual_seed(SEED + number)
        with open(log_path, "a" if number else "w", encoding="utf-8") as log:
            phase(mean, train, val, np.random.default_rng(SEED + number), *setting, f"{path}.part", number, log)
        os.replace(f"{path}.part", path)


def phase(mean, train, val, random, steps, count, patch, share, others, highest, path, number, log) -> None:
    """Trains a copy of `mean`, whose weights follow as a running mean; saves it with every validation."""
    net = copy.deepcopy(mean)
    optimiser = torch.optim.AdamW(net.parameters(), highest, weight_decay=1e-3)
    began, total = time.time(), 0.0
    for step in range(steps):
        rate = min(1, (step + 1) / 100) * (0.5 + 0.5 * math.cos(math.pi * step / steps))
        for group in optimiser.param_groups:
            group["lr"] = highest * rate + 2e-5
        drawn = [train.draw(random, patch, random.random() < share, others) for _ in range(count)]
        x = tensor([g for g, _ in drawn] + [m for _, m in drawn])
        target = torch.cat([torch.full((count,), 0.02), torch.full((count,), 0.98)])
        net.train()
        with autocast():
            logit, heat = net(x)
        logit, heat = logit.float(), heat.float()
        # The same content with and without traces must be told apart, whatever else it shows.
        apart = F.softplus(logit[:count] - logit[count:]).mean()
        cells = F.binary_cross_entropy_with_logits(heat, target[:, None, None].expand_as(heat))
        loss = F.binary_cross_entropy_with_logits(logit, target) + 0.5 * apart + 0.2 * cells
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimiser.step()
        total += loss.item()
        with torch.no_grad():
            decay = min(DECAY, (step + 1) / (step + 20))
            for a, b in zip(mean.state_dict().values(), net.state_dict().values()):
                if a.dtype.is_floating_point:
                    a.mul_(decay).add_(b, alpha=1 - decay)
                else:
                    a.copy_(b)
        if (step + 1) % EVERY == 0:
            row = {"phase": number + 1, "step": step + 1, "loss": total / EVERY, **validate(mean, val)}
            if not log.tell():
                log.write("\t".join(row) + "\n")
            log.write("\t".join(str(v) if isinstance(v, int) else f"{v:.4f}" for v in row.values()) + "\n")
            log.flush()
            print(f"{time.time() - began:.0f} s", {k: round(v, 3) for k, v in row.items()}, flush=True)
            total = 0.0
            torch.save(mean.state_dict(), path)


def main() -> None:
    if any(os.environ.get(name) != value for name, value in MEMORY.items()):
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **MEMORY})
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--work", default=".cache/train/synthetic-image")
    parser.add_argument("--labels", default=".cache/train/faces.npz")
    options = parser.parse_args()
    run = lambda script, *more: subprocess.run([sys.executable, os.path.join(HERE, script), *more], check=True)
    if not os.path.exists(options.labels):
        run("../common/label_faces.py", "--data", options.data, "--out", os.path.dirname(options.labels))
    run("make_generated.py", "--data", options.data, "--labels", options.labels, "--out", options.work)
    if not os.path.exists(os.path.join(options.work, "clips", "val.npz")):
        run("make_clips.py", "--out", options.work)
    run("make_heads.py", "--data", options.data, "--labels", options.labels, "--out", options.work)
    learn(options.work)
    run("evaluate.py", "--data", options.data, "--labels", options.labels, "--work", options.work)
    run("export.py", "--data", options.data, "--work", options.work, "--out", options.out)


if __name__ == "__main__":
    main()
