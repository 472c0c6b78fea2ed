/** How values are written in reports, in whatever language: units always named, times in UTC, nothing rounded silently. */
import { LIKELIHOODS, type DatedValue, type Likelihood, type Sourcing } from '../../contract/common.ts'
import { precisionOf } from '../../contract/time.ts'
import type { Words } from '../words/words.ts'

/** A name inside a sentence, isolated so that its own direction does not reorder what stands around it. */
export const name = (text: string): string => `\u2068${text}\u2069`

/**
 * What the program wrote in English when it looked, in a report of another language: quoted as it was stored, in an
 * isolate that runs from left to right, which formats mark as English.
 */
export const stored = (text: string, { language }: Words): string =>
  language === 'en' || !text ? text : `\u2066${text}\u2069`

const two = (n: number): string => String(Math.floor(n)).padStart(2, '0')

/** Media time as `m:ss.mmm` or `h:mm:ss.mmm`, a time code in every language. */
export function mediaTime(seconds: number): string {
  const ms = Math.round(seconds * 1000)
  const rest = `${two((ms / 1000) % 60)}.${String(ms % 1000).padStart(3, '0')}`
  const minutes = Math.floor(ms / 60_000)
  return minutes >= 60 ? `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}` : `${minutes}:${rest}`
}

export const score = (value: number, { write }: Words): string => write.fixed(value, 2)

/** With its precision and zone, always. */
export function dated(value: DatedValue | null, { write, precision }: Words): string {
  if (!value?.value) return ''
  return `${write.date(value.value)} (${precision[value.precision]}, ${value.zone})`
}

/** One line of text, with what a reader must know to trust it in brackets. Compare `datedText` of the contract. */
export function datedText({ value, precision, zone }: DatedValue, words: Words): string {
  if (!value) return words.unknownDate
  const notes = [
    ...(precision === precisionOf(value) ? [] : [words.precision[precision]]),
    ...(zone && zone !== 'UTC' && !value.endsWith(zone) ? [zone] : []),
  ]
  const date = words.write.date(value)
  return notes.length ? `${date} (${notes.join(', ')})` : date
}

/** The term of ICD 203 with its range of probability, so that nothing hangs on how a term was translated. */
export function likelihood(id: string | null, words: Words): string {
  const term = LIKELIHOODS.find((known) => known.id === id)
  return term ? words.withRange(words.likelihood[term.id], rangeOf(term, words)) : words.notStated
}

export const rangeOf = ({ low, high }: (typeof LIKELIHOODS)[number], { write, range }: Words): string =>
  range(write.percent(low), write.percent(high))

/** Whether a value of a field of choices is such a term. */
export const isLikelihood = (value: string): value is Likelihood => LIKELIHOODS.some(({ id }) => id === value)

/** Admiralty code with what it means, for the sourcing of records. */
export const admiralty = (sourcing: Sourcing): string => `${sourcing.reliability}${sourcing.credibility}`

/** What is left out of a long table, said rather than hidden. */
export function limited<T>(rows: readonly T[], limit: number, words: Words): { rows: readonly T[]; more: string } {
  const left = rows.length - limit
  return left > 0 ? { rows: rows.slice(0, limit), more: words.more(left, rows.length) } : { rows, more: '' }
}

/** The word of a table for a code, or the code itself where the table has none. */
export const wordOf = (table: Readonly<Record<string, string>>, code: string): string =>
  Object.hasOwn(table, code) ? table[code]! : code
