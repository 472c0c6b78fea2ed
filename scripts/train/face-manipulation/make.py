"""Makes the training set: pairs of aligned crops, one altered and one not, through the same encoder.

    python3 scripts/train/face-manipulation/make.py --data DATA --cache .cache/train --split train --pairs 6400

Writes .cache/train/face-manipulation/<split>-<seed>.{crops,masks}.npy: crops uint8 [n,2,144,144,3] RGB (0 unaltered, 1 altered),
masks uint8 [n,36,36] of the altered one, kinds.npy and video.npy (whether the genuine one is a frame of a video). A `.count` file says how far it has come.
"""
import argparse
import os
import sys
import time

import cv2
import numpy as np
import torch

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "common"))
import heads  # noqa: E402
import scene  # noqa: E402
from manipulations import KINDS, Face  # noqa: E402
from regenerate import SIDE, Decoders  # noqa: E402
from splits import splits  # noqa: E402

from align import cut_face  # noqa: E402

MASK = 36
WEIGHTS = {"utkface": 0.25, "web-faces": 0.33, "stylegan-vs-ffhq/real": 0.42}
"""Share of each source: the larger set is the softer one, and only FFHQ shows what surrounds a head."""
GENERATED_DONORS = 0.15
"""Share of donors that are StyleGAN faces: what is pasted often comes out of a generator."""
VIDEO = 0.25
"""Share of the faces that come from frames of genuine videos, where there are any (video_faces.py; the training split only)."""
HEADS = {"remade": 0.24, "gan": 0.1, "animation": 0.06}
"""Share of the pairs of each kind of whole generated head (heads.py); the rest are alterations inside a picture."""
NAMES = (*KINDS, *HEADS)


class Pool:
    """The labelled pictures of one split."""

    def __init__(self, data: str, labels, split: str, seed: int):
        self.data = data
        chosen = (splits(labels) == split) & np.isfinite(labels["score"]) & (labels["score"] > 0.8)
        paths = labels["paths"].astype(str)
        self.paths, self.five, self.points = paths, labels["five"].astype(np.float64), labels["points"].astype(np.float64)
        self.groups = {name: np.flatnonzero(chosen & np.char.find(paths, name).__ge__(0)) for name in WEIGHTS}
        self.fakes = np.flatnonzero(chosen & (np.char.find(paths, "stylegan-vs-ffhq/fake") >= 0))
        everything = np.concatenate(list(self.groups.values()))
        eyes = self.five[:, 1] - self.five[:, 0]
        unit = np.linalg.norm(eyes, axis=1)[:, None, None]
        self.shape = ((self.points - self.points.mean(1, keepdims=True)) / unit).reshape(len(paths), -1)
        self.all = everything
        self.cache: dict[int, np.ndarray] = {}
        self.persons: list[np.ndarray] = []
        self.animations: list[np.ndarray] = []

    def add_frames(self, path: str) -> None:
        """Frames of the videos that may be trained on, each person as often as any other."""
        stored = np.load(path)
        first, n = len(self.paths), len(stored["paths"])
        self.paths = np.concatenate([self.paths, stored["paths"]])
        self.five, self.points = np.concatenate([self.five, stored["five"]]), np.concatenate([self.points, stored["points"]])
        for person in np.unique(stored["person"]):
            rows = first + np.flatnonzero(stored["person"] == person)
            (self.animations if stored["manipulated"][rows[0] - first] else self.persons).append(rows)
        eyes = np.linalg.norm(stored["five"][:, 1] - stored["five"][:, 0], axis=1)[:, None, None]
        shape = ((stored["points"] - stored["points"].mean(1, keepdims=True)) / eyes).reshape(n, -1)
        self.shape = np.concatenate([self.shape, shape])

    def is_frame(self, index: int) -> bool:
        return any(index in rows for rows in self.persons)

    def image(self, index: int) -> np.ndarray:
        if index not in self.cache:
            self.cache[index] = cv2.imread(os.path.join(self.data, self.paths[index]))
        return self.cache[index]

    def draw(self, rng: np.random.Generator) -> int:
        if self.persons and rng.random() < VIDEO:
            return int(rng.choice(self.persons[rng.integers(len(self.persons))]))
        name = rng.choice(list(WEIGHTS), p=list(WEIGHTS.values()))
        return int(rng.choice(self.groups[name]))

    def donor(self, index: int, rng: np.random.Generator) -> int:
        """Of 60 drawn, one of the three nearest in the shape of the face: pose, proportions, expression."""
        pool = self.fakes if rng.random() < GENERATED_DONORS and len(self.fakes) else self.all
        drawn = rng.choice(pool, 60)
        drawn = drawn[drawn != index]
        distance = ((self.shape[drawn] - self.shape[index]) ** 2).sum(1)
        return int(drawn[np.argsort(distance)[rng.integers(3)]])

    def face(self, index: int, rng: np.random.Generator, distance: float | None = None) -> Face:
        other = self.image(int(rng.choice(self.all)))
        return scene.place(self.image(index), self.five[index], self.points[index], other, rng, distance)


