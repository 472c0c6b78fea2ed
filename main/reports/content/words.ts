/** How values are written in reports: units always named, times in UTC, nothing rounded without saying so. */
import { LIKELIHOODS, type DatedValue, type Sourcing, type Tlp } from '../../contract/common.ts'
import type { Band } from '../../contract/findings.ts'

/** A name inside a sentence, isolated so that its own direction does not reorder what stands around it. */
export const name = (text: string): string => `\u2068${text}\u2069`

/** `2024-02-09 20:15:03 UTC` */
export const instant = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`

const two = (n: number): string => String(Math.floor(n)).padStart(2, '0')

/** Media time as `m:ss.mmm` or `h:mm:ss.mmm`. */
export function mediaTime(seconds: number): string {
  const ms = Math.round(seconds * 1000)
  const rest = `${two((ms / 1000) % 60)}.${String(ms % 1000).padStart(3, '0')}`
  const minutes = Math.floor(ms / 60_000)
  return minutes >= 60 ? `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}` : `${minutes}:${rest}`
}

const grouped = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',')

/** `12.3 MB (12,345,678 bytes)`; decimal units (IEC 80000-13 keeps MB for 10^6). */
export function bytes(n: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, n)) / 3)))
  return power === 0 ? `${n} bytes` : `${(n / 1000 ** power).toFixed(1)} ${units[power]} (${grouped(n)} bytes)`
}

export const score = (value: number): string => value.toFixed(2)

export function dated(value: DatedValue | null): string {
  if (!value?.value) return ''
  return `${value.value} (${value.precision === 'exact' ? 'as given' : value.precision}, ${value.zone})`
}

/** Short form for table cells; the full words stand with the priority itself. */
export const BAND_SHORT: Readonly<Record<Band, string>> = {
  strong: 'strong indicators',
  some: 'some indicators',
  none: 'no indicators found',
  inconclusive: 'inconclusive',
}

export const likelihood = (id: string | null): string =>
  LIKELIHOODS.find((term) => term.id === id)?.label ?? 'not stated'

/** TLP 2.0 (FIRST, 2022), in one sentence each. */
export const HANDLING: Readonly<Record<Tlp, string>> = {
  CLEAR: 'Recipients may share this without limit.',
  GREEN: 'Recipients may share this within their community, but not publicly.',
  AMBER: 'Recipients may share this within their organisation and with its clients, as far as they need to know it.',
  'AMBER+STRICT': 'Recipients may share this within their organisation only, as far as they need to know it.',
  RED: 'For the eyes and ears of the individual recipients only; no further sharing.',
}

/** Admiralty code with what it means, for the sourcing of records. */
export const admiralty = (sourcing: Sourcing): string => `${sourcing.reliability}${sourcing.credibility}`

/** What is left out of a long table, said rather than hidden. */
export function limited<T>(rows: readonly T[], limit: number): { rows: readonly T[]; more: string } {
  const left = rows.length - limit
  return left > 0
    ? { rows: rows.slice(0, limit), more: `${left} more of ${rows.length} are in the library and left out here.` }
    : { rows, more: '' }
}
