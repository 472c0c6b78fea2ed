/**
 * Our extension of STIX 2.1 (section 7.3): the two definitions, and how a record's rows stand in it. Described for others
 * in docs/exchange.md.
 */
import type { CaseRow, EntityRow, RelationRow } from '../../../store/exchange/rows.ts'
import { derivedId, TYPES } from './ids.ts'

/** A record, relation or case as Assay holds it; on every object that Assay writes. */
export const RECORD = 'extension-definition--c4a8a4b5-9a53-4f6d-8a0f-0c3a7f2a5d11'
/** Object types that STIX does not have. */
export const OBJECTS = 'extension-definition--1e7d2b84-5f0c-4b0e-b0d2-6f3b8a9e4c27'

const MADE = '2026-11-27T00:00:00.000Z'
/** Who defines the extension; the same in every library. */
export const ASSAY = {
  type: 'identity',
  spec_version: '2.1',
  id: derivedId('identity', 'Assay'),
  created: MADE,
  modified: MADE,
  name: 'Assay',
  description: 'The workbench that wrote this bundle.',
  identity_class: 'system',
  extensions: { [RECORD]: { extension_type: 'property-extension', derived: true } },
}

const definition = (id: string, name: string, types: string[], schema: string): Record<string, unknown> => ({
  type: 'extension-definition',
  spec_version: '2.1',
  id,
  created_by_ref: ASSAY.id,
  created: MADE,
  modified: MADE,
  name,
  schema,
  version: '1.0.0',
  extension_types: types,
})

export const DEFINITIONS: readonly Record<string, unknown>[] = [
  definition(
    RECORD,
    'Assay record',
    ['property-extension'],
    'On an object that stands for a record: `record`, its kind, name, handling mark, revision, times and what it was merged into, with `assertions`: every value with its field, sourcing (source, Admiralty reliability and credibility, likelihood, confidence, first and last seen, supports), validity, standing and what took its place. On a relationship: `relation`. On a grouping: `dossier`. On a note: `judgement`. `derived: true` marks an object that says again, for other tools, what another one says. References to media are the UUID of their `file` object.',
  ),
  definition(
    OBJECTS,
    'Assay influence-operation objects',
    ['new-sdo'],
    `Object types ${[...Object.values(TYPES).flatMap((one) => (one.new ? one.type : [])), 'media-content'].join(', ')}: each with \`name\` and, where there is one, \`description\`; everything else stands in the extension “Assay record” beside it, and in a note for tools that know neither.`,
  ),
]

type Json = Record<string, unknown>

/** Without what is null or an empty list: the schemas of rows.ts put it back, and STIX asks for its absence. */
export function compact(value: Json): Json {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([, one]) => one !== null && one !== undefined && !(Array.isArray(one) && !one.length),
    ),
  )
}

/** Turns the id by which this library knows an item into the one by which everybody knows its bytes, or back. */
export type MediaIds = (id: string) => string

/** The sourcing without nulls, its media by the ids of everybody. */
function sourcingOut(sourcing: EntityRow['sourcing'], media: MediaIds): Json {
  return compact({
    ...sourcing,
    supports: sourcing.supports.map((one) =>
      compact({ ...one, evidenceId: one.evidenceId === undefined ? undefined : media(one.evidenceId) }),
    ),
  })
}

/** Cells of a matrix may weigh an item. */
function valueOut(value: unknown, media: MediaIds): unknown {
  const cell = value as { of?: unknown; ref?: unknown } | null
  return cell && typeof cell === 'object' && cell.of === 'evidence' && typeof cell.ref === 'string'
    ? { ...cell, ref: media(cell.ref) }
    : value
}

export const recordOut = ({ assertions, ...head }: EntityRow, media: MediaIds): Json =>
  compact({
    ...head,
    sourcing: sourcingOut(head.sourcing, media),
    assertions: assertions.map((one) =>
      compact({ ...one, value: valueOut(one.value, media), sourcing: sourcingOut(one.sourcing, media) }),
    ),
  })

/** The objects in a list that somebody else wrote; what is none is left out. */
export const objectsIn = (untrusted: unknown): Json[] =>
  (Array.isArray(untrusted) ? untrusted : []).filter(
    (one): one is Json => one !== null && typeof one === 'object' && !Array.isArray(one),
  )

/** The same in the other direction, before it is parsed by its schema. */
export function recordIn(untrusted: Json, media: MediaIds): Json {
  const assertions = objectsIn(untrusted['assertions'])
  return {
    ...untrusted,
    sourcing: sourcingIn(untrusted['sourcing'], media),
    assertions: assertions.map((one) => ({
      ...one,
      value: valueOut(one['value'], media),
      sourcing: sourcingIn(one['sourcing'], media),
    })),
  }
}

function sourcingIn(untrusted: unknown, media: MediaIds): unknown {
  const { supports } = (untrusted ?? {}) as { supports?: unknown }
  if (supports === undefined) return untrusted ?? {}
  return {
    ...(untrusted as Json),
    supports: objectsIn(supports).map((one) =>
      typeof one['evidenceId'] === 'string' ? { ...one, evidenceId: media(one['evidenceId']) } : one,
    ),
  }
}

const end = (node: RelationRow['from'], media: MediaIds): RelationRow['from'] =>
  node.kind === 'evidence' ? { kind: 'evidence', id: media(node.id) } : node

export const relationOut = (row: RelationRow, media: MediaIds): Json =>
  compact({
    ...row,
    from: end(row.from, media),
    to: end(row.to, media),
    sourcing: sourcingOut(row.sourcing, media),
  })

export function relationIn(untrusted: Json, media: MediaIds): Json {
  const ends = Object.fromEntries(
    (['from', 'to'] as const).map((name) => {
      const node = untrusted[name] as RelationRow['from'] | undefined
      return [name, node && node.kind === 'evidence' ? end(node, media) : node]
    }),
  )
  return { ...untrusted, ...ends, sourcing: sourcingIn(untrusted['sourcing'], media) }
}

export const caseOut = (row: CaseRow, media: MediaIds): Json =>
  compact({
    ...row,
    evidence: row.evidence.map((one) => ({ ...one, id: media(one.id) })).sort((a, b) => (a.id < b.id ? -1 : 1)),
    entities: row.entities.map((one) => compact({ ...one })),
    tasks: row.tasks.map((one) => ({
      ...one,
      fields: compact({
        ...one.fields,
        about: one.fields.about?.kind === 'evidence' ? end(one.fields.about, media) : one.fields.about,
      }),
    })),
  })
