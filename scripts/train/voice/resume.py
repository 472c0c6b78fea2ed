"""Weights of a shipped model.onnx back in a VoiceNet, so that training can go on from it.

The export has folded the normalisations into the convolutions before them; they are set up again from the statistics of one
batch, so that the network gives what the file gives and can be trained on.
"""
import onnx
import torch
import torch.nn as nn
from onnx import numpy_helper

from net import VoiceNet


def from_onnx(path, samples: torch.Tensor) -> VoiceNet:
    """samples [N, T]: sound of the kind that will be trained on."""
    net = VoiceNet().eval()
    held = [(t.name, torch.from_numpy(numpy_helper.to_array(t).copy())) for t in onnx.load(str(path)).graph.initializer]
    own = dict(net.named_parameters())
    for name, value in held:
        if name in own:
            own[name].data.copy_(value)
    folded = [value for name, value in held if name not in own and value.dtype == torch.float32 and value.ndim]
    layers = [m for m in net.modules() if isinstance(m, (nn.Conv2d, nn.Conv1d)) and m.bias is None]
    norms = [m for m in net.modules() if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d))]
    assert len(folded) == 2 * len(layers) and len(layers) == len(norms)
    for layer, norm, weight, bias in zip(layers, norms, folded[::2], folded[1::2]):
        layer.weight.data.copy_(weight)

        def settle(module, inputs, bias=bias):
            mean = inputs[0].transpose(0, 1).flatten(1).mean(1)
            var = inputs[0].transpose(0, 1).flatten(1).var(1)
            module.running_mean.copy_(mean), module.running_var.copy_(var)
            module.weight.data.copy_(torch.sqrt(var + module.eps)), module.bias.data.copy_(bias + mean)

        norm.hook = norm.register_forward_pre_hook(settle)
    with torch.no_grad():
        net(samples)
    for norm in norms:
        norm.hook.remove()
    return net
