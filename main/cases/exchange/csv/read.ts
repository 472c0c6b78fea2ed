/** A table as records, by a mapping of its columns. */
import { createHash } from 'node:crypto'
import { EntityKind } from '../../../contract/cases.ts'
import { Sourcing, Tlp, type DatedValue } from '../../../contract/common.ts'
import type { TableMapping } from '../../../contract/exchange.ts'
import { datedOf } from '../../../contract/time.ts'
import { entityByName, RelationRow, type EntityRow } from '../../../store/exchange/rows.ts'
import type { Library } from '../../../store/library.ts'
import { kindOf } from '../../entities/list.ts'
import { fileSource, foreignEntity, foreignId } from '../foreign.ts'
import { isPart, type Incoming, type Reading, type Trouble } from '../incoming.ts'
import { uuidOf } from '../stix/ids.ts'
import { SUBJECT } from './columns.ts'
import type { Table } from './table.ts'

type Tell = (trouble: Trouble) => void

export interface TableSource {
  readonly table: Table
  readonly bytes: Uint8Array
  readonly name: string
}

export function readRecords(lib: Library, { table, bytes, name }: TableSource, mapping: TableMapping): Reading {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const at = new Date().toISOString()
  const source = fileSource(name, sha256, at, 'AMBER', 'A table that was imported.')
  const columns = table.headings.map(
    (heading) => mapping.columns.find(({ column }) => column === heading)?.field ?? null,
  )
  return {
    format: 'csv',
    size: table.rows.length,
    *read(tell, part = 'all') {
      table.headings.forEach((heading, n) => {
        if (columns[n] === null) tell({ code: 'column', text: `Column “${heading.slice(0, 60)}”: not read` })
      })
      if (part !== 'links') yield { as: 'entity', row: source }
      for (const cells of table.rows)
        for (const one of rowOf(lib, { cells, columns, mapping, source, at }, tell)) if (isPart(one, part)) yield one
    },
  }
}

interface Line {
  readonly cells: readonly string[]
  readonly columns: readonly (string | null)[]
  readonly mapping: TableMapping
  readonly source: EntityRow
  readonly at: string
}

function* rowOf(lib: Library, { cells, columns, mapping, source, at }: Line, tell: Tell): Generator<Incoming> {
  const given = new Map<string, string>()
  columns.forEach((field, n) => {
    const cell = cells[n]?.trim()
    if (field && cell) given.set(field, given.has(field) ? `${given.get(field)}\n${cell}` : cell)
  })
  if (given.size === 0) return
  const kind = EntityKind.safeParse(given.get('kind')?.toLowerCase()).data ?? mapping.kind
  const fields = valuesOf(lib, kind, given, tell)
  const subject = kind === 'designation' ? given.get(SUBJECT) : undefined
  const name = given.get('name') ?? (subject ? [fields['list'], subject].filter(Boolean).join(': ') : '')
  if (!name) {
    tell({ code: 'name', text: 'A row without a name was left out' })
    return
  }
  const head = headOf(lib, given, source, tell)
  const id = uuidOf(`x--${given.get('id')?.toLowerCase()}`) ?? foreignId(keyOf(kind, name, given))
  const row = foreignEntity({ id, kind, name, at, updatedAt: at, ...head }, fields, tell)
  yield { as: 'entity', row: withSourcing(row, given, head.sourceId, tell) }
  if (!subject) return
  const known = entityByName(lib, subject, ['identity', 'actor', 'channel', 'account', 'operation'])
  const whom = known ?? { id: foreignId(keyOf('identity', subject, new Map())), kind: 'identity' as const }
  if (!known)
    yield {
      as: 'entity',
      row: foreignEntity({ id: whom.id, kind: 'identity', name: subject, at, updatedAt: at, ...head }, {}, tell),
    }
  yield {
    as: 'relation',
    row: RelationRow.parse({
      id: foreignId(`${whom.id} designated-by ${id}`),
      type: 'designated-by',
      from: { kind: whom.kind, id: whom.id },
      to: { kind, id },
      sourcing: row.sourcing,
      createdAt: at,
    }),
  }
}

