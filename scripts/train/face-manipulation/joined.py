"""What ships: the mean of the logits of one or several networks, so that what each of them finds alone counts.

The mean of two trainings errs less than either (Breiman, "Bagging predictors", 1996), and does not forget, as one network trained
further does.
"""
import onnx
import torch
import torch.nn as nn
from net import Net, logit_of
from onnx import numpy_helper
from start import exported_all


class Joined(nn.Module):
    def __init__(self, nets: list[Net], shift: float = 0.0):
        super().__init__()
        self.nets = nn.ModuleList(nets)
        self.register_buffer("shift", torch.tensor(float(shift)))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """x: float [n,3,128,128], 0..255. Logits [n], the map [n,16,16] (0..1), and the kinds [n,2] of the network trained last,
        which alone knows both."""
        read = [net(x) for net in self.nets]
        logits = torch.stack([logit_of(kinds) for kinds, _ in read]).mean(0) - self.shift
        heat = torch.stack([torch.sigmoid(places) for _, places in read]).mean(0)
        return logits, heat, read[-1][0]


def read_model(path: str) -> Joined:
    """An exported model.onnx, for reading only."""
    stored = {i.name: i for i in onnx.load(path).graph.initializer}
    shift = next((float(numpy_helper.to_array(i)) for name, i in stored.items() if name.endswith("shift")), 0.0)
    return Joined(exported_all(path), shift).eval()
