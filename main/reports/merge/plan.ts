/**
 * What merging a bundle would add to this library, and where the two differ. Nothing that stands here is changed: another
 * value becomes a statement of its own beside ours, with the bundle as its source.
 */
import type { MergeConflict } from '../../contract/bundle-merge.ts'
import type { Sourcing, Tlp } from '../../contract/common.ts'
import type { Finding, Judgement } from '../../contract/findings.ts'
import type { Evidence } from '../../contract/intake.ts'
import { kindOf } from '../../cases/entities/list.ts'
import { foreignEntity, foreignId } from '../../cases/exchange/foreign.ts'
import { canonical } from '../../store/audit.ts'
import { evidenceBySha, hasCustodyStep, strictest, type CustodyStep } from '../../store/evidence.ts'
import { currentFinding, hasFinding } from '../../store/findings.ts'
import {
  caseRowOf,
  entityRowOf,
  hasEvidence,
  hasJudgement,
  isRemoved,
  kindOfRow,
  relationRowOf,
  statedOf,
  type AssertionRow,
  type CaseRow,
  type EntityRow,
  type RelationRow,
} from '../../store/exchange/rows.ts'
import type { Library } from '../../store/library.ts'
import type { Parcel } from './parcel.ts'

/** A statement to be added, and the record that is to carry it. */
export interface AddedStatement {
  readonly holder: string
  readonly row: AssertionRow
}

export interface Plan {
  /** The source that stands for the bundle. It is written only where something else is. */
  readonly source: EntityRow
  /** Without their statements. */
  readonly entities: readonly EntityRow[]
  readonly statements: readonly AddedStatement[]
  /** Records here whose mark is lower than theirs. */
  readonly marks: readonly { readonly id: string; readonly tlp: Tlp }[]
  readonly relations: readonly RelationRow[]
  /** The case itself where it is not here; its members and tasks that are not. */
  readonly dossier: { readonly row: CaseRow; readonly isNew: boolean }
  readonly judgements: readonly Judgement[]
  readonly evidence: readonly Evidence[]
  readonly findings: readonly { readonly evidenceId: string; readonly sha256: string; readonly finding: Finding }[]
  readonly custody: readonly {
    readonly evidenceId: string
    readonly steps: readonly (CustodyStep & { actor: string })[]
  }[]
  readonly counts: ReadonlyMap<string, Record<'added' | 'same' | 'differs', number>>
  readonly conflicts: readonly MergeConflict[]
  readonly left: readonly string[]
}

const unmarked = (sourcing: Sourcing): Sourcing => ({ ...sourcing, sourceId: null })

