/** Numbers with their units, in the language of the interface. */
import { i18next } from './i18n.ts'

const locale = (): string => i18next.language || 'en'

/** Making a formatter costs a hundred times what using it does, and a list asks for the same few in every row. */
const formatters = new Map<string, Intl.NumberFormat>()
function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale()} ${JSON.stringify(options)}`
  let known = formatters.get(key)
  if (!known) formatters.set(key, (known = new Intl.NumberFormat(locale(), options)))
  return known
}

/** Bytes in decimal multiples, as file managers print them: `12.4 MB`. */
export function bytes(count: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
  const power = count < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(count) / 3))
  const value = count / 1000 ** power
  return numbers({
    style: 'unit',
    unit: units[power],
    unitDisplay: 'short',
    maximumFractionDigits: power === 0 || value >= 100 ? 0 : 1,
  }).format(value)
}

const two = (n: number): string => String(n).padStart(2, '0')

/** Media time: `0:07.240`, `1:02:03.000`; `digits` decimals of a second. */
export function timeCode(seconds: number, digits = 3): string {
  const unit = 10 ** digits
  const whole = Math.round(Math.max(0, seconds) * unit)
  const s = Math.floor(whole / unit)
  const fraction = digits ? `.${String(whole % unit).padStart(digits, '0')}` : ''
  const h = Math.floor(s / 3600)
  return `${h ? `${h}:${two(Math.floor(s / 60) % 60)}` : Math.floor(s / 60)}:${two(s % 60)}${fraction}`
}

const inUnit = (value: number, unit: string): string =>
  numbers({ style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 0 }).format(value)

/** How long something is or will take, in words and coarsely: `12 sec`, `4 min`, `1 hr, 5 min`. */
export function span(seconds: number): string {
  if (seconds < 90) return inUnit(Math.max(1, Math.round(seconds)), 'second')
  if (seconds < 5400) return inUnit(Math.round(seconds / 60), 'minute')
  const hours = Math.floor(seconds / 3600)
  return `${inUnit(hours, 'hour')} ${inUnit(Math.round((seconds - hours * 3600) / 60), 'minute')}`
}

export function number(value: number, digits = 0): string {
  return numbers({ maximumFractionDigits: digits }).format(value)
}

export function percent(fraction: number): string {
  return numbers({ style: 'percent', maximumFractionDigits: 0 }).format(fraction)
}

/** A moment in UTC, to the minute unless `seconds`: `2026-02-09 20:15 UTC`. Evidence work needs one unambiguous zone. */
export function instant(iso: string, seconds = false): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, seconds ? 19 : 16)} UTC`
}

/** How long ago, for lists of recent things. */
export function ago(iso: string, now = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1000
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' })
  const size = Math.abs(seconds)
  if (size < 60) return format.format(Math.round(seconds), 'second')
  if (size < 3600) return format.format(Math.round(seconds / 60), 'minute')
  if (size < 86_400) return format.format(Math.round(seconds / 3600), 'hour')
  if (size < 86_400 * 45) return format.format(Math.round(seconds / 86_400), 'day')
  return iso.slice(0, 10)
}
