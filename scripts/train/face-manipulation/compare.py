"""Compares two exported models on what neither was trained on, and says by a rule fixed beforehand which one is to ship.

    python3 scripts/train/face-manipulation/compare.py --data DATA --cache .cache/train --before OLD.onnx --after NEW.onnx

Needs the clips of make_person_clips.py and make_swap_videos.py in .cache/evaluate. Intervals are 95 %, of the difference, with
whole persons drawn again. The rule stands in docs/signals/face-manipulation.md.
"""
import argparse
import os
import sys

import cv2
import numpy as np
import torch

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "common"))
import evaluate  # noqa: E402
import make  # noqa: E402
from evaluate import auc, logits_of, video_logit  # noqa: E402
from joined import read_model  # noqa: E402
from manipulations import KINDS  # noqa: E402
from regenerate import Decoders  # noqa: E402
from trained_on import trained_on  # noqa: E402
from video_crops import all_crops  # noqa: E402

DRAWS = 2000
INSIDE = ("whole", "inner", "poisson", "mouth")


class Readings:
    """What both models say of files: logit per file [n,2] (before, after), label, person, method."""

    def __init__(self, nets: list, crops: dict, rows: list[tuple[str, bool, str, str]]):
        usable = [r for r in rows if len(crops[r[0]]) >= 4]
        self.logits = np.array([[video_logit(logits_of(net, crops[r[0]])) for net in nets] for r in usable]).reshape(len(usable), len(nets))
        self.altered, self.person, self.method = (np.array([r[k] for r in usable]) for k in (1, 2, 3))

    def of(self, chosen: np.ndarray) -> "Readings":
        part = object.__new__(Readings)
        part.logits, part.altered, part.person, part.method = self.logits[chosen], self.altered[chosen], self.person[chosen], self.method[chosen]
        return part


def both_auc(r: Readings) -> np.ndarray:
    if r.altered.all() or not r.altered.any():
        return np.full(2, np.nan)
    return np.array([auc(r.logits[~r.altered, k], r.logits[r.altered, k]) for k in (0, 1)])


def both_false(r: Readings) -> np.ndarray:
    """Share of the genuine ones with a score of 0.5 or more."""
    return (r.logits[~r.altered] >= 0).mean(0) if (~r.altered).any() else np.full(2, np.nan)


def compared(name: str, r: Readings, statistic) -> tuple[float, float, float]:
    """Prints one line; returns the difference and its interval."""
    values = statistic(r)
    persons = [np.flatnonzero(r.person == p) for p in np.unique(r.person)]
    rng = np.random.default_rng(0)
    drawn = [statistic(r.of(np.concatenate([persons[i] for i in rng.integers(0, len(persons), len(persons))]))) for _ in range(DRAWS)]
    spread = [v[1] - v[0] for v in drawn if np.isfinite(v).all()]
    low, high = (float(q) for q in np.quantile(spread, (0.025, 0.975)))
    print(f"{name}\t{values[0]:.3f}\t{values[1]:.3f}\t{values[1] - values[0]:+.3f} [{low:+.3f}, {high:+.3f}]\t{(~r.altered).sum()} genuine, "
          f"{r.altered.sum()} altered, {len(persons)} persons", flush=True)
    return float(values[1] - values[0]), low, high


def clips(options, nets: list, folder: str) -> Readings:
    """The clips of one set, but for those made from videos that were trained on."""
    home = os.path.join(os.path.dirname(options.cache.rstrip("/")), "evaluate", folder)
    table = [line.rstrip("\n").split("\t") for line in open(os.path.join(home, "manifest.tsv"))][1:]
    table = [r for r in table if r[2] not in trained_on()]
    crops = all_crops([os.path.join(home, r[0]) for r in table], options.data, os.path.join(options.cache, "face-manipulation", f"videos-{folder}.npz"))
    return Readings(nets, crops, [(os.path.join(home, r[0]), r[1] != "genuine", r[3], r[4]) for r in table])


