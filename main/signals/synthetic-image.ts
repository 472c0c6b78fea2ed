/**
 * Generated heads: a small network looks at patches of the `detail` frames over the heads, at their own size, for the traces that
 * the up-sampling layers of generators leave in the noise residual. Abstains where no head is large enough, and where enlargement,
 * smoothing or compression has taken them away. It gives no indicators of its own: what a score is worth is said by its calibration.
 */
import type { SignalSegment, Track } from '../contract/signals.ts'
import type { Frame } from '../media/types.ts'
import { bitsPerPixel } from './bits-per-pixel.ts'
import { pictureExhibit } from './exhibit.ts'
import type { Face } from './faces/face.ts'
import type { ModelRunner } from './onnx.ts'
import { prefixed } from './parameters.ts'
import type { Exhibit, Signal, SignalContext, SignalResult } from './signal.ts'
import { choosePlaces, cutPatch, detailOf, PATCH, PATCHES, type Detail, type Place } from './synthetic-image-patches.ts'
import { around, mapBeside, type LookedAt, type MappedPatch } from './synthetic-image-pictures.ts'
import { median, READING, readHeads, sigmoid, type HeadReading, type PatchReading } from './synthetic-image-reading.ts'

const MODEL = 'synthetic-image'
const PARAMETERS = {
  model: MODEL,
  patch: PATCH,
  /** Frames to look at; they lie evenly in the video, and so many at most where its length is not known. */
  frames: 12,
  mostFrames: 40,
  /** Bits per pixel and frame: under the first nothing is measured, under the second little is left. */
  leastBits: 0.03,
  fewBits: 0.1,
  /** Score from which a stretch is listed, and how many are. */
  segmentScore: 0.7,
  mostSegments: 40,
} as const

