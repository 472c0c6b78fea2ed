/** Compares one aligned segment of two files: decodes it in parts, registers, measures, and names what differs. */
import type { MatchSegment } from '../../contract/matching.ts'
import { decodePictures, decodeSound, MAX_STRETCH_BYTES } from '../../media/decode-stretch.ts'
import { displayAspect, uprightSize } from '../../media/streams.ts'
import type { ProbedMedia } from '../../media/types.ts'
import { Failure } from '../../errors.ts'
import { BLOCK } from './blocks.ts'
import { FACE_STEP, type FaceLook, type SeenFace } from './faces.ts'
import { named, type Named } from './naming.ts'
import { PLAN, sizes, windows } from './plan.ts'
import type { KeptPair } from './pictures.ts'
import { findRegions, REGIONS, shareDiffering, smoothed, type Grid } from './regions.ts'
import { compareSound, type ComparedSound } from './sound.ts'
import { TIMING } from './times.ts'
import { placementOf, warpOf, WHOLE, type Size, type Warp } from './warp.ts'
import { compareWindow, type Footage, type Sample } from './window.ts'

export interface SegmentMeans {
  readonly ffmpeg: string
  readonly threads: number
  readonly folder: string
  readonly cancelled: AbortSignal
  readonly faces: FaceLook
  /** Share of this segment that is done, 0 to 1. */
  onShare(share: number): void
}

export interface SegmentResult {
  readonly samples: readonly Sample[]
  /** Residuals over noise, averaged over time, per sample. */
  readonly maps: readonly Float32Array[]
  readonly share: readonly number[]
  readonly grid: Grid
  readonly named: readonly Named[]
  /** Most of the picture differs most of the time. */
  readonly everywhere: boolean
  readonly placement: { sx: number; tx: number; sy: number; ty: number }
  readonly moving: boolean
  readonly correlation: number | null
  readonly knownFrom: number
  readonly speed: number
  readonly sound: ComparedSound
  readonly kept: readonly (KeptPair & { fresh: Uint8Array; known: Uint8Array })[]
  readonly footage: { fresh: Footage; known: Footage } | null
  /** Mean noise assumed, grey levels: high in heavily compressed copies. */
  readonly noise: number
  /** Shorter side of what was compared, pixels. */
  readonly detail: number
  /** Why nothing could be compared; empty where something was. */
  readonly reason: string
}

/** A size in pixels of the picture as it is shown, none larger than it is coded. */
function shownSize(media: ProbedMedia): Size {
  const { width, height } = uprightSize(media.facts)
  const aspect = displayAspect(media.facts)
  return aspect > width / height ? { width, height: width / aspect } : { width: height * aspect, height }
}

/** Seconds that are decoded on either side of the known stretch. */
const MARGIN = 0.3

/**
 * @param seconds that may be looked at
 * @throws Failure media.limit | media.timeout | media.no-ffmpeg | job.cancelled
 */
