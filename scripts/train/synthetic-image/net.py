"""
The network: a learnt residual at full resolution, folded into half the size without losing a pixel, then a small CNN; and beside
it the statistics of a patch's detail, since much of what parts generated from camera pictures shows only on average.
"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

PATCH = 128
RESIDUALS = 16


class Residual(nn.Module):
    """5 x 5 filters without response to a constant (each colour's weights sum to 0); no padding, so no invented border."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(RESIDUALS, 3, 5, 5) * 0.2)

    def filters(self) -> torch.Tensor:
        return self.weight - self.weight.mean((2, 3), keepdim=True)

    def forward(self, x):
        return F.conv2d(x, self.filters())


def unit(before: int, after: int, stride: int = 1, kernel: int = 3) -> nn.Sequential:
    """Widths are multiples of 16, which the runtime computes in blocks."""
    return nn.Sequential(nn.Conv2d(before, after, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(after))


class Block(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.one, self.two = unit(width, width), unit(width, width)

    def forward(self, x):
        return F.relu(x + self.two(F.relu(self.one(x))))


def cosines() -> torch.Tensor:
    """The 64 functions of the discrete cosine transform of 8 x 8 pixels, for luma and both colour differences: [192,1,8,8]."""
    n = np.arange(8)
    line = np.sqrt(np.where(n[:, None] == 0, 1, 2) / 8) * np.cos(np.pi * (2 * n[None] + 1) * n[:, None] / 16)
    planes = np.einsum("uy,vx->uvyx", line, line).reshape(64, 1, 8, 8)
    return torch.from_numpy(np.tile(planes, (3, 1, 1, 1))).float()


#: RGB to luma and colour differences (ITU-R BT.601).
COLOURS = ((0.299, 0.587, 0.114), (-0.169, -0.331, 0.5), (0.5, -0.419, -0.081))


class Statistics(nn.Module):
    """One logit from how strong each frequency is in a patch, and how evenly: logs of mean square and of mean size."""

    def __init__(self):
        super().__init__()
        self.register_buffer("colours", torch.tensor(COLOURS)[..., None, None], persistent=False)
        self.register_buffer("cosines", cosines(), persistent=False)
        self.norm = nn.BatchNorm1d(384)
        self.one, self.two = nn.Linear(384, 32), nn.Linear(32, 1)
        self.drop = nn.Dropout(0.3)

    def forward(self, x):
        found = F.conv2d(F.conv2d(x, self.colours), self.cosines, stride=8, groups=3)
        found = torch.cat([torch.log((found * found).mean((2, 3)) + 0.5), torch.log(found.abs().mean((2, 3)) + 0.1)], 1)
        return self.two(F.relu(self.one(self.drop(self.norm(found)))))[:, 0]


class SyntheticImage(nn.Module):
    """x: float [n,3,h,w] 0..255. Returns logit [n] and heat [n,h/8,w/8]: logits of the cells, above 0 for generated."""

    def __init__(self):
        super().__init__()
        self.residual = Residual()
        self.scale = nn.BatchNorm2d(RESIDUALS)
        self.fold = nn.PixelUnshuffle(2)
        self.one = unit(4 * RESIDUALS, 32, kernel=1)
        self.block1 = Block(32)
        self.two = unit(32, 48, 2)
        self.block2 = Block(48)
        self.three = unit(48, 96, 2)
        self.block3 = Block(96)
        self.head = nn.Conv2d(96, 2, 1)
        self.statistics = Statistics()

    def forward(self, x):
        # Half precision, in which the rest is trained, would round pixels to half a grey level: more than the traces.
        with torch.autocast("cpu", enabled=False):
            # Weak traces matter, strong edges do not: the residual is cut at three standard deviations.
            r = self.scale(self.residual(x / 64 - 2)).clamp(-3, 3)
            overall = self.statistics(x)
        y = F.relu(self.one(self.fold(r)))
        y = F.relu(self.two(self.block1(y)))
        y = F.relu(self.three(self.block2(y)))
        heat, weight = self.head(self.block3(y)).float().chunk(2, 1)
        heat, weight = heat[:, 0] + overall[:, None, None], weight[:, 0]
        share = torch.softmax(weight.flatten(1), 1)
        return (share * heat.flatten(1)).sum(1), heat


class Export(nn.Module):
    """uint8 [n,128,128,3] RGB to logit and heat."""

    def __init__(self, net: SyntheticImage):
        super().__init__()
        self.net = net

    def forward(self, patches):
        return self.net(patches.permute(0, 3, 1, 2).float())
