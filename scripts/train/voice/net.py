"""The classifier: spectrogram inside the graph, a light convolutional net with max-feature-maps, attentive statistics.

What ships is the mean of two such networks (`Joined`). Input `samples` [N, 64000] float32, -1 to 1, 16 kHz. Output `logit` [N] (higher: generated) and `heat` [N, 15], the same per
stretch of 267 ms.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

SAMPLES, FFT, HOP = 64_000, 512, 256
BINS = 256
"""Power under the window's mean at which the logarithm levels out: -70 dB. Below lies rounding noise of 16-bit files."""
FLOOR = 1e-7
"""Bins over which the mean spectrum is smoothed before it is taken away: tone colour goes, narrow lines stay."""
SMOOTH = 31


class Spectrogram(nn.Module):
    """[N, 64000] to [N, 1, 256, 249]: log power, less the smoothed mean spectrum of the window."""

    def __init__(self):
        super().__init__()
        t = torch.arange(FFT, dtype=torch.float64)
        k = torch.arange(1, BINS + 1, dtype=torch.float64)[:, None]
        window = 0.5 - 0.5 * torch.cos(2 * math.pi * t / FFT)
        angle = 2 * math.pi * k * t / FFT
        kernels = torch.cat([window * torch.cos(angle), window * torch.sin(angle)])
        self.register_buffer("kernels", kernels.float()[:, None], persistent=False)

    def forward(self, x):
        parts = F.conv1d(x[:, None], self.kernels, stride=HOP)
        power = parts[:, :BINS] ** 2 + parts[:, BINS:] ** 2
        log = torch.log(power / (power.mean((1, 2), keepdim=True) + 1e-9) + FLOOR)
        mean = log.mean(2)[:, None]
        smooth = F.avg_pool1d(mean, SMOOTH, 1, SMOOTH // 2, count_include_pad=False)
        return ((log - smooth.transpose(1, 2)) * 0.35)[:, None]


class FeatureMap(nn.Module):
    """Convolution whose output is the larger of two halves (Wu 2018), then normalisation."""

    def __init__(self, before: int, after: int, kernel: int, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(before, 2 * after, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(2 * after)

    def forward(self, x):
        a, b = self.norm(self.conv(x)).chunk(2, 1)
        return torch.maximum(a, b)


class VoiceNet(nn.Module):
    def __init__(self, widths=(12, 24, 32, 48, 48), dropout: float = 0.3):
        super().__init__()
        a, b, c, d, e = widths
        self.front = Spectrogram()
        self.body = nn.Sequential(
            FeatureMap(1, a, 5, 2), nn.MaxPool2d(2),
            FeatureMap(a, b, 3), nn.MaxPool2d(2),
            FeatureMap(b, c, 3), FeatureMap(c, c, 1), FeatureMap(c, d, 3), nn.MaxPool2d(2),
            FeatureMap(d, e, 3), FeatureMap(e, e, 3),
        )
        self.mix = nn.Sequential(nn.Conv1d(e * 16, 80, 1, bias=False), nn.BatchNorm1d(80), nn.ReLU())
        self.dropout = nn.Dropout(dropout)
        self.attention = nn.Conv1d(80, 1, 1)
        self.each = nn.Conv1d(80, 1, 1)
        self.whole = nn.Linear(160, 1)

    def forward(self, samples):
        y = self.body(self.front(samples))
        y = self.mix(y.flatten(1, 2))
        weight = torch.softmax(self.attention(y), 2)
        mean = (y * weight).sum(2)
        spread = torch.sqrt(((y - mean[:, :, None]) ** 2 * weight).sum(2) + 1e-4)
        return self.whole(self.dropout(torch.cat([mean, spread], 1)))[:, 0], self.each(y)[:, 0]


class Joined(nn.Module):
    """The mean of what two networks say, in equal parts: each keeps what the other forgot."""

    def __init__(self, one: VoiceNet, other: VoiceNet):
        super().__init__()
        self.one, self.other = one, other

    def forward(self, samples):
        a, b = self.one(samples), self.other(samples)
        return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
