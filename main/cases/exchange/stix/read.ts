/** Reading a STIX 2.1 bundle, our own without loss and anybody else's as far as it goes. */
import { createHash } from 'node:crypto'
import type { NodeKind, RelationType } from '../../../contract/cases.ts'
import { RelationType as RelationTypes } from '../../../contract/cases.ts'
import { Instant, Sourcing, type Tlp } from '../../../contract/common.ts'
import { Judgement } from '../../../contract/findings.ts'
import { Failure } from '../../../errors.ts'
import { evidenceBySha } from '../../../store/evidence.ts'
import { CaseRow, EntityRow, RelationRow } from '../../../store/exchange/rows.ts'
import type { Library } from '../../../store/library.ts'
import { kindOf } from '../../entities/list.ts'
import { isAllowed, ruleOf } from '../../relations.ts'
import { fileSource, foreignEntity, foreignId } from '../foreign.ts'
import type { Incoming, Reading, Trouble } from '../incoming.ts'
import { bundleParts, countOf, objectAt } from '../json-objects.ts'
import { objectsIn, RECORD, recordIn, relationIn } from './extension.ts'
import { fieldsOf, isRead, KINDS, nameOf, RELATIONS } from './from-object.ts'
import { typeOf, uuidOf } from './ids.ts'
import { tlpOf } from './tlp.ts'

type Json = Record<string, unknown>
type Tell = (trouble: Trouble) => void
interface Node {
  readonly kind: NodeKind
  readonly id: string
}

/** Types that say nothing a library needs. */
const NOTHING = new Set(['marking-definition', 'extension-definition', 'language-content'])

/** @param name of the file, for the source record of what others say */
export function readBundle(lib: Library, bytes: Uint8Array, name: string): Reading {
  const parts = bundleParts(bytes, ['objects'])
  if (parts.envelope['type'] !== 'bundle')
    throw new Failure('exchange.unreadable', 'It does not say that it is a bundle.')
  const size = countOf(parts)
  const index = indexOf(lib, bytes, parts, size)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return {
    format: 'stix',
    size,
    *read(tell, part = 'all') {
      const reader = objectReader(lib, index, sha256, name, tell)
      if (index.foreign && part !== 'links') yield { as: 'entity', row: reader.source }
      for (let n = 0; n < size; n++) {
        if (index.older.has(n)) {
          tell({ code: 'duplicate', text: 'An object with the id of another; the newer one is read' })
          continue
        }
        if (part === 'all' || index.links.has(n) === (part === 'links')) yield reader.object(objectAt(bytes, parts, n))
      }
    },
  }
}

interface Index {
  /** What each object will be, by its STIX id. */
  readonly nodes: Map<string, Node>
  /** Items by the id of everybody: the library's own id, or null where their bytes are not here. */
  readonly media: Map<string, string | null>
  /** Places of objects that a newer version in the same bundle replaces. */
  readonly older: Set<number>
  /** Places of relationships and judgements: they are read when all records are there. */
  readonly links: Set<number>
  /** When it was read; for what says no time of its own. */
  readonly at: string
  /** Whether anything in it is not ours. */
  readonly foreign: boolean
}

function indexOf(lib: Library, bytes: Uint8Array, parts: ReturnType<typeof bundleParts>, size: number): Index {
  const nodes = new Map<string, Node>()
  const media = new Map<string, string | null>()
  const older = new Set<number>()
  const links = new Set<number>()
  const places = new Map<string, { n: number; modified: string }>()
  const uuids = new Set<string>()
  let foreign = false
  for (let n = 0; n < size; n++) {
    const object = objectAt(bytes, parts, n)
    const id = String(object['id'])
    const uuid = uuidOf(id)
    const type = String(object['type'])
    if (!uuid) continue
    const modified = String(object['modified'] ?? '')
    const before = places.get(id)
    if (before) {
      older.add(modified > before.modified ? before.n : n)
      if (modified <= before.modified) continue
    }
    places.set(id, { n, modified })
    if (type === 'relationship' || ownContent(object)?.['judgement']) links.add(n)
    if (type === 'file') {
      const sha256 = String((object['hashes'] as Json | undefined)?.['SHA-256'] ?? '').toLowerCase()
      const item = /^[0-9a-f]{64}$/.test(sha256) ? evidenceBySha(lib, sha256) : null
      media.set(uuid, item?.id ?? null)
      nodes.set(id, { kind: 'evidence', id: item?.id ?? uuid })
      continue
    }
    const record = ownContent(object)?.['record'] as Json | undefined
    const own = record && EntityRow.shape.id.safeParse(record['id']).data
    if (own && record['kind']) nodes.set(id, { kind: record['kind'] as NodeKind, id: own })
    else if (KINDS[type] && ownContent(object) === null) {
      const taken = uuids.has(uuid)
      nodes.set(id, { kind: KINDS[type], id: taken ? foreignId(id) : uuid })
      foreign = true
    } else if (type === 'relationship' && ownContent(object) === null) foreign = true
    uuids.add(uuid)
  }
  return { nodes, media, older, links, at: new Date().toISOString(), foreign }
}