export async function compareSegment(
  fresh: ProbedMedia,
  known: ProbedMedia,
  segment: MatchSegment,
  seconds: number,
  means: SegmentMeans,
): Promise<SegmentResult> {
  const start = segment.placement ?? WHOLE
  const planned = sizes(shownSize(fresh), shownSize(known), start)
  const freshRate = Math.min(PLAN.rate, fresh.facts.video[0]?.frameRate ?? 25)
  const knownRate = knownRateFor(known, planned.known)
  const duration = known.facts.container.duration ?? Number.POSITIVE_INFINITY
  const [columns, rows] = [Math.floor(planned.fresh.width / BLOCK), Math.floor(planned.fresh.height / BLOCK)]
  const grid: Grid = {
    columns,
    rows,
    step: 1 / freshRate,
    width: (columns * BLOCK) / planned.fresh.width,
    height: (rows * BLOCK) / planned.fresh.height,
  }
  const parts: { samples: readonly Sample[]; maps: readonly Float32Array[] }[] = []
  const faces: SeenFace[] = []
  const kept: KeptPair[] = []
  const correlations: number[] = []
  const warps: { warp: Warp; moving: boolean }[] = []
  const spans = windows(segment, seconds)
  let warp = warpOf(start, planned.fresh, planned.known)
  let shift = 0
  let told = false
  let footage: SegmentResult['footage'] = null
  let reason = ''
  for (const [i, span] of spans.entries()) {
    const at = (time: number): number => segment.knownFrom + segment.speed * (time - segment.from) + shift
    const reach = told ? TIMING.reach / 3 : TIMING.reach
    const earliest = Math.max(0, Math.min(at(span.from), at(span.to)) - reach - MARGIN)
    // In the middle of a frame: the new pictures are taken at any moment of theirs, which on average is the same.
    const first = (Math.floor(earliest * knownRate) + 0.5) / knownRate
    const last = Math.min(duration, Math.max(at(span.from), at(span.to)) + reach + MARGIN)
    if (last - first < PLAN.least) continue
    const { ffmpeg, threads, folder, cancelled } = means
    const common = { ffmpeg, threads, folder, cancelled }
    try {
      const [freshFrames, knownFrames] = [
        await decodePictures(fresh, { ...common, ...planned.fresh, from: span.from, seconds: span.to - span.from, rate: freshRate, mirrored: segment.mirrored }),
        await decodePictures(known, { ...common, ...planned.known, from: first, seconds: last - first, rate: knownRate }),
      ] // prettier-ignore
      const one: Footage = { ...planned.fresh, start: span.from, rate: freshRate, frames: freshFrames }
      const other: Footage = { ...planned.known, start: first, rate: knownRate, frames: knownFrames }
      means.onShare((i + 0.4) / (spans.length + 0.3))
      if (freshFrames.length < 2 || knownFrames.length < 2) continue
      const result = compareWindow(one, other, { warp, time: at }, reach)
      if (!result.registered) {
        reason = 'The pictures could not be laid over each other.'
        continue
      }
      warp = result.warp
      if (result.shift !== null) {
        shift += result.shift
        told = true
      }
      const maps = smoothed(result.samples, grid.step)
      parts.push({ samples: result.samples, maps })
      correlations.push(result.registered.correlation)
      warps.push(result)
      faces.push(...(await facesIn(result.samples, one, other, means.faces)))
      kept.push(...worthKeeping(result.samples, maps, one, other))
      footage = { fresh: { ...one, frames: [] }, known: { ...other, frames: [] } }
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'media.unreadable') throw error
      reason = 'That stretch could not be decoded.'
    }
    means.onShare((i + 1) / (spans.length + 0.3))
  }
  const samples = parts.flatMap((part) => part.samples)
  const maps = parts.flatMap((part) => part.maps)
  const share = shareDiffering(maps)
  const fitted = fitTimes(samples, segment)
  const sound = await soundOf(fresh, known, { ...segment, ...fitted }, seconds, means)
  means.onShare(1)
  const most = [...share].sort((a, b) => a - b)[share.length >> 1] ?? 0
  const compared = samples.length * grid.step
  const regions = findRegions(parts, grid)
  return {
    samples,
    maps,
    share,
    grid,
    named: regions.map((region) => named(region, faces, grid, compared)),
    everywhere: most >= REGIONS.everywhere,
    placement: warps.length ? placementOf(warp, planned.fresh, planned.known) : start,
    moving: warps.some(({ moving }) => moving),
    correlation: correlations.length ? [...correlations].sort((a, b) => a - b)[correlations.length >> 1]! : null,
    ...fitted,
    sound,
    kept,
    footage,
    noise: samples.reduce((sum, { noise }) => sum + noise, 0) / Math.max(1, samples.length),
    detail: Math.min(planned.fresh.width * Math.min(1, start.sx), planned.fresh.height * Math.min(1, start.sy)),
    reason: samples.length ? '' : reason || 'The shared stretch is too short.',
  }
}

