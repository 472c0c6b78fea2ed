/**
 * Lip-sync: does the visible mouth follow the speech? Faces give the mouth's place, the `motion` stream its movement, the
 * sound the speech; `lip-sync-agreement.ts` compares them.
 *
 * Score: 0 from 4 deviations above chance on, 0.5 at chance level, linear between, 0.75 at most. It says how little mouth
 * and sound agree, not why: dubbing, interpreting and a narrator over pictures do the same.
 */
import type { Observation, SignalSegment, Track } from '../contract/signals.ts'
import { streamsFor } from '../media/streams.ts'
import { drawChart, niceTicks } from './exhibit-plot.ts'
import { pictureExhibit } from './exhibit.ts'
import {
  AGREEMENT,
  agreementOf,
  framesIn,
  prepare,
  runsOf,
  type Agreement,
  type Material,
  type Piece,
} from './lip-sync-agreement.ts'
import { MOTION_RATE, MOUTH, MouthRecord, type MouthFrame } from './lip-sync-mouth.ts'
import { CURVES, SPEECH, SpeechRecord } from './lip-sync-sound.ts'
import { prefixed } from './parameters.ts'
import type { Exhibit, Signal, SignalContext, SignalResult } from './signal.ts'

export const READING = {
  /** Deviations above chance from which mouth and sound agree, and below which they do not. */
  agrees: 3,
  disagrees: 1.5,
  /** Seconds of a speaking face that are needed to say anything, and to say that they do not agree. */
  least: 4,
  leastToDisagree: 12,
  /** Root mean square of the loud parts over full scale below which there is nothing to hear: -50 dB. */
  leastLevel: 0.003,
  /**
   * Half of the frames have so many times more motion in the lips than in the rest of the face: below, where mouth and sound
   * do not agree either, nobody is seen speaking.
   */
  leastMouth: 1,
  /** Seconds: a delay beyond the usual ones that is told, and the difference between two halves that is drift. */
  drift: 0.16,
} as const

/** Three hours of motion frames. */
const MOST_FRAMES = 135_000
const TRACK_VALUES = 3600
const LISTED = 40

export const lipSync: Signal = {
  id: 'lip-sync',
  version: '1.0.0',
  title: 'Lip-sync',
  measures: 'Whether the motion of the visible mouth follows the speech, compared with speech from other moments.',
  counted: false,
  needs: ['motion'],
  needsSound: true,
  needsFaces: true,
  parameters: {
    rate: MOTION_RATE,
    mostFrames: MOST_FRAMES,
    ...prefixed('mouth', MOUTH),
    ...prefixed('speech', SPEECH),
    ...prefixed('agreement', AGREEMENT),
    ...prefixed('reading', READING),
  },
  start(context) {
    const mouth = new MouthRecord()
    const speech = new SpeechRecord()
    const width = streamsFor(['motion'], context.media.facts)[0]?.width ?? 0
    return {
      frame(frame) {
        if (frame.index < MOST_FRAMES) mouth.addFrame(frame)
      },
      faces(frame, faces) {
        if (frame.time * MOTION_RATE < MOST_FRAMES) mouth.addFaces(frame.time, faces, width / frame.stream.width)
      },
      sound: ({ samples }) => speech.add(samples),
      finish: () => conclude(context, mouth, speech),
    }
  },
}

