/**
 * Do the mouth and the sound go together? The largest canonical correlation (Hotelling, "Relations between two sets of
 * variates", Biometrika 1936) of two mouth curves with the eight curves of the speech, over the delays that a camera and
 * a microphone may have, against the same with the speech moved by more than a second: what chance gives with this mouth
 * and this sound. Nothing is learnt beforehand: which band goes with which curve is found in the video itself.
 */
import { CURVES, SPEECH } from './lip-sync-sound.ts'
import { MOTION_RATE, type MouthFrame } from './lip-sync-mouth.ts'

export const AGREEMENT = {
  /** Deviation of the Gaussian whose mean is taken away: slower changes are posture and loudness, seconds. */
  trend: 1.5,
  /** Added to the variances, which are 1: keeps few frames from fitting each other by chance (Vinod 1976). */
  ridge: 0.5,
  /** Delays of the mouth after the sound, motion frames: lips open before the voice sounds. */
  earliest: -4,
  latest: 2,
  /** Delays of the curve that is shown, either way: 0.96 s. */
  shown: 12,
  /** The speech is moved by at least this many motion frames, 1.2 s, and to so many places. */
  moved: 15,
  places: 200,
  /** Pieces of 10 s; runs of one face shorter than 2 s are left out; 6 minutes at most are looked at. */
  piece: 125,
  shortest: 25,
  most: 4500,
  /** A piece counts as speech if in this share of it the level is above this power of ten of the loud level. */
  speaking: 0.3,
  quiet: -2,
} as const

const MOUTH_CURVES = 2

/** Motion frames in a row that show one face: indices into the list of mouth frames, the last exclusive. */
export interface Piece {
  readonly from: number
  readonly to: number
}

export interface Agreement {
  /** Frames it rests on. */
  readonly frames: number
  /** Canonical correlation at the best delay allowed. */
  readonly best: number
  /** Best delay, seconds; positive where the mouth comes after the sound. */
  readonly delay: number
  /** Deviations above the mean of what moved speech gives, and the share of moved speech that does as well. */
  readonly deviations: number
  readonly byChance: number
  /** What one moved speech in twenty reaches. */
  readonly level: number
  /** Correlation by delay from -`shown` to `shown`. */
  readonly byDelay: Float64Array
  /** The two combinations that go together best, one value per frame in the order of the pieces: to be shown. */
  readonly pair: { readonly mouth: Float64Array; readonly speech: Float64Array }
}

/** The curves of every mouth frame, trends taken away, and the speech of the whole video likewise. */
export interface Material {
  readonly frames: readonly MouthFrame[]
  /** [frames × 2]: motion of the lips beyond that of the rest of the face, and darkness between the lips. */
  readonly mouth: Float64Array
  /** [motion frames of the video × CURVES]. */
  readonly speech: Float64Array
  /** Those in which somebody is heard. */
  readonly pieces: readonly Piece[]
}

export function prepare(frames: readonly MouthFrame[], curves: Float64Array): Material {
  const share = sharedMotion(frames)
  const mouth = new Float64Array(frames.length * MOUTH_CURVES)
  const pieces: Piece[] = []
  for (const run of runsOf(frames)) {
    const length = run.to - run.from
    if (length < AGREEMENT.shortest) continue
    const own = new Float64Array(length * MOUTH_CURVES)
    for (let i = 0; i < length; i++) {
      // The first of a run has no frame before it: it takes the motion of the second.
      const { lips, rest } = frames[run.from + Math.max(1, i)]!
      own[i * MOUTH_CURVES] = lips - share * rest
      own[i * MOUTH_CURVES + 1] = frames[run.from + i]!.dark
    }
    const flat = withoutTrend(own, MOUTH_CURVES)
    standardise(flat, MOUTH_CURVES)
    mouth.set(flat, run.from * MOUTH_CURVES)
    const count = Math.max(1, Math.round(length / AGREEMENT.piece))
    for (let p = 0; p < count; p++) {
      const piece = {
        from: run.from + Math.round((p * length) / count),
        to: run.from + Math.round(((p + 1) * length) / count),
      }
      if (speaks(piece, frames, curves)) pieces.push(piece)
    }
  }
  return { frames, mouth, speech: withoutTrend(curves, CURVES), pieces: thinned(pieces) }
}

export const framesIn = (pieces: readonly Piece[]): number => pieces.reduce((sum, { from, to }) => sum + to - from, 0)

