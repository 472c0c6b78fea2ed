/**
 * Voice: a model's reading of every 4 s of speech for traces of a speech generator, and classical measurements of the sound:
 * where its bandwidth ends, digital silence, changes of the noise floor, jumps in the phase of mains hum.
 */
import type { Observation, SignalSegment, Track } from '../contract/signals.ts'
import { bandwidthEdge, BANDWIDTH } from './voice-bandwidth.ts'
import { FLOOR, findFloorChanges, floorOf, type FloorChange } from './voice-floor.ts'
import { FRAME_RATE, FRAMES, VoiceFrames } from './voice-frames.ts'
import { GATE, type SoundKind } from './voice-gate.ts'
import { HUM, HumTracker, type Hum } from './voice-hum.ts'
import { spectrogram } from './voice-picture.ts'
import { findDigitalSilence, SILENCE, type Span } from './voice-silence.ts'
import { WindowPicker, WINDOWS } from './voice-windows.ts'
import { prefixed } from './parameters.ts'
import type { Exhibit, Signal, SignalContext, SignalResult } from './signal.ts'

const MODEL = 'voice'
const PARAMETERS = {
  model: MODEL,
  /** Windows per run of the model. */
  batch: 4,
  /** Three hours of sound are examined at most. */
  mostFrames: 540_000,
  /** Share of the sounding stretches that must be speech. */
  leastSpeech: 0.34,
  /** A window is shown as a segment from this logit on: it only says where to listen. */
  shown: 1,
  /** Segments and table rows per kind at most. */
  listed: 40,
  /** Values per track at most. */
  trackValues: 3600,
} as const

interface Reading {
  readonly time: number
  readonly logit: number
}

export const voice: Signal = {
  id: 'voice',
  version: '1.0.0',
  title: 'Voice',
  measures:
    'Traces of generated speech in every 4 s of speech, and edits of the sound: digital silence, changes of the noise floor, jumps of mains hum.',
  counted: true,
  // Generators that it has not met may leave nothing that it reads.
  raisesOnly: true,
  needs: [],
  needsSound: true,
  parameters: {
    ...PARAMETERS,
    ...prefixed('frames', FRAMES),
    ...prefixed('windows', WINDOWS),
    ...prefixed('gate', GATE),
    ...prefixed('bandwidth', BANDWIDTH),
    ...prefixed('silence', SILENCE),
    ...prefixed('floor', FLOOR),
    ...prefixed('hum', HUM),
  },
  start(context) {
    const measurement = new Measurement(context)
    return {
      sound: ({ samples }) => measurement.sound(samples),
      finish: () => measurement.finish(),
    }
  },
}

class Measurement {
  readonly #context: SignalContext
  readonly #frames = new VoiceFrames(PARAMETERS.mostFrames)
  readonly #hum = new HumTracker()
  readonly #picker: WindowPicker
  readonly #readings: Reading[] = []
  #waiting: { time: number; samples: Float32Array }[] = []
  #model: { id: string; version: string; sha256: string } | undefined

  constructor(context: SignalContext) {
    this.#context = context
    this.#picker = new WindowPicker(this.#frames, context.media.facts.container.duration ?? 0)
  }

  async sound(samples: Float32Array): Promise<void> {
    this.#frames.add(samples)
    this.#hum.add(samples)
    this.#waiting.push(...this.#picker.add(samples))
    while (this.#waiting.length >= PARAMETERS.batch) await this.#read(this.#waiting.splice(0, PARAMETERS.batch))
  }

  async #read(windows: readonly { time: number; samples: Float32Array }[]): Promise<void> {
    const model = await this.#context.model(MODEL)
    this.#model = { id: model.id, version: model.version, sha256: model.sha256 }
    const data = new Float32Array(windows.length * WINDOWS.size)
    for (const [i, { samples }] of windows.entries()) data.set(samples, i * WINDOWS.size)
    const { logit } = await model.run({ samples: { data, dims: [windows.length, WINDOWS.size] } })
    for (const [i, { time }] of windows.entries()) this.#readings.push({ time, logit: logit!.data[i]! })
  }

