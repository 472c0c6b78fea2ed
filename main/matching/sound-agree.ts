/** Where the pictures of two videos agree: is their sound the same there, another, or is there none to compare? */
import type { Line, Stretch } from './align.ts'
import { bitsAt, compareSteps, type SoundStretch } from './sound-align.ts'
import { SOUND_PRINT, type SoundPrint } from './sound-print.ts'

export interface SoundAgreement {
  /**
   * True: the same sound wherever both are heard. False: for a while at least the new video has another sound (replaced, or
   * covered by a voice or music). Null: too little is heard in one or both to say.
   */
  readonly agrees: boolean | null
  /** 0..1: ten seconds that say so are 1. */
  readonly strength: number
  /** Seconds in which both are heard and are the same, and stretches of the new video in which they are not. */
  readonly seconds: number
  readonly differs: readonly { readonly from: number; readonly to: number }[]
  /** Share of bits that differ where they are the same; null where they never are. */
  readonly wrong: number | null
  /** Seconds in which only the new or only the known video is heard. */
  readonly onlyFresh: number
  readonly onlyKnown: number
  /** The known time at the start of the stretch, and the speed, as the sound has it; null where it does not agree. */
  readonly line: { readonly knownFrom: number; readonly speed: number } | null
}

const { step: STEP, reach: REACH } = SOUND_PRINT

export const AGREEMENT = {
  /** Seconds by which the pictures may be wrong about the time, and by how much of 1 about the speed. */
  reach: 2,
  speed: 0.015,
  /** Steps around one that decide about it, and how many of them must be heard in both. */
  window: 31,
  heard: 16,
  /** Share of wrong bits up to which such a window is the same sound, and from which it is another. */
  same: 0.34,
  other: 0.42,
  /** Seconds in all that say one or the other, at least. */
  least: 2,
  /** Seconds that make the strength 1. */
  full: 10,
  /** Steps that each line is tried with. */
  sampled: 500,
} as const

type Span = Pick<Stretch, 'from' | 'to' | 'knownFrom' | 'speed'>

/**
 * @param heard stretches of the new sound that were found in the known one: their lines are tried too
 * @returns null where one of the two has no sound at all
 */
export function soundsAlike(
  fresh: SoundPrint,
  known: SoundPrint,
  span: Span,
  heard: readonly SoundStretch[] = [],
): SoundAgreement | null {
  if (!fresh.words.length || !known.words.length) return null
  const first = Math.max(0, Math.round(span.from / STEP))
  const last = Math.min(fresh.words.length - 1, Math.round(span.to / STEP))
  const { line, pitch } = closest(fresh, known, lines(span, heard), first, last)
  const verdicts = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => verdictAt(fresh, known, line, pitch, first + i, first, last)) // prettier-ignore
  const seconds = STEP * verdicts.filter((verdict) => verdict === 'same').length
  const differs = runs(verdicts, first)
  const other = differs.reduce((sum, { from, to }) => sum + to - from, 0)
  const agrees = other >= AGREEMENT.least ? false : seconds >= AGREEMENT.least ? true : null
  const said = agrees === null ? 0 : agrees ? seconds : other
  const same = compareWhere(verdicts, (i) => bitsAt(fresh, known, line, pitch, first + i))
  return {
    agrees,
    strength: Math.min(1, said / AGREEMENT.full),
    seconds,
    differs: agrees === false ? differs : [],
    wrong: same,
    ...alone(fresh, known, line, first, last),
    line: seconds >= AGREEMENT.least ? { knownFrom: line.shift + line.speed * span.from, speed: line.speed } : null,
  }
}

interface Laid {
  readonly line: Line
  readonly pitch: number
}

