/** Writes what a plan adds: one transaction, one operation, taken back as a whole. */
import type { Merged } from '../../contract/bundle-merge.ts'
import { acquisitionById, addCustodySteps, custodyOf, insertEvidence, type CustodyStep } from '../../store/evidence.ts'
import { entityRowOf, rowWriter, type EntityRow } from '../../store/exchange/rows.ts'
import { receiveFinding } from '../../store/findings.ts'
import type { Actor, Library } from '../../store/library.ts'
import { derivativesOf, putDerivative } from '../../store/media.ts'
import { lastOperation, noteReceived, operate } from '../../store/operations.ts'
import type { Origin } from './parcel.ts'
import type { Plan } from './plan.ts'
import type { StagedOriginal, StagedPicture } from './stage.ts'

export interface Staged {
  /** By SHA-256. */
  readonly originals: ReadonlyMap<string, StagedOriginal>
  readonly pictures: ReadonlyMap<string, StagedPicture>
}

export function writeMerge(lib: Library, plan: Plan, origin: Origin, staged: Staged, actor: Actor): Merged {
  const items = plan.evidence.filter(({ sha256 }) => staged.originals.has(sha256))
  const taken = new Set(items.map(({ id }) => id))
  const refused = new Set(plan.evidence.filter(({ id }) => !taken.has(id)).map(({ id }) => id))
  const dossier = { ...plan.dossier.row, evidence: plan.dossier.row.evidence.filter(({ id }) => !refused.has(id)) }
  const findings = plan.findings.filter(({ evidenceId }) => !refused.has(evidenceId))
  const judgements = plan.judgements.filter(({ evidenceId }) => !refused.has(evidenceId))
  const relations = plan.relations.filter(({ from, to }) => !refused.has(from.id) && !refused.has(to.id))
  const custody = plan.custody.filter(({ evidenceId }) => !taken.has(evidenceId) && !refused.has(evidenceId))
  const added =
    items.length + findings.length + judgements.length + relations.length + custody.length + plan.entities.length +
    plan.statements.length + plan.marks.length + dossier.entities.length + dossier.evidence.length +
    dossier.tasks.length + (plan.dossier.isNew ? 1 : 0) // prettier-ignore
  const outcome = { caseId: dossier.id, evidenceIds: items.map(({ id }) => id), left: [...plan.left] }
  if (added === 0) return { added: 0, operation: null, ...outcome }

  const step = () => ({
    action: 'bundle.merged',
    title: `merged the bundle “${origin.title}” of “${origin.libraryName}”`,
    subject: dossier.id,
  })
  return lib.change(actor, () => {
    operate(lib, actor, step, (record) => {
      const write = rowWriter(lib)
      write.begin()
      writeItems(lib, plan, origin, items, staged, actor)
      const named = new Map(plan.entities.map((row) => [row.id, row]))
      if (!entityRowOf(lib, plan.source.id)) write.entity(plan.source)
      else write.entity({ ...entityRowOf(lib, plan.source.id)!, assertions: plan.source.assertions })
      for (const row of plan.entities) write.entity(row)
      for (const [holder, rows] of Map.groupBy(plan.statements, (one) => one.holder)) {
        const head: EntityRow = named.get(holder) ?? raised(entityRowOf(lib, holder)!)
        write.entity({ ...head, assertions: rows.map(({ row }) => row) })
      }
      for (const { id, tlp } of plan.marks) write.entity({ ...raised(entityRowOf(lib, id)!), tlp, assertions: [] })
      if (plan.dossier.isNew) write.caseHead(dossier)
      for (const one of dossier.entities) write.caseEntity(dossier.id, one)
      for (const one of dossier.tasks) write.caseTask(dossier.id, one)
      const filed: CustodyStep = {
        at: new Date().toISOString(),
        action: 'filed',
        detail: `into the case “${dossier.fields.title}”, by a merged bundle`,
      }
      for (const one of dossier.evidence)
        if (write.caseEvidence(dossier.id, one)) noteCustody(lib, one.id, actor, [filed])
      for (const row of relations) write.relation(row)
      for (const one of judgements) write.judgement(one)
      for (const { evidenceId, steps } of custody)
        noteCustody(lib, evidenceId, actor, [...steps, receivedStep(origin, 'its custody there')])
      const kept = writeFindings(lib, findings, staged.pictures)
      if (kept.length) record('findings.received', dossier.id, { seal: origin.seal, findings: kept })
      write.end()
      record('bundle.merged', dossier.id, {
        seal: origin.seal,
        key: origin.fingerprint,
        library: origin.libraryId,
        title: origin.title,
        added,
      })
    })
    return { added, operation: lastOperation(lib), ...outcome }
  })
}

