/**
 * Animated portraits: a talking head made from one photograph. Pairs of moments of each face, one to four seconds apart, are
 * registered densely; what then still differs in the fine detail is compared with how much the face moved. Before a camera both
 * grow together. Abstains where no face is large and clear enough for long enough, or none moves but as a whole. No network; the
 * score is no probability: what it is worth stands in its calibration.
 */
import type { Region } from '../contract/common.ts'
import type { SignalSegment, Track } from '../contract/signals.ts'
import type { Frame } from '../media/types.ts'
import { bitsPerPixel } from './bits-per-pixel.ts'
import { pictureExhibit } from './exhibit.ts'
import { around, lowerMedian, push, regionOf, seenDomain, seenOf, stretches, type Seen } from './face-record.ts'
import { burst, frameStep, largest, leftOut, SAMPLING } from './face-sampling.ts'
import { sharedCrop } from './faces/align.ts'
import type { Face } from './faces/face.ts'
import { compare, look, PAIRS, type Comparison, type Look } from './portrait-animation-pairs.ts'
import { pairBesideRest } from './portrait-animation-pictures.ts'
import {
  makesPair,
  readingAt,
  READING,
  readTracks,
  scoreFor,
  type PairReading,
  type TrackReading,
} from './portrait-animation-reading.ts'
import { prefixed } from './parameters.ts'
import type { Exhibit, Signal, SignalContext, SignalResult } from './signal.ts'

const PARAMETERS = {
  /** Running score from which a stretch is listed; how many stretches, curves and pictures there are at most. */
  segmentScore: 0.7,
  mostSegments: 40,
  mostTracks: 6,
  mostPictures: 3,
  /** Bits per pixel and frame from which compression takes nothing that is compared: more says no more. */
  manyBits: 0.5,
} as const

export const portraitAnimation: Signal = {
  id: 'portrait-animation',
  version: '1.0.0',
  title: 'Animated portrait',
  measures:
    'Whether the fine detail of a talking face only ever moves, as when one photograph is animated, or also changes, as before a camera.',
  counted: true,
  // Footage that was altered in another way, or made by a generator that invents detail anew, reads like genuine footage.
  raisesOnly: true,
  needs: [],
  needsSound: false,
  needsFaces: true,
  parameters: {
    ...PARAMETERS,
    ...prefixed('sampling', SAMPLING),
    ...prefixed('pairs', PAIRS),
    ...prefixed('reading', READING),
  },
  start(context) {
    const measurement = new Measurement(context)
    return {
      faces: (frame, faces) => measurement.frame(frame, faces),
      finish: () => measurement.finish(),
    }
  },
}

interface Sighting {
  readonly look: Look
  readonly region: Region
}
interface Shown {
  readonly first: Sighting
  readonly second: Sighting
  readonly comparison: Comparison
}

class Measurement {
  readonly #density: number | null
  readonly #step: (rate: number) => number
  /** Per track the moments that a later one can still be compared with. */
  readonly #recent = new Map<number, Sighting[]>()
  readonly #pairs = new Map<number, PairReading[]>()
  readonly #regions = new Map<PairReading, Region>()
  /** Per track the pair that moved most among those that read no lower than most of that track. */
  readonly #shown = new Map<number, Shown>()
  readonly #seen = new Map<number, Seen[]>()
  #faces = 0

  constructor({ media }: SignalContext) {
    this.#density = bitsPerPixel(media)
    this.#step = (rate) => frameStep(media.facts.container.duration ?? null, rate)
  }

