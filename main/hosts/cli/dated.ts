/** Dates as a person types them on a command line, with the precision they were given in. */
import { InvalidArgumentError } from 'commander'
import type { DatedValue } from '../../contract/common.ts'

const FORMS: readonly (readonly [RegExp, DatedValue['precision']])[] = [
  [/^\d{4}$/, 'year'],
  [/^\d{4}-(0[1-9]|1[0-2])$/, 'month'],
  [/^\d{4}-\d{2}-\d{2}$/, 'day'],
  [/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})?$/, 'minute'],
  [/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?$/, 'exact'],
]

/** `2024`, `2024-02`, `2024-02-09`, `2024-02-09T20:15+03:30`. Without a zone UTC is meant. */
export function parseDated(text: string): DatedValue {
  const precision = FORMS.find(([form]) => form.test(text))?.[1]
  if (!precision || Number.isNaN(Date.parse(text)) || !isRealDay(text))
    throw new InvalidArgumentError('Give a date such as 2024, 2024-02, 2024-02-09 or 2024-02-09T20:15+03:30.')
  const zone = /T.*([+-]\d{2}:\d{2})$/.exec(text)?.[1] ?? 'UTC'
  return { value: text, precision, zone }
}

/** `Date.parse` takes 30 February for 1 March. */
function isRealDay(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})/.exec(text) ?? []
  return (
    day === undefined || new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day)
  )
}
