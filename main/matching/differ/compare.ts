/** Compares the segments of a match: everything that differs in them, with maps and pairs of frames to look at. */
import type { ComparedPair, ComparedSegment, Comparison, Difference } from '../../contract/differences.ts'
import type { MatchSegment } from '../../contract/matching.ts'
import type { Region } from '../../contract/common.ts'
import type { ProbedMedia } from '../../media/types.ts'
import type { ModelRunner } from '../../signals/onnx.ts'
import { FaceLook } from './faces.ts'
import { NAMING } from './naming.ts'
import { NOISE } from './noise.ts'
import { chosen, PLAN } from './plan.ts'
import { mapSheet, pairPicture } from './pictures.ts'
import { REGIONS } from './regions.ts'
import { compareSegment, type SegmentMeans, type SegmentResult } from './segment.ts'
import { SOUND } from './sound.ts'
import { TIMING } from './times.ts'
import { WINDOW } from './window.ts'
import { bordersWords, croppedWords, failuresOf, headline, ORDER, WORDS } from './words.ts'

/** Raise it with any change that can change a result. */
export const DIFFER_VERSION = '1.1.0'

export interface CompareMeans extends Omit<SegmentMeans, 'faces' | 'onShare'> {
  /** The bundled face detector. */
  detector(): Promise<ModelRunner>
  /** Keeps a picture in derived/. */
  save(bytes: Uint8Array, mime: 'image/png' | 'image/webp', role?: 'difference-map'): Promise<{ sha256: string }>
  /** Share done, 0 to 1. */
  onShare(share: number): void
}

/** Most pairs of frames kept of one comparison. */
const PAIRS = 12
/** Less than this of the picture around it, or cut off, is told by nothing but rounding. */
const EDGE = 0.02

/** @throws Failure media.limit | media.timeout | media.no-ffmpeg | model.untrusted | model.failed | job.cancelled */
export async function compareFootage(
  fresh: ProbedMedia,
  known: ProbedMedia,
  matched: readonly MatchSegment[],
  means: CompareMeans,
): Promise<Comparison> {
  // Where only the sound is shared, there are no pictures to lay over each other.
  const segments = matched.filter(({ kind }) => kind !== 'sound')
  const model = await means.detector()
  try {
    const faces = new FaceLook(model)
    const picked = chosen(segments)
    const compared: ComparedSegment[] = []
    const differences: Difference[] = []
    const pairs: ComparedPair[] = []
    const noted = { noise: 0, detail: Number.POSITIVE_INFINITY, moving: false, long: false }
    for (const [i, { at, seconds }] of picked.entries()) {
      const segment = segments[at]!
      const result = await compareSegment(fresh, known, segment, seconds, {
        ...means,
        faces,
        onShare: (share) => means.onShare((i + share) / picked.length),
      })
      const own = result.samples.length ? differencesOf(result, segment, i) : []
      differences.push(...own)
      compared.push(await described(result, segment, means))
      if (pairs.length < PAIRS) pairs.push(...(await picturesOf(result, own, i, means)).slice(0, PAIRS - pairs.length))
      noted.noise = Math.max(noted.noise, result.noise)
      noted.detail = Math.min(noted.detail, result.detail)
      noted.moving ||= result.moving
      noted.long ||= segment.to - segment.from > seconds + 0.5
    }
    const rank = (kind: Difference['kind']): number => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length)
    differences.sort((a, b) => rank(a.kind) - rank(b.kind) || b.strength - a.strength || a.fresh.start - b.fresh.start)
    return {
      version: DIFFER_VERSION,
      words: headline(differences, compared),
      differences: differences.slice(0, 200),
      segments: compared,
      pairs,
      knownFailures: failuresOf(noted),
      parameters: PARAMETERS,
      ffmpeg: fresh.ffmpegBuild,
    }
  } finally {
    await model.close()
  }
}

const PARAMETERS: Comparison['parameters'] = Object.fromEntries(
  Object.entries({ plan: PLAN, times: TIMING, window: WINDOW, noise: NOISE, regions: REGIONS, naming: NAMING, sound: SOUND }).flatMap(
    ([group, values]) => Object.entries(values).map(([name, value]) => [`${group}.${name}`, value]),
  ),
) // prettier-ignore

/** Residual over noise as a strength: 0.33 at three times the noise, 0.67 at nine. */
export const strengthOf = (ratio: number): number => Math.max(0, Math.min(1, (ratio - 1) / (ratio + 3)))

