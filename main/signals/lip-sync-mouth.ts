/**
 * What the mouth does, frame by frame: the faces come twice a second, the small grey pictures 12.5 times; landmarks are
 * interpolated between the faces, and the mouth and the rest of the face are measured in an upright, scaled patch.
 */
import type { Frame } from '../media/types.ts'
import { cropTransform } from './faces/align.ts'
import type { Face } from './faces/face.ts'

/** Frames a second of the `motion` stream. */
export const MOTION_RATE = 12.5

export const MOUTH = {
  /** Width of the aligned face (the five-point template's 112 units), pixels of the `motion` frame: below, lips blur. */
  leastFace: 56,
  /** Another face must be so many times wider to take over from the one that is followed. */
  takeOver: 1.3,
  /** Seconds between two faces of one track across which landmarks are interpolated: the longer of the two `detail` steps and a little. */
  bridge: 1.1,
  /** Frames kept while their faces are not known yet: 10 s. */
  pending: 125,
  /** Share of the darkest pixels of the mouth whose edge is the darkness: the opening between the lips. */
  darkest: 0.1,
} as const

/** Patches in a 112 × 112 aligned crop: left, top, columns, rows, crop pixels per patch pixel. */
const REST = { x: 30, y: 36, columns: 26, rows: 20, step: 2 } as const
const LIPS = { x: 32, y: 70, columns: 32, rows: 28, step: 1.5 } as const
/** The middle of the lips patch, patch pixels: where a mouth opens. */
const INNER = { left: 7, right: 25, top: 7, bottom: 21 } as const

/** Brightness is in standard deviations of the eyes and nose, so that light and contrast cancel. */
export interface MouthFrame {
  /** Index of the motion frame. */
  readonly index: number
  /** Number of the unbroken run of one face, from 0. */
  readonly run: number
  /** Root mean square change from the frame before: lips and chin, and eyes and nose; NaN in the first of a run. */
  readonly lips: number
  readonly rest: number
  /** How dark the darkest tenth of the mouth is; larger is darker. */
  readonly dark: number
}

/** Where the followed face was at one moment; null where there was none. */
interface Sighting {
  readonly time: number
  readonly face: Pick<Face, 'track' | 'landmarks'> | null
}

export class MouthRecord {
  readonly frames: MouthFrame[] = []
  /** Widths of the aligned face, `motion` pixels, of the faces followed and of those that were too small. */
  readonly widths: number[] = []
  tooSmall = 0
  /** Motion frames offered, and left out because their faces came too late. */
  seen = 0
  lost = 0
  #pending: { index: number; data: Uint8Array; width: number; height: number }[] = []
  /** Buffers to use again. */
  readonly #spare: Uint8Array[] = []
  #sightings: Sighting[] = []
  #track = -1
  #run = -1
  #last: { index: number; track: number; lips: Float32Array; rest: Float32Array } | undefined

  addFrame({ index, data, stream }: Frame): void {
    this.seen = index + 1
    const copy = this.#spare.pop() ?? new Uint8Array(data.length)
    copy.set(data)
    this.#pending.push({ index, data: copy, width: stream.width, height: stream.height })
    if (this.#pending.length > MOUTH.pending) {
      this.#spare.push(this.#pending.shift()!.data)
      this.lost++
    }
    this.#drain(false)
  }

  /** @param shrink size of a motion frame over that of a detail frame */
  addFaces(time: number, faces: readonly Face[], shrink: number): void {
    const face = this.#follow(faces)
    let kept: Sighting['face'] = null
    if (face) {
      const landmarks = face.landmarks.map((v) => v * shrink)
      const [a, , , c] = cropTransform(landmarks, 112, 1)
      const width = 112 * Math.hypot(a, c)
      if (width >= MOUTH.leastFace) {
        kept = { track: face.track, landmarks }
        this.widths.push(width)
      } else this.tooSmall++
    }
    this.#sightings.push({ time, face: kept })
    this.#drain(false)
  }

  finish(): void {
    this.#drain(true)
  }

  /** The face followed so far, where it is still there and no other is much larger; else the largest. */
  #follow(faces: readonly Face[]): Face | undefined {
    let largest: Face | undefined
    for (const face of faces) if (!largest || face.box.width > largest.box.width) largest = face
    const same = faces.find((face) => face.track === this.#track)
    const chosen = same && largest && largest.box.width < MOUTH.takeOver * same.box.width ? same : largest
    if (chosen) this.#track = chosen.track
    return chosen
  }

