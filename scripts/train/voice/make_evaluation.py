"""Writes sound that nothing was trained on for the common harness: recordings of speakers and voices of programs held out.

/usr/bin/python3 scripts/train/voice/make_evaluation.py --out .cache/evaluate/voice

Besides the packages in scripts/train/README.md it needs those of `spoken.PACKAGES`.

genuine/ and manipulated/ hold 6 s pieces as 16-bit WAV at 16 kHz, both classes after the same real codecs; manifest.tsv lists path, label,
source (`debian-speech`, or the program) and group (the speaker).
"""
import argparse
from pathlib import Path

import numpy as np
from scipy.io import wavfile
from scipy.signal import resample_poly

import sources
import spoken
from channel import CODECS, RATE, through_codec
from splits import part_of

"""Pieces of one speaker or voice at most."""
MOST = 12


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--cache", type=Path, default=Path(".cache/train/voice"))
    given = options.parse_args()
    sources.fetch(given.cache)
    found, who = sources.pieces(given.cache)
    held = [i for name in sorted(set(who)) if part_of(name) == "test" for i in np.flatnonzero(who == name)[:MOST]]
    pieces = [("genuine", "debian-speech", str(who[i]), found[i]) for i in held]
    said = [(voice, piece) for voice, piece in spoken.pieces() if voice.part == "test"]
    for name in sorted({voice.name for voice, _ in said}):
        pieces += [("manipulated", voice.engine, voice.speaker, piece) for voice, piece in said if voice.name == name][:MOST]
    rng = np.random.default_rng(5)
    rows = ["path\tlabel\tsource\tgroup"]
    for number, (label, source, group, piece) in enumerate(pieces):
        (given.out / label).mkdir(parents=True, exist_ok=True)
        sound = np.round(resample_poly(piece.astype(np.float32), 2, 3)).clip(-32768, 32767).astype(np.int16)
        target = f"{label}/{number:03d}-{source}.wav"
        wavfile.write(given.out / target, RATE, through_codec(sound, CODECS[rng.integers(len(CODECS))]))
        rows.append(f"{target}\t{label}\t{source}\t{group}")
    (given.out / "manifest.tsv").write_text("\n".join(rows) + "\n")
    print(len(rows) - 1, "files")


if __name__ == "__main__":
    main()
