/**
 * Looks one video up among the known ones: frames alike by hash or by corners, gathered into aligned stretches, each with
 * how it is shown (mirrored, cropped, smaller inside another picture), whether it sounds the same, and what supports it.
 * Sound that runs along a known video without its pictures is a match of its own.
 */
import { align, type Stretch } from './align.ts'
import type { Catalogue } from './catalogue.ts'
import { evidenceFor, type Evidence } from './evidence.ts'
import type { Fingerprint } from './fingerprint.ts'
import type { Placement } from './geometry.ts'
import { movesAlike, type Alike } from './motion.ts'
import { inOrder } from './reorder.ts'
import { MATCHING } from './rules.ts'
import { soundsAlike, type SoundAgreement } from './sound-agree.ts'
import { findSound, type SoundMatch } from './sound-match.ts'
import { SOUND_PRINT } from './sound-print.ts'
import { timeByHash } from './time-by-hash.ts'

export { compare } from './frame-pairs.ts'
export { MATCHING } from './rules.ts'

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

/** @returns matches with each known video, the best supported first */
export function findMatches(fresh: Fingerprint, known: Catalogue): FootageMatch[] {
  const found: FootageMatch[] = []
  const heard = findSound(fresh.sound, known)
  const sampled = fresh.keyFrames.map(({ time }) => time)
  for (const mirrored of [false, true]) {
    for (const [video, hits] of Map.groupBy(evidenceFor(fresh, known, mirrored), (hit) => hit.video)) {
      const moves = (part: Stretch): boolean =>
        (movesAlike(fresh.motion, known.video(video).motion, part)?.correlation ?? 0) >= MATCHING.sameFootage
      for (const stretch of inOrder(fresh, known.video(video), mirrored, align(hits, sampled), moves))
        found.push(describe(fresh, known, video, mirrored, stretch, hits, heard))
    }
  }
  const sure = found.filter(({ kind }) => kind === 'footage')
  const told = found.filter((match) => match.kind === 'footage' || !sure.some((other) => overlaps(match, other)))
  for (const match of heard) if (!found.some((picture) => belongs(match, picture))) told.push(ofSound(match))
  return told.sort((a, b) => b.stretch.support - a.stretch.support || a.video - b.video)
}

/** Of the same video, mostly at the same time: where one is the same footage, frames that are only alike add nothing. */
const overlaps = (match: FootageMatch, other: FootageMatch): boolean => {
  const [a, b] = [match.stretch, other.stretch]
  return match.video === other.video && Math.min(a.to, b.to) - Math.max(a.from, b.from) > 0.5 * (a.to - a.from)
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
  const timed = moves ? motion : timeByHash(fresh, known.video(video), mirrored, stretch)
  const seen = { ...stretch, speed: timed.speed, knownFrom: timed.knownFrom }
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
