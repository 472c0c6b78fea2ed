/**
 * A signal made from nothing but a model card with a `classifier` block: analysts' own models, and the open detectors
 * that ours are compared with, run in the same pipeline. Uncalibrated unless its folder says otherwise, never counted.
 */
import type { SignalSegment, Track } from '../contract/signals.ts'
import { SOUND_RATE, type Frame } from '../media/types.ts'
import { bitsPerPixel } from './bits-per-pixel.ts'
import { cropFace, fitFrame, greyOf, pictureTensor, type Picture } from './card-picture.ts'
import { aggregate, readValues, type Value } from './card-values.ts'
import { heatOver, pictureExhibit } from './exhibit.ts'
import type { Face } from './faces/face.ts'
import { pictureSize, type Classifier } from './model-card-classifier.ts'
import { listModels, readModel, type ModelCard } from './model-card.ts'
import type { ModelRunner } from './onnx.ts'
import { resample } from './resample.ts'
import type { Exhibit, Signal, SignalContext, SignalResult, SignalRun } from './signal.ts'

/** Version of this code; with the model's it makes the signal's version. */
const RUNNER = '1'
const PARAMETERS = {
  /** Inputs of one call. */
  batch: 8,
  /** Pictures looked at in one video, evenly spread; two a second at most. */
  pictures: 64,
  /** Largest faces of one picture. */
  faces: 3,
  /** Values that a face or a picture needs before anything is said. */
  leastValues: 2,
  /** Sound windows of one file, evenly spread. */
  windows: 30,
  /** Root mean square under which a window is silence. */
  silence: 1e-4,
} as const

export type ClassifierCard = ModelCard & { readonly classifier: Classifier }

export const isClassifier = (card: ModelCard): card is ClassifierCard => card.classifier !== undefined

/** Id of the signal that runs this model. */
export const classifierSignalId = (model: string): string => `model:${model}`

/** The signals of every sound model with a classifier block in a model folder, by id. */
export async function cardSignals(folder: string): Promise<Signal[]> {
  const signals: Signal[] = []
  for (const { id, ok } of await listModels(folder)) {
    if (!ok) continue
    const { card } = await readModel(folder, id)
    if (isClassifier(card)) signals.push(cardClassifier(card))
  }
  return signals
}

export function cardClassifier(card: ClassifierCard): Signal {
  const { classifier: block } = card
  const shown = Object.entries({ ...block.face, ...block.scale, ...block.sound, ...block.output, ...block.aggregate })
  return {
    id: classifierSignalId(card.id),
    version: `${card.version}+${RUNNER}`,
    title: card.title,
    measures: `${card.intendedUse.split(/(?<=\.)\s/)[0]} A model that was added, run as its card says: listed, not counted.`,
    counted: false,
    needs: block.takes === 'frame' ? ['detail'] : [],
    needsSound: block.takes === 'sound',
    needsFaces: block.takes === 'face',
    parameters: {
      ...PARAMETERS,
      model: card.id,
      takes: block.takes,
      threshold: block.threshold,
      ...Object.fromEntries(
        shown.map(([key, value]) => [`card.${key}`, Array.isArray(value) ? value.join(' ') : value]),
      ),
    },
    start: (context) => (block.takes === 'sound' ? listen(card, context) : look(card, context)),
  }
}

/** Feeds inputs to the model in batches and keeps one value per input. */
class Batches<Input> {
  readonly values: Value[] = []
  runner: ModelRunner | undefined
  readonly #card: ClassifierCard
  readonly #open: () => Promise<ModelRunner>
  readonly #tensor: (inputs: readonly Input[]) => { data: Float32Array | Uint8Array; dims: number[] }
  readonly #onValue: ((value: Value, input: Input, heat: Float32Array | null, columns: number) => void) | undefined
  #waiting: { input: Input; about: Omit<Value, 'value'> }[] = []

  constructor(
    card: ClassifierCard,
    context: SignalContext,
    tensor: (inputs: readonly Input[]) => { data: Float32Array | Uint8Array; dims: number[] },
    onValue?: (value: Value, input: Input, heat: Float32Array | null, columns: number) => void,
  ) {
    this.#card = card
    this.#open = () => context.model(card.id)
    this.#tensor = tensor
    this.#onValue = onValue
  }

