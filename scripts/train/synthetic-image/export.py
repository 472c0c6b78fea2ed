"""Exports the network and writes the model folder: model.onnx, card.json, README.md.

    python3 scripts/train/synthetic-image/export.py --data DATA --work CACHE --out models/synthetic-image

Reads WORK/net.pt, WORK/evaluation.json (evaluate.py) and, where present, WORK/videos.json (what
scripts/models/measure-synthetic-image.ts found on the development videos through the app itself).
"""
import argparse
import hashlib
import io
import json
import os
import shutil

import onnx
import torch
from net import PATCH, Export, SyntheticImage

BUILD = "/usr/bin/python3 scripts/train/synthetic-image/train.py --data ../shared/data --out models/synthetic-image"
FAILURES = [
    "A generator that it was not trained on is mostly missed: before it had seen any StyleGAN picture it told StyleGAN faces from FFHQ no better than by chance (see the evaluation). The later figures on StyleGAN are those of a generator that it knows.",
    "The high figures on held-out generators are for small generators of our own; all of them share the way their fine structure was put over the original's coarse one, so they say little about generators of others.",
    "Trained for 6,000 steps of 48 or 64 patches, on 856 StyleGAN faces and few genuine pictures: a longer training on more generators is the first thing to try.",
    "Strong compression, enlargement, shrinking, screen capture and smoothing after generation remove what it looks for; it then reads near 0.5 or like a camera picture.",
    "Beauty filters, noise reduction and super-resolution in phones are networks too and can read like generation.",
    "Trained on faces and what surrounds them, up to 256 pixels: landscapes, text, drawings and animation are outside its training.",
    "A head or a picture that is genuine but was edited elsewhere is not its subject: face swaps and local edits have signals of their own.",
]