async function conclude({ media }: SignalContext, mouth: MouthRecord, speech: SpeechRecord): Promise<SignalResult> {
  mouth.finish()
  const abstained = (reason: string): SignalResult => ({ state: 'abstained', reason })
  if (!media.facts.video.length) return abstained('there is no video stream')
  if (!media.facts.audio.length || !speech.count) return abstained('there is no sound')
  if (speech.level < READING.leastLevel) return abstained('the sound is silent')
  if (!mouth.widths.length)
    return abstained(mouth.tooSmall ? 'the faces are too small to see the lips move' : 'no face was found')
  const curves = speech.curves(mouth.seen)
  const material = prepare(mouth.frames, curves)
  const { pieces } = material
  const length = framesIn(pieces) / MOTION_RATE
  if (length < READING.least)
    return abstained(
      `only ${length.toFixed(1)} s show a large enough face while somebody speaks, ${READING.least} s are needed`,
    )
  const activity = mouthActivity(mouth.frames, pieces)
  const whole = agreementOf(material, pieces)
  if (!whole) return abstained('there is too little to compare with')
  const outcome = outcomeOf(whole)
  if (outcome !== 'agree' && activity < READING.leastMouth)
    return abstained('the lips of the visible face hardly move by themselves: somebody else may be speaking')
  if (outcome !== 'agree' && !enough(whole))
    return abstained(
      `only ${length.toFixed(1)} s show a speaking face: too little to tell whether mouth and speech go together, where they do not clearly agree`,
    )

  const wide = outcome === 'agree' ? null : agreementOf(material, pieces, true)
  const late = wide && wide.deviations >= READING.agrees + 1 ? wide : null
  const parts = partsOf(material)
  const apart = parts.filter((p) => p.agreement.deviations < READING.disagrees && enough(p.agreement))
  const observations = [
    ...readWhole(outcome, whole, late),
    ...(outcome === 'agree' ? apart : []).slice(0, LISTED).map(({ from, to }): Observation => ({
      code: 'lip-sync.part-disagrees',
      weight: 'context',
      at: from,
      text: `Between ${clock(from)} and ${clock(to)} mouth and sound do not go together, although elsewhere they do: another voice, dubbing, or a part that was changed.`,
    })),
    ...readDrift(material, outcome),
  ]
  const shown = outcome === 'disagree' && !late ? parts.filter((p) => enough(p.agreement)) : apart
  return {
    state: 'ran',
    score: scoreFor(late ?? whole),
    segments: shown.slice(0, LISTED).map(({ from, to, agreement }): SignalSegment => ({
      start: from,
      end: to,
      score: scoreFor(agreement),
      label: 'mouth and sound do not agree',
    })),
    observations,
    tracks: tracksOf(material, curves, mouth.seen),
    exhibits: [...(await charts(material, late ?? whole)), ...partTable(parts)],
    explanation: explain(outcome, late ?? whole, length),
    knownFailures: knownFailures(mouth, material, length, whole),
    domain: {
      'face width, px': median(mouth.widths),
      'seconds of a speaking face': length,
      'mouth activity': activity,
    },
  }
}

type Outcome = 'agree' | 'disagree' | 'undecided'

const enough = ({ frames }: Agreement) => frames >= READING.leastToDisagree * MOTION_RATE

function outcomeOf(agreement: Agreement): Outcome {
  if (agreement.deviations >= READING.agrees) return 'agree'
  return agreement.deviations < READING.disagrees && enough(agreement) ? 'disagree' : 'undecided'
}

const scoreFor = ({ deviations }: Agreement) => Math.min(0.75, Math.max(0, (4 - deviations) / 8))

const seconds = (value: number) => `${value.toFixed(2)} s`
const clock = (value: number) => `${value.toFixed(1)} s`
const delayed = (delay: number) =>
  delay === 0
    ? 'at the same time as the sound'
    : `${seconds(Math.abs(delay))} ${delay < 0 ? 'before' : 'after'} the sound`
const CANONICAL = 'Canonical correlation: Hotelling 1936; chance level from the moved sound'

function readWhole(outcome: Outcome, whole: Agreement, late: Agreement | null): Observation[] {
  const base = { weight: 'context' as const, reference: CANONICAL }
  if (late)
    return [
      {
        ...base,
        code: 'lip-sync.offset',
        text: `Mouth and sound agree only when shifted: the mouth moves ${delayed(late.delay)} (correlation ${late.best.toFixed(2)}, by chance ${late.level.toFixed(2)}). Re-encoding, live transmission and editing do this.`,
      },
    ]
  const figures = `correlation ${whole.best.toFixed(2)}, by chance up to ${whole.level.toFixed(2)}`
  if (outcome === 'agree')
    return [
      {
        ...base,
        code: 'lip-sync.agrees',
        text: `The mouth follows the speech (${figures}), ${delayed(whole.delay)}. Generated talking heads do so too.`,
      },
    ]
  if (outcome === 'disagree')
    return [
      {
        ...base,
        code: 'lip-sync.disagrees',
        text: `The visible mouth moves, but not with the sound (${figures}): another person speaks, the speech was dubbed or interpreted, or sound or mouth were replaced.`,
      },
    ]
  return [
    {
      ...base,
      code: 'lip-sync.undecided',
      text: `Too little to tell whether mouth and sound go together (${figures}).`,
    },
  ]
}

