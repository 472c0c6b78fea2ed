/** Merging: whatever two desks did to the same case, nothing is lost or overwritten, twice is once, and undo is exact. */
import { array, assert, constantFrom, integer, property, record, type Arbitrary } from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { emptyLibrary, putFindings, signalOutput, type TestLibrary } from '../../../test/fixtures/sample-case.ts'
import { addOriginal } from '../../../test/fixtures/sealed-case.ts'
import { assertValue, dispute, withdraw } from '../../cases/assert.ts'
import { addEvidence, createCase, createEntity, relate, updateCase, updateEntity } from '../../cases/cases.ts'
import { recordDetail } from '../../cases/detail.ts'
import { exported } from '../../cases/exchange/scope.ts'
import { merge } from '../../cases/merge.ts'
import { undo } from '../../cases/undo.ts'
import { CaseFields, EntityInput, RelationInput } from '../../contract/cases.ts'
import { JudgementInput } from '../../contract/findings.ts'
import { AssertionInput } from '../../contract/records.ts'
import { Failure } from '../../errors.ts'
import { judge } from '../../findings/judge.ts'
import { verifyChain } from '../../store/audit.ts'
import { custodyOf, evidenceBySha } from '../../store/evidence.ts'
import { currentFindings } from '../../store/findings.ts'
import type { Library } from '../../store/library.ts'
import { compareWithChain } from '../../store/verify-rows.ts'
import { bundleRecords } from '../received/records.ts'
import type { Parcel } from './parcel.ts'
import { planMerge } from './plan.ts'
import { writeMerge, type Staged } from './write.ts'

vi.setConfig({ testTimeout: 240_000 })

let ours: TestLibrary
let theirs: TestLibrary
beforeEach(() => {
  ours = emptyLibrary()
  theirs = emptyLibrary()
})
afterEach(() => {
  ours.remove()
  theirs.remove()
})

/** What the case holds, as a bundle of it would carry it; every original comes along. */
function parcelOf(lib: Library, caseId: string, seal: string): Parcel {
  const records = bundleRecords(exported(lib, [caseId]))
  const ids = records.evidence.map(({ id }) => id)
  return {
    origin: {
      title: 'Their case',
      tlp: 'AMBER',
      libraryId: lib.manifest.id,
      libraryName: 'Their desk',
      sealedAt: '2024-02-10T12:00:00.000Z',
      fingerprint: 'ab'.repeat(32),
      seal: seal.repeat(64),
    },
    // As a bundle carries it: through JSON and its schema.
    records: JSON.parse(JSON.stringify(records)) as typeof records,
    findings: ids.flatMap((id) => currentFindings(lib, id)),
    custody: new Map(ids.map((id) => [id, custodyOf(lib, id)])),
    inside: new Set(records.evidence.map(({ sha256 }) => sha256)),
  }
}

const stagedAll = ({ records }: Parcel): Staged => ({
  originals: new Map(records.evidence.map((one) => [one.sha256, one])),
  pictures: new Map(),
})
const take = (lib: Library, parcel: Parcel) =>
  writeMerge(lib, planMerge(lib, parcel), parcel.origin, stagedAll(parcel), 'analyst')

/** Every row that a merge may touch, but for counters of changes and times of the last one. */
function state({ db }: Library): Record<string, Record<string, unknown>[]> {
  const all = (sql: string) => db.prepare(sql).all() as Record<string, unknown>[]
  return {
    entities: all('SELECT id, kind, name, sourcing, tlp, merged_into, merged_at, removed_at FROM entity ORDER BY id'),
    assertions: all('SELECT * FROM assertion ORDER BY id'),
    relations: all('SELECT * FROM relation ORDER BY id'),
    supports: all('SELECT * FROM support ORDER BY holder, evidence_id, finding_id'),
    cases: all('SELECT id, fields FROM case_record ORDER BY id'),
    tasks: all('SELECT id, fields FROM case_task ORDER BY id'),
    members: all('SELECT case_id, entity_id, via FROM case_entity ORDER BY case_id, entity_id'),
    filed: all('SELECT case_id, evidence_id, note FROM case_evidence ORDER BY case_id, evidence_id'),
    judgements: all('SELECT * FROM judgement ORDER BY id'),
    evidence: all('SELECT * FROM evidence ORDER BY id'),
    acquisitions: all('SELECT * FROM acquisition ORDER BY id'),
    custody: all('SELECT * FROM custody ORDER BY id'),
    findings: all('SELECT * FROM finding ORDER BY id'),
    derivatives: all('SELECT * FROM derivative ORDER BY sha256, evidence_id, role'),
  }
}

