/** Records in plain words, for formats and tools that know less of them than Assay does. */
import { countryName, valueText } from '../../contract/values.ts'
import type { AssertionRow, EntityRow } from '../../store/exchange/rows.ts'
import { kindOf } from '../entities/list.ts'

/** Name of a record by id; undefined for one that is not exchanged. */
export type NameOf = (id: string) => string | undefined

/** What stands of a field, undisputed first, otherwise in the order in which it was said. */
export const standing = (row: EntityRow, field: string): AssertionRow[] =>
  row.assertions
    .filter((one) => one.field === field && one.withdrawnAt === null)
    .sort((a, b) => Number(a.disputed) - Number(b.disputed))

export const valueOf = (row: EntityRow, field: string): unknown => standing(row, field)[0]?.value

/** As text; empty where nothing is said. Dates, aliases and references in the form in which a person types them. */
export function textOf(row: EntityRow, field: string, nameOf?: NameOf): string {
  const info = kindOf(row.kind).fields.find(({ name }) => name === field)
  const value = valueOf(row, field)
  if (value === undefined || !info) return ''
  return info.type === 'country' ? countryName(String(value)) : valueText(info.type, value, nameOf)
}

export const textsOf = (row: EntityRow, field: string, nameOf?: NameOf): string[] => {
  const info = kindOf(row.kind).fields.find(({ name }) => name === field)
  return info ? standing(row, field).map(({ value }) => valueText(info.type, value, nameOf)) : []
}

/** `2024-02-08`, as far as it is known; undefined where nothing is. */
export function datedText(row: EntityRow, field: string): string | undefined {
  const value = valueOf(row, field)
  const text = typeof value === 'string' ? value : (value as { value?: string } | undefined)?.value
  return text || undefined
}

/** Other names, without who uses them. */
export const aliasesOf = (row: EntityRow): string[] => [
  ...new Set(
    standing(row, 'aliases').map(({ value }) =>
      typeof value === 'string' ? value : ((value as { name?: string }).name ?? ''),
    ),
  ),
]

/** `B2`, who says so, and whether it is doubted: what a reader of one value must know. */
export function attribution(
  { sourcing, disputed }: Pick<AssertionRow, 'sourcing' | 'disputed'>,
  nameOf: NameOf,
): string {
  const source = sourcing.sourceId ? (nameOf(sourcing.sourceId) ?? 'a source that is not exchanged') : 'the analyst'
  return `${source}, ${sourcing.reliability}${sourcing.credibility}${disputed ? ', disputed' : ''}`
}

/** Every standing value, one a line, with who says it. */
export function factsOf(row: EntityRow, nameOf: NameOf): string {
  return kindOf(row.kind)
    .fields.flatMap((field) =>
      standing(row, field.name).map(
        (one) =>
          `${field.label}: ${field.type === 'country' ? countryName(String(one.value)) : valueText(field.type, one.value, nameOf)} (${attribution(one, nameOf)})`,
      ),
    )
    .join('\n')
}

/** Fields with one value of which several stand, each value in words. */
export function conflictsOf(row: EntityRow, nameOf: NameOf): string[] {
  return kindOf(row.kind)
    .fields.filter((field) => !field.many)
    .flatMap((field) => {
      const said = standing(row, field.name)
      const values = said.map((one) => valueText(field.type, one.value, nameOf))
      if (new Set(values).size < 2) return []
      return `Sources differ on ${field.label.toLowerCase()}: ${said.map((one, n) => `${values[n]} (${attribution(one, nameOf)})`).join('; ')}.`
    })
}
