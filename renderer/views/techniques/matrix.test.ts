import { expect, test } from 'vitest'
import { columnsOf } from './matrix.ts'

const TACTICS = [
  { id: 'TA02', name: 'Plan Objectives' },
  { id: 'TA06', name: 'Develop Content' },
]
const use = (techniqueId: string, tactics: string[]) => ({
  technique: { id: techniqueId, name: techniqueId, techniqueId, framework: 'DISARM', tactics },
  users: [],
})
const shape = (columns: ReturnType<typeof columnsOf>) =>
  columns.map(({ tactic, uses }) => [tactic?.name ?? null, uses.map((one) => one.technique.techniqueId)])

test('a technique stands under each of its tactics, named by id or by name, in the order of the framework', () => {
  const uses = [use('T0087.001', ['develop content']), use('T0009', ['TA06', 'TA02'])]
  expect(shape(columnsOf(uses, TACTICS))).toEqual([
    ['Plan Objectives', ['T0009']],
    ['Develop Content', ['T0009', 'T0087.001']],
  ])
})
test('what serves no known tactic is not lost', () => {
  expect(shape(columnsOf([use('L1', []), use('L2', ['Own tactic'])], TACTICS))).toEqual([
    ['Own tactic', ['L2']],
    [null, ['L1']],
  ])
})
test('empty tactics show only when all are asked for', () => {
  expect(columnsOf([], TACTICS)).toEqual([])
  expect(columnsOf([], TACTICS, true)).toHaveLength(2)
})
