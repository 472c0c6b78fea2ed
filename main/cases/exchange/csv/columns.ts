/** Which column of a stranger's table says what: guessed from the headings, shown, and changed by whoever imports. */
import type { EntityKind } from '../../../contract/cases.ts'
import type { TableMapping } from '../../../contract/exchange.ts'
import { fold } from '../../../store/search/fold.ts'
import { KINDS, kindOf } from '../../entities/list.ts'

/** Columns that every kind can have, besides its fields. */
export const HEAD_FIELDS = [
  ['name', 'Name'],
  ['id', 'Id'],
  ['kind', 'Kind of record'],
  ['tlp', 'Handling mark'],
  ['source', 'Source'],
  ['source reliability', 'Reliability of the source'],
  ['information credibility', 'Credibility of the information'],
  ['first seen', 'First seen'],
  ['last seen', 'Last seen'],
] as const

/** For a list of designations: who is meant. The record of that name is made or found, and linked. */
export const SUBJECT = 'subject'

/** Other headings under which lists and spreadsheets give a field; folded. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  name: ['title', 'entity', 'entity name', 'record'],
  tlp: ['marking', 'handling', 'tlp mark'],
  source: ['cited source', 'reported by source'],
  'source reliability': ['reliability', 'admiralty reliability'],
  'information credibility': ['credibility', 'admiralty credibility'],
  [SUBJECT]: ['name', 'sdn name', 'listed name', 'designee', 'organization', 'organisation', 'entity', 'entity name'],
  list: ['program', 'programme', 'sanctions program', 'list name', 'regime'],
  authority: ['listing authority', 'issuing authority', 'agency', 'issuer'],
  validFrom: ['date listed', 'listed on', 'listing date', 'date of designation', 'date designated', 'effective date', 'designated on', 'from', 'start date'], // prettier-ignore
  validUntil: ['delisted on', 'date delisted', 'date removed', 'revoked on', 'revocation date', 'until', 'end date'],
  reference: ['url', 'link', 'notice', 'federal register notice', 'citation'],
  basis: ['legal authority', 'legal basis', 'executive order'],
  handle: ['username', 'user name', 'account', 'screen name'],
  platform: ['network', 'service'],
  aliases: ['alias', 'aka', 'a k a', 'also known as', 'other name'],
  country: ['nation', 'country code'],
  start: ['start date', 'begin', 'first date'],
  end: ['end date', 'last date'],
  techniqueId: ['disarm id', 'technique id', 'ttp'],
}

/** What a column of a kind may say. */
export const fieldsFor = (kind: EntityKind): { field: string; label: string }[] => [
  ...HEAD_FIELDS.map(([field, label]) => ({ field, label })),
  ...(kind === 'designation' ? [{ field: SUBJECT, label: 'Who is designated' }] : []),
  ...kindOf(kind).fields.map(({ name, label }) => ({ field: name, label })),
]

/** @param kind the kind of the rows; null: the one that most headings fit */
export function guessMapping(headings: readonly string[], kind: EntityKind | null): TableMapping {
  const ours = headings.map((heading) => fold(heading))
  if (ours.includes('kind') && ours.includes('name')) return mixedMapping(headings, kind ?? 'identity')
  if (kind) return mappingFor(headings, kind)
  const candidates = KINDS.map((one) => mappingFor(headings, one.kind))
  const own = (mapping: TableMapping): number =>
    mapping.columns.filter(({ field }) => field && !HEAD_FIELDS.some(([name]) => name === field)).length
  return candidates.reduce((best, other) => (own(other) > own(best) ? other : best))
}

/** A table that says of each row what it is, as Assay writes them: a heading is the name of a field of any kind. */
function mixedMapping(headings: readonly string[], kind: EntityKind): TableMapping {
  const known = new Map(
    [...HEAD_FIELDS.map(([field]) => field), ...KINDS.flatMap(({ fields }) => fields.map(({ name }) => name))].map(
      (field) => [fold(field), field] as const,
    ),
  )
  return { kind, columns: headings.map((column) => ({ column, field: known.get(fold(column)) ?? null })) }
}

function mappingFor(headings: readonly string[], kind: EntityKind): TableMapping {
  const taken = new Set<string>()
  const choices = fieldsFor(kind)
  // Its own headings first: “Name” in a list of designations is who is meant only where nothing else is.
  const found = headings.map((heading) => {
    const asked = fold(heading)
    const field = choices.find(
      (one) => !taken.has(one.field) && (fold(one.field) === asked || fold(one.label) === asked || fold(spaced(one.field)) === asked), // prettier-ignore
    )?.field
    if (field && !(kind === 'designation' && field === 'name')) taken.add(field)
    return kind === 'designation' && field === 'name' ? undefined : field
  })
  const columns = headings.map((column, n) => {
    const asked = fold(column)
    const other = found[n]
      ? undefined
      : choices.find((one) => !taken.has(one.field) && OTHERS[one.field]?.includes(asked))?.field
    if (other) taken.add(other)
    const plainName = kind === 'designation' && !found[n] && !other && asked === 'name' ? 'name' : undefined
    return { column, field: found[n] ?? other ?? plainName ?? null }
  })
  return { kind, columns }
}

/** `validFrom` as `valid From`, which folds to two words. */
const spaced = (field: string): string => field.replaceAll(/([A-Z])/g, ' $1')