export const syntheticImage: Signal = {
  id: 'synthetic-image',
  version: '3.1.0',
  title: 'Synthetic image',
  measures: 'Traces of generated heads in their fine detail, by a trained network.',
  counted: true,
  // Generators that it was not trained on can read like cameras.
  raisesOnly: true,
  needs: [],
  needsSound: false,
  needsFaces: true,
  parameters: {
    ...PARAMETERS,
    ...prefixed('patches', PATCHES),
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

/** What was seen in one frame. */
interface FrameReading {
  readonly index: number
  readonly time: number
  /** The highest of its heads' mean logits; null where every patch was left out. */
  readonly logit: number | null
  readonly region: LookedAt | undefined
}
interface Best {
  readonly logit: number
  readonly time: number
  readonly at: LookedAt
  readonly region: Uint8Array
  readonly patches: readonly MappedPatch[]
}

class Measurement {
  readonly #context: SignalContext
  readonly #density: number | null
  /** Frames of the stream between two that are measured. */
  readonly #step: number
  readonly #patches: PatchReading[] = []
  readonly #frames: FrameReading[] = []
  readonly #details: Detail[] = []
  readonly #faceHeights: number[] = []
  #size = { width: 0, height: 0 }
  #rate = 1
  #smooth = 0
  #soft = 0
  #best: Best | undefined
  #model: ModelRunner | undefined

  constructor(context: SignalContext) {
    this.#context = context
    this.#density = bitsPerPixel(context.media)
    const { duration } = context.media.facts.container
    this.#step = Math.max(1, Math.round(((duration ?? 0) * 2) / PARAMETERS.frames))
  }

  async frame(frame: Frame, faces: readonly Face[]): Promise<void> {
    const { width, height, rate } = frame.stream
    this.#size = { width, height }
    this.#rate = rate
    if (this.#unmeasurable() || frame.index % this.#step || this.#frames.length >= PARAMETERS.mostFrames) return
    const picture = { data: frame.data, width, height }
    const places: Place[] = []
    const cut: Uint8Array[] = []
    for (const place of choosePlaces(picture, faces)) {
      const patch = new Uint8Array(PATCH * PATCH * 3)
      cutPatch(picture, place, patch)
      const detail = detailOf(patch)
      this.#details.push(detail)
      if (detail.level < PATCHES.leastLevel) this.#smooth++
      else if (detail.fineness < PATCHES.leastFineness) this.#soft++
      else {
        places.push(place)
        cut.push(patch)
      }
    }
    for (const face of faces) if (face.box.height >= PATCHES.leastFace) this.#faceHeights.push(face.box.height)
    if (!places.length) {
      this.#frames.push({ index: frame.index, time: frame.time, logit: null, region: undefined })
      return
    }
    const { logits, maps } = await this.#look(cut)
    this.#keep(frame, places, logits, maps)
  }

  async #look(cut: readonly Uint8Array[]): Promise<{ logits: Float32Array; maps: Float32Array[] }> {
    this.#model ??= await this.#context.model(MODEL)
    const data = new Uint8Array(cut.length * PATCH * PATCH * 3)
    for (const [i, patch] of cut.entries()) data.set(patch, i * patch.length)
    const outputs = await this.#model.run({ patches: { data, dims: [cut.length, PATCH, PATCH, 3] } })
    const maps = outputs['heat']!.data
    const cells = maps.length / cut.length
    return { logits: outputs['logit']!.data, maps: cut.map((_, i) => maps.slice(i * cells, (i + 1) * cells)) }
  }

  #keep(frame: Frame, places: readonly Place[], logits: Float32Array, maps: readonly Float32Array[]): void {
    const heads = new Map<number, number[]>()
    for (const [i, { track }] of places.entries()) {
      this.#patches.push({ time: frame.time, track, logit: logits[i]! })
      const list = heads.get(track)
      if (list) list.push(i)
      else heads.set(track, [i])
    }
    let highest: { logit: number; members: number[] } | undefined
    for (const members of heads.values()) {
      const logit = members.reduce((sum, i) => sum + logits[i]!, 0) / members.length
      if (!highest || logit > highest.logit) highest = { logit, members }
    }
    if (!highest) return
    const patches = highest.members.map((i) => ({ x: places[i]!.x, y: places[i]!.y, heat: maps[i]! }))
    const at = around(patches)
    this.#frames.push({ index: frame.index, time: frame.time, logit: highest.logit, region: at })
    if (this.#best && this.#best.logit >= highest.logit) return
    const region = new Uint8Array(at.width * at.height * 3)
    for (let row = 0; row < at.height; row++) {
      const from = ((at.y + row) * this.#size.width + at.x) * 3
      region.set(frame.data.subarray(from, from + at.width * 3), row * at.width * 3)
    }
    this.#best = { logit: highest.logit, time: frame.time, at, region, patches }
  }

  /** Why nothing can be measured, as soon as it is known. */
  #unmeasurable(): string | undefined {
    const { width, height } = this.#size
    if (!width) return 'there are no picture frames'
    if (width < PATCH || height < PATCH)
      return `the picture is smaller than ${PATCH} × ${PATCH} pixels (${width} × ${height})`
    if (this.#density !== null && this.#density < PARAMETERS.leastBits)
      return `it is too strongly compressed: ${this.#density.toFixed(3)} bits per pixel, and no trace of generation survives under ${PARAMETERS.leastBits}`
    return undefined
  }

  async finish(): Promise<SignalResult> {
    const reason = this.#unmeasurable()
    if (reason) return { state: 'abstained', reason }
    const heads = readHeads(this.#patches)
    const [first] = heads
    if (!first) return { state: 'abstained', reason: this.#tooFew() }
    const score = sigmoid(first.logit)
    const looked = this.#frames.filter((frame) => frame.logit !== null).length
    return {
      state: 'ran',
      score,
      segments: this.#segments(),
      observations: [
        {
          code: 'synthetic-image.reading',
          weight: 'context',
          text: heads.slice(0, 3).map(sentence).join(' '),
          reference: 'Model card of synthetic-image',
        },
      ],
      tracks: [this.#track()],
      exhibits: await this.#exhibits(),
      explanation: `Looked for traces of generation in ${this.#patches.length} patches of ${looked} frame${looked === 1 ? '' : 's'}; the highest reading is ${score.toFixed(2)} (face track ${first.track}). A reading by itself is no probability: what it is worth stands in its calibration, if there is one.`,
      knownFailures: this.#knownFailures(),
      model: this.#model && { id: this.#model.id, version: this.#model.version, sha256: this.#model.sha256 },
      domain: this.#domain(),
    }
  }

  #tooFew(): string {
    if (!this.#faceHeights.length)
      return `no face of ${PATCHES.leastFace} pixels or more was found: it is trained on heads, and says nothing of other pictures`
    const usable = this.#patches.length
    const left = [
      this.#smooth && `${this.#smooth} more held no fine detail`,
      this.#soft && `${this.#soft} more were enlarged or softened until no trace can be left`,
    ].filter(Boolean)
    return `only ${usable} patch${usable === 1 ? '' : 'es'} of ${PATCH} × ${PATCH} pixels over heads could be read${left.length ? `, ${left.join(', ')}` : ''}`
  }

  #domain(): Record<string, number> {
    const domain: Record<string, number> = {
      'picture height, px': this.#size.height,
      'fine detail, grey levels': median(this.#details.map((d) => d.level)),
      'fineness': median(this.#details.map((d) => d.fineness)),
      'face height, px': median(this.#faceHeights),
    } // prettier-ignore
    if (this.#density !== null) domain['bits per pixel'] = this.#density
    return domain
  }

  /** Neighbouring frames with a high reading as one stretch. */
  #segments(): SignalSegment[] {
    const span = this.#step / this.#rate
    const segments: SignalSegment[] = []
    let last = Number.NEGATIVE_INFINITY
    for (const { index, time, logit, region } of this.#frames) {
      if (logit === null || sigmoid(logit) < PARAMETERS.segmentScore) continue
      const score = sigmoid(logit)
      const end = time + span
      const before = segments.at(-1)
      if (before && index - last <= this.#step) {
        const higher = score > before.score && { score, region: this.#share(region) }
        segments[segments.length - 1] = { ...before, end, ...higher }
      } else {
        const label = 'Fine detail more like a generator’s than a camera’s'
        segments.push({ start: time, end, score, label, region: this.#share(region) })
      }
      last = index
    }
    return segments.slice(0, PARAMETERS.mostSegments)
  }

  #share(region: LookedAt | undefined): SignalSegment['region'] {
    if (!region) return undefined
    const { width, height } = this.#size
    return {
      x: region.x / width,
      y: region.y / height,
      width: region.width / width,
      height: region.height / height,
    }
  }

  #track(): Track {
    const values = new Map(this.#frames.map((f) => [f.index, f.logit]))
    const last = this.#frames.at(-1)?.index ?? 0
    return {
      label: 'Reading of generated detail (not a probability)',
      unit: '0 to 1',
      start: 0,
      step: this.#step / this.#rate,
      values: Array.from({ length: Math.floor(last / this.#step) + 1 }, (_, i) => {
        const logit = values.get(i * this.#step) ?? null
        return logit === null ? null : sigmoid(logit)
      }),
    }
  }

  async #exhibits(): Promise<Exhibit[]> {
    const best = this.#best
    if (!best) return []
    const { at, time } = best
    const region = { width: at.width, height: at.height, channels: 3, data: best.region } as const
    return [
      await pictureExhibit(mapBeside(region, at, best.patches), {
        caption: `Where the reading is highest: the picture as it is, and in grey with the network's map over it. Yellow: detail most like a generator's; grey: not. Look there for repeated patterns, melted texture, hair and teeth that do not hold.`,
        at: time,
        region: this.#share(at),
      }),
    ]
  }

  #knownFailures(): string[] {
    const notes = [
      'Trained on StyleGAN faces and on pictures re-made by small generators of our own. A generator that it was not trained on may be missed: DreamTalk’s animations are told from genuine videos no better than by chance (see the model card). A low reading says nothing.',
      'Beauty filters, strong noise reduction, enlargement by software and other processing by networks can read like generation.',
    ]
    if (this.#density !== null && this.#density < PARAMETERS.fewBits)
      notes.push(
        `At ${this.#density.toFixed(3)} bits per pixel most fine detail is the encoder's; traces of generation may be gone.`,
      )
    const [video] = this.#context.media.facts.video
    if (video && Math.min(video.width, video.height) > Math.min(this.#size.width, this.#size.height) * 1.05)
      notes.push('The picture was shrunk before it was looked at, which weakens traces of generation.')
    if (this.#smooth + this.#soft > this.#patches.length)
      notes.push('Most patches held too little fine detail and were left out.')
    return notes
  }
}

const sentence = ({ track, logit, patches }: HeadReading) =>
  `Face track ${track}: ${sigmoid(logit).toFixed(2)} over ${patches} patches.`