  /** Measures the pending frames that lie before the newest sighting (`all`: every one), and forgets what is past. */
  #drain(all: boolean): void {
    const newest = this.#sightings.at(-1)?.time ?? -1
    while (this.#pending[0] && (all || this.#pending[0].index / MOTION_RATE <= newest)) {
      const frame = this.#pending.shift()!
      const time = frame.index / MOTION_RATE
      while (this.#sightings.length > 1 && this.#sightings[1]!.time <= time) this.#sightings.shift()
      this.#measure(frame, this.#at(time))
      this.#spare.push(frame.data)
    }
  }

  /** The face at a moment, interpolated between the sightings around it. */
  #at(time: number): NonNullable<Sighting['face']> | null {
    const [before, after] = this.#sightings
    if (!before?.face || before.time > time + 1e-9) return null
    if (!after) return time - before.time < MOUTH.bridge ? before.face : null
    if (after.face?.track !== before.face.track || after.time - before.time > MOUTH.bridge) return null
    const share = (time - before.time) / (after.time - before.time)
    const { landmarks: from } = before.face
    const { landmarks: to } = after.face
    return { ...before.face, landmarks: from.map((v, i) => v + share * (to[i]! - v)) }
  }

  #measure(
    frame: { index: number; data: Uint8Array; width: number; height: number },
    face: NonNullable<Sighting['face']> | null,
  ): void {
    if (!face) {
      this.#last = undefined
      return
    }
    const rest = cutPatch(frame, face.landmarks, REST)
    const lips = cutPatch(frame, face.landmarks, LIPS)
    const { mean, deviation } = spread(rest)
    for (const patch of [rest, lips]) patch.forEach((v, i) => (patch[i] = (v - mean) / deviation))
    const last = this.#last
    const follows = last && last.index === frame.index - 1 && last.track === face.track
    if (!follows) this.#run++
    this.frames.push({
      index: frame.index,
      run: this.#run,
      lips: follows ? change(last.lips, lips) : Number.NaN,
      rest: follows ? change(last.rest, rest) : Number.NaN,
      dark: -darkest(lips),
    })
    this.#last = { index: frame.index, track: face.track, lips, rest }
  }
}

interface GreyPicture {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
}

/** Mean of 2 × 2 bilinear samples per patch pixel; the picture's border is repeated outside. */
function cutPatch(
  { data, width, height }: GreyPicture,
  landmarks: ArrayLike<number>,
  { x, y, columns, rows, step }: typeof REST | typeof LIPS,
): Float32Array {
  const [a, b, tx, c, d, ty] = cropTransform(landmarks, 112, 1)
  const patch = new Float32Array(columns * rows)
  for (let row = 0; row < 2 * rows; row++)
    for (let column = 0; column < 2 * columns; column++) {
      const u = x + ((column + 0.5) * step) / 2
      const v = y + ((row + 0.5) * step) / 2
      const px = Math.min(width - 1, Math.max(0, a * u + b * v + tx - 0.5))
      const py = Math.min(height - 1, Math.max(0, c * u + d * v + ty - 0.5))
      const x0 = px | 0
      const y0 = py | 0
      const fx = px - x0
      const fy = py - y0
      const at = y0 * width + x0
      const right = x0 + 1 < width ? 1 : 0
      const down = y0 + 1 < height ? width : 0
      const upper = data[at]! + fx * (data[at + right]! - data[at]!)
      const lower = data[at + down]! + fx * (data[at + down + right]! - data[at + down]!)
      patch[(row >> 1) * columns + (column >> 1)]! += (upper + fy * (lower - upper)) / 4
    }
  return patch
}

/** The deviation is at least one grey level: a flat patch is no reason to divide by nothing. */
function spread(patch: Float32Array): { mean: number; deviation: number } {
  let sum = 0
  let squares = 0
  for (const v of patch) {
    sum += v
    squares += v * v
  }
  const mean = sum / patch.length
  return { mean, deviation: Math.max(1, Math.sqrt(Math.max(0, squares / patch.length - mean * mean))) }
}

function change(before: Float32Array, now: Float32Array): number {
  let squares = 0
  for (let i = 0; i < now.length; i++) squares += (now[i]! - before[i]!) ** 2
  return Math.sqrt(squares / now.length)
}

function darkest(lips: Float32Array): number {
  const inner: number[] = []
  for (let row = INNER.top; row < INNER.bottom; row++)
    for (let column = INNER.left; column < INNER.right; column++) inner.push(lips[row * LIPS.columns + column]!)
  return inner.sort((p, q) => p - q)[Math.floor(MOUTH.darkest * inner.length)]!
}
