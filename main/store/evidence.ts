/** Evidence items, their arrivals and their custody log. What is written here joins the audit chain with it. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { TLP_LEVELS, type Tlp } from '../contract/common.ts'
import { AcquisitionDetails, type Acquisition, type CustodyEntry, type Evidence, Storage } from '../contract/intake.ts'
import { Failure } from '../errors.ts'
import type { EvidenceFile } from '../jobs/protocol.ts'
import type { Actor, Library } from './library.ts'

export type StorageKind = z.infer<typeof Storage>

/** Where a file left in place lies, and what the system must still say about it. 64-bit values as decimal text. */
export const Reference = z.object({
  path: z.string().min(1),
  dev: z.string(),
  ino: z.string(),
  /** Bytes. */
  size: z.number().int().positive(),
  mtimeNs: z.string(),
})
export type Reference = z.infer<typeof Reference>

/** One step of the custody log as it is written down; `at` is when it happened, not when it was saved. */
export interface CustodyStep {
  readonly at: string
  readonly action: string
  readonly detail: string
  /** Who took it, where that is another than who writes it down: somebody in another library. */
  readonly actor?: string
}

/** One arrival. `id` is chosen by the caller, so that an arrival taken up twice is still one. */
export interface NewAcquisition {
  readonly id: string
  /** Neutralised for display. */
  readonly name: string
  readonly path: string
  readonly acquiredAt: string
  readonly modifiedAt: string | null
  readonly details: AcquisitionDetails
  readonly custody: readonly CustodyStep[]
}

export interface NewEvidence {
  readonly sha256: string
  readonly blake3: string
  readonly size: number
  readonly container: string
  readonly storage: StorageKind
  readonly reference: Reference | null
  readonly acquisition: NewAcquisition
}

interface Row {
  id: string
  sha256: string
  blake3: string
  size: number
  container: string
  storage: StorageKind
  reference: string | null
  added_at: string
}

interface AcquisitionRow {
  id: string
  evidence_id: string
  name: string
  path: string
  storage: StorageKind
  acquired_at: string
  modified_at: string | null
  details: string
}

/** Where the vault keeps, or would keep, the original of that hash: `vault/<first two hex digits>/<sha256>`. */
export function vaultFile(lib: Library, sha256: string): string {
  return join(lib.paths.vault, sha256.slice(0, 2), sha256)
}

/**
 * Writes a new item with its first arrival.
 *
 * @param id where it has one in another library and is to keep it
 * @returns the id of the item
 * @throws Error where the bytes are already an item: ask `evidenceBySha` first, in the same turn of the event loop
 */
export function insertEvidence(lib: Library, actor: Actor, evidence: NewEvidence, id: string = randomUUID()): string {
  const { sha256, blake3, size, container, storage, reference, acquisition } = evidence
  lib.change(actor, (record) => {
    lib.db
      .prepare(
        `INSERT INTO evidence (id, sha256, blake3, size, container, storage, reference, added_at)
         VALUES (@id, @sha256, @blake3, @size, @container, @storage, @reference, @at)`,
      )
      .run({
        id,
        sha256,
        blake3,
        size,
        container,
        storage,
        reference: reference && JSON.stringify(reference),
        at: acquisition.acquiredAt,
      })
    const arrival = writeAcquisition(lib, actor, id, storage, acquisition)
    record('evidence.admitted', id, { sha256, blake3, size, container, storage, reference, ...arrival })
  })
  return id
}

/** Writes a further arrival of an item that is already here. */
export function addAcquisition(lib: Library, actor: Actor, evidenceId: string, acquisition: NewAcquisition): void {
  lib.change(actor, (record) => {
    const { storage } = row(lib, evidenceId)
    const arrival = writeAcquisition(lib, actor, evidenceId, storage, acquisition)
    record('acquisition.added', evidenceId, arrival)
  })
}

/** Records that the original, left in place or lost until now, has come into the vault. */
export function setStored(
  lib: Library,
  actor: Actor,
  evidenceId: string,
  storage: Exclude<StorageKind, 'referenced'>,
  step: CustodyStep,
): void {
  lib.change(actor, (record) => {
    lib.db.prepare('UPDATE evidence SET storage = ?, reference = NULL WHERE id = ?').run(storage, evidenceId)
    record('evidence.stored', evidenceId, { storage, custody: [writeCustody(lib, actor, evidenceId, step)] })
  })
}