  frame(frame: Frame, faces: readonly Face[]): void {
    const { width, height, rate } = frame.stream
    if (!burst(frame.index, this.#step(rate))) return
    this.#faces += faces.length
    for (const face of largest(faces.filter((face) => !leftOut(face)))) {
      const crop = sharedCrop({ data: frame.data, width, height }, face, PAIRS.crop, PAIRS.context)
      push(this.#seen, face.track, seenOf(face))
      this.#meet(face.track, { look: look(crop, frame.time), region: regionOf(face, frame.stream) })
    }
    this.#forget(frame.time)
  }

  /** Compares a new moment of a face with those before it. */
  #meet(track: number, second: Sighting): void {
    for (const first of this.#recent.get(track) ?? []) {
      if (!makesPair(first.look.time, second.look.time)) continue
      const comparison = compare(first.look, second.look)
      const { value, motion, bend } = comparison
      const pair: PairReading = { from: first.look.time, to: second.look.time, value, motion, bend }
      push(this.#pairs, track, pair)
      this.#regions.set(pair, second.region)
      const shown = this.#shown.get(track)
      const usual = lowerMedian(this.#pairs.get(track)!.map((known) => known.value))
      if (value >= usual && motion > (shown?.comparison.motion ?? -1))
        this.#shown.set(track, { first, second, comparison })
    }
    push(this.#recent, track, second)
  }

  /** Lets go of what lies too far back to be compared with. */
  #forget(now: number): void {
    const oldest = now - Math.max(...READING.apart) - READING.slack
    for (const [track, sightings] of this.#recent) {
      const kept = sightings.filter(({ look }) => look.time >= oldest)
      if (kept.length) this.#recent.set(track, kept)
      else this.#recent.delete(track)
    }
  }

  async finish(): Promise<SignalResult> {
    const { read, still } = readTracks(this.#pairs)
    const [first] = read
    if (!first) return { state: 'abstained', reason: this.#tooLittle(still) }
    const score = scoreFor(first.value)
    const pairs = read.reduce((sum, track) => sum + track.pairs.length, 0)
    return {
      state: 'ran',
      score,
      segments: this.#segments(read),
      observations: [
        {
          code: 'portrait-animation.reading',
          weight: 'context',
          text: read.slice(0, 3).map(sentence).join(' '),
          reference: 'Registration: Lucas & Kanade 1981',
        },
      ],
      tracks: read.slice(0, PARAMETERS.mostTracks).map(curve),
      exhibits: await this.#exhibits(read),
      explanation: `How far the detail of a face only moved, as when one photograph is animated: ${score.toFixed(2)} at most (face track ${first.track}), which is no probability. ${pairs} pairs of moments of ${read.length} face${read.length === 1 ? '' : 's'}, one to four seconds apart, were compared.`,
      knownFailures: [
        'A photograph that is bent before a camera, strong noise reduction and beauty filters can also leave a face whose detail only moves.',
        'A person who speaks calmly before a steady camera comes near an animated portrait; generators that invent detail anew in every picture do not.',
      ],
      domain: {
        ...seenDomain(this.#seen.get(first.track)!, this.#density, PARAMETERS.manyBits),
        'motion, px': first.motion,
      },
    }
  }

  #tooLittle(still: number): string {
    if (!this.#faces) return 'no face was found'
    if (still)
      return 'the face keeps still, or is only shifted, zoomed or turned as a whole, as a photograph on the screen is: it would look the same before a camera'
    return `no face of ${SAMPLING.leastSize} pixels or more was seen clearly and often enough over ${READING.leastSeconds} s`
  }

  /** Stretches of a track over which the running score stays high. */
  #segments(tracks: readonly TrackReading[]): SignalSegment[] {
    const segments: SignalSegment[] = []
    for (const { track, pairs } of tracks) {
      const times = momentsOf(pairs)
      const levels = times.map((time) => scoreAt(pairs, time) ?? 0)
      for (const [from, to] of stretches(levels, PARAMETERS.segmentScore)) {
        const inside = pairs.filter((pair) => pair.to >= times[from]! && pair.from <= times[to]!)
        segments.push({
          start: times[from]!,
          end: times[to]!,
          score: Math.max(...levels.slice(from, to + 1)),
          label: `Detail of face track ${track} only moves`,
          region: around(inside.map((pair) => this.#regions.get(pair)!)),
        })
      }
    }
    return segments.sort((a, b) => b.score - a.score || a.start - b.start).slice(0, PARAMETERS.mostSegments)
  }

  async #exhibits(tracks: readonly TrackReading[]): Promise<Exhibit[]> {
    const exhibits: Exhibit[] = []
    for (const { track } of tracks.slice(0, PARAMETERS.mostPictures)) {
      const { first, second, comparison } = this.#shown.get(track)!
      const unexplained = Math.round((1 - comparison.agreement) * 100)
      exhibits.push(
        await pictureExhibit(pairBesideRest(first.look, second.look, comparison.field), {
          caption: `Face track ${track} at ${first.look.time.toFixed(1)} s and at ${second.look.time.toFixed(1)} s, and in grey the first again, with what motion does not explain between them from violet to yellow: ${unexplained} % of the fine detail, though the parts of the face moved by ${comparison.motion.toFixed(1)} pixels against each other. Where little is coloured although mouth and eyes changed, one picture was moved; before a camera teeth, lips, folds and light differ.`,
          at: second.look.time,
          region: second.region,
        }),
      )
    }
    return exhibits
  }
}

const sentence = ({ track, value, motion, pairs }: TrackReading) =>
  `Face track ${track}: ${scoreFor(value).toFixed(2)} over ${pairs.length} pairs of moments, moving by ${motion.toFixed(1)} pixels.`

const momentsOf = (pairs: readonly PairReading[]): number[] =>
  [...new Set(pairs.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b)

function scoreAt(pairs: readonly PairReading[], time: number): number | null {
  const value = readingAt(pairs, time)
  return value === null ? null : scoreFor(value)
}

/** The running score, once a second. */
function curve({ track, pairs }: TrackReading): Track {
  const times = momentsOf(pairs)
  const start = times[0]!
  return {
    label: `Reading of face track ${track} (not a probability)`,
    unit: '0 to 1',
    start,
    step: 1,
    values: Array.from({ length: Math.floor(times.at(-1)! - start) + 1 }, (_, i) => scoreAt(pairs, start + i)),
  }
}
