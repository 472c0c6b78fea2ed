/** Forecasts and how good they were. */
import { LIKELIHOODS, type Likelihood } from '../../contract/common.ts'
import type { DatedValue } from '../../contract/common.ts'
import { boundsOf } from '../../contract/time.ts'
import type { ForecastView } from '../../contract/tradecraft.ts'
import { caseById } from '../../store/cases.ts'
import { caseEntityHeads, entityHeads } from '../../store/entities.ts'
import type { Library } from '../../store/library.ts'
import { viewAll } from '../view.ts'

/** The middle of an ICD 203 band, which stands for the band in a score. */
export function midpointOf(likelihood: Likelihood | null): number | null {
  const band = LIKELIHOODS.find((one) => one.id === likelihood)
  return band ? (band.low + band.high) / 2 : null
}

/** (p − o)² of one event (G. Brier, 1950, halved to one class, as is usual for a single event): 0 best, 1 worst. */
export const brierOf = (probability: number, occurred: boolean): number => (probability - (occurred ? 1 : 0)) ** 2

/**
 * Forecasts by horizon, with the mean Brier score of those that were resolved.
 *
 * @param now milliseconds; a forecast whose horizon has wholly passed by then and that is open is due
 */
export function forecasts(lib: Library, caseId: string | undefined, now: number) {
  if (caseId) caseById(lib, caseId)
  const heads = caseId
    ? caseEntityHeads(lib, caseId).filter((head) => head.kind === 'forecast')
    : entityHeads(lib, 'forecast')
  const all = viewAll(lib, heads).map(({ id, name, attributes, sourcing }): ForecastView => {
    const likelihood = (attributes['likelihood'] as Likelihood | undefined) ?? null
    const outcome = (attributes['outcome'] as ForecastView['outcome'] | undefined) ?? 'open'
    const horizon = date(attributes['horizon'])
    const midpoint = midpointOf(likelihood)
    const resolved = outcome === 'occurred' || outcome === 'did not occur'
    return {
      id,
      name,
      event: String(attributes['event'] ?? ''),
      horizon,
      likelihood,
      midpoint,
      confidence: sourcing.confidence,
      outcome,
      resolvedOn: date(attributes['resolvedOn']),
      brier: resolved && midpoint !== null ? brierOf(midpoint, outcome === 'occurred') : null,
      due: outcome === 'open' && horizon !== null && boundsOf(horizon).latest <= now,
    }
  })
  const scored = all.flatMap(({ brier }) => brier ?? [])
  return {
    forecasts: all.sort((a, b) => end(a) - end(b) || (a.name < b.name ? -1 : 1)),
    resolved: scored.length,
    meanBrier: scored.length ? scored.reduce((sum, one) => sum + one, 0) / scored.length : null,
  }
}

const date = (value: unknown): DatedValue | null =>
  typeof value === 'object' && value !== null ? (value as DatedValue) : null
/** A number in any case, so that the order is total. */
const end = ({ horizon }: ForecastView): number =>
  horizon ? Math.min(boundsOf(horizon).latest, Number.MAX_SAFE_INTEGER) : Number.MAX_SAFE_INTEGER
