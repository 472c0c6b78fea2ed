"""The architectures of the neural vocoders that neural.py trains: codecs on the waveform and generators from mel spectrograms.

Every family of upsampler that published vocoders use is there: transposed convolutions whose kernel is the stride or twice the
stride, nearest-neighbour and linear interpolation before a convolution, sub-pixel shuffles, sub-bands, and an inverse STFT.
"""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


class Up(nn.Module):
    """[N, before, T] to [N, after, T * stride]."""

    def __init__(self, before: int, after: int, stride: int, kind: str):
        super().__init__()
        self.stride, self.kind = stride, kind
        if kind == "transposed":
            self.conv = nn.ConvTranspose1d(before, after, 2 * stride, stride, padding=stride // 2 + stride % 2, output_padding=stride % 2)
        elif kind == "patch":
            self.conv = nn.ConvTranspose1d(before, after, stride, stride)
        elif kind == "shuffle":
            self.conv = nn.Conv1d(before, after * stride, 3, padding=1)
        else:
            self.conv = nn.Conv1d(before, after, 2 * stride + 1, padding=stride)

    def forward(self, x):
        if self.kind in ("nearest", "linear"):
            return self.conv(F.interpolate(x, scale_factor=self.stride, mode=self.kind))
        y = self.conv(x)
        if self.kind == "shuffle":
            n, c, t = y.shape
            y = y.view(n, c // self.stride, self.stride, t).transpose(2, 3).reshape(n, c // self.stride, t * self.stride)
        return y


class Residual(nn.Module):
    def __init__(self, width: int, kernel: int):
        super().__init__()
        self.convs = nn.ModuleList(
            nn.Conv1d(width, width, kernel, dilation=d, padding=d * (kernel - 1) // 2) for d in (1, 3))

    def forward(self, x):
        for conv in self.convs:
            x = x + conv(F.leaky_relu(x, 0.1))
        return x


class Generator(nn.Module):
    """Mel frames [N, bands, n] to [N, n * product of strides (* sub-bands)] (after HiFi-GAN, Kong 2020)."""

    def __init__(self, bands: int, strides, kind: str, width: int = 48, sub: int = 1):
        super().__init__()
        self.sub = sub
        self.first = nn.Conv1d(bands, width, 7, padding=3)
        self.ups, self.blocks = nn.ModuleList(), nn.ModuleList()
        for stride in strides:
            self.ups.append(Up(width, max(8, width // 2), stride, kind))
            width = max(8, width // 2)
            self.blocks.append(nn.ModuleList([Residual(width, 3), Residual(width, 7)]))
        self.last = nn.Conv1d(width, sub, 7, padding=3)
        if sub > 1:
            self.register_buffer("bank", filter_bank(sub))

    def forward(self, mel):
        y = self.first(mel)
        for up, blocks in zip(self.ups, self.blocks):
            y = up(F.leaky_relu(y, 0.1))
            y = sum(block(y) for block in blocks) / len(blocks)
        y = self.last(F.leaky_relu(y, 0.1))
        if self.sub > 1:
            taps = self.bank.shape[-1]
            y = F.conv_transpose1d(y, self.bank * self.sub, stride=self.sub)[:, :, taps // 2 : -(taps // 2) + self.sub - 1 or None]
        return torch.tanh(y)[:, 0]


def filter_bank(sub: int, taps: int = 62) -> torch.Tensor:
    """Synthesis filters [sub, 1, taps + 1] of a cosine-modulated bank (Nguyen 1994)."""
    n = np.arange(taps + 1) - taps / 2
    low = np.sinc(n * 0.142 * 4 / sub) * 0.142 * 4 / sub * np.kaiser(taps + 1, 9.0)
    bands = [2 * low * np.cos((2 * k + 1) * np.pi / (2 * sub) * n - (-1) ** k * np.pi / 4) for k in range(sub)]
    return torch.tensor(np.array(bands), dtype=torch.float32)[:, None]


class Inverse(nn.Module):
    """Magnitude and phase per frame, then the inverse STFT (after Vocos, Siuzdak 2023)."""

    def __init__(self, bands: int, fft: int, hop: int, width: int = 96, depth: int = 3):
        super().__init__()
        self.fft, self.hop = fft, hop
        self.first = nn.Conv1d(bands, width, 7, padding=3)
        self.blocks = nn.ModuleList(nn.ModuleList([
            nn.Conv1d(width, width, 7, padding=3, groups=width), nn.Conv1d(width, 3 * width, 1), nn.Conv1d(3 * width, width, 1),
        ]) for _ in range(depth))
        self.last = nn.Conv1d(width, fft + 2, 1)

    def forward(self, mel):
        y = self.first(mel)
        for depth, up, down in self.blocks:
            y = y + down(F.gelu(up(depth(y))))
        log, angle = self.last(y).chunk(2, 1)
        size = torch.exp(torch.clamp(log, max=6))
        spectrum = torch.complex(size * torch.cos(angle), size * torch.sin(angle))
        return torch.istft(spectrum, self.fft, self.hop, window=torch.hann_window(self.fft))


class Codec(nn.Module):
    """Strided convolutions down to `inner` values a frame, upsamplers back up: [N, T] to [N, T], T a multiple of all strides."""

    def __init__(self, strides, kind: str, inner: int, width: int = 16):
        super().__init__()
        down, up, before = [], [], 1
        for stride in strides:
            down += [nn.Conv1d(before, width, 2 * stride + 1, stride, padding=stride), nn.LeakyReLU(0.1)]
            up = [Up(width, before, stride, kind), *([nn.LeakyReLU(0.1)] if before > 1 else [])] + up
            before, width = width, min(64, 2 * width)
        self.down = nn.Sequential(*down, nn.Conv1d(before, inner, 3, padding=1))
        self.up = nn.Sequential(nn.Conv1d(inner, before, 3, padding=1), Residual(before, 3), *up)

    def forward(self, x):
        return self.up(torch.tanh(self.down(x[:, None])))[:, 0]


class Adversary(nn.Module):
    """Judges waves folded to a period, and waves as they are (after HiFi-GAN's multi-period and multi-scale ones, made small)."""

    def __init__(self, periods=(2, 3, 5), width: int = 12):
        super().__init__()
        self.periods = periods
        self.folded = nn.ModuleList(nn.Sequential(
            nn.Conv2d(1, width, (5, 1), (3, 1), (2, 0)), nn.LeakyReLU(0.1),
            nn.Conv2d(width, 2 * width, (5, 1), (3, 1), (2, 0)), nn.LeakyReLU(0.1),
            nn.Conv2d(2 * width, 2 * width, (5, 1), (3, 1), (2, 0)), nn.LeakyReLU(0.1),
            nn.Conv2d(2 * width, 1, (3, 1), 1, (1, 0))) for _ in periods)
        self.plain = nn.Sequential(
            nn.Conv1d(1, width, 15, 4, 7), nn.LeakyReLU(0.1), nn.Conv1d(width, 2 * width, 21, 4, 10, groups=4), nn.LeakyReLU(0.1),
            nn.Conv1d(2 * width, 2 * width, 5, 1, 2), nn.LeakyReLU(0.1), nn.Conv1d(2 * width, 1, 3, 1, 1))

    def forward(self, x):
        """[N, T] to a list of judgements (1 for a recording, 0 for a copy)."""
        out = [self.plain(x[:, None])]
        for period, net in zip(self.periods, self.folded):
            t = x.shape[1] // period * period
            out.append(net(x[:, None, :t].reshape(len(x), 1, -1, period)))
        return out
