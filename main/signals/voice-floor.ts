/** Noise floor by band, and places where it changes at once: another microphone, another room or another recording. */
import { FRAME_RATE, FRAMES, type VoiceFrames } from './voice-frames.ts'

export const FLOOR = {
  /** Seconds compared on each side of a place. */
  side: 2.5,
  /** Percentile of a band's level that is its floor. */
  percentile: 0.1,
  /** Floors below this, dB under full scale, are taken as this: noise gates and encoders play there. */
  clamp: -72,
  /** The floor must lie this far under the loudest, dB: there are pauses to read it in. */
  pause: 18,
  /** Mean change over the bands, dB, and how many bands must change by half of it in one direction. */
  change: 11,
  agreeing: 12,
  /** Largest change within a side, dB: the floor is steady before and after. */
  steady: 4.5,
  /** Seconds from place to place. */
  step: 0.1,
  /** Change of the lowest levels per half second, dB, under which a place is passed over without a closer look. */
  coarse: 4,
} as const

export interface FloorChange {
  /** Seconds. */
  readonly time: number
  /** Mean change over the bands, dB; positive: it rises. */
  readonly change: number
}

/** Floor in dB per band over the frames from..to. */
export function floorOf(frames: VoiceFrames, from: number, to: number): Float64Array {
  const floors = new Float64Array(FRAMES.bands)
  const values = new Float32Array(to - from)
  for (let b = 0; b < FRAMES.bands; b++) {
    for (let i = from; i < to; i++) values[i - from] = frames.bands[i * FRAMES.bands + b]!
    values.sort()
    floors[b] = Math.max(FLOOR.clamp, values[Math.floor(FLOOR.percentile * (values.length - 1))]!)
  }
  return floors
}

const meanDifference = (a: Float64Array, b: Float64Array, absolute: boolean) =>
  a.reduce((sum, v, i) => sum + (absolute ? Math.abs(b[i]! - v) : b[i]! - v), 0) / a.length

export function findFloorChanges(frames: VoiceFrames): FloorChange[] {
  const side = Math.round(FLOOR.side * FRAME_RATE)
  const half = side >> 1
  const found: (FloorChange & { size: number })[] = []
  const lowest = lowestLevels(frames)
  for (let at = side; at + side <= frames.count; at += Math.round(FLOOR.step * FRAME_RATE)) {
    if (coarseChange(lowest, at) < FLOOR.coarse) continue
    const before = floorOf(frames, at - side, at)
    const after = floorOf(frames, at, at + side)
    const size = meanDifference(before, after, true)
    if (size < FLOOR.change) continue
    const signed = meanDifference(before, after, false)
    const agreeing = before.filter((v, b) => (after[b]! - v) * Math.sign(signed) > FLOOR.change / 2).length
    if (agreeing < FLOOR.agreeing) continue
    if (!hasPause(frames, at - side, at) || !hasPause(frames, at, at + side)) continue
    const unsteady = Math.max(
      meanDifference(floorOf(frames, at - side, at - half), floorOf(frames, at - half, at), true),
      meanDifference(floorOf(frames, at, at + half), floorOf(frames, at + half, at + side), true),
    )
    if (unsteady <= FLOOR.steady) found.push({ time: at / FRAME_RATE, change: signed, size })
  }
  // Of neighbouring places the largest change is the place.
  const kept: typeof found = []
  for (const one of found.sort((a, b) => b.size - a.size || a.time - b.time))
    if (!kept.some((k) => Math.abs(k.time - one.time) < FLOOR.side)) kept.push(one)
  return kept.sort((a, b) => a.time - b.time).map(({ time, change }) => ({ time, change }))
}

const BLOCK = FRAME_RATE / 2

/** Lowest level in dB by half second and band. */
function lowestLevels(frames: VoiceFrames): Float32Array {
  const lowest = new Float32Array(Math.floor(frames.count / BLOCK) * FRAMES.bands).fill(0)
  for (let i = 0; i < Math.floor(frames.count / BLOCK) * BLOCK; i++)
    for (let b = 0; b < FRAMES.bands; b++) {
      const at = Math.floor(i / BLOCK) * FRAMES.bands + b
      lowest[at] = Math.min(lowest[at]!, Math.max(FLOOR.clamp, frames.bands[i * FRAMES.bands + b]!))
    }
  return lowest
}

/** Mean difference over the bands between the medians of the four half seconds before and after a frame. */
function coarseChange(lowest: Float32Array, at: number): number {
  const block = Math.round(at / BLOCK)
  let sum = 0
  for (let b = 0; b < FRAMES.bands; b++) {
    const middle = (from: number) => {
      const four = [0, 1, 2, 3].map((k) => lowest[(from + k) * FRAMES.bands + b] ?? FLOOR.clamp).sort((x, y) => x - y)
      return (four[1]! + four[2]!) / 2
    }
    sum += Math.abs(middle(block - 4) - middle(block))
  }
  return sum / FRAMES.bands
}

function hasPause(frames: VoiceFrames, from: number, to: number): boolean {
  const level = frames.level.slice(from, to).sort()
  const floor = level[Math.floor(FLOOR.percentile * (level.length - 1))]!
  return level[Math.floor(0.95 * (level.length - 1))]! - floor >= FLOOR.pause
}
