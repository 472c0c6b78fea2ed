"""Trains the face detector from scratch on composed scenes and writes the model folder.

    /usr/bin/python3 scripts/train/face-detector/train.py --data ../shared/data --out models/face-detector

Needs .cache/train/faces.npz (scripts/train/common/label_faces.py). About 40 minutes of one core. The seed is fixed; the
scenes of one run are the same in the next.
"""
import argparse
import copy
import os
import time

import cv2
import numpy as np
import torch

from compose import make_scene, through_h264
from export import export
from loss import loss
from net import Detector, cells, decode, flatten
from pictures import Pictures
from validate import validate

HEIGHT, WIDTH = 192, 320
FRESH, REPLAYED = 4, 12
# Scenes kept for replay (each is shown about four times, half of them mirrored), and scenes composed between two encodes.
KEPT, BLOCK = 2048, 64
# Share of the blocks that pass through H.264, and its constant rate factors.
ENCODED, CRF = 0.3, (24, 40)
TOP_RATE, WARM_UP, AVERAGE = 2e-3, 50, 0.998


class Scenes(torch.utils.data.IterableDataset):
    """Endless composed scenes: image [h,w,3] uint8, faces [n,14], ignore [m,4]."""

    def __init__(self, options):
        self.options = options

    def __iter__(self):
        cv2.setNumThreads(1)
        rng = np.random.default_rng(self.options.seed)
        pictures = Pictures(self.options.data, self.options.labels, "train")
        while True:
            scenes = [make_scene(rng, pictures, WIDTH, HEIGHT) for _ in range(BLOCK)]
            images = np.stack([s.image for s in scenes])
            if rng.random() < ENCODED:
                images = through_h264(images, int(rng.integers(*CRF)))
            for start in range(0, BLOCK, FRESH):
                yield [
                    (images[i].copy(), np.array(scenes[i].faces, np.float32).reshape(-1, 14), np.array(scenes[i].ignore, np.float32).reshape(-1, 4))
                    for i in range(start, start + FRESH)
                ]


def mirror(scene):
    image, faces, ignore = scene
    faces, ignore, w = faces.copy(), ignore.copy(), image.shape[1]
    faces[:, 0] = w - faces[:, 0] - faces[:, 2]
    points = faces[:, 4:].reshape(-1, 5, 2)[:, [1, 0, 2, 4, 3]]
    points[..., 0] = w - points[..., 0]
    faces[:, 4:] = points.reshape(-1, 10)
    ignore[:, 0] = w - ignore[:, 0] - ignore[:, 2]
    return image[:, ::-1], faces, ignore


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--labels", default=".cache/train/faces.npz")
    parser.add_argument("--cache", default=".cache/train/face-detector")
    parser.add_argument("--steps", type=int, default=5500)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--every", type=int, default=500, help="steps between validations and exports")
    parser.add_argument("--start", help="weights to go on from")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    os.makedirs(options.cache, exist_ok=True)
    os.makedirs(options.out, exist_ok=True)

    model = Detector().to(memory_format=torch.channels_last)
    if options.start:
        model.load_state_dict(torch.load(options.start))
    average = copy.deepcopy(model).eval()
    decayed = [p for p in model.parameters() if p.ndim > 1]
    plain = [p for p in model.parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.02}, {"params": plain, "weight_decay": 0.0}], lr=TOP_RATE)
    middles, strides = cells(HEIGHT, WIDTH)
    rng = np.random.default_rng(options.seed + 1)
    kept: list = []
    loader = iter(torch.utils.data.DataLoader(Scenes(options), batch_size=None, num_workers=1, prefetch_factor=16))
    pictures = len(Pictures(options.data, options.labels, "train"))
    began, parts = time.time(), []
    with open(os.path.join(options.out, "training-log.tsv"), "w") as log:
        log.write("step\tminutes\tscore loss\tbox loss\tpoint loss\tval recall at 0.1 false per scene\tval point error\n")
        for step in range(1, options.steps + 1):
            fresh = [tuple(np.asarray(t) for t in scene) for scene in next(loader)]
            batch = fresh + [kept[i] if rng.random() < 0.5 else mirror(kept[i]) for i in rng.integers(0, len(kept), REPLAYED if len(kept) >= 64 else 0)]
            for scene in fresh:
                if len(kept) < KEPT:
                    kept.append(scene)
                else:
                    kept[int(rng.integers(KEPT))] = scene
            part = step / options.steps
            rate = TOP_RATE * min(1, step / WARM_UP) * (0.02 + 0.98 * (0.5 + 0.5 * np.cos(np.pi * part)))
            for group in optimiser.param_groups:
                group["lr"] = rate
            images = torch.from_numpy(np.stack([b[0] for b in batch])).permute(0, 3, 1, 2).float().contiguous(memory_format=torch.channels_last)
            # Single precision: under bfloat16 (a fifth faster) the scores of strides 16 and 32 did not learn.
            total, shown = loss(decode(flatten(model(images)), middles, strides), [torch.from_numpy(b[1].copy()) for b in batch],
                                [torch.from_numpy(b[2].copy()) for b in batch], middles, strides)
            optimiser.zero_grad(set_to_none=True)
            total.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 10)
            optimiser.step()
            keep = min(AVERAGE, 1 - 1 / (1 + step / 4))
            with torch.no_grad():
                for a, p in zip(average.parameters(), model.parameters()):
                    a.lerp_(p, 1 - keep)
                for a, p in zip(average.buffers(), model.buffers()):
                    a.copy_(p if not a.is_floating_point() else a * keep + p * (1 - keep))
            parts.append(shown)
            if step % 25 == 0:
                print(step, *(f"{v:.4f}" for v in np.mean(parts[-25:], 0)), f"{(time.time() - began) / 60:.1f} min", flush=True)
            if step % options.every == 0 or step == options.steps:
                recall, error = validate(average, options)
                line = [step, f"{(time.time() - began) / 60:.1f}", *(f"{v:.4f}" for v in np.mean(parts[-options.every:], 0)), f"{recall:.4f}", f"{error:.4f}"]
                log.write("\t".join(map(str, line)) + "\n")
                log.flush()
                print("validation", *line, flush=True)
                torch.save(average.state_dict(), os.path.join(options.cache, "average.pt"))
                export(average, options.out, options.data, pictures, height=HEIGHT, width=WIDTH)


if __name__ == "__main__":
    main()
