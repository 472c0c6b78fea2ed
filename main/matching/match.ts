/**
 * Looks one video up among the known ones: frames alike by hash or by corners, gathered into aligned stretches, each with
 * how it is shown (mirrored, cropped, smaller inside another picture) and what supports it.
 */
import { align, type Hit, type Stretch } from './align.ts'
import { hashAt, INDEXED_CORNERS, type Catalogue, type Place } from './catalogue.ts'
import type { Fingerprint, KeyFrame } from './fingerprint.ts'
import { place, type Pair, type Placed, type Placement } from './geometry.ts'
import { distance, toWords } from './index/brute-force.ts'
import { DESCRIPTOR, mirrorCorners, type Corners } from './keypoints.ts'
import { movesAlike, type Alike } from './motion.ts'
import { LEAST_QUALITY } from './pdq.ts'

export const MATCHING = {
  /** Bits in which hashes of like frames differ at most (the PDQ paper's recommendation). */
  hashRadius: 31,
  /** Bits for looking corners up, and for pairing those of two frames that are to be compared. */
  lookUpRadius: 20,
  pairRadius: 40,
  /** Corners in common that make a key frame worth comparing, and how many of those are compared. */
  votes: 3,
  compared: 12,
  /** Pairs that agree with one placement, their share of all pairs, and of width and height that they span, of like frames. */
  pairs: 12,
  pairShare: 0.25,
  span: 0.15,
  /** Agreeing pairs from which a frame counts in full. */
  fullPairs: 20,
  /** Videos that one frame may be like before it says less and less: intros, test cards, black. */
  commonFrom: 3,
  /** Correlation of the changes from which two stretches are the same footage, and under which they are not. */
  sameFootage: 0.6,
  otherTake: 0.3,
} as const

export interface FootageMatch {
  /** Number of the known video. */
  readonly video: number
  /** The new video shows it with left and right exchanged. */
  readonly mirrored: boolean
  readonly stretch: Stretch
  /** Where the known frame lies in the new one (after mirroring); null where only hashes were compared. */
  readonly placement: Placement | null
  /** Frames that agree by hash and by corners. */
  readonly byHash: number
  readonly byCorners: number
  /** Whether both change at the same moments; null where nothing moves or it is too short. */
  readonly motion: Alike | null
  /**
   * `footage`: the same recording; `scene`: frames alike, but they move otherwise: another take in the same place;
   * `undecided`: frames alike, and nothing moves that would tell.
   */
  readonly kind: 'footage' | 'scene' | 'undecided'
}

interface Evidence extends Hit {
  readonly video: number
  readonly placement: Placement | null
}

/** @returns matches with each known video, the best supported first */
export function findMatches(fresh: Fingerprint, known: Catalogue): FootageMatch[] {
  const found: FootageMatch[] = []
  for (const mirrored of [false, true]) {
    const evidence = [...byHash(fresh, known, mirrored), ...byCorners(fresh, known, mirrored)]
    const sampled = fresh.keyFrames.map(({ time }) => time)
    for (const [video, hits] of Map.groupBy(common(evidence), (hit) => hit.video))
      for (const stretch of align(hits, sampled)) found.push(describe(fresh, known, video, mirrored, stretch, hits))
  }
  return found.sort((a, b) => b.stretch.support - a.stretch.support || a.video - b.video)
}

/** Hash frames nearest to the key frames: looking up one a second finds as much as looking up all. */
function byHash(fresh: Fingerprint, known: Catalogue, mirrored: boolean): Evidence[] {
  const hits: Evidence[] = []
  const hashes = mirrored ? fresh.mirrored : fresh.hashes
  for (const { time } of fresh.keyFrames) {
    const at = nearest(fresh.times, time)
    if (at < 0 || fresh.quality[at]! < LEAST_QUALITY) continue
    for (const { video, at: there } of known.framesLike(hashAt(hashes, at), MATCHING.hashRadius))
      hits.push({
        fresh: time,
        known: known.video(video).times[there]! + (time - fresh.times[at]!),
        weight: 1,
        video,
        placement: null,
      })
  }
  return hits
}

function byCorners(fresh: Fingerprint, known: Catalogue, mirrored: boolean): Evidence[] {
  const hits: Evidence[] = []
  for (const { time, corners: seen } of fresh.keyFrames) {
    const corners = mirrored ? mirrorCorners(seen) : seen
    const lookUp = corners.descriptors.subarray(0, INDEXED_CORNERS * DESCRIPTOR)
    const promising = known
      .keyFramesLike(lookUp, MATCHING.lookUpRadius)
      .filter(({ votes }) => votes >= MATCHING.votes)
      .sort((a, b) => b.votes - a.votes || a.place.video - b.place.video || a.place.at - b.place.at)
    for (const { place: there } of promising.slice(0, MATCHING.compared)) {
      const frame = keyFrame(known, there)
      const placed = compare(corners, frame.corners)
      if (!placed) continue
      hits.push({
        fresh: time,
        known: frame.time,
        weight: Math.min(1, placed.pairs.length / MATCHING.fullPairs),
        video: there.video,
        placement: placed.placement,
      })
    }
  }
  return hits
}

