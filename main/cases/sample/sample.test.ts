import { afterEach, beforeEach, expect, it } from 'vitest'
import { emptyLibrary, type TestLibrary } from '../../../test/fixtures/sample-case.ts'
import { SearchQuery } from '../../contract/search.ts'
import { datedOf } from '../../contract/time.ts'
import { lastOperation } from '../../store/operations.ts'
import { find } from '../../store/search/find.ts'
import { designatedOn } from '../designated.ts'
import { getCase, listCases, listEntities } from '../cases.ts'
import { techniqueById } from '../disarm/disarm.ts'
import { recordDetail } from '../detail.ts'
import { undo } from '../undo.ts'
import { makeSample } from './sample.ts'

let test: TestLibrary
let caseId: string
beforeEach(() => {
  test = emptyLibrary()
  caseId = makeSample(test.lib, 'analyst')
})
afterEach(() => test.remove())

const named = (name: string) => listEntities(test.lib, { text: '' }).find((one) => one.name === name)!

it('every value and every relation of the worked example names its source and grade, or is the analyst’s own', () => {
  const detail = getCase(test.lib, caseId)
  expect(detail.entities.length).toBeGreaterThan(40)
  for (const { id, kind } of detail.entities)
    for (const { standing } of recordDetail(test.lib, id).fields)
      for (const { sourcing } of standing)
        if (sourcing.sourceId === null) expect(['source', 'technique', 'forecast', 'hypothesis']).toContain(kind)
        else expect(sourcing.credibility).not.toBe('6')
  expect(detail.relations.filter(({ sourcing, note }) => sourcing.sourceId === null && !note)).toEqual([])
})

it('answers whether somebody was designated on the day of the removal', () => {
  const on = (name: string, day: string) => designatedOn(test.lib, named(name).id, datedOf(day)!)
  expect(on('Hamas', '2024-02-09').answer).toBe('listed')
  expect(on('Ansarallah (the Houthis)', '2021-02-01').answer).toBe('listed')
  expect(on('Ansarallah (the Houthis)', '2021-03-01').answer).toBe('not-recorded')
  expect(on('Ansarallah (the Houthis)', '2024-02-20').answer).toBe('listed')
  // Announced, not yet in force; one source says otherwise, and both stand.
  expect(on('Ansarallah (the Houthis)', '2024-02-09').answer).not.toBe('listed')
})

it('keeps a conflict between two sources side by side', () => {
  const detail = recordDetail(test.lib, named('Specially Designated Global Terrorist: Ansarallah').id)
  const { conflict, standing } = detail.fields.find(({ field }) => field === 'validFrom')!
  expect(conflict).toBe(true)
  expect(standing.map(({ value }) => (value as { value: string }).value)).toEqual(['2024-02-16', '2024-01-17'])
})

it('names techniques as DISARM does', () => {
  const techniques = listEntities(test.lib, { kind: 'technique', text: '' })
  expect(techniques).toHaveLength(5)
  for (const { name, attributes } of techniques)
    expect(techniqueById(String(attributes['techniqueId']))?.name).toBe(name)
})

it('is found in any script, and taken back as a whole', () => {
  const hits = (text: string) => find(test.lib, SearchQuery.parse({ text })).hits.map(({ title }) => title.text)
  expect(hits('خامنه‌ای')).toContain('Ali Khamenei')
  expect(hits('خامنئي')).toContain('Ali Khamenei')
  expect(hits('انصار الله')).toContain('Ansarallah (the Houthis)')
  undo(test.lib, lastOperation(test.lib).id, 'analyst')
  expect(listCases(test.lib)).toEqual([])
  expect(listEntities(test.lib, { text: '' })).toEqual([])
  expect(hits('Khamenei')).toEqual([])
})
