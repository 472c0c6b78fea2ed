"""Many differently built small generators: each re-makes a picture through its own decoder and leaves its own traces.

The idea of aligned re-made pictures: Rajan et al. 2024; of simulated generator traces: Zhang et al. 2019 (AutoGAN);
of what up-sampling leaves between neighbours: Tan et al. 2024 (NPR). All are trained here, from nothing, in a minute.
Pictures are float [n,3,h,w] in -1..1; h and w divisible by 16.
"""
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

UPS = ("tconv4", "tconv3", "tconv2", "nearest", "bilinear", "shuffle")


@dataclass(frozen=True)
class Kind:
    name: str
    family: str  # auto | denoise | super | patch | haar
    up: str = "nearest"
    factor: int = 8
    width: int = 24
    latent: int = 8
    kernel: int = 3
    norm: str = "none"  # none | group | batch
    act: str = "relu"
    loss: str = "l1"  # l1 | l2 | gradient | energy | adversarial
    noise: float = 0.0  # in the latent, or between the decoder's layers with `layers`
    levels: int = 0  # quantised latent: values per channel
    steps: int = 400
    passes: int = 1
    batch: int = 4


def training_kinds() -> list[Kind]:
    """Fixed list; the hyper-parameters that do not matter by themselves are drawn with a fixed seed."""
    random = np.random.default_rng(11)
    kinds = []
    losses = ("adversarial", "energy", "gradient", "l1", "energy", "adversarial")
    ups = [(4, u) for u in UPS] + [(8, u) for u in ("tconv4", "nearest", "tconv2", "shuffle")] + [(16, "nearest")]
    for i, (factor, up) in enumerate(ups):
        width, kernel = int(random.choice([16, 24])), int(random.choice([3, 3, 5]))
        norm, act = str(random.choice(["none", "group", "batch"])), str(random.choice(["relu", "leaky", "silu"]))
        noise, levels = float(random.choice([0, 0, 0.1])), int(random.choice([0, 0, 7]))
        steps = int(random.choice([120, 300, 350]))
        # The rest stay small and rough: variety counts for more than quality.
        rough = i > 5
        kinds.append(Kind(
            f"auto{factor}-{up}", "auto", up, factor, 16 if rough else width, {4: 12, 8: 32, 16: 64}[factor],
            3 if rough else kernel, norm, act, losses[i % 6], noise, levels, min(steps, 200) if rough else steps,
            batch=8 if i < 5 else 4,
        ))
    kinds += [
        Kind("denoise-nearest-2", "denoise", "nearest", 4, 16, norm="group", act="silu", loss="l2", steps=200, passes=2),
        Kind("denoise-shuffle-1", "denoise", "shuffle", 4, 16, norm="none", act="relu", loss="l1", steps=200, passes=1),
        Kind("super2-shuffle", "super", "shuffle", 2, 16, act="leaky", loss="adversarial", steps=200),
        Kind("super4-nearest", "super", "nearest", 4, 16, act="leaky", loss="adversarial", steps=200),
    ]
    return kinds


def held_out_kinds() -> list[Kind]:
    """Never trained on: for validation. Two families (patch, haar) have no relative among the training kinds."""
    return [
        Kind("patch8", "patch", factor=8, width=96, loss="energy", steps=500),
        Kind("haar4", "haar", factor=4, width=16, latent=12, loss="adversarial", steps=200),
        Kind("auto8-bilinear-noise", "auto", "bilinear", 8, 16, 32, 3, "group", "leaky", "adversarial", 0.2, 0, 250),
        Kind("denoise-bilinear-1", "denoise", "bilinear", 4, 16, norm="batch", act="leaky", loss="gradient", steps=200, passes=1),
        Kind("super4-shuffle", "super", "shuffle", 4, 16, loss="energy", steps=200),
    ]


def norm_of(kind: str, width: int) -> nn.Module:
    return {"none": nn.Identity, "group": lambda: nn.GroupNorm(4, width), "batch": lambda: nn.BatchNorm2d(width)}[kind]()


def act_of(kind: str) -> nn.Module:
    return {"relu": nn.ReLU, "leaky": lambda: nn.LeakyReLU(0.2), "silu": nn.SiLU}[kind]()


