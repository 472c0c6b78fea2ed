"""The model's README. The table of figures is put between the two marks by scripts/models/measure-faces.ts."""

TEXT = """# Face detector with five points

Finds faces and five points in each (eyes, nose tip, mouth corners) so that other measurements know where to look. It says
nothing about whether a face was manipulated, and recognises nobody. {count} weights; input 320 × 192 RGB, output one
candidate per cell of the strides 8, 16 and 32. `card.json` says the shapes; docs/signals/faces.md says how frames are
searched and faces followed.

## Figures

Recall is compared at equal false positives; all detectors saw the same pictures in the same run of
`node scripts/node24.mjs scripts/models/measure-faces.ts --write`. A find counts where its box overlaps the truth by 0.4 or
more. Scenes are composed: pictures of people whom training never saw, on photographs, video frames and patterns that
training never saw. Their truth is the label of an open detector (YuNet), so YuNet is favoured: pictures on which it was
unsure are not in the set.

<!-- figures -->
<!-- end of figures -->

## Data

`../shared/data/MANIFEST.tsv`, SHA-256 `{manifest}`; the training split of scripts/train/common/splits.py: {pictures} pictures
of UTKFace (non-commercial research licence), web-faces and stylegan-vs-ffhq (FFHQ and StyleGAN, non-commercial licences). Box
and points come from YuNet (Wu et al. 2023), used as a labelling teacher; none of its weights are here. No video was trained
on. Groups (age, sex, ethnicity) were not evaluated separately.

## Training

    {build}

From scratch, on scenes composed while training: pictures turned, scaled, mirrored, cut out softly or hard, on backgrounds
without faces, with decoys (scrambled and blotted faces, single features), bars and writing, changed light, blur, noise, JPEG
and H.264. `training-log.tsv` holds the validation after every few steps.
{history}
## Known failures

- Behind YuNet at 640 × 384 at few false positives (see the figures), and with more false finds on pictures without a face; ahead of UltraLight and of YuNet at its own input size.
- Profiles beyond three-quarter, faces turned by more than about 40 degrees in the picture plane, and faces that are mostly
  covered are missed; so are faces under about 12 px in the model's input.
- Drawn, painted and printed faces, and statues, may be found.
- Where the teacher errs, so does this model; recall against people's own annotation was not measured.
- The composed scenes are easier than a crowd in the open: unlike in a photograph, every face has its own light and border.
"""


def readme(count: int, manifest: str, pictures: int, build: str, history: str) -> str:
    return TEXT.format(count=f"{count:,}", manifest=manifest, pictures=f"{pictures:,}", build=build, history=history)
