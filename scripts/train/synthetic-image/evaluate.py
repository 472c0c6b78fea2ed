"""Measures the trained network on pictures that nothing was trained on, and writes WORK/evaluation.json.

    python3 scripts/train/synthetic-image/evaluate.py --data DATA --labels FACES.npz --work CACHE

Also leaves pictures of the test split for the common harness in .cache/evaluate/generated, with a manifest.
"""
import argparse
import json
import os
import subprocess

import cv2
import numpy as np
import torch
from augment import compressed
from make_clips import encode
from net import PATCH, SyntheticImage
from pictures import FFHQ, GENERATED, listed, read
from pairs import Pairs
from train import auc, logits

ACROSS, DOWN, FRAMES, WINDOW = 5, 4, 3, 240
#: Pictures per class that are re-encoded, of the validation split for the threshold, and of other genuine sets.
RECODED, VALID, OTHERS = 50, 50, 80
#: Fates under which the network is also measured as it was before it saw any StyleGAN picture.
UNSEEN = ("as published (JPEG)", "x264 CRF 23")
#: name -> what is done to a picture: (kind, quality, scale before)
FATES = {
    "as published (JPEG)": None,
    "x264 CRF 23": ("libx264", 23, 1.0),
    "x264 CRF 35": ("libx264", 35, 1.0),
    "HEVC CRF 32": ("libx265", 32, 1.0),
    "half size, x264 CRF 28": ("libx264", 28, 0.5),
    "JPEG 50": ".jpg",
}


def area(genuine: np.ndarray, made: np.ndarray) -> dict:
    """AUC with its 95 % interval (Hanley & McNeil, Radiology 1982)."""
    a, n, m = auc(genuine, made), len(genuine), len(made)
    q1, q2 = a / (2 - a), 2 * a * a / (1 + a)
    half = 1.96 * np.sqrt(max(0, a * (1 - a) + (m - 1) * (q1 - a * a) + (n - 1) * (q2 - a * a)) / (n * m))
    return {"value": a, "low": max(0, a - half), "high": min(1, a + half), "n": n + m}


def share(hits: int, n: int) -> dict:
    """Proportion with its 95 % interval (Wilson 1927)."""
    z, p = 1.959964, hits / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return {"value": p, "low": max(0, middle - half), "high": min(1, middle + half), "n": n}


def picture_logits(net: SyntheticImage, pictures: list) -> np.ndarray:
    """
    Median over two by two patches around the middle (one where the picture is hardly larger than a patch), off the grid of eight
    pixels, as main/signals/synthetic-image-patches.ts places them.
    """
    off = lambda v, most: v if v % 8 else v + 3 if v + 3 <= most else max(0, v - 3)
    patches, owner = [], []
    for i, picture in enumerate(pictures):
        h, w = picture.shape[:2]
        ends = [[off(round((s - PATCH) * part), s - PATCH) for part in ((0.21, 0.79) if s >= 1.5 * PATCH else (0.5,))] for s in (h, w)]
        for y in ends[0]:
            for x in ends[1]:
                patches.append(picture[y : y + PATCH, x : x + PATCH])
                owner.append(i)
    found, owner = logits(net, np.stack(patches)), np.array(owner)
    return np.array([np.median(found[owner == i]) for i in range(len(pictures))])


def through_video(pictures: list, codec: str, quality: int, scale: float) -> list:
    """
    The third frame of a short clip, both classes in one mosaic. At full size every picture moves by two pixels a frame; at
    half size it stands still, so that a whole patch is left.
    """
    side, speed = (WINDOW, 2) if scale == 1 else (256, 0)
    size, found = int(side * scale), []
    for start in range(0, len(pictures), ACROSS * DOWN):
        batch = pictures[start : start + ACROSS * DOWN]
        full = batch + [np.zeros_like(batch[0])] * (ACROSS * DOWN - len(batch))
        frames = []
        for t in range(FRAMES):
            at = speed * t
            row = [cv2.resize(p[at : at + side, at : at + side], (size, size), interpolation=cv2.INTER_AREA) for p in full]
            frames.append(np.concatenate([np.concatenate(row[r * ACROSS : (r + 1) * ACROSS], 1) for r in range(DOWN)]))
        frame = encode(np.stack(frames), codec, quality, "veryfast", 1.0)[2]
        for cell in range(len(batch)):
            y, x = cell // ACROSS * size, cell % ACROSS * size
            found.append(frame[y : y + size, x : x + size])
    return found


def fated(pictures: list, fate) -> list:
    if fate is None:
        return pictures
    if isinstance(fate, str):
        return [compressed(p, fate, 50) for p in pictures]
    return through_video(pictures, *fate)


