/** What a stored calibration makes of one measurement: a ratio, an abstention, or nothing where it does not cover it. */
import type { SignalOutput } from '../contract/signals.ts'
import { calibrate, raised, type Calibration } from './calibration.ts'
import type { Signal } from './signal.ts'

export interface Measured {
  /** 0 to 1. */
  readonly score: number
  /** Properties of the input, by name. */
  readonly domain: Readonly<Record<string, number>>
  /** Of the model that gave the score. */
  readonly modelSha256: string | null
}

/** `outside` says why the input is unlike the calibration data; null: nothing stored covers it, the score stays as it is. */
export type Gated = { readonly ratio: NonNullable<SignalOutput['calibration']> } | { readonly outside: string } | null

/** A calibration of another version or of another model says nothing about this score. */
export function gate(
  signal: Pick<Signal, 'id' | 'version' | 'raisesOnly'>,
  { score, domain, modelSha256 }: Measured,
  calibration: Calibration | undefined,
): Gated {
  const covers =
    calibration?.signal === signal.id &&
    calibration.signalVersion === signal.version &&
    calibration.modelSha256 === modelSha256
  if (!covers) return null
  const found = calibrate(calibration, score, domain)
  if (!found.inside) return { outside: found.reason }
  const { likelihoodRatio, low, high } = signal.raisesOnly ? raised(found) : found
  return { ratio: { likelihoodRatio, low, high, basis: calibration.basis } }
}

/** What was measured without a calibration, as it would have come out with it. */
export function gated(
  signal: Pick<Signal, 'id' | 'version' | 'raisesOnly'>,
  output: SignalOutput,
  domain: Measured['domain'],
  calibration: Calibration | undefined,
): SignalOutput {
  const { score, provenance } = output
  if (score === null) return output
  const found = gate(signal, { score, domain, modelSha256: provenance.model?.sha256 ?? null }, calibration)
  if (!found) return output
  if ('ratio' in found) return { ...output, calibration: found.ratio }
  const reason = found.outside
  return {
    ...output,
    applicability: { state: 'abstained', reason },
    score: null,
    segments: [],
    tracks: [],
    evidence: [],
    explanation: `Not measured: ${reason}.`,
    knownFailures: [],
  }
}