type Name = 'create' | 'rename' | 'country' | 'alias' | 'dispute' | 'withdraw' | 'relate' | 'merge' | 'retitle' | 'judge' | 'measure' | 'mark' // prettier-ignore
interface Act {
  readonly do: Name
  readonly a: number
  readonly b: number
}
const acts: Arbitrary<Act[]> = array(
  record({
    do: constantFrom<Name>('create', 'rename', 'country', 'alias', 'dispute', 'withdraw', 'relate', 'merge', 'retitle', 'judge', 'measure', 'mark'), // prettier-ignore
    a: integer({ min: 0, max: 12 }),
    b: integer({ min: 0, max: 12 }),
  }),
  { maxLength: 12 },
)

/** One thing that a desk does; what cannot be done is not. */
function act(lib: Library, caseId: string, move: Act, n: number, desk: string): void {
  const actors = lib.db
    .prepare("SELECT id FROM entity WHERE kind = 'actor' AND removed_at IS NULL AND merged_into IS NULL ORDER BY id")
    .pluck()
    .all() as string[]
  const pick = (at: number): string => actors[at % actors.length]!
  const [item] = lib.db.prepare('SELECT evidence_id FROM case_evidence ORDER BY evidence_id').pluck().all() as string[]
  const said = (id: string): string[] => recordDetail(lib, id).fields.flatMap(({ standing }) => standing.map((one) => one.id)) // prettier-ignore
  if (!actors.length && move.do !== 'create') return
  const sourcing = { supports: move.b % 3 || !item ? [] : [{ evidenceId: item, start: move.b }] }
  try {
    if (move.do === 'create')
      createEntity(lib, EntityInput.parse({ kind: 'actor', name: `${desk} ${n}` }), caseId, 'analyst')
    const revision = (id: string): number => recordDetail(lib, id).entity.revision
    const id = actors.length ? pick(move.a) : ''
    if (move.do === 'rename') updateEntity(lib, id, revision(id), { name: `${desk} calls it ${n}` }, 'analyst')
    if (move.do === 'mark') updateEntity(lib, id, revision(id), { tlp: move.b % 2 ? 'RED' : 'GREEN' }, 'analyst')
    const assertion =
      move.do === 'country'
        ? AssertionInput.parse({ field: 'country', value: ['IR', 'RU', 'CN'][move.b % 3], sourcing })
        : move.do === 'alias'
          ? AssertionInput.parse({ field: 'aliases', value: `alias ${move.b}`, sourcing })
          : null
    if (assertion)
      assertValue(lib, { entityId: id, revision: revision(id), assertion, supersedes: (move.a % 2 && said(id)[0]) || null }, 'analyst') // prettier-ignore
    const [one] = move.do === 'dispute' || move.do === 'withdraw' ? said(id) : []
    if (one && move.do === 'dispute') dispute(lib, { assertionId: one }, true, 'because', 'analyst')
    if (one && move.do === 'withdraw') withdraw(lib, { assertionId: one }, 'because', 'analyst')
    if (move.do === 'relate')
      relate(lib, RelationInput.parse({ type: 'cooperates-with', from: { kind: 'actor', id }, to: { kind: 'actor', id: pick(move.b) }, sourcing, note: desk }), caseId, 'analyst') // prettier-ignore
    if (move.do === 'merge') merge(lib, id, [pick(move.b)], 'the same', 'analyst')
    if (move.do === 'retitle') {
      const at = lib.db.prepare('SELECT revision FROM case_record WHERE id = ?').pluck().get(caseId) as number
      updateCase(lib, caseId, at, { summary: `${desk} ${n}` }, 'analyst')
    }
    if (item && move.do === 'judge')
      judge(lib, JudgementInput.parse({ evidenceId: item, caseId, statement: `${desk} ${n}`, likelihood: null, confidence: null, reasoning: '' }), 'analyst') // prettier-ignore
    if (item && move.do === 'measure') putFindings(lib, item, [signalOutput('encoding', { score: move.b / 20 })])
  } catch (error) {
    if (!(error instanceof Failure)) throw error
  }
}