def keep_for_harness(data: str, labels: str, folder: str) -> None:
    """
    Every picture as a video of one frame; its JPEG bytes are copied as they are, so nothing is encoded again. Its group is the
    picture's path, as in the clips of make_person_clips.py, so that both count as one trial.
    """
    sets = ((GENERATED, "manipulated", "stylegan", 120), (FFHQ, "genuine", "ffhq", 120),
            ("faces-real/utkface", "genuine", "utkface", 80), ("faces-real/web-faces", "genuine", "web-faces", 80))
    rows = ["path\tlabel\tsource\tgroup"]
    for prefix, label, source, most in sets:
        os.makedirs(os.path.join(folder, label), exist_ok=True)
        for path in listed(labels, "test", prefix)[:most]:
            stem = os.path.splitext(os.path.basename(path))[0]
            name = f"{label}/{source}-{stem}.mkv"
            subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", os.path.join(data, path), "-c", "copy", "-fflags", "+bitexact",
                            os.path.join(folder, name)], check=True)
            rows.append(f"{name}\t{label}\t{source}\t{path}")
    with open(os.path.join(folder, "manifest.tsv"), "w", encoding="utf-8") as out:
        out.write("\n".join(rows) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--labels", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--harness", default=".cache/evaluate/generated")
    options = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    nets = {}
    for name in ("net", "net-without-stylegan"):
        path = os.path.join(options.work, f"{name}.pt")
        if os.path.exists(path):
            nets[name] = SyntheticImage().to(memory_format=torch.channels_last)
            nets[name].load_state_dict(torch.load(path))
    net, rows = nets["net"], []
    pictures = lambda split, prefix, most=400: [read(options.data, p) for p in listed(options.labels, split, prefix)[:most]]

    # The threshold for the shares below: 2 % of genuine validation pictures read higher.
    others = ("faces-real/utkface", "faces-real/web-faces")
    large = lambda found: [p for p in found if min(p.shape[:2]) >= PATCH]
    valid = np.concatenate([picture_logits(net, large(pictures("val", prefix, VALID))) for prefix in (FFHQ, *others)])
    threshold = float(np.quantile(valid, 0.98))

    genuine, made = pictures("test", FFHQ), pictures("test", GENERATED)
    mixed = [p for pair in zip(genuine, made) for p in pair]
    for name, fate in FATES.items():
        through = fated(mixed if fate is None else mixed[: 2 * RECODED], fate)
        n = len(through) // 2
        for which, label in (("net", "StyleGAN against FFHQ, test split"), ("net-without-stylegan", "StyleGAN against FFHQ, test split, before any StyleGAN picture was trained on")):
            if which not in nets or (which != "net" and name not in UNSEEN):
                continue
            found = picture_logits(nets[which], through)
            rows.append({"data": f"{label}; {name}", "metric": "AUC", **area(found[0::2], found[1::2])})
            if which == "net":
                rows.append({"data": f"FFHQ, test split; {name}", "metric": "false positive rate at the 2 % threshold", **share(int((found[0::2] > threshold).sum()), n)})
                rows.append({"data": f"StyleGAN, test split; {name}", "metric": "found at the 2 % threshold", **share(int((found[1::2] > threshold).sum()), n)})
            print(rows[-1]["data"], rows[-1], flush=True)
    for prefix in others:
        found = picture_logits(net, large(pictures("test", prefix, OTHERS)))
        rows.append({"data": f"{prefix.split('/')[1]}, test split, genuine", "metric": "false positive rate at the 2 % threshold", **share(int((found > threshold).sum()), len(found))})
        print(rows[-1], flush=True)

    val = Pairs(options.work, "val")
    for kind, (first, second, _) in val.kinds.items():
        a, b = (logits(net, np.stack([compressed(p, ".jpg", 90) for p in s[:100]])) for s in (first, second))
        rows.append({"data": f"held-out generator {kind} against its own originals, single patches; JPEG 90", "metric": "AUC", **area(a, b)})
        print(rows[-1], flush=True)
    clips = val.clips
    for low, high in ((18, 23), (24, 29), (30, 34), (35, 38)):
        pick = np.flatnonzero((clips["quality"] >= low) & (clips["quality"] <= high) & (clips["codec"] == "libx264"))[:160]
        if len(pick) < 20:
            continue
        a, b = (logits(net, clips[s][pick]) for s in ("genuine", "made"))
        rows.append({"data": f"held-out generators, moving, x264 CRF {low} to {high}, single patches", "metric": "AUC", **area(a, b)})
        print(rows[-1], flush=True)
    with open(os.path.join(options.work, "evaluation.json"), "w", encoding="utf-8") as out:
        json.dump({"threshold": threshold, "rows": rows}, out, indent=1)
    keep_for_harness(options.data, options.labels, options.harness)


if __name__ == "__main__":
    main()
