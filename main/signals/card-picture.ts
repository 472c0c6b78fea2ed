/** From pictures to the one input of a classifier that its card describes. */
import { cutFace } from './faces/align.ts'
import type { Face } from './faces/face.ts'
import type { ModelCard } from './model-card.ts'
import { pictureSize, type Classifier } from './model-card-classifier.ts'

/** RGB rows from top to bottom. */
export interface Picture {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
}

/** Most samples per pixel and side where a picture is made smaller. */
const MAX_SAMPLES = 8

/** The face as the card wants it, RGB, square. */
export function cropFace(picture: Picture, face: Face, block: Classifier, size: number): Uint8Array {
  const { crop, context } = block.face!
  if (crop === 'aligned') return cutFace(picture, face, size, context)
  const { x, y, width, height } = face.box
  const side = Math.max(width, height) * context
  return cutRectangle(
    picture,
    { x: x + (width - side) / 2, y: y + (height - side) / 2, width: side, height: side },
    size,
  )
}

/** The whole picture, or its largest centred part, in the input's size. */
export function fitFrame(picture: Picture, block: Classifier, width: number, height: number): Uint8Array {
  const whole = { x: 0, y: 0, width: picture.width, height: picture.height }
  if (block.fit === 'squeeze') return cutRectangle(picture, whole, width, height)
  const scale = Math.min(picture.width / width, picture.height / height)
  const part = { width: width * scale, height: height * scale }
  const x = (picture.width - part.width) / 2
  const y = (picture.height - part.height) / 2
  return cutRectangle(picture, { x, y, ...part }, width, height)
}

/** Samples a rectangle of a picture; bilinear, averaged where it shrinks; the border is repeated outside. */
export function cutRectangle(
  { data, width, height }: Picture,
  part: { x: number; y: number; width: number; height: number },
  columns: number,
  rows = columns,
): Uint8Array {
  const out = new Uint8Array(columns * rows * 3)
  const across = grid(part.x, part.width, columns, width)
  const down = grid(part.y, part.height, rows, height)
  const weight = 1 / (across.samples * down.samples)
  for (let row = 0, at = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, at += 3)
      for (let c = 0; c < 3; c++) {
        let sum = 0
        for (let r = row * down.samples; r < (row + 1) * down.samples; r++) {
          const y0 = down.floor[r]!
          const y1 = Math.min(height - 1, y0 + 1)
          const fy = down.rest[r]!
          for (let s = column * across.samples; s < (column + 1) * across.samples; s++) {
            const x0 = across.floor[s]!
            const x1 = Math.min(width - 1, x0 + 1)
            const fx = across.rest[s]!
            const top = data[(y0 * width + x0) * 3 + c]! * (1 - fx) + data[(y0 * width + x1) * 3 + c]! * fx
            const bottom = data[(y1 * width + x0) * 3 + c]! * (1 - fx) + data[(y1 * width + x1) * 3 + c]! * fx
            sum += top * (1 - fy) + bottom * fy
          }
        }
        out[at + c] = Math.round(sum * weight)
      }
  return out
}

/** Where the samples of `count` pixels lie on one side of the picture. */
function grid(start: number, length: number, count: number, limit: number) {
  const samples = Math.min(MAX_SAMPLES, Math.max(1, Math.round(length / count)))
  const floor = new Int32Array(count * samples)
  const rest = new Float64Array(count * samples)
  for (let i = 0; i < count * samples; i++) {
    const at = Math.min(limit - 1, Math.max(0, start + ((i + 0.5) * length) / (count * samples) - 0.5))
    floor[i] = Math.trunc(at)
    rest[i] = at - floor[i]!
  }
  return { samples, floor, rest }
}

/** One batch of RGB pictures as the input tensor. */
export function pictureTensor(pictures: readonly Uint8Array[], card: ModelCard) {
  const block = card.classifier!
  const [input] = card.inputs
  const { width, height, channels } = pictureSize(input!)
  const pixels = width * height
  const planar = input!.layout === 'NCHW'
  const data = input!.dtype === 'uint8' ? new Uint8Array(pictures.length * pixels * channels) : null
  const floats = data ? null : new Float32Array(pictures.length * pixels * channels)
  pictures.forEach((picture, n) => {
    for (let p = 0; p < pixels; p++)
      for (let c = 0; c < channels; c++) {
        const value = channelValue(picture, p, c, block.colour!)
        const at = n * pixels * channels + (planar ? c * pixels + p : p * channels + c)
        if (data) data[at] = value
        else floats![at] = (value / 255 - of(block.scale!.mean, c)) / of(block.scale!.std, c)
      }
  })
  const dims = planar ? [channels, height, width] : [height, width, channels]
  return { data: data ?? floats!, dims: [pictures.length, ...dims] }
}

const of = (list: readonly number[], channel: number): number => list[list.length === 1 ? 0 : channel]!

function channelValue(rgb: Uint8Array, pixel: number, channel: number, colour: 'rgb' | 'bgr' | 'grey'): number {
  const at = pixel * 3
  if (colour === 'rgb') return rgb[at + channel]!
  if (colour === 'bgr') return rgb[at + 2 - channel]!
  return luma(rgb, at)
}

/** ITU-R BT.601. */
const luma = (rgb: Uint8Array, at: number): number =>
  Math.round(0.299 * rgb[at]! + 0.587 * rgb[at + 1]! + 0.114 * rgb[at + 2]!)

export function greyOf(rgb: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: rgb.length / 3 }, (_, pixel) => luma(rgb, pixel * 3))
}