  async finish(): Promise<SignalResult> {
    const frames = this.#frames
    if (!this.#context.media.facts.audio.length || !frames.samples)
      return { state: 'abstained', reason: 'there is no sound' }
    const last = this.#picker.finish()
    if (last) this.#waiting.push(last)
    const edits = this.#edits()
    const reason = this.#unmeasurable()
    if (reason) return { state: 'abstained', reason, observations: edits.observations }
    if (this.#waiting.length) await this.#read(this.#waiting)

    const logit = middleMean(this.#readings.map((r) => r.logit))
    const high = this.#readings.filter((r) => r.logit >= PARAMETERS.shown)
    const segments: SignalSegment[] = [
      ...high.slice(0, PARAMETERS.listed).map(({ time, logit }) => ({
        start: time,
        end: time + WINDOWS.size / 16_000,
        score: sigmoid(logit),
        label: 'Speech that the model reads as more like generated speech',
      })),
      ...edits.segments,
    ]
    const domain = this.#domain()
    return {
      state: 'ran',
      score: sigmoid(logit),
      segments,
      observations: [...edits.observations, this.#reading(logit, high.length)],
      tracks: this.#tracks(),
      exhibits: await this.#exhibits([
        ...high.map(({ time }) => ({ start: time, end: time + 4 })),
        ...edits.segments.map(({ start, end }) => ({ start, end })),
      ]),
      explanation: this.#explain(sigmoid(logit), edits.segments.length),
      knownFailures: this.#knownFailures(domain, edits.hum),
      model: this.#model,
      domain,
    }
  }

  #unmeasurable(): string | undefined {
    const seconds = this.#frames.count / FRAME_RATE
    const { stretches } = this.#picker
    const count = (kind: SoundKind) => stretches.filter((s) => s.kind === kind).length
    const sounding = stretches.length - count('silence')
    const speech = this.#readings.length + this.#waiting.length
    if (speech && count('speech') >= PARAMETERS.leastSpeech * sounding) return undefined
    if (seconds < WINDOWS.shortest) return `only ${seconds.toFixed(1)} s of sound, ${WINDOWS.shortest} s are needed`
    if (!sounding) return 'the sound is silent'
    if (count('speech') >= PARAMETERS.leastSpeech * sounding)
      return `the sound holds speech, but nowhere ${WINDOWS.leastActive} s of it within 4 s`
    return `the sound is mostly music or noise${speech ? ', with too little speech in between' : ', not speech'}`
  }

  /** Everything that does not need the model. */
  #edits(): { segments: SignalSegment[]; observations: Observation[]; hum: Hum | null } {
    const silences = findDigitalSilence(this.#frames)
    const changes = findFloorChanges(this.#frames)
    const hum = this.#hum.finish()
    const segments: SignalSegment[] = [
      ...silences.slice(0, PARAMETERS.listed).map((span) => ({
        ...span,
        score: 0.2,
        label: `Digital silence: ${(span.end - span.start).toFixed(2)} s of exact zeros`,
      })),
      ...changes.slice(0, PARAMETERS.listed).map((change) => ({
        start: Math.max(0, change.time - 0.25),
        end: change.time + 0.25,
        score: 0.2,
        label: `The noise floor ${change.change > 0 ? 'rises' : 'falls'} by ${Math.abs(change.change).toFixed(0)} dB at once`,
      })),
      ...(hum?.jumps ?? []).slice(0, PARAMETERS.listed).map((jump) => ({
        start: Math.max(0, jump.time - 0.5),
        end: jump.time + 0.5,
        score: 0.5,
        label: `The ${hum!.line} Hz hum jumps by ${Math.abs(jump.degrees).toFixed(0)} degrees`,
      })),
    ]
    return { segments, observations: this.#observe(silences, changes, hum), hum }
  }

  #observe(silences: readonly Span[], changes: readonly FloorChange[], hum: Hum | null): Observation[] {
    const observations: Observation[] = []
    const [silence] = silences
    if (silence)
      observations.push({
        code: 'voice.digital-silence',
        weight: 'context',
        text: `${plural(silences.length, 'stretch', 'stretches')} of digital silence between sound, the first at ${silence.start.toFixed(1)} s: noise gates, encoders and editing leave them, and so do some speech generators.`,
        at: silence.start,
      })
    const [change] = changes
    if (change)
      observations.push({
        code: 'voice.noise-floor',
        weight: 'context',
        text: `The noise floor changes at once in ${plural(changes.length, 'place', 'places')}, the first at ${change.time.toFixed(1)} s: another microphone, room or recording, as at any ordinary cut.`,
        at: change.time,
      })
    const [jump] = hum?.jumps ?? []
    if (hum && jump)
      observations.push({
        code: 'voice.hum-phase',
        weight: 'context',
        text: `The phase of the ${hum.line} Hz mains hum jumps in ${plural(hum.jumps.length, 'place', 'places')}, the first at ${jump.time.toFixed(1)} s by ${Math.abs(jump.degrees).toFixed(0)} degrees: sound was cut out or put in there.`,
        at: jump.time,
        reference: 'Rodríguez, Apolinário & Biscainho 2010',
      })
    else if (hum)
      observations.push({
        code: 'voice.hum',
        weight: 'context',
        text: `A ${hum.line} Hz mains hum runs through the sound (${hum.ratio.toFixed(0)} dB over its surroundings) without a jump of its phase.`,
      })
    const edge = this.#edge()
    if (edge !== null)
      observations.push({
        code: 'voice.bandwidth',
        weight: 'context',
        text: `The spectrum of the voice ends steeply at ${(edge / 1000).toFixed(1)} kHz, as after a telephone line, a low bit rate or a generator of low sampling rate.`,
      })
    return observations
  }

  #reading(logit: number, high: number): Observation {
    return {
      code: 'voice.reading',
      weight: 'context',
      text: `The model's reading over ${plural(this.#readings.length, 'window', 'windows')} of speech is ${sigmoid(logit).toFixed(2)} on a scale from 0 to 1 that is not a probability; ${high === 0 ? 'no window stands out' : `${plural(high, 'window reads', 'windows read')} as more like generated speech`}.`,
      reference: 'Model card of voice',
    }
  }

  #edge(): number | null {
    const spectrum = this.#frames.longTerm()
    return spectrum && bandwidthEdge(spectrum)
  }

