"""Small neural vocoders, trained here on the training speakers only, that make generated copies of genuine speech.

They are far worse than published ones and differ from each other in all that leaves traces: the upsampler and its strides, the
rate, waveform or mel frames in, and whether an adversary took part (least squares, as HiFi-GAN's). pool.py takes the coarse
spectrum of most copies from the original, so that bad quality is not what is learnt.
"""
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from scipy.signal import resample_poly

import sources
from builds import Adversary, Codec, Generator, Inverse
from splits import part_of

SEGMENT = 8192
BATCH = 4
BANDS = 80


def mel_matrix(rate: int, fft: int, bands: int, low: float = 0.0, high: float | None = None) -> torch.Tensor:
    """Triangular filters [bands, fft / 2 + 1], equally spaced on the mel scale (O'Shaughnessy 1987)."""
    high = high or rate / 2
    to_mel = lambda f: 2595 * np.log10(1 + f / 700)
    edges = 700 * (10 ** (np.linspace(to_mel(low), to_mel(high), bands + 2) / 2595) - 1)
    f = np.linspace(0, rate / 2, fft // 2 + 1)
    up = (f[None] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    down = (edges[2:, None] - f[None]) / (edges[2:] - edges[1:-1])[:, None]
    return torch.tensor(np.maximum(0, np.minimum(up, down)), dtype=torch.float32)


def magnitude(x: torch.Tensor, fft: int, hop: int) -> torch.Tensor:
    """[N, T] to [N, fft / 2 + 1, frames]."""
    spectrum = torch.stft(x, fft, hop, window=torch.hann_window(fft), return_complex=True)
    return torch.sqrt(spectrum.real**2 + spectrum.imag**2 + 1e-9)


class FromMel(nn.Module):
    """A copy [N, T] of x [N, T], T a multiple of hop, by way of log mel frames."""

    def __init__(self, rate: int, fft: int, hop: int, net: nn.Module):
        super().__init__()
        self.fft, self.hop, self.net = fft, hop, net
        self.register_buffer("mel", mel_matrix(rate, fft, BANDS, 0, min(11_000, rate / 2)), persistent=False)

    def forward(self, x):
        frames = torch.log(torch.clamp(self.mel @ magnitude(x, self.fft, self.hop), min=1e-5))
        return self.net(frames)[:, : x.shape[1]]


"""Name to rate, whether an adversary takes part, steps, and the network. Steps are fixed, never time."""
BUILDS = {
    "codec-transposed": (22_050, True, 500, lambda: Codec((4, 4, 4), "transposed", 40)),
    "codec-nearest": (16_000, True, 500, lambda: Codec((5, 4, 2), "nearest", 24)),
    "codec-patch": (24_000, False, 700, lambda: Codec((8, 4), "patch", 16)),
    "codec-shuffle": (22_050, True, 500, lambda: Codec((8, 2, 2), "shuffle", 24)),
    "codec-linear": (16_000, False, 700, lambda: Codec((4, 2, 2), "linear", 10)),
    "mel-transposed": (22_050, True, 450, lambda: FromMel(22_050, 1024, 256, Generator(BANDS, (8, 8, 4), "transposed"))),
    "mel-nearest": (16_000, True, 450, lambda: FromMel(16_000, 800, 200, Generator(BANDS, (5, 5, 8), "nearest"))),
    "mel-patch": (24_000, False, 500, lambda: FromMel(24_000, 1024, 240, Generator(BANDS, (10, 8, 3), "patch"))),
    "mel-bands": (22_050, True, 700, lambda: FromMel(22_050, 1024, 256, Generator(BANDS, (8, 8), "transposed", 64, 4))),
    "mel-deep": (22_050, True, 450, lambda: FromMel(22_050, 1024, 256, Generator(BANDS, (8, 8, 2, 2), "transposed"))),
    "inverse": (22_050, True, 700, lambda: FromMel(22_050, 1024, 256, Inverse(BANDS, 1024, 256))),
    "inverse-short": (16_000, False, 700, lambda: FromMel(16_000, 800, 200, Inverse(BANDS, 800, 200))),
}
"""All strides and hops divide it."""
MULTIPLE = 19_200


def spectral_loss(made: torch.Tensor, true: torch.Tensor, fft: int) -> torch.Tensor:
    a, b = magnitude(made, fft, fft // 4), magnitude(true, fft, fft // 4)
    return torch.linalg.norm(a - b) / torch.linalg.norm(b) + F.l1_loss(torch.log(a + 1e-4), torch.log(b + 1e-4))


def train(name: str, sound: np.ndarray, out: Path) -> None:
    """sound: [n, T] int16 at the build's rate."""
    _, fought, steps, make = BUILDS[name]
    torch.manual_seed(7)
    rng = np.random.default_rng(7)
    net, judge = make(), Adversary()
    optimiser = torch.optim.AdamW(net.parameters(), 2e-3, betas=(0.8, 0.99))
    other = torch.optim.AdamW(judge.parameters(), 1e-3, betas=(0.8, 0.99))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps, pct_start=0.1)
    hop = getattr(net, "hop", 160 if name == "codec-nearest" else 64)
    size = SEGMENT // hop * hop
    began = time.time()
    for step in range(steps):
        rows = rng.integers(0, len(sound), BATCH)
        starts = rng.integers(0, sound.shape[1] - size, BATCH)
        x = np.stack([sound[r, s : s + size] for r, s in zip(rows, starts)]).astype(np.float32) / 32768
        x = torch.from_numpy(x * rng.uniform(0.5, 1.5, (BATCH, 1)).astype(np.float32)).clamp(-1, 1)
        made = net(x)
        true = x[:, : made.shape[1]]
        loss = spectral_loss(made, true, int(rng.choice([256, 512, 1024, 2048])))
        if name.startswith("codec"):
            loss = loss + 10 * F.l1_loss(made, true)
        if fought and step >= steps // 3:
            other.zero_grad()
            wrong = sum(((a - 1) ** 2).mean() + (b**2).mean() for a, b in zip(judge(true), judge(made.detach())))
            wrong.backward()
            other.step()
            loss = loss + 0.3 * sum(((b - 1) ** 2).mean() for b in judge(made))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5)
        optimiser.step()
        schedule.step()
        if step % 100 == 0:
            print(f"{name} {step}/{steps} loss {loss.item():.3f} {time.time() - began:.0f} s", flush=True)
    torch.save(net.state_dict(), out / f"{name}.pt")


def load(folder: Path) -> dict[str, tuple[int, nn.Module]]:
    """Name to rate and network."""
    nets = {}
    for name, (rate, _, _, make) in BUILDS.items():
        net = make()
        net.load_state_dict(torch.load(folder / f"{name}.pt"))
        nets[name] = rate, net.eval()
    return nets


def prepare(cache: Path) -> None:
    """Trains the networks that are missing on pieces of the training speakers."""
    missing = [n for n in BUILDS if not (cache / f"{n}.pt").exists()]
    if not missing:
        return
    found, who = sources.pieces(cache)
    some = np.flatnonzero([part_of(w) == "train" for w in who])[::6]
    for rate in sorted({BUILDS[n][0] for n in missing}):
        up, down = {16_000: (2, 3), 22_050: (147, 160), 24_000: (1, 1)}[rate]
        sound = np.stack([resample_poly(found[i].astype(np.float32), up, down) for i in some])
        # The networks' input and target have the loudness of ordinary speech.
        peak = np.percentile(np.abs(sound), 99.9, axis=1, keepdims=True)
        sound = (sound / peak * 20_000).clip(-32768, 32767).astype(np.int16)
        for name in missing:
            if BUILDS[name][0] == rate:
                train(name, sound, cache)


if __name__ == "__main__":
    torch.set_num_threads(1)
    prepare(Path(sys.argv[1]))