def videos(options, nets: list) -> Readings:
    root = os.path.join(options.data, "video")
    paths = [f"video/{g}/{f}" for g in sorted(os.listdir(root)) for f in sorted(os.listdir(os.path.join(root, g)))]
    paths = [p for p in paths if p not in trained_on()]
    crops = all_crops([os.path.join(options.data, p) for p in paths], options.data, os.path.join(options.cache, "face-manipulation", "videos-dev.npz"))

    def person(path: str) -> str:
        name = os.path.basename(path)
        return name.split("-")[2].split("_")[0] if "/MEAD/" in path else f"portrait {'male_face' in name}" if "/DreamTalk/" in path else path

    return Readings(nets, crops, [(os.path.join(options.data, p), "/fake-" in p, person(p), p.split("/")[1]) for p in paths])


def encoded_crops(options, kept: str) -> None:
    """Pairs of test persons, every kind inside a still, as made and through five encoders; written to the .npz `kept`."""
    labels = np.load(os.path.join(options.cache, "faces.npz"))
    pool, rng = make.Pool(options.data, labels, "test", 0), np.random.default_rng(12)
    decoders = Decoders(os.path.join(options.cache, "face-manipulation", "decoders.npz"))
    kinds = {**KINDS, "other maker": (evaluate.other_maker, 1)}
    made = [make.pair(pool, decoders, {name: kinds[name]}, rng) for name in kinds for _ in range(options.pairs)]
    crops, altered, person, method = [], [], [], []
    for condition in evaluate.CONDITIONS:
        for start in range(0, len(made), 30):
            part = made[start : start + 30]
            cut, _ = make.encode_pairs(part, 192, np.random.default_rng(start), evaluate.through(condition))
            crops.append(cut[:, :, 8:-8, 8:-8].reshape(-1, 128, 128, 3))
            altered += [False, True] * len(part)
            person += [f"{start + k // 2}" for k in range(2 * len(part))]
            method += [condition] * 2 * len(part)
    np.savez(kept, crops=np.concatenate(crops), altered=altered, person=person, method=method)


def encoded(options, nets: list) -> Readings:
    """Each of those crops by itself."""
    kept = os.path.join(options.cache, "face-manipulation", f"encoded-test-{options.pairs}.npz")
    if not os.path.exists(kept):
        encoded_crops(options, kept)
    stored, done = np.load(kept), object.__new__(Readings)
    done.logits = np.stack([logits_of(net, stored["crops"]) for net in nets], 1)
    done.altered, done.person, done.method = (stored[name] for name in ("altered", "person", "method"))
    return done


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("data", "before", "after"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--cache", default=".cache/train")
    parser.add_argument("--pairs", type=int, default=16, help="per kind, for the crops through five encoders")
    options = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    nets = [read_model(options.before), read_model(options.after)]
    print("data\tbefore\tafter\tdifference\tn")
    persons = clips(options, nets, "persons")
    genuine = ~persons.altered
    stills = compared("clips of stills: swaps and mouth edits, AUC", persons.of(genuine | np.isin(persons.method, INSIDE)), both_auc)
    for method in (*INSIDE, "re-made", "StyleGAN"):
        compared(f"  {method}", persons.of(genuine | (persons.method == method)), both_auc)
    raised = compared("clips of stills: genuine at 0.5 or more", persons, both_false)
    crops = encoded(options, nets)
    through = compared("test persons' crops, all kinds, as made and through five encoders, AUC", crops, both_auc)
    for condition in evaluate.CONDITIONS:
        compared(f"  {condition}", crops.of(crops.method == condition), both_auc)
    made = clips(options, nets, "swaps")
    swaps = compared("swaps and mouth edits in real videos, AUC", made, both_auc)
    for method in INSIDE:
        compared(f"  {method}", made.of(~made.altered | (made.method == method)), both_auc)
    real = videos(options, nets)
    heads = compared("talking heads by DreamTalk, AUC", real, both_auc)
    false = compared("genuine development videos at 0.5 or more", real, both_false)
    rules = {
        "stills not worse beyond the interval": stills[2] >= 0,
        "encoded crops not worse beyond the interval": through[2] >= 0,
        "false readings of stills not more beyond the interval": raised[1] <= 0,
        "swaps in video not worse": swaps[0] >= 0,
        "talking heads not worse": heads[0] >= 0,
        "false readings of genuine videos not more": false[0] <= 0,
    }
    for rule, held in rules.items():
        print(f"{'yes' if held else 'NO'}\t{rule}")
    print("ships" if all(rules.values()) else "does not ship")


if __name__ == "__main__":
    main()
