"""Measures the exported network on what it was not trained on, and writes card.json, README.md and training-log.tsv.

    python3 scripts/train/face-manipulation/evaluate.py --data DATA --cache .cache/train --out models/face-manipulation

Three kinds of material: pairs of test-split persons (the training's kinds, one kind of another maker, and whole StyleGAN
faces), clean and through five encoders; the genuine and generated development videos; and, where make_swap_videos.py has
been run, its swap videos. Intervals: 95 %, bootstrap over persons or videos. A script of its own so that the figures can be
taken again without training.
"""
import argparse
import hashlib
import json
import os
import shutil
import sys

import cv2
import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "common"))
import make  # noqa: E402
import scene  # noqa: E402
from describe import write_card, write_readme  # noqa: E402
from make_swap_videos import fill, matched, warp, with_rim  # noqa: E402
from manipulations import KINDS, Face  # noqa: E402
from joined import Joined, read_model  # noqa: E402
from regenerate import Decoders  # noqa: E402
from scipy.spatial import Delaunay  # noqa: E402
from splits import splits  # noqa: E402
from trained_on import trained_on  # noqa: E402
from video_crops import all_crops  # noqa: E402

PER_KIND, BOOTSTRAP, GROUP_FACES = 16, 400, 240
CONDITIONS = ("clean", "x264 CRF 23", "x264 CRF 35", "HEVC CRF 32", "half size, x264 CRF 28", "JPEG 50")
LOW, HIGH, SHRINKAGE = 0.4, 0.9, 2
"""How the application gathers the crops of a track; the same constants stand in main/signals/face-manipulation-reading.ts."""