function writeAcquisition(
  lib: Library,
  actor: Actor,
  evidenceId: string,
  storage: StorageKind,
  { custody, ...acquisition }: NewAcquisition,
): { acquisition: object; custody: CustodyEntry[] } {
  lib.db
    .prepare(
      `INSERT INTO acquisition (id, evidence_id, name, path, storage, acquired_at, modified_at, details)
       VALUES (@id, @evidenceId, @name, @path, @storage, @acquiredAt, @modifiedAt, @details)`,
    )
    .run({ ...acquisition, evidenceId, storage, details: JSON.stringify(acquisition.details) })
  return {
    acquisition: { ...acquisition, storage },
    custody: custody.map((step) => writeCustody(lib, actor, evidenceId, step)),
  }
}

function writeCustody(lib: Library, writer: string, evidenceId: string, step: CustodyStep): CustodyEntry {
  const actor = step.actor ?? writer
  const { lastInsertRowid } = lib.db
    .prepare('INSERT INTO custody (evidence_id, at, actor, action, detail) VALUES (?, ?, ?, ?, ?)')
    .run(evidenceId, step.at, actor, step.action, step.detail)
  return { id: Number(lastInsertRowid), evidenceId, at: step.at, actor, action: step.action, detail: step.detail }
}

/** Appends to an item's custody log. @throws Failure record.not-found */
export function addCustody(lib: Library, evidenceId: string, actor: Actor, action: string, detail: string): void {
  lib.change(actor, (record) => {
    row(lib, evidenceId)
    const entry = writeCustody(lib, actor, evidenceId, { at: new Date().toISOString(), action, detail })
    record('custody.added', evidenceId, { custody: [entry] })
  })
}

/**
 * Appends steps that were taken elsewhere, each with its own time and actor.
 *
 * @returns the ids of the entries
 */
export function addCustodySteps(
  lib: Library,
  evidenceId: string,
  actor: Actor,
  steps: readonly CustodyStep[],
): CustodyEntry['id'][] {
  return lib.change(actor, (record) => {
    const custody = steps.map((step) => writeCustody(lib, actor, evidenceId, step))
    record('custody.added', evidenceId, { custody })
    return custody.map(({ id }) => id)
  })
}

/** True where the log has that very step. */
export const hasCustodyStep = (lib: Library, evidenceId: string, step: CustodyStep & { actor: string }): boolean =>
  lib.db
    .prepare(
      `SELECT 1 FROM custody WHERE evidence_id = @evidenceId AND at = @at AND action = @action AND detail = @detail
       AND actor = @actor LIMIT 1`,
    )
    .get({ evidenceId, ...step }) !== undefined

/** The custody log of an item, oldest first. */
export function custodyOf(lib: Library, evidenceId: string): CustodyEntry[] {
  return lib.db
    .prepare(
      'SELECT id, evidence_id AS evidenceId, at, actor, action, detail FROM custody WHERE evidence_id = ? ORDER BY id',
    )
    .all(evidenceId) as CustodyEntry[]
}

/**
 * Sets details on every arrival of the items; fields left out stay as they are.
 *
 * @returns the items as they now are, in the order asked for
 * @throws Failure record.not-found for any of them: then none was changed
 */
export function describeEvidence(
  lib: Library,
  evidenceIds: readonly string[],
  details: Partial<AcquisitionDetails>,
  actor: Actor = 'analyst',
): Evidence[] {
  const given = Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined))
  lib.change(actor, (record) => {
    const update = lib.db.prepare('UPDATE acquisition SET details = ? WHERE id = ?')
    for (const id of new Set(evidenceIds)) {
      const { acquisitions } = evidenceById(lib, id)
      const now = acquisitions.map((one) => ({ id: one.id, details: { ...one.details, ...given } }))
      for (const one of now) update.run(JSON.stringify(one.details), one.id)
      const step = { at: new Date().toISOString(), action: 'described', detail: Object.keys(given).join(', ') }
      record('evidence.described', id, { acquisitions: now, custody: [writeCustody(lib, actor, id, step)] })
    }
  })
  return evidenceIds.map((id) => evidenceById(lib, id))
}

