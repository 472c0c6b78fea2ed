"""Writes sound files that the shipped weights were not trained on for `assay models evaluate` and other detectors.

/usr/bin/python3 scripts/train/voice/make_evaluation.py --out .cache/evaluate/voice

manipulated/ and genuine/ hold 16-bit WAV, after the codecs of the pool: recordings of speakers held out, their copies by every chain, and
voices of text-to-speech programs held out. manifest.tsv lists path, label, source, group (a speaker; copies of a recording belong
to its speaker).
"""
import argparse
from pathlib import Path

import numpy as np
from scipy.io import wavfile

import pool
from channel import RATE


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--cache", type=Path, default=Path(".cache/train/voice"))
    given = options.parse_args()
    rows = ["path\tlabel\tsource\tgroup"]
    names = {0: "genuine", 1: "manipulated"}
    for name in names.values():
        (given.out / name).mkdir(parents=True, exist_ok=True)
    held = pool.load(given.cache)
    for i in np.flatnonzero(held["part"] == "test"):
        label, chain, speaker = int(held["label"][i]), str(held["chain"][i]), str(held["speaker"][i])
        target = f"{names[label]}/{i:05d}-{speaker}-{chain}.wav"
        wavfile.write(given.out / target, RATE, held["sound"][i])
        rows.append(f"{target}\t{names[label]}\t{'debian-speech' if label == 0 else chain}\t{speaker}")
    (given.out / "manifest.tsv").write_text("\n".join(rows) + "\n")
    print(len(rows) - 1, "files")


if __name__ == "__main__":
    main()