const raised = (row: EntityRow): EntityRow => ({
  ...row,
  revision: row.revision + 1,
  updatedAt: new Date().toISOString(),
})

const receivedStep = (origin: Origin, what: string): CustodyStep => ({
  at: new Date().toISOString(),
  action: 'received',
  detail: `${what} came in the sealed bundle “${origin.title}” of “${origin.libraryName}”, key ${origin.fingerprint}`,
})

function noteCustody(lib: Library, evidenceId: string, actor: Actor, steps: readonly CustodyStep[]): void {
  for (const id of addCustodySteps(lib, evidenceId, actor, steps)) noteReceived(lib, 'custody', id)
}

function writeItems(
  lib: Library,
  plan: Plan,
  origin: Origin,
  items: Plan['evidence'],
  { originals }: Staged,
  actor: Actor,
): void {
  const theirs = new Map(plan.custody.map(({ evidenceId, steps }) => [evidenceId, steps]))
  for (const item of items) {
    const { sha256, blake3, size, container } = originals.get(item.sha256)!
    const [first] = item.acquisitions
    const acquisition = {
      id: first && !acquisitionById(lib, first.id) ? first.id : crypto.randomUUID(),
      name: item.name,
      path: first?.path ?? '',
      acquiredAt: new Date().toISOString(),
      modifiedAt: null,
      details: { ...(first?.details ?? EMPTY), tlp: item.tlp },
      custody: [
        ...(theirs.get(item.id) ?? []),
        receivedStep(origin, 'the original, hashed on the way,'),
        { at: new Date().toISOString(), action: 'stored', detail: `copied to vault/${sha256.slice(0, 2)}/${sha256}` },
      ],
    }
    insertEvidence(
      lib,
      actor,
      { sha256, blake3, size, container, storage: 'copied', reference: null, acquisition },
      item.id,
    )
    noteReceived(lib, 'evidence', item.id)
    noteReceived(lib, 'acquisition', acquisition.id)
    for (const { id } of custodyOf(lib, item.id)) noteReceived(lib, 'custody', id)
  }
}

const isExhibit = (lib: Library, evidenceId: string, sha256: string): boolean =>
  derivativesOf(lib, evidenceId, 'exhibit').some((one) => one.sha256 === sha256)

const EMPTY = { source: '', claimedDate: null, claimedPlace: '', language: '', tlp: 'AMBER', note: '' } as const

/** @returns what came in, for the audit chain */
function writeFindings(
  lib: Library,
  findings: Plan['findings'],
  pictures: Staged['pictures'],
): { evidenceId: string; signal: string; id: string }[] {
  return findings.flatMap(({ evidenceId, sha256, finding }) => {
    const id = receiveFinding(lib.db, { id: evidenceId, sha256 }, finding)
    if (id === null) return []
    noteReceived(lib, 'finding', id)
    for (const exhibit of finding.output.evidence) {
      const picture = exhibit.kind === 'image' ? pictures.get(exhibit.sha256) : undefined
      if (!picture || exhibit.kind !== 'image' || isExhibit(lib, evidenceId, exhibit.sha256)) continue
      const { mime, sha256: hash } = exhibit
      putDerivative(lib, evidenceId, { sha256: hash, role: 'exhibit', mime, bytes: picture.bytes })
      noteReceived(lib, 'derivative', hash, evidenceId, 'exhibit')
    }
    return [{ evidenceId, signal: finding.output.id, id }]
  })
}