def flip(face: Face) -> Face:
    """Mirrored, with the points renamed so that left stays left."""
    w = face.image.shape[1]
    order = np.r_[np.arange(17)[::-1], np.arange(17, 27)[::-1], np.arange(27, 31), np.arange(31, 36)[::-1], 45, 44, 43, 42, 47, 46,
                  39, 38, 37, 36, 41, 40, np.arange(48, 55)[::-1], np.arange(55, 60)[::-1], np.arange(60, 65)[::-1], np.arange(65, 68)[::-1]]
    mirrored = np.array([w - 1, 0]) + face.points[order] * [-1, 1]
    five = np.array([w - 1, 0]) + face.five[[1, 0, 2, 4, 3]] * [-1, 1]
    return Face(np.ascontiguousarray(face.image[:, ::-1]), mirrored, five)


def pair(pool: Pool, decoders: Decoders, kinds: dict, rng: np.random.Generator):
    """(unaltered, altered, mask, five, name of the kind, whether it is a frame of a video) on the canvas, before any encoder."""
    index = pool.draw(rng)
    face = pool.face(index, rng)
    face.image = scene.before(face.image, rng)
    if rng.random() < 0.5:
        face = flip(face)
    names = list(kinds)
    shares = np.array([kinds[k][1] for k in names])
    name = str(rng.choice(names, p=shares / shares.sum()))
    donor = pool.face(pool.donor(index, rng), rng, float(np.linalg.norm(face.five[1] - face.five[0])))
    altered, mask = kinds[name][0](face, donor, decoders, rng)
    seed = int(rng.integers(2**31))
    made = [scene.after(np.clip(i, 0, 255).astype(np.float32), seed) for i in (face.image, altered)]
    return made[0], made[1], mask, face.five, name, pool.is_frame(index)