export function planMerge(lib: Library, parcel: Parcel): Plan {
  const { records, origin } = parcel
  const source = sourceOf(parcel)
  const conflicts: MergeConflict[] = []
  const left = new Set<string>()
  const counts = new Map<string, Record<'added' | 'same' | 'differs', number>>()
  const count = (kind: string, state: 'added' | 'same' | 'differs'): void => {
    const known = counts.get(kind) ?? { added: 0, same: 0, differs: 0 }
    known[state] += 1
    counts.set(kind, known)
  }

  // Items: the same bytes are the same item, whatever its id.
  const items = new Map<string, string>()
  const evidence: Evidence[] = []
  for (const item of records.evidence) {
    const here = evidenceBySha(lib, item.sha256)
    if (here) items.set(item.id, here.id)
    else if (parcel.inside.has(item.sha256)) {
      const id = hasEvidence(lib, item.id) ? foreignId(`evidence ${item.sha256}`) : item.id
      items.set(item.id, id)
      evidence.push({ ...item, id })
    } else
      left.add(`“${item.name}” came by its hash only and is not here: nothing that was found on it can be taken in.`)
    if (here || items.has(item.id)) count('evidence', here ? 'same' : 'added')
  }

  // Records: which are new, and which record carries what was said of one.
  const theirs = new Map(records.entities.map((row) => [row.id, row]))
  const gone = new Set(records.entities.filter(({ id }) => isRemoved(lib, id)).map(({ id }) => id))
  const isHere = (id: string): boolean => kindOfRow(lib, id) !== undefined
  const isNew = (id: string): boolean => theirs.has(id) && !isHere(id) && !gone.has(id)
  const holderOf = (id: string, seen = new Set<string>()): string | null => {
    if (seen.has(id)) return null
    seen.add(id)
    const row = isHere(id) ? entityRowOf(lib, id) : isNew(id) ? theirs.get(id)! : null
    if (!row) return null
    return row.mergedInto === null ? id : (holderOf(row.mergedInto, seen) ?? id)
  }
  const sourced = (sourcing: Sourcing): Sourcing => ({
    ...sourcing,
    sourceId:
      sourcing.sourceId && (isHere(sourcing.sourceId) || isNew(sourcing.sourceId)) ? sourcing.sourceId : source.id,
    supports: sourcing.supports.map((one) =>
      one.evidenceId && items.has(one.evidenceId) ? { ...one, evidenceId: items.get(one.evidenceId)! } : one,
    ),
  })

  const entities: EntityRow[] = []
  const statements: AddedStatement[] = []
  const marks: { id: string; tlp: Tlp }[] = []
  const beside: AssertionRow[] = []
  /** What no field of the record can hold is kept with the bundle's own source. */
  const keepBeside = (key: string, text: string): void => {
    const id = foreignId(`${origin.seal} ${key}`)
    if (statedOf(lib, id) === undefined)
      beside.push(statement(id, source.id, 'description', text, origin.sealedAt, source))
  }

  for (const row of records.entities) {
    const { id, kind, name } = row
    const label = kindOf(kind).label
    if (gone.has(id)) {
      count(kind, 'differs')
      left.add(`The ${label.toLowerCase()} “${name}” was removed here, and stays removed.`)
      continue
    }
    const here = isHere(id) ? entityRowOf(lib, id) : null
    let differs = false
    const tell = (field: string, ours: string, other: string, outcome: string): void => {
      differs = true
      conflicts.push({ kind, id, name: here?.name ?? name, field, ours, theirs: other, outcome })
    }
    if (!here) {
      const into = row.mergedInto !== null && holderOf(row.mergedInto) !== null ? row.mergedInto : null
      entities.push({
        ...row,
        sourcing: sourced(row.sourcing),
        mergedInto: into,
        mergedAt: into && row.mergedAt,
        revision: 1,
        assertions: [],
      })
    } else {
      if (here.name !== row.name) {
        const known = aliasesOf(here).includes(row.name)
        if (kindOf(kind).values.has('aliases')) {
          const alias = statement(
            foreignId(`${id} name ${row.name}`),
            id,
            'aliases',
            { name: row.name, by: '' },
            row.updatedAt,
            source,
          )
          if (!known && statedOf(lib, alias.id) === undefined)
            statements.push({ holder: holderOf(id) ?? id, row: alias })
        } else
          keepBeside(`name ${id} ${row.name}`, `Their name of the ${label.toLowerCase()} “${here.name}”: ${row.name}`)
        if (!known) tell('name', here.name, row.name, 'ours stays; theirs is kept as another name')
      }
      if (strictest([here.tlp, row.tlp]) !== here.tlp) {
        marks.push({ id, tlp: row.tlp })
        tell('handling mark', here.tlp, row.tlp, 'theirs is stricter and is taken')
      }
      if ((here.mergedInto === null) !== (row.mergedInto === null))
        tell('merge', here.mergedInto ? 'merged' : 'not merged', row.mergedInto ? 'merged' : 'not merged', 'ours stays')
    }
    const added: AssertionRow[] = []
    for (const one of row.assertions) {
      const outcome = assertionOf(lib, kind, one)
      if (outcome === 'unfit') left.add(`${label} “${name}”: a value of ${one.field} that this version cannot hold.`)
      else if (outcome === 'same') {
        const ours = here?.assertions.find((other) => other.id === one.id)
        if (ours && (ours.withdrawnAt === null) !== (one.withdrawnAt === null))
          tell(
            one.field,
            `${told(ours.value)} (${ours.withdrawnAt ? 'withdrawn' : 'stands'})`,
            one.withdrawnAt ? 'withdrawn' : 'stands',
            'ours stays',
          )
      } else {
        const holder = holderOf(one.statedOf) ?? holderOf(id)
        if (!holder) continue
        added.push(one)
        statements.push({
          holder,
          row: {
            ...one,
            // What takes its place must be here to be pointed at.
            supersededBy:
              one.supersededBy &&
              (statedOf(lib, one.supersededBy) || row.assertions.some((other) => other.id === one.supersededBy))
                ? one.supersededBy
                : null,
            sourcing: sourced(one.sourcing),
          },
        })
      }
    }
    if (here)
      for (const one of sideBySide(kind, here, added)) tell(one.field, one.ours, one.theirs, 'both stand side by side')
    count(kind, !here ? 'added' : differs || added.length ? 'differs' : 'same')
  }

  const relations: RelationRow[] = []
  const endOf = (node: RelationRow['from'], stated: string | null) => {
    if (node.kind === 'evidence') {
      const id = items.get(node.id)
      return id === undefined ? null : { node: { kind: node.kind, id }, stated: null }
    }
    const said = stated ?? node.id
    const holder = holderOf(said) ?? holderOf(node.id)
    return holder === null ? null : { node: { kind: node.kind, id: holder }, stated: holder === said ? null : said }
  }
  const nameOf = (id: string): string =>
    (isHere(id) ? entityRowOf(lib, id)?.name : theirs.get(id)?.name) ??
    records.evidence.find((item) => item.id === id || items.get(item.id) === id)?.name ??
    id
  for (const row of records.relations) {
    const from = endOf(row.from, row.statedFrom)
    const to = endOf(row.to, row.statedTo)
    if (!from || !to) {
      left.add('Relations with an end that is not here were left out.')
      continue
    }
    const mapped: RelationRow = {
      ...row,
      from: from.node,
      statedFrom: from.stated,
      to: to.node,
      statedTo: to.stated,
      sourcing: sourced(row.sourcing),
    }
    const here = relationRowOf(lib, row.id)
    if (!here) {
      relations.push(mapped)
      count('relation', 'added')
      continue
    }
    const ours = { ...here, sourcing: unmarked(here.sourcing), createdAt: '' }
    const other = { ...mapped, sourcing: unmarked(mapped.sourcing), createdAt: '' }
    if (canonical(ours) === canonical(other)) {
      count('relation', 'same')
      continue
    }
    const id = foreignId(`${row.id} ${canonical(other)}`)
    const name = `${nameOf(from.node.id)} ${row.type} ${nameOf(to.node.id)}`
    const words = (one: typeof ours): string =>
      [one.withdrawnAt ? 'withdrawn' : '', one.disputed ? 'disputed' : '', one.note].filter(Boolean).join(', ') ||
      'stands'
    const standsBeside = row.withdrawnAt === null
    if (standsBeside && relationRowOf(lib, id)) {
      count('relation', 'same')
      continue
    }
    count('relation', 'differs')
    if (standsBeside) relations.push({ ...mapped, id })
    conflicts.push({
      kind: 'relation',
      id: row.id,
      name,
      field: 'relation',
      ours: words(ours),
      theirs: words(other),
      outcome: standsBeside ? 'both stand side by side' : 'ours stays',
    })
  }

  const here = caseRowOf(lib, records.case.id)
  if (here) {
    const fields = Object.keys(records.case.fields) as (keyof CaseRow['fields'])[]
    const other = fields.filter(
      (key) => canonical(here.fields[key] ?? null) !== canonical(records.case.fields[key] ?? null),
    )
    count('case', other.length ? 'differs' : 'same')
    for (const key of other) {
      const value = told(records.case.fields[key])
      keepBeside(
        `case ${here.id} ${key} ${value}`,
        `The case “${here.fields.title}”, ${key}, as they have it: ${value}`,
      )
      conflicts.push({
        kind: 'case',
        id: here.id,
        name: here.fields.title,
        field: key,
        ours: told(here.fields[key]),
        theirs: value,
        outcome: 'ours stays; theirs is kept with the source that stands for the bundle',
      })
    }
  } else count('case', 'added')
  const members = new Set(here?.entities.map(({ id }) => id))
  const filed = new Set(here?.evidence.map(({ id }) => id))
  const dossier: CaseRow = {
    ...records.case,
    entities: records.case.entities.flatMap(({ id, addedAt }) => {
      const holder = holderOf(id)
      return holder === null || members.has(holder) ? [] : [{ id: holder, addedAt, via: holder === id ? null : id }]
    }),
    evidence: records.case.evidence.flatMap((one) => {
      const id = items.get(one.id)
      return id === undefined || filed.has(id) ? [] : [{ ...one, id }]
    }),
    tasks: records.case.tasks.filter(({ id }) => !here?.tasks.some((task) => task.id === id)),
  }

  const judgements: Judgement[] = []
  for (const one of records.judgements) {
    const evidenceId = items.get(one.evidenceId)
    if (hasJudgement(lib, one.id)) count('judgement', 'same')
    else if (evidenceId !== undefined) {
      count('judgement', 'added')
      const known = one.caseId === records.case.id || (one.caseId !== null && caseRowOf(lib, one.caseId) !== null)
      const author = one.author.includes(' of “') ? one.author : `${one.author} of “${origin.libraryName}”`
      judgements.push({ ...one, evidenceId, caseId: known ? one.caseId : null, author: author.slice(0, 300) })
    }
  }

  const shaOf = new Map(records.evidence.map((item) => [item.id, item.sha256]))
  const findings: Plan['findings'][number][] = []
  for (const finding of parcel.findings) {
    const evidenceId = items.get(finding.evidenceId)
    const sha256 = shaOf.get(finding.evidenceId)
    if (evidenceId === undefined || sha256 === undefined) continue
    if (hasFinding(lib, sha256, finding.output)) {
      count('finding', 'same')
      continue
    }
    findings.push({ evidenceId, sha256, finding })
    const ours = hasEvidence(lib, evidenceId) ? currentFinding(lib, evidenceId, finding.output.id) : null
    count('finding', ours ? 'differs' : 'added')
    if (ours)
      conflicts.push({
        kind: 'finding',
        id: ours.id,
        name: `${finding.output.id} on ${records.evidence.find(({ id }) => id === finding.evidenceId)?.name ?? ''}`,
        field: 'finding',
        ours: `${ours.output.version}, score ${ours.output.score ?? 'none'}, ${ours.output.provenance.ffmpeg}`,
        theirs: `${finding.output.version}, score ${finding.output.score ?? 'none'}, ${finding.output.provenance.ffmpeg}`,
        outcome: 'ours stays the current one; theirs is kept beside it',
      })
  }

  const custody: Plan['custody'][number][] = []
  for (const [theirId, entries] of parcel.custody) {
    const evidenceId = items.get(theirId)
    if (evidenceId === undefined) continue
    const steps = entries
      .map(({ at, action, detail, actor }) => ({
        at,
        action,
        detail,
        actor: labelled(actor, origin.libraryName),
        plain: actor,
      }))
      .filter((step) => {
        const known = [step.actor, step.plain].some((actor) => hasCustodyStep(lib, evidenceId, { ...step, actor }))
        count('custody', known ? 'same' : 'added')
        return !known
      })
      .map(({ plain: _plain, ...step }) => step)
    if (steps.length) custody.push({ evidenceId, steps })
  }

  return {
    source: { ...source, assertions: [...source.assertions, ...beside] },
    entities,
    statements,
    marks,
    relations,
    dossier: { row: dossier, isNew: !here },
    judgements,
    evidence,
    findings,
    custody,
    counts,
    conflicts,
    left: [...left],
  }
}