function row(lib: Library, id: string): Row {
  const found = lib.db.prepare('SELECT * FROM evidence WHERE id = ?').get(id) as Row | undefined
  if (!found) throw new Failure('record.not-found', `evidence ${id}`)
  return found
}

/** @throws Failure record.not-found */
export function evidenceById(lib: Library, id: string): Evidence {
  const found = row(lib, id)
  const arrivals = lib.db
    .prepare('SELECT * FROM acquisition WHERE evidence_id = ? ORDER BY acquired_at, rowid')
    .all(id) as AcquisitionRow[]
  return evidence(found, arrivals)
}

/** The item with these bytes, or null. */
export function evidenceBySha(lib: Library, sha256: string): Evidence | null {
  const found = lib.db.prepare('SELECT id FROM evidence WHERE sha256 = ?').get(sha256) as { id: string } | undefined
  return found ? evidenceById(lib, found.id) : null
}

/** Every item, newest first. */
export function listEvidence(lib: Library): Evidence[] {
  const arrivals = lib.db
    .prepare('SELECT * FROM acquisition ORDER BY evidence_id, acquired_at, rowid')
    .all() as AcquisitionRow[]
  const byEvidence = Map.groupBy(arrivals, (arrival) => arrival.evidence_id)
  const rows = lib.db.prepare('SELECT * FROM evidence ORDER BY added_at DESC, rowid DESC').all() as Row[]
  return rows.map((found) => evidence(found, byEvidence.get(found.id) ?? []))
}

/** Ids of items, last added first. */
export const recentEvidence = (lib: Library, limit: number): string[] =>
  lib.db.prepare('SELECT id FROM evidence ORDER BY added_at DESC, rowid DESC LIMIT ?').pluck().all(limit) as string[]

/** The item that an arrival of this id belongs to, and whether it was the one that brought the item in. */
export function acquisitionById(lib: Library, id: string): { evidenceId: string; first: boolean } | null {
  const found = lib.db
    .prepare(
      `SELECT evidence_id AS evidenceId,
              id = (SELECT id FROM acquisition WHERE evidence_id = this.evidence_id ORDER BY rowid LIMIT 1) AS first
       FROM acquisition AS this WHERE id = ?`,
    )
    .get(id) as { evidenceId: string; first: number } | undefined
  return found ? { evidenceId: found.evidenceId, first: found.first === 1 } : null
}

/** Where the original is to be opened, and what it must then be. @throws Failure record.not-found */
export function evidenceFile(lib: Library, id: string): EvidenceFile {
  const { sha256, size, reference } = row(lib, id)
  if (reference === null) return { path: vaultFile(lib, sha256), sha256, size, identity: null }
  const { path, dev, ino, mtimeNs } = Reference.parse(JSON.parse(reference))
  return { path, sha256, size, identity: { dev, ino, mtimeNs } }
}

function evidence(row: Row, arrivals: readonly AcquisitionRow[]): Evidence {
  const acquisitions = arrivals.map(acquisition)
  return {
    id: row.id,
    sha256: row.sha256,
    blake3: row.blake3,
    size: row.size,
    container: row.container,
    addedAt: row.added_at,
    name: acquisitions[0]?.name ?? row.sha256,
    tlp: strictest(acquisitions.map((one) => one.details.tlp)),
    storage: row.storage,
    acquisitions,
  }
}

function acquisition(row: AcquisitionRow): Acquisition {
  return {
    id: row.id,
    evidenceId: row.evidence_id,
    name: row.name,
    path: row.path,
    storage: row.storage,
    acquiredAt: row.acquired_at,
    modifiedAt: row.modified_at,
    details: AcquisitionDetails.parse(JSON.parse(row.details)),
  }
}

/** The most restricted of the marks; AMBER, the default of an arrival, where there is none. */
export function strictest(marks: readonly Tlp[]): Tlp {
  return TLP_LEVELS.findLast((level) => marks.includes(level)) ?? 'AMBER'
}
