/**
 * Do two stretches move alike, and exactly when? Two takes in one studio look the same in every frame; the same footage
 * also changes at the same moments. Cropping, logos and another face leave the course of the changes nearly as it was.
 */
import { SPEEDS, type Stretch } from './align.ts'
import { FINGERPRINT } from './fingerprint.ts'

export interface Alike {
  /** Correlation of the changes from frame to frame, -1..1, at the speed and shift where it is highest. */
  readonly correlation: number
  /** Frames compared. */
  readonly frames: number
  readonly speed: number
  /** Seconds of the known video at the start of the stretch. */
  readonly knownFrom: number
}

export const MOTION = {
  /** Frames compared below which nothing is said. */
  least: 15,
  /** Mean change, grey levels, below which a stretch stands still. */
  still: 0.25,
  /** Seconds by which frames alike may be wrong about the time, and the step of the search. */
  reach: 2,
  step: 0.1,
  /** By how much another speed must raise the correlation to be believed. */
  preferUnchanged: 0.08,
} as const

type Span = Pick<Stretch, 'from' | 'to' | 'knownFrom' | 'speed'>

/** @returns null where it is too short, or one of the two stands still */
export function movesAlike(fresh: Float32Array, known: Float32Array, span: Span): Alike | null {
  const first = Math.max(1, Math.ceil(span.from * FINGERPRINT.rate))
  const last = Math.min(fresh.length - 1, Math.floor(span.to * FINGERPRINT.rate))
  const part = fresh.subarray(first, last + 1)
  if (part.length < MOTION.least || standsStill(part)) return null
  const around = (span.knownFrom - MOTION.reach) * FINGERPRINT.rate
  const until = (span.knownFrom + span.speed * (span.to - span.from) + MOTION.reach) * FINGERPRINT.rate
  if (standsStill(known.subarray(Math.max(1, Math.floor(around)), Math.ceil(until)))) return null
  const [a, b] = [logs(part), logs(known)]
  let best: Alike | null = null
  let bestScore = -2
  for (const speed of SPEEDS) {
    const unchanged = Math.abs(speed - span.speed) < 0.005 || speed === 1
    // Another speed is laid through the middle of the stretch, where the frames alike are most likely right.
    const half = (span.to - span.from) / 2
    const start = span.knownFrom + (span.speed - speed) * half
    for (let shift = -MOTION.reach; shift <= MOTION.reach; shift += MOTION.step) {
      const knownFrom = start + shift
      const compared = correlate(a, b, (i) => (knownFrom + speed * ((first + i) / FINGERPRINT.rate - span.from)) * FINGERPRINT.rate) // prettier-ignore
      if (!compared || compared.frames < MOTION.least || compared.frames < 0.8 * part.length) continue
      const score = compared.correlation + (unchanged ? MOTION.preferUnchanged : 0)
      if (score > bestScore) {
        bestScore = score
        best = { ...compared, speed, knownFrom }
      }
    }
  }
  return best
}

/** Logarithms, so that one cut does not outweigh everything else. */
const logs = (changes: Float32Array): Float32Array => changes.map((value) => Math.log(0.1 + value))

function standsStill(changes: Float32Array): boolean {
  let sum = 0
  for (const value of changes) sum += value
  return sum / Math.max(1, changes.length) < MOTION.still
}

/** Pearson's correlation of `a` with `b` read between its samples where `at` says. */
function correlate(
  a: Float32Array,
  b: Float32Array,
  at: (i: number) => number,
): { correlation: number; frames: number } | null {
  let n = 0
  let [sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const where = at(i)
    const left = Math.floor(where)
    if (left < 1 || left + 1 >= b.length) continue
    const x = a[i]!
    const y = b[left]! + (where - left) * (b[left + 1]! - b[left]!)
    n++
    sa += x
    sb += y
    saa += x * x
    sbb += y * y
    sab += x * y
  }
  const spread = (n * saa - sa * sa) * (n * sbb - sb * sb)
  return n && spread > 1e-9 ? { correlation: (n * sab - sa * sb) / Math.sqrt(spread), frames: n } : null
}
