"""Draws pairs of a genuine and a generated patch that went through the same fate."""
import glob
import os

import numpy as np
from augment import MARGIN, apply, composed, compressed, plan, softened, transfer

#: Shares of what went through a video encoder, among re-made pictures and among whole heads, and of softened originals.
CLIPS, VIDEO, SOFTENED = 0.42, 0.5, 0.3
SEED = 5


class Pairs:
    """Of re-made pictures both have the same content; of whole heads the source in common is the way both were published."""

    def __init__(self, work: str, split: str):
        self.kinds = {}
        for path in sorted(glob.glob(os.path.join(work, "pairs", f"{split}-*.npz"))):
            pair = np.load(path)
            random = np.random.default_rng(SEED)
            genuine, made = pair["genuine"], pair["made"]
            made = np.stack([composed(g[None], m[None], random)[0] for g, m in zip(genuine, made)])
            genuine, made = (p[:, MARGIN:-MARGIN, MARGIN:-MARGIN] for p in (genuine, made))
            self.kinds[os.path.basename(path)[len(split) + 1 : -4]] = (genuine, made, transfer(genuine, made))
        self.names = list(self.kinds)
        load = lambda *name: dict(np.load(os.path.join(work, *name)))
        self.clips = load("clips", f"{split}.npz")
        self.heads, self.video = load("heads", f"{split}.npz"), load("heads", f"{split}-video.npz")
        self.others = load("heads", f"{split}-others.npz")

    def draw(self, random: np.random.Generator, patch: int, whole: bool, others: float) -> tuple:
        """
        Two patches of patch x patch, genuine and generated; `whole`: of whole heads by a generator of others. `others`: how
        often these stand, as published, against a genuine face that is not from FFHQ.
        """
        gain = None
        coded = random.random() < (VIDEO if whole else CLIPS)
        if whole and not coded:
            genuine, made = (self.heads[k][random.integers(len(self.heads[k]))] for k in ("genuine", "made"))
            if random.random() < others:
                pool = self.others[("utkface", "web")[random.integers(2)]]
                genuine = pool[random.integers(len(pool))]
                y, x = random.integers(0, len(made) - len(genuine) + 1, 2)
                made = made[y : y + len(genuine), x : x + len(genuine)]
        elif coded:
            store = self.video if whole else self.clips
            row = random.integers(len(store["made"]))
            genuine, made = store["genuine"][row], store["made"][row]
        else:
            first, second, gain = self.kinds[self.names[random.integers(len(self.names))]]
            row = random.integers(len(first))
            genuine, made = first[row], second[row]
        steps = plan(random, genuine.shape[0], patch, coded)
        if gain is not None and random.random() < SOFTENED:
            genuine = softened(genuine, gain)
        return apply(genuine, steps), apply(made, steps)

    def for_validation(self) -> list:
        """(name, genuine, made) uint8 [n,h,w,3]: each kind after JPEG 90, encoded clips, whole heads as they are and encoded."""
        found = []
        for name, (genuine, made, _) in self.kinds.items():
            found.append((name, *(np.stack([compressed(p, ".jpg", 90) for p in s[:64]]) for s in (genuine, made))))
        rows = np.random.default_rng(3).permutation(len(self.clips["made"]))[:128]
        found.append(("clips", self.clips["genuine"][rows], self.clips["made"][rows]))
        found.append(("heads", *(self.heads[k][:, 64:192, 64:192] for k in ("genuine", "made"))))
        rows = np.random.default_rng(4).permutation(len(self.video["made"]))[:128]
        found.append(("heads, video", *(self.video[k][rows, 8:136, 8:136] for k in ("genuine", "made"))))
        return found
