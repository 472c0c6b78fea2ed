"""Trains the voice model by one command and writes model, card, README and log.

/usr/bin/python3 scripts/train/voice/train.py --data ../shared/data --start 1.1.0.onnx --out models/voice

Steps, each kept in the cache: Debian packages with speech (sources.py), small neural vocoders (neural.py), pairs of genuine
and generated speech (pool.py); then the classifier goes on from the weights of `--start`. In the last stage part of the
HiFi-GAN samples is mixed in: three sentences of each of two LJSpeech series (trained-on.tsv). The others, the ablations, the
VCTK speakers and SadTalker's clips are never trained on; scripts/evaluate-sets.ts leaves the trained ones out of every figure.
"""
import argparse
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from scipy.signal import resample_poly

import neural
import pool
import sources
from channel import RATE, disturb
from net import SAMPLES
from report import auc_interval, write_model
from resume import from_onnx

# Behind its own folder: both hold a splits.py.
sys.path.append(str(Path(__file__).parent.parent / "common"))
from precision import autocast  # noqa: E402

BATCH = 16
"""Samples of a training window: 2 s cost half of the 4 s that the model reads, and the net has no fixed length in time."""
CROP = 32_000
"""Steps, peak rate of learning and seed. Steps are fixed, never time, so that a run can be repeated."""
STAGES = {"first": (2000, 1.5e-3, 3), "more": (2200, 1.5e-3, 5), "samples": (300, 4e-4, 7)}
"""Windows of each class in a batch of the last stage that come from the HiFi-GAN samples."""
SAMPLES_EACH = 3
TRAINED_ON = Path(__file__).parent / "trained-on.tsv"
"""Generated pieces are moved a little towards 'unknown', so that scores stay away from the ends."""
SOFT = 0.03


def windows(sound, rows, rng, music) -> torch.Tensor:
    """[len(rows), CROP] float32: a window from each piece, disturbed."""
    out = np.empty((len(rows), CROP), np.float32)
    for i, row in enumerate(rows):
        start = rng.integers(0, len(sound[row]) - CROP)
        out[i] = disturb(sound[row][start : start + CROP] / 32768.0, rng, music)
    return torch.from_numpy(out)


