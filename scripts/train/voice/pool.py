"""Builds the pool of 6 s pieces, genuine and generated, at 16 kHz, after real codecs. Kept in cache/pool-N.npz."""
import sys
from pathlib import Path

import numpy as np
import torch
from scipy.ndimage import uniform_filter
from scipy.signal import resample_poly

import neural
import sources
import spoken
from channel import CODECS, RATE, through_codec
from splits import part_of
from vocoders import CHAINS, istft, match, stft

LENGTH = 6 * RATE
"""How often each chain is drawn; every neural build counts once."""
WEIGHTS = {"mel-griffin-lim": 0.6, "griffin-lim": 0.25, "phase-noise": 1, "source-filter": 0.7, "harmonics": 0.3,
           "statistical": 0.7, "linear-prediction": 0.7, "upsampler-traces": 1, **{name: 1 for name in neural.BUILDS}}
"""These never make training pieces: they test whether other chains are found."""
HELD_OUT = ("linear-prediction", "mel-deep", "codec-nearest")
"""Copies that get nothing of their original: the first two keep nearly all of it anyhow, the third is meant to lose detail."""
AS_THEY_ARE = ("upsampler-traces", "phase-noise", "statistical")
"""Up and down from the sources' rate, and back to RATE."""
RATES = {16_000: (2, 3), 22_050: (147, 160), 24_000: (1, 1)}
BACK = {16_000: (1, 1), 22_050: (320, 441), 24_000: (2, 3)}
"""Pools: in each, every piece of the training speakers stands once, with another copy and after another codec."""
ROUNDS = 2


def to_rate(x: np.ndarray, up: int, down: int) -> np.ndarray:
    return resample_poly(x, up, down).astype(np.float32)


def compose(y: np.ndarray, x: np.ndarray, rate: int, rng) -> np.ndarray:
    """Copy y with part of its original x [T]: what remains of y is the fine structure, not the bad quality.

    Nothing (one in five); the coarse spectrum; besides, all below an edge; or the whole magnitude, so that only phase is y's.
    """
    kind = rng.choice(["nothing", "coarse", "edge", "phase"], p=[0.2, 0.4, 0.25, 0.15])
    if kind == "nothing":
        return y
    fft = int(rng.choice([512, 1024]))
    a, b = stft(y, fft, fft // 4), stft(x, fft, fft // 4)
    if kind == "phase":
        made = np.abs(b) * a / (np.abs(a) + 1e-6)
    else:
        size = (int(rng.integers(1, 6)), int(rng.integers(3, 17)) * fft // 512)
        gain = np.log(uniform_filter(np.abs(b), size) + 1e-5) - np.log(uniform_filter(np.abs(a), size) + 1e-5)
        made = a * np.exp(np.clip(gain, -4, 4))
        if kind == "edge":
            bins = np.linspace(0, rate / 2, fft // 2 + 1)
            share = 1 / (1 + np.exp(np.clip(-(bins - rng.uniform(600, 4000)) / 100, -30, 30)))
            made = made * share + b * (1 - share)
    return istft(made, fft, fft // 4, len(x))


def generate(x: np.ndarray, chain: str, rate: int, rng, nets) -> np.ndarray:
    """x [T] at `rate`; the generated copy [T]."""
    if chain in CHAINS:
        y = CHAINS[chain](x, rate, rng)
    else:
        peak = np.percentile(np.abs(x), 99.9) + 1e-4
        padded = np.pad(x, (0, -len(x) % neural.MULTIPLE)) / peak * 0.6
        with torch.no_grad():
            y = match(nets[chain][1](torch.from_numpy(padded[None]))[0].numpy()[: len(x)], x)
        y = np.pad(y, (0, len(x) - len(y)))
    if chain not in AS_THEY_ARE:
        y = compose(y, x, rate, rng)
    return y


def build(cache: Path, number: int) -> None:
    """Pool `number`; the held-out speakers and the text-to-speech programs are in the first one only."""
    torch.set_num_threads(1)
    rng = np.random.default_rng(11 + number)
    found, who = sources.pieces(cache)
    nets = neural.load(cache)
    sound, label, chains, speaker, part = [], [], [], [], []

    def add(y, made, chain, name, kind):
        y = np.clip(np.round(y * 32768), -32768, 32767).astype(np.int16)
        y = np.pad(y[:LENGTH], (0, max(0, LENGTH - len(y))))
        sound.append(y), label.append(made), chains.append(chain), speaker.append(name), part.append(kind)

    for i in rng.permutation(len(found)):
        kind = part_of(who[i])
        if kind == "val" or (number and kind != "train"):
            continue
        names = [c for c in WEIGHTS if kind != "train" or c not in HELD_OUT]
        weights = np.array([WEIGHTS[c] for c in names])
        chain = str(rng.choice(names, p=weights / weights.sum()))
        rate = nets[chain][0] if chain in nets else int(rng.choice(list(RATES)))
        x = to_rate(found[i].astype(np.float32) / 32768, *RATES[rate])
        y = generate(x, chain, rate, rng, nets)
        add(to_rate(x, *BACK[rate]), 0, "genuine", who[i], kind)
        add(to_rate(y, *BACK[rate]), 1, chain, who[i], kind)
        if len(sound) % 200 < 2:
            print(len(sound) // 2, len(found), flush=True)
    for voice, piece in spoken.pieces() if number == 0 else []:
        add(to_rate(piece.astype(np.float32) / 32768, 2, 3), 1, voice.engine, f"{voice.engine} {voice.name}", voice.part)

    everything = np.stack(sound)
    order = rng.permutation(len(everything))
    # A run of pieces goes through an encoder together: both classes mixed, one process for all.
    for start in range(0, len(order), 24):
        rows = order[start : start + 24]
        codec = CODECS[rng.integers(len(CODECS))]
        everything[rows] = through_codec(everything[rows].ravel(), codec).reshape(len(rows), -1)
    np.savez(cache / f"pool-{number}.npz", sound=everything, label=np.array(label), chain=np.array(chains),
             speaker=np.array(speaker), part=np.array(part))
    print(everything.shape, np.bincount(label))


def load(cache: Path) -> dict[str, np.ndarray]:
    """sound [n, LENGTH] int16, label, chain, speaker, part [n] of all pools, which are built where they are missing."""
    parts = []
    for number in range(ROUNDS):
        if not (cache / f"pool-{number}.npz").exists():
            build(cache, number)
        with np.load(cache / f"pool-{number}.npz") as file:
            parts.append(dict(file))
    return {key: np.concatenate([p[key] for p in parts]) for key in parts[0]}


if __name__ == "__main__":
    build(Path(sys.argv[1]), int(sys.argv[2]))