const keyFrame = (known: Catalogue, { video, at }: Place): KeyFrame => known.video(video).keyFrames[at]!

/** Where the known frame lies in the new one, when enough corners say so. */
export function compare(fresh: Corners, known: Corners): Placed | undefined {
  const pairs = nearestPairs(fresh, known)
  if (pairs.length < MATCHING.pairs) return undefined
  const placed = place(fresh, known, pairs)
  if (!placed || Math.min(...placed.span) < MATCHING.span) return undefined
  return placed.pairs.length >= Math.max(MATCHING.pairs, MATCHING.pairShare * pairs.length) ? placed : undefined
}

/** Corners of which each is the other's nearest. */
function nearestPairs(fresh: Corners, known: Corners): Pair[] {
  const [a, b] = [toWords(fresh.descriptors), toWords(known.descriptors)]
  const limit = MATCHING.pairRadius + 1
  const [toKnown, toFresh] = [new Int16Array(fresh.count).fill(-1), new Int16Array(known.count).fill(-1)]
  const [leastFresh, leastKnown] = [new Int16Array(fresh.count).fill(limit), new Int16Array(known.count).fill(limit)]
  for (let i = 0; i < fresh.count; i++)
    for (let j = 0; j < known.count; j++) {
      const bits = distance(a, i, b, j, limit)
      if (bits < leastFresh[i]!) {
        leastFresh[i] = bits
        toKnown[i] = j
      }
      if (bits < leastKnown[j]!) {
        leastKnown[j] = bits
        toFresh[j] = i
      }
    }
  const pairs: Pair[] = []
  for (let i = 0; i < fresh.count; i++) {
    const j = toKnown[i]!
    if (j >= 0 && toFresh[j] === i) pairs.push({ fresh: i, known: j })
  }
  return pairs
}

/** Frames that are like frames of many videos say little. */
function common(hits: readonly Evidence[]): Evidence[] {
  const videos = new Map<number, Set<number>>()
  for (const { fresh, video } of hits) {
    const held = videos.get(fresh)
    if (held) held.add(video)
    else videos.set(fresh, new Set([video]))
  }
  return hits.map((hit) => {
    const many = videos.get(hit.fresh)!.size
    return many <= MATCHING.commonFrom ? hit : { ...hit, weight: hit.weight * (MATCHING.commonFrom / many) ** 2 }
  })
}

function describe(
  fresh: Fingerprint,
  known: Catalogue,
  video: number,
  mirrored: boolean,
  stretch: Stretch,
  hits: readonly Evidence[],
): FootageMatch {
  const { from, to, knownFrom, speed } = stretch
  const on = hits.filter(
    (hit) => hit.fresh >= from && hit.fresh <= to && Math.abs(hit.known - knownFrom - speed * (hit.fresh - from)) <= 1,
  )
  const placements = on.flatMap(({ placement }) => placement ?? [])
  const motion = movesAlike(fresh.motion, known.video(video).motion, stretch)
  // Frames alike say the time to about a second where little moves; what does move says it to a tenth.
  const exact = motion && motion.correlation >= MATCHING.sameFootage
  return {
    video,
    mirrored,
    stretch: exact ? { ...stretch, speed: motion.speed, knownFrom: motion.knownFrom } : stretch,
    placement: placements.length ? middle(placements) : null,
    byHash: new Set(on.filter(({ placement }) => !placement).map((hit) => hit.fresh)).size,
    byCorners: new Set(on.filter(({ placement }) => placement).map((hit) => hit.fresh)).size,
    motion,
    kind: !motion
      ? 'undecided'
      : motion.correlation >= MATCHING.sameFootage
        ? 'footage'
        : motion.correlation < MATCHING.otherTake
          ? 'scene'
          : 'undecided',
  }
}

/** Median of each of the four numbers. */
function middle(placements: readonly Placement[]): Placement {
  const of = (pick: (placement: Placement) => number): number => {
    const sorted = placements.map(pick).sort((a, b) => a - b)
    return sorted[(sorted.length - 1) >> 1]!
  }
  return { sx: of(({ sx }) => sx), tx: of(({ tx }) => tx), sy: of(({ sy }) => sy), ty: of(({ ty }) => ty) }
}

/** Place of the nearest number in an ascending list; -1 where it is empty. */
function nearest(sorted: Float32Array, value: number): number {
  let best = -1
  for (let i = 0; i < sorted.length; i++)
    if (best < 0 || Math.abs(sorted[i]! - value) < Math.abs(sorted[best]! - value)) best = i
    else if (sorted[i]! > value) break
  return best
}