def fit(net, draw, steps: int, peak: float, log, name: str, seed: int) -> None:
    """draw(rng) gives (samples [N, T], label [N])."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    optimiser = torch.optim.AdamW(net.parameters(), peak, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, peak, total_steps=steps, pct_start=0.15)
    net.train()
    total, began = 0.0, time.time()
    for step in range(1, steps + 1):
        samples, label = draw(rng)
        target = label * (1 - 2 * SOFT) + SOFT
        with autocast():
            logit, heat = net(samples)
        loss = F.binary_cross_entropy_with_logits(logit.float(), target)
        loss = loss + 0.3 * F.binary_cross_entropy_with_logits(heat.float(), target[:, None].expand_as(heat))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2)
        optimiser.step()
        schedule.step()
        total += loss.item()
        if step % 30 == 0:
            log.write(f"{name}\t{step}\t{total / 30:.4f}\n")
            log.flush()
            print(name, step, f"{total / 30:.4f}", f"{time.time() - began:.0f} s", flush=True)
            total = 0.0
    net.eval()


def scores(net, sound: list[np.ndarray]) -> np.ndarray:
    """Mean logit per recording over 4 s windows, 2 s apart."""
    out = []
    with torch.no_grad():
        for x in sound:
            x = np.resize(x, max(len(x), SAMPLES)).astype(np.float32) / 32768
            starts = range(0, len(x) - SAMPLES + 1, SAMPLES // 2)
            out.append(float(net(torch.from_numpy(np.stack([x[s : s + SAMPLES] for s in starts])))[0].mean()))
    return np.array(out)


def hifigan(data: Path):
    """Recordings of the HiFi-GAN samples: sound, label, variant family, group of texts and speakers, path."""
    rows = []
    for label, folder in [(0, "real"), (1, "fake")]:
        for path in sorted((data / "speech/hifigan" / folder).glob("*.flac")):
            name = path.stem[4:]
            group = name.split("_")[0]
            text = f"{group if group != 'as' else 'as'}-{name.rsplit('_', 1)[1]}"
            family = "genuine" if label == 0 else next(
                f for f in ("as", "hgan", "mg", "wg", "wn") if name.startswith("as") and f == "as" or f"_{f}" in name)
            rows.append((sources.decode(path, RATE), label, family, group, text, f"speech/hifigan/{folder}/{path.name}"))
    return rows


def draw_pool(held, music, batch: int = BATCH):
    """A function for fit(): half of the windows genuine, half generated, half of those copies of the genuine ones.

    In the pool a copy stands behind its original.
    """
    sound, label, part = held["sound"], held["label"], held["part"]
    genuine = np.flatnonzero((part == "train") & (label == 0))
    generated = np.flatnonzero((part == "train") & (label == 1))
    half = batch // 2
    labels = torch.tensor([0.0] * half + [1.0] * half)

    def draw(rng):
        own = rng.choice(genuine, half)
        other = np.concatenate([own[: half // 2] + 1, rng.choice(generated, half - half // 2)])
        return windows(sound, np.concatenate([own, other]), rng, music), labels

    return draw


def draw_samples(data: Path, draw_other, music):
    """As draw_pool, with windows of the HiFi-GAN samples in trained-on.tsv behind those of draw_other."""
    rows = [line.split("\t") for line in TRAINED_ON.read_text().splitlines()[1:]]
    sounds = [[sources.decode(data / path, RATE) for path, label, _ in rows if label == wanted]
              for wanted in ("genuine", "manipulated")]
    labels = torch.tensor([0.0] * SAMPLES_EACH + [1.0] * SAMPLES_EACH)

    def draw(rng):
        samples, label = draw_other(rng)
        own = [windows(kind, rng.integers(0, len(kind), SAMPLES_EACH), rng, music) for kind in sounds]
        return torch.cat([samples, *own]), torch.cat([label, labels])

    return draw


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--start", type=Path, required=True, help="model.onnx of the version to go on from")
    options.add_argument("--cache", type=Path, default=Path(".cache/train/voice"))
    given = options.parse_args()
    torch.set_num_threads(1)
    given.out.mkdir(parents=True, exist_ok=True)

    versions = sources.fetch(given.cache)
    neural.prepare(given.cache)
    held = pool.load(given.cache)
    sound, label, chain, part = held["sound"], held["label"], held["chain"], held["part"]
    music = resample_poly(sources.music(given.cache).astype(np.float32), 2, 3).astype(np.int16)

    draw = draw_pool(held, music)
    mixed = draw_samples(given.data, draw_pool(held, music, BATCH - 2 * SAMPLES_EACH), music)
    net = from_onnx(given.start, draw(np.random.default_rng(1))[0])
    for name, (steps, peak, seed) in STAGES.items():
        kept = given.cache / f"{name}.pt"
        if kept.exists():
            net.load_state_dict(torch.load(kept))
            continue
        with open(given.out / "training-log.tsv", "w" if name == "first" else "a") as log:
            if name == "first":
                log.write("stage\tstep\tloss\n")
            fit(net, mixed if name == "samples" else draw, steps, peak, log, name, seed)
        torch.save(net.state_dict(), kept)
    net.eval()
    rows = []
    test = np.flatnonzero(part == "test")
    logits = scores(net, [sound[i] for i in test])
    seen = np.array([c not in pool.HELD_OUT for c in chain[test]])
    for data, pick in [("own chains, speakers held out", seen), ("chains and speakers held out", ~seen | (label[test] == 0))]:
        rows.append(auc_interval(data, logits[pick], label[test][pick]))
    trained = {line.split("\t")[0] for line in TRAINED_ON.read_text().splitlines()[1:]}
    samples = [row for row in hifigan(given.data) if row[5] not in trained]
    rooms = [sources.decode(p, RATE) for p in sorted((given.data / "speech/sadtalker-audio/real").glob("*.flac"))]
    base = scores(net, [row[0] for row in samples] + rooms)
    truth = np.array([row[1] for row in samples] + [0] * len(rooms))
    family, group = (np.array([row[k] for row in samples] + ["sadtalker"] * len(rooms)) for k in (2, 3))
    near = group != "sadtalker"
    rows.append(auc_interval("HiFi-GAN samples not trained on", base[near], truth[near]))
    rows.append(auc_interval("the same with SadTalker's clips among the genuine", base, truth))
    for name, key in [("HiFi-GAN", "hgan"), ("HiFi-GAN ablations (no ablation trained on)", "as"), ("MelGAN", "mg"),
                      ("WaveGlow", "wg"), ("WaveNet", "wn")]:
        pick = (truth == 0) | (family == key)
        rows.append(auc_interval(f"of these, {name}", base[pick], truth[pick]))
    pick = group == "ss"
    rows.append(auc_interval("HiFi-GAN samples, VCTK speakers (none trained on)", base[pick], truth[pick]))
    genuine_test = label[test] == 0
    write_model(net, given.out, rows, logits[genuine_test], held["speaker"][test][genuine_test], versions, given.data)
    for row in rows:
        print(row)


if __name__ == "__main__":
    main()
