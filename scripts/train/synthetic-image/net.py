"""The network: a learnt residual at full resolution, folded into half the size without losing a pixel, then a small CNN."""
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

    def forward(self, x):
        # Weak traces matter, strong edges do not: the residual is cut at three standard deviations.
        r = self.scale(self.residual(x / 64 - 2)).float().clamp(-3, 3)
        y = F.relu(self.one(self.fold(r)))
        y = F.relu(self.two(self.block1(y)))
        y = F.relu(self.three(self.block2(y)))
        heat, weight = self.head(self.block3(y)).float().chunk(2, 1)
        heat, weight = heat[:, 0], weight[:, 0]
        share = torch.softmax(weight.flatten(1), 1)
        return (share * heat.flatten(1)).sum(1), heat


class Export(nn.Module):
    """uint8 [n,128,128,3] RGB to logit and heat."""

    def __init__(self, net: SyntheticImage):
        super().__init__()
        self.net = net

    def forward(self, patches):
        return self.net(patches.permute(0, 3, 1, 2).float())
