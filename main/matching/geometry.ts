/**
 * Where one frame lies in another: pairs of like corners vote for a place and size (the generalised Hough transform and
 * verification of Lowe, IJCV 2004, sections 7.3 and 7.4, without turning), which is then fitted by least squares.
 */
import { sizeOf, type Corners } from './keypoints.ts'

/** Known frame to new frame, in pixels of the 256-pixel grid: x' = sx · x + tx, y' = sy · y + ty. */
export interface Placement {
  readonly sx: number
  readonly tx: number
  readonly sy: number
  readonly ty: number
}

/** A pair of like corners: numbers of the corner in the new and in the known frame. */
export interface Pair {
  readonly fresh: number
  readonly known: number
}

export interface Placed {
  readonly placement: Placement
  /** Pairs that agree with it; every corner at most once. */
  readonly pairs: readonly Pair[]
  /** Share of the known frame's width and height that those pairs span, 0..1 each. */
  readonly span: readonly [number, number]
}

export const GEOMETRY = {
  /** Pixels by which a pair may miss the place that another pair votes for, and the fitted one. */
  vote: 12,
  fit: 5,
  /** Size of the known picture in the new one, and how much width and height may differ in it. */
  least: 0.25,
  most: 4,
  stretch: 1.6,
  /** Rounds of fitting. */
  rounds: 4,
} as const

/** The placement that most pairs agree with; undefined where fewer than four do. */
export function place(fresh: Corners, known: Corners, pairs: readonly Pair[]): Placed | undefined {
  let best: Pair[] = []
  for (const { fresh: f, known: k } of pairs) {
    const s = sizeOf(fresh.level[f]!) / sizeOf(known.level[k]!)
    const vote: Placement = {
      sx: s,
      tx: fresh.x[f]! - s * known.x[k]!,
      sy: s,
      ty: fresh.y[f]! - s * known.y[k]!,
    }
    const agreeing = agree(fresh, known, pairs, vote, GEOMETRY.vote)
    if (agreeing.length > best.length) best = agreeing
  }
  if (best.length < 4) return undefined
  let placement: Placement | undefined
  for (let round = 0; round < GEOMETRY.rounds; round++) {
    const fitted = fit(fresh, known, best)
    if (!fitted) return undefined
    placement = fitted
    best = agree(fresh, known, pairs, placement, round ? GEOMETRY.fit : GEOMETRY.vote)
    if (best.length < 4) return undefined
  }
  if (!placement) return undefined
  const { sx, sy } = placement
  const usual = (s: number): boolean => s >= GEOMETRY.least && s <= GEOMETRY.most
  if (!usual(sx) || !usual(sy) || Math.max(sx / sy, sy / sx) > GEOMETRY.stretch) return undefined
  return { placement, pairs: best, span: [spread(known.x, best), spread(known.y, best)] }
}

function agree(
  fresh: Corners,
  known: Corners,
  pairs: readonly Pair[],
  { sx, tx, sy, ty }: Placement,
  miss: number,
): Pair[] {
  const [usedFresh, usedKnown] = [new Set<number>(), new Set<number>()]
  return pairs.filter((pair) => {
    const { fresh: f, known: k } = pair
    if (Math.abs(fresh.x[f]! - sx * known.x[k]! - tx) > miss) return false
    if (Math.abs(fresh.y[f]! - sy * known.y[k]! - ty) > miss) return false
    if (usedFresh.has(f) || usedKnown.has(k)) return false
    usedFresh.add(f)
    usedKnown.add(k)
    return true
  })
}

function fit(fresh: Corners, known: Corners, pairs: readonly Pair[]): Placement | undefined {
  const x = line(
    pairs.map(({ known: k }) => known.x[k]!),
    pairs.map(({ fresh: f }) => fresh.x[f]!),
  )
  const y = line(
    pairs.map(({ known: k }) => known.y[k]!),
    pairs.map(({ fresh: f }) => fresh.y[f]!),
  )
  return x && y && { sx: x.slope, tx: x.start, sy: y.slope, ty: y.start }
}

/** Ordinary least squares; undefined where the points lie too close together to say. */
function line(from: readonly number[], to: readonly number[]): { slope: number; start: number } | undefined {
  const n = from.length
  const [meanFrom, meanTo] = [from.reduce((a, b) => a + b, 0) / n, to.reduce((a, b) => a + b, 0) / n]
  let [over, under] = [0, 0]
  for (let i = 0; i < n; i++) {
    over += (from[i]! - meanFrom) * (to[i]! - meanTo)
    under += (from[i]! - meanFrom) ** 2
  }
  if (under < 100) return undefined
  const slope = over / under
  return { slope, start: meanTo - slope * meanFrom }
}

function spread(places: Float32Array, pairs: readonly Pair[]): number {
  const used = pairs.map(({ known }) => places[known]!)
  return (Math.max(...used) - Math.min(...used)) / 256
}
