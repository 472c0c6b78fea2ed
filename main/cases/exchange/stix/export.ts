/**
 * A STIX 2.1 bundle: one canonical text (RFC 8785) per object, in the order of their ids, so that the same records are the
 * same bytes in every library.
 */
import { createHash } from 'node:crypto'
import type { Evidence } from '../../../contract/intake.ts'
import type { Judgement } from '../../../contract/findings.ts'
import { LIKELIHOODS, type Tlp } from '../../../contract/common.ts'
import { canonical } from '../../../store/audit.ts'
import type { CaseRow, EntityRow, RelationRow } from '../../../store/exchange/rows.ts'
import { ruleOf } from '../../relations.ts'
import { attribution, conflictsOf, factsOf, textOf, type NameOf } from '../plain.ts'
import type { Exported } from '../scope.ts'
import { ASSAY, caseOut, compact, DEFINITIONS, OBJECTS, RECORD, recordOut, relationOut } from './extension.ts'
import { derivedId, fileId, observableId, TYPES, uuidOf } from './ids.ts'
import { markingId, markingObject } from './tlp.ts'
import { confidenceOf, instantOf, isNew, properties } from './to-object.ts'

type Json = Record<string, unknown>

const extension = (content: Json, isNewType = false): Json => ({
  ...(isNewType ? { [OBJECTS]: { extension_type: 'new-sdo' } } : {}),
  [RECORD]: { extension_type: 'property-extension', ...content },
})

/** The whole bundle as UTF-8. Each object is held as its bytes only: texts of a hundred thousand would be twice as large. */
export function writeBundle(from: Exported): Buffer {
  const texts = new Map<string, Buffer>()
  for (const object of objectsOf(from)) texts.set(object['id'] as string, Buffer.from(canonical(object)))
  const lines = [...texts.keys()].sort().map((id) => texts.get(id)!)
  const hash = createHash('sha256')
  for (const line of lines) hash.update(line).update('\n')
  // The bundle's own id says nothing of its own: it follows from what it holds.
  const head = Buffer.from(`{"id":"${derivedId('bundle', hash.digest('hex'))}","objects":[\n`)
  const comma = Buffer.from(',\n')
  const parts = lines.flatMap((line, n) => (n ? [comma, line] : [line]))
  return Buffer.concat([head, ...parts, Buffer.from('\n],"type":"bundle"}\n')])
}

function* objectsOf(from: Exported): Generator<Json> {
  const write = writer(from)
  yield ASSAY
  yield* DEFINITIONS
  for (const row of from.entities.values()) yield* write.entity(row)
  for (const item of from.evidence.values()) yield* write.item(item)
  for (const row of from.relations) yield* write.relation(row)
  for (const one of from.judgements) yield write.judgement(one)
  yield* keptIn(from, write.known)
  for (const row of from.cases) yield* write.dossier(row)
  for (const tlp of write.marks()) yield markingObject(tlp)
}

/** Kept objects that belong to what is exported: all for a library; for cases, those whose ends are all in it. */
function* keptIn(from: Exported, known: Set<string>): Generator<Json> {
  const objects = from.kept.filter(({ id }) => !id.includes(' '))
  // Files come first, so that what speaks of them finds them.
  const order = (type: string): number => (type === 'file' ? 0 : type === 'relationship' ? 2 : 1)
  const inCases = new Set(
    from.kept.filter(({ id }) => id.includes(' ')).flatMap(({ object }) => [String(object['item'])]),
  )
  for (const { id, type, object } of objects.sort((a, b) => order(a.type) - order(b.type))) {
    const refs = [
      object['source_ref'],
      object['target_ref'],
      ...((object['object_refs'] as unknown[] | undefined) ?? []),
    ]
    const wanted = type === 'file' ? inCases.has(id) || from.whole : refs.every((ref) => !ref || known.has(String(ref)))
    if (!from.whole && !wanted) continue
    if (known.has(id)) continue
    known.add(id)
    yield object
  }
}

