/** Which names a redaction replaces, by what, and the one pass that does it on any value. */
import { randomUUID } from 'node:crypto'
import type { Redaction } from '../../contract/redaction.ts'
import type { EntityKind } from '../../contract/cases.ts'
import { kindOf } from '../../cases/entities/list.ts'
import { readValue } from '../../cases/view.ts'
import { Failure } from '../../errors.ts'
import { assertionsOf } from '../../store/assertions.ts'
import { entityRow } from '../../store/entities.ts'
import type { Library } from '../../store/library.ts'
import { kindWord } from '../content/redactions.ts'
import type { Words } from '../words/words.ts'
import { findTerms, lettersOf, replaceTerms } from './skeleton.ts'

/** What a name is of: a kind of record, a person where the record says so, somebody of the desk, or not known. */
export type NameKind = EntityKind | 'person' | 'name' | 'analyst'

/** One name that is replaced. */
export interface CoveredName {
  /** In brackets, as it stands in the report. */
  readonly label: string
  readonly kind: NameKind
  readonly reason: string
  /** Every spelling; never leaves the process that reads the library. */
  readonly spellings: readonly string[]
  readonly recordId: string | null
}

/** Types and names of fields whose values identify no one by themselves; all others of a covered record are left out. */
const PLAIN_TYPES: ReadonlySet<string> = new Set(['choice', 'dated', 'number', 'observation', 'country'])
const PLAIN_FIELDS: ReadonlySet<string> = new Set(['platform', 'language'])
export const isPlain = (field: { readonly name: string; readonly type: string }): boolean =>
  PLAIN_TYPES.has(field.type) || PLAIN_FIELDS.has(field.name)

/** Names that are nobody's: what the program and an analyst without a name are recorded under. */
const NOBODY: ReadonlySet<string> = new Set(['', 'assay', 'analyst', 'the analyst'])

/**
 * @param people names of analysts, owners and assignees in the case
 * @param words of the report, in which labels are written
 * @throws Failure report.redaction where a chosen record is gone, or a label says a name that it is to cover
 */
export function coveredNames(
  lib: Library,
  redaction: Redaction,
  people: readonly string[],
  words: Words,
): CoveredName[] {
  const counts = new Map<string, number>()
  const numbered = (of: NameKind): string => {
    const kind = kindWord(of, words)
    const n = (counts.get(kind) ?? 0) + 1
    counts.set(kind, n)
    return words.redactions.numbered(kind, n)
  }
  const chosen = redaction.names.map(({ recordId, texts, label, reason }): CoveredName => {
    const record = recordId === null ? null : recordNames(lib, recordId)
    const kind = record?.kind ?? 'name'
    const spellings = [...(record?.names ?? []), ...texts]
    return { label: `[${bare(label) || numbered(kind)}]`, kind, reason, spellings, recordId }
  })
  const analysts = redaction.analysts
    ? [...new Set(people)].filter((name) => !NOBODY.has(name.trim().toLowerCase())).sort()
    : []
  const all = [
    ...chosen,
    ...analysts.map((name) => ({
      label: `[${numbered('analyst')}]`,
      kind: 'analyst' as const,
      reason: redaction.reason,
      spellings: [name],
      recordId: null,
    })),
  ]
  for (const { label } of all)
    if (findTerms(label, termsOf(all).terms).length)
      throw new Failure('report.redaction', `The label ${label} says a name that the report is to cover.`)
  return all
}

const bare = (label: string): string => label.replace(/[[\]]/g, '').trim()

/** The name of a record and every other that was ever recorded for it, withdrawn ones too. */
function recordNames(lib: Library, id: string): { kind: NameKind; names: string[] } {
  const head = (() => {
    try {
      return entityRow(lib, id)
    } catch {
      throw new Failure('report.redaction', 'A record whose name was to be covered is not in the library any more.')
    }
  })()
  const { fields } = kindOf(head.kind)
  const names = [head.name]
  let isPerson = false
  for (const said of assertionsOf(lib, id)) {
    const field = fields.find(({ name }) => name === said.field)
    if (!field) continue
    const value = readValue(head.kind, field, said.untrustedValue)
    if (field.type === 'alias') names.push(String((value as { name?: unknown })?.name ?? value))
    if (field.name === 'handle' || field.type === 'url') names.push(String(value))
    if (field.name === 'class' && value === 'person') isPerson = true
  }
  return { kind: isPerson ? 'person' : head.kind, names }
}

