"""Meso-4 and MesoInception-4 (Afchar, Nozick, Yamagishi and Echizen, "MesoNet: a compact facial video forgery detection
network", WIFS 2018), for the weights that its authors published in Keras' HDF5 format."""
import re

import h5py
import torch
from torch import nn
from torch.nn import functional as F

SIDE = 256
KERAS_EPSILON = 1e-3


def _convolution(inputs, outputs, size, dilation=1):
    return nn.Conv2d(inputs, outputs, size, padding=dilation * (size // 2), dilation=dilation)


class _Branches(nn.Module):
    """A 1 × 1 branch, and three of 1 × 1 followed by 3 × 3 with dilations 1, 2 and 3, side by side (figure 4)."""

    def __init__(self, inputs, widths):
        super().__init__()
        first, *others = widths
        self.convolutions = nn.ModuleList([_convolution(inputs, first, 1)])
        for dilation, width in enumerate(others, start=1):
            self.convolutions.append(_convolution(inputs, width, 1))
            self.convolutions.append(_convolution(width, width, 3, dilation))

    def forward(self, x):
        single, *pairs = self.convolutions
        parts = [F.relu(single(x))]
        for reduce, spread in zip(pairs[::2], pairs[1::2]):
            parts.append(F.relu(spread(F.relu(reduce(x)))))
        return torch.cat(parts, 1)


class _Single(nn.Module):
    def __init__(self, inputs, outputs, size):
        super().__init__()
        self.convolutions = nn.ModuleList([_convolution(inputs, outputs, size)])

    def forward(self, x):
        return F.relu(self.convolutions[0](x))


class MesoNet(nn.Module):
    """float32 [n, 3, 256, 256], RGB / 255 -> [n, 1], 1 for a face that was left alone."""

    def __init__(self, inception):
        super().__init__()
        if inception:
            blocks, widths = [_Branches(3, (1, 4, 4, 2)), _Branches(11, (2, 4, 4, 2))], [11, 12]
        else:
            blocks, widths = [_Single(3, 8, 3), _Single(8, 8, 5)], [8, 8]
        blocks += [_Single(widths[-1], 16, 5), _Single(16, 16, 5)]
        widths += [16, 16]
        self.blocks = nn.ModuleList(blocks)
        self.norms = nn.ModuleList(nn.BatchNorm2d(width, eps=KERAS_EPSILON) for width in widths)
        self.dense = nn.ModuleList([nn.Linear(1024, 16), nn.Linear(16, 1)])

    def forward(self, x):
        for block, norm, pool in zip(self.blocks, self.norms, (2, 2, 2, 4)):
            x = F.max_pool2d(norm(block(x)), pool)
        # Keras flattens with the channels last.
        x = x.permute(0, 2, 3, 1).flatten(1)
        # alpha 0.1, the slope of both models' only hidden dense layer
        return torch.sigmoid(self.dense[1](F.leaky_relu(self.dense[0](x), 0.1)))


def load(path, inception):
    """Fills the network from the file, layer by layer in the order of their numbers; every shape must be the same."""
    network = MesoNet(inception)
    taken = 0
    with h5py.File(path, 'r') as file:
        def layers(kind):
            names = [name for name in file if re.fullmatch(kind + r'_\d+', name)]
            return [file[name][name] for name in sorted(names, key=lambda name: int(name.rsplit('_', 1)[1]))]

        def fill(target, values, what):
            nonlocal taken
            tensor = torch.tensor(values)
            if target.shape != tensor.shape:
                raise SystemExit(f'{path}: {what} has shape {tuple(tensor.shape)}, not {tuple(target.shape)}')
            target.data.copy_(tensor)
            taken += tensor.numel()

        def all_of(modules, kind):
            found = layers(kind)
            if len(found) != len(modules):
                raise SystemExit(f'{path}: {len(found)} layers {kind}, not {len(modules)}')
            return zip(modules, found)

        convolutions = [c for block in network.blocks for c in block.convolutions]
        for module, layer in all_of(convolutions, 'conv2d'):
            fill(module.weight, layer['kernel:0'][()].transpose(3, 2, 0, 1), layer.name)
            fill(module.bias, layer['bias:0'][()], layer.name)
        for module, layer in all_of(network.norms, 'batch_normalization'):
            for target, name in ((module.weight, 'gamma'), (module.bias, 'beta'),
                                 (module.running_mean, 'moving_mean'), (module.running_var, 'moving_variance')):
                fill(target, layer[name + ':0'][()], layer.name)
        for module, layer in all_of(network.dense, 'dense'):
            fill(module.weight, layer['kernel:0'][()].T, layer.name)
            fill(module.bias, layer['bias:0'][()], layer.name)
        held = 0

        def count(_, item):
            nonlocal held
            held += item.size if isinstance(item, h5py.Dataset) else 0
        file.visititems(count)
    if held != taken:
        raise SystemExit(f'{path}: {taken} of {held} numbers were used')
    return network.eval(), taken
