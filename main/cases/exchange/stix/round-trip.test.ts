/** Whatever analysts do to records, a library that takes in its bundle exports the same bytes. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addItem, emptyLibrary, NAMES, type TestLibrary } from '../../../../test/fixtures/sample-case.ts'
import { stixValidator } from '../../../../test/fixtures/stix-schemas.ts'
import {
  CaseFields,
  EntityInput,
  NodeKind,
  RELATION_TYPES,
  RelationInput,
  type Entity,
} from '../../../contract/cases.ts'
import { Sourcing, TLP_LEVELS } from '../../../contract/common.ts'
import { AssertionInput } from '../../../contract/records.ts'
import { judge } from '../../../findings/judge.ts'
import { entityById } from '../../../store/entities.ts'
import { lastOperation } from '../../../store/operations.ts'
import { assertValue, dispute, withdraw } from '../../assert.ts'
import { addEvidence, createCase, createEntity, relate, unrelate } from '../../cases.ts'
import { recordDetail } from '../../detail.ts'
import { KINDS } from '../../entities/list.ts'
import { merge } from '../../merge.ts'
import { isAllowed } from '../../relations.ts'
import { undo } from '../../undo.ts'
import { exported } from '../scope.ts'
import { writeAll } from '../write.ts'
import { writeBundle } from './export.ts'
import { readBundle } from './read.ts'

const text = fc.oneof(
  fc.constantFrom(
    NAMES.arabic,
    NAMES.persian,
    NAMES.hebrew,
    NAMES.hostile,
    '=1+1',
    '__proto__',
    '\u202eevil',
    '𝔘nicode 🛰',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
)
const nonEmpty = text.filter((one) => one.trim() !== '')
const day = fc.constantFrom('2023', '2023-10', '2024-02-09', '2024-02-09T20:15:00+03:30')
const byType: Record<string, fc.Arbitrary<unknown>> = {
  text: nonEmpty,
  'long-text': nonEmpty,
  dated: day,
  number: fc.integer(),
  url: fc.constantFrom('https://example.org/a?b=c', 'example.org/ü', 't.me/x'),
  hash: fc.constant('a'.repeat(64)),
  country: fc.constantFrom('IR', 'Iran', 'Atlantis'),
  alias: fc.record({ name: nonEmpty, by: text.map((one) => one.slice(0, 20)) }),
  observation: fc.record({ value: fc.integer(), at: day, by: fc.constantFrom('', 'Meta') }),
}
const record = fc.constantFrom(...KINDS).chain(({ kind, fields }) =>
  fc.record({
    kind: fc.constant(kind),
    name: nonEmpty,
    tlp: fc.constantFrom(...TLP_LEVELS),
    attributes: fc.record(
      Object.fromEntries(
        fields.flatMap(({ name, type, many, choices }) => {
          const one = type === 'choice' ? fc.constantFrom(...choices!) : byType[type]
          return one ? [[name, many ? fc.array(one, { maxLength: 3 }) : one]] : []
        }),
      ),
      { requiredKeys: [] },
    ),
  }),
)
const step = fc.record({
  do: fc.constantFrom(
    'relate',
    'relate',
    'relate',
    'assert',
    'dispute',
    'withdraw',
    'unrelate',
    'merge',
    'evidence',
    'judge',
  ),
  a: fc.nat(),
  b: fc.nat(),
  type: fc.constantFrom(...RELATION_TYPES),
  text,
  credibility: fc.constantFrom('1', '3', '6'),
  from: fc.option(day, { nil: null }),
})

/** Refusals are the model's own business: what it accepts must travel. */
function attempt(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!(error as { code?: string }).code) throw error
  }
}

