"""What speech meets on its way into a video, the same for both classes: codecs, band limits, rooms, noise, music."""
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from scipy.fft import irfft, rfft

RATE = 16_000
"""Encoder arguments and file ending; the share of pieces that go through each is its number of entries."""
CODECS = [
    *[None] * 7,
    (["-c:a", "g722"], "wav"), (["-c:a", "g722"], "wav"),
    *[(["-c:a", "aac", "-b:a", f"{k}k"], "m4a") for k in (24, 40, 64, 96)],
    *[(["-c:a", "libmp3lame", "-b:a", f"{k}k"], "mp3") for k in (32, 48, 64)],
    *[(["-c:a", "libopus", "-b:a", f"{k}k"], "opus") for k in (12, 20, 32, 64)],
    (["-c:a", "libvorbis", "-q:a", "1"], "ogg"),
    (["-c:a", "libgsm", "-ar", "8000"], "gsm"), (["-c:a", "pcm_mulaw", "-ar", "8000"], "wav"),
    (["-c:a", "libmp3lame", "-b:a", "64k", "-ar", "22050"], "mp3"), (["-c:a", "pcm_s16le", "-ar", "11025"], "wav"),
    # Noise suppression and a compressor, as recorders and editing programs apply them.
    (["-af", "afftdn=nr=14", "-c:a", "pcm_s16le"], "wav"), (["-af", "afftdn=nr=20:tn=1,acompressor", "-c:a", "pcm_s16le"], "wav"),
]


def through_codec(x: np.ndarray, codec) -> np.ndarray:
    """x [T] int16 at 16 kHz through an encoder and back; the same length."""
    if codec is None:
        return x
    arguments, ending = codec
    form = ["-f", "s16le", "-ar", str(RATE), "-ac", "1"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"x.{ending}"
        subprocess.run(["ffmpeg", "-v", "error", "-y", *form, "-i", "pipe:0", *arguments, path], input=x.tobytes(), check=True)
        done = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", path, *form, "pipe:1"],
                              stdout=subprocess.PIPE, check=True)
    y = np.frombuffer(done.stdout, np.int16)[: len(x)]
    return np.pad(y, (0, len(x) - len(y)))


def room(rng: np.random.Generator, n: int) -> np.ndarray:
    """Spectrum [n / 2 + 1] of a made-up room: a direct sound and noise that decays by 60 dB in 0.1 to 0.7 s."""
    length = int(0.4 * RATE)
    decay = np.exp(-6.9 * np.arange(length) / RATE / rng.uniform(0.1, 0.7))
    response = rng.standard_normal(length) * decay
    response *= 10 ** (rng.uniform(-20, -2) / 20) / np.sqrt((response**2).sum())
    response[0] += 1
    return rfft(response, n)


def noise(rng: np.random.Generator, n: int) -> np.ndarray:
    """Coloured noise [n], white to 12 dB an octave down, of unit power."""
    spectrum = rfft(rng.standard_normal(n, dtype=np.float32)) / np.maximum(np.arange(n // 2 + 1), 20) ** rng.uniform(0, 1.2)
    y = irfft(spectrum, n)
    return y / y.std()


def disturb(x: np.ndarray, rng: np.random.Generator, music: np.ndarray) -> np.ndarray:
    """x [T] float at 16 kHz; band limits, room, tone control, noise, music and gain, each for part of the windows."""
    n = len(x)
    bins = np.linspace(0, RATE / 2, n // 2 + 1)
    shape = np.ones(n // 2 + 1, np.complex64)
    if rng.random() < 0.3:
        edge = rng.choice([3400, 4000, 5500, 6500, 7000, 7500]) * rng.uniform(0.95, 1.05)
        shape *= 1 / (1 + np.exp(np.clip((bins - edge) / rng.uniform(10, 80), -50, 50)))
    if rng.random() < 0.15:
        shape *= 1 / (1 + np.exp(np.clip(-(bins - rng.uniform(60, 300)) / 15, -50, 50)))
    if rng.random() < 0.2:
        shape *= room(rng, n)
    if rng.random() < 0.5:
        shape *= 10 ** (rng.uniform(-9, 9) * (bins / 8000 - 0.3) / 20)
    y = irfft(rfft(x.astype(np.float32)) * shape.astype(np.complex64), n)
    power = y.std() + 1e-6
    if rng.random() < 0.45:
        y = y + noise(rng, n) * power * 10 ** (-rng.uniform(10, 45) / 20)
    if rng.random() < 0.1:
        start = rng.integers(0, len(music) - n)
        bed = music[start : start + n].astype(np.float64)
        y = y + bed / (bed.std() + 1) * power * 10 ** (-rng.uniform(12, 30) / 20)
    y = y / (np.abs(y).max() + 1e-9) * rng.uniform(0.05, 1.0)
    return np.round(y * 32767) / 32768
