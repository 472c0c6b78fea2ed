/**
 * The aligned face crop that every face model sees. The same geometry stands in scripts/train/common/align.py; a test
 * compares the two.
 */
import type { Face } from './face.ts'

/**
 * Where the five points lie in a 112 × 112 crop (Guo et al., "InsightFace"; Deng et al., CVPR 2019, use this template), x, y.
 */
const TEMPLATE = [38.2946, 51.6963, 73.5318, 51.5014, 56.0252, 71.7366, 41.5493, 92.3655, 70.7299, 92.2041]
/** Middle of the crop in template coordinates: lower than 56, so that the chin and its border stay inside. */
const MIDDLE = [56, 62] as const
/** The crop shows this many times the template's width: the whole head outline, where blends have their border. */
export const FACE_CONTEXT = 1.6

/** Row-major 2 × 3 matrix from crop pixels to frame pixels. */
export type CropTransform = readonly [number, number, number, number, number, number]

/** The similarity (turn, scale, shift) with the least squared error between template and landmarks (Umeyama 1991). */
export function cropTransform(landmarks: ArrayLike<number>, size: number, context = FACE_CONTEXT): CropTransform {
  const scale = size / (112 * context)
  let [mx, my, lx, ly] = [0, 0, 0, 0]
  const template: number[] = []
  for (let i = 0; i < 5; i++) {
    template.push(
      (TEMPLATE[2 * i]! - MIDDLE[0]) * scale + size / 2,
      (TEMPLATE[2 * i + 1]! - MIDDLE[1]) * scale + size / 2,
    )
    mx += template[2 * i]! / 5
    my += template[2 * i + 1]! / 5
    lx += landmarks[2 * i]! / 5
    ly += landmarks[2 * i + 1]! / 5
  }
  let [dot, cross, norm] = [0, 0, 0]
  for (let i = 0; i < 5; i++) {
    const [tx, ty] = [template[2 * i]! - mx, template[2 * i + 1]! - my]
    const [x, y] = [landmarks[2 * i]! - lx, landmarks[2 * i + 1]! - ly]
    dot += tx * x + ty * y
    cross += tx * y - ty * x
    norm += tx * tx + ty * ty
  }
  const [a, b] = [dot / norm, cross / norm]
  return [a, -b, lx - a * mx + b * my, b, a, ly - b * mx - a * my]
}

interface Picture {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
}

/**
 * Cuts the aligned crop, `size` × `size` RGB, bilinear; each pixel is the mean of up to 4 × 4 samples where the crop shrinks
 * the picture. Outside the picture its border is repeated.
 */
export function cutFace(
  picture: Picture,
  face: Pick<Face, 'landmarks'>,
  size: number,
  context = FACE_CONTEXT,
): Uint8Array {
  const [a, b, tx, c, d, ty] = cropTransform(face.landmarks, size, context)
  const samples = Math.min(4, Math.max(1, Math.round(Math.hypot(a, c))))
  const crop = new Uint8Array(size * size * 3)
  const { data, width, height } = picture
  const weight = 1 / (samples * samples)
  for (let row = 0, at = 0; row < size; row++)
    for (let column = 0; column < size; column++, at += 3) {
      let red = 0.5
      let green = 0.5
      let blue = 0.5
      for (let s = 0; s < samples; s++)
        for (let r = 0; r < samples; r++) {
          const u = column + (r + 0.5) / samples
          const v = row + (s + 0.5) / samples
          const x = Math.min(width - 1, Math.max(0, a * u + b * v + tx - 0.5))
          const y = Math.min(height - 1, Math.max(0, c * u + d * v + ty - 0.5))
          const x0 = x | 0
          const y0 = y | 0
          const fx = x - x0
          const fy = y - y0
          const p = (y0 * width + x0) * 3
          const right = x0 + 1 < width ? 3 : 0
          const down = y0 + 1 < height ? width * 3 : 0
          const w00 = (1 - fx) * (1 - fy) * weight
          const w10 = fx * (1 - fy) * weight
          const w01 = (1 - fx) * fy * weight
          const w11 = fx * fy * weight
          red += data[p]! * w00 + data[p + right]! * w10 + data[p + down]! * w01 + data[p + right + down]! * w11
          green +=
            data[p + 1]! * w00 +
            data[p + right + 1]! * w10 +
            data[p + down + 1]! * w01 +
            data[p + right + down + 1]! * w11
          blue +=
            data[p + 2]! * w00 +
            data[p + right + 2]! * w10 +
            data[p + down + 2]! * w01 +
            data[p + right + down + 2]! * w11
        }
      crop[at] = red
      crop[at + 1] = green
      crop[at + 2] = blue
    }
  return crop
}

const CUT = new WeakMap<object, Map<string, Uint8Array>>()

/** As `cutFace`, once for all signals that look at the same crop of the same face; nobody may write to it. */
export function sharedCrop(
  picture: Picture,
  face: Pick<Face, 'landmarks'>,
  size: number,
  context = FACE_CONTEXT,
): Uint8Array {
  let crops = CUT.get(face)
  if (!crops) CUT.set(face, (crops = new Map()))
  const key = `${size} ${context}`
  let crop = crops.get(key)
  if (!crop) crops.set(key, (crop = cutFace(picture, face, size, context)))
  return crop
}