/** What tells one row from another: a list names a subject once for each day on which it was put on it. */
const keyOf = (kind: EntityKind, name: string, given: ReadonlyMap<string, string>): string =>
  ['csv', kind, name, ...(kind === 'designation' ? [given.get('list') ?? '', given.get('validFrom') ?? ''] : [])].join(
    '\n',
  )

type Head = Pick<EntityRow, 'tlp'> & { sourceId: string | null; credibility: Sourcing['credibility'] }

function headOf(lib: Library, given: ReadonlyMap<string, string>, file: EntityRow, tell: Tell): Head {
  const mark = given.get('tlp')?.toUpperCase().replace(/^TLP:/, '')
  const tlp = mark ? Tlp.safeParse(mark).data : undefined
  if (mark && !tlp) tell({ code: 'tlp', text: `“${mark.slice(0, 40)}” is no mark of TLP 2.0; AMBER is set` })
  const cited = given.get('source')
  const known = cited ? entityByName(lib, cited, ['source']) : undefined
  if (cited && !known)
    tell({ code: 'source', text: `The source “${cited.slice(0, 60)}” is not in this library; the file is cited` })
  const digit = given.get('information credibility')?.[0]
  return {
    tlp: tlp ?? 'AMBER',
    sourceId: known?.id ?? file.id,
    credibility: Sourcing.shape.credibility.safeParse(digit).success ? (digit as Sourcing['credibility']) : '6',
  }
}

function withSourcing(
  row: EntityRow,
  given: ReadonlyMap<string, string>,
  sourceId: string | null,
  tell: Tell,
): EntityRow {
  const seen = (field: string): DatedValue | null => {
    const cell = given.get(field)
    const dated = cell ? datedOf(isoOf(cell)) : null
    if (cell && !dated) tell({ code: 'value', text: `${field}: “${cell.slice(0, 40)}” is no date` })
    return dated
  }
  const letter = given.get('source reliability')?.[0]?.toUpperCase()
  const sourcing = Sourcing.parse({
    ...row.sourcing,
    sourceId,
    reliability: /^[A-F]$/.test(letter ?? '') ? letter : undefined,
    firstSeen: seen('first seen'),
    lastSeen: seen('last seen'),
  })
  return { ...row, sourcing, assertions: row.assertions.map((one) => ({ ...one, sourcing })) }
}

function valuesOf(
  lib: Library,
  kind: EntityKind,
  given: ReadonlyMap<string, string>,
  tell: Tell,
): Record<string, unknown> {
  return Object.fromEntries(
    kindOf(kind).fields.flatMap(({ name, type, many, label, kinds }) => {
      const cell = given.get(name)
      if (!cell) return []
      const parts = many
        ? cell
            .split(/\r?\n/)
            .map((one) => one.trim())
            .filter(Boolean)
        : [cell]
      const values = parts.flatMap((part): unknown[] => {
        if (type === 'dated') return [isoOf(part)]
        if (type !== 'reference') return [part]
        const found = uuidOf(`x--${part}`) ?? entityByName(lib, part, kinds ?? [])?.id
        if (!found) tell({ code: 'reference', text: `${label}: no record here is called “${part.slice(0, 60)}”` })
        return found ? [found] : []
      })
      return [[name, values]]
    }),
  )
}

/** `October 8, 1997` and `8 Oct 1997` as ISO dates. Numbers alone are not guessed at: 3/4/2024 is two days. */
function isoOf(cell: string): string {
  const parts = /^(?:(\d{1,2})\s+([A-Za-z]{3,9})\.?|([A-Za-z]{3,9})\.?\s+(\d{1,2}),?)\s+(\d{4})$/.exec(cell.trim())
  if (!parts) return cell
  const month = MONTHS.indexOf((parts[2] ?? parts[3] ?? '').slice(0, 3).toLowerCase()) + 1
  const day = parts[1] ?? parts[4] ?? ''
  return month ? `${parts[5]}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}` : cell
}
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
