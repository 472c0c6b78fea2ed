"""What ships: the mean of the logits of one or several networks over two views of each crop.

The mean of two trainings errs less than either (Breiman, "Bagging predictors", 1996), and does not forget, as one network trained
further does. The views are the crop as it is and the same at half its size, enlarged again: the networks learned from stills that are
mostly softer than video, and grain and edges finer than those raise and lower their readings by chance.
"""
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F
from net import Net, logit_of
from onnx import numpy_helper
from start import exported_all


def views(x: torch.Tensor) -> torch.Tensor:
    """[n,3,h,w] with even sides to [2n,3,h,w]: as they are, then without what half their size does not hold."""
    return torch.cat([x, F.interpolate(F.avg_pool2d(x, 2), scale_factor=2.0, mode="bilinear", align_corners=False)])


class Joined(nn.Module):
    def __init__(self, nets: list[Net], shift: float = 0.0, halved: bool = True):
        """halved: whether crops are read at half their size besides, as from version 1.3.0 on."""
        super().__init__()
        self.nets = nn.ModuleList(nets)
        self.register_buffer("shift", torch.tensor(float(shift)))
        self.halved = halved

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """x: float [n,3,128,128], 0..255. Logits [n], the map [n,16,16] (0..1), and the kinds [n,2] of the network trained last,
        which alone knows both, on the crops as they are."""
        seen = views(x) if self.halved else x
        read = [net(seen) for net in self.nets]
        many = 2 if self.halved else 1
        logits = torch.stack([logit_of(kinds).reshape(many, -1) for kinds, _ in read]).mean((0, 1)) - self.shift
        heat = torch.stack([torch.sigmoid(places).reshape(many, -1, *places.shape[1:]) for _, places in read]).mean((0, 1))
        return logits, heat, read[-1][0].reshape(many, -1, 2)[0]


def read_model(path: str) -> Joined:
    """An exported model.onnx, for reading only."""
    graph = onnx.load(path).graph
    stored = {i.name: i for i in graph.initializer}
    shift = next((float(numpy_helper.to_array(i)) for name, i in stored.items() if name.endswith("shift")), 0.0)
    # Inside the networks nothing is enlarged but by repetition.
    halved = any(a.name == "mode" and a.s == b"linear" for n in graph.node if n.op_type == "Resize" for a in n.attribute)
    return Joined(exported_all(path), shift, halved).eval()