function writer(from: Exported) {
  const { entities, evidence } = from
  const used = new Set<Tlp>()
  const mark = (tlp: Tlp): Json => {
    used.add(tlp)
    return { object_marking_refs: [markingId(tlp)] }
  }
  const nameOf: NameOf = (id) => entities.get(id)?.name ?? evidence.get(id)?.name
  /** The item's id for everybody; one that is not in this library already has it. */
  const media = (id: string): string => {
    const item = evidence.get(id)
    return item ? uuidOf(fileId(item.sha256))! : id
  }
  const stixIds = accountIds(entities)
  const idOf = (node: { kind: string; id: string }): string =>
    node.kind === 'evidence' ? `file--${media(node.id)}` : stixIds.get(node.id)!
  const known = new Set<string>([...stixIds.values(), ...[...evidence.values()].map(({ sha256 }) => fileId(sha256))])

  const references = (sourceId: string | null, own: unknown): Json[] => {
    const source = sourceId ? entities.get(sourceId) : undefined
    const cited = source && properties(source, nameOf)['external_references']
    return [...((own as Json[] | undefined) ?? []), ...((cited as Json[] | undefined) ?? [])]
  }
  const derived = (
    type: string,
    key: string,
    at: { createdAt: string; updatedAt?: string },
    tlp: Tlp,
    content: Json,
  ): Json => ({
    type,
    spec_version: '2.1',
    id: derivedId(type, key),
    created: at.createdAt,
    modified: at.updatedAt ?? at.createdAt,
    ...mark(tlp),
    ...content,
    extensions: extension({ derived: true }),
  })
  /** What rests on each source: the objects of its `report`. */
  const citing = Map.groupBy(
    [...entities.values()].flatMap((row) =>
      [...new Set([row.sourcing.sourceId, ...row.assertions.map(({ sourcing }) => sourcing.sourceId)])].flatMap((id) =>
        id && id !== row.id ? { id, by: stixIds.get(row.id)! } : [],
      ),
    ),
    ({ id }) => id,
  )

  return {
    known,
    marks: (): Tlp[] => [...used],

    *entity(row: EntityRow): Generator<Json> {
      const { type } = TYPES[row.kind]
      const id = stixIds.get(row.id)!
      const plain = properties(row, nameOf)
      const observable = type === 'user-account'
      const cited = references(row.sourcing.sourceId, plain['external_references'])
      const objectRefs = row.kind === 'source' ? (citing.get(row.id) ?? []).map(({ by }) => by).sort() : []
      yield compact({
        type,
        spec_version: '2.1',
        id,
        ...plain,
        ...(observable
          ? {}
          : {
              created: row.createdAt,
              modified: row.updatedAt,
              confidence: confidenceOf(row.sourcing),
              external_references: unique(cited),
              revoked: row.mergedInto ? true : undefined,
              object_refs: row.kind === 'source' ? (objectRefs.length ? objectRefs : [ASSAY.id]) : undefined,
            }),
        ...mark(row.tlp),
        extensions: extension({ record: recordOut(row, media) }, isNew(row)),
      })
      if (row.mergedInto) return
      const facts = factsOf(row, nameOf)
      if ((isNew(row) || row.kind === 'account') && facts)
        yield derived('note', `facts ${row.id}`, row, row.tlp, { abstract: `What is recorded of ${row.name}`, content: facts, object_refs: [id] }) // prettier-ignore
      const conflicts = conflictsOf(row, nameOf)
      if (conflicts.length)
        yield derived('note', `conflicts ${row.id}`, row, row.tlp, { abstract: 'Sources differ', content: conflicts.join('\n'), object_refs: [id] }) // prettier-ignore
      for (const one of row.assertions)
        if (one.disputed && one.withdrawnAt === null)
          yield derived('opinion', one.id, { createdAt: one.createdAt }, row.tlp, {
            opinion: 'disagree',
            explanation: `${one.field}: ${one.note || 'disputed'}`,
            object_refs: [id],
          })
    },

    *item(item: Evidence): Generator<Json> {
      const id = fileId(item.sha256)
      yield {
        type: 'file',
        spec_version: '2.1',
        id,
        hashes: { 'SHA-256': item.sha256 },
        size: item.size,
        ...mark(item.tlp),
      }
      const [first] = item.acquisitions
      yield {
        type: 'media-content',
        spec_version: '2.1',
        id: derivedId('media-content', item.sha256),
        created: item.addedAt,
        modified: item.addedAt,
        name: item.name,
        ...mark(item.tlp),
        extensions: extension(
          {
            media: compact({
              file: id,
              blake3: item.blake3,
              container: item.container,
              source: first?.details.source || undefined,
              claimedDate: first?.details.claimedDate,
              claimedPlace: first?.details.claimedPlace || undefined,
              language: first?.details.language || undefined,
            }),
          },
          true,
        ),
      }
    },

    *relation(row: RelationRow): Generator<Json> {
      const id = `relationship--${row.id}`
      const tlp = strictestOf(row)
      known.add(id)
      yield compact({
        type: 'relationship',
        spec_version: '2.1',
        id,
        created: row.createdAt,
        modified: row.createdAt,
        relationship_type: row.type,
        source_ref: idOf(row.from),
        target_ref: idOf(row.to),
        description: row.note || undefined,
        confidence: confidenceOf(row.sourcing),
        external_references: unique(references(row.sourcing.sourceId, [])),
        revoked: row.withdrawnAt === null ? undefined : true,
        ...later('start_time', instantOf(row.validFrom), 'stop_time', instantOf(row.validUntil)),
        ...mark(tlp),
        extensions: extension({ relation: relationOut(row, media) }),
      })
      if (row.withdrawnAt !== null) return
      if (row.disputed)
        yield derived('opinion', row.id, row, tlp, {
          opinion: 'disagree',
          explanation: row.note || 'disputed',
          object_refs: [id],
        })
      const seen = row.from.kind !== 'evidence' && row.from.kind !== 'account'
      if (row.type === 'located-at' && seen)
        yield derived('sighting', row.id, row, tlp, {
          sighting_of_ref: idOf(row.from),
          where_sighted_refs: [idOf(row.to)],
          ...later('first_seen', instantOf(row.sourcing.firstSeen), 'last_seen', instantOf(row.sourcing.lastSeen)),
          description: `${nameOf(row.from.id)} ${ruleOf(row.type).label} ${nameOf(row.to.id)} (${attribution(row, nameOf)})`,
        })
    },

    judgement(one: Judgement): Json {
      const band = LIKELIHOODS.find(({ id }) => id === one.likelihood)
      // Two lines: likelihood and confidence are never put in one sentence (ICD 203).
      const content = [
        one.reasoning,
        band ? `Likelihood: ${band.label}.` : '',
        one.confidence ? `Analytic confidence: ${one.confidence}.` : '',
      ]
      return {
        type: 'note',
        spec_version: '2.1',
        id: `note--${one.id}`,
        created: one.at,
        modified: one.at,
        abstract: one.statement,
        content: content.filter(Boolean).join('\n') || one.statement,
        authors: [one.author || 'analyst'],
        object_refs: [`file--${media(one.evidenceId)}`],
        ...mark(evidence.get(one.evidenceId)?.tlp ?? 'AMBER'),
        extensions: extension({ judgement: compact({ ...one, evidenceId: media(one.evidenceId) }) }),
      }
    },

    *dossier(row: CaseRow): Generator<Json> {
      const { title, summary, question, tlp } = row.fields
      const absent = from.kept.flatMap(({ id, object }) =>
        id.startsWith(`${row.id} `) ? (object as { item: string; filedAt: string; note: string }) : [],
      )
      const full: CaseRow = {
        ...row,
        evidence: [...row.evidence, ...absent.map(({ item, filedAt, note }) => ({ id: uuidOf(item)!, filedAt, note }))],
      }
      const members = [
        ...row.entities.flatMap(({ id }) => stixIds.get(id) ?? []),
        ...full.evidence.map(({ id }) => `file--${media(id)}`),
      ]
      const refs = [...new Set(members)].sort()
      const common = { created: row.createdAt, modified: row.updatedAt, name: title, ...mark(tlp) }
      const grouping = `grouping--${row.id}`
      yield compact({
        type: 'grouping',
        spec_version: '2.1',
        id: grouping,
        ...common,
        description: [question, summary].filter(Boolean).join('\n\n') || undefined,
        context: 'suspicious-activity',
        object_refs: refs.length ? refs : [ASSAY.id],
        extensions: extension({ dossier: caseOut(full, media) }),
      })
      yield derived('report', row.id, row, tlp, {
        name: title,
        report_types: ['threat-report'],
        published: row.updatedAt,
        ...(summary ? { description: summary } : {}),
        object_refs: [grouping],
      })
    },
  }

  /** A relation has no mark of its own: it tells of both ends. */
  function strictestOf({ from: a, to: b }: RelationRow): Tlp {
    const marks = [a, b].map(({ id }) => entities.get(id)?.tlp ?? evidence.get(id)?.tlp ?? 'AMBER')
    return marks.reduce((one, other) => (LEVELS.indexOf(other) > LEVELS.indexOf(one) ? other : one))
  }
}

const LEVELS: readonly Tlp[] = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED']

const later = (first: string, a: string | undefined, last: string, b: string | undefined): Json =>
  compact({ [first]: a, [last]: a && b && b <= a ? undefined : b })

const unique = (references: readonly Json[]): Json[] => [
  ...new Map(references.map((one) => [canonical(one), one])).values(),
]

/**
 * An account's id follows from its platform and handle (section 6.4). Of two records of one account the second, by id,
 * keeps the id of its record: they are not made one because they look alike.
 */
function accountIds(entities: ReadonlyMap<string, EntityRow>): Map<string, string> {
  const ids = new Map<string, string>()
  const taken = new Set<string>()
  for (const row of entities.values()) {
    const { type } = TYPES[row.kind]
    let id = `${type}--${row.id}`
    if (row.kind === 'account') {
      const contributing = compact({
        account_type: textOf(row, 'platform').toLowerCase() || undefined,
        account_login: textOf(row, 'handle') || undefined,
      })
      const made = 'account_login' in contributing ? observableId(type, contributing) : id
      if (!taken.has(made)) id = made
    }
    taken.add(id)
    ids.set(row.id, id)
  }
  return ids
}
