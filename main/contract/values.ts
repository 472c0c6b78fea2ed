/**
 * The values that fields of records hold: one schema and one line of text for each type, so that forms, tables, the
 * command line and reports read and write them alike. Every schema also takes the text form.
 */
import { z } from 'zod'
import { Id, LongText, Sha256, ShortText, type DatedValue } from './common.ts'
import { Dated, datedText } from './time.ts'

export const FIELD_TYPES = [
  'text', 'long-text', 'dated', 'choice', 'number', 'url', 'hash', 'country', 'reference', 'alias', 'observation', 'cell',
] as const // prettier-ignore
export const FieldType = z.enum(FIELD_TYPES)
export type FieldType = z.infer<typeof FieldType>

/** A web address, with or without its scheme. It is shown as text and never opened by Assay. */
export const WebAddress = z
  .string()
  .trim()
  .max(2000)
  .regex(/^(?!(?:javascript|data|file|vbscript):)\S+$/i, 'a web address without spaces')

/** A country: its ISO 3166-1 alpha-2 code, or a name as a source gives it where there is no code for it. */
export const Country = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .transform((text) => countryCode(text) ?? text)

/** Another record. */
export const Reference = z.preprocess(
  (given) => (typeof given === 'string' ? { ref: given } : given),
  z.object({ ref: Id }),
)
export type Reference = z.infer<typeof Reference>

/** A name, and who uses it: `Cotton Sandstorm (Microsoft)`. When it was used stands in the assertion's validity. */
export const Alias = z.preprocess(
  (given) => {
    if (typeof given !== 'string') return given
    const parts = /^(.*\S)\s*\(([^()]+)\)\s*$/.exec(given.trim())
    return parts ? { name: parts[1], by: parts[2] } : { name: given }
  },
  z.object({ name: ShortText.min(1), by: ShortText.default('') }),
)
export type Alias = z.infer<typeof Alias>

/** A number on a date: `5000000; 2024-02-08; Meta`. Who gave the number, as written; the record cited is the sourcing. */
export const Observation = z.preprocess(
  (given) => {
    if (typeof given !== 'string') return given
    const [number = '', at = '', ...by] = given.split(';').map((part) => part.trim())
    return { value: numberOf(number), at, by: by.join('; ') }
  },
  z.object({
    value: z.number('number; date; source, such as 5000000; 2024-02-08; Meta'),
    at: Dated,
    by: ShortText.default(''),
  }),
)
export type Observation = z.infer<typeof Observation>

/**
 * How consistent one item is with a hypothesis (R. Heuer, “Psychology of Intelligence Analysis”, 1999, ch. 8): very
 * consistent, consistent, neutral or not applicable, inconsistent, very inconsistent.
 */
export const CONSISTENCY = ['CC', 'C', 'N', 'I', 'II'] as const
export const Consistency = z.enum(CONSISTENCY)
export type Consistency = z.infer<typeof Consistency>

/** What a cell weighs: an evidence item, a finding on one, a record (a claim, a source …), an assertion or a relation. */
export const CellSubject = z.enum(['evidence', 'finding', 'entity', 'assertion', 'relation'])
/** One cell of the matrix: an item against the hypothesis that carries the cell. Text: `evidence:ID CC why`. */
export const Cell = z.preprocess(
  (given) => {
    if (typeof given !== 'string') return given
    const parts = /^(\w+):(\S+)\s+(\w+)\s*(.*)$/s.exec(given.trim())
    return parts ? { of: parts[1], ref: parts[2], rating: parts[3], note: parts[4] } : given
  },
  z.object({ of: CellSubject, ref: Id, rating: Consistency, note: ShortText.default('') }),
)
export type Cell = z.infer<typeof Cell>

/** `5,000,000` and `5 000 000` as well; NaN where it is no number, which the schema then refuses. */
const numberOf = (text: string): number => (/^-?[\d,.\s]+$/.test(text) ? Number(text.replaceAll(/[,\s]/g, '')) : NaN)

/** The schema of one value of a field; `choices` for the type `choice`. */
export function valueSchema(type: FieldType, choices: readonly string[] = []): z.ZodType {
  switch (type) {
    case 'text':
      return ShortText.min(1)
    case 'long-text':
      return LongText.trim().min(1)
    case 'dated':
      return Dated
    case 'choice':
      return z.enum(choices as [string, ...string[]])
    case 'number':
      return z.preprocess((given) => (typeof given === 'string' ? numberOf(given) : given), z.number())
    case 'url':
      return WebAddress.min(1)
    case 'hash':
      return Sha256
    case 'country':
      return Country
    case 'reference':
      return Reference
    case 'alias':
      return Alias
    case 'observation':
      return Observation
    case 'cell':
      return Cell
  }
}

/**
 * One value as one line of text, which the schema takes back.
 *
 * @param nameOf name of a record by id, for references; the id itself where it is not given or unknown
 */
export function valueText(type: FieldType, value: unknown, nameOf?: (id: string) => string | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'object') return String(value)
  switch (type) {
    case 'dated':
      return datedText(value as DatedValue)
    case 'reference': {
      const { ref } = value as Reference
      return nameOf?.(ref) ?? ref
    }
    case 'alias': {
      const { name, by } = value as Alias
      return by ? `${name} (${by})` : name
    }
    case 'observation': {
      const { value: number, at, by } = value as Observation
      return [String(number), datedText(at), by].filter(Boolean).join('; ')
    }
    case 'cell': {
      const { of, ref, rating, note } = value as Cell
      return `${of}:${ref} ${rating} ${note}`.trim()
    }
    default:
      return JSON.stringify(value)
  }
}

/** Code by lower-case English name, built when the first name is looked up. */
let codes: Map<string, string> | null = null
const OTHER_NAMES: Readonly<Record<string, string>> = {
  usa: 'US', 'u.s.': 'US', uk: 'GB', 'great britain': 'GB', uae: 'AE', 'palestinian territories': 'PS', palestine: 'PS',
  'south korea': 'KR', 'north korea': 'KP', czechia: 'CZ', turkey: 'TR', burma: 'MM',
} // prettier-ignore

/** ISO 3166-1 alpha-2 code of a country given by code or by its English name (Unicode CLDR); null for anything else. */
export function countryCode(text: string): string | null {
  const given = text.trim()
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
  if (/^[a-z]{2}$/i.test(given)) {
    const code = given.toUpperCase()
    if (names.of(code) !== undefined) return code === 'UK' ? 'GB' : code
  }
  if (!codes) {
    codes = new Map(Object.entries(OTHER_NAMES))
    for (let a = 65; a <= 90; a++)
      for (let b = 65; b <= 90; b++) {
        const code = String.fromCharCode(a, b)
        const name = names.of(code)
        // Codes that were given up (such as DD) are not to be found by name.
        if (name && !codes.has(name.toLowerCase()) && Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`)
          codes.set(name.toLowerCase(), code)
      }
  }
  return codes.get(given.toLowerCase()) ?? null
}

/** The country's name in a language, or what stands there where it is no code. */
export function countryName(value: string, language = 'en'): string {
  if (!/^[A-Z]{2}$/.test(value)) return value
  return new Intl.DisplayNames(language, { type: 'region' }).of(value) ?? value
}
