"""Which cell answers for which face, and the loss."""
import torch
from torch.nn import functional as F

# A face belongs to a stride by the geometric mean of its sides, pixels. The ranges overlap: a face near a limit trains both.
RANGES = {8: (0, 40), 16: (28, 96), 32: (68, 1e9)}
# Cells within this many strides of the face's middle answer for it.
RADIUS = 1.5


def assign(faces: torch.Tensor, ignore: torch.Tensor, middles: torch.Tensor, strides: torch.Tensor):
    """faces [m,14], ignore [k,4] (x, y, w, h). Returns the face per cell (-1: none) and whether each cell counts."""
    owner = torch.full((len(middles),), -1, dtype=torch.long)
    counts = torch.ones(len(middles), dtype=torch.bool)
    if len(ignore):
        d = middles[:, None] - ignore[None, :, :2]
        counts &= ~((d >= 0) & (d <= ignore[None, :, 2:4])).all(-1).any(1)
    if len(faces):
        centre = faces[:, :2] + faces[:, 2:4] / 2
        size = (faces[:, 2] * faces[:, 3]).sqrt()
        low = torch.where(strides == 8, RANGES[8][0], torch.where(strides == 16, RANGES[16][0], RANGES[32][0]))
        high = torch.where(strides == 8, RANGES[8][1], torch.where(strides == 16, RANGES[16][1], RANGES[32][1]))
        offset = (middles[:, None] - centre[None]) / strides[:, None]
        near = offset.abs().amax(-1) <= RADIUS
        # Small faces: only cells inside the box, so that neighbours keep their own cells.
        within = ((middles[:, None] - centre[None]).abs() <= faces[None, :, 2:4] * 0.5).all(-1) | (offset.abs().amax(-1) <= 0.5)
        fits = near & within & (size[None] >= low) & (size[None] < high)
        distance = torch.where(fits, offset.square().sum(-1), torch.tensor(1e9))
        best, which = distance.min(1)
        owner = torch.where(best < 1e9, which, owner)
        counts |= owner >= 0
    return owner, counts


def ciou(a: torch.Tensor, b: torch.Tensor):
    """IoU and complete IoU (Zheng et al. 2020) of boxes given as middle and size, [n,4]."""
    a0, a1, b0, b1 = a[:, :2] - a[:, 2:] / 2, a[:, :2] + a[:, 2:] / 2, b[:, :2] - b[:, 2:] / 2, b[:, :2] + b[:, 2:] / 2
    inner = (torch.minimum(a1, b1) - torch.maximum(a0, b0)).clamp(min=0).prod(1)
    iou = inner / (a[:, 2:].prod(1) + b[:, 2:].prod(1) - inner + 1e-6)
    diagonal = (torch.maximum(a1, b1) - torch.minimum(a0, b0)).square().sum(1) + 1e-6
    apart = (a[:, :2] - b[:, :2]).square().sum(1)
    v = 4 / torch.pi**2 * (torch.atan(b[:, 2] / b[:, 3]) - torch.atan(a[:, 2] / a[:, 3])).square()
    alpha = (v / (1 - iou + v + 1e-6)).detach()
    return iou, iou - apart / diagonal - alpha * v


def loss(decoded: torch.Tensor, faces: list, ignore: list, middles: torch.Tensor, strides: torch.Tensor):
    """decoded [n,cells,15]. Returns the total and its three parts: score, box, points."""
    owners, counts, truth = [], [], []
    for f, g in zip(faces, ignore):
        owner, count = assign(f, g, middles, strides)
        owners.append(owner)
        counts.append(count)
        truth.append(f[owner.clamp(min=0)] if len(f) else torch.zeros(len(owner), 14))
    owner, count, truth = torch.stack(owners), torch.stack(counts), torch.stack(truth)
    positive = owner >= 0
    number = positive.sum().clamp(min=1)
    found, wanted = decoded[positive], truth[positive]
    centre = torch.cat([wanted[:, :2] + wanted[:, 2:4] / 2, wanted[:, 2:4]], 1)
    iou, complete = ciou(found[:, 1:5], centre)
    box = (1 - complete).sum() / number
    size = wanted[:, 2:4].prod(1).sqrt()[:, None]
    points = F.smooth_l1_loss(found[:, 5:] / size, wanted[:, 4:] / size, beta=0.02, reduction="none").mean(1).sum() / number
    # Quality focal loss (Li et al. 2020): the score of a face is asked to be the overlap of its box.
    target = torch.zeros_like(decoded[..., 0])
    target[positive] = iou.detach().clamp(0.3, 1)
    logit = decoded[..., 0]
    weight = (target - logit.sigmoid()).abs().square().detach()
    weight = torch.where(positive, weight + 0.1, weight) * count
    score = (F.binary_cross_entropy_with_logits(logit, target, reduction="none") * weight).sum() / number
    return 2 * score + 2 * box + 8 * points, (score.item(), box.item(), points.item())