def head_pair(pool: Pool, decoders: Decoders, nets: heads.Generators, name: str, rng: np.random.Generator):
    """As `pair`, of a whole generated head and a genuine one; where they are two pictures, both lie on the same five points."""
    if name == "remade":
        index = pool.draw(rng)
        face = pool.face(index, rng)
        face.image = scene.before(face.image, rng)
        plain, altered = heads.remade(face, decoders, nets, rng)
    else:
        genuine, made = (pool.groups["stylegan-vs-ffhq/real"], pool.fakes) if name == "gan" else (
            pool.persons[rng.integers(len(pool.persons))], pool.animations[rng.integers(len(pool.animations))])
        index = int(rng.choice(genuine))
        near = rng.choice(made, min(30, len(made)), replace=False)
        other = int(near[np.argmin(((pool.shape[near] - pool.shape[index]) ** 2).sum(1))])
        state = int(rng.integers(2**31))
        face = pool.face(index, np.random.default_rng(state))
        double = pool.face(other, np.random.default_rng(state), float(np.linalg.norm(face.five[1] - face.five[0])))
        turn, _ = cv2.estimateAffinePartial2D(double.five, face.five)
        if turn is None:
            turn = np.float64([[1, 0, 0], [0, 1, 0]])
        plain, altered = face.image, cv2.warpAffine(double.image, turn, (scene.CANVAS, scene.CANVAS), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        state = int(rng.integers(2**31))
        plain, altered = (scene.before(i, np.random.default_rng(state)) for i in (plain, altered))
    if rng.random() < 0.5:
        turned = flip(Face(plain, face.points, face.five))
        plain, face, altered = turned.image, turned, np.ascontiguousarray(altered[:, ::-1])
    seed = int(rng.integers(2**31))
    made = [scene.after(np.clip(i, 0, 255).astype(np.float32), seed) for i in (plain, altered)]
    return made[0], made[1], np.ones(made[0].shape[:2], np.float32), face.five, name, pool.is_frame(index)


def encode_pairs(made: list, side: int, rng: np.random.Generator, codec=None):
    """Tiles of one video. Returns crops [n,2,144,144,3] RGB and masks [n,36,36], uint8. `codec`: frames, rng -> frames, scale."""
    n = len(made)
    across = int(np.ceil(np.sqrt(2 * n)))
    down = int(np.ceil(2 * n / across))
    frames = np.zeros((scene.FRAMES, down * side, across * side, 3), np.uint8)
    motions = [scene.tile_motion(rng) for _ in range(n)]
    kind = int(rng.choice([cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC], p=[0.6, 0.2, 0.2]))
    for k, (plain, altered, *_) in enumerate(made):
        for which, image in enumerate((plain, altered)):
            tile = np.clip(cv2.resize(image, (side, side), interpolation=kind), 0, 255).astype(np.uint8)
            place = 2 * k + which
            y, x = place // across * side, place % across * side
            for t in range(scene.FRAMES):
                frames[t, y : y + side, x : x + side] = scene.move(tile, motions[k][t])
    if codec is not None:
        frames, scale = codec(frames, rng)
    elif rng.random() < 0.85:
        frames, scale = scene.random_codec(frames, rng)
    else:
        scale = 1.0
        if rng.random() < 0.7:
            frames = scene.still_codec(frames[2], int(rng.integers(2**31))).astype(np.uint8)[None].repeat(scene.FRAMES, 0)
    crops = np.empty((n, 2, scene.STORED, scene.STORED, 3), np.uint8)
    masks = np.empty((n, MASK, MASK), np.uint8)
    height, width = frames.shape[1:3]
    ratio = side / scene.CANVAS
    for k, (_, _, mask, five, *_) in enumerate(made):
        t = int(rng.integers(0 if rng.random() < 0.2 else 1, scene.FRAMES))
        matrix = scene.motion_matrix(motions[k][t], side)
        at = (five * ratio) @ matrix[:, :2].T + matrix[:, 2]
        # The detector at run time errs by some per cent of the distance of the eyes, as a whole and per point.
        unit = np.linalg.norm(at[1] - at[0])
        at = at + rng.standard_normal(2) * unit * 0.02 + rng.standard_normal((5, 2)) * unit * 0.025
        for which in (0, 1):
            place = 2 * k + which
            y0, x0 = round(place // across * side * scale), round(place % across * side * scale)
            tile = frames[t, y0 : min(height, round(y0 + side * scale)), x0 : min(width, round(x0 + side * scale))]
            crops[k, which] = scene.cut(np.ascontiguousarray(tile), at * scale)[..., ::-1]
        moved = cv2.warpAffine(cv2.resize(mask, (side, side), interpolation=cv2.INTER_AREA), matrix, (side, side))
        cut = cut_face(moved, at, MASK, scene.CONTEXT * scene.STORED / scene.CROP)
        masks[k] = np.clip(cut * 255, 0, 255).astype(np.uint8)
    return crops, masks


def unencoded(frames: np.ndarray, _: np.random.Generator) -> tuple[np.ndarray, float]:
    return frames, 1.0


def fit_decoders(pool: Pool, path: str, rng: np.random.Generator) -> None:
    some = np.concatenate([g[rng.permutation(len(g))[:1100]] for g in pool.groups.values()])
    crops = np.stack([cut_face(pool.image(int(i)), pool.five[i], SIDE, 1.0) for i in some])
    Decoders.fit(crops, path, rng)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--cache", required=True)
    parser.add_argument("--split", default="train")
    parser.add_argument("--pairs", type=int, default=6400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--inside", action="store_true", help="alterations inside stills only: no generated heads, no frames of videos")
    parser.add_argument("--plain", action="store_true", help="no encoder: training degrades these pairs anew at each look")
    options = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    rng = np.random.default_rng([options.seed, {"train": 0, "val": 1, "test": 2}[options.split]])
    folder = os.path.join(options.cache, "face-manipulation")
    os.makedirs(folder, exist_ok=True)
    labels = np.load(os.path.join(options.cache, "faces.npz"))
    path = os.path.join(folder, "decoders.npz")
    if not os.path.exists(path):
        fit_decoders(Pool(options.data, labels, "train", 0), path, np.random.default_rng(0))
    decoders = Decoders(path)
    pool = Pool(options.data, labels, options.split, options.seed)
    frames = os.path.join(folder, "frames.npz")
    if options.split == "train" and not options.inside:
        pool.add_frames(frames)
    nets = heads.Generators(os.path.join(folder, "generators"))
    shares = {name: share for name, share in HEADS.items() if not options.inside and (name != "animation" or pool.animations)}
    base = os.path.join(folder, f"{'plain-' if options.plain else ''}{options.split}-{options.seed}")
    crops = np.lib.format.open_memmap(f"{base}.crops.npy", "w+", np.uint8, (options.pairs, 2, scene.STORED, scene.STORED, 3))
    masks = np.lib.format.open_memmap(f"{base}.masks.npy", "w+", np.uint8, (options.pairs, MASK, MASK))
    kinds, video = np.zeros(options.pairs, np.int8), np.zeros(options.pairs, bool)
    done, began = 0, time.time()
    while done < options.pairs:
        # Distance of the eyes in the encoded video: 20 to 62 pixels.
        side = int(round(scene.CANVAS * float(np.exp(rng.uniform(np.log(0.55), 0))) / 8)) * 8
        n = min(options.pairs - done, max(6, int((1200 / side) ** 2 / 2)))
        names = rng.choice(["", *shares], n, p=[1 - sum(shares.values()), *shares.values()])
        made = [head_pair(pool, decoders, nets, str(name), rng) if name else pair(pool, decoders, KINDS, rng) for name in names]
        crops[done : done + n], masks[done : done + n] = encode_pairs(made, side, rng, unencoded if options.plain else None)
        kinds[done : done + n] = [NAMES.index(m[4]) for m in made]
        video[done : done + n] = [m[5] for m in made]
        done += n
        np.save(f"{base}.kinds.npy", kinds)
        np.save(f"{base}.video.npy", video)
        with open(f"{base}.count", "w") as file:
            file.write(str(done))
        if done % 200 < n:
            print(f"{done} pairs, {(time.time() - began) / done * 1000:.0f} ms each", flush=True)


if __name__ == "__main__":
    main()