/** As many frames as there are, as far as the memory goes. */
function knownRateFor(known: ProbedMedia, { width, height }: Size): number {
  const native = Math.min(PLAN.knownRate, known.facts.video[0]?.frameRate ?? 25)
  const longest = PLAN.window * 1.25 + 2 * (TIMING.reach + MARGIN) + 0.5
  return Math.min(native, MAX_STRETCH_BYTES / 1.05 / ((width * height * 3) / 2) / longest)
}

async function facesIn(
  samples: readonly Sample[],
  fresh: Footage,
  known: Footage,
  look: FaceLook,
): Promise<SeenFace[]> {
  const found: SeenFace[] = []
  let next = Number.NEGATIVE_INFINITY
  for (const { time, at, warp } of samples) {
    if (time < next) continue
    next = time + FACE_STEP - 0.001
    const placement = placementOf(warp, fresh, known)
    found.push(
      ...(await look.find(fresh.frames[at.fresh]!, fresh, time, (x, y) => [x, y])),
      ...(await look.find(known.frames[at.known]!, known, time, (x, y) => [
        placement.sx * x + placement.tx,
        placement.sy * y + placement.ty,
      ])),
    )
  }
  return found
}

/** The moment that differs most and one from the middle: which are shown is decided at the end. */
function worthKeeping(
  samples: readonly Sample[],
  maps: readonly Float32Array[],
  fresh: Footage,
  known: Footage,
): KeptPair[] {
  // prettier-ignore
  const weight = (map: Float32Array): number => map.reduce((sum, value) => sum + (value >= REGIONS.low ? value : 0), 0)
  let most = 0
  for (let i = 1; i < maps.length; i++) if (weight(maps[i]!) > weight(maps[most]!)) most = i
  return [...new Set([most, maps.length >> 1])].map((i) => {
    const sample = samples[i]!
    return {
      sample,
      map: maps[i]!,
      fresh: fresh.frames[sample.at.fresh]!.slice(),
      known: known.frames[sample.at.known]!.slice(),
    }
  })
}

/** The line through the pairs of times, where the frames told them; a speed that hardly changed stays as it was. */
function fitTimes(
  samples: readonly Sample[],
  { from, knownFrom, speed }: MatchSegment,
): { knownFrom: number; speed: number } {
  // prettier-ignore
  if (samples.length < 4) return { knownFrom, speed }
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!
  // Median of slopes over pairs half the length apart (Theil & Sen): frames of a cut-off end do not turn it.
  const half = samples.length >> 1
  const slopes = samples
    .slice(0, samples.length - half)
    .map((sample, i) => (samples[i + half]!.known - sample.known) / (samples[i + half]!.time - sample.time))
  const slope = middle(slopes)
  const kept = Math.abs(slope - speed) > 0.004 && samples.at(-1)!.time - samples[0]!.time > 3 ? slope : speed
  return { speed: kept, knownFrom: middle(samples.map(({ time, known }) => known - kept * (time - from))) }
}

/** Seconds of known sound on either side. */
const SOUND_LEAD = 1

async function soundOf(
  fresh: ProbedMedia,
  known: ProbedMedia,
  { from, to, knownFrom, speed }: MatchSegment,
  seconds: number,
  { ffmpeg, threads, folder, cancelled }: SegmentMeans,
): Promise<ComparedSound> {
  const length = Math.min(to - from, seconds)
  const common = { ffmpeg, threads, folder, cancelled }
  const first = Math.max(0, knownFrom - SOUND_LEAD)
  const own = await decodeSound(fresh, { ...common, from, seconds: length })
  const other = await decodeSound(known, {
    ...common,
    from: first,
    seconds: knownFrom - first + speed * length + SOUND_LEAD,
  })
  return compareSound(own, other, speed, knownFrom - first)
}