def upsampler(kind: str, before: int, after: int, kernel: int) -> nn.Module:
    """Doubles the size."""
    conv = nn.Conv2d(before, after, kernel, padding=kernel // 2)
    if kind == "tconv4":
        return nn.ConvTranspose2d(before, after, 4, 2, 1)
    if kind == "tconv3":
        return nn.ConvTranspose2d(before, after, 3, 2, 1, 1)
    if kind == "tconv2":
        return nn.ConvTranspose2d(before, after, 2, 2)
    if kind == "shuffle":
        return nn.Sequential(nn.Conv2d(before, after * 4, kernel, padding=kernel // 2), nn.PixelShuffle(2))
    mode = {"nearest": {"mode": "nearest"}, "bilinear": {"mode": "bilinear", "align_corners": False}}[kind]
    return nn.Sequential(nn.Upsample(scale_factor=2, **mode), conv)


class HaarUp(nn.Module):
    """Doubles the size by an inverse Haar transform of four predicted bands."""

    def __init__(self, before: int, after: int):
        super().__init__()
        self.conv = nn.Conv2d(before, after * 4, 3, padding=1)

    def forward(self, x):
        a, b, c, d = self.conv(x).chunk(4, 1)
        rows = [torch.stack([a + b + c + d, a - b + c - d], -1), torch.stack([a + b - c - d, a - b - c + d], -1)]
        n, ch, h, w = a.shape
        return torch.stack([r.reshape(n, ch, h, 2 * w) for r in rows], 3).reshape(n, ch, 2 * h, 2 * w) / 2


class LayerNoise(nn.Module):
    """Noise with a learnt strength per channel, as StyleGAN adds it (Karras et al. 2019)."""

    def __init__(self, width: int):
        super().__init__()
        self.strength = nn.Parameter(torch.full((1, width, 1, 1), 0.1))

    def forward(self, x):
        return x + self.strength * torch.randn(x.shape[0], 1, *x.shape[2:])


class Decoder(nn.Module):
    def __init__(self, kind: Kind, before: int, doublings: int):
        super().__init__()
        widths = [kind.width * min(4, 2**i) for i in range(doublings, -1, -1)]
        layers = [nn.Conv2d(before, widths[0], 3, padding=1), act_of(kind.act)]
        for a, b in zip(widths, widths[1:]):
            layers.append(HaarUp(a, b) if kind.family == "haar" else upsampler(kind.up, a, b, kind.kernel))
            if kind.loss in ("energy", "adversarial"):
                layers.append(LayerNoise(b))
            layers += [norm_of(kind.norm, b), act_of(kind.act), nn.Conv2d(b, b, 3, padding=1), act_of(kind.act)]
        layers.append(nn.Conv2d(widths[-1], 3, kind.kernel, padding=kind.kernel // 2))
        self.layers = nn.Sequential(*layers)

    def forward(self, z):
        return self.layers(z)


class Auto(nn.Module):
    """Auto-encoder, with a noisy or quantised latent where the kind says so."""

    def __init__(self, kind: Kind):
        super().__init__()
        self.kind = kind
        doublings = kind.factor.bit_length() - 1
        w = kind.width
        layers = [nn.Conv2d(3, w, 3, padding=1), act_of(kind.act)]
        for i in range(doublings):
            a, b = w * min(4, 2**i), w * min(4, 2 ** (i + 1))
            layers += [nn.Conv2d(a, b, 4, 2, 1), norm_of(kind.norm, b), act_of(kind.act)]
        self.encode = nn.Sequential(*layers, nn.Conv2d(b, kind.latent, 1))
        self.decode = Decoder(kind, kind.latent, doublings)

    def forward(self, x):
        z = self.encode(x)
        if self.kind.levels:
            bound = torch.tanh(z) * (self.kind.levels - 1) / 2
            z = bound + (bound.round() - bound).detach()
        if self.kind.noise:
            z = z + self.kind.noise * z.detach().std() * torch.randn_like(z)
        return self.decode(z)


class Super(nn.Module):
    """Shrinks by area and makes the picture large again."""

    def __init__(self, kind: Kind):
        super().__init__()
        self.factor = kind.factor
        self.decode = Decoder(kind, 3, kind.factor.bit_length() - 1)

    def forward(self, x):
        return self.decode(F.avg_pool2d(x, self.factor))


class Denoise(nn.Module):
    """A U-Net that predicts the clean picture from a noisy one; applied `passes` times at falling noise levels."""

    def __init__(self, kind: Kind):
        super().__init__()
        self.kind = kind
        w = kind.width
        conv = lambda a, b, s=1: nn.Sequential(nn.Conv2d(a, b, 4 if s == 2 else 3, s, 1), norm_of(kind.norm, b), act_of(kind.act))
        self.into = conv(4, w)
        self.down1, self.down2 = conv(w, 2 * w, 2), conv(2 * w, 4 * w, 2)
        self.middle = conv(4 * w, 4 * w)
        self.up2, self.up1 = upsampler(kind.up, 4 * w, 2 * w, 3), upsampler(kind.up, 2 * w, w, 3)
        self.join2, self.join1 = conv(4 * w, 2 * w), conv(2 * w, w)
        self.out = nn.Conv2d(w, 3, 3, padding=1)

    def clean(self, x, level):
        plane = level.expand(x.shape[0], 1, 1, 1) * torch.ones_like(x[:, :1])
        a = self.into(torch.cat([x, plane], 1))
        b = self.down1(a)
        c = self.middle(self.down2(b))
        b = self.join2(torch.cat([self.up2(c), b], 1))
        return self.out(self.join1(torch.cat([self.up1(b), a], 1)))

    def forward(self, x):
        if self.training:
            level = torch.rand(x.shape[0], 1, 1, 1) * 0.8 + 0.05
            return self.clean(x * (1 - level) + level * torch.randn_like(x), level)
        for step in range(self.kind.passes):
            level = torch.full((1, 1, 1, 1), 0.35 * (1 - step / self.kind.passes) + 0.05)
            x = self.clean(x * (1 - level) + level * torch.randn_like(x), level)
        return x


class Patch(nn.Module):
    """Each 8 x 8 patch from a vector by one matrix, after mixing with its neighbours, as patch transformers end."""

    def __init__(self, kind: Kind):
        super().__init__()
        w, f = kind.width, kind.factor
        mix = lambda: nn.Sequential(nn.Conv2d(w, w, 3, padding=1), nn.SiLU())
        self.layers = nn.Sequential(nn.Conv2d(3, w, f, f), mix(), mix(), nn.Conv2d(w, w, 1), nn.SiLU(), nn.ConvTranspose2d(w, 3, f, f))

    def forward(self, x):
        return self.layers(x)


def build(kind: Kind) -> nn.Module:
    return {"auto": Auto, "haar": Auto, "super": Super, "denoise": Denoise, "patch": Patch}[kind.family](kind)


def high(x: torch.Tensor) -> torch.Tensor:
    """What is left of a picture without its local mean."""
    return x - F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), 3, 1)


def energy(x: torch.Tensor) -> torch.Tensor:
    return (F.avg_pool2d(high(x) ** 2, 8) + 1e-5).sqrt()


def train(kind: Kind, tiles: np.ndarray, seed: int) -> nn.Module:
    """tiles: uint8 [n,128,128,3]. Trains on random 64 x 64 crops."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    net = build(kind)
    optimiser = torch.optim.Adam(net.parameters(), 2e-3, betas=(0.5, 0.99))
    judge = nn.Sequential(
        nn.Conv2d(3, 24, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(24, 48, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(48, 1, 3, 1, 1)
    )
    against = torch.optim.Adam(judge.parameters(), 1e-3, betas=(0.5, 0.99))
    for step in range(kind.steps):
        for group in optimiser.param_groups:
            group["lr"] = 2e-3 * (1 - step / kind.steps) + 1e-4
        picks, offsets = random.integers(0, len(tiles), kind.batch), random.integers(0, 65, (kind.batch, 2))
        crops = np.stack([tiles[i, y : y + 64, x : x + 64] for i, (y, x) in zip(picks, offsets)])
        x = torch.from_numpy(crops).permute(0, 3, 1, 2).float() / 127.5 - 1
        y = net(x)
        loss = F.mse_loss(y, x) * 4 if kind.loss == "l2" else F.l1_loss(y, x)
        if kind.loss in ("gradient", "adversarial"):
            loss = loss + 2 * F.l1_loss(high(y), high(x))
        if kind.loss == "energy":
            loss = loss + 2 * F.l1_loss(energy(y), energy(x))
        if kind.loss == "adversarial" and step >= kind.steps // 3:
            loss = loss - 0.02 * judge(y).mean()
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        if kind.loss == "adversarial" and step >= kind.steps // 4:
            apart = F.relu(1 - judge(x)).mean() + F.relu(1 + judge(y.detach())).mean()
            against.zero_grad()
            apart.backward()
            against.step()
    return net.eval()


@torch.no_grad()
def remake(net: nn.Module, pictures: np.ndarray, seed: int) -> np.ndarray:
    """uint8 [n,h,w,3] through the generator."""
    torch.manual_seed(seed)
    made = []
    for start in range(0, len(pictures), 16):
        x = torch.from_numpy(pictures[start : start + 16]).permute(0, 3, 1, 2).float() / 127.5 - 1
        y = (net(x).clamp(-1, 1) + 1) * 127.5
        made.append(y.round().byte().permute(0, 2, 3, 1).numpy())
    return np.concatenate(made)
