import { array, assert, constantFrom, property } from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addItem, emptyLibrary, type TestLibrary } from '../../../test/fixtures/sample-case.ts'
import { CaseFields, EntityInput, RelationInput, type EntityKind, type RelationType } from '../../contract/cases.ts'
import { LIKELIHOODS } from '../../contract/common.ts'
import { TaskFields } from '../../contract/tradecraft.ts'
import { CONSISTENCY, type Consistency } from '../../contract/values.ts'
import { judge } from '../../findings/judge.ts'
import { addEvidence, createCase, createEntity, relate, updateEntity } from '../cases.ts'
import { recordDetail } from '../detail.ts'
import { achMatrices, rate } from './ach.ts'
import { disagreements } from './disagreements.ts'
import { brierOf, forecasts, midpointOf } from './forecasts.ts'
import { diagnosticity, inconsistencies, leadersOf, ranks, weightOf } from './score.ts'
import { addTask, listTasks, updateTask } from './tasks.ts'

let test: TestLibrary
let caseId: string
beforeEach(() => {
  test = emptyLibrary()
  caseId = createCase(test.lib, CaseFields.parse({ title: 'Case', question: 'Who ran it?' }), 'analyst').id
})
afterEach(() => test.remove())
const entity = (kind: EntityKind, name: string, attributes: object = {}, sourcing: object = {}) =>
  createEntity(test.lib, EntityInput.parse({ kind, name, attributes, sourcing }), caseId, 'analyst')
const link = (
  type: RelationType,
  from: { kind: string; id: string },
  to: { kind: string; id: string },
  extra: object = {},
) => relate(test.lib, RelationInput.parse({ type, from, to, ...extra }), caseId, 'analyst')
const rated = (hypothesis: { id: string }, of: { id: string }, rating: Consistency | null) =>
  rate(test.lib, { hypothesisId: hypothesis.id, of: 'entity', ref: of.id, rating, note: '' }, 'analyst')

describe('the matrix of hypotheses', () => {
  it('ranks by what speaks against each, weighs by the code, and says what the order hangs on', () => {
    const [a, b] = [entity('hypothesis', 'State A'), entity('hypothesis', 'Group B')]
    const [x, y] = [entity('source', 'X'), entity('source', 'Y')]
    const strong = entity('claim', 'Signed by B', {}, { sourceId: x.id, reliability: 'A', credibility: '1' })
    const weak = entity('claim', 'Denied by A', {}, { sourceId: y.id, reliability: 'D', credibility: '4' })
    const both = entity('claim', 'It happened', {}, { sourceId: y.id, reliability: 'A', credibility: '1' })
    rated(a, strong, 'II')
    rated(b, strong, 'CC')
    rated(a, weak, 'C')
    rated(b, weak, 'II')
    rated(a, both, 'C')
    rated(b, both, 'C')
    const [matrix] = achMatrices(test.lib, caseId)
    expect(matrix?.question).toBe('Who ran it?')
    expect(matrix?.hypotheses).toMatchObject([
      { name: 'Group B', inconsistency: 0.32, rank: 1 },
      { name: 'State A', inconsistency: 2, rank: 2 },
    ])
    expect(matrix?.leaders).toEqual([b.id])
    expect(matrix?.rows.map((row) => [row.name, row.diagnosticity])).toEqual([
      ['Signed by B', 1],
      ['Denied by A', 0.75],
      ['It happened', 0],
    ])
    expect(matrix?.sensitivity.map((one) => one.words)).toEqual([
      'Without all that “X” says, the least inconsistent is “State A”.',
      'Without the item “Signed by B”, the least inconsistent is “State A”.',
    ])
    expect(matrix?.method).toContain('no probability')
  })

  it('keeps a rating that was changed in the history, and takes one out', () => {
    const [a, claim] = [entity('hypothesis', 'A'), entity('claim', 'C')]
    rated(a, claim, 'I')
    rated(a, claim, 'CC')
    const cells = recordDetail(test.lib, a.id).fields.find((one) => one.field === 'cells')
    expect(cells).toMatchObject({ standing: [{ value: { rating: 'CC' } }], history: [{ value: { rating: 'I' } }] })
    rated(a, claim, null)
    expect(achMatrices(test.lib, caseId)[0]?.rows).toEqual([])
    expect(() => rated(claim, a, 'C')).toThrow(expect.objectContaining({ code: 'request.invalid' }))
  })

  it('weighs evidence as itself, leaves out what is set aside, and has one matrix per question', () => {
    const [a, other] = [entity('hypothesis', 'A'), entity('hypothesis', 'Other', { question: 'Why?' })]
    const aside = entity('hypothesis', 'Aside', { state: 'set aside' })
    const item = addItem(test.lib, 'a.mp4')
    for (const one of [a, aside, other])
      rate(test.lib, { hypothesisId: one.id, of: 'evidence', ref: item, rating: 'I', note: '' }, 'analyst')
    const matrices = achMatrices(test.lib, caseId)
    expect(matrices.map((one) => one.question).sort()).toEqual(['Who ran it?', 'Why?'])
    const main = matrices.find((one) => one.question === 'Who ran it?')!
    expect(main.rows).toMatchObject([{ name: 'a.mp4', weight: 1, grade: '' }])
    expect(main.hypotheses.map((one) => [one.name, one.rank, one.inconsistency])).toEqual([
      ['A', 1, 1],
      ['Aside', null, 1],
    ])
  })

  it('has scores that behave: between 0 and 1, the same in any order, never better for more against', () => {
    const ratings = array(constantFrom(...CONSISTENCY), { minLength: 2, maxLength: 6 })
    assert(
      property(ratings, (given) => {
        const told = diagnosticity(given)!
        expect(told).toBeGreaterThanOrEqual(0)
        expect(told).toBeLessThanOrEqual(1)
        expect(diagnosticity(given.toReversed())).toBeCloseTo(told, 12)
        if (new Set(given).size === 1) expect(told).toBe(0)
      }),
    )
    const row = (weight: number, ...rating: Consistency[]) => ({
      weight,
      ratings: new Map(rating.map((one, n) => [`h${n}`, one])),
    })
    const rows = [row(0.6, 'I', 'C'), row(1, 'N', 'II')]
    expect([...inconsistencies(['h0', 'h1'], rows).values()]).toEqual([0.6, 2])
    expect(leadersOf(['h0', 'h1'], [...rows, row(1, 'II', 'C')])).toEqual(['h1'])
    expect([...ranks(new Map([['a', 1], ['b', 0], ['c', 1]])).values()]).toEqual([2, 1, 2]) // prettier-ignore
    expect([weightOf('A', '1'), weightOf('F', '6'), weightOf('E', '5')].map((n) => n.toFixed(2))).toEqual([
      '1.00',
      '0.36',
      '0.04',
    ])
  })
})

