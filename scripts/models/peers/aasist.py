"""AASIST and AASIST-L (Jung et al., "AASIST: Audio anti-spoofing using integrated spectro-temporal graph attention
networks", ICASSP 2022), for the weights that its authors published. Attribute names are those of the weights."""
import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

SAMPLES = 64_600
RATE = 16_000
#: Graph widths, shares of nodes kept by the pools of S, T and the two stages, and temperatures (published settings).
SETTINGS = {
    'AASIST': dict(last=64, widths=(64, 32), keep=(0.5, 0.7, 0.5), heat=(2.0, 2.0, 100.0)),
    'AASIST-L': dict(last=24, widths=(24, 32), keep=(0.4, 0.5, 0.7), heat=(2.0, 2.0, 100.0)),
}


def sinc_filters(count=70, taps=129):
    """Band-pass filters between points that are evenly spaced in mel, under a Hamming window (Ravanelli & Bengio 2018)."""
    mel = np.linspace(0, 2595 * math.log10(1 + RATE / 2 / 700), count + 1)
    edges = 700 * (10 ** (mel / 2595) - 1)
    at = np.arange(taps) - taps // 2

    def low_pass(edge):
        return 2 * edge / RATE * np.sinc(2 * edge * at / RATE)
    bank = [np.hamming(taps) * (low_pass(high) - low_pass(low)) for low, high in zip(edges, edges[1:])]
    return torch.tensor(np.array(bank), dtype=torch.float32)[:, None]


class Block(nn.Module):
    """Residual block of the encoder; the bands stay, three moments become one."""

    def __init__(self, inputs, outputs, first):
        super().__init__()
        if not first:
            self.bn1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, (2, 3), padding=(1, 1))
        self.bn2 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, (2, 3), padding=(0, 1))
        if inputs != outputs:
            self.conv_downsample = nn.Conv2d(inputs, outputs, (1, 3), padding=(0, 1))

    #: The published weights were trained with the first normalisation left unused: see `--check` of convert-peers.py.
    use_first = False

    def forward(self, x):
        begin = F.selu(self.bn1(x)) if self.use_first and hasattr(self, 'bn1') else x
        y = self.conv2(F.selu(self.bn2(self.conv1(begin))))
        if hasattr(self, 'conv_downsample'):
            x = self.conv_downsample(x)
        return F.max_pool2d(x + y, (1, 3))


def _weight(size):
    return nn.Parameter(torch.empty(size, 1))


def _normalised(norm, x):
    return F.selu(norm(x.transpose(1, 2)).transpose(1, 2))


class GraphAttention(nn.Module):
    """Attention between all nodes of one graph [n, nodes, width]."""

    def __init__(self, width, outputs, heat):
        super().__init__()
        self.att_proj = nn.Linear(width, outputs)
        self.att_weight = _weight(outputs)
        self.proj_with_att = nn.Linear(width, outputs)
        self.proj_without_att = nn.Linear(width, outputs)
        self.bn = nn.BatchNorm1d(outputs)
        self.heat = heat

    def forward(self, x):
        pairs = x[:, :, None] * x[:, None]
        board = torch.tanh(self.att_proj(pairs)) @ self.att_weight
        attention = torch.softmax(board / self.heat, 1)[..., 0]
        return _normalised(self.bn, self.proj_with_att(attention @ x) + self.proj_without_att(x))


class MixedAttention(nn.Module):
    """Attention over two kinds of nodes at once, with a stack node that sees both."""

    def __init__(self, width, outputs, heat):
        super().__init__()
        for name in ('proj_type1', 'proj_type2'):
            setattr(self, name, nn.Linear(width, width))
        for name in ('att_proj', 'att_projM', 'proj_with_att', 'proj_without_att', 'proj_with_attM', 'proj_without_attM'):
            setattr(self, name, nn.Linear(width, outputs))
        for name in ('att_weight11', 'att_weight22', 'att_weight12', 'att_weightM'):
            setattr(self, name, _weight(outputs))
        self.bn = nn.BatchNorm1d(outputs)
        self.heat = heat

    def forward(self, one, two, master):
        n = one.size(1)
        x = torch.cat([self.proj_type1(one), self.proj_type2(two)], 1)
        pairs = torch.tanh(self.att_proj(x[:, :, None] * x[:, None]))
        across = self.att_weight12
        upper = torch.cat([pairs[:, :n, :n] @ self.att_weight11, pairs[:, :n, n:] @ across], 2)
        lower = torch.cat([pairs[:, n:, :n] @ across, pairs[:, n:, n:] @ self.att_weight22], 2)
        attention = torch.softmax(torch.cat([upper, lower], 1) / self.heat, 1)[..., 0]
        board = torch.tanh(self.att_projM(x * master)) @ self.att_weightM
        seen = torch.softmax(board / self.heat, 1).transpose(1, 2) @ x
        master = self.proj_with_attM(seen) + self.proj_without_attM(master)
        x = _normalised(self.bn, self.proj_with_att(attention @ x) + self.proj_without_att(x))
        return x[:, :n], x[:, n:], master


