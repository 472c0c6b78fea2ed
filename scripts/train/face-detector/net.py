"""The detector: a depthwise-separable backbone, a small pyramid, one prediction per cell at strides 8, 16 and 32."""
import torch
from torch import nn
from torch.nn import functional as F

STRIDES = (8, 16, 32)
# score, box (4), five points (10)
OUTPUTS = 15


def separable(inputs: int, outputs: int, stride: int = 1, kernel: int = 3, leak: float = 0.0) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, inputs, kernel, stride, kernel // 2, groups=inputs, bias=False), nn.BatchNorm2d(inputs),
        nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs), nn.LeakyReLU(leak, inplace=True) if leak else nn.ReLU(inplace=True),
    )


class Residual(nn.Module):
    def __init__(self, width: int, kernel: int = 3):
        super().__init__()
        self.body = separable(width, width, 1, kernel)

    def forward(self, x):
        return x + self.body(x)


class Detector(nn.Module):
    """Input float [n,3,h,w] in 0..255, h and w multiples of 32. Output per stride: [n,15,h/s,w/s], raw."""

    def __init__(self, widths=(16, 32, 64, 96, 128), neck: int = 48):
        super().__init__()
        a, b, c, d, e = widths
        self.stem = nn.Sequential(nn.Conv2d(3, a, 3, 2, 1, bias=False), nn.BatchNorm2d(a), nn.ReLU(inplace=True))
        self.to4 = nn.Sequential(separable(a, b, 2), Residual(b))
        self.to8 = nn.Sequential(separable(b, c, 2), Residual(c), Residual(c))
        self.to16 = nn.Sequential(separable(c, d, 2, 5), Residual(d, 5), Residual(d, 5))
        self.to32 = nn.Sequential(separable(d, e, 2, 5), Residual(e, 5), Residual(e, 5))
        self.side = nn.ModuleList(nn.Sequential(nn.Conv2d(w, neck, 1, bias=False), nn.BatchNorm2d(neck)) for w in (c, d, e))
        self.merge = nn.ModuleList(separable(neck, neck) for _ in range(3))
        # Classification and geometry want different features; each has one more layer. Leaky: the many empty cells of the
        # first steps drive a plain rectifier before the score to zero everywhere, from where it never comes back.
        self.what = nn.ModuleList(separable(neck, neck, leak=0.1) for _ in STRIDES)
        self.where = nn.ModuleList(separable(neck, neck, 1, 5, leak=0.1) for _ in STRIDES)
        self.score = nn.ModuleList(nn.Conv2d(neck, 1, 1) for _ in STRIDES)
        self.shape = nn.ModuleList(nn.Conv2d(neck, 14, 1) for _ in STRIDES)
        for head in self.score:
            nn.init.constant_(head.bias, -4.6)
            nn.init.normal_(head.weight, std=0.01)

    def forward(self, x):
        c8 = self.to8(self.to4(self.stem((x - 120) / 64)))
        c16 = self.to16(c8)
        c32 = self.to32(c16)
        p32 = self.merge[2](F.relu(self.side[2](c32)))
        p16 = self.merge[1](F.relu(self.side[1](c16)) + F.interpolate(p32, scale_factor=2, mode="nearest"))
        p8 = self.merge[0](F.relu(self.side[0](c8)) + F.interpolate(p16, scale_factor=2, mode="nearest"))
        return [torch.cat([self.score[i](self.what[i](p)), self.shape[i](self.where[i](p))], 1) for i, p in enumerate((p8, p16, p32))]


def cells(height: int, width: int):
    """Middle (x, y) and stride of every cell, in the order of `flatten`: [cells,2], [cells,1]."""
    middles, strides = [], []
    for s in STRIDES:
        y, x = torch.meshgrid(torch.arange(height // s), torch.arange(width // s), indexing="ij")
        middles.append((torch.stack([x, y], -1).reshape(-1, 2).float() + 0.5) * s)
        strides.append(torch.full((len(middles[-1]), 1), float(s)))
    return torch.cat(middles), torch.cat(strides)


def flatten(maps) -> torch.Tensor:
    """[n,15,h,w] per stride to [n,cells,15]."""
    return torch.cat([m.flatten(2) for m in maps], 2).transpose(1, 2)


def decode(raw: torch.Tensor, middles: torch.Tensor, strides: torch.Tensor) -> torch.Tensor:
    """Raw [n,cells,15] to: score logit, middle x, y, width, height, five (x, y), pixels of the input."""
    size = torch.exp(raw[..., 3:5].clamp(-4, 5)) * strides
    middle = middles + raw[..., 1:3] * strides
    points = middles.repeat(1, 5) + raw[..., 5:15] * strides * 2
    return torch.cat([raw[..., :1], middle, size, points], -1)