/** Lines near that of the pictures, and those of the sound that lie near it. */
function lines(span: Span, heard: readonly SoundStretch[]): Laid[] {
  const half = (span.to - span.from) / 2
  const [at, there] = [span.from + half, span.knownFrom + span.speed * half]
  const shiftOf = (speed: number, shift: number): number => there + shift - speed * at
  const tape = Math.max(-REACH, Math.min(REACH, Math.round(12 * Math.log2(span.speed))))
  const found: Laid[] = [{ line: { speed: span.speed, shift: shiftOf(span.speed, 0) }, pitch: 0 }]
  for (const { from, knownFrom, speed, pitch } of heard) {
    const shift = knownFrom - speed * from
    if (Math.abs(speed * at + shift - there) <= AGREEMENT.reach) found.push({ line: { speed, shift }, pitch })
  }
  for (const pitch of new Set([0, tape]))
    for (let turn = -3; turn <= 3; turn++) {
      const speed = span.speed * (1 + (turn * AGREEMENT.speed) / 3)
      for (let shift = -AGREEMENT.reach; shift <= AGREEMENT.reach; shift += STEP)
        found.push({ line: { speed, shift: shiftOf(speed, shift) }, pitch })
    }
  return found
}

/** The line along which the fewest bits differ, by at most `AGREEMENT.sampled` steps. */
function closest(fresh: SoundPrint, known: SoundPrint, tried: readonly Laid[], first: number, last: number): Laid {
  const every = Math.max(1, Math.floor((last - first) / AGREEMENT.sampled))
  let best = tried[0]!
  let least = Infinity
  for (const laid of tried) {
    const { wrong, steps } = compareSteps(fresh, known, laid.line, laid.pitch, first, last, every)
    if (steps >= AGREEMENT.heard && wrong < least) [least, best] = [wrong, laid]
  }
  return best
}

type Verdict = 'same' | 'other' | 'unsure'

function verdictAt(
  fresh: SoundPrint,
  known: SoundPrint,
  line: Line,
  pitch: number,
  step: number,
  first: number,
  last: number,
): Verdict {
  if (bitsAt(fresh, known, line, pitch, step) === undefined) return 'unsure'
  const half = (AGREEMENT.window - 1) / 2
  // At the ends the window lies inside the stretch.
  const from = Math.max(first, Math.min(step - half, last - 2 * half))
  const { steps, wrong } = compareSteps(fresh, known, line, pitch, from, Math.min(last, from + 2 * half))
  if (steps < AGREEMENT.heard) return 'unsure'
  return wrong <= AGREEMENT.same ? 'same' : wrong >= AGREEMENT.other ? 'other' : 'unsure'
}

/** Stretches of another sound, seconds; what is unsure between two of them belongs to them. */
function runs(verdicts: readonly Verdict[], first: number): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = []
  let joins = false
  verdicts.forEach((verdict, i) => {
    const to = (first + i + 1) * STEP
    if (verdict === 'same') joins = false
    if (verdict !== 'other') return
    const open = joins ? found.pop() : undefined
    found.push({ from: open?.from ?? to - STEP, to })
    joins = true
  })
  return found
}

function compareWhere(verdicts: readonly Verdict[], bits: (i: number) => number | undefined): number | null {
  let [sum, steps] = [0, 0]
  verdicts.forEach((verdict, i) => {
    if (verdict !== 'same') return
    sum += bits(i) ?? 0
    steps++
  })
  return steps ? sum / (32 * steps) : null
}

function alone(
  fresh: SoundPrint,
  known: SoundPrint,
  line: Line,
  first: number,
  last: number,
): { onlyFresh: number; onlyKnown: number } {
  let [onlyFresh, onlyKnown] = [0, 0]
  for (let step = first; step <= last; step++) {
    const there = Math.round(line.speed * step + line.shift / STEP)
    const [heardFresh, heardKnown] = [fresh.flat[step] === 0, known.flat[there] === 0]
    if (heardFresh && !heardKnown) onlyFresh += STEP
    if (heardKnown && !heardFresh) onlyKnown += STEP
  }
  return { onlyFresh, onlyKnown }
}