/** Null where there are too few frames to move the speech about. */
export function agreementOf(material: Material, pieces: readonly Piece[], wide = false): Agreement | null {
  const list = pieces.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i))
  const n = list.length
  if (n < 2 * AGREEMENT.moved + 20) return null
  const { frames, mouth, speech } = material
  const v = new Float64Array(n * MOUTH_CURVES)
  list.forEach((at, i) => v.set(mouth.subarray(at * MOUTH_CURVES, (at + 1) * MOUTH_CURVES), i * MOUTH_CURVES))
  standardise(v, MOUTH_CURVES)
  whiten(v, MOUTH_CURVES)
  const total = speech.length / CURVES
  const all = Float64Array.from(speech)
  // Scaled by what the speech does in these frames, at no delay.
  const here = new Float64Array(n * CURVES)
  const fill = (delay: number, into: Float64Array, from: Float64Array) =>
    list.forEach((at, i) => {
      const index = Math.min(total - 1, Math.max(0, frames[at]!.index - delay))
      into.set(from.subarray(index * CURVES, (index + 1) * CURVES), i * CURVES)
    })
  fill(0, here, speech)
  const scale = standardise(here, CURVES)
  for (let i = 0; i < all.length; i++) all[i] = (all[i]! - scale.mean[i % CURVES]!) / scale.deviation[i % CURVES]!
  applyInverse(all, CURVES, cholesky(covariance(here, CURVES), CURVES))

  const moved = new Float64Array(n * CURVES)
  const byDelay = new Float64Array(2 * AGREEMENT.shown + 1)
  const places = placesFor(n)
  const chance = new Float64Array(places.length)
  const reach = wide ? AGREEMENT.shown : 0
  const [earliest, latest] = [AGREEMENT.earliest - reach, AGREEMENT.latest + reach].map((d) =>
    Math.max(-AGREEMENT.shown, Math.min(AGREEMENT.shown, d)),
  ) as [number, number]
  let best = 0
  let delay = 0
  for (let d = -AGREEMENT.shown; d <= AGREEMENT.shown; d++) {
    fill(d, moved, all)
    const value = canonical(v, moved, n, 0)
    byDelay[d + AGREEMENT.shown] = value
    if (d < earliest || d > latest) continue
    if (value > best) [best, delay] = [value, d]
    places.forEach((place, i) => (chance[i] = Math.max(chance[i]!, canonical(v, moved, n, place))))
  }
  fill(delay, moved, all)
  const mean = chance.reduce((a, b) => a + b, 0) / chance.length
  const deviation = Math.sqrt(chance.reduce((a, b) => a + (b - mean) ** 2, 0) / chance.length)
  return {
    frames: n,
    best,
    delay: delay / MOTION_RATE,
    deviations: (best - mean) / Math.max(1e-6, deviation),
    byChance: (1 + chance.reduce((count, c) => count + Number(c >= best), 0)) / (1 + chance.length),
    level: chance.sort()[Math.floor(0.95 * (chance.length - 1))]!,
    byDelay,
    pair: pairOf(v, moved, n),
  }
}

/** Projections on the first pair of singular vectors of the cross-covariance of whitened mouth and speech. */
function pairOf(v: Float64Array, a: Float64Array, n: number): Agreement['pair'] {
  const cross = crossCovariance(v, a, n, 0)
  const { p, q, r } = gram(cross)
  // Direction of the larger axis of the 2 × 2 matrix p q / q r; the sign is the one with more motion.
  const angle = 0.5 * Math.atan2(2 * q, p - r)
  const sign = Math.cos(angle) < 0 ? -1 : 1
  const u = [sign * Math.cos(angle), sign * Math.sin(angle)] as const
  const mouth = new Float64Array(n)
  const speech = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    mouth[i] = u[0] * v[i * MOUTH_CURVES]! + u[1] * v[i * MOUTH_CURVES + 1]!
    for (let k = 0; k < CURVES; k++) speech[i]! += (u[0] * cross[k]! + u[1] * cross[CURVES + k]!) * a[i * CURVES + k]!
  }
  return { mouth, speech }
}

/** Runs of mouth frames of one face, in order. */
export function runsOf(frames: readonly MouthFrame[]): Piece[] {
  const runs: Piece[] = []
  for (let from = 0; from < frames.length;) {
    let to = from + 1
    while (to < frames.length && frames[to]!.run === frames[from]!.run) to++
    runs.push({ from, to })
    from = to
  }
  return runs
}

/** How much of the lips' motion follows the rest of the face: the slope of one over the other, at least 0. */
function sharedMotion(frames: readonly MouthFrame[]): number {
  let [n, x, y, xx, xy] = [0, 0, 0, 0, 0]
  for (const { lips, rest } of frames) {
    if (!Number.isFinite(lips)) continue
    n++
    x += rest
    y += lips
    xx += rest * rest
    xy += rest * lips
  }
  const spread = xx - (x * x) / n
  return n > 1 && spread > 1e-9 ? Math.max(0, (xy - (x * y) / n) / spread) : 0
}

function speaks({ from, to }: Piece, frames: readonly MouthFrame[], curves: Float64Array): boolean {
  let loud = 0
  for (let i = from; i < to; i++)
    loud += Number((curves[frames[i]!.index * CURVES] ?? SPEECH.levelFloor) > AGREEMENT.quiet)
  return loud >= AGREEMENT.speaking * (to - from)
}

/** Every k-th piece, so that long videos are looked at from beginning to end. */
function thinned(pieces: readonly Piece[]): Piece[] {
  const every = Math.ceil(framesIn(pieces) / AGREEMENT.most)
  return pieces.filter((_, i) => i % every === 0)
}