  async add(input: Input, about: Omit<Value, 'value'>): Promise<void> {
    this.#waiting.push({ input, about })
    if (this.#waiting.length >= PARAMETERS.batch) await this.flush()
  }

  async flush(): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = []
    if (!waiting.length) return
    const { classifier: block, inputs } = this.#card
    this.runner ??= await this.#open()
    const outputs = await this.runner.run({ [inputs[0]!.name]: this.#tensor(waiting.map(({ input }) => input)) })
    const heat = block.heat === undefined ? undefined : outputs[block.heat]
    const cells = heat ? heat.data.length / waiting.length : 0
    readValues(outputs[block.output.name]!.data, waiting.length, block.output).forEach((value, i) => {
      const { input, about } = waiting[i]!
      this.values.push({ ...about, value })
      const map = heat ? heat.data.slice(i * cells, (i + 1) * cells) : null
      this.#onValue?.({ ...about, value }, input, map, Number(heat?.dims[2] ?? 1))
    })
  }
}

interface Seen {
  readonly value: Value
  readonly picture: Uint8Array
  readonly heat: Float32Array | null
  readonly columns: number
}

function look(card: ClassifierCard, context: SignalContext): SignalRun {
  const { classifier: block } = card
  const { width, height } = pictureSize(card.inputs[0]!)
  const { facts } = context.media
  const perSecond = 2
  const step = Math.max(1, Math.ceil(((facts.container.duration ?? 60) * perSecond) / PARAMETERS.pictures))
  let highest: Seen | undefined
  let frames = 0
  const faceHeights: number[] = []
  const batches = new Batches<Uint8Array>(
    card,
    context,
    (pictures) => pictureTensor(pictures, card),
    (value, picture, heat, columns) => {
      if (!highest || value.value > highest.value.value) highest = { value, picture, heat, columns }
    },
  )
  const pictureOf = (frame: Frame): Picture => ({
    data: frame.data,
    width: frame.stream.width,
    height: frame.stream.height,
  })

  const finish = async (): Promise<SignalResult> => {
    await batches.flush()
    const { values, runner } = batches
    if (!facts.video.length) return { state: 'abstained', reason: 'there is no picture' }
    const byTrack = Map.groupBy(values, ({ track }) => track)
    const tracks = [...byTrack].filter(([, list]) => list.length >= PARAMETERS.leastValues)
    if (!tracks.length) return { state: 'abstained', reason: noPictures(block, frames, values.length) }
    const scored = tracks.map(([track, list]) => ({ track, list, score: aggregate(list, block.aggregate) }))
    const best = scored.reduce((a, b) => (b.score > a.score ? b : a))
    const what = block.takes === 'face' ? 'face crops' : 'pictures'
    const density = bitsPerPixel(context.media)
    return {
      state: 'ran',
      score: best.score,
      segments: scored.filter(({ score }) => score >= block.threshold).map((one) => segment(one, block)),
      observations: [],
      tracks: [curve(values, step / perSecond)],
      exhibits: highest ? [await exhibit(highest, card, width, height)] : [],
      explanation: explain(card, `${values.length} ${what}`, best.score),
      knownFailures: card.knownFailures.slice(0, 5),
      model: runner && { id: runner.id, version: runner.version, sha256: runner.sha256 },
      domain: {
        ...(faceHeights.length && { 'face height, px': median(faceHeights) }),
        ...(density !== null && { 'bits per pixel': density }),
      },
    }
  }

  if (block.takes === 'frame')
    return {
      async frame(frame) {
        if (frame.index % step) return
        frames++
        await batches.add(fitFrame(pictureOf(frame), block, width, height), { time: frame.time, track: 0 })
      },
      finish,
    }
  return {
    async faces(frame, faces) {
      if (frame.index % step) return
      frames++
      for (const face of largest(faces, block.face!.least)) {
        faceHeights.push(face.box.height)
        const crop = cropFace(pictureOf(frame), face, block, width)
        await batches.add(crop, { time: frame.time, track: face.track })
      }
    },
    finish,
  }
}

const largest = (faces: readonly Face[], least: number): Face[] =>
  faces
    .filter((face) => face.quality.size >= least)
    .sort((a, b) => b.quality.size - a.quality.size || a.track - b.track)
    .slice(0, PARAMETERS.faces)

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0

function noPictures(block: Classifier, frames: number, values: number): string {
  if (block.takes === 'frame') return `only ${frames} pictures`
  return values
    ? `no face of at least ${block.face!.least} pixels is seen in ${PARAMETERS.leastValues} pictures`
    : `no face of at least ${block.face!.least} pixels was found`
}

const segment = (
  { list, score, track }: { list: readonly Value[]; score: number; track: number },
  block: Classifier,
): SignalSegment => ({
  start: list[0]!.time,
  end: list.at(-1)!.time,
  score,
  label: block.takes === 'face' ? `face ${track + 1}` : 'whole picture',
})

/** The highest value at each moment. */
function curve(values: readonly Value[], step: number): Track {
  const length = Math.round((values.at(-1)?.time ?? 0) / step) + 1
  const highest: (number | null)[] = Array.from({ length }, () => null)
  for (const { time, value } of values) {
    const i = Math.round(time / step)
    highest[i] = Math.max(highest[i] ?? 0, value)
  }
  return { label: 'Score of the model (uncalibrated)', unit: '0 to 1', start: 0, step, values: highest }
}

const explain = (card: ModelCard, what: string, score: number): string =>
  `${card.title} ${card.version} was run on ${what} as its card says; score ${score.toFixed(2)}. A score of a model that was added is uncalibrated: it is listed, not counted.`

function exhibit({ value, picture, heat, columns }: Seen, card: ModelCard, width: number, height: number) {
  const caption = `What ${card.title} scored highest: ${value.value.toFixed(2)} at ${value.time.toFixed(1)} s${heat ? ', with the map it gives' : ''}.`
  const raster = heat
    ? heatOver({ width, height, channels: 1, data: greyOf(picture) }, heat, columns)
    : ({ width, height, channels: 3, data: picture } as const)
  return pictureExhibit(raster, { caption, at: value.time }) as Promise<Exhibit>
}

function listen(card: ClassifierCard, context: SignalContext): SignalRun {
  const { rate, short } = card.classifier.sound!
  const { facts } = context.media
  const length = Number(card.inputs[0]!.dims.at(-1))
  /** One window in samples as they come. */
  const window = Math.round((length * SOUND_RATE) / rate)
  const heard = (facts.container.duration ?? 60) * SOUND_RATE
  const hop = Math.max(window, Math.ceil(heard / PARAMETERS.windows))
  /** The window being filled, and the last samples of all for one that ends with the sound. */
  const filling = new Float32Array(window)
  const last = new Float32Array(window)
  let total = 0
  let silent = 0
  const batches = new Batches<Float32Array>(card, context, (windows) => {
    const data = new Float32Array(windows.length * length)
    windows.forEach((samples, i) => data.set(samples.subarray(0, length), i * length))
    const dims = card.inputs[0]!.layout === 'NCT' ? [windows.length, 1, length] : [windows.length, length]
    return { data, dims }
  })
  const take = async (samples: Float32Array, from: number): Promise<void> => {
    if (rms(samples) < PARAMETERS.silence) silent++
    else await batches.add(resample(samples, SOUND_RATE, rate), { time: from / SOUND_RATE, track: 0 })
  }

  return {
    async sound({ samples }) {
      let at = 0
      while (at < samples.length) {
        const inHop = total % hop
        const goal = inHop < window ? window : hop
        const part = samples.subarray(at, Math.min(samples.length, at + goal - inHop))
        if (inHop < window) filling.set(part, inHop)
        shift(last, part)
        at += part.length
        total += part.length
        if (inHop < window && inHop + part.length === window) await take(filling.slice(), total - window)
      }
    },
    async finish() {
      if (total === 0) return { state: 'abstained', reason: 'there is no sound' }
      const seconds = window / SOUND_RATE
      if (total < window) {
        if (short === 'abstain')
          return {
            state: 'abstained',
            reason: `the sound lasts ${(total / SOUND_RATE).toFixed(1)} s, and ${seconds.toFixed(1)} s are needed`,
          }
        const whole = filling.slice(0, total)
        await take(short === 'silence' ? filling.slice() : repeat(whole, window), 0)
      } else if (total % hop >= window / 2 && total % hop < window) await take(last.slice(), total - window)
      await batches.flush()
      const { values, runner } = batches
      if (!values.length) return { state: 'abstained', reason: 'the sound is silent' }
      const { threshold, aggregate: rule } = card.classifier
      const score = aggregate(values, rule)
      return {
        state: 'ran',
        score,
        segments: values
          .filter(({ value }) => value >= threshold)
          .map(({ time, value }) => ({ start: time, end: time + seconds, score: value, label: 'sound' })),
        observations: [],
        tracks: [curve(values, hop / SOUND_RATE)],
        exhibits: [],
        explanation: explain(card, `${values.length} windows of ${seconds.toFixed(1)} s of sound`, score),
        knownFailures: [
          ...card.knownFailures.slice(0, 5),
          ...(silent ? [`${silent} silent windows were left out.`] : []),
        ],
        model: runner && { id: runner.id, version: runner.version, sha256: runner.sha256 },
        domain: { 'sound, s': total / SOUND_RATE },
      }
    },
  }
}

const rms = (samples: Float32Array): number => Math.sqrt(samples.reduce((sum, v) => sum + v * v, 0) / samples.length)

/** Moves samples in at the end. */
function shift(into: Float32Array, part: Float32Array): void {
  if (part.length >= into.length) into.set(part.subarray(part.length - into.length))
  else {
    into.copyWithin(0, part.length)
    into.set(part, into.length - part.length)
  }
}

function repeat(samples: Float32Array, length: number): Float32Array {
  const out = new Float32Array(length)
  for (let at = 0; at < length; at += samples.length) out.set(samples.subarray(0, length - at), at)
  return out
}
