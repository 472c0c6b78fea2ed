/**
 * Altered faces (exchanged, re-enacted, regenerated, blended in) and heads generated as a whole: two small networks look at
 * aligned face crops of the `detail` frames; the means of their logits are gathered per face track. Abstains where no face is
 * large and clear enough for long enough. Its score is no probability: what it is worth stands in its calibration, and
 * without one it carries no weight.
 */
import type { SignalSegment, Track } from '../contract/signals.ts'
import type { Region } from '../contract/common.ts'
import type { Frame } from '../media/types.ts'
import { bitsPerPixel } from './bits-per-pixel.ts'
import { pictureExhibit } from './exhibit.ts'
import { cropBesideMap } from './face-manipulation-pictures.ts'
import {
  READING,
  readTracks,
  running,
  sigmoid,
  type CropReading,
  type TrackReading,
} from './face-manipulation-reading.ts'
import { lowerMedian, push, regionOf, seenDomain, seenOf, stretches, around, type Seen } from './face-record.ts'
import { frameStep, largest, leftOut, SAMPLING } from './face-sampling.ts'
import { sharedCrop } from './faces/align.ts'
import type { Face } from './faces/face.ts'
import type { ModelRunner } from './onnx.ts'
import { prefixed } from './parameters.ts'
import type { Exhibit, Signal, SignalContext, SignalResult } from './signal.ts'

const MODEL = 'face-manipulation'
const PARAMETERS = {
  model: MODEL,
  /** Side of the crop, pixels, and how many widths of the usual template it shows: the face with a rim around it. */
  crop: 128,
  context: 1.25,
  batch: 8,
  /** Running score from which a stretch is listed; how many stretches, curves and pictures there are at most. */
  segmentScore: 0.8,
  mostSegments: 40,
  mostTracks: 6,
  mostPictures: 3,
  /** Bits per pixel and frame under which little of the fine detail is left. */
  fewBits: 0.05,
  /** Bits per pixel and frame from which compression takes nothing that the network could read: more says no more. */
  manyBits: 0.5,
  /** Face height, pixels, under which the crop is enlarged more than its detail bears. */
  smallFace: 80,
} as const

