/** Tables as text (RFC 4180): reading what spreadsheets write, and writing what a spreadsheet does not execute. */
import { Failure } from '../../../errors.ts'
import { LIMITS } from '../json-objects.ts'

export interface Table {
  readonly headings: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

const COLUMNS = 500
const CELL = 100_000

/**
 * A cell that a spreadsheet would take for a formula, made text by an apostrophe before it (OWASP, “CSV injection”). One
 * that begins with apostrophes before such a character gets one more, so that reading takes off exactly what writing put on.
 */
export const disarmed = (cell: string): string => (/^'*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell)
export const rearmed = (cell: string): string => (/^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell)

/** Lines end in CRLF; cells with separators, quotes or line breaks are quoted. With a byte order mark, for spreadsheets. */
export function writeTable({ headings, rows }: Table): Buffer {
  const cell = (text: string): string => {
    const safe = disarmed(text)
    return /[",\r\n;\t]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
  }
  const line = (cells: readonly string[]): string => cells.map(cell).join(',')
  return Buffer.from(`\ufeff${[headings, ...rows].map(line).join('\r\n')}\r\n`)
}

/**
 * Reads a table with a heading row. The separator (comma, semicolon, tab) is the one that the heading row has most of.
 *
 * @throws Failure exchange.unreadable | exchange.limit
 */
export function readTable(bytes: Uint8Array): Table {
  if (bytes.length > LIMITS.bytes) throw new Failure('exchange.limit', `It has ${bytes.length} bytes.`)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new Failure('exchange.unreadable', 'Its text is not UTF-8.', { cause: error })
  }
  const lines = cells(text, separatorOf(text))
  const headings = lines.next().value
  if (!headings || headings.every((one) => !one.trim()))
    throw new Failure('exchange.unreadable', 'It has no heading row.')
  const rows: string[][] = []
  for (const row of lines) {
    if (row.every((one) => one === '')) continue
    rows.push(row)
    if (rows.length > LIMITS.objects) throw new Failure('exchange.limit', `It has more than ${LIMITS.objects} rows.`)
  }
  return { headings: headings.map((one) => one.trim()), rows }
}

function separatorOf(text: string): string {
  const line = text.slice(0, 10_000).split(/\r?\n/, 1)[0] ?? ''
  const count = (separator: string): number => line.split(separator).length
  return [',', ';', '\t'].reduce((best, other) => (count(other) > count(best) ? other : best))
}

function* cells(text: string, separator: string): Generator<string[], undefined> {
  let row: string[] = []
  let at = 0
  const push = (cell: string): void => {
    if (cell.length > CELL) throw new Failure('exchange.limit', `One of its cells has more than ${CELL} characters.`)
    row.push(rearmed(cell))
    if (row.length > COLUMNS) throw new Failure('exchange.limit', `It has more than ${COLUMNS} columns.`)
  }
  while (at < text.length) {
    let cell = ''
    if (text[at] === '"') {
      let end = at + 1
      for (;;) {
        const quote = text.indexOf('"', end)
        if (quote < 0) throw new Failure('exchange.unreadable', 'A quoted cell has no end.')
        cell += text.slice(end, quote)
        end = quote + 1
        if (text[end] !== '"') break
        cell += '"'
        end += 1
      }
      at = end
    }
    // What stands between a closing quote and the separator is kept too: some programs write so.
    let stop = at
    while (stop < text.length && text[stop] !== separator && text[stop] !== '\r' && text[stop] !== '\n') stop++
    push(cell + text.slice(at, stop))
    at = stop
    if (text[at] === separator) {
      at += 1
      if (at === text.length) push('')
      continue
    }
    if (text[at] === '\r') at += 1
    if (text[at] === '\n') at += 1
    yield row
    row = []
  }
  if (row.length) yield row
}
