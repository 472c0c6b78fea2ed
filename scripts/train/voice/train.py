"""Trains the voice model by one command and writes model, card, README and log.

/usr/bin/python3 scripts/train/voice/train.py --data ../shared/data --start 1.2.0.onnx --out models/voice

Steps, each kept in the cache: Debian packages with speech (sources.py), small neural vocoders (neural.py), pairs of genuine
and generated speech and speech by Debian's text-to-speech programs (pool.py, spoken.py); then the classifier goes on from the
weights of `--start`, held near them on what they knew. Programs are learnt and part of the rest is forgotten all the same, so what ships is
the mean of the logits of both networks, in equal parts. Part of the HiFi-GAN samples is mixed in: three sentences of each of two
LJSpeech series (trained-on.tsv). The others, the ablations, the
VCTK speakers and SadTalker's clips are never trained on; scripts/evaluate-sets.ts leaves the trained ones out of every figure.
"""
import argparse
import copy
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
import spoken
from channel import RATE, disturb
from net import SAMPLES, Joined, VoiceNet
from report import auc_interval, write_model
from resume import from_onnx

# Behind its own folder: both hold a splits.py.
sys.path.append(str(Path(__file__).parent.parent / "common"))
from precision import autocast  # noqa: E402

BATCH = 16
"""Samples of a training window: 2 s cost half of the 4 s that the model reads, and the net has no fixed length in time."""
CROP = 32_000
"""Steps, peak rate of learning and seed. Steps are fixed, never time, so that a run can be repeated."""
STEPS, PEAK, SEED = 5000, 1e-3, 11
"""Of the generated windows out of the pool, the share that text-to-speech programs said."""
SPOKEN = 0.34
"""Windows of each class in a batch that come from the HiFi-GAN samples."""
SAMPLES_EACH = 2
"""Weight of staying near the network that training goes on from, and the temperature at which logits are compared."""
NEAR, SOFTNESS = 0.5, 2.0
"""Share of the running mean of the weights that stays at each step; the mean is what is kept."""
KEEP = 0.995
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


def fit(net, draw, log) -> VoiceNet:
    """draw(rng) gives (samples [N, T], label [N], whether `net` knew such windows [N]). Returns the mean of the weights.

    On what it knew, the network's logit is drawn to the logit that it gave before (Li & Hoiem, "Learning without forgetting",
    ECCV 2016): trained on programs alone, it forgot part of what it knew of neural vocoders.
    """
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    before, mean = copy.deepcopy(net).eval(), copy.deepcopy(net)
    optimiser = torch.optim.AdamW(net.parameters(), PEAK, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK, total_steps=STEPS, pct_start=0.15)
    net.train()
    total, began = 0.0, time.time()
    for step in range(1, STEPS + 1):
        samples, label, known = draw(rng)
        target = label * (1 - 2 * SOFT) + SOFT
        with autocast():
            logit, heat = net(samples)
            with torch.no_grad():
                old, _ = before(samples[known])
        logit = logit.float()
        loss = F.binary_cross_entropy_with_logits(logit, target)
        loss = loss + 0.3 * F.binary_cross_entropy_with_logits(heat.float(), target[:, None].expand_as(heat))
        near = F.binary_cross_entropy_with_logits(logit[known] / SOFTNESS, torch.sigmoid(old.float() / SOFTNESS))
        loss = loss + NEAR * SOFTNESS**2 * near
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2)
        optimiser.step()
        schedule.step()
        keep = min(KEEP, step / (step + 10))
        with torch.no_grad():
            for a, b in zip(mean.state_dict().values(), net.state_dict().values()):
                a.lerp_(b, 1 - keep) if a.is_floating_point() else a.copy_(b)
        total += loss.item()
        if step % 25 == 0:
            log.write(f"{step}\t{total / 25:.4f}\n")
            log.flush()
            print(step, f"{total / 25:.4f}", f"{time.time() - began:.0f} s", flush=True)
            total = 0.0
    return mean.eval()


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


def draw_pool(held, music, batch: int):
    """Half of the windows genuine, half generated; of those some are said by programs, half are copies of the genuine ones.

    In the pool a copy stands behind its original.
    """
    sound, label, part = held["sound"], held["label"], held["part"]
    said = np.isin(held["chain"], [v.engine for v in spoken.VOICES])
    genuine = np.flatnonzero((part == "train") & (label == 0))
    copies = np.flatnonzero((part == "train") & (label == 1) & ~said)
    texts = np.flatnonzero((part == "train") & said)
    half = batch // 2
    some = round(half * SPOKEN)
    rest = (half + 1) // 2
    labels = torch.tensor([0.0] * half + [1.0] * half)
    known = torch.tensor([True] * (batch - some) + [False] * some)

    def draw(rng):
        own = rng.choice(genuine, half)
        rows = np.concatenate([own, own[:rest] + 1, rng.choice(copies, half - rest - some), rng.choice(texts, some)])
        return windows(sound, rows, rng, music), labels, known

    return draw


def draw_samples(data: Path, draw_other, music):
    """As draw_pool, with windows of the HiFi-GAN samples in trained-on.tsv behind those of draw_other."""
    rows = [line.split("\t") for line in TRAINED_ON.read_text().splitlines()[1:]]
    sounds = [[sources.decode(data / path, RATE) for path, label, _ in rows if label == wanted]
              for wanted in ("genuine", "manipulated")]
    labels = torch.tensor([0.0] * SAMPLES_EACH + [1.0] * SAMPLES_EACH)

    def draw(rng):
        samples, label, known = draw_other(rng)
        own = [windows(kind, rng.integers(0, len(kind), SAMPLES_EACH), rng, music) for kind in sounds]
        return torch.cat([samples, *own]), torch.cat([label, labels]), torch.cat([known, torch.ones(2 * SAMPLES_EACH, dtype=torch.bool)])

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

    draw = draw_samples(given.data, draw_pool(held, music, BATCH - 2 * SAMPLES_EACH), music)
    before = from_onnx(given.start, draw(np.random.default_rng(1))[0])
    net = copy.deepcopy(before)
    kept = given.cache / "trained.pt"
    if kept.exists():
        net.load_state_dict(torch.load(kept))
    else:
        with open(given.out / "training-log.tsv", "w") as log:
            log.write("step\tloss\n")
            net = fit(net, draw, log)
        torch.save(net.state_dict(), kept)
    net = Joined(before, net).eval()
    rows = []
    test = np.flatnonzero(part == "test")
    logits = scores(net, [sound[i] for i in test])
    seen = np.array([c not in pool.HELD_OUT for c in chain[test]])
    said = np.isin(chain[test], [v.engine for v in spoken.VOICES])
    true = label[test] == 0
    spoke = [(f"voices of {engine} held out", chain[test] == engine) for engine in sorted({v.engine for v in spoken.VOICES})]
    for data, pick in [("own chains, speakers held out", seen & ~said), ("chains and speakers held out", ~seen & ~said),
                       ("text-to-speech programs, voices held out", said), *spoke]:
        rows.append(auc_interval(data, logits[pick | true], label[test][pick | true]))
    heard = {line.split("\t")[0] for line in TRAINED_ON.read_text().splitlines()[1:]}
    samples = [row for row in hifigan(given.data) if row[5] not in heard]
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
    write_model(net, given.out, rows, logits[genuine_test], held["speaker"][test][genuine_test], versions, spoken.versions(), given.data)
    for row in rows:
        print(row)


if __name__ == "__main__":
    main()
