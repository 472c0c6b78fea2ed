"""Trains the voice model by one command and writes model, card, README and log.

/usr/bin/python3 scripts/train/voice/train.py --data ../shared/data --out models/voice

Steps, each kept in the cache: Debian packages with speech (sources.py), small neural vocoders (neural.py), pairs of genuine
and generated speech (pool.py); then the classifier, in two rounds. The HiFi-GAN samples are never trained on: they are the
measure for vocoders and voices never met. (A short stage with the LJSpeech part of them was tried: it did not help.)
"""
import argparse
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
from net import SAMPLES, VoiceNet
from report import auc_interval, write_model

BATCH = 16
"""Samples of a training window: 2 s cost half of the 4 s that the model reads, and the net has no fixed length in time."""
CROP = 32_000
"""First round; the second; rates of learning. Steps are fixed, never time, so that a run can be repeated."""
STEPS, MORE = 7000, 2500
RATE_FIRST, RATE_MORE = 2.5e-3, 1.5e-3
"""Generated pieces are moved a little towards 'unknown', so that scores stay away from the ends."""
SOFT = 0.03


def windows(sound, rows, rng, music) -> torch.Tensor:
    """[len(rows), CROP] float32: a window from each piece, disturbed."""
    out = np.empty((len(rows), CROP), np.float32)
    for i, row in enumerate(rows):
        start = rng.integers(0, len(sound[row]) - CROP)
        out[i] = disturb(sound[row][start : start + CROP] / 32768.0, rng, music)
    return torch.from_numpy(out)


def fit(net, draw, steps: int, peak: float, log, name: str, seed: int, save: Path | None = None) -> None:
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
        with torch.autocast("cpu", torch.bfloat16):
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
            if save:
                torch.save(net.state_dict(), save)
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


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--cache", type=Path, default=Path(".cache/train/voice"))
    options.add_argument("--continue", dest="resume", action="store_true", help="use the first round's kept weights")
    options.add_argument("--report", action="store_true", help="train nothing: measure and write the kept weights again")
    given = options.parse_args()
    torch.set_num_threads(1)
    given.out.mkdir(parents=True, exist_ok=True)

    versions = sources.fetch(given.cache)
    if not (given.cache / "codec.pt").exists():
        neural.prepare(given.cache)
    if not (given.cache / "pool.npz").exists():
        pool.build(given.cache)
    held = np.load(given.cache / "pool.npz")
    sound, label, chain, part = held["sound"], held["label"], held["chain"], held["part"]
    music = resample_poly(sources.music(given.cache).astype(np.float32), 2, 3).astype(np.int16)
    genuine = np.flatnonzero((part == "train") & (label == 0))
    generated = np.flatnonzero((part == "train") & (label == 1))
    half = BATCH // 2
    labels = torch.tensor([0.0] * half + [1.0] * half)

    def draw_first(rng):
        # Half of the generated pieces are copies of the genuine ones in the batch; a copy stands behind its original.
        own = rng.choice(genuine, half)
        other = np.concatenate([own[: half // 2] + 1, rng.choice(generated, half - half // 2)])
        return windows(sound, np.concatenate([own, other]), rng, music), labels

    net = VoiceNet()
    first, final = given.cache / "first.pt", given.cache / "final.pt"
    if given.report:
        net.load_state_dict(torch.load(final))
        net.eval()
    else:
        with open(given.out / "training-log.tsv", "a" if given.resume else "w") as log:
            if given.resume and first.exists():
                net.load_state_dict(torch.load(first))
            else:
                log.write("stage\tstep\tloss\n")
                torch.manual_seed(3)
                net = VoiceNet()
                fit(net, draw_first, STEPS, RATE_FIRST, log, "first", 3, first)
            net.eval()
            fit(net, draw_first, MORE, RATE_MORE, log, "more", 5)
        torch.save(net.state_dict(), final)
    rows = []
    test = np.flatnonzero(part == "test")
    logits = scores(net, [sound[i] for i in test])
    seen = np.array([c not in pool.HELD_OUT for c in chain[test]])
    for data, pick in [("own chains, speakers held out", seen), ("chains and speakers held out", ~seen | (label[test] == 0))]:
        rows.append(auc_interval(data, logits[pick], label[test][pick]))
    samples = hifigan(given.data)
    truth = np.array([s[1] for s in samples])
    base = scores(net, [s[0] for s in samples])
    rows.append(auc_interval("HiFi-GAN samples, all variants, never trained on", base, truth))
    family, group = (np.array([s[k] for s in samples]) for k in (2, 3))
    for name, key in [("HiFi-GAN", "hgan"), ("MelGAN", "mg"), ("WaveGlow", "wg"), ("WaveNet", "wn"), ("HiFi-GAN ablations", "as")]:
        pick = (truth == 0) | (family == key)
        rows.append(auc_interval(f"HiFi-GAN samples, {name} against genuine", base[pick], truth[pick]))
    pick = group == "ss"
    rows.append(auc_interval("HiFi-GAN samples, VCTK speakers", base[pick], truth[pick]))
    genuine_test = label[test] == 0
    write_model(net, given.out, rows, logits[genuine_test], held["speaker"][test][genuine_test], versions, given.data)
    for row in rows:
        print(row)


if __name__ == "__main__":
    main()