function build(test: TestLibrary, given: { records: fc.Arbitrary<unknown>[] | unknown[]; steps: unknown[] }): string {
  const { lib } = test
  const caseId = createCase(lib, CaseFields.parse({ title: 'A case', summary: NAMES.persian }), 'analyst').id
  const sources = ['one', 'two'].map((name) =>
    createEntity(lib, EntityInput.parse({ kind: 'source', name, attributes: { date: '2024-02' } }), caseId, 'analyst'),
  )
  const items = [addItem(lib, `${NAMES.arabic}.mp4`), addItem(lib, 'b.mp4')]
  addEvidence(lib, caseId, [items[0]!], 'analyst')
  const entities: Entity[] = [...sources]
  for (const input of given.records)
    attempt(() => void entities.push(createEntity(lib, EntityInput.parse(input), caseId, 'analyst')))
  const relations: string[] = []
  const pick = <T>(list: readonly T[], n: number): T => list[n % list.length]!
  for (const one of given.steps as (typeof step extends fc.Arbitrary<infer S> ? S : never)[]) {
    const a = pick(entities, one.a)
    const b = pick(entities, one.b)
    const supports = [{ evidenceId: pick(items, one.a), start: 1.5, end: 3, note: 'here' }]
    const sourcing = Sourcing.parse({
      sourceId: pick(sources, one.b).id,
      reliability: 'B',
      credibility: one.credibility,
      supports,
    })
    const dated = one.from ? { value: one.from, precision: 'approximate', zone: 'Asia/Tehran' } : null
    const note = one.text.slice(0, 100)
    attempt(() => {
      if (one.do === 'relate') {
        const ends = [a, b, { kind: 'evidence' as const, id: pick(items, one.b) }]
        const from = pick(ends, one.b)
        const to = pick(ends, one.a)
        const type = RELATION_TYPES.find((known) => known === one.type && isAllowed(known, NodeKind.parse(from.kind), NodeKind.parse(to.kind))) // prettier-ignore
        relations.push(relate(lib, RelationInput.parse({ type: type ?? 'related-to', from, to, sourcing, note, validFrom: dated }), caseId, 'analyst').id) // prettier-ignore
      }
      const { id, revision } = entityById(lib, a.id)
      if (one.do === 'assert')
        assertValue(lib, { entityId: id, revision, assertion: AssertionInput.parse({ field: 'description', value: one.text, sourcing, validFrom: dated, note }), supersedes: null }, 'analyst') // prettier-ignore
      const said = recordDetail(lib, id).fields.flatMap(({ standing }) => standing)
      if (said.length && one.do === 'dispute')
        dispute(lib, { assertionId: pick(said, one.b).id }, true, note, 'analyst')
      if (said.length && one.do === 'withdraw') withdraw(lib, { assertionId: pick(said, one.b).id }, note, 'analyst')
      if (one.do === 'unrelate' && relations.length) unrelate(lib, pick(relations, one.a), 'analyst')
      if (one.do === 'merge') {
        const same = entities.filter(({ kind, id }) => kind === a.kind && id !== a.id)
        if (same.length) merge(lib, a.id, [pick(same, one.b).id], note, 'analyst')
      }
      if (one.do === 'evidence') addEvidence(lib, caseId, [items[1]!], 'analyst')
      if (one.do === 'judge')
        judge(lib, { evidenceId: pick(items, one.a), caseId, statement: one.text.trim() || 'x', likelihood: 'likely', confidence: 'low', reasoning: note, findingIds: [], author: 'A' }, 'analyst') // prettier-ignore
    })
  }
  return caseId
}

const validate = stixValidator()

it('export, import, export is byte-identical, valid, and taken back as a whole', { timeout: 240_000 }, () => {
  fc.assert(
    fc.property(
      fc.record({ records: fc.array(record, { maxLength: 8 }), steps: fc.array(step, { maxLength: 14 }) }),
      (given) => {
        const [a, b] = [emptyLibrary(), emptyLibrary()]
        try {
          const caseId = build(a, given)
          for (const cases of [[], [caseId]]) {
            const bytes = writeBundle(exported(a.lib, cases))
            const before = writeBundle(exported(b.lib, [])).toString()
            const reading = readBundle(b.lib, bytes, 'bundle.json')
            const options = { onConflict: 'ours', caseId: null, name: 'bundle.json', sha256: '0'.repeat(64) } as const
            const done = writeAll(b.lib, reading, options, 'analyst')
            expect(writeBundle(exported(b.lib, cases)).toString()).toBe(bytes.toString())
            expect(writeAll(b.lib, readBundle(b.lib, bytes, 'again.json'), options, 'analyst').operation).toBeNull()
            if (validate) expect(validate(JSON.parse(bytes.toString()) as never)).toEqual([])
            undo(b.lib, done.operation!.id, 'analyst')
            expect(lastOperation(b.lib).undoes).toBe(done.operation!.id)
            expect(writeBundle(exported(b.lib, [])).toString()).toBe(before)
          }
        } finally {
          a.remove()
          b.remove()
        }
      },
    ),
    { numRuns: 12 },
  )
})