def through(condition: str):
    """An encoder for make.encode_pairs: (frames, rng) -> (frames, scale)."""
    def run(frames, _):
        if condition == "clean":
            return frames, 1.0
        if condition == "JPEG 50":
            coded = [cv2.imdecode(cv2.imencode(".jpg", f, [cv2.IMWRITE_JPEG_QUALITY, 50])[1], cv2.IMREAD_COLOR) for f in frames]
            return np.stack(coded), 1.0
        if condition.startswith("half"):
            h, w = frames.shape[1:3]
            return scene.encode(frames, "libx264", "veryfast", 28, (w // 4 * 2, h // 4 * 2)), (w // 4 * 2) / w
        if condition.startswith("HEVC"):
            return scene.encode(frames, "libx265", "veryfast", 32), 1.0
        return scene.encode(frames, "libx264", "veryfast", int(condition[-2:])), 1.0
    return run


def other_maker(face: Face, donor: Face, *_):
    """A swap by the evaluation videos' maker: piecewise-affine, colours matched in RGB, a narrow soft border."""
    full = with_rim(donor.points)
    target = with_rim(face.points)
    above = warp(np.clip(donor.image, 0, 255).astype(np.uint8), full, target, Delaunay(full).simplices, face.image.shape).astype(np.float32)
    mask = fill(target, face.image.shape)
    above = matched(above, face.image, mask, {})
    soft = cv2.GaussianBlur(cv2.erode(mask, np.ones((3, 3))), (0, 0), 2.5)
    return face.image + soft[..., None] * (above - face.image), soft


def crops_of(faces: list, codec, seed: int) -> np.ndarray:
    """Single faces through one encoder, each cut by its own points: uint8 [n,128,128,3] RGB."""
    out = []
    for start in range(0, len(faces), 30):
        tiles = [(f.image, f.image, np.ones(f.image.shape[:2], np.float32), f.five, "") for f in faces[start : start + 30]]
        out.append(make.encode_pairs(tiles, 192, np.random.default_rng(seed + start), codec)[0][:, 0, 8:-8, 8:-8])
    return np.concatenate(out)


@torch.no_grad()
def logits_of(net: Joined, crops: np.ndarray) -> np.ndarray:
    """crops: uint8 [n,128,128,3] RGB."""
    out = [net(torch.from_numpy(np.ascontiguousarray(crops[k : k + 64])).permute(0, 3, 1, 2).float())[0].numpy()
           for k in range(0, len(crops), 64)]
    return np.concatenate(out) if out else np.zeros(0)


def auc(negative, positive) -> float:
    negative, positive = np.asarray(negative), np.asarray(positive)
    difference = positive[:, None] - negative[None]
    return float((difference > 0).mean() + 0.5 * (difference == 0).mean())


def with_interval(statistic, groups: dict, rng) -> tuple[float, float, float]:
    """groups: name -> (negatives, positives). Resamples names."""
    names = list(groups)

    def value(chosen):
        negative = np.concatenate([groups[n][0] for n in chosen]) if chosen else np.zeros(0)
        positive = np.concatenate([groups[n][1] for n in chosen]) if chosen else np.zeros(0)
        return statistic(negative, positive)

    spread = [value([names[i] for i in rng.integers(0, len(names), len(names))]) for _ in range(BOOTSTRAP)]
    spread = [v for v in spread if np.isfinite(v)]
    return value(names), float(np.quantile(spread, 0.025)), float(np.quantile(spread, 0.975))


def wilson(hits: int, n: int) -> tuple[float, float, float]:
    p, z = hits / n, 1.96
    centre, half = (p + z * z / (2 * n)) / (1 + z * z / n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return p, max(0.0, float(centre - half)), min(1.0, float(centre + half))


def safe_auc(negative, positive) -> float:
    return auc(negative, positive) if len(negative) and len(positive) else float("nan")


def video_logit(values: np.ndarray) -> float:
    ordered = np.sort(values)
    first = min(len(ordered) - 1, int(np.floor(LOW * len(ordered))))
    kept = ordered[first : max(first + 1, int(np.ceil(HIGH * len(ordered))))]
    return float(kept.mean() * len(values) / (len(values) + SHRINKAGE))


def test_pairs(options, net, rng) -> list[dict]:
    labels = np.load(os.path.join(options.cache, "faces.npz"))
    pool = make.Pool(options.data, labels, "test", 0)
    decoders = Decoders(os.path.join(options.cache, "face-manipulation", "decoders.npz"))
    kinds = {**KINDS, "other maker": (other_maker, 1)}
    made = [(name, make.pair(pool, decoders, {name: kinds[name]}, rng)) for name in kinds for _ in range(PER_KIND)]
    rows = []

    def add(condition: str, name: str, groups: dict) -> None:
        value, low, high = with_interval(safe_auc, groups, np.random.default_rng(0))
        rows.append({"data": f"test persons, {name}, {condition}", "metric": "AUC per crop", "value": value, "low": low, "high": high,
                     "n": sum(len(a) + len(b) for a, b in groups.values())})

    pooled: dict[str, dict] = {}
    for condition in CONDITIONS:
        results = []
        for start in range(0, len(made), 30):
            part = [m for _, m in made[start : start + 30]]
            crops, _ = make.encode_pairs(part, 192, np.random.default_rng(start), through(condition))
            results.append(crops[:, :, 8:-8, 8:-8])
        crops = np.concatenate(results)
        logits = logits_of(net, crops.reshape(-1, 128, 128, 3)).reshape(-1, 2)
        add(condition, "all kinds", {k: (logits[k, :1], logits[k, 1:]) for k in range(len(made))})
        for k, (name, _) in enumerate(made):
            entry = pooled.setdefault(name, {}).setdefault(k, ([], []))
            entry[0].append(logits[k, 0])
            entry[1].append(logits[k, 1])
    for name, groups in pooled.items():
        add("all six conditions", name + (" (not trained on)" if name == "other maker" else ""), {k: (np.array(a), np.array(b)) for k, (a, b) in groups.items()})
    fakes = rng.permutation(pool.fakes)
    ffhq = rng.permutation(pool.groups["stylegan-vs-ffhq/real"])
    faces = [pool.face(int(i), rng, 50.0) for i in (*ffhq, *fakes)]
    logits = logits_of(net, crops_of(faces, through("x264 CRF 23"), 0))
    groups = {k: (logits[k : k + 1] if k < len(ffhq) else np.zeros(0), logits[k : k + 1] if k >= len(ffhq) else np.zeros(0))
              for k in range(len(faces))}
    add("x264 CRF 23", "whole StyleGAN faces against FFHQ (trained on others of this generator)", groups)
    return rows


def video_rows(options, net) -> tuple[list[dict], dict]:
    folder = os.path.join(options.cache, "face-manipulation")
    root = os.path.join(options.data, "video")
    paths = sorted(os.path.join(root, g, f) for g in os.listdir(root) for f in os.listdir(os.path.join(root, g)))
    paths = [p for p in paths if os.path.relpath(p, options.data) not in trained_on()]
    crops = all_crops(paths, options.data, os.path.join(folder, "videos-dev.npz"))
    readings = {p: video_logit(logits_of(net, c)) for p, c in crops.items() if len(c) >= 4}
    genuine = {p: v for p, v in readings.items() if "/real-" in p}
    altered = {p: v for p, v in readings.items() if "/fake-" in p}
    rows = []

    def person(path: str) -> str:
        name = os.path.basename(path)
        return name.split("-")[2].split("_")[0] if "/MEAD/" in path else path

    for score, logit in ((0.5, 0.0), (0.8, float(np.log(4)))):
        hits = sum(v >= logit for v in genuine.values())
        value, low, high = wilson(hits, len(genuine))
        rows.append({"data": f"{len(genuine)} genuine development videos of {len({person(p) for p in genuine})} persons that nothing was trained on", "metric": f"share with a score of {score} or more (false positives)",
                     "value": value, "low": low, "high": high, "n": len(genuine)})

    groups: dict[str, list] = {}
    for p, v in readings.items():
        entry = groups.setdefault(person(p), [[], []])
        entry[p in altered].append(v)
    value, low, high = with_interval(safe_auc, {k: (np.array(a), np.array(b)) for k, (a, b) in groups.items()}, np.random.default_rng(0))
    rows.append({"data": f"{len(altered)} talking-head animations by a generator that was not trained on (DreamTalk) against these", "metric": "AUC per video",
                 "value": value, "low": low, "high": high, "n": len(readings)})
    swaps = os.path.join(os.path.dirname(options.cache.rstrip("/")), "evaluate", "swaps")
    detail = {os.path.relpath(p, options.data): v for p, v in readings.items()}
    if os.path.exists(os.path.join(swaps, "manifest.tsv")):
        table = [line.rstrip("\n").split("\t") for line in open(os.path.join(swaps, "manifest.tsv"))][1:]
        clips = all_crops([os.path.join(swaps, r[0]) for r in table], options.data, os.path.join(folder, "videos-swaps.npz"))
        read = {r[0]: video_logit(logits_of(net, clips[os.path.join(swaps, r[0])])) for r in table if len(clips[os.path.join(swaps, r[0])]) >= 4}
        detail.update(read)

        def swap_row(name: str, methods: tuple) -> None:
            kept: dict[str, list] = {}
            wanted = {r[2] for r in table if r[4] in methods}
            for r in table:
                if r[0] in read and (r[4] in methods or (r[1] == "genuine" and r[2] in wanted)):
                    kept.setdefault(r[3], [[], []])[r[1] == "manipulated"].append(read[r[0]])
            value, low, high = with_interval(safe_auc, {k: (np.array(a), np.array(b)) for k, (a, b) in kept.items()}, np.random.default_rng(0))
            rows.append({"data": name, "metric": "AUC per video", "value": value, "low": low, "high": high,
                         "n": sum(len(a) + len(b) for a, b in kept.values())})

        swap_row("own swap and mouth-edit videos (another maker, x264 CRF 23) against their originals", ("whole", "inner", "poisson", "mouth"))
        swap_row("of these, swaps (whole, inner, Poisson)", ("whole", "inner", "poisson"))
        swap_row("of these, mouth edits", ("mouth",))
    return rows, detail


def group_rows(options, net) -> list[dict]:
    """False positives by the groups that UTKFace's file names give (age, sex, ethnicity), on test-split faces."""
    labels = np.load(os.path.join(options.cache, "faces.npz"))
    paths = labels["paths"].astype(str)
    chosen = np.flatnonzero((splits(labels) == "test") & (np.char.find(paths, "utkface") >= 0) & np.isfinite(labels["score"]))
    pool = make.Pool(options.data, labels, "test", 0)
    rng = np.random.default_rng(5)
    chosen = rng.permutation(chosen)[:GROUP_FACES]
    logits = logits_of(net, crops_of([pool.face(int(i), rng, 50.0) for i in chosen], through("x264 CRF 23"), 0))
    threshold = float(np.quantile(logits, 0.95))
    fields = [os.path.basename(p).split("_") for p in paths[chosen]]
    names = {"sex": {"0": "male", "1": "female"}, "ethnicity": {"0": "White", "1": "Black", "2": "Asian", "3": "Indian", "4": "other"}}

    def age(text: str) -> str:
        years = int(text)
        return "0 to 17" if years < 18 else "18 to 39" if years < 40 else "40 to 59" if years < 60 else "60 and over"

    rows = []
    for kind in ("age", "sex", "ethnicity"):
        values = np.array([age(f[0]) if kind == "age" else names[kind].get(f[{"sex": 1, "ethnicity": 2}[kind]], "?") if len(f) >= 4 else "?" for f in fields])
        for value in sorted(set(values) - {"?"}):
            inside = values == value
            share, low, high = wilson(int((logits[inside] >= threshold).sum()), int(inside.sum()))
            rows.append({"data": f"genuine UTKFace test faces, {kind}: {value}", "metric": "share above the logit that 5 % of all exceed",
                         "value": share, "low": low, "high": high, "n": int(inside.sum())})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--cache", default=".cache/train")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    folder = os.path.join(options.cache, "face-manipulation")
    path = os.path.join(options.out, "model.onnx")
    net = read_model(path)
    with open(path, "rb") as file:
        sha = hashlib.sha256(file.read()).hexdigest()
    with open(os.path.join(options.data, "MANIFEST.tsv"), "rb") as file:
        manifest = hashlib.sha256(file.read()).hexdigest()
    shutil.copyfile(os.path.join(folder, "log-third.tsv"), os.path.join(options.out, "training-log.tsv"))
    rows, detail = video_rows(options, net)
    with open(os.path.join(folder, "videos.json"), "w") as file:
        json.dump(detail, file, indent=1)
    for more in (lambda: [], lambda: test_pairs(options, net, np.random.default_rng(11)), lambda: group_rows(options, net)):
        # Written after each part, so that a model is never without its first figures.
        rows += more()
        for row in rows:
            row.update({key: round(row[key], 3) for key in ("value", "low", "high")})
        write_card(options.out, sha, rows)
        write_readme(options.out, sha, manifest, rows)
    for row in rows:
        print(f"{row['value']:.3f} ({row['low']:.3f} to {row['high']:.3f}), n {row['n']}\t{row['metric']}\t{row['data']}", flush=True)


if __name__ == "__main__":
    main()
