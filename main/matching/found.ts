/**
 * What was found of one pair of videos, as it is kept and told: the stretches that stand, how well each is supported, and
 * what supports it in plain words.
 */
import type { Match, MatchKind, MatchPlacement, MatchSegment, MatchStrength } from '../contract/matching.ts'
import { SIDE } from './keypoints.ts'
import type { FootageMatch } from './match.ts'

/** What is kept of a match; the rest is the pair and what was decided about it. */
export type Found = Pick<Match, 'kind' | 'mirrored' | 'strength' | 'seconds' | 'segments' | 'words'>

export const FOUND = {
  /** Share of a stretch that a better supported one may cover before it is taken for the same thing seen twice. */
  overlap: 0.5,
  /** Frames that agree, and their share of those looked at, of a strong and of a moderate match. */
  strong: { frames: 6, share: 0.6 },
  moderate: { frames: 5, share: 0.5 },
  /** Seconds of the same sound under other pictures. */
  sound: { strong: 20, moderate: 8 },
  /** By how much a picture must be larger or smaller to be called so. */
  resized: 0.03,
} as const

/** @param stretches of one pair, at least one */
export function foundOf(stretches: readonly FootageMatch[]): Found {
  const kept: FootageMatch[] = []
  // A picture that is nearly symmetrical is found mirrored too: the better supported of the two stands.
  for (const one of stretches.toSorted(
    (a, b) => b.stretch.support - a.stretch.support || a.stretch.from - b.stretch.from,
  ))
    if (kept.every((better) => overlap(one, better) < FOUND.overlap)) kept.push(one)
  const segments = kept.map(segmentOf).sort((a, b) => a.from - b.from || a.knownFrom - b.knownFrom)
  const best = segments.toSorted((a, b) => rank(b) - rank(a) || b.support - a.support)[0]!
  // Another take of the scene says nothing about the seconds that are the same footage.
  const counted = segments.filter((segment) => segment.kind === best.kind || segment.kind === 'footage')
  const seconds = covered(counted)
  const turned = covered(counted.filter((segment) => segment.mirrored))
  const mirrored = turned > seconds / 2
  return {
    kind: best.kind,
    mirrored,
    strength: best.strength,
    seconds: round(seconds),
    segments,
    words: matchWords(best.kind, seconds, mirrored, counted),
  }
}

const KINDS: readonly MatchKind[] = ['scene', 'sound', 'undecided', 'footage']
const STRENGTHS: readonly MatchStrength[] = ['weak', 'moderate', 'strong']
const rank = ({ kind, strength }: MatchSegment): number => 3 * KINDS.indexOf(kind) + STRENGTHS.indexOf(strength)

/** Share of the first that lies in the time of the second, in the new video. */
function overlap({ stretch: a }: FootageMatch, { stretch: b }: FootageMatch): number {
  const within = Math.min(a.to, b.to) - Math.max(a.from, b.from)
  return Math.max(0, within) / Math.max(0.1, a.to - a.from)
}

function segmentOf({ stretch, placement, motion, ...found }: FootageMatch): MatchSegment {
  const about = {
    from: round(Math.max(0, stretch.from)),
    to: round(Math.max(stretch.from, stretch.to)),
    knownFrom: round(stretch.knownFrom),
    speed: round(stretch.speed),
    kind: found.kind,
    mirrored: found.mirrored,
    support: round(stretch.support),
    frames: stretch.frames,
    share: round(stretch.share),
    placement: placement && {
      sx: round(placement.sx),
      tx: round(placement.tx / SIDE),
      sy: round(placement.sy),
      ty: round(placement.ty / SIDE),
    },
    byHash: found.byHash,
    byCorners: found.byCorners,
    bySound: round(found.bySound),
    soundAgrees: found.soundAgrees,
    motion: motion && { correlation: round(motion.correlation), frames: motion.frames },
  }
  return { ...about, strength: strengthOf(about), words: segmentWords(about) }
}

type Bare = Omit<MatchSegment, 'strength' | 'words'>

