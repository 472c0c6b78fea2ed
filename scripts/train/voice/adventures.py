"""Speech of many actors from two adventure games that were freed: the containers are read here, clips written as WAV or MP3.

Layouts: `sky.dnr`/`sky.dsk` (Revolution Software 1994: 8-bit sound at 11,025 Hz behind a header of 22 bytes) and `queen.1c`
(Interactive Binary Illusions 1995 as repacked for ScummVM: a big-endian table, MP3).
"""
import struct
from pathlib import Path

import numpy as np
from scipy.io import wavfile

import rnc

"""Clips that are taken per group; a group is a stretch of the game, since the files do not say who talks."""
CLIPS = {"steel-sky": 40, "amazon-queen": 60}
GROUPS = {"steel-sky": 12, "amazon-queen": 12}


def steel_sky(folder: Path) -> list[bytes]:
    """Packed clips in the order of their numbers (a group of numbers is a part of the story)."""
    index, disk = (folder / "sky.dnr").read_bytes(), (folder / "sky.dsk").read_bytes()
    found = []
    for i in range(struct.unpack("<I", index[:4])[0]):
        entry = index[4 + 8 * i : 12 + 8 * i]
        number = int.from_bytes(entry[:2], "little")
        offset, size = (int.from_bytes(entry[k : k + 3], "little") for k in (2, 5))
        offset, size = (offset & 0x7FFFFF) << (4 if offset >> 23 else 0), size & 0x3FFFFF
        # Shorter ones are texts, tables and single words.
        if number >= 50_000 and size >= 12_000 and disk[offset + 22 : offset + 25] == b"RNC":
            found.append((number, disk[offset + 22 : offset + size]))
    return [packed for _, packed in sorted(found, key=lambda f: f[0])]


def amazon_queen(file: Path) -> list[tuple[str, bytes]]:
    """(name, MP3) of the spoken lines, by name."""
    held = file.read_bytes()
    count = struct.unpack(">H", held[13:15])[0]
    found = []
    for i in range(count):
        name, _, offset, size = struct.unpack(">12sBII", held[15 + 21 * i : 36 + 21 * i])
        name = name.rstrip(b"\0").decode("latin-1")
        # Spoken lines begin with the number of their room; effects have names.
        if name.endswith(".SB") and name[:3].isdigit() and size > 3000:
            found.append((name, held[offset : offset + size]))
    return sorted(found)


def unpack(cache: Path) -> dict[str, list[Path]]:
    """Group name to files under cache/archives."""
    made = {}
    share = cache / "x"
    for name, groups in GROUPS.items():
        folder = cache / "archives" / name
        if not folder.exists():
            folder.mkdir(parents=True)
            games = share / ("beneath-a-steel-sky" if name == "steel-sky" else "flight-of-the-amazon-queen")
            if name == "steel-sky":
                clips = steel_sky(next(games.rglob("sky.dnr")).parent)
            else:
                clips = [mp3 for _, mp3 in amazon_queen(next(games.rglob("queen.1c")))]
            for group in range(groups):
                part = clips[group * len(clips) // groups : (group + 1) * len(clips) // groups][: CLIPS[name]]
                for k, clip in enumerate(part):
                    if name == "steel-sky":
                        sound = np.frombuffer(rnc.unpack(clip), np.uint8)
                        # Speech lies around the middle of 8 bits; other data does not.
                        if abs(sound.astype(float).mean() - 128) < 4:
                            wavfile.write(folder / f"{group:02d}-{k:03d}.wav", 11_025, sound)
                    else:
                        (folder / f"{group:02d}-{k:03d}.mp3").write_bytes(clip)
        for group in range(groups):
            made[f"{name}-{group}"] = sorted(folder.glob(f"{group:02d}-*"))
    return made