/** Whether the best delay of the second half differs from that of the first, where both agree. */
function readDrift(material: Material, outcome: Outcome): Observation[] {
  const { pieces } = material
  const half = pieces.length >> 1
  if (outcome !== 'agree' || half === 0) return []
  const [first, second] = [pieces.slice(0, half), pieces.slice(half)].map((part) => agreementOf(material, part))
  if (!first || !second || Math.min(first.deviations, second.deviations) < READING.agrees) return []
  const drift = second.delay - first.delay
  if (Math.abs(drift) < READING.drift) return []
  return [
    {
      code: 'lip-sync.drift',
      weight: 'context',
      text: `The delay between mouth and sound changes by ${seconds(Math.abs(drift))} from the first half to the second: sound and picture run at different speeds, or come from different takes.`,
      reference: CANONICAL,
    },
  ]
}

interface Part {
  /** Seconds. */
  readonly from: number
  readonly to: number
  readonly agreement: Agreement
}

/** Every run of one face by itself, where it is long enough to compare. */
function partsOf(material: Material): Part[] {
  const { frames, pieces } = material
  return runsOf(frames).flatMap((run) => {
    const own = pieces.filter((p) => p.from >= run.from && p.to <= run.to)
    const [first, last] = [own[0], own.at(-1)]
    const agreement = first && agreementOf(material, own)
    if (!first || !last || !agreement) return []
    const at = (i: number) => frames[i]!.index / MOTION_RATE
    return [{ from: at(first.from), to: at(last.to - 1) + 1 / MOTION_RATE, agreement }]
  })
}

/** Median ratio of the lips' motion to that of the rest of the face. */
function mouthActivity(frames: readonly MouthFrame[], pieces: readonly Piece[]): number {
  const ratios = pieces
    .flatMap(({ from, to }) => frames.slice(from, to))
    .filter(({ lips }) => Number.isFinite(lips))
    .map(({ lips, rest }) => lips / Math.max(1e-3, rest))
  return median(ratios)
}

function explain(outcome: Outcome, agreement: Agreement, length: number): string {
  const came = {
    agree: `they go together, ${agreement.deviations.toFixed(1)} deviations above chance, which does not make the video authentic`,
    disagree: 'they do not go together; that alone is no indicator of manipulation',
    undecided: 'the difference from chance is too small to say whether they go together',
  }[outcome]
  return `Compared the motion of the largest face's mouth with the speech over ${length.toFixed(0)} s, ${MOTION_RATE} times a second, against speech moved to other moments: ${came}.`
}

function knownFailures(mouth: MouthRecord, material: Material, length: number, whole: Agreement): string[] {
  const notes = ['Generated talking heads and re-voiced lips usually go with their speech: agreement clears nobody.']
  if (whole.deviations < READING.agrees)
    notes.push(
      'Voice-over, interpreting, dubbing, music under speech, beards, hands or microphones before the mouth, and strong head motion also lower the agreement.',
    )
  if (length < READING.leastToDisagree) notes.push(`Only ${length.toFixed(1)} s could be compared: little to go by.`)
  if (median(mouth.widths) < 2 * MOUTH.leastFace) notes.push('The face is small: the lips are only a few pixels high.')
  if (mouth.lost) notes.push(`${mouth.lost} small frames came long before their faces and were left out.`)
  if (mouth.seen >= MOST_FRAMES) notes.push('Only the first three hours were examined.')
  if (framesIn(material.pieces) >= AGREEMENT.most / 2 && material.frames.length > 2 * framesIn(material.pieces))
    notes.push('Of this long video, evenly spread pieces were examined.')
  return notes
}

/** Mouth motion and speech level over the whole video; gaps where no mouth was seen. */
function tracksOf({ frames, mouth }: Material, curves: Float64Array, seen: number): Track[] {
  const group = Math.max(1, Math.ceil(seen / TRACK_VALUES))
  const count = Math.ceil(seen / group)
  const motion: (number | null)[] = Array.from({ length: count }, () => null)
  const level: (number | null)[] = Array.from({ length: count }, () => null)
  frames.forEach(({ index }, i) => {
    const at = Math.floor(index / group)
    motion[at] = Math.max(motion[at] ?? Number.NEGATIVE_INFINITY, mouth[2 * i]!)
  })
  for (let i = 0; i < seen; i++) {
    const at = Math.floor(i / group)
    level[at] = Math.max(level[at] ?? Number.NEGATIVE_INFINITY, 10 * curves[i * CURVES]!)
  }
  const step = group / MOTION_RATE
  return [
    { label: 'Mouth motion', unit: 'deviations from its mean', start: 0, step, values: motion },
    { label: 'Speech level', unit: 'dB below the loud parts', start: 0, step, values: level },
  ]
}