describe('forecasts', () => {
  it('are scored by the middle of their band once resolved, and are due when their horizon has passed', () => {
    entity(
      'forecast',
      'F1',
      { event: 'E1', likelihood: 'likely', horizon: '2024-11', outcome: 'occurred' },
      { confidence: 'low' },
    )
    entity('forecast', 'F2', { event: 'E2', likelihood: 'very-unlikely', horizon: '2024-06' })
    entity('forecast', 'F3', { event: 'E3', likelihood: 'likely', outcome: 'void' })
    const found = forecasts(test.lib, caseId, Date.UTC(2024, 6, 2))
    expect(found.forecasts.map((one) => [one.name, one.due])).toEqual([['F2', true], ['F1', false], ['F3', false]]) // prettier-ignore
    expect(found.forecasts[1]).toMatchObject({ midpoint: 0.675, confidence: 'low' })
    expect(found.forecasts[1]?.brier).toBeCloseTo(0.105625, 12)
    expect(found).toMatchObject({ resolved: 1 })
    expect(found.meanBrier).toBeCloseTo(0.105625, 12)
  })

  it('score best at the right end, and a band never stands for what it excludes', () => {
    for (const { id, low, high } of LIKELIHOODS) {
      const middle = midpointOf(id)!
      expect(middle).toBeGreaterThanOrEqual(low)
      expect(middle).toBeLessThanOrEqual(high)
      expect(brierOf(middle, true) + brierOf(middle, false)).toBeGreaterThanOrEqual(0.5)
    }
    expect(midpointOf(null)).toBeNull()
  })
})

describe('disagreements', () => {
  it('show every side: values, attributions, denials and judgements', () => {
    const { lib } = test
    const [x, y] = [entity('source', 'X'), entity('source', 'Y')]
    const account = entity('account', '@a', { state: 'active' }, { sourceId: x.id })
    updateEntity(
      lib,
      account.id,
      1,
      { attributes: { state: 'removed' }, sourcing: { ...account.sourcing, sourceId: y.id } },
      'analyst',
    )
    const [incident, a, b] = [entity('incident', 'I'), entity('actor', 'A'), entity('actor', 'B')]
    link('attributed-to', incident, a, { sourcing: { sourceId: x.id } })
    link('attributed-to', incident, b, { sourcing: { sourceId: y.id } })
    const denial = entity('claim', 'Denial', { stance: 'denial' })
    link('denies', denial, incident)
    const item = addItem(lib, 'v.mp4')
    addEvidence(lib, caseId, [item], 'analyst')
    const said = (author: string, likelihood: 'likely' | 'unlikely') =>
      judge(
        lib,
        {
          evidenceId: item,
          caseId,
          statement: 'Altered',
          likelihood,
          confidence: null,
          reasoning: '',
          findingIds: [],
          author,
        },
        'analyst',
      )
    said('One', 'likely')
    said('Two', 'likely')
    expect(disagreements(lib, caseId).map((one) => one.kind)).not.toContain('judgement')
    said('Two', 'unlikely')
    const found = disagreements(lib, caseId)
    expect(found.map(({ kind, sides }) => [kind, sides.length])).toEqual([['value', 2], ['attribution', 2], ['claim', 3], ['judgement', 2]]) // prettier-ignore
    expect(found[0]?.sides.map((side) => [side.text, side.source]).sort()).toEqual([['active', 'X'], ['removed', 'Y']]) // prettier-ignore
  })
})

describe('open questions', () => {
  it('are noted, answered from the revision that was seen, and listed open ones first', () => {
    const { lib } = test
    const first = addTask(lib, caseId, TaskFields.parse({ text: 'Who owns the domain?' }), 'analyst')
    addTask(
      lib,
      caseId,
      TaskFields.parse({ kind: 'task', text: 'Ask the platform', due: { value: '2024-03', precision: 'month' } }),
      'analyst',
    )
    const done = updateTask(lib, first.id, 1, { state: 'done', answer: 'A shell company' }, 'analyst')
    expect(done).toMatchObject({ revision: 2, kind: 'question', text: 'Who owns the domain?' })
    expect(() => updateTask(lib, first.id, 1, { text: 'x' }, 'analyst')).toThrow(
      expect.objectContaining({ code: 'record.conflict' }),
    )
    expect(listTasks(lib, caseId).map((one) => one.state)).toEqual(['open', 'done'])
  })
})
