"""Three small neural networks, trained here on the training speakers only, that make generated copies of genuine speech.

`Convolutional` upsamples a mel spectrogram by transposed convolutions (strides 8, 8, 4), `Inverse` predicts magnitude and
phase per frame and ends in an inverse STFT (the two families that most vocoders belong to), `Codec` compresses the waveform
64-fold in time and restores it by transposed convolutions. They learn a multi-resolution STFT loss only and are far worse
than published vocoders; what matters is that they leave traces of the same kinds.
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
from splits import part_of

RATE = 22_050
FFT, HOP, BANDS = 1024, 256, 80
SEGMENT = 8192
BATCH = 4


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


MEL = mel_matrix(RATE, FFT, BANDS, 0, 11_000)


def log_mel(x: torch.Tensor) -> torch.Tensor:
    """[N, T] to [N, 80, T / 256 + 1]."""
    return torch.log(torch.clamp(MEL @ magnitude(x, FFT, HOP), min=1e-5))


class Block(nn.Module):
    """ConvNeXt block (Liu 2022) over frames."""

    def __init__(self, width: int):
        super().__init__()
        self.depth = nn.Conv1d(width, width, 7, padding=3, groups=width)
        self.norm = nn.LayerNorm(width)
        self.up, self.down = nn.Conv1d(width, 3 * width, 1), nn.Conv1d(3 * width, width, 1)

    def forward(self, x):
        y = self.norm(self.depth(x).transpose(1, 2)).transpose(1, 2)
        return x + self.down(F.gelu(self.up(y)))


class Inverse(nn.Module):
    """Magnitude and phase per frame, then the inverse STFT (after Vocos, Siuzdak 2023)."""

    def __init__(self, width: int = 128, depth: int = 4):
        super().__init__()
        self.first = nn.Conv1d(BANDS, width, 7, padding=3)
        self.blocks = nn.Sequential(*[Block(width) for _ in range(depth)])
        self.last = nn.Conv1d(width, FFT + 2, 1)

    def forward(self, mel):
        y = self.last(self.blocks(self.first(mel)))
        log, angle = y.chunk(2, 1)
        size = torch.exp(torch.clamp(log, max=6))
        spectrum = torch.complex(size * torch.cos(angle), size * torch.sin(angle))
        return torch.istft(spectrum, FFT, HOP, window=torch.hann_window(FFT))


class Residual(nn.Module):
    def __init__(self, width: int, kernel: int):
        super().__init__()
        self.convs = nn.ModuleList(
            nn.Conv1d(width, width, kernel, dilation=d, padding=d * (kernel - 1) // 2) for d in (1, 3, 5))

    def forward(self, x):
        for conv in self.convs:
            x = x + conv(F.leaky_relu(x, 0.1))
        return x


class Convolutional(nn.Module):
    """Transposed convolutions and residual blocks (after HiFi-GAN, Kong 2020)."""

    def __init__(self, width: int = 64):
        super().__init__()
        self.first = nn.Conv1d(BANDS, width, 7, padding=3)
        self.ups, self.blocks = nn.ModuleList(), nn.ModuleList()
        for stride in (8, 8, 4):
            self.ups.append(nn.ConvTranspose1d(width, width // 2, 2 * stride, stride, padding=stride // 2))
            width //= 2
            self.blocks.append(nn.ModuleList([Residual(width, 3), Residual(width, 7)]))
        self.last = nn.Conv1d(width, 1, 7, padding=3)

    def forward(self, mel):
        y = self.first(mel)
        for up, blocks in zip(self.ups, self.blocks):
            y = up(F.leaky_relu(y, 0.1))
            y = sum(block(y) for block in blocks) / len(blocks)
        return torch.tanh(self.last(F.leaky_relu(y, 0.1)))[:, 0, : -HOP]


class Codec(nn.Module):
    """Strided convolutions down to 345 frames a second of 40 values, transposed ones back up (strides 4, 4, 4)."""

    def __init__(self, widths=(16, 32, 64), inner: int = 40):
        super().__init__()
        down, up, width = [], [], 1
        for wide in widths:
            down += [nn.Conv1d(width, wide, 8, 4, padding=2), nn.LeakyReLU(0.1)]
            up = [nn.ConvTranspose1d(wide, width, 8, 4, padding=2), *([nn.LeakyReLU(0.1)] if width > 1 else [])] + up
            width = wide
        self.down = nn.Sequential(*down, nn.Conv1d(width, inner, 3, padding=1))
        self.up = nn.Sequential(nn.Conv1d(inner, width, 3, padding=1), Residual(width, 3), *up)

    def forward(self, x):
        """[N, T] to [N, T], T a multiple of 64."""
        return self.up(torch.tanh(self.down(x[:, None])))[:, 0]


"""About ten minutes of one core in all."""
STEPS = {"codec": 2500, "convolutional": 1200, "inverse": 2500}
NETS = {"inverse": Inverse, "convolutional": Convolutional, "codec": Codec}


def copy_with(net: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """[N, T] at 22,050 Hz, T a multiple of 256: what the network makes of it."""
    return net(x) if isinstance(net, Codec) else net(log_mel(x))[:, : x.shape[1]]


def spectral_loss(made: torch.Tensor, true: torch.Tensor, fft: int) -> torch.Tensor:
    a, b = magnitude(made, fft, fft // 4), magnitude(true, fft, fft // 4)
    return torch.linalg.norm(a - b) / torch.linalg.norm(b) + F.l1_loss(torch.log(a + 1e-4), torch.log(b + 1e-4))


def train(kind: str, sound: np.ndarray, steps: int, out: Path) -> nn.Module:
    """sound: [n, T] int16 at 22,050 Hz. Saves the state at a third of the way as well: another set of traces."""
    torch.manual_seed(7)
    rng = np.random.default_rng(7)
    net = NETS[kind]()
    optimiser = torch.optim.AdamW(net.parameters(), 2e-3, betas=(0.8, 0.99))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=steps, pct_start=0.1)
    began = time.time()
    for step in range(steps):
        rows = rng.integers(0, len(sound), BATCH)
        starts = rng.integers(0, sound.shape[1] - SEGMENT, BATCH)
        x = np.stack([sound[r, s : s + SEGMENT] for r, s in zip(rows, starts)]).astype(np.float32) / 32768
        x = torch.from_numpy(x * rng.uniform(0.5, 1.5, (BATCH, 1)).astype(np.float32)).clamp(-1, 1)
        made = copy_with(net, x)
        true = x[:, : made.shape[1]]
        loss = spectral_loss(made, true, int(rng.choice([256, 512, 1024, 2048])))
        if kind == "codec":
            loss = loss + 10 * F.l1_loss(made, true)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5)
        optimiser.step()
        schedule.step()
        if step % 100 == 0:
            print(f"{kind} {step}/{steps} loss {loss.item():.3f} {time.time() - began:.0f} s", flush=True)
        if step == steps // 3:
            torch.save(net.state_dict(), out / f"{kind}-early.pt")
    torch.save(net.state_dict(), out / f"{kind}.pt")
    return net.eval()


def load(folder: Path) -> dict[str, nn.Module]:
    """The networks at the end and at a third of their training."""
    nets = {}
    for kind, made in NETS.items():
        for stage in ("", "-early"):
            net = made()
            net.load_state_dict(torch.load(folder / f"{kind}{stage}.pt"))
            nets[kind + stage] = net.eval()
    return nets


def prepare(cache: Path) -> None:
    """Trains all networks on pieces of the training speakers."""
    found, who = sources.pieces(cache)
    some = np.flatnonzero([part_of(w) == "train" for w in who])[::3]
    sound = np.stack([resample_poly(found[i].astype(np.float32), 147, 160) for i in some])
    # The networks' input and target have the loudness of ordinary speech.
    peak = np.percentile(np.abs(sound), 99.9, axis=1, keepdims=True)
    sound = (sound / peak * 20_000).clip(-32768, 32767).astype(np.int16)
    for kind, steps in STEPS.items():
        train(kind, sound, steps, cache)


if __name__ == "__main__":
    torch.set_num_threads(1)
    prepare(Path(sys.argv[1]))