def hashed(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def graph(weights: str) -> bytes:
    net = SyntheticImage()
    net.load_state_dict(torch.load(weights))
    net.eval()
    # The filters as they are used: their mean is taken out here, not at every run.
    net.residual.weight.data = net.residual.filters().detach().clone()
    net.residual.filters = lambda: net.residual.weight
    out = io.BytesIO()
    torch.onnx.export(
        Export(net), torch.zeros(2, PATCH, PATCH, 3, dtype=torch.uint8), out, opset_version=13,
        input_names=["patches"], output_names=["logit", "heat"],
        dynamic_axes={name: {0: "batch"} for name in ("patches", "logit", "heat")},
    )
    model = onnx.load_from_string(out.getvalue())
    model.producer_name = model.producer_version = ""
    model.doc_string = "Traces of generation in patches at native size."
    onnx.checker.check_model(model)
    return model.SerializeToString()


def table(rows: list) -> str:
    lines = ["| Data | Measure | Value | 95 % interval | n |", "|---|---|---|---|---|"]
    lines += [f"| {r['data']} | {r['metric']} | {r['value']:.3f} | {r['low']:.3f} to {r['high']:.3f} | {r['n']} |" for r in rows]
    return "\n".join(lines)


def chance_notes(rows: list[dict]) -> list[str]:
    """Material on which the interval of the AUC reaches down to chance, or lies under it; of the shipped weights only."""
    shown = [r for r in rows if r["metric"] == "AUC" and r["low"] <= 0.5 and "before any StyleGAN" not in r["data"]]
    return [f"{'Reads lower than genuine' if r['high'] < 0.5 else 'Not shown to be better than chance'} on: {r['data']} (AUC {r['value']:.2f}, "
            f"95 % interval {r['low']:.2f} to {r['high']:.2f}, n = {r['n']})." for r in shown]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    evaluation = {"threshold": 0.0, "rows": []}
    for name in ("evaluation.json", "videos.json"):
        path = os.path.join(options.work, name)
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                found = json.load(file)
            evaluation["rows"] += found["rows"]
            evaluation["threshold"] = found.get("threshold", evaluation["threshold"])
    # False positives on genuine material first.
    rows = sorted(evaluation["rows"], key=lambda r: "false positive" not in r["metric"])
    os.makedirs(options.out, exist_ok=True)
    bytes_ = graph(os.path.join(options.work, "net.pt"))
    with open(os.path.join(options.out, "model.onnx"), "wb") as file:
        file.write(bytes_)
    cells = PATCH // 8
    card = {
        "format": "assay-model-card-1",
        "id": "synthetic-image",
        "version": "2.0.0",
        "title": "Traces of generated heads and pictures",
        "sha256": hashlib.sha256(bytes_).hexdigest(),
        "licence": "Apache-2.0; trained partly on data for non-commercial research",
        "kind": "frame-classifier",
        "inputs": [{"name": "patches", "dtype": "uint8", "layout": "NHWC", "dims": ["batch", PATCH, PATCH, 3],
                    "meaning": "RGB patches cut at the frame's own size, never scaled."}],
        "outputs": [
            {"name": "logit", "dtype": "float32", "layout": "N", "dims": ["batch"],
             "meaning": "Above 0: more like generated than like camera pictures, at equal numbers of both. Uncalibrated."},
            {"name": "heat", "dtype": "float32", "layout": "NHW", "dims": ["batch", cells, cells],
             "meaning": "The same for each cell of 8 x 8 pixels; the logit is their mean, weighted by the network."},
        ],
        "intendedUse": "The synthetic-image signal: many patches of several frames of one video, by their median, and its maps as exhibits. Nothing may be concluded from a single patch, nor from a score without a calibration.",
        "knownFailures": FAILURES + chance_notes(rows),
        "evaluation": [{k: (r[k] if k in ("data", "metric", "n") else round(r[k], 4)) for k in ("data", "metric", "value", "low", "high", "n")} for r in rows],
        "build": BUILD,
    }
    with open(os.path.join(options.out, "card.json"), "w", encoding="utf-8") as file:
        file.write(json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    parameters = sum(p.numel() for p in SyntheticImage().parameters())
    readme = f"""# synthetic-image

Tells patches of generated heads and pictures from camera pictures by what is left in the fine detail. {parameters:,} parameters,
{len(bytes_) // 1024} KiB, ONNX operator set 13. Input `patches` uint8 [batch,{PATCH},{PATCH},3] RGB at the frame's own size; outputs `logit`
[batch] (above 0: more like generated) and `heat` [batch,{cells},{cells}]. Every cell's logit is the sum of what the network sees
there and of one logit for the strength and evenness of each frequency in the whole patch.

## Made by

```
{BUILD}
```

One thread, fixed seeds, weights trained from nothing. Face detection for the labels: YuNet, as a teacher only (here it only
says which pictures hold a face). `training-log.tsv` holds the areas under the curve on the validation split while training.

## Data

Manifest of the data: SHA-256 `{hashed(os.path.join(options.data, 'MANIFEST.tsv'))}`. The splits stand in
`scripts/train/common/splits.py`; only the train split was trained on.

- Genuine: FFHQ at 256 pixels (CC BY-NC-SA), faces cut from web photographs, UTKFace (licence: non-commercial research).
- Generated: StyleGAN faces at 256 pixels (NVIDIA, non-commercial), from the second of three phases of the training on; and the genuine
  pictures re-made by fifteen small generators trained here for this (`generators.py`): auto-encoders of factor 4, 8 and 16 with six
  kinds of up-sampling, noise between their layers, quantised latents, with and without an adversary; denoisers in one and two
  steps; super-resolution by 2 and 4. Five more kinds, two of them of families without a relative in training, are kept for validation.
- Both classes of a pair have the same fate: resizing by 0.5 to 2, blur, noise, tone, JPEG and WebP of quality 30 to 98, and for about
  half an encoding as moving clips by x264, x265, VP9 and MPEG-4 with ffmpeg, side by side in one picture (whole heads at 0.6 to 1.8 times
  their size). StyleGAN and FFHQ pictures, published with the same JPEG tables, are also shown as they are; in the third phase
  StyleGAN's also stand against UTKFace and web faces as published. Re-made pictures have the
  content of their originals; some of those are softened to the generator's own mean sharpness, so that blur by itself tells nothing.
- No video was trained on.

## Evaluation

The 2 % threshold is the logit {evaluation['threshold']:.2f}, above which 2 % of the genuine pictures of the validation split lie. Rows on videos are
development data: the signal's rules were chosen while looking at them. Re-encoded pictures are the first 50 of each class, so
their rows compare with one another, not with the row above them. Pictures of one mosaic share an encoding and the held-out
generators share their originals, so those intervals are too narrow. Talking heads and DreamTalk videos: see the rows; an interval
that holds 0.5 means that nothing was shown. The held-out kinds were looked at during training to follow it, not to choose weights.

{table(rows) if rows else "None yet."}

The data gives no groups of people for generated pictures; false positives on UTKFace by group are not measured.

## Known failures

{chr(10).join("- " + f for f in FAILURES + chance_notes(rows))}
"""
    shutil.copyfile(os.path.join(options.work, "training-log.tsv"), os.path.join(options.out, "training-log.tsv"))
    with open(os.path.join(options.out, "README.md"), "w", encoding="utf-8") as file:
        file.write(readme)
    print(f"{options.out}: {len(bytes_)} bytes, {parameters} parameters, {len(rows)} figures")


if __name__ == "__main__":
    main()
