/** How a language writes numbers, moments and lists; what `Intl` (CLDR) knows, so that no table has to say it. */
import type { ReportLanguage } from '../../contract/report-layout.ts'
import { precisionOf } from '../../contract/time.ts'
import { countryName } from '../../contract/values.ts'

export interface Writing {
  /** `one` for the numbers that the language counts so; French counts none among them. */
  plural(n: number, one: string, other: string): string
  /** With its group separators, rounded to a whole number. */
  count(n: number): string
  /** With its group separators and at most so many decimals. */
  rounded(value: number, digits: number): string
  /** With exactly so many decimals. */
  fixed(value: number, digits: number): string
  /** With at most so many digits that count, in full, without an exponent. */
  significant(value: number, digits: number): string
  /** As it is, without group separators, so that years and counts as reported read alike. */
  plain(value: number): string
  /** @param share 0 to 1 */
  percent(share: number): string
  /** `12.3 MB (12,345,678 bytes)`; decimal units (IEC 80000-13 keeps MB for 10^6). @param exact false: without the number of bytes */
  bytes(n: number, exact?: boolean): string
  /** A moment in UTC, to the second, which names its zone. English keeps ISO 8601. */
  instant(iso: string): string
  /** A date as far as it is known (`2024`, `2024-02`, `2024-02-09T20:15+03:30`), its clock time left as it was given. */
  date(value: string): string
  /** “A, B and C” */
  and(items: readonly string[]): string
  /** ISO 3166-1 alpha-2 code as a name; anything else as it is. */
  country(value: string): string
}

/** Languages whose dates are written in words or with points; English keeps ISO 8601, as the window does. */
const ISO: ReadonlySet<string> = new Set(['en'])
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

export function writing(language: ReportLanguage): Writing {
  const rules = new Intl.PluralRules(language)
  const made = new Map<string, Intl.NumberFormat>()
  const number = (options: Intl.NumberFormatOptions): { format(value: number): string } => {
    const key = JSON.stringify(options)
    const known = made.get(key) ?? new Intl.NumberFormat(language, options)
    made.set(key, known)
    // French groups with a narrow space, which the fonts of the report do not have.
    return { format: (value) => known.format(value).replaceAll('\u202f', '\u00a0') }
  }
  const dates = new Map<string, Intl.DateTimeFormat>()
  const date = (at: Date, options: Intl.DateTimeFormatOptions): string => {
    const key = JSON.stringify(options)
    const known = dates.get(key) ?? new Intl.DateTimeFormat(language, { timeZone: 'UTC', ...options })
    dates.set(key, known)
    return known.format(at)
  }
  // British: without a comma before the “and”.
  const lists = new Intl.ListFormat(language === 'en' ? 'en-GB' : language, { type: 'conjunction' })
  // Spanish groups only from five digits on, where CLDR is left to itself; a report sets sizes one below the other.
  const count = (n: number): string => number({ maximumFractionDigits: 0, useGrouping: 'always' }).format(Math.round(n))
  const inBytes = (n: number, unit: (typeof UNITS)[number], digits: number, unitDisplay: 'short' | 'long'): string => {
    const options = { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: 'always' } as const
    return number({ style: 'unit', unit, unitDisplay, ...options }).format(n)
  }
  return {
    plural: (n, one, other) => (rules.select(n) === 'one' ? one : other),
    count,
    rounded: (value, digits) => number({ maximumFractionDigits: digits, useGrouping: 'always' }).format(value),
    fixed: (value, digits) =>
      number({ minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false }).format(value),
    significant: (value, digits) => number({ maximumSignificantDigits: digits, useGrouping: false }).format(value),
    plain: (value) => number({ maximumFractionDigits: 20, useGrouping: false }).format(value),
    // As the SI brochure has it (9th edition, 5.4.7), with a space, in every language alike.
    percent: (share) => `${number({ maximumFractionDigits: 0 }).format(share * 100)}\u00a0%`,
    bytes(n, exact = true) {
      const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, n)) / 3)))
      const whole = inBytes(n, 'byte', 0, 'long')
      if (power === 0) return whole
      const short = inBytes(n / 1000 ** power, UNITS[power]!, 1, 'short')
      return exact ? `${short} (${whole})` : short
    },
    instant(iso) {
      if (ISO.has(language)) return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`
      return `${date(new Date(iso), { dateStyle: 'medium' })}, ${iso.slice(11, 19)} UTC`
    },
    date(value) {
      const precision = precisionOf(value)
      if (ISO.has(language) || precision === null || precision === 'year') return value
      const day = new Date(`${value.slice(0, 10)}${precision === 'month' ? '-01' : ''}T00:00:00Z`)
      if (precision === 'month') return date(day, { year: 'numeric', month: 'long' })
      const clock = value.slice(11)
      return [
        date(day, { dateStyle: 'medium' }),
        clock.replace(/(Z|[+-]\d{2}:\d{2})$/, ' UTC$1').replace('UTCZ', 'UTC'),
      ]
        .filter(Boolean)
        .join(', ')
    },
    and: (items) => lists.format(items),
    country: (value) => countryName(value, language),
  }
}
