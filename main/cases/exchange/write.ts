/** Writing what a file brings: one transaction, one operation that can be taken back as a whole. */
import type { Imported } from '../../contract/exchange.ts'
import type { CaseRow, EntityRow } from '../../store/exchange/rows.ts'
import { caseRowOf, entityRowOf, hasEvidence, rowWriter, statedOf, type RowWriter } from '../../store/exchange/rows.ts'
import { keep } from '../../store/exchange/kept.ts'
import { addCustody } from '../../store/evidence.ts'
import type { Actor, Library } from '../../store/library.ts'
import { lastOperation, operate } from '../../store/operations.ts'
import type { Incoming, Reading } from './incoming.ts'
import { contentsOf, mended, stateOf } from './judge.ts'
import { SHARES, watched, type Watch } from './watch.ts'

export interface WriteOptions {
  readonly onConflict: 'ours' | 'theirs'
  /** Every record goes into this case as well. */
  readonly caseId: string | null
  /** For the audit chain and the list of operations. */
  readonly name: string
  readonly sha256: string
}

const silent = (): void => {}

/** @param watch told how far it is; what it throws leaves nothing written */
export function writeAll(
  lib: Library,
  reading: Reading,
  options: WriteOptions,
  actor: Actor,
  watch: Watch = () => {},
): Imported {
  const { reading: first, writing } = SHARES.import
  const contents = contentsOf(watched(reading, 'reading', first, watch))
  const passes = watched(reading, 'writing', writing, watch)
  const done = { added: 0, updated: 0, kept: 0 }
  const caseIds = new Set<string>()
  return lib.change(actor, () => {
    let wrote = false
    operate(
      lib,
      actor,
      () => ({
        action: 'exchange.imported',
        title: `imported ${done.added + done.updated} records from “${options.name}”`,
        subject: options.sha256,
      }),
      (record) => {
        const write = rowWriter(lib)
        write.begin()
        // Records and cases first: what links them must find them.
        for (const part of ['records', 'links'] as const)
          for (const read of passes.read(silent, part)) {
            const incoming = mended(lib, read, contents, silent)
            if (incoming && put(lib, write, incoming, options, done, actor)) {
              wrote = true
              if (incoming.as === 'case') caseIds.add(incoming.row.id)
            }
          }
        write.end()
        if (wrote)
          record('exchange.imported', options.sha256, {
            name: options.name,
            format: reading.format,
            sha256: options.sha256,
            onConflict: options.onConflict,
            ...done,
          })
      },
    )
    if (options.caseId) caseIds.add(options.caseId)
    return { ...done, operation: wrote ? lastOperation(lib) : null, caseIds: [...caseIds] }
  })
}

/** True where something was written. */
function put(
  lib: Library,
  write: RowWriter,
  incoming: Incoming,
  { onConflict, caseId }: WriteOptions,
  done: { added: number; updated: number; kept: number },
  actor: Actor,
): boolean {
  if (incoming.as === 'nothing') return false
  const state = stateOf(lib, incoming)
  const member = (): boolean =>
    incoming.as === 'entity' && caseId !== null && intoCase(lib, write, caseId, incoming.row)
  if (state === 'same') return member()
  if (state !== 'added' && onConflict === 'ours') return member()
  switch (incoming.as) {
    case 'entity': {
      const here = state === 'added' ? null : entityRowOf(lib, incoming.row.id)
      write.entity(withoutStolen(lib, { ...incoming.row, revision: Math.max(incoming.row.revision, (here?.revision ?? 0) + (here ? 1 : 0)) })) // prettier-ignore
      if (caseId) intoCase(lib, write, caseId, incoming.row)
      break
    }
    case 'relation':
      write.relation(incoming.row)
      break
    case 'case':
      putCase(lib, write, incoming.row, actor)
      break
    case 'judgement': {
      const { caseId: of } = incoming.row
      write.judgement({ ...incoming.row, caseId: of && caseRowOf(lib, of) ? of : null })
      break
    }
    case 'kept':
      keep(lib, incoming.kept)
      done.kept += 1
      return true
  }
  if (state === 'added') done.added += 1
  else done.updated += 1
  return true
}

/** The id of an assertion that was made of another record is no way to take it from there. */
const withoutStolen = (lib: Library, row: EntityRow): EntityRow => ({
  ...row,
  assertions: row.assertions.filter(({ id, statedOf: of }) => (statedOf(lib, id) ?? of) === of),
})

function intoCase(lib: Library, write: RowWriter, caseId: string, row: EntityRow): boolean {
  if (row.mergedInto) return false
  return write.caseEntity(caseId, { id: row.id, addedAt: new Date().toISOString(), via: null })
}

/** Items that are not in this library keep their place beside the case, until they come or the case is exported. */
function putCase(lib: Library, write: RowWriter, row: CaseRow, actor: Actor): void {
  write.caseHead(row)
  for (const one of row.entities) write.caseEntity(row.id, one)
  for (const one of row.tasks) write.caseTask(row.id, one)
  for (const one of row.evidence)
    if (hasEvidence(lib, one.id)) {
      if (write.caseEvidence(row.id, one))
        addCustody(lib, one.id, actor, 'filed', `into the case “${row.fields.title}”, by an import`)
    } else {
      const item = `file--${one.id}`
      keep(lib, {
        id: `${row.id} ${item}`,
        type: 'membership',
        object: { case: row.id, item, filedAt: one.filedAt, note: one.note },
      })
    }
}
