/**
 * Looks one video up among the known ones: frames alike by hash or by corners, gathered into aligned stretches, each with
 * how it is shown (mirrored, cropped, smaller inside another picture), whether it sounds the same, and what supports it.
 * Sound that runs along a known video without its pictures is a match of its own.
 */
import { align, type Hit, type Stretch } from './align.ts'
import { hashAt, indexedCorners, type Catalogue, type Place } from './catalogue.ts'
import type { Fingerprint, KeyFrame } from './fingerprint.ts'
import { place, type Pair, type Placed, type Placement } from './geometry.ts'
import { distance, toWords } from './index/brute-force.ts'
import { mirrorCorners, type Corners } from './keypoints.ts'
import { movesAlike, type Alike } from './motion.ts'
import { LEAST_QUALITY } from './pdq.ts'
import { soundsAlike, type SoundAgreement } from './sound-agree.ts'
import { findSound, type SoundMatch } from './sound-match.ts'
import { SOUND_PRINT } from './sound-print.ts'

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
  /** Seconds by which a stretch of sound may lie off one of pictures that it belongs to. */
  soundOff: 1.5,
} as const

export interface FootageMatch {
  /** Number of the known video. */
  readonly video: number
  /** The new video shows it with left and right exchanged. */
  readonly mirrored: boolean
  readonly stretch: Stretch
  /** Where the known frame lies in the new one (after mirroring); null where only hashes were compared. */
  readonly placement: Placement | null
  /** Frames that agree by hash and by corners, and seconds of sound that agree. */
  readonly byHash: number
  readonly byCorners: number
  readonly bySound: number
  /** Whether it sounds the same: false where the sound was replaced or covered; null where there is too little to say. */
  readonly soundAgrees: boolean | null
  /** What that rests on; null where one of the two has no sound. */
  readonly sound: SoundAgreement | null
  /** Whether both change at the same moments; null where nothing moves or it is too short. */
  readonly motion: Alike | null
  /**
   * `footage`: the same recording, because it moves or sounds the same; `scene`: frames alike, but they move otherwise:
   * another take in the same place; `undecided`: frames alike, and nothing moves or sounds that would tell; `sound`: the same
   * sound under other pictures.
   */
  readonly kind: 'footage' | 'scene' | 'undecided' | 'sound'
}

interface Evidence extends Hit {
  readonly video: number
  readonly placement: Placement | null
}

/** @returns matches with each known video, the best supported first */
export function findMatches(fresh: Fingerprint, known: Catalogue): FootageMatch[] {
  const found: FootageMatch[] = []
  const heard = findSound(fresh.sound, known)
  const sampled = fresh.keyFrames.map(({ time }) => time)
  for (const mirrored of [false, true]) {
    const evidence = [...byHash(fresh, known, mirrored), ...byCorners(fresh, known, mirrored)]
    for (const [video, hits] of Map.groupBy(inSeconds(common(evidence), sampled), (hit) => hit.video))
      for (const stretch of align(hits, sampled))
        found.push(describe(fresh, known, video, mirrored, stretch, hits, heard))
  }
  for (const match of heard) if (!found.some((picture) => belongs(match, picture))) found.push(ofSound(match))
  return found.sort((a, b) => b.stretch.support - a.stretch.support || a.video - b.video)
}

/** Whether the pictures have said already what a stretch of sound says. */
function belongs({ video, from, to, knownFrom, speed }: SoundMatch, picture: FootageMatch): boolean {
  const { stretch } = picture
  const [start, end] = [Math.max(from, stretch.from), Math.min(to, stretch.to)]
  if (video !== picture.video || end <= start) return false
  const at = (start + end) / 2
  const seen = stretch.knownFrom + stretch.speed * (at - stretch.from)
  return Math.abs(seen - (knownFrom + speed * (at - from))) <= MATCHING.soundOff
}

function ofSound({ video, support, steps, from, to, knownFrom, speed, wrong }: SoundMatch): FootageMatch {
  const seconds = SOUND_PRINT.step * steps
  const share = Math.min(1, seconds / Math.max(SOUND_PRINT.step, to - from))
  return {
    video,
    mirrored: false,
    stretch: { from, to, knownFrom, speed, support, frames: Math.round(seconds), share },
    placement: null,
    byHash: 0,
    byCorners: 0,
    bySound: Math.round(seconds),
    soundAgrees: true,
    sound: {
      agrees: true, strength: Math.min(1, seconds / 10), seconds, differs: [], wrong, onlyFresh: 0, onlyKnown: 0,
      line: { knownFrom, speed },
    },
    motion: null,
    kind: 'sound',
  } // prettier-ignore
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
    const promising = known

      .keyFramesLike(indexedCorners(corners), MATCHING.lookUpRadius)
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

/** Each key frame stands for the time to the next one, at most a second: short videos have more of them. */
function inSeconds(hits: readonly Evidence[], sampled: readonly number[]): Evidence[] {
  const seconds = new Map(sampled.map((time, i) => [time, Math.min(1, Math.max(0.4, (sampled[i + 1] ?? 0) - time))]))
  return hits.map((hit) => ({ ...hit, weight: hit.weight * (seconds.get(hit.fresh) ?? 1) }))
}

function describe(
  fresh: Fingerprint,
  known: Catalogue,
  video: number,
  mirrored: boolean,
  stretch: Stretch,
  hits: readonly Evidence[],
  heard: readonly SoundMatch[],
): FootageMatch {
  const { from, to, knownFrom, speed } = stretch
  const on = hits.filter(
    (hit) => hit.fresh >= from && hit.fresh <= to && Math.abs(hit.known - knownFrom - speed * (hit.fresh - from)) <= 1,
  )
  const placements = on.flatMap(({ placement }) => placement ?? [])
  const motion = movesAlike(fresh.motion, known.video(video).motion, stretch)
  // Frames alike say the time to about a second where little moves; what does move says it to a tenth.
  const moves = motion && motion.correlation >= MATCHING.sameFootage
  const seen = moves ? { ...stretch, speed: motion.speed, knownFrom: motion.knownFrom } : stretch
  const sound = soundsAlike(
    fresh.sound,
    known.video(video).sound,
    seen,
    heard.filter((match) => match.video === video),
  )
  // The same sound under like frames settles what they leave open; other sound says nothing about the pictures. Where
  // nothing moves, the time is not certain enough to call the sound replaced.
  const sounds = sound?.agrees === true
  const kind =
    moves || (sounds && !(motion && motion.correlation < MATCHING.otherTake))
      ? 'footage'
      : !motion || motion.correlation >= MATCHING.otherTake
        ? 'undecided'
        : 'scene'
  return {
    video,
    mirrored,
    stretch: !moves && sounds && sound.line ? { ...seen, ...sound.line } : seen,
    placement: placements.length ? middle(placements) : null,
    byHash: new Set(on.filter(({ placement }) => !placement).map((hit) => hit.fresh)).size,
    byCorners: new Set(on.filter(({ placement }) => placement).map((hit) => hit.fresh)).size,
    bySound: Math.round(sound?.seconds ?? 0),
    soundAgrees: sounds || (sound?.agrees === false && moves) ? sound!.agrees : null,
    sound,
    motion,
    kind,
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
