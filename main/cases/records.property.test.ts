/** Promises that must hold whatever an analyst does, in whatever order. */
import {
  array,
  assert,
  constantFrom,
  integer,
  oneof,
  property,
  record,
  shuffledSubarray,
  type Arbitrary,
} from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { addItem, emptyLibrary, type TestLibrary } from '../../test/fixtures/sample-case.ts'
import { CaseFields, EntityInput, RelationInput, type EntityKind } from '../contract/cases.ts'
import { AssertionInput } from '../contract/records.ts'
import { Failure } from '../errors.ts'
import { verifyChain } from '../store/audit.ts'
import { operations } from '../store/operations.ts'
import { assertValue, dispute, withdraw } from './assert.ts'
import { addEvidence, createCase, createEntity, relate, removeEntity, updateCase, updateEntity } from './cases.ts'
import { recordDetail } from './detail.ts'
import { merge, unmerge } from './merge.ts'
import { deleteEntity, includeEntity } from './records.ts'
import { undo } from './undo.ts'

// Thousands of statements each; a machine that is busy with something else needs its time.
vi.setConfig({ testTimeout: 180_000 })

let test: TestLibrary
beforeEach(() => void (test = emptyLibrary()))
afterEach(() => test.remove())

/** One run in a library of its own: what it wrote is rolled back afterwards, which is much faster than a new library. */
function alone<Given extends unknown[]>(run: (...given: Given) => void): (...given: Given) => void {
  return (...given) => {
    const { db } = test.lib
    db.exec('BEGIN IMMEDIATE')
    try {
      run(...given)
      expect(db.pragma('foreign_key_check')).toEqual([])
      expect(verifyChain(db).brokenAt).toBeNull()
    } finally {
      db.exec('ROLLBACK')
    }
  }
}

/** Everything that is stored of the records, but for counters of changes and times of the last one. */
function state(): unknown {
  const all = (sql: string) => test.lib.db.prepare(sql).all()
  return {
    entities: all('SELECT id, kind, name, sourcing, tlp, merged_into, merged_at, removed_at FROM entity ORDER BY id'),
    assertions: all('SELECT * FROM assertion ORDER BY id'),
    relations: all('SELECT * FROM relation ORDER BY id'),
    supports: all('SELECT * FROM support ORDER BY holder, evidence_id, finding_id'),
    cases: all('SELECT id, fields FROM case_record ORDER BY id'),
    members: all('SELECT case_id, entity_id, via FROM case_entity ORDER BY case_id, entity_id'),
    filed: all('SELECT case_id, evidence_id, note FROM case_evidence ORDER BY case_id, evidence_id'),
  }
}

const entity = (kind: EntityKind, name: string, attributes: object = {}) =>
  createEntity(test.lib, EntityInput.parse({ kind, name, attributes }), null, 'analyst').id

/** What somebody may do next; numbers choose among what there is. */
type Alone = 'create' | 'rename' | 'remove' | 'include' | 'exclude' | 'file' | 'retitle'
type Paired = 'assert' | 'dispute' | 'withdraw' | 'relate' | 'merge' | 'unmerge'
type Act = { do: Alone; a: number } | { do: Paired; a: number; b: number }

const one = (...names: Alone[]): Arbitrary<Act> =>
  record({ do: constantFrom(...names), a: integer({ min: 0, max: 30 }) })
const two = (...names: Paired[]): Arbitrary<Act> =>
  record({ do: constantFrom(...names), a: integer({ min: 0, max: 30 }), b: integer({ min: 0, max: 30 }) })
const acts = oneof(
  { weight: 3, arbitrary: one('create', 'rename', 'remove', 'include', 'exclude', 'file', 'retitle') },
  { weight: 5, arbitrary: two('assert', 'dispute', 'withdraw', 'relate', 'merge', 'unmerge') },
)

interface World {
  readonly caseId: string
  readonly item: string
  readonly sources: readonly string[]
}