const labelled = (actor: string, library: string): string =>
  actor.includes(' of “') ? actor : `${actor} of “${library}”`

/** A value in words short enough for a table. */
function told(value: unknown): string {
  const text = typeof value === 'string' ? value : canonical(value ?? null)
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}

const aliasesOf = (row: EntityRow): string[] =>
  row.assertions.flatMap(({ field, value }) => {
    if (field !== 'aliases') return []
    return typeof value === 'string' ? [value] : [String((value as { name?: unknown } | null)?.name ?? '')]
  })

/** Whether a statement is here already, and whether this version can hold its value. */
function assertionOf(lib: Library, kind: EntityRow['kind'], one: AssertionRow): 'same' | 'added' | 'unfit' {
  const of = statedOf(lib, one.id)
  if (of !== undefined) return of === one.statedOf ? 'same' : 'unfit'
  return kindOf(kind).values.get(one.field)?.safeParse(one.value).success ? 'added' : 'unfit'
}

/** Fields with one value in which what is added is not what stands here. */
function sideBySide(
  kind: EntityRow['kind'],
  here: EntityRow,
  added: readonly AssertionRow[],
): { field: string; ours: string; theirs: string }[] {
  const stands = (rows: readonly AssertionRow[], field: string): string[] =>
    rows.filter((one) => one.field === field && one.withdrawnAt === null).map(({ value }) => told(value))
  return kindOf(kind)
    .fields.filter(({ many }) => !many)
    .flatMap(({ name, label }) => {
      const ours = stands(here.assertions, name)
      const theirs = stands(added, name).filter((value) => !ours.includes(value))
      return ours.length && theirs.length ? [{ field: label, ours: ours.join(' / '), theirs: theirs.join(' / ') }] : []
    })
}

