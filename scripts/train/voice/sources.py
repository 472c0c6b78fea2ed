"""Recorded human speech from Debian packages, cut into 6 s pieces of one speaker each.

The packages are training material only: they are downloaded with apt-get, unpacked without being installed, and nothing
of them goes into the project. Licences as their copyright files say (Asterisk prompts CC BY-SA 3.0 and CC BY 3.0, prompt
sets GPL or public domain, KDE and game voices GPL, Unknown Horizons GPL and CC BY-SA).
"""
import hashlib
import subprocess
from pathlib import Path

import numpy as np

RATE = 24_000
PIECE = 6 * RATE
"""Pieces of one speaker at most: 9 minutes."""
MOST_PIECES = 90
"""Clips of one speaker that are decoded at most, where each is a file of its own."""
MOST_CLIPS = 180

PACKAGES = [
    "asterisk-core-sounds-en-g722", "asterisk-core-sounds-es-g722", "asterisk-core-sounds-fr-g722",
    "asterisk-core-sounds-it-g722", "asterisk-core-sounds-ru-g722", "asterisk-prompt-it-menardi-wav",
    "asterisk-prompt-fr-armelle", "asterisk-prompt-es-co", "klettres-data", "ktuberling-data", "hedgewars-data",
    "unknown-horizons", "gcin-voice", "asterisk-moh-opsound-g722",
]
"""Caricatured or electronically changed voices of the game's packs are left out."""
GAME_VOICES = ["British", "Classic", "Default", "Default_es", "Default_pl", "Default_ru", "Default_uk", "Mobster",
               "Russian", "Russian_pl", "Surfer"]


def fetch(cache: Path) -> list[str]:
    """Downloads and unpacks what is missing under cache/x. Returns `package version` lines."""
    debs, unpacked = cache / "debs", cache / "x"
    debs.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        if not any(debs.glob(f"{package}_*.deb")):
            subprocess.run(["apt-get", "download", package], cwd=debs, check=True, stdout=subprocess.DEVNULL)
        if not (unpacked / package).exists():
            (unpacked / package).mkdir(parents=True)
            deb = next(debs.glob(f"{package}_*.deb"))
            subprocess.run(["dpkg-deb", "-x", deb, unpacked / package], check=True)
    return [" ".join(next(debs.glob(f"{p}_*.deb")).name.split("_")[:2]) for p in PACKAGES]


