"""Recorded human speech from Debian packages, cut into 6 s pieces of one speaker each.

The packages are training material only: they are downloaded with apt-get, unpacked without being installed, and nothing
of them goes into the project. Licences as their copyright files say (Asterisk prompts CC BY-SA 3.0 and CC BY 3.0, prompt
sets GPL or public domain, KDE and game voices GPL, Unknown Horizons GPL and CC BY-SA, Tux Paint's stamps, Fish Fillets,
Warzone 2100 and Nexuiz GPL, the two adventures freely distributable, festvox-ru and pocketsphinx BSD-like).
"""
import hashlib
import subprocess
import tempfile
import zipfile
from pathlib import Path

import numpy as np

import adventures

RATE = 24_000
PIECE = 6 * RATE
"""Pieces of one speaker at most: 2.4 minutes."""
MOST_PIECES = 24
"""Files that one process decodes: starting one each costs more than decoding."""
BATCH = 40

PACKAGES = [
    "asterisk-core-sounds-en-g722", "asterisk-core-sounds-es-g722", "asterisk-core-sounds-fr-g722",
    "asterisk-core-sounds-it-g722", "asterisk-core-sounds-ru-g722", "asterisk-prompt-it-menardi-wav",
    "asterisk-prompt-fr-armelle", "asterisk-prompt-es-co", "klettres-data", "ktuberling-data", "hedgewars-data",
    "unknown-horizons", "gcin-voice", "asterisk-moh-opsound-g722", "beneath-a-steel-sky", "flight-of-the-amazon-queen",
    "tuxpaint-stamps-default", "fillets-ng-data-cs", "fillets-ng-data-nl", "festvox-ru", "warzone2100-data", "nexuiz-data",
    "pocketsphinx-testdata",
]
"""Caricatured or electronically changed voices of the game's packs are left out."""
GAME_VOICES = ["British", "Classic", "Default", "Default_es", "Default_pl", "Default_ru", "Default_uk", "Mobster",
               "Russian", "Russian_pl", "Surfer"]
"""Folders of spoken messages in the archives of two games; those with effects on the voice are left out."""
ARCHIVES = {
    "warzone2100-data/usr/share/games/warzone2100/base.wz": (
        "warzone", ["audio/tutorial", "audio/extra", "audio/memressp/missmesg", "audio/memressp/cmndrvoc", "audio/countdown",
                    "audio/vtoltalk", "audio/taunts/taunt1", "audio/taunts/taunt2", "audio/taunts/taunt3", "sequenceaudio"]),
    "nexuiz-data/usr/share/games/nexuiz/data/data.pk3": (
        "nexuiz", ["sound/tutorial", "sound/announcer/male", "sound/player/pyria-skadi/coms", "sound/player/specop/coms",
                   "sound/player/marine/coms", "sound/player/insurrectionist/coms", "sound/player/soldier/coms",
                   "sound/player/fricka/coms"]),
}


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


def decode_all(paths: list[Path], most: int):
    """Yields samples [n] int16 at RATE of one file after another, until `most` samples have been given. Files that do not
    decode are passed over one by one."""
    given = 0
    for start in range(0, len(paths), BATCH):
        some = paths[start : start + BATCH]
        with tempfile.TemporaryDirectory() as folder:
            command = ["ffmpeg", "-v", "error", "-nostdin"]
            for path in some:
                command += ["-i", str(path)]
            for i in range(len(some)):
                command += ["-map", f"{i}:a:0", "-ac", "1", "-ar", str(RATE), "-f", "s16le", f"{folder}/{i}"]
            fine = subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0
            for i, path in enumerate(some):
                clip = np.fromfile(f"{folder}/{i}", np.int16) if fine else decode(path)
                given += len(clip)
                yield clip
        if given > most:
            return


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
    stamps = sorted((x / "tuxpaint-stamps-default").rglob("*_desc*.ogg"))
    for language in sorted({p.stem.partition("_desc")[2] for p in stamps}):
        files = [p for p in stamps if p.stem.partition("_desc")[2] == language]
        if len(files) >= 40:
            found[f"tuxpaint{language.replace('_', '-') or '-en'}"] = (None, files)
    for language in ("cs", "nl"):
        # The second part of a file's name says who talks: the small fish, the big one, or somebody else.
        files = sorted((x / f"fillets-ng-data-{language}").rglob("*.ogg"))
        for who in ("m", "v"):
            found[f"fillets-{language}-{who}"] = (None, [p for p in files if f"-{who}-" in p.name])
        found[f"fillets-{language}-others"] = (None, [p for p in files if "-m-" not in p.name and "-v-" not in p.name])
    found["festvox-ru"] = (None, sorted((x / "festvox-ru").rglob("*.wav")))
    found["pocketsphinx-cards"] = (None, sorted((x / "pocketsphinx-testdata").rglob("cards/*.wav")))
    found["pocketsphinx-librivox"] = (None, sorted((x / "pocketsphinx-testdata").rglob("librivox/*.wav")))
    for archive, (name, folders) in ARCHIVES.items():
        for folder in folders:
            target = cache / "archives" / name / folder.replace("/", "-")
            if not target.exists():
                target.mkdir(parents=True)
                with zipfile.ZipFile(x / archive) as held:
                    for entry in held.namelist():
                        if entry.rpartition("/")[0] == folder and entry.lower().endswith((".ogg", ".wav")):
                            (target / entry.rpartition("/")[2]).write_bytes(held.read(entry))
            found[f"{name}-{target.name}"] = (None, sorted(target.iterdir()))
    for name, files in adventures.unpack(cache).items():
        found[name] = (None, files)
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
            stream = decode(None, form=form, data=b"".join(p.read_bytes() for p in files[:120]))
        else:
            clips = [trim(clip, rng) for clip in decode_all(files, MOST_PIECES * PIECE * 3 // 2)]
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