/** Both desks begin with the same case; what they wrote is rolled back afterwards. */
function desks(run: (caseId: string) => void): void {
  const libs = [ours.lib, theirs.lib]
  for (const { db } of libs) db.exec('BEGIN IMMEDIATE')
  try {
    const made = createCase(theirs.lib, CaseFields.parse({ title: 'Shared case' }), 'analyst')
    addEvidence(theirs.lib, made.id, [addOriginal(theirs.lib, 'clip.mp4', Buffer.from('the clip'))], 'analyst')
    createEntity(theirs.lib, EntityInput.parse({ kind: 'actor', name: 'Shared actor', attributes: { country: 'IR' } }), made.id, 'analyst') // prettier-ignore
    // Here the same bytes are an item of another id.
    addOriginal(ours.lib, 'received.mp4', Buffer.from('the clip'))
    take(ours.lib, parcelOf(theirs.lib, made.id, '1'))
    run(made.id)
    for (const { db } of libs) {
      expect(db.pragma('foreign_key_check')).toEqual([])
      expect(verifyChain(db).brokenAt).toBeNull()
    }
  } finally {
    for (const { db } of libs) db.exec('ROLLBACK')
  }
}

describe('merging a bundle', () => {
  it('keeps everything of both desks, changes nothing the second time, and is taken back to the row', () => {
    assert(
      property(acts, acts, (here, there) =>
        desks((caseId) => {
          for (const [n, one] of here.entries()) act(ours.lib, caseId, one, n, 'ours')
          for (const [n, one] of there.entries()) act(theirs.lib, caseId, one, n, 'theirs')
          const parcel = parcelOf(theirs.lib, caseId, '2')
          const before = state(ours.lib)
          const done = take(ours.lib, parcel)
          const after = state(ours.lib)

          // Nothing of ours is gone or says something else; only a handling mark may have become stricter.
          for (const [table, rows] of Object.entries(before)) {
            const kept = new Set(after[table]!.map((row) => JSON.stringify({ ...row, tlp: '' })))
            for (const row of rows) expect(kept.has(JSON.stringify({ ...row, tlp: '' })), `${table}: ${JSON.stringify(row)}`).toBe(true) // prettier-ignore
          }
          // Everything that they said stands in our library too.
          const statements = new Set(after['assertions']!.map(({ id }) => id))
          for (const row of parcel.records.entities)
            for (const one of row.assertions) expect(statements.has(one.id)).toBe(true)
          const judged = new Set(after['judgements']!.map(({ id }) => id))
          for (const { id } of parcel.records.judgements) expect(judged.has(id)).toBe(true)

          const again = take(ours.lib, parcel)
          expect(again).toMatchObject({ added: 0, operation: null })
          expect(state(ours.lib)).toEqual(after)

          if (done.operation) undo(ours.lib, done.operation.id, 'analyst')
          expect(state(ours.lib)).toEqual(before)
        }),
      ),
      { numRuns: 25 },
    )
  })

  it('brings originals, findings and custody with their origin, and takes all of it back', async () => {
    const made = createCase(theirs.lib, CaseFields.parse({ title: 'Another case' }), 'analyst')
    const item = addOriginal(theirs.lib, 'new.mp4', Buffer.from('seen by them only'))
    addEvidence(theirs.lib, made.id, [item], 'analyst')
    putFindings(theirs.lib, item, [signalOutput('encoding', { score: 0.5 })])
    const parcel = parcelOf(theirs.lib, made.id, '3')
    const before = state(ours.lib)
    const { operation, evidenceIds } = take(ours.lib, parcel)
    const here = evidenceBySha(ours.lib, parcel.records.evidence[0]!.sha256)!
    expect(evidenceIds).toEqual([here.id])
    expect(currentFindings(ours.lib, here.id)).toMatchObject([{ output: { id: 'encoding', score: 0.5 } }])
    const log = custodyOf(ours.lib, here.id)
    expect(log[0]).toMatchObject({ action: 'acquired', actor: 'analyst of “Their desk”' })
    expect(log.at(-1)!.action).toBe('filed')
    expect(log.some(({ action, detail }) => action === 'received' && detail.includes('ab'.repeat(32)))).toBe(true)
    expect(await compareWithChain(ours.lib)).toEqual([])

    undo(ours.lib, operation!.id, 'analyst')
    expect(state(ours.lib)).toEqual(before)
    expect(evidenceBySha(ours.lib, here.sha256)).toBeNull()
    expect(await compareWithChain(ours.lib)).toEqual([])

    // What was worked on stays; the step says why it cannot be taken back.
    const once = take(ours.lib, parcel)
    judge(ours.lib, JudgementInput.parse({ evidenceId: here.id, statement: 'Seen', likelihood: null, confidence: null, reasoning: '' }), 'analyst') // prettier-ignore
    expect(() => undo(ours.lib, once.operation!.id, 'analyst')).toThrow(/worked on since/)
  })
})
