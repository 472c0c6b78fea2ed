/**
 * Which known frame each new one shows. Alignment knows the time to a tenth of a second or a second; here the frames themselves
 * say it: first one shift for all, then frame by frame (dynamic programming), so that dropped, doubled and re-timed frames and
 * other frame rates find their own.
 */
import { halved, type Plane } from './planes.ts'
import { laid, rescaled, type Size, type Warp } from './warp.ts'

export const TIMING = {
  /** Halvings of the pictures that are compared. */
  halvings: 2,
  /** Seconds by which the alignment may be wrong. */
  reach: 1.2,
  /** Seconds by which single frames may be beside the common shift. */
  beside: 0.14,
  /** Difference, in standard deviations of the picture, beyond which a pixel counts no more: what differs must not vote. */
  most: 1,
  /** What a frame beside the common shift, and a change of that, must save. */
  stay: 0.0006,
  change: 0.001,
  /** Mean saving below which nothing moves enough to tell the time: the alignment's own time is kept. */
  telling: 0.012,
} as const

export interface Timed {
  /** Number of the known frame for each new one. */
  readonly frames: Int32Array
  /** Known frames that were to be added to the alignment's time. */
  readonly shift: number
  /** False where nothing moved that would tell. */
  readonly told: boolean
}

/** A small picture, so that many can be compared; also of a still one. */
export const reduced = (plane: Plane): Plane => {
  let out = plane
  for (let i = 0; i < TIMING.halvings; i++) out = halved(out)
  return out
}

/** One picture over the pixels that both have: mean 0, deviation 1. */
interface Look {
  readonly values: Float32Array
}

/**
 * @param fresh reduced new pictures @param known reduced known pictures, all of the window
 * @param predicted number of the known frame, by the alignment, for each new one; not rounded
 * @param rate known frames a second
 */
export function pairFrames(
  fresh: readonly Plane[],
  known: readonly Plane[],
  predicted: (i: number) => number,
  rate: number,
  { warp, freshSize, knownSize }: { warp: Warp; freshSize: Size; knownSize: Size },
  reach: number = TIMING.reach,
): Timed {
  const size = { width: fresh[0]!.width, height: fresh[0]!.height }
  const small = rescaled(warp, size.width / freshSize.width, known[0]!.width / knownSize.width)
  const mask = laid(known[0]!, small, size).data.map((value) => (value === value ? 1 : 0))
  const [a, b] = [
    fresh.map((plane) => look(plane.data, mask)),
    known.map((plane) => look(laid(plane, small, size).data, mask)),
  ]
  const costs = new Map<number, number>()
  const cost = (i: number, n: number): number => {
    const at = Math.min(b.length - 1, Math.max(0, n))
    const key = i * b.length + at
    let held = costs.get(key)
    if (held === undefined) costs.set(key, (held = difference(a[i]!, b[at]!)))
    // Beyond the ends there is nothing: better to stay inside.
    return held + 0.02 * Math.abs(n - at)
  }
  const near = (i: number): number => Math.round(predicted(i))
  const frames = Math.round(reach * rate)
  let shift = 0
  let best = Number.POSITIVE_INFINITY
  let sum = 0
  for (let d = -frames; d <= frames; d++) {
    let total = 0
    for (let i = 0; i < a.length; i++) total += cost(i, near(i) + d)
    const mean = total / a.length
    sum += mean
    // Where many shifts are equal, the alignment's own is kept.
    if (mean + (0.0005 * Math.abs(d)) / rate < best) {
      best = mean + (0.0005 * Math.abs(d)) / rate
      shift = d
    }
  }
  const told = frames > 0 && sum / (2 * frames + 1) - best > TIMING.telling
  if (frames > 0 && !told) shift = 0
  return { frames: follow(a.length, (i, d) => cost(i, near(i) + shift + d), (i) => near(i) + shift, Math.max(1, Math.round(TIMING.beside * rate)), b.length), shift, told } // prettier-ignore
}

/** The cheapest course through the steps beside the common shift (Viterbi). */
function follow(
  count: number,
  cost: (i: number, d: number) => number,
  centre: (i: number) => number,
  beside: number,
  known: number,
): Int32Array {
  const steps = 2 * beside + 1
  const from: Int8Array[] = []
  let before = new Float64Array(steps)
  for (let i = 0; i < count; i++) {
    const now = new Float64Array(steps)
    const came = new Int8Array(steps)
    for (let s = 0; s < steps; s++) {
      let least = Number.POSITIVE_INFINITY
      for (let p = 0; p < steps; p++) {
        const total = before[p]! + (i ? TIMING.change * Math.abs(s - p) : 0)
        if (total < least) {
          least = total
          came[s] = p
        }
      }
      now[s] = least + cost(i, s - beside) + TIMING.stay * Math.abs(s - beside)
    }
    from.push(came)
    before = now
  }
  let s = before.indexOf(Math.min(...before))
  const out = new Int32Array(count)
  for (let i = count - 1; i >= 0; i--) {
    out[i] = Math.min(known - 1, Math.max(0, centre(i) + s - beside))
    s = from[i]![s]!
  }
  return out
}

function look(data: Float32Array, mask: Float32Array): Look {
  let [n, sum, squares] = [0, 0, 0]
  for (let i = 0; i < data.length; i++)
    if (mask[i]) {
      n++
      sum += data[i]!
      squares += data[i]! * data[i]!
    }
  const mean = sum / Math.max(1, n)
  const deviation = Math.max(2, Math.sqrt(Math.max(0, squares / Math.max(1, n) - mean * mean)))
  const values = new Float32Array(n)
  for (let i = 0, at = 0; i < data.length; i++) if (mask[i]) values[at++] = (data[i]! - mean) / deviation
  return { values }
}

function difference({ values: a }: Look, { values: b }: Look): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += Math.min(TIMING.most, Math.abs(a[i]! - b[i]!))
  return a.length ? sum / a.length : TIMING.most
}
