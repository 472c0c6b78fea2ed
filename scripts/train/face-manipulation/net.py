"""The network: a small residual net with its detail kept early, a map of altered places and one logit.

Crops uint8 [n,128,128,3] RGB go in; `logit` [n] and `heat` [n,16,16] (0..1) come out. Beside the colours it sees what a
fixed high-pass filter leaves (Fridrich & Kodovsky, IEEE TIFS 2012, the 3 x 3 KV kernel), where traces of blending and
up-sampling lie.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

WIDTHS = (16, 32, 64, 128)
KV = torch.tensor([[-1.0, 2.0, -1.0], [2.0, -4.0, 2.0], [-1.0, 2.0, -1.0]]) / 4


def unit(i: int, o: int, k: int = 3, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(i, o, k, stride, k // 2, bias=False), nn.BatchNorm2d(o))


class Block(nn.Module):
    """Two 3 x 3 convolutions around a shortcut; the shortcut pools where it shrinks."""

    def __init__(self, i: int, o: int, stride: int):
        super().__init__()
        self.first, self.second = unit(i, o, 3, stride), unit(o, o)
        self.short = nn.Identity() if i == o and stride == 1 else nn.Sequential(
            nn.AvgPool2d(stride) if stride > 1 else nn.Identity(), unit(i, o, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(self.second(F.relu(self.first(x))) + self.short(x))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        a, b, c, d = WIDTHS
        self.register_buffer("kv", KV.expand(3, 1, 3, 3).clone())
        self.stem = unit(6, a, 5, 2)
        self.middle = nn.Sequential(Block(a, b, 2), Block(b, b, 1))
        self.coarse = nn.Sequential(Block(b, c, 2), Block(c, c, 1))
        self.deep = nn.Sequential(Block(c, d, 2), Block(d, d, 1))
        self.side = nn.Sequential(unit(d, 64, 1), nn.ReLU())
        self.places = nn.Sequential(unit(c + 64, 64, 1), nn.ReLU(), nn.Conv2d(64, 1, 1))
        self.drop = nn.Dropout(0.3)
        self.last = nn.Linear(d + 3, 2)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """x: float [n,3,128,128], 0..255. Returns kinds [n,2] and place logits [n,16,16].

        The kinds are log-odds against a genuine face: of an alteration inside the picture, and of a head generated as a whole.
        """
        rest = F.conv2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), self.kv.to(x.dtype), groups=3).clamp(-24, 24) / 8
        x = torch.cat([(x - 127.5) / 64, rest], 1)
        at16 = self.coarse(self.middle(F.relu(self.stem(x))))
        deep = self.deep(at16)
        up = F.interpolate(self.side(deep), scale_factor=2.0, mode="nearest")
        places = self.places(torch.cat([at16, up], 1))[:, 0].float()
        flat = places.flatten(1)
        top = flat.topk(8, 1).values.mean(1, keepdim=True)
        seen = torch.cat([deep.float().mean((2, 3)), flat.mean(1, keepdim=True), top, flat.amax(1, keepdim=True)], 1)
        return self.last(self.drop(seen)), places


def logit_of(kinds: torch.Tensor) -> torch.Tensor:
    """Log-odds of either kind against a genuine face: [n,2] to [n]."""
    return torch.logsumexp(kinds, 1)