function differencesOf(result: SegmentResult, segment: MatchSegment, at: number): Difference[] {
  const { placement, samples, grid, knownFrom, speed } = result
  const [first, last] = [samples[0]!.time, samples.at(-1)!.time + grid.step]
  const spans = (start: number, end: number): Pick<Difference, 'fresh' | 'known'> => ({
    fresh: { start, end },
    known: {
      start: Math.max(0, knownFrom + speed * (start - segment.from)),
      end: Math.max(0, knownFrom + speed * (end - segment.from)),
    },
  })
  const whole = { segment: at, seconds: samples.length * grid.step, ...spans(first, last) }
  const flip = (box: Region): Region => (segment.mirrored ? { ...box, x: 1 - box.x - box.width } : box)
  const out: Difference[] = []
  if (result.everywhere) {
    const strength = result.share.reduce((sum, value) => sum + value, 0) / result.share.length
    out.push({ kind: 'everywhere', words: WORDS.everywhere, strength, ...whole, freshRegion: null, knownRegion: null })
  } else
    for (const { kind, region } of result.named)
      out.push({
        kind,
        words: WORDS[kind],
        strength: strengthOf(region.ratio),
        segment: at,
        seconds: region.seconds,
        ...spans(region.start, Math.min(segment.to, region.end)),
        freshRegion: flip(clipped(region.box)),
        knownRegion: clipped(inKnown(region.box, placement)),
      })
  const { sound } = result
  if (sound.differing.length) {
    const [from, to] = [segment.from + sound.differing[0]!.start, segment.from + sound.differing.at(-1)!.end]
    out.push({
      kind: 'sound',
      words: WORDS.sound,
      strength: Math.max(0, Math.min(1, 1 - Math.max(...sound.differing.map(({ correlation }) => correlation)))),
      segment: at,
      seconds: sound.differing.reduce((sum, { start, end }) => sum + end - start, 0),
      ...spans(from, Math.min(segment.to, to)),
      freshRegion: null,
      knownRegion: null,
    })
  }
  const seen = clipped({ x: placement.tx, y: placement.ty, width: placement.sx, height: placement.sy })
  const covers = seen.width * seen.height
  const shows = covers / (placement.sx * placement.sy)
  if (Math.min(seen.width, seen.height) < 1 - EDGE)
    out.push({ kind: 'borders', words: bordersWords(covers), strength: 1 - covers, ...whole, freshRegion: flip(seen), knownRegion: null }) // prettier-ignore
  if (Math.min(seen.width / placement.sx, seen.height / placement.sy) < 1 - EDGE)
    out.push({ kind: 'cropped', words: croppedWords(shows), strength: Math.min(1, Math.max(0, 1 - shows)), ...whole, freshRegion: null, knownRegion: clipped(inKnown(seen, placement)) }) // prettier-ignore
  return out
}

const inKnown = ({ x, y, width, height }: Region, p: SegmentResult['placement']): Region => ({
  x: (x - p.tx) / p.sx,
  y: (y - p.ty) / p.sy,
  width: width / p.sx,
  height: height / p.sy,
})

function clipped({ x, y, width, height }: Region): Region {
  const [left, top] = [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))]
  return {
    x: left,
    y: top,
    width: Math.min(1, Math.max(left, x + width)) - left,
    height: Math.min(1, Math.max(top, y + height)) - top,
  }
}

async function described(result: SegmentResult, segment: MatchSegment, means: CompareMeans): Promise<ComparedSegment> {
  const { samples, maps, grid, sound } = result
  const sheet = maps.length ? await mapSheet(maps, grid) : null
  const round = (value: number): number => Math.round(value * 1e4) / 1e4
  return {
    from: segment.from,
    to: segment.to,
    knownFrom: round(result.knownFrom),
    speed: round(result.speed),
    mirrored: segment.mirrored,
    state: samples.length ? 'compared' : result.reason.includes('decoded') ? 'unreadable' : 'not-registered',
    reason: result.reason,
    placement: result.placement,
    moving: result.moving,
    correlation: result.correlation,
    times: samples.map(({ time }) => round(time)),
    knownTimes: samples.map(({ known }) => round(known)),
    share: result.share.map(round),
    step: grid.step,
    maps: sheet && { ...sheet.about, sha256: (await means.save(sheet.bytes, 'image/png', 'difference-map')).sha256 },
    sound: { state: sound.state, correlation: sound.correlation, seconds: sound.seconds, lag: sound.lag },
  }
}

/** One pair for each of the strongest differences, each moment once; one from the middle where nothing differs. */
async function picturesOf(
  result: SegmentResult,
  differences: readonly Difference[],
  segment: number,
  means: CompareMeans,
): Promise<ComparedPair[]> {
  const { footage, kept, grid } = result
  if (!footage || !kept.length) return []
  const wanted = result.named.map(({ region }) => region.peak)
  const moments = wanted.length && differences.length ? wanted : [kept[kept.length >> 1]!.sample.time]
  const out: ComparedPair[] = []
  const used = new Set<unknown>()
  for (const moment of moments.slice(0, 4)) {
    const nearest = kept.reduce((a, b) => (Math.abs(b.sample.time - moment) < Math.abs(a.sample.time - moment) ? b : a))
    if (used.has(nearest)) continue
    used.add(nearest)
    const { bytes, width, height } = await pairPicture(nearest, footage.fresh, footage.known, grid.columns)
    const { sha256 } = await means.save(bytes, 'image/webp')
    out.push({
      sha256,
      mime: 'image/webp',
      width,
      height,
      segment,
      time: nearest.sample.time,
      known: nearest.sample.known,
      caption:
        'New frame, known frame laid under it, and where they differ beyond noise (bright: most).' +
        (used.size && result.moving ? ' The picture moves inside the other one.' : ''),
    })
  }
  return out
}
