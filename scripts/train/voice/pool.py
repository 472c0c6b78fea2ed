"""Builds the pool of 6 s pieces, genuine and generated, at 16 kHz, after real codecs. Kept in cache/pool.npz."""
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
from scipy.signal import resample_poly

import neural
import sources
from channel import CODECS, RATE, through_codec
from splits import part_of
from vocoders import CHAINS, match

LENGTH = 6 * RATE
"""How often each chain is drawn."""
WEIGHTS = {
    "mel-griffin-lim": 3, "griffin-lim": 1, "phase-noise": 2, "source-filter": 1.5, "harmonics": 1, "linear-prediction": 0.7,
    "upsampler-traces": 2, "inverse": 3, "inverse-early": 1, "convolutional": 4, "convolutional-early": 2, "codec": 3,
    "codec-early": 1.5,
}
"""Pieces of one speaker that are used, so that the many hours of a few do not outweigh the minutes of others."""
MOST = 22
"""Each piece is used this often, by another chain, rate and codec every time."""
ROUNDS = 4
"""These never make training pieces: they test whether other chains are found."""
HELD_OUT = ("linear-prediction", "inverse-early")
"""Neural networks of neural.py work at this rate only."""
FIXED = neural.RATE
RATES = {16_000: (2, 3), 22_050: (147, 160), 24_000: (1, 1)}
TEXTS = ("the committee met again on thursday to discuss the new budget and the plans for the coming year",
         "heavy rain is expected along the coast this evening while the north will stay dry and cold",
         "she told reporters that nobody had been informed before the decision was taken by the board",
         "please remember that the library closes at six and that all books have to be returned today")


def to_rate(x: np.ndarray, up: int, down: int) -> np.ndarray:
    return resample_poly(x, up, down).astype(np.float32)


def generate(x: np.ndarray, chain: str, rate: int, rng, nets) -> np.ndarray:
    """x [T] at `rate`; the generated copy [T]. Neural chains get an upsampler's or no further traces by chance."""
    if chain in CHAINS:
        y = CHAINS[chain](x, rate, rng)
    else:
        peak = np.percentile(np.abs(x), 99.9) + 1e-4
        n = len(x) // neural.HOP * neural.HOP
        with torch.no_grad():
            y = neural.copy_with(nets[chain], torch.from_numpy(x[None, :n] / peak * 0.6))[0].numpy()
        y = match(np.pad(y, (0, len(x) - len(y))), x)
    if chain not in ("upsampler-traces",) and rng.random() < 0.15:
        y = CHAINS["upsampler-traces"](y, rate, rng)
    return y


def synthesised() -> list[tuple[str, str, np.ndarray]]:
    """(voice, part, piece) by the text-to-speech programs that are there: flite and eSpeak NG."""
    made = []
    voices = [("flite", v) for v in ("kal", "awb", "rms", "slt")] + [("espeak-ng", v) for v in ("en-us", "en-gb", "de", "fr", "es")]
    for program, voice in voices:
        for text in TEXTS:
            command = ["flite", "-voice", voice, "-t", text, "-o", "/dev/stdout"] if program == "flite" else [
                "espeak-ng", "-v", voice, "--stdout", text]
            try:
                wav = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
            except (OSError, subprocess.CalledProcessError):
                continue
            sound = sources.decode(None, data=wav)
            if len(sound) >= 2 * sources.RATE:
                made.append((f"{program}-{voice}", "test" if voice in ("slt", "de") else "train", np.resize(sound, sources.PIECE)))
    return made


def build(cache: Path) -> None:
    torch.set_num_threads(1)
    rng = np.random.default_rng(11)
    found, who = sources.pieces(cache)
    nets = neural.load(cache)
    sound, label, chains, speaker, part = [], [], [], [], []

    def add(y, made, chain, name, kind):
        y = np.clip(np.round(y * 32768), -32768, 32767).astype(np.int16)
        y = np.pad(y[:LENGTH], (0, max(0, LENGTH - len(y))))
        sound.append(y), label.append(made), chains.append(chain), speaker.append(name), part.append(kind)

    seen: dict[str, int] = {}
    for i in range(len(found)):
        kind = part_of(who[i])
        seen[who[i]] = seen.get(who[i], 0) + 1
        if seen[who[i]] > MOST:
            continue
        names = [c for c in WEIGHTS if kind != "train" or c not in HELD_OUT]
        weights = np.array([WEIGHTS[c] for c in names])
        for _ in range(ROUNDS if kind == "train" else 1):
            chain = str(rng.choice(names, p=weights / weights.sum()))
            rate = int(rng.choice(list(RATES))) if chain in CHAINS else FIXED
            up, down = RATES[rate]
            x = to_rate(found[i].astype(np.float32) / 32768, up, down)
            y = generate(x, chain, rate, rng, nets)
            back = {16_000: (1, 1), 22_050: (320, 441), 24_000: (2, 3)}[rate]
            add(to_rate(x, *back), 0, "genuine", who[i], kind)
            add(to_rate(y, *back), 1, chain, who[i], kind)
        if i % 100 == 0:
            print(i, len(found), flush=True)
    for voice, kind, piece in synthesised():
        add(to_rate(piece.astype(np.float32) / 32768, 2, 3), 1, "text-to-speech", voice, kind)

    everything = np.stack(sound)
    order = rng.permutation(len(everything))
    # A run of pieces goes through an encoder together: both classes mixed, one process for all.
    for start in range(0, len(order), 16):
        rows = order[start : start + 16]
        codec = CODECS[rng.integers(len(CODECS))]
        everything[rows] = through_codec(everything[rows].ravel(), codec).reshape(len(rows), -1)
    np.savez(cache / "pool.npz", sound=everything, label=np.array(label), chain=np.array(chains),
             speaker=np.array(speaker), part=np.array(part))
    print(everything.shape, np.bincount(label))


if __name__ == "__main__":
    build(Path(sys.argv[1]))
