/**
 * Footage of one still scene that was cut and put together in another order. Every frame of it is like every other, so that the
 * votes of frames alike give one stretch; but a frame's hash differs in fewest bits from its very own one. The cheapest way
 * through the table of those bits (dynamic programming, as Sakoe & Chiba, IEEE Trans. ASSP 1978, warp time) that mostly goes on
 * where it is, and pays for a leap, tells the parts.
 */
import type { Stretch } from './align.ts'
import type { Fingerprint } from './fingerprint.ts'
import { distance, toWords } from './index/brute-force.ts'
import { HASH_BYTES, LEAST_QUALITY } from './pdq.ts'

export const REORDER = {
  /** Cells of the table beyond which it is not tried: two videos of five minutes. */
  largest: 600_000,
  /** Hashed frames of a part, at least: 2.4 s. */
  frames: 6,
  /** Mean bits per frame of a part, at most: half of what frames of different pictures have. */
  alike: 48,
  /** Bits that a leap costs, and a frame left out or shown twice (another speed, or frame rate). */
  leap: 64,
  drift: 4,
  /** Seconds by which two parts of one line may differ, and how much more per second between them (another speed). */
  off: 0.5,
  offShare: 0.25,
} as const

/** One new frame and the known one that it is laid on. */
interface Step {
  readonly mine: number
  readonly theirs: number
}

/**
 * The parts of one known video that were put together in another order.
 *
 * @param stretches of that video, as frames alike have them
 * @param confirm whether what moves in a part moves there too: like frames alone would be laid on any others
 * @returns the parts and what they leave of the stretches; the stretches as they are where there are no two such parts
 */
export function inOrder(
  fresh: Fingerprint,
  known: Fingerprint,
  mirrored: boolean,
  stretches: readonly Stretch[],
  confirm: (part: Stretch) => boolean,
): readonly Stretch[] {
  const mine = [...fresh.times.keys()].filter((i) => fresh.quality[i]! >= LEAST_QUALITY)
  const [n, m] = [mine.length, known.times.length]
  if (!stretches.length || n < 2 * REORDER.frames || m < REORDER.frames || n * m > REORDER.largest) return stretches
  const bits = table(mirrored ? fresh.mirrored : fresh.hashes, mine, known.hashes, m)
  const support = stretches.reduce((sum, one) => sum + one.support / (one.to - one.from), 0) / stretches.length
  const parts = partsOf(cheapest(bits, n, m))
    .filter(
      (part) =>
        part.length >= REORDER.frames && mean(part.map((step) => bits[step.mine * m + step.theirs]!)) <= REORDER.alike,
    )
    .map((part): Stretch => {
      const [first, middle, last] = [part[0]!, part[part.length >> 1]!, part.at(-1)!]
      const [from, to] = [fresh.times[mine[first.mine]!]!, fresh.times[mine[last.mine]!]!]
      const knownFrom = from + known.times[middle.theirs]! - fresh.times[mine[middle.mine]!]!
      return { from, to, knownFrom, speed: 1, support: support * (to - from), frames: part.length, share: 1 }
    })
    .reduce<Stretch[]>(joined, [])
    .filter(confirm)
  if (parts.length < 2) return stretches
  const covered = ({ from, to }: Stretch): boolean =>
    parts.reduce((sum, part) => sum + Math.max(0, Math.min(to, part.to) - Math.max(from, part.from)), 0) >
    0.5 * (to - from)
  return [...parts, ...stretches.filter((one) => !covered(one))].toSorted((a, b) => a.from - b.from)
}

/** A part that goes on where the one before would have come to belongs to it: what lies between was black, or laid wrong. */
function joined(parts: Stretch[], next: Stretch): Stretch[] {
  const last = parts.at(-1)
  const off = last ? Math.abs(next.knownFrom - last.knownFrom - (next.from - last.from)) : Infinity
  if (!last || off > REORDER.off + REORDER.offShare * (next.from - last.to)) return [...parts, next]
  const { to, support, frames } = next
  return [...parts.slice(0, -1), { ...last, to, support: last.support + support, frames: last.frames + frames }]
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Bits that differ, [n × m]. */
function table(a: Uint8Array, mine: readonly number[], b: Uint8Array, m: number): Uint16Array {
  const [x, y] = [toWords(a), toWords(b.subarray(0, m * HASH_BYTES))]
  const bits = new Uint16Array(mine.length * m)
  mine.forEach((i, row) => {
    for (let j = 0; j < m; j++) bits[row * m + j] = distance(x, i, y, j)
  })
  return bits
}

/** For each new frame a known one, so that bits, leaps and drifts cost least together. */
function cheapest(bits: Uint16Array, n: number, m: number): Step[] {
  const cameFrom = new Int32Array(n * m)
  let before = Float64Array.from(bits.subarray(0, m))
  for (let i = 1; i < n; i++) {
    let lowest = 0
    for (let j = 1; j < m; j++) if (before[j]! < before[lowest]!) lowest = j
    const now = new Float64Array(m)
    for (let j = 0; j < m; j++) {
      let cost = before[lowest]! + REORDER.leap
      let from = lowest
      for (let k = Math.max(0, j - 2); k <= j; k++) {
        const here = before[k]! + (k === j - 1 ? 0 : REORDER.drift)
        if (here >= cost) continue
        cost = here
        from = k
      }
      now[j] = cost + bits[i * m + j]!
      cameFrom[i * m + j] = from
    }
    before = now
  }
  let at = 0
  for (let j = 1; j < m; j++) if (before[j]! < before[at]!) at = j
  const steps: Step[] = []
  for (let i = n - 1; i >= 0; i--) {
    steps.push({ mine: i, theirs: at })
    at = cameFrom[i * m + at]!
  }
  return steps.toReversed()
}

/** Cut where it leaps. */
function partsOf(steps: readonly Step[]): Step[][] {
  const parts: Step[][] = []
  for (const step of steps) {
    const last = parts.at(-1)?.at(-1)
    const on = last && step.theirs - last.theirs >= 0 && step.theirs - last.theirs <= 2
    if (on) parts.at(-1)!.push(step)
    else parts.push([step])
  }
  return parts
}