  #domain(): Record<string, number> {
    const frames = this.#frames
    const level = frames.level.slice(0, frames.count).sort()
    const loud = level[Math.floor(0.95 * (level.length - 1))]!
    const quiet = level[Math.floor(0.1 * (level.length - 1))]!
    const rate = this.#context.media.facts.audio[0]?.bitRate
    return {
      'bandwidth, Hz': this.#edge() ?? 8000,
      'speech to floor, dB': round(loud - quiet),
      ...(rate ? { 'bits per second of sound': rate } : {}),
    }
  }

  #explain(score: number, edits: number): string {
    const total = plural(this.#readings.length, 'window of 4 s', 'windows of 4 s')
    const found = edits
      ? `${plural(edits, 'place', 'places')} where the sound may have been edited ${edits === 1 ? 'was' : 'were'} marked`
      : 'no place of an edit stood out, which does not show that there is none'
    return `Looked for traces of speech generators in ${total} with speech; the reading is ${score.toFixed(2)}, which is no probability. Digital silence, noise floor and mains hum were compared over ${(this.#frames.count / FRAME_RATE).toFixed(0)} s of sound: ${found}.`
  }

  #knownFailures(domain: Record<string, number>, hum: Hum | null): string[] {
    const notes = [
      'The model met little speech in training; unknown microphones, rooms and languages may read high, unknown generators low.',
    ]
    const kinds = this.#picker.stretches
    if (domain['bandwidth, Hz']! < 7000)
      notes.push('The sound has little bandwidth: traces of generation in the upper part are gone.')
    if ((domain['bits per second of sound'] ?? 1e6) < 32_000)
      notes.push('The sound is strongly compressed: traces of generation may be gone.')
    if (domain['speech to floor, dB']! < 15)
      notes.push('There is much noise or music under the voice: the reading is less reliable.')
    if (kinds.some((s) => s.kind === 'other')) notes.push('Parts that are music or noise were left out.')
    if (this.#readings.length < 3) notes.push('There is little speech: the reading rests on few seconds.')
    if (this.#readings.length >= WINDOWS.most)
      notes.push(`Only ${WINDOWS.most} windows spread over the length were read by the model.`)
    if (this.#frames.count >= PARAMETERS.mostFrames) notes.push('Only the first three hours of sound were examined.')
    if (!hum) notes.push('No steady mains hum was found, so its phase could not be followed.')
    return notes
  }

  #tracks(): Track[] {
    const end = Math.ceil(this.#frames.count / FRAME_RATE)
    const step = Math.max(1, Math.ceil(end / PARAMETERS.trackValues))
    const scores = Array.from({ length: Math.ceil(end / step) }, (): number | null => null)
    for (const { time, logit } of this.#readings)
      for (let second = time; second < Math.min(end, time + 4); second++)
        scores[Math.floor(second / step)] = sigmoid(logit)
    const floors: number[] = []
    for (let second = 0; second < end; second += step) {
      const from = second * FRAME_RATE
      const floor = floorOf(this.#frames, from, Math.min(this.#frames.count, from + step * FRAME_RATE))
      floors.push(floor.reduce((a, b) => a + b, 0) / floor.length)
    }
    return [
      { label: 'Reading of the voice model', unit: '0 to 1', start: 0, step, values: scores },
      { label: 'Noise floor', unit: 'dB', start: 0, step, values: floors },
    ]
  }

  async #exhibits(marks: readonly Span[]): Promise<Exhibit[]> {
    const picture = await spectrogram(
      this.#frames,
      marks,
      `Spectrum of the sound over ${(this.#frames.count / FRAME_RATE).toFixed(0)} s, 0 Hz at the bottom to 8 kHz at the top. The strip above shows the marked places in yellow.`,
    )
    const rows = [...this.#readings].sort((a, b) => b.logit - a.logit || a.time - b.time).slice(0, PARAMETERS.listed)
    return [
      ...(picture ? [picture] : []),
      {
        kind: 'table',
        caption: 'Windows of speech, the highest readings first.',
        columns: ['From', 'To', 'Reading'],
        rows: rows.map((r) => [`${r.time.toFixed(1)} s`, `${(r.time + 4).toFixed(1)} s`, sigmoid(r.logit).toFixed(2)]),
      },
    ]
  }
}

/** Mean of the middle half: single windows that read very high or low do not carry the result. */
export function middleMean(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const cut = Math.floor(sorted.length / 4)
  const middle = sorted.slice(cut, sorted.length - cut)
  return middle.reduce((a, b) => a + b, 0) / middle.length
}

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value))
const round = (value: number) => Math.round(value * 10) / 10
const plural = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`
