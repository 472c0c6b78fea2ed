/** Text on a terminal. What comes from files and records is untrusted: it may hold sequences that terminals obey. */

/** C0 and C1 controls, and characters that turn, hide or break a line (Unicode bidi controls, zero width, separators). */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

const hex = (char: string): string => char.charCodeAt(0).toString(16).padStart(4, '0')

/** One line that a terminal shows and does not obey; line breaks in it are made visible too. */
export const visible = (untrustedText: string): string => untrustedText.replaceAll(UNSAFE, (char) => `\\u${hex(char)}`)

/** One JSON document on one line. Escaped so that it reads back the same, and shows harmlessly on a terminal. */
export const jsonLine = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (char) => `\\u${hex(char)}`,
  )

/** Columns padded to the widest cell; for lists that a person reads. */
export function table(rows: readonly (readonly string[])[]): string {
  const clean = rows.map((row) => row.map(visible))
  const widths = (clean[0] ?? []).map((_, column) => Math.max(...clean.map((row) => [...(row[column] ?? '')].length)))
  return clean
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - [...cell].length))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** `1.4 GB`, in powers of 1000. */
export function bytes(count: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let value = count
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}

const two = (n: number): string => String(n).padStart(2, '0')

/** `1:02:03` or `2:03`, from seconds. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds)
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
