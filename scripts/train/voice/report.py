"""Figures with intervals, the ONNX file, its card and its README."""
import hashlib
import json
from pathlib import Path

import numpy as np
import torch

from net import SAMPLES

LICENCE = "Apache-2.0"
BUILD = "/usr/bin/python3 scripts/train/voice/train.py --data ../shared/data --start voice-1.2.0.onnx --out models/voice"


def auc(scores: np.ndarray, label: np.ndarray) -> float:
    below = scores[label == 0][:, None] < scores[label == 1][None]
    same = scores[label == 0][:, None] == scores[label == 1][None]
    return float(below.mean() + same.mean() / 2)


def auc_interval(data: str, scores: np.ndarray, label: np.ndarray) -> dict:
    """Area under the ROC curve with a 95 % bootstrap interval (2,000 draws within each class, seed 1)."""
    rng = np.random.default_rng(1)
    zero, one = np.flatnonzero(label == 0), np.flatnonzero(label == 1)
    draws = [auc(scores[rows := np.concatenate([rng.choice(zero, len(zero)), rng.choice(one, len(one))])], label[rows])
             for _ in range(2000)]
    low, high = np.percentile(draws, [2.5, 97.5])
    return {"data": data, "metric": "AUC", "value": round(auc(scores, label), 3), "low": round(float(low), 3),
            "high": round(float(high), 3), "n": len(scores)}


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95 % score interval of a proportion (Wilson 1927)."""
    z, p = 1.959964, hits / n
    centre, half = p + z * z / (2 * n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)


KNOWN_FAILURES = [
    "Weak: genuine recordings of unknown microphones read as high as generated ones; nothing may be concluded from a reading alone.",
    "Trained on a few hours of speech: studio prompts, game dialogue, single words; unknown microphones and rooms may score high.",
    "Generators that it has not met may score low; a low score says nothing about how a recording was made.",
    "Strong compression (below about 24 kbit/s), telephone bandwidth and music under the voice take the traces away.",
    "Speech that was cleaned, pitch-shifted or coded by a neural codec after recording carries the same traces.",
    "Singing, whispering and several people talking at once were not trained on.",
]


def write_model(net, out: Path, rows: list[dict], genuine: np.ndarray, speakers: np.ndarray, versions: list[str], programs: list[str], data: Path) -> None:
    net.eval()
    path = out / "model.onnx"
    torch.onnx.export(net, torch.zeros(2, SAMPLES), str(path), opset_version=16, input_names=["samples"],
                      output_names=["logit", "heat"], dynamic_axes={k: {0: "batch"} for k in ("samples", "logit", "heat")})
    high = int((genuine > 0).sum())
    low, top = wilson(high, len(genuine))
    false_positive = {"data": "genuine recordings of speakers held out", "metric": "false positive rate (mean logit over 0)",
                      "value": round(high / len(genuine), 4), "low": round(low, 4), "high": round(top, 4), "n": len(genuine)}
    rows = [false_positive, *rows]
    chance = [f"{r['data']} (n = {r['n']})" for r in rows if r["metric"] == "AUC" and r["low"] <= 0.5]
    failures = ([f"Not shown to be better than chance on: {', '.join(chance)}."] if chance else []) + KNOWN_FAILURES
    card = {
        "format": "assay-model-card-1", "id": "voice", "version": "1.3.0", "title": "Synthetic speech, 4 s windows",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "licence": LICENCE, "kind": "sound-classifier",
        "inputs": [{"name": "samples", "dtype": "float32", "layout": "NT", "dims": ["batch", SAMPLES],
                    "meaning": "4 s of mono sound at 16 kHz, -1 to 1; loudness does not matter"}],
        "outputs": [{"name": "logit", "dtype": "float32", "layout": "N", "dims": ["batch"],
                     "meaning": "higher: more like speech out of a vocoder; uncalibrated"},
                    {"name": "heat", "dtype": "float32", "layout": "NT", "dims": ["batch", 15],
                     "meaning": "the same for each of 15 stretches of 267 ms"}],
        "intendedUse": "One reading among several on whether speech came out of a speech generator or voice converter. "
                       "Not a verdict; not for music, not for less than 4 s of speech.",
        "knownFailures": failures, "evaluation": rows, "build": BUILD,
    }
    (out / "card.json").write_text(json.dumps(card, indent=2) + "\n")
    manifest = "".join(line for line in (data / "MANIFEST.tsv").read_text().splitlines(True) if line.startswith("speech/hifigan"))
    table = "\n".join(f"| {r['data']} | {r['metric']} | {r['value']} | {r['low']} to {r['high']} | {r['n']} |" for r in rows)
    by_speaker = "\n".join(
        f"| {s} | {int((genuine[speakers == s] > 0).sum())} of {int((speakers == s).sum())} |" for s in sorted(set(speakers)))
    (out / "README.md").write_text(README.format(
        table=table, by_speaker=by_speaker, failures="\n".join(f"- {f}" for f in failures), build=BUILD,
        parameters=sum(p.numel() for p in net.parameters()), manifest=hashlib.sha256(manifest.encode()).hexdigest(),
        packages="\n".join(f"- `{v.replace('%3a', ':')}`" for v in versions),
        programs="\n".join(f"- `{v}`" for v in programs)))


README = """# Synthetic speech

