"""Takes the weights of an exported model.onnx back into the network, so that training can go on from what ships."""
import numpy as np
import onnx
import torch
from net import Net
from onnx import numpy_helper

NEVER = -30.0
"""Log-odds of a kind that the model does not know."""


def exported(path: str) -> Net:
    """The network of an exported model that holds one; see `exported_all`."""
    (net,) = exported_all(path)
    return net


@torch.no_grad()
def exported_all(path: str) -> list[Net]:
    """The networks of an exported model, for reading only: every normalisation stays folded into the convolution before it.

    An older model with a single logit becomes the first of the two kinds; the second is never read.
    """
    graph = onnx.load(path).graph
    stored = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()) for i in graph.initializer}
    convolutions = [(stored[n.input[1]], stored[n.input[2]]) for n in graph.node if n.op_type == "Conv" and len(n.input) == 3]
    lasts = [(value, stored[name.replace("weight", "bias")]) for name, value in sorted(stored.items()) if name.endswith("last.weight")]
    each = len(normalised(Net())) + 1
    if len(convolutions) != each * len(lasts):
        raise ValueError(f"{path} holds {len(convolutions)} convolutions for {len(lasts)} networks, each should have {each}")
    return [one(convolutions[k * each : (k + 1) * each], *last) for k, last in enumerate(lasts)]


def one(convolutions: list, last: torch.Tensor, last_bias: torch.Tensor) -> Net:
    *units, (places_weight, places_bias) = convolutions
    net = Net().eval()
    for (conv, norm), (weight, bias) in zip(normalised(net), units):
        conv.weight.copy_(weight)
        norm.running_mean.zero_()
        norm.running_var.fill_(1 - norm.eps)
        norm.weight.fill_(1)
        norm.bias.copy_(bias)
    net.places[2].weight.copy_(places_weight)
    net.places[2].bias.copy_(places_bias)
    net.last.weight.zero_()
    net.last.bias.fill_(NEVER)
    net.last.weight[: len(last)], net.last.bias[: len(last)] = last, last_bias
    return net


def normalised(net: Net) -> list[tuple[torch.nn.Conv2d, torch.nn.BatchNorm2d]]:
    return [(m[0], m[1]) for m in net.modules() if isinstance(m, torch.nn.Sequential) and len(m) == 2 and isinstance(m[1], torch.nn.BatchNorm2d)]


@torch.no_grad()
def start_from(path: str, net: Net, batches: list[torch.Tensor]) -> None:
    """Takes over the weights of an exported model. Its folded normalisations are unfolded by the mean and spread that the
    convolutions' outputs have on `batches` (float [n,3,128,128]): what the network computes stays the same.

    Where the model knows one kind only, the second begins at log-odds of -3.
    """
    net.load_state_dict(exported(path).state_dict())
    net.last.bias.clamp_(min=-3)
    pairs = normalised(net)
    net.eval()
    seen: dict[torch.nn.Module, list[np.ndarray]] = {norm: [] for _, norm in pairs}
    hooks = [norm.register_forward_hook(lambda m, given, _: seen[m].append(torch.stack([given[0].mean((0, 2, 3)), (given[0] ** 2).mean((0, 2, 3))]).numpy()))
             for _, norm in pairs]
    for batch in batches:
        net(batch)
    for hook in hooks:
        hook.remove()
    for _, norm in pairs:
        mean, square = (torch.from_numpy(v) for v in np.mean(seen[norm], 0))
        spread = (square - mean**2).clamp(min=1e-6)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(spread)
        norm.weight.copy_((spread + norm.eps).sqrt())
        norm.bias.add_(mean)
    net.train()