function strengthOf({ kind, frames, share, byHash, byCorners, bySound, motion }: Bare): MatchStrength {
  const enough = (least: { frames: number; share: number }): boolean => frames >= least.frames && share >= least.share
  if (kind === 'sound') return bySound >= FOUND.sound.strong ? 'strong' : bySound >= FOUND.sound.moderate ? 'moderate' : 'weak' // prettier-ignore
  if (kind === 'footage' && enough(FOUND.strong) && (byHash > 0 || byCorners > 0 || bySound > 0)) return 'strong'
  if (kind === 'footage' || (kind === 'undecided' && motion === null && enough(FOUND.strong))) return 'moderate'
  return enough(FOUND.moderate) && kind === 'undecided' ? 'moderate' : 'weak'
}

/** What supports it, in one or two sentences. */
function segmentWords(segment: Bare): string {
  const { kind, frames, share, byHash, byCorners, bySound, soundAgrees, motion } = segment
  if (kind === 'sound') return `The sound agrees for ${Math.round(bySound)} s; the pictures are others.`
  const looked = Math.max(frames, Math.round(frames / Math.max(0.01, share)))
  const by = [byHash ? `${byHash} by the whole picture` : '', byCorners ? `${byCorners} by details of it` : ''].filter(
    Boolean,
  )
  const parts = [`${frames} of ${looked} frames looked at agree${by.length ? ` (${by.join(', ')})` : ''}`]
  if (soundAgrees) parts.push(`the sound agrees for ${Math.round(bySound)} s`)
  if (soundAgrees === false) parts.push('the sound is another')
  if (kind === 'footage' && motion) parts.push(`both change at the same moments (correlation ${motion.correlation.toFixed(2)})`) // prettier-ignore
  if (kind === 'scene' && motion) parts.push(`but they move at other moments (correlation ${motion.correlation.toFixed(2)}): another take in the same place`) // prettier-ignore
  if (kind === 'undecided') parts.push(motion ? `whether they change at the same moments stays unclear (correlation ${motion.correlation.toFixed(2)})` : 'nothing moves that would tell a copy from another take') // prettier-ignore
  const shown = shownWords(segment)
  return `${parts.join(', ')}.${shown ? ` Shown ${shown}.` : ''}`
}

/** How the new item shows it: mirrored, cropped, faster; empty where nothing of that was done. */
export function shownWords({
  mirrored,
  placement,
  speed,
}: Pick<MatchSegment, 'mirrored' | 'placement' | 'speed'>): string {
  return [
    mirrored ? 'mirrored' : '',
    placement ? placedWords(placement) : '',
    Math.abs(speed - 1) > 0.01 ? `at ${speed.toFixed(2)} times the speed of the other` : '',
  ]
    .filter(Boolean)
    .join(', ')
}

function placedWords({ sx, sy }: MatchPlacement): string {
  const [wide, high] = [sx - 1, sy - 1]
  const least = FOUND.resized
  if (wide > least && high > least) return 'cropped'
  if (wide < -least && high < -least)
    return sx < 0.8 && sy < 0.8 ? 'small inside a larger picture' : 'smaller, with a border'
  if (wide < -least || high < -least) return 'with bars added'
  return wide > least || high > least ? 'cropped on one side' : ''
}

function matchWords(kind: MatchKind, seconds: number, mirrored: boolean, segments: readonly MatchSegment[]): string {
  const long = `${Math.max(1, Math.round(seconds))} s`
  const how = [mirrored ? 'mirrored' : '', segments.length > 1 ? `in ${segments.length} stretches` : '']
  const what = { footage: 'same footage', scene: 'same scene, another take', undecided: 'frames alike', sound: 'same sound, other pictures' }[kind] // prettier-ignore
  return [what, long, ...how].filter(Boolean).join(', ')
}

/** Seconds of the new video that lie in any of the segments. */
export function covered(segments: readonly Pick<MatchSegment, 'from' | 'to'>[]): number {
  let [sum, until] = [0, 0]
  for (const { from, to } of segments.toSorted((a, b) => a.from - b.from)) {
    sum += Math.max(0, to - Math.max(from, until))
    until = Math.max(until, to)
  }
  return sum
}

/** Six decimals: equal text for equal input. */
const round = (value: number): number => Math.round(value * 1e6) / 1e6