function placesFor(frames: number): number[] {
  const from = AGREEMENT.moved
  const to = frames - AGREEMENT.moved
  const count = Math.min(AGREEMENT.places, to - from)
  return Array.from({ length: count }, (_, i) => from + Math.floor((i * (to - from)) / count))
}

/** Largest singular value of the cross-covariance of whitened mouth and speech, the speech moved round by `place`. */
function canonical(v: Float64Array, a: Float64Array, n: number, place: number): number {
  const { p, q, r } = gram(crossCovariance(v, a, n, place))
  return Math.sqrt((p + r) / 2 + Math.hypot((p - r) / 2, q)) / n
}

/** [2 × CURVES], not divided by the number of frames. */
function crossCovariance(v: Float64Array, a: Float64Array, n: number, place: number): Float64Array {
  const cross = new Float64Array(MOUTH_CURVES * CURVES)
  for (let i = 0; i < n; i++) {
    const at = (i >= place ? i - place : i - place + n) * CURVES
    const v0 = v[i * MOUTH_CURVES]!
    const v1 = v[i * MOUTH_CURVES + 1]!
    for (let k = 0; k < CURVES; k++) {
      cross[k]! += v0 * a[at + k]!
      cross[CURVES + k]! += v1 * a[at + k]!
    }
  }
  return cross
}

/** The symmetric 2 × 2 product of the cross-covariance with its transpose: p q / q r. */
function gram(cross: Float64Array): { p: number; q: number; r: number } {
  let [p, q, r] = [0, 0, 0]
  for (let k = 0; k < CURVES; k++) {
    p += cross[k]! ** 2
    q += cross[k]! * cross[CURVES + k]!
    r += cross[CURVES + k]! ** 2
  }
  return { p, q, r }
}

/** Rows of `columns` values less their Gaussian-weighted mean over time. */
function withoutTrend(values: Float64Array, columns: number): Float64Array {
  const rows = values.length / columns
  const reach = Math.ceil(3 * AGREEMENT.trend * MOTION_RATE)
  const weights = Float64Array.from({ length: reach + 1 }, (_, d) =>
    Math.exp(-0.5 * (d / (AGREEMENT.trend * MOTION_RATE)) ** 2),
  )
  const flat = new Float64Array(values.length)
  const mean = new Float64Array(columns)
  for (let i = 0; i < rows; i++) {
    let sum = 0
    mean.fill(0)
    for (let j = Math.max(0, i - reach); j <= Math.min(rows - 1, i + reach); j++) {
      const weight = weights[Math.abs(j - i)]!
      sum += weight
      for (let k = 0; k < columns; k++) mean[k]! += weight * values[j * columns + k]!
    }
    for (let k = 0; k < columns; k++) flat[i * columns + k] = values[i * columns + k]! - mean[k]! / sum
  }
  return flat
}

/** Brings every column to mean 0 and variance 1 in place; says by what. */
function standardise(values: Float64Array, columns: number): { mean: Float64Array; deviation: Float64Array } {
  const rows = values.length / columns
  const mean = new Float64Array(columns)
  const deviation = new Float64Array(columns)
  values.forEach((v, i) => (mean[i % columns]! += v / rows))
  values.forEach((v, i) => (deviation[i % columns]! += (v - mean[i % columns]!) ** 2 / rows))
  deviation.forEach((v, k) => (deviation[k] = Math.sqrt(v) + 1e-9))
  values.forEach((v, i) => (values[i] = (v - mean[i % columns]!) / deviation[i % columns]!))
  return { mean, deviation }
}

const whiten = (values: Float64Array, columns: number): void =>
  applyInverse(values, columns, cholesky(covariance(values, columns), columns))

/** Covariance of standardised columns, with the ridge on its diagonal. */
function covariance(values: Float64Array, columns: number): Float64Array {
  const rows = values.length / columns
  const matrix = new Float64Array(columns * columns)
  for (let i = 0; i < rows; i++)
    for (let p = 0; p < columns; p++)
      for (let q = 0; q < columns; q++)
        matrix[p * columns + q]! += (values[i * columns + p]! * values[i * columns + q]!) / rows
  for (let p = 0; p < columns; p++) matrix[p * columns + p]! += AGREEMENT.ridge
  return matrix
}

/** Lower triangle L with L Lᵀ = matrix. */
function cholesky(matrix: Float64Array, n: number): Float64Array {
  const lower = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!
      lower[i * n + j] = i === j ? Math.sqrt(sum) : sum / lower[j * n + j]!
    }
  return lower
}

/** Solves L y = x for every row x, in place. */
function applyInverse(values: Float64Array, n: number, lower: Float64Array): void {
  for (let at = 0; at < values.length; at += n)
    for (let i = 0; i < n; i++) {
      let sum = values[at + i]!
      for (let k = 0; k < i; k++) sum -= lower[i * n + k]! * values[at + k]!
      values[at + i] = sum / lower[i * n + i]!
    }
}