/** The bundle as a source record: the same bundle is the same record in every library. */
function sourceOf({ origin }: Parcel): EntityRow {
  const { title, tlp, libraryName, sealedAt, fingerprint, seal } = origin
  return foreignEntity(
    {
      id: foreignId(`bundle ${seal}`),
      kind: 'source',
      name: `Sealed bundle “${title.slice(0, 200)}”`,
      at: sealedAt,
      updatedAt: sealedAt,
      tlp: tlp as Tlp,
      sourceId: null,
      credibility: '6',
    },
    {
      publisher: libraryName,
      date: { value: sealedAt.slice(0, 10), precision: 'day', zone: 'UTC' },
      archiveSha256: seal,
      description: `A sealed bundle that was merged. Sealed by the library “${libraryName}” with the key ${fingerprint}.`,
    },
    () => {},
  )
}

function statement(
  id: string,
  statedOfId: string,
  field: string,
  value: unknown,
  at: string,
  source: EntityRow,
): AssertionRow {
  return {
    id,
    statedOf: statedOfId,
    field,
    value,
    sourcing: { ...source.sourcing, sourceId: source.id },
    validFrom: null,
    validUntil: null,
    disputed: false,
    note: '',
    place: 0,
    createdAt: at,
    withdrawnAt: null,
    supersededBy: null,
  }
}
