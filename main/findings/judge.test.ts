import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addItem, emptyLibrary, putFindings, signalOutput, type TestLibrary } from '../../test/fixtures/sample-case.ts'
import { JudgementInput } from '../contract/findings.ts'
import { entries, verifyChain } from '../store/audit.ts'
import { currentFindings } from '../store/findings.ts'
import { disagrees, judge, judgementsFor } from './judge.ts'

let test: TestLibrary
beforeEach(() => void (test = emptyLibrary()))
afterEach(() => test.remove())

const input = (evidenceId: string, extra: object = {}) =>
  JudgementInput.parse({
    evidenceId,
    statement: 'The video was manipulated',
    likelihood: 'likely',
    confidence: 'moderate',
    reasoning: 'Seen by eye.',
    ...extra,
  })
const strong = { code: 'encoding.x', text: 'seen', weight: 'strong' as const }

describe('a judgement', () => {
  it('keeps the band that the machine showed, also after a later run showed another', () => {
    const { lib } = test
    const id = addItem(lib, 'a.mp4')
    putFindings(lib, id, [signalOutput('provenance'), signalOutput('encoding'), signalOutput('temporal')])
    const made = judge(lib, input(id), 'analyst')
    expect(made).toMatchObject({ machineBand: 'none', disagrees: true, caseId: null })
    putFindings(lib, id, [signalOutput('encoding', { observations: [strong] })])
    expect(judgementsFor(lib, id)).toEqual([made])
    expect(judge(lib, input(id), 'analyst')).toMatchObject({ machineBand: 'strong', disagrees: false })
    expect(judgementsFor(lib, id)).toHaveLength(2)
    expect(judgementsFor(lib, id)[0]?.machineBand).toBe('strong')
  })

  it('stands without any finding, beside an inconclusive machine', () => {
    const id = addItem(test.lib, 'a.mp4')
    expect(judge(test.lib, input(id), 'analyst')).toMatchObject({ machineBand: 'inconclusive', disagrees: false })
  })

  it('joins the audit chain', () => {
    const id = addItem(test.lib, 'a.mp4')
    judge(test.lib, input(id), 'cli')
    expect(entries(test.lib.db, 1)[0]).toMatchObject({ action: 'judgement.recorded', actor: 'cli', subject: id })
    expect(verifyChain(test.lib.db).brokenAt).toBeNull()
  })

  it('cites only findings on the item itself, and is not written otherwise', () => {
    const { lib } = test
    const [a, b] = [addItem(lib, 'a.mp4'), addItem(lib, 'b.mp4')]
    putFindings(lib, b, [signalOutput('encoding')])
    const [found] = currentFindings(lib, b)
    const head = lib.auditHead()
    expect(() => judge(lib, input(a, { findingIds: [found!.id] }), 'analyst')).toThrow(
      expect.objectContaining({ code: 'request.invalid' }),
    )
    expect(() => judge(lib, input(a, { caseId: crypto.randomUUID() }), 'analyst')).toThrow(
      expect.objectContaining({ code: 'record.not-found' }),
    )
    expect(() => judge(lib, input(crypto.randomUUID()), 'analyst')).toThrow(
      expect.objectContaining({ code: 'record.not-found' }),
    )
    expect(judgementsFor(lib, a)).toEqual([])
    expect(lib.auditHead()).toBe(head)
  })
})

describe('disagreement with the machine', () => {
  const yes = 'The video was manipulated'
  const no = 'The video was not manipulated'
  it.each([
    [yes, 'likely', 'none', true],
    [yes, 'almost-certain', 'none', true],
    [yes, 'roughly-even', 'none', false],
    [yes, 'likely', 'some', false],
    [yes, 'likely', 'inconclusive', false],
    [yes, 'unlikely', 'strong', true],
    [yes, 'almost-no-chance', 'strong', true],
    [yes, 'likely', 'strong', false],
    [yes, null, 'strong', false],
    [no, 'likely', 'strong', true],
    [no, 'likely', 'none', false],
    [no, 'very-unlikely', 'none', true],
    ['The clip shows the harbour of Haifa', 'likely', 'none', false],
    ['تم التلاعب بالفيديو', 'likely', 'none', true],
    ['لم يتم التلاعب بالفيديو', 'likely', 'strong', true],
    ['ویدئو دستکاری شده است', 'very-likely', 'none', true],
    ['ویدئو دستکاری نشده است', 'very-likely', 'none', false],
  ] as const)('“%s” judged %s beside %s: %s', (statement, likelihood, band, expected) => {
    expect(disagrees(statement, likelihood, band)).toBe(expected)
  })
})