export const faceManipulation: Signal = {
  id: 'face-manipulation',
  version: '1.3.0',
  title: 'Face manipulation',
  measures:
    'Traces of altered faces (exchanged, re-enacted, regenerated, blended in) and of generated heads, by two trained networks, face by face.',
  counted: true,
  // Alterations of kinds that it was not trained on read like genuine faces.
  raisesOnly: true,
  needs: [],
  needsSound: false,
  needsFaces: true,
  parameters: {
    ...PARAMETERS,
    ...prefixed('sampling', SAMPLING),
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

/** A face waiting for the network, or looked at. */
interface Sighting {
  readonly track: number
  readonly index: number
  readonly time: number
  readonly crop: Uint8Array
  readonly region: Region
}
interface Worst extends Sighting {
  readonly logit: number
  readonly map: Float32Array
}

class Measurement {
  readonly #context: SignalContext
  readonly #density: number | null
  readonly #waiting: Sighting[] = []
  readonly #crops: CropReading[] = []
  readonly #regions = new Map<CropReading, Region>()
  readonly #worst = new Map<number, Worst>()
  readonly #seen = new Map<number, Seen[]>()
  readonly #left = { small: 0, unsure: 0, turned: 0, blurred: 0 }
  #faces = 0
  #rate = 2
  #until = -1
  #model: ModelRunner | undefined

  constructor(context: SignalContext) {
    this.#context = context
    this.#density = bitsPerPixel(context.media)
  }

  async frame(frame: Frame, faces: readonly Face[]): Promise<void> {
    const { width, height, rate } = frame.stream
    this.#rate = rate
    const step = frameStep(this.#context.media.facts.container.duration ?? null, rate)
    if (frame.index % step && frame.index > this.#until) return
    this.#faces += faces.length
    const usable = faces.filter((face) => {
      const reason = leftOut(face)
      if (reason) this.#left[reason]++
      return !reason
    })
    for (const face of largest(usable)) {
      this.#waiting.push({
        track: face.track,
        index: frame.index,
        time: frame.time,
        crop: sharedCrop({ data: frame.data, width, height }, face, PARAMETERS.crop, PARAMETERS.context),
        region: regionOf(face, frame.stream),
      })
      push(this.#seen, face.track, seenOf(face))
    }
    if (this.#waiting.length >= PARAMETERS.batch) await this.#look()
  }

  /** Runs the network on what waits. */
  async #look(): Promise<void> {
    const batch = this.#waiting.splice(0)
    if (!batch.length) return
    this.#model ??= await this.#context.model(MODEL)
    const size = PARAMETERS.crop ** 2 * 3
    const data = new Uint8Array(batch.length * size)
    for (const [i, { crop }] of batch.entries()) data.set(crop, i * size)
    const outputs = await this.#model.run({
      faces: { data, dims: [batch.length, PARAMETERS.crop, PARAMETERS.crop, 3] },
    })
    const logits = outputs['logit']!.data
    const maps = outputs['heat']!.data
    const cells = maps.length / batch.length
    let sum = 0
    for (const [i, sighting] of batch.entries()) {
      const { track, index, time, region } = sighting
      const logit = logits[i]!
      const reading = { track, index, time, logit }
      sum += logit
      this.#crops.push(reading)
      this.#regions.set(reading, region)
      const worst = this.#worst.get(track)
      if (!worst || logit > worst.logit)
        this.#worst.set(track, { ...sighting, logit, map: maps.slice(i * cells, (i + 1) * cells) })
    }
    if (sum / batch.length >= SAMPLING.closerFrom) this.#until = batch.at(-1)!.index + SAMPLING.closerFrames
  }

  async finish(): Promise<SignalResult> {
    await this.#look()
    const tracks = readTracks(this.#crops)
    const [first] = tracks
    if (!first) return { state: 'abstained', reason: this.#tooLittle() }
    const score = sigmoid(first.logit)
    const looked = tracks.reduce((sum, { crops }) => sum + crops.length, 0)
    return {
      state: 'ran',
      score,
      segments: this.#segments(tracks),
      observations: [
        {
          code: 'face-manipulation.reading',
          weight: 'context',
          text: tracks.slice(0, 3).map(sentence).join(' '),
          reference: 'Model card of face-manipulation',
        },
      ],
      tracks: tracks.slice(0, PARAMETERS.mostTracks).map((track) => this.#curve(track)),
      exhibits: await this.#exhibits(tracks),
      explanation: `Looked for traces of alteration in ${looked} picture${looked === 1 ? '' : 's'} of ${tracks.length} face${tracks.length === 1 ? '' : 's'}; the highest reading is ${score.toFixed(2)} (face track ${first.track}), which is no probability.`,
      knownFailures: this.#knownFailures(first),
      model: this.#model && { id: this.#model.id, version: this.#model.version, sha256: this.#model.sha256 },
      domain: seenDomain(this.#seen.get(first.track)!, this.#density, PARAMETERS.manyBits),
    }
  }

  #tooLittle(): string {
    if (!this.#faces) return 'no face was found'
    const { small, unsure, turned, blurred } = this.#left
    const reasons = [
      small && `${small} smaller than ${SAMPLING.leastSize} pixels`,
      turned && `${turned} turned too far away`,
      blurred && `${blurred} too blurred`,
      unsure && `${unsure} not surely faces`,
    ].filter(Boolean)
    const why = reasons.length ? ` (left out: ${reasons.join(', ')})` : ''
    return `no face of ${SAMPLING.leastSize} pixels or more was seen clearly in ${READING.leastCrops} pictures over ${READING.leastSeconds} s${why}`
  }

  /** Stretches of a track over which the running score stays high. */
  #segments(tracks: readonly TrackReading[]): SignalSegment[] {
    const segments: SignalSegment[] = []
    for (const { track, crops } of tracks) {
      const levels = running(crops).map(sigmoid)
      for (const [from, to] of stretches(levels, PARAMETERS.segmentScore)) {
        const members = crops.slice(from, to + 1)
        segments.push({
          start: crops[from]!.time,
          end: crops[to]!.time + 1 / this.#rate,
          score: Math.max(...levels.slice(from, to + 1)),
          label: `High reading on face track ${track}`,
          region: around(members.map((crop) => this.#regions.get(crop)!)),
        })
      }
    }
    return segments.sort((a, b) => b.score - a.score || a.start - b.start).slice(0, PARAMETERS.mostSegments)
  }

  #curve({ track, crops }: TrackReading): Track {
    const levels = running(crops)
    const first = crops[0]!.index
    const values: (number | null)[] = Array.from({ length: crops.at(-1)!.index - first + 1 }, () => null)
    for (const [i, { index }] of crops.entries()) values[index - first] = sigmoid(levels[i]!)
    return {
      label: `Reading of face track ${track} (not a probability)`,
      unit: '0 to 1',
      start: crops[0]!.time,
      step: 1 / this.#rate,
      values,
    }
  }

  async #exhibits(tracks: readonly TrackReading[]): Promise<Exhibit[]> {
    const exhibits: Exhibit[] = []
    for (const { track } of tracks.slice(0, PARAMETERS.mostPictures)) {
      const worst = this.#worst.get(track)!
      exhibits.push(
        await pictureExhibit(cropBesideMap(worst.crop, PARAMETERS.crop, worst.map), {
          caption: `Face track ${track} where its reading is highest (${sigmoid(worst.logit).toFixed(2)}): as it is, and in grey with the network's map over it. From violet to yellow: where it read traces, the more the lighter; one colour over the whole face: no part stands out. Look there for borders, doubled brows or outlines, a change of sharpness or colour; teeth, ears and hair that change shape, and eyes that do not hold.`,
          at: worst.time,
          region: worst.region,
        }),
      )
    }
    return exhibits
  }

  #knownFailures({ track, crops }: TrackReading): string[] {
    const notes = [
      'Trained on alterations of our own making; methods that leave other traces, or none, are missed.',
      'Make-up, beauty filters, glasses, hands and captions across the face, and hard light can read like alterations.',
    ]
    const height = lowerMedian(this.#seen.get(track)!.map((s) => s.height))
    if (height < PARAMETERS.smallFace)
      notes.push(`The face is ${Math.round(height)} pixels high: little of what blending leaves can be seen.`)
    if (this.#density !== null && this.#density < PARAMETERS.fewBits)
      notes.push(
        `At ${this.#density.toFixed(3)} bits per pixel most fine detail is the encoder's, and traces may be gone.`,
      )
    if (crops.length < 2 * READING.leastCrops) notes.push(`Only ${crops.length} pictures of the face could be read.`)
    return notes
  }
}

const sentence = ({ track, logit, crops }: TrackReading) =>
  `Face track ${track}: ${sigmoid(logit).toFixed(2)} over ${crops.length} pictures.`