/** Does it, where it can be done; a refusal changes nothing, and that is checked too. */
function act(world: World, move: Act, n: number): void {
  const { lib } = test
  const ids = lib.db
    .prepare(
      "SELECT id FROM entity WHERE kind = 'actor' AND removed_at IS NULL AND merged_into IS NULL ORDER BY created_at, id",
    )
    .pluck()
    .all() as string[]
  const pick = (at: number): string => ids[at % ids.length]!
  if (!ids.length && move.do !== 'create') return
  const revision = (id: string): number => recordDetail(lib, id).entity.revision
  const before = state()
  try {
    if (move.do === 'create') entity('actor', `actor ${n}`, { aliases: ['X (v)', 'Y (w)'], type: 'state' })
    if (move.do === 'rename')
      updateEntity(lib, pick(move.a), revision(pick(move.a)), { name: `renamed ${n}` }, 'analyst')
    if (move.do === 'remove') deleteEntity(lib, pick(move.a), revision(pick(move.a)), 'analyst')
    if (move.do === 'include') includeEntity(lib, world.caseId, pick(move.a), 'analyst')
    if (move.do === 'exclude') removeEntity(lib, world.caseId, pick(move.a), 'analyst')
    if (move.do === 'file') addEvidence(lib, world.caseId, [world.item], 'analyst')
    if (move.do === 'retitle') {
      const { revision: seen } = lib.db.prepare('SELECT revision FROM case_record WHERE id = ?').get(world.caseId) as {
        revision: number
      }
      updateCase(lib, world.caseId, seen, { title: `title ${n}` }, 'analyst')
    }
    if (move.do === 'assert') {
      const sourceId = [null, ...world.sources][move.b % 3]!
      const [field, value] =
        move.b % 2 ? ['country', ['IR', 'RU', 'CN'][move.b % 3]] : ['aliases', `alias ${move.b % 4}`]
      const supports = move.b % 5 ? [] : [{ evidenceId: world.item, start: move.b }]
      const assertion = AssertionInput.parse({ field, value, sourcing: { sourceId, supports } })
      assertValue(
        lib,
        { entityId: pick(move.a), revision: revision(pick(move.a)), assertion, supersedes: null },
        'analyst',
      )
    }
    if (move.do === 'dispute' || move.do === 'withdraw') {
      const said = recordDetail(lib, pick(move.a)).fields.flatMap((field) => field.standing)
      const links = recordDetail(lib, pick(move.a)).links
      const of =
        links.length && move.b % 2
          ? { relationId: links[move.b % links.length]!.relation.id }
          : said.length
            ? { assertionId: said[move.b % said.length]!.id }
            : null
      if (!of) return
      if (move.do === 'dispute') dispute(lib, of, true, `why ${n}`, 'analyst')
      else withdraw(lib, of, '', 'analyst')
    }
    if (move.do === 'relate') {
      const ends = { from: { kind: 'actor', id: pick(move.a) }, to: { kind: 'actor', id: pick(move.b) } }
      relate(lib, RelationInput.parse({ type: 'cooperates-with', ...ends, note: `n${move.b % 3}` }), null, 'analyst')
    }
    if (move.do === 'merge') merge(lib, pick(move.a), [pick(move.b)], '', 'analyst')
    if (move.do === 'unmerge') {
      const merged = recordDetail(lib, pick(move.a)).merged
      if (merged.length) unmerge(lib, merged[move.b % merged.length]!.id, 'analyst')
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    expect(state()).toEqual(before)
  }
}

/** A few records to begin with. */
function world(): World {
  const { lib } = test
  const made = {
    caseId: createCase(lib, CaseFields.parse({ title: 'Case' }), 'analyst').id,
    item: addItem(lib, `${Math.random()}.mp4`),
    sources: [entity('source', 'S1'), entity('source', 'S2')],
  }
  for (const n of [1, 2, 3]) entity('actor', `first ${n}`, { aliases: [`A${n}`], type: 'unknown' })
  return made
}

describe('undoing', () => {
  it('step by step, last first, goes back through exactly the states that were, and doing again returns', () => {
    assert(
      property(
        array(acts, { minLength: 1, maxLength: 12 }),
        alone((moves) => {
          const around = world()
          const known = new Set(operations(test.lib, { limit: 500 }).map(({ id }) => id))
          const states = [state()]
          for (const [n, move] of moves.entries()) {
            const count = operations(test.lib, { limit: 500 }).length
            act(around, move, n)
            if (operations(test.lib, { limit: 500 }).length > count) states.push(state())
            else expect(state()).toEqual(states.at(-1))
          }
          const steps = operations(test.lib, { limit: 500 }).filter(({ id }) => !known.has(id))
          expect(steps).toHaveLength(states.length - 1)
          const undone: string[] = []
          for (const [n, step] of steps.entries()) {
            undone.push(undo(test.lib, step.id, 'analyst').operation.id)
            expect(state()).toEqual(states.at(-2 - n))
          }
          for (const [n, id] of undone.toReversed().entries()) {
            undo(test.lib, id, 'analyst')
            expect(state()).toEqual(states[n + 1])
          }
        }),
      ),
      { numRuns: 15 },
    )
  })

  it('in any order either takes the step back or refuses and changes nothing, and leaves nothing that points nowhere', () => {
    assert(
      property(
        array(acts, { minLength: 4, maxLength: 12 }),
        integer({ min: 0, max: 100 }),
        alone((moves, chosen) => {
          const around = world()
          for (const [n, move] of moves.entries()) act(around, move, n)
          const all = operations(test.lib, { limit: 500 })
          const { id } = all[chosen % all.length]!
          const before = state()
          try {
            undo(test.lib, id, 'analyst')
          } catch (error) {
            expect(error).toMatchObject({ code: expect.stringMatching(/^undo\./) })
            expect(state()).toEqual(before)
          }
          const dangling = test.lib.db.prepare(
            `SELECT r.id FROM relation r WHERE NOT EXISTS (SELECT 1 FROM entity WHERE id = r.from_id)
           UNION ALL SELECT a.id FROM assertion a WHERE a.source_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM entity WHERE id = a.source_id)`,
          )
          expect(dangling.all()).toEqual([])
        }),
      ),
      { numRuns: 15 },
    )
  })
})

describe('merging', () => {
  it('and splitting again, in any order, restores exactly what was', () => {
    const merges = array(record({ a: integer({ min: 0, max: 30 }), b: integer({ min: 0, max: 30 }) }), {
      minLength: 1,
      maxLength: 5,
    })
    assert(
      property(
        array(acts, { maxLength: 10 }),
        merges,
        shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
        alone((moves, pairs, order) => {
          const around = world()
          for (const [n, move] of moves.entries())
            if (move.do !== 'merge' && move.do !== 'unmerge') act(around, move, n)
          const before = state()
          for (const [n, pair] of pairs.entries()) act(around, { do: 'merge', ...pair }, n)
          const merged = (): string[] =>
            test.lib.db
              .prepare('SELECT id FROM entity WHERE merged_into IS NOT NULL ORDER BY id')
              .pluck()
              .all() as string[]
          // One that lies within another merged record has to wait until that is split off.
          for (let left = merged(); left.length; left = merged())
            for (const at of order) {
              const id = left[at % left.length]!
              try {
                unmerge(test.lib, id, 'analyst')
              } catch (error) {
                expect(error).toMatchObject({ code: 'request.invalid' })
              }
            }
          expect(state()).toEqual(before)
        }),
      ),
      { numRuns: 20 },
    )
  })
})

describe('values', () => {
  it('of two sources both stand, whatever is said in whatever order, and a source only ever replaces its own', () => {
    const said = record({ source: integer({ min: 0, max: 2 }), value: constantFrom('IR', 'RU', 'CN') })
    assert(
      property(
        array(said, { minLength: 1, maxLength: 8 }),
        alone((sayings) => {
          const sources = [null, entity('source', 'S1'), entity('source', 'S2')]
          const id = entity('actor', 'A')
          for (const { source, value } of sayings) {
            const assertion = AssertionInput.parse({ field: 'country', value, sourcing: { sourceId: sources[source] } })
            const { revision } = recordDetail(test.lib, id).entity
            assertValue(test.lib, { entityId: id, revision, assertion, supersedes: null }, 'analyst')
          }
          const last = new Map(sayings.map(({ source, value }) => [sources[source], value]))
          const { entity: shown, fields } = recordDetail(test.lib, id)
          const standing = fields[0]!.standing.map((one) => [one.sourcing.sourceId, one.value])
          expect(new Map(standing as [])).toEqual(last)
          expect(standing).toHaveLength(last.size)
          expect(shown.conflicts).toEqual(new Set(last.values()).size > 1 ? ['country'] : [])
          expect([...last.values()]).toContain(shown.attributes['country'])
        }),
      ),
      { numRuns: 15 },
    )
  })
})