Two light convolutional networks ({parameters:,} weights together) on the log spectrogram, which is computed inside the graph. They take 4 s of
sound at 16 kHz and give a logit for the window and one for each of 15 stretches of it, the mean of both. All weights were trained here.

## Figures

| Data | Measure | Value | 95 % interval | n |
|---|---|---|---|---|
{table}

A recording's score is the mean logit of its windows. AUC intervals are bootstraps over recordings; recordings of one speaker are
not independent, so the true intervals are wider. The zero of the logit is no threshold: look at the first row. The rows
on HiFi-GAN samples leave out those in `scripts/train/voice/trained-on.tsv`. All of these samples served to choose the training, so
they are development data.

Genuine recordings with a mean logit over 0, by speaker held out (the data names no other groups; language and voice are the
only ones that can be compared):

| Speaker | Over 0 |
|---|---|
{by_speaker}

## Data

- HiFi-GAN samples (jik876/hifi-gan-demo): genuine LJSpeech (public domain) and VCTK (CC BY) recordings and copies of them by
  HiFi-GAN, MelGAN, WaveGlow and WaveNet. Six LJSpeech sentences and their copies were trained on
  (`scripts/train/voice/trained-on.tsv`); the other sentences, all ablations and all VCTK speakers were not. SHA-256 of their lines in MANIFEST.tsv: `{manifest}`.
- Recorded speech in Debian packages (training material only, nothing of it is in the project): Asterisk prompts (CC BY-SA 3.0
  and CC BY 3.0), other prompts, KDE learning games and Tux Paint (GPL), dialogue of games (GPL, CC BY-SA, two freed adventures
  under their own terms), a Russian speech database and test speech (BSD-like):
{packages}
- Generated copies of that speech, made here: mel and linear Griffin-Lim, disturbed phases, source-filter, harmonic and linear
  prediction synthesis, traces of upsampling, and twelve small neural vocoders trained here on the training speakers (`builds.py`,
  `neural.py`; seven with an adversary). Four copies in five keep the coarse spectrum, the low band or the magnitudes of their
  original, so that bad quality is not what is learnt (`compose` in `pool.py`). Linear prediction and two of the neural builds make
  no training pieces: they are the "chains held out".
- Sentences said by text-to-speech programs (`spoken.py`): thirteen voices of flite, eSpeak NG (formants), Festival's diphones and HTS; eleven
  more voices, and eSpeak NG's Klatt synthesis as a whole, are held out:
{programs}
- Both classes go through the same resampling, codecs (AAC, MP3, Opus, Vorbis, G.722, GSM, mu-law), noise suppression and
  compressor, band limits, rooms, noise, music and gain. Speakers are split by a hash of their name.
- The sound of the development videos and of the sadtalker-audio clips was never trained on.

## Known failures

{failures}

## Build

```
{build}
```

One network is version 1.2.0; for the other training went on from its weights (SHA-256 `24a3ba34…`; `git show 844d5cc:models/voice/model.onnx > voice-1.2.0.onnx`), which had
been trained by the same method with only a few sentences by flite and eSpeak NG. On all but those programs its logit is drawn to the logit of 1.2.0
(Li & Hoiem 2016). It learnt the programs, and forgot part of what 1.2.0 knew of neural vocoders and of the sound of videos; the mean of both
logits keeps most of either. Versions of the packages are those above; Debian may have newer ones.
"""
