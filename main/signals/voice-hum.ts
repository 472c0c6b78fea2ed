/**
 * Hum of the mains in a sound and jumps of its phase, which an uncut recording does not have (after Rodríguez, Apolinário &
 * Biscainho 2010, "Audio authenticity: detecting ENF discontinuity").
 */
import { SOUND_RATE } from '../media/types.ts'

export const HUM = {
  /** Samples per reading (1 s) and from reading to reading. */
  size: 16_000,
  hop: 4000,
  /** Least ratio of the hum to its neighbourhood, dB, and share of readings that must have it. */
  ratio: 15,
  share: 0.9,
  /** Fewest readings. */
  least: 16,
  /** Jump of the phase over one second that counts, degrees; and largest scatter of all other steps. */
  jump: 50,
  scatter: 8,
  /** Readings kept: three hours. */
  most: 43_200,
} as const
const LINES = [50, 60] as const
/** Neighbours, Hz from the line, for the ratio. */
const BESIDE = [-7, -5, 5, 7] as const

export interface Hum {
  /** Hz, 50 or 60. */
  readonly line: number
  /** Median ratio to the neighbourhood, dB. */
  readonly ratio: number
  /** Seconds at which the phase jumps, and by how many degrees. */
  readonly jumps: readonly { readonly time: number; readonly degrees: number }[]
}

interface Reading {
  readonly phase: number
  readonly ratio: number
}

export class HumTracker {
  readonly #readings = new Map<number, Reading[]>(LINES.map((line) => [line, []]))
  /** The last second, thinned 16-fold: the lines lie far below 500 Hz. */
  #thin: number[] = []
  #position = 0
  #sum = 0

  add(samples: Float32Array): void {
    for (const value of samples) {
      this.#sum += value
      if (++this.#position % 16) continue
      this.#thin.push(this.#sum / 16)
      this.#sum = 0
      if (this.#thin.length === HUM.size / 16) {
        this.#read()
        this.#thin.splice(0, HUM.hop / 16)
      }
    }
  }

  #read(): void {
    for (const line of LINES) {
      const readings = this.#readings.get(line)!
      if (readings.length >= HUM.most) continue
      const here = tone(this.#thin, line)
      const beside = BESIDE.reduce((sum, d) => sum + tone(this.#thin, line + d).power, 0) / BESIDE.length
      // Phase against a clock that runs since the first sample.
      const elapsed = (readings.length * HUM.hop) / SOUND_RATE
      const phase = here.phase - 2 * Math.PI * line * elapsed
      readings.push({ phase, ratio: 10 * Math.log10((here.power + 1e-20) / (beside + 1e-18)) })
    }
  }

  /** Null where no hum stands out steadily. */
  finish(): Hum | null {
    let best: Hum | null = null
    for (const [line, readings] of this.#readings) {
      if (readings.length < HUM.least) continue
      const held = readings.filter((r) => r.ratio >= HUM.ratio).length
      if (held < HUM.share * readings.length) continue
      const ratio = median(readings.map((r) => r.ratio))
      if (!best || ratio > best.ratio) best = { line, ratio, jumps: jumpsOf(readings) }
    }
    return best
  }
}

const wrap = (angle: number) => angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI))
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0

/** Numbers of one thinned second. */
const THINNED = HUM.size / 16
const WINDOW = Float64Array.from({ length: THINNED }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / THINNED))
const waves = new Map<number, { cos: Float64Array; sin: Float64Array }>()
function waveOf(frequency: number): { cos: Float64Array; sin: Float64Array } {
  let wave = waves.get(frequency)
  if (!wave) {
    const angles = Float64Array.from({ length: THINNED }, (_, i) => (2 * Math.PI * frequency * 16 * i) / SOUND_RATE)
    waves.set(frequency, (wave = { cos: angles.map(Math.cos), sin: angles.map(Math.sin) }))
  }
  return wave
}

function tone(thin: readonly number[], frequency: number): { power: number; phase: number } {
  const { cos, sin } = waveOf(frequency)
  let re = 0
  let im = 0
  for (let i = 0; i < THINNED; i++) {
    const weight = WINDOW[i]! * thin[i]!
    re += weight * cos[i]!
    im -= weight * sin[i]!
  }
  return { power: re * re + im * im, phase: Math.atan2(im, re) }
}

/** A splice lies inside readings of one second each, so the phase is compared one second and a quarter apart. */
function jumpsOf(readings: readonly Reading[]): { time: number; degrees: number }[] {
  const apart = HUM.size / HUM.hop + 1
  const steps = readings.slice(1).map((r, i) => wrap(r.phase - readings[i]!.phase))
  // The mains never have exactly 50 or 60 Hz: the common drift is taken away.
  const drift = median(steps)
  const scatter = median(steps.map((s) => Math.abs(wrap(s - drift))))
  if ((scatter * 180) / Math.PI > HUM.scatter) return []
  const jumps: { time: number; degrees: number }[] = []
  for (let i = 0; i + apart < readings.length; i++) {
    const turn = (wrap(readings[i + apart]!.phase - readings[i]!.phase - apart * drift) * 180) / Math.PI
    if (Math.abs(turn) < HUM.jump) continue
    const time = ((i + apart / 2) * HUM.hop + HUM.size / 2) / SOUND_RATE
    const last = jumps.at(-1)
    if (last && time - last.time < 1.6) {
      if (Math.abs(turn) > Math.abs(last.degrees)) jumps[jumps.length - 1] = { time, degrees: turn }
    } else jumps.push({ time, degrees: turn })
  }
  return jumps
}
