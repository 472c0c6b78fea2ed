"""card.json and README.md of the face-manipulation model, from the measured rows."""
import json
import os

ID, VERSION = "face-manipulation", "1.3.0"
COMMAND = "/usr/bin/python3 scripts/train/face-manipulation/train.py --data DATA --out models/face-manipulation"
LICENCE = "weights trained for Assay; among the training data UTKFace and FFHQ: non-commercial research"
USE = ("Reading traces of altered faces (exchanged, re-enacted, regenerated, blended in) and of heads generated as a whole in aligned face "
       "crops of video frames, as one indicator among several, gathered over many frames of a face. Not for single pictures of unknown "
       "processing, and never alone.")
FAILURES = [
    "Trained for some three hours on one core, and on alterations of our own making, one published face generator and one published animator of portraits: on other methods it may be little better than chance.",
    "Strong compression, faces under about 80 pixels and blur hide the traces that it reads.",
    "Beauty filters, make-up, glasses, hands, captions across the face and hard light can raise the logit of genuine faces.",
    "Most training faces are stills, many enlarged from a lower resolution and continued beyond their border; profile views are rare in them. Real video frames show nine persons.",
    "The animated portraits among the training data show two faces only; others may be missed.",
]


def chance_notes(rows: list[dict]) -> list[str]:
    """Material on which the interval of the AUC reaches down to chance."""
    return [f"Not better than chance on: {row['data']} (AUC {row['value']:.2f}, 95 % interval {row['low']:.2f} to {row['high']:.2f}, n = {row['n']})."
            for row in rows if row["metric"].startswith("AUC") and row["low"] <= 0.5 and row["high"] >= 0.5] + [
            f"Reads lower than genuine on: {row['data']} (AUC {row['value']:.2f}, 95 % interval {row['low']:.2f} to {row['high']:.2f}, n = {row['n']})."
            for row in rows if row["metric"].startswith("AUC") and row["high"] < 0.5]


def write_card(out: str, sha: str, rows: list[dict]) -> None:
    card = {
        "format": "assay-model-card-1", "id": ID, "version": VERSION, "title": "Face manipulation, per aligned face crop",
        "sha256": sha, "licence": LICENCE, "kind": "face-classifier",
        "inputs": [{"name": "faces", "dtype": "uint8", "layout": "NHWC", "dims": ["batch", 128, 128, 3],
                    "meaning": "RGB crops aligned by five points, 1.25 times the width of the 112-pixel template"}],
        "outputs": [{"name": "logit", "dtype": "float32", "layout": "N", "dims": ["batch"],
                     "meaning": "Above 0: more like an altered face. Not calibrated."},
                    {"name": "heat", "dtype": "float32", "layout": "NHW", "dims": ["batch", 16, 16],
                     "meaning": "0 to 1: share of each place that reads as altered"},
                    {"name": "kinds", "dtype": "float32", "layout": "NF", "dims": ["batch", 2],
                     "meaning": "Log-odds against a genuine face of an alteration inside the picture, and of a head generated as a whole; the logit holds both kinds"}],
        "intendedUse": USE, "knownFailures": FAILURES + [note[:500] for note in chance_notes(rows)], "evaluation": rows, "build": COMMAND,
    }
    with open(os.path.join(out, "card.json"), "w") as file:
        json.dump(card, file, indent=2, ensure_ascii=False)
        file.write("\n")


def table(rows: list[dict]) -> str:
    lines = ["| Data | Measured | Value | 95 % interval | n |", "|---|---|---|---|---|"]
    lines += [f"| {r['data']} | {r['metric']} | {r['value']:.3f} | {r['low']:.3f} to {r['high']:.3f} | {r['n']} |" for r in rows]
    return "\n".join(lines)