/** What our extension says of an object; null where it is somebody else's. */
function ownContent(object: Json): Json | null {
  const content = (object['extensions'] as Json | undefined)?.[RECORD]
  return content && typeof content === 'object' ? (content as Json) : null
}

function objectReader(lib: Library, index: Index, sha256: string, fileName: string, tell: Tell) {
  const now = index.at
  const source = fileSource(fileName, sha256, now, 'AMBER', 'A STIX 2.1 bundle that was imported.')
  const local = (id: string): string => index.media.get(id) ?? id
  const here = new Set([...index.media.values()].filter((id) => id !== null))
  const isHere = (node: Node): boolean => node.kind !== 'evidence' || here.has(node.id)

  function object(object: Json): Incoming {
    const id = String(object['id'])
    const type = String(object['type'])
    if (!uuidOf(id) || typeOf(id) !== type) {
      tell({ code: 'id', text: `${type.slice(0, 40)}: an object without a valid id was left out` })
      return { as: 'nothing' }
    }
    if (NOTHING.has(type)) return { as: 'nothing' }
    const own = ownContent(object)
    if (own) return ours(object, own, id, type)
    if (KINDS[type]) return { as: 'entity', row: entity(object, id, type) }
    if (type === 'relationship') return relationship(object, id)
    if (type === 'file') return fileOrNothing(object, id, type)
    tell({ code: 'type', text: `${type}: no record here is of this type; kept as it came`, id })
    return { as: 'kept', kept: { id, type, object } }
  }

  /** What is known of an item here stands in the library; of another it is kept. */
  const fileOrNothing = (object: Json, id: string, type: string): Incoming => {
    const file = type === 'file' ? id : String((ownContent(object)?.['media'] as Json | undefined)?.['file'])
    if (index.media.get(uuidOf(file) ?? '')) return { as: 'nothing' }
    if (type === 'file') tell({ code: 'media', text: 'A media item whose bytes are not in this library; what is said of it is kept', id }) // prettier-ignore
    return { as: 'kept', kept: { id, type, object } }
  }

  function ours(object: Json, own: Json, id: string, type: string): Incoming {
    if (own['derived'] === true) return { as: 'nothing' }
    if (own['media']) return fileOrNothing(object, id, type)
    if (own['record']) {
      const parsed = EntityRow.safeParse(recordIn(own['record'] as Json, local))
      if (parsed.success) return { as: 'entity', row: checked(parsed.data) }
    } else if (own['relation']) {
      const parsed = RelationRow.safeParse(relationIn(own['relation'] as Json, local))
      if (parsed.success) {
        const row = parsed.data
        if (!isHere(row.from) || !isHere(row.to)) return { as: 'kept', kept: { id, type, object } }
        if (isAllowed(row.type, row.from.kind, row.to.kind) && row.from.id !== row.to.id) return { as: 'relation', row }
      }
    } else if (own['judgement']) {
      const given = own['judgement'] as Json
      const item = index.media.get(String(given['evidenceId']))
      const parsed = Judgement.safeParse({
        caseId: null, likelihood: null, confidence: null, findingIds: [], ...given, evidenceId: item ?? given['evidenceId'],
      }) // prettier-ignore
      if (parsed.success)
        return item ? { as: 'judgement', row: parsed.data } : { as: 'kept', kept: { id, type, object } }
    } else if (own['dossier']) {
      const given = own['dossier'] as Json
      const evidence = objectsIn(given['evidence'])
      const tasks = objectsIn(given['tasks'])
      const parsed = CaseRow.safeParse({
        ...given,
        evidence: evidence.map((one) => ({ ...one, id: local(String(one['id'])) })),
        tasks: tasks.map((one) => {
          const fields = (one['fields'] ?? {}) as Json
          const about = fields['about'] as Node | undefined
          return { ...one, fields: { ...fields, about: about ? { ...about, id: local(about.id) } : null } }
        }),
      })
      if (parsed.success) return { as: 'case', row: parsed.data }
    }
    tell({ code: 'record', text: `${type}: what Assay wrote was changed and cannot be read; kept as it came`, id })
    return { as: 'kept', kept: { id, type, object } }
  }

  /** Values by their fields' own schemas: a bundle that says it is ours is still a stranger's. */
  function checked(row: EntityRow): EntityRow {
    const { values, label, fields } = kindOf(row.kind)
    const assertions = row.assertions.flatMap((one) => {
      const schema = values.get(one.field)
      const read = schema?.safeParse(one.value)
      if (!read?.success) {
        const name = fields.find(({ name }) => name === one.field)?.label ?? one.field
        tell({ code: 'value', text: `${label}, ${name.slice(0, 60)}: a value that it cannot hold`, id: row.id })
        return []
      }
      return { ...one, value: read.data }
    })
    return { ...row, assertions }
  }

  const instant = (untrusted: unknown): string => {
    const at = Date.parse(String(untrusted))
    const text = Number.isNaN(at) ? now : new Date(at).toISOString()
    return Instant.safeParse(text).success ? text : now
  }
  /** Appendix A of STIX 2.1, the other way round. */
  const credibility = (confidence: unknown): Sourcing['credibility'] =>
    typeof confidence !== 'number' || confidence <= 0
      ? '6'
      : ((['5', '4', '3', '2', '1'] as const)[Math.min(4, Math.floor(confidence / 20))] ?? '6')
  const tlp = (object: Json): Tlp => tlpOf(object['object_marking_refs']) ?? 'AMBER'

  function entity(object: Json, id: string, type: string): EntityRow {
    const { kind, id: recordId } = index.nodes.get(id) as Node & { kind: EntityRow['kind'] }
    for (const property of Object.keys(object))
      if (!isRead(kind, property)) tell({ code: 'property', text: `${type}.${property.slice(0, 60)}: not read` })
    if (object['revoked'] === true)
      tell({ code: 'revoked', text: `${type}: revoked by its author; read all the same`, id })
    return foreignEntity(
      {
        id: recordId,
        kind,
        name: nameOf(object),
        at: instant(object['created']),
        updatedAt: instant(object['modified'] ?? object['created']),
        tlp: tlp(object),
        sourceId: source.id,
        credibility: credibility(object['confidence']),
      },
      fieldsOf(kind, object),
      tell,
    )
  }

  function relationship(object: Json, id: string): Incoming {
    const from = index.nodes.get(String(object['source_ref']))
    const to = index.nodes.get(String(object['target_ref']))
    const kept: Incoming = { as: 'kept', kept: { id, type: 'relationship', object } }
    if (!from || !to) {
      tell({ code: 'dangling', text: 'A relationship with an end that is no record here; kept as it came', id })
      return kept
    }
    if (!isHere(from) || !isHere(to)) return kept
    if (from.id === to.id) {
      tell({ code: 'loop', text: 'A relationship of an object to itself was left out', id })
      return { as: 'nothing' }
    }
    const given = String(object['relationship_type']).slice(0, 100)
    const known = RelationTypes.safeParse(given).data ?? RELATIONS[given]
    const type: RelationType = known && isAllowed(known, from.kind, to.kind) ? known : 'related-to'
    if (type !== given)
      tell({
        code: 'relation',
        text: `${given} between ${from.kind} and ${to.kind}: read as “${ruleOf(type).label}”`,
        id,
      })
    const note = [type === given ? '' : given, String(object['description'] ?? '')].filter(Boolean).join(': ')
    const at = (untrusted: unknown): RelationRow['validFrom'] =>
      untrusted === undefined ? null : { value: instant(untrusted), precision: 'exact', zone: 'UTC' }
    return {
      as: 'relation',
      row: RelationRow.parse({
        id: uuidOf(id),
        type,
        from,
        to,
        sourcing: { sourceId: source.id, credibility: credibility(object['confidence']) },
        note: note.slice(0, 500),
        validFrom: at(object['start_time']),
        validUntil: at(object['stop_time']),
        createdAt: instant(object['created']),
        withdrawnAt: object['revoked'] === true ? instant(object['modified']) : null,
      }),
    }
  }

  return { source, object }
}
