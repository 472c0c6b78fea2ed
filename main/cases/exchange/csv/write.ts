/** Records as one table: a row each, a column for every field that any of them has. */
import { valueText } from '../../../contract/values.ts'
import { KINDS, kindOf } from '../../entities/list.ts'
import { standing, type NameOf } from '../plain.ts'
import type { Exported } from '../scope.ts'
import { HEAD_FIELDS } from './columns.ts'
import { writeTable } from './table.ts'

/**
 * Standing values only: those of a field with several on lines of their own, and of a field on which sources differ the
 * first undisputed one. A table has one source for a row: that of the record;
 * STIX carries that of each value.
 */
export function writeRecords(from: Exported): Buffer {
  const rows = [...from.entities.values()].filter(({ mergedInto }) => mergedInto === null)
  const nameOf: NameOf = (id) => from.entities.get(id)?.name ?? from.evidence.get(id)?.name
  const used = new Set(
    rows.flatMap(({ assertions }) => assertions.filter((one) => !one.withdrawnAt).map(({ field }) => field)),
  )
  const fields = [...new Set(KINDS.flatMap((kind) => kind.fields.map(({ name }) => name)))].filter((name) =>
    used.has(name),
  )
  const head: Record<(typeof HEAD_FIELDS)[number][0], (row: (typeof rows)[number]) => string> = {
    name: (row) => row.name,
    id: (row) => row.id,
    kind: (row) => row.kind,
    tlp: (row) => row.tlp,
    source: (row) => (row.sourcing.sourceId && nameOf(row.sourcing.sourceId)) || '',
    'source reliability': (row) => row.sourcing.reliability,
    'information credibility': (row) => row.sourcing.credibility,
    'first seen': (row) => row.sourcing.firstSeen?.value ?? '',
    'last seen': (row) => row.sourcing.lastSeen?.value ?? '',
  }
  return writeTable({
    headings: [...HEAD_FIELDS.map(([field]) => field), ...fields],
    rows: rows.map((row) => [
      ...HEAD_FIELDS.map(([field]) => head[field](row)),
      ...fields.map((field) => {
        const info = kindOf(row.kind).fields.find(({ name }) => name === field)
        if (!info) return ''
        // A reference by its id: names may be shared.
        return (info.many ? standing(row, field) : standing(row, field).slice(0, 1))
          .map(({ value }) =>
            info.type === 'dated'
              ? ((value as { value?: string }).value ?? String(value))
              : valueText(info.type, value),
          )
          .join('\n')
      }),
    ]),
  })
}