def write_readme(out: str, sha: str, manifest: str, rows: list[dict]) -> None:
    false = [r for r in rows if "false positives" in r["metric"]]
    by_group = [r for r in rows if "UTKFace test faces" in r["data"]]
    other = [r for r in rows if r not in false and r not in by_group]
    notes = "\n".join(f"- {n}" for n in FAILURES + chance_notes(rows))
    text = f"""# Face manipulation

Two small residual networks, trained from random numbers, that read traces of altered faces in aligned face crops, each crop as it is and at
half its size; the mean of the four readings is one logit per crop and a 16 × 16 map of where. `model.onnx`, SHA-256 `{sha}`.

{USE}

## False positives first

{table(false)}

A score is the logistic function of the logits gathered over a video (mean between the 40 % and 90 % quantiles, drawn towards 0
for short tracks). No threshold is built in: what a score is worth is the calibration's to say. Many of the genuine videos show one
person before one studio wall, so the intervals are wider in truth than they look.

## What it finds

{table(other)}

Test persons are never in training. Of the development videos, half of the persons and one of the two generators of talking heads
(EDTalk) were trained on (`scripts/train/face-manipulation/trained-on.tsv`); no figure is taken from them. "Other maker" and the swap videos are made by
`make_swap_videos.py`, which shares no warp, colour transfer or mask with the training's makers (Poisson blending is in both); still,
both are cheap swaps of our own. Established sets (FaceForensics++, DFDC, Celeb-DF) were not at hand.

## By group

Genuine test faces through x264 CRF 23; a value well above 0.05 means more false readings for that group. Labels are UTKFace's own.

{table(by_group)}

## Known failures

{notes}

## Training

- Three stages. The first (version 1.1.0; 12,000 steps from random numbers) knows alterations inside stills only. The second (6,100
  steps) goes on from it with heads generated as a whole and frames of real videos, and forgot part of what the first knew. The third
  (5,000 steps on 12,000 new pairs and 6,100 through encoders) goes over all kinds; on pairs made from stills its logit is drawn to the logit
  of the first (Li & Hoiem 2016). What ships is the mean of the logits and maps of the first and the third (Breiman 1996), shifted so
  that as many unaltered validation crops of stills read 0 or more as with the first alone; `kinds` is of the third.
- 1.3.0 has the same weights as 1.2.0 and reads each crop twice: as it is, and at half its size, enlarged again. The networks learned from
  stills that are mostly softer than video.
- Data: the training split (`scripts/train/common/splits.py`) of UTKFace (non-commercial research licence), a set of faces cut from
  web photographs, and FFHQ (CC BY-NC-SA); a quarter of the faces from frames of genuine development videos of nine persons. MANIFEST.tsv has SHA-256 `{manifest}`.
  Landmarks were labelled with two open nets (YuNet, PFLD) that teach and are not shipped.
- Altered faces, made by `make.py`: self-blended (Shiohara & Yamasaki 2022), swapped (thin-plate warp, Reinhard colours, soft mask or
  Poisson), regenerated by small linear auto-encoders and disturbed up-sampling chains, mouth and eye edits, re-enacted.
- Heads generated as a whole, two fifths of the pairs, made by `heads.py`: pictures warped densely and re-made by five small
  convolutional generators trained here, or by the decoders above, most of the genuine ones softened to the same spectrum;
  StyleGAN faces (training split) beside FFHQ; frames of EDTalk's animations beside frames of genuine videos.
- Both of a pair, altered and not, go through the same grading, noise, scaling and overlays, and are cut with the same disturbed
  points. Losses (scaling, blur, noise, JPEG, WebP) are drawn anew at each look, in the first stage growing; a part of each batch
  went through H.264 or HEVC video, with motion.
- Loss: cross-entropy over genuine, altered inside and generated as a whole, cross-entropy of the map against the blending mask, the order within a pair, and
  in the third stage the cross-entropy against the softened logits of the first. AdamW, cosine,
  bfloat16 where the processor computes in it, averaged weights, seed 1. `training-log.tsv`: step, loss, seconds, and the validation AUC of the averaged weights.
  Seeds are fixed. The first two stages of the shipped weights were trained earlier, by former states of these scripts, on pairs made in
  several sittings; the log is of the third stage. A new run gives equivalent weights, not the same bytes.
- Again: `{COMMAND}`; only the figures: `evaluate.py` with the same options.
"""
    with open(os.path.join(out, "README.md"), "w") as file:
        file.write(text)
