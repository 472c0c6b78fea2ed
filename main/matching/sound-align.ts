/**
 * Where the sound of one video runs in others. Words alike vote for a line in time, as frames do (`align.ts`); a line is
 * then held against the whole fingerprint on either side and grown as far as the bits agree (the drop-off rule of Altschul
 * et al., "Basic local alignment search tool", J. Mol. Biol. 1990). Only what agrees far beyond chance is kept.
 */
import { bestLine, refine, SPEEDS, type Hit, type Line } from './align.ts'
import { bitsSet } from './index/brute-force.ts'
import { SOUND_PRINT, wordAt, type SoundPrint } from './sound-print.ts'

export const SOUND_MATCHING = {
  /** Bits in which words differ at most to be looked at, and every how many steps one is looked up. */
  radius: 2,
  lookUpStep: 2,
  /** Words that must lie on a line before it is held against the fingerprints. */
  votes: 3,
  /** Seconds by which words may lie off a line. */
  off: 0.15,
  /** Lines of one video and pitch that may fail before no more are tried. */
  tries: 3,
  /** Steps on either side of a word that must agree before its line is looked at closely. */
  around: 8,
  /** Steps that a line is tried with when it is turned and moved a little. */
  sampled: 100,
  /** Share of wrong bits that a step may have on the way; other sound has 0.5. */
  enough: 0.33,
  /** Steps' worth of right bits by which a stretch may fall behind before it ends. */
  drop: 5,
  /**
   * Share of wrong bits of a stretch of n steps, at most: `surely` deviations below one half, one being `deviation` / √n (as
   * measured on speech of different persons, see docs/matching.md), and never more than `most`.
   */
  deviation: 0.15,
  surely: 8,
  most: 0.3,
  /** Steps of a stretch that say something, at least: 2.6 s. */
  least: 40,
} as const

const { step: STEP, reach: REACH } = SOUND_PRINT

/** A stretch of the new video's sound that runs along a stretch of a known one. */
export interface SoundStretch {
  /** Seconds of the new video; the known one's at `from`, and how many of it pass per second of the new one. */
  readonly from: number
  readonly to: number
  readonly knownFrom: number
  readonly speed: number
  /** Semitones by which the new sound is higher. */
  readonly pitch: number
  /** Steps of 64 ms in which both are heard, and the share of their bits that differ. */
  readonly steps: number
  readonly wrong: number
}

/** A step of the new sound whose word is like that of a known one. */
export interface WordHit {
  readonly step: number
  readonly known: number
}

/** Most bits that may be wrong in a stretch of so many steps, as a share. */
export const mostWrong = (steps: number): number =>
  Math.min(SOUND_MATCHING.most, 0.5 - (SOUND_MATCHING.surely * SOUND_MATCHING.deviation) / Math.sqrt(steps))

/** Speeds that go with a pitch: none or any with unchanged pitch, else that of a tape played faster. */
const SPEEDS_AT: readonly (readonly number[])[] = Array.from({ length: 2 * REACH + 1 }, (_, i) => {
  const pitch = i - REACH
  return pitch === 0
    ? SPEEDS
    : [1, ...SPEEDS.filter((speed) => Math.abs(12 * Math.log2(speed) - pitch) <= 0.75 && speed !== 1)]
})

/**
 * Stretches of one known video.
 * @param hits all with the new sound made `pitch` semitones lower
 */
export function alignSound(
  fresh: SoundPrint,
  known: SoundPrint,
  hits: readonly WordHit[],
  pitch: number,
): SoundStretch[] {
  const found: SoundStretch[] = []
  let left: Hit[] = hits.map(({ step, known: there }) => ({ fresh: step * STEP, known: there * STEP, weight: 1 }))
  for (let failed = 0; failed < SOUND_MATCHING.tries && left.length >= SOUND_MATCHING.votes;) {
    const line = bestLine(left, SOUND_MATCHING.off, SPEEDS_AT[pitch + REACH]!)
    if (!line || line.support < SOUND_MATCHING.votes) break
    const on = refine(left, line, SOUND_MATCHING.off)
    const stretch = on.hits.some((hit) => standsOut(fresh, known, hit, on.line.speed, pitch))
      ? grown(fresh, known, settle(fresh, known, on.line, on.hits, pitch), on.hits, pitch)
      : undefined
    const used = new Set(on.hits)
    if (stretch) found.push(stretch)
    else failed++
    left = left.filter((hit) => !used.has(hit) && !(stretch && hit.fresh >= stretch.from && hit.fresh <= stretch.to))
  }
  return found.sort((a, b) => a.from - b.from)
}