const MOUTH_COLOUR = [200, 65, 90] as const
const SPEECH_COLOUR = [50, 90, 170] as const

async function charts(material: Material, shown: Agreement): Promise<Exhibit[]> {
  const exhibits: Exhibit[] = []
  const { frames, pieces } = material
  const place = bestPiece(pieces, shown)
  if (place) {
    const times = Array.from({ length: place.count }, (_, i) => frames[place.piece.from + i]!.index / MOTION_RATE)
    const of = (curve: Float64Array) => scaled([...curve.subarray(place.at, place.at + place.count)])
    const [lips, sound] = [of(shown.pair.mouth), of(shown.pair.speech)]
    exhibits.push(
      await pictureExhibit(
        drawChart({
          width: 760,
          height: 260,
          x: { low: times[0]!, high: times.at(-1)!, label: 'seconds', ticks: niceTicks(times[0]!, times.at(-1)!, 8) },
          y: { low: -3, high: 3, label: 'deviations from the mean', ticks: [-2, 0, 2] },
          series: [
            { kind: 'line', x: times, y: sound, colour: SPEECH_COLOUR },
            { kind: 'line', x: times, y: lips, colour: MOUTH_COLOUR },
          ],
        }),
        {
          caption: `Mouth (red: motion of the lips and darkness between them) and speech (blue: its level and bands, mixed as they fit the mouth best) where they go together best, with the sound moved by ${seconds(shown.delay)}.`,
          at: times[0]!,
        },
      ),
    )
  }
  const delays = Array.from(shown.byDelay, (_, i) => (i - AGREEMENT.shown) / MOTION_RATE)
  const top = Math.max(0.5, Math.ceil(10 * Math.max(...shown.byDelay)) / 10)
  exhibits.push(
    await pictureExhibit(
      drawChart({
        width: 560,
        height: 260,
        x: {
          low: delays[0]!,
          high: delays.at(-1)!,
          label: 'mouth after sound: seconds',
          ticks: [-0.8, -0.4, 0, 0.4, 0.8],
        },
        y: { low: 0, high: top, label: 'correlation', ticks: niceTicks(0, top, 5) },
        series: [{ kind: 'line', x: delays, y: shown.byDelay, colour: MOUTH_COLOUR }],
        rule: { at: shown.level, colour: [120, 124, 134] },
      }),
      {
        caption:
          'How well mouth and speech go together by the delay between them. The grey line is what one in twenty gets with the speech moved to another moment.',
      },
    ),
  )
  return exhibits
}

/** The piece in which the pair of curves goes together best, and where in the pair it begins. */
function bestPiece(pieces: readonly Piece[], { pair }: Agreement) {
  let best: { piece: Piece; at: number; count: number; value: number } | undefined
  let at = 0
  for (const piece of pieces) {
    const count = piece.to - piece.from
    const lips = scaled([...pair.mouth.subarray(at, at + count)])
    const sound = scaled([...pair.speech.subarray(at, at + count)])
    const value = lips.reduce((sum, v, i) => sum + v * sound[i]!, 0) / count
    if (!best || value > best.value) best = { piece, at, count, value }
    at += count
  }
  return best
}

function partTable(parts: readonly Part[]): Exhibit[] {
  if (!parts.length) return []
  const left = parts.length - LISTED
  return [
    {
      kind: 'table',
      caption: `Stretches that show one speaking face${left > 0 ? ` (the first ${LISTED} of ${parts.length})` : ''}: how far mouth and speech go together, in deviations above chance.`,
      columns: ['From', 'To', 'Agreement', 'Mouth after sound'],
      rows: parts
        .slice(0, LISTED)
        .map(({ from, to, agreement }) => [
          clock(from),
          clock(to),
          agreement.deviations.toFixed(1),
          agreement.deviations >= READING.agrees ? seconds(agreement.delay) : '–',
        ]),
    },
  ]
}

function scaled(values: readonly number[]): number[] {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length) || 1
  return values.map((v) => (v - mean) / deviation)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}
