/** Packet tables drawn by hand, for tests of what is read from them. */
import type { PacketTable } from '../../media/types.ts'

export interface Sketch {
  readonly frames: number
  /** Distance of key frames. */
  readonly gop: number
  /** B pictures between two others. */
  readonly bframes: number
  readonly seed: number
  /** Factor on the size of the frame with this display index, key frames aside. */
  readonly raise: (index: number) => number
  /** All predicted frames of one size. */
  readonly constant: boolean
  /** Without presentation times. */
  readonly untimed: boolean
}

/** Uniform numbers from 0 to 1 (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Packets at 25 frames a second; sizes of one kind of frame vary by a tenth. */
export function packetsOf(sketch: Partial<Sketch>): PacketTable {
  const { frames = 300, gop = 250, bframes = 0, seed = 7, raise = () => 1, constant = false, untimed = false } = sketch
  const random = generator(seed)
  const kinds: ('I' | 'P' | 'B')[] = Array.from({ length: frames }, (_, n) => {
    if (n % gop === 0) return 'I'
    return (n % gop) % (bframes + 1) === 0 || n % gop === gop - 1 || n === frames - 1 ? 'P' : 'B'
  })
  const sizes = kinds.map((kind, n) => {
    if (kind === 'I') return 40_000
    const base = (kind === 'P' ? 5000 : 1500) * (constant ? 1 : 0.9 + 0.2 * random())
    // The change meets the first predicted picture that is coded after it.
    const told = kind === 'P' ? Math.max(...back(kinds, n).map(raise)) : 1
    return Math.round(base * told)
  })
  const order: number[] = []
  for (let n = 0, held: number[] = []; n < frames; n += 1)
    if (kinds[n] === 'B') held.push(n)
    else {
      order.push(n, ...held)
      held = []
    }
  const column = (value: (display: number, decoded: number) => number) =>
    Float64Array.from(order, (display, decoded) => value(display, decoded))
  return {
    codec: 'h264',
    width: 320,
    height: 180,
    timeBase: 1 / 12_800,
    pts: column((n) => (untimed ? NaN : (n + 2) / 25)),
    dts: column((_, i) => i / 25),
    duration: column(() => 1 / 25),
    size: Uint32Array.from(order, (n) => sizes[n]!),
    key: Uint8Array.from(order, (n) => Number(kinds[n] === 'I')),
  }
}

/** A predicted picture and the B pictures before it. */
function back(kinds: readonly string[], n: number): number[] {
  const told = [n]
  for (let at = n - 1; at >= 0 && kinds[at] === 'B'; at -= 1) told.push(at)
  return told
}