interface Terms {
  readonly terms: string[]
  readonly labels: string[]
}

function termsOf(names: readonly CoveredName[]): Terms {
  const terms = new Map<string, string>()
  for (const { spellings, label } of names)
    for (const spelling of spellings) {
      const letters = lettersOf(spelling)
      if (letters.length >= 2 && !terms.has(letters)) terms.set(letters, label)
    }
  return { terms: [...terms.keys()], labels: [...terms.values()] }
}

/** Keys whose values are words of the program, which must stay what they are. */
const FIXED: ReadonlySet<string> = new Set([
  'kind', 'type', 'tlp', 'state', 'band', 'weight', 'mime', 'precision', 'likelihood', 'confidence', 'status', 'code',
  'field', 'reliability', 'credibility', 'rating', 'grade', 'storage', 'signal', 'version',
]) // prettier-ignore

export interface Replacing {
  /** The value with every name in it replaced, in keys as well. */
  apply<T>(value: T): T
  /** Of a record or an item that must not be known by its id: one that is made up, the same all over. */
  cover(id: string): void
}

/** @param hashes withheld, with any beginning of them that is twelve digits long or longer */
export function replacing(names: readonly CoveredName[], hashes: readonly string[], words: Words): Replacing {
  const { terms, labels } = termsOf(names)
  const ids = new Map<string, string>()
  const texts = new Map<string, string>()
  const text = (value: string): string => {
    const known = ids.get(value) ?? texts.get(value)
    if (known !== undefined) return known
    let made = terms.length ? replaceTerms(value, terms, labels) : value
    if (hashes.length)
      made = made.replace(/[0-9a-f]{12,}/gi, (digits) =>
        hashes.some((hash) => hash.startsWith(digits.toLowerCase())) ? `[${words.redactions.hashWithheld}]` : digits,
      )
    if (value.length < 500) texts.set(value, made)
    return made
  }
  const visit = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return FIXED.has(key) ? value : text(value)
    if (Array.isArray(value)) return value.map((one) => visit(one, key))
    if (value && typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [ids.get(name) ?? name, visit(one, name)]))
    return value
  }
  return {
    apply: <T>(value: T): T => visit(value, '') as T,
    cover: (id) => void ids.set(id, ids.get(id) ?? randomUUID()),
  }
}

/** A word of a covered name, of which one by its place in the list, and in how many places it still stands. */
export interface Leftover {
  readonly text: string
  readonly name: number
  readonly places: number
}

/**
 * Words of covered names that a text still says by themselves: a surname without the first name, a brand in an address.
 * Short words are left out, since they are part of too many others.
 */
export function leftoverWords(names: readonly CoveredName[], texts: readonly string[]): Leftover[] {
  const words = new Map<string, { text: string; name: number }>()
  for (const [name, { spellings }] of names.entries())
    for (const spelling of spellings)
      for (const word of spelling.match(/[\p{L}\p{M}\p{N}\u200c]+/gu) ?? []) {
        const letters = lettersOf(word)
        if (letters.length >= 4 && !COMMON.has(letters) && !words.has(letters)) words.set(letters, { text: word, name })
      }
  const terms = [...words.keys()]
  const found = new Map<string, Leftover>()
  for (const text of texts)
    for (const { term } of findTerms(text.replace(/\[[^\]]*\]/g, ' '), terms)) {
      const word = words.get(terms[term]!)!
      found.set(word.text, { ...word, places: (found.get(word.text)?.places ?? 0) + 1 })
    }
  return [...found.values()].sort((a, b) => a.places - b.places || (a.text < b.text ? -1 : 1))
}

/** Of addresses and offices: they stand in names and say nothing of whose. */
const COMMON: ReadonlySet<string> = new Set([
  'http',
  'https',
  'html',
  'index',
  'news',
  'channel',
  'example',
  'group',
  'account',
  'user',
])