def decode(path, rate: int = RATE, form: str | None = None, data: bytes | None = None) -> np.ndarray:
    """Samples [n] int16, mono, at `rate`. `form` names a format without header; `data` is read in place of the file."""
    command = ["ffmpeg", "-v", "error", "-nostdin" if data is None else "-y"]
    if form:
        command += ["-f", form]
    command += ["-i", str(path) if data is None else "pipe:0", "-ac", "1", "-ar", str(rate), "-f", "s16le", "pipe:1"]
    done = subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return np.frombuffer(done.stdout[: len(done.stdout) // 2 * 2], np.int16)


def trim(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Without the quiet ends (40 dB under the loudest 20 ms), but for 30 to 200 ms."""
    block = RATE // 50
    n = len(samples) // block
    if n < 4:
        return samples
    energy = np.sqrt((samples[: n * block].astype(np.float64).reshape(n, block) ** 2).mean(1))
    loud = np.flatnonzero(energy > energy.max() * 0.01)
    first = max(0, loud[0] * block - int(rng.uniform(0.03, 0.2) * RATE))
    last = min(len(samples), (loud[-1] + 1) * block + int(rng.uniform(0.03, 0.2) * RATE))
    return samples[first:last]


def speakers(cache: Path) -> dict[str, list[tuple[str | None, list[Path]]]]:
    """Speaker name to (headerless format or None, files)."""
    x = cache / "x"
    found: dict[str, tuple[str | None, list[Path]]] = {}
    for language in ["en", "es", "fr", "it", "ru"]:
        found[f"asterisk-{language}"] = ("g722", sorted((x / f"asterisk-core-sounds-{language}-g722").rglob("*.g722")))
    found["menardi"] = (None, sorted((x / "asterisk-prompt-it-menardi-wav").rglob("*.wav")))
    for name in ["asterisk-prompt-fr-armelle", "asterisk-prompt-es-co"]:
        found[name] = ("gsm", sorted((x / name).rglob("*.gsm")))
    kinds = ("*.ogg", "*.wav", "*.opus")
    for root, name in [(x / "klettres-data/usr/share/klettres", "klettres"),
                       (x / "ktuberling-data/usr/share/ktuberling/sounds", "ktuberling"),
                       (x / "unknown-horizons/usr/share/unknown-horizons/content/audio/voice", "horizons")]:
        for folder in sorted(p for p in root.iterdir() if p.is_dir()):
            if folder.name.startswith("sr@"):
                continue
            files = sorted(p for kind in kinds for p in folder.rglob(kind))
            if len(files) >= 4:
                found[f"{name}-{folder.name}"] = (None, files)
    for name in GAME_VOICES:
        files = sorted((x / "hedgewars-data/usr/share/games/hedgewars/Data/Sounds/voices" / name).glob("*.ogg"))
        found[f"hedgewars-{name}"] = (None, files)
    syllables = sorted((x / "gcin-voice").rglob("*.ogg"))
    for number in sorted({p.stem for p in syllables}):
        files = [p for p in syllables if p.stem == number]
        if len(files) >= 40:
            found[f"gcin-{number}"] = (None, files)
    return found


def pieces(cache: Path) -> tuple[np.ndarray, np.ndarray]:
    """All pieces [n, 144000] int16 at 24 kHz and their speakers [n]. Kept in cache/genuine.npz."""
    store = cache / "genuine.npz"
    if store.exists():
        held = np.load(store)
        return held["pieces"], held["speakers"]
    out, names = [], []
    for name, (form, files) in sorted(speakers(cache).items()):
        rng = np.random.default_rng(int(hashlib.sha256(name.encode()).hexdigest()[:8], 16))
        files = [files[i] for i in rng.permutation(len(files))]
        if form:
            # Frames without a header may simply be set one behind the other.
            stream = decode(None, form=form, data=b"".join(p.read_bytes() for p in files[:450]))
        else:
            clips = [trim(decode(p), rng) for p in files[:MOST_CLIPS]]
            stream = np.concatenate([c for c in clips if len(c) > RATE // 5] or [np.zeros(0, np.int16)])
        n = min(MOST_PIECES, len(stream) // PIECE)
        cut = [stream[i * PIECE : (i + 1) * PIECE] for i in range(n)]
        cut = [c for c in cut if np.sqrt((c.astype(np.float64) ** 2).mean()) > 60]
        out += cut
        names += [name] * len(cut)
        print(f"{name:32s} {len(cut):3d} pieces", flush=True)
    store.parent.mkdir(parents=True, exist_ok=True)
    np.savez(store, pieces=np.stack(out), speakers=np.array(names))
    return np.stack(out), np.array(names)


def music(cache: Path) -> np.ndarray:
    """Music [n] int16 at 24 kHz for beds under speech: music on hold and game music."""
    store = cache / "music.npy"
    if not store.exists():
        files = sorted((cache / "x/asterisk-moh-opsound-g722").rglob("*.g722"))
        parts = [decode(None, form="g722", data=p.read_bytes())[: 60 * RATE] for p in files]
        tracks = sorted((cache / "x/hedgewars-data/usr/share/games/hedgewars/Data/Music").glob("*.ogg"))
        parts += [decode(p)[: 40 * RATE] for p in tracks[:16]]
        np.save(store, np.concatenate(parts))
    return np.load(store)


if __name__ == "__main__":
    folder = Path(".cache/train/voice")
    print(fetch(folder))
    found, who = pieces(folder)
    print(found.shape, len(set(who)), len(music(folder)) / RATE)