class Pool(nn.Module):
    """Keeps the share of nodes that score highest, each weighted by its score."""

    def __init__(self, width, keep):
        super().__init__()
        self.proj = nn.Linear(width, 1)
        self.keep = keep

    def forward(self, x):
        scores = torch.sigmoid(self.proj(x))
        count = max(int(x.size(1) * self.keep), 1)
        _, places = torch.topk(scores, count, dim=1)
        return torch.gather(x * scores, 1, places.expand(-1, -1, x.size(2)))


class Aasist(nn.Module):
    """float32 [n, 64600] at 16 kHz -> [n, 2]: logits of spoofed and of genuine speech."""

    def __init__(self, last, widths, keep, heat):
        super().__init__()
        wide, narrow = widths
        self.register_buffer('filters', sinc_filters(), persistent=False)
        self.first_bn = nn.BatchNorm2d(1)
        sizes = [(1, 32), (32, 32), (32, last), (last, last), (last, last), (last, last)]
        self.encoder = nn.Sequential(*(nn.Sequential(Block(a, b, i == 0)) for i, (a, b) in enumerate(sizes)))
        self.pos_S = nn.Parameter(torch.empty(1, 23, last))
        self.master1 = nn.Parameter(torch.empty(1, 1, wide))
        self.master2 = nn.Parameter(torch.empty(1, 1, wide))
        self.GAT_layer_S = GraphAttention(last, wide, heat[0])
        self.GAT_layer_T = GraphAttention(last, wide, heat[1])
        for stage in '12':
            setattr(self, f'HtrgGAT_layer_ST{stage}1', MixedAttention(wide, narrow, heat[2]))
            setattr(self, f'HtrgGAT_layer_ST{stage}2', MixedAttention(narrow, narrow, heat[2]))
            setattr(self, f'pool_hS{stage}', Pool(narrow, keep[2]))
            setattr(self, f'pool_hT{stage}', Pool(narrow, keep[2]))
        self.pool_S, self.pool_T = Pool(wide, keep[0]), Pool(wide, keep[1])
        self.out_layer = nn.Linear(5 * narrow, 2)

    def branch(self, stage, t, s, master):
        t, s, master = getattr(self, f'HtrgGAT_layer_ST{stage}1')(t, s, master.expand(t.size(0), -1, -1))
        s, t = getattr(self, f'pool_hS{stage}')(s), getattr(self, f'pool_hT{stage}')(t)
        more_t, more_s, more = getattr(self, f'HtrgGAT_layer_ST{stage}2')(t, s, master)
        return t + more_t, s + more_s, master + more

    def forward(self, sound):
        bands = F.conv1d(sound[:, None], self.filters)[:, None].abs()
        x = self.encoder(F.selu(self.first_bn(F.max_pool2d(bands, 3)))).abs()
        s = self.pool_S(self.GAT_layer_S(x.amax(3).transpose(1, 2) + self.pos_S))
        t = self.pool_T(self.GAT_layer_T(x.amax(2).transpose(1, 2)))
        first, second = self.branch(1, t, s, self.master1), self.branch(2, t, s, self.master2)
        t, s, master = (torch.maximum(a, b) for a, b in zip(first, second))
        parts = [t.abs().amax(1), t.mean(1), s.abs().amax(1), s.mean(1), master[:, 0]]
        return self.out_layer(torch.cat(parts, 1))


def load(path, name):
    network = Aasist(**SETTINGS[name])
    weights = torch.load(path, map_location='cpu')
    # Strict: every name and shape of the file must be the network's, and the other way round.
    network.load_state_dict(weights, strict=True)
    return network.eval(), sum(t.numel() for t in weights.values())