/** Whether the steps around a hit agree too: most lines through a few words are chance, and this tells at little cost. */
function standsOut(fresh: SoundPrint, known: SoundPrint, hit: Hit, speed: number, pitch: number): boolean {
  const step = Math.round(hit.fresh / STEP)
  const { around } = SOUND_MATCHING
  const line = { speed, shift: hit.known - speed * hit.fresh }
  const { steps, wrong } = compareSteps(fresh, known, line, pitch, step - around, step + around)
  return steps > around && wrong <= SOUND_MATCHING.enough
}

/** The line, within the tolerance of the votes, along which the steps between the hits differ least. */
function settle(fresh: SoundPrint, known: SoundPrint, line: Line, hits: readonly Hit[], pitch: number): Line {
  const [first, last] = [Math.round(hits[0]!.fresh / STEP), Math.round(hits.at(-1)!.fresh / STEP)]
  const every = Math.max(1, Math.floor((last - first) / SOUND_MATCHING.sampled))
  const middle = ((first + last) / 2) * STEP
  // A turn about the middle moves the ends by half a step.
  const turn = 1 / Math.max(32, last - first)
  let best = line
  let least = Infinity
  for (const turns of [0, 1, -1, 2, -2, 3, -3])
    for (let shift = -SOUND_MATCHING.off; shift <= SOUND_MATCHING.off; shift += STEP / 2) {
      const speed = line.speed + turns * turn
      const moved = { speed, shift: line.shift + shift - (speed - line.speed) * middle }
      const { wrong } = compareSteps(fresh, known, moved, pitch, first, last, every)
      if (wrong < least) [least, best] = [wrong, moved]
    }
  return best
}

/**
 * Steps `first` to `last` along a line: those in which both are heard, and the share of their bits that differ (1: none).
 * @param every how many steps one is looked at
 */
export function compareSteps(
  fresh: SoundPrint,
  known: SoundPrint,
  line: Line,
  pitch: number,
  first: number,
  last: number,
  every = 1,
): { steps: number; wrong: number } {
  let [steps, bits] = [0, 0]
  for (let step = first; step <= last; step += every) {
    const differ = bitsAt(fresh, known, line, pitch, step)
    if (differ === undefined) continue
    steps++
    bits += differ
  }
  return { steps, wrong: steps ? bits / (32 * steps) : 1 }
}

/** Bits that differ in a step; undefined where one of the two says nothing. */
export function bitsAt(
  fresh: SoundPrint,
  known: SoundPrint,
  { speed, shift }: Line,
  pitch: number,
  step: number,
): number | undefined {
  const there = Math.round(speed * step + shift / STEP)
  if (step < 0 || step >= fresh.words.length || there < 0 || there >= known.words.length) return undefined
  if (fresh.flat[step] || known.flat[there]) return undefined
  return bitsSet(wordAt(fresh, step, pitch) ^ known.words[there]!)
}

/** Grows from the hit around which most agrees, both ways, to where the bits stop to agree. */
function grown(
  fresh: SoundPrint,
  known: SoundPrint,
  line: Line,
  hits: readonly Hit[],
  pitch: number,
): SoundStretch | undefined {
  const around = ({ fresh: time }: Hit): number => {
    const step = Math.round(time / STEP)
    return compareSteps(fresh, known, line, pitch, step - SOUND_MATCHING.around, step + SOUND_MATCHING.around).wrong
  }
  const seed = hits.map((hit) => ({ step: Math.round(hit.fresh / STEP), wrong: around(hit) })).reduce((a, b) => (b.wrong < a.wrong ? b : a)) // prettier-ignore
  if (seed.wrong > SOUND_MATCHING.enough) return undefined
  const reach = (by: 1 | -1): number => {
    let [score, best, end] = [0, 0, seed.step]
    for (let step = seed.step; step >= 0 && step < fresh.words.length; step += by) {
      const there = Math.round(line.speed * step + line.shift / STEP)
      if (there < 0 || there >= known.words.length) break
      const differ = bitsAt(fresh, known, line, pitch, step)
      // Silence neither helps nor ends a stretch.
      score += differ === undefined ? 0 : (SOUND_MATCHING.enough - differ / 32) / SOUND_MATCHING.enough
      if (score > best) [best, end] = [score, step]
      else if (score < best - SOUND_MATCHING.drop) break
    }
    return end
  }
  const [first, last] = [reach(-1), reach(1)]
  const { steps, wrong } = compareSteps(fresh, known, line, pitch, first, last)
  if (steps < SOUND_MATCHING.least || wrong > mostWrong(steps)) return undefined
  const from = first * STEP
  return { from, to: last * STEP, knownFrom: line.speed * from + line.shift, speed: line.speed, pitch, steps, wrong }
}
