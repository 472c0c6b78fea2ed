"""Whole generated heads: pictures in which everything came out of a generator, beside genuine ones of the same softness.

Three kinds: pictures re-made as a whole by small generators trained here (the kinds of ../synthetic-image/generators.py), or by the
linear decoders and up-sampling chains of regenerate.py, most of them animated before (warped densely by their points, as
talking-head generators warp one source picture); published StyleGAN faces beside FFHQ; and frames of a published talking-head
generator (trained-on.tsv) beside frames of genuine videos.

    python3 scripts/train/face-manipulation/heads.py --data DATA --cache .cache/train      (trains the small generators)
"""
import argparse
import glob
import os
import sys
import time

import cv2
import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "common"))
sys.path.append(os.path.join(HERE, "..", "synthetic-image"))
import generators  # noqa: E402
from manipulations import EYES, MOUTH, Face, face_scale, moved_points, thin_plate  # noqa: E402
from regenerate import Decoders, chain, restore  # noqa: E402

KINDS = ("auto8-tconv4", "auto8-nearest", "auto4-shuffle", "super4-nearest", "denoise-nearest-2")
"""Of generators.training_kinds(), by how much their builds differ; more of them take longer to train than they add."""


class Generators:
    """The small generators that lie in a folder."""

    def __init__(self, folder: str):
        kinds = {k.name: k for k in generators.training_kinds()}
        self.nets = []
        for path in sorted(glob.glob(os.path.join(folder, "*.pt"))):
            net = generators.build(kinds[os.path.basename(path)[:-3]])
            net.load_state_dict(torch.load(path))
            self.nets.append(net.eval())

    @torch.no_grad()
    def remake(self, image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """float32 [h,w,3] BGR through one of them; sides multiples of 16."""
        x = torch.from_numpy(np.ascontiguousarray(image[..., ::-1], np.float32)).permute(2, 0, 1)[None] / 127.5 - 1
        made = self.nets[rng.integers(len(self.nets))](x).clamp(-1, 1)
        return ((made[0].permute(1, 2, 0).numpy() + 1) * 127.5)[..., ::-1]


def composed(genuine: np.ndarray, made: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What a better trained generator of the same build would make: coarse structure and colours kept, the fine re-made."""
    sigma, gain = float(rng.uniform(1.2, 5)), float(rng.uniform(0.85, 1.4))
    share = 1.0 if rng.random() < 0.5 else float(rng.uniform(0.5, 1))
    coarse, other = cv2.GaussianBlur(genuine, (0, 0), sigma), cv2.GaussianBlur(made, (0, 0), sigma)
    return coarse + gain * share * (made - other) + (1 - share) * (genuine - coarse)


def animated(face: Face, rng: np.random.Generator) -> np.ndarray:
    """The whole picture warped densely: expression, small turns of the head and breathing, as from one source picture."""
    unit = face_scale(face)
    goal = moved_points(face, MOUTH, rng, 0.8)
    goal[EYES] = moved_points(face, EYES, rng, 0.4)[EYES]
    depth = (goal[:, 0] - goal[:, 0].mean()) / unit
    goal = goal + np.stack([rng.normal(0, 0.08) * unit * np.cos(depth), rng.normal(0, 0.04) * unit * depth], 1) + rng.standard_normal(2) * unit * 0.05
    h, w = face.image.shape[:2]
    frame = np.float64([[0, 0], [w / 2, 0], [w, 0], [0, h / 2], [w, h / 2], [0, h], [w / 2, h], [w, h]])
    where = thin_plate(np.vstack([face.points, frame]), np.vstack([goal, frame]), face.image.shape)
    return cv2.remap(face.image, where, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)


def softened(genuine: np.ndarray, made: np.ndarray) -> np.ndarray:
    """The genuine picture with the sharpness of the generated one, ring by ring of its spectrum: softness alone tells nothing."""
    n = genuine.shape[0]
    power = [np.abs(np.fft.rfft2(p.mean(2))) ** 2 for p in (genuine, made)]
    u = np.minimum(np.arange(n), n - np.arange(n))[:, None]
    ring = np.rint(np.hypot(u, np.arange(genuine.shape[1] // 2 + 1)[None])).astype(int)
    sums = [np.bincount(ring.ravel(), p.ravel()) for p in power]
    gain = np.sqrt(np.minimum(sums[1] / (sums[0] + 1e-3), 2.25))
    gain = np.convolve(np.pad(gain, 2, mode="edge"), np.ones(5) / 5, "valid")
    bands = np.fft.rfft2(genuine, axes=(0, 1)) * gain[ring][..., None]
    return np.fft.irfft2(bands, genuine.shape[:2], axes=(0, 1))


def remade(face: Face, decoders: Decoders, nets: Generators, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(genuine, generated) of the same canvas."""
    source = animated(face, rng) if rng.random() < 0.7 else face.image
    h, w = source.shape[:2]
    # Generators of talking heads make 256 pixels of head and shoulders: at most about the canvas's own scale.
    side = int(rng.choice([112, 128, 160, 192, 224]))
    small = cv2.resize(source, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32)
    draw = rng.random()
    if nets.nets and draw < 0.6:
        made = composed(small, nets.remake(small, rng).astype(np.float32), rng)
    elif draw < 0.8:
        made = composed(small, decoders.patches(small, rng).astype(np.float32), rng)
    else:
        made = chain(small, rng, int(rng.choice([1, 1, 2])))
    if rng.random() < 0.3:
        made = restore(made.astype(np.float32), rng)
    flags = int(rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4]))
    made = np.clip(cv2.resize(made.astype(np.float32), (w, h), interpolation=flags), 0, 255)
    genuine = face.image
    draw = rng.random()
    if draw < 0.7:
        genuine = softened(genuine, made)
    elif draw < 0.85:
        genuine = cv2.resize(cv2.resize(genuine, (side, side), interpolation=cv2.INTER_AREA), (w, h), interpolation=flags)
    return np.clip(genuine, 0, 255).astype(np.float32), made.astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--cache", default=".cache/train")
    options = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    from pictures import genuine_tiles
    folder = os.path.join(options.cache, "face-manipulation", "generators")
    os.makedirs(folder, exist_ok=True)
    tiles = genuine_tiles(options.data, os.path.join(options.cache, "faces.npz"), "train", 1500, 1)
    kinds = {k.name: k for k in generators.training_kinds()}
    for number, name in enumerate(KINDS):
        path = os.path.join(folder, f"{name}.pt")
        if os.path.exists(path):
            continue
        began = time.time()
        net = generators.train(kinds[name], tiles, 100 + number)
        torch.save(net.state_dict(), f"{path}.part")
        os.rename(f"{path}.part", path)
        print(f"{name}: {time.time() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
