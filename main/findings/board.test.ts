import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { addItem, emptyLibrary, putFindings, signalOutput, type TestLibrary } from '../../test/fixtures/sample-case.ts'
import { CaseFields } from '../contract/cases.ts'
import { AcquisitionDetails } from '../contract/intake.ts'
import type { Job } from '../contract/jobs.ts'
import type { SignalInfo } from '../contract/signals.ts'
import { putCase, putFiledItem } from '../store/cases.ts'
import { addAcquisition } from '../store/evidence.ts'
import { board } from './board.ts'

let test: TestLibrary
beforeEach(() => void (test = emptyLibrary()))
afterEach(() => test.remove())

const SIGNALS: SignalInfo[] = [
  { id: 'provenance', version: '1.0.0', title: 'Provenance', measures: '', counted: true },
  { id: 'encoding', version: '1.0.0', title: 'Encoding', measures: '', counted: true },
  { id: 'synthetic-image', version: '1.0.0', title: 'Synthetic image', measures: '', counted: false },
]
const job = (evidenceId: string, state: Job['state'], kind: Job['kind'] = 'triage'): Job => ({
  id: crypto.randomUUID(),
  kind,
  evidenceId,
  matchId: null,
  subject: '',
  state,
  step: '',
  progress: null,
  secondsLeft: null,
  attempts: 1,
  error: null,
  createdAt: '2024-02-09T00:00:00.000Z',
  startedAt: null,
  endedAt: null,
})

describe('the triage board', () => {
  it('shows each item once, newest first, with its strictest mark and its first name', () => {
    const { lib } = test
    const old = addItem(lib, 'first name.mp4', { tlp: 'GREEN', source: 'a phone' })
    const young = addItem(lib, 'young.mp4')
    addAcquisition(lib, 'analyst', old, {
      id: crypto.randomUUID(),
      name: 'second name.mp4',
      path: '',
      acquiredAt: '2030-01-01T00:00:00.000Z',
      modifiedAt: null,
      details: AcquisitionDetails.parse({ tlp: 'RED', source: 'a drive' }),
      custody: [],
    })
    const at = '2024-02-09T00:00:00.000Z'
    const caseId = crypto.randomUUID()
    putCase(lib, { ...CaseFields.parse({ title: 'Case' }), id: caseId, revision: 1, createdAt: at, updatedAt: at })
    putFiledItem(lib, caseId, { evidenceId: old, filedAt: at, note: '' })
    const rows = board(lib, [], SIGNALS)
    expect(rows.map((row) => row.evidenceId)).toEqual([young, old])
    expect(rows[1]).toMatchObject({
      name: 'first name.mp4',
      source: 'a phone',
      tlp: 'RED',
      acquisitions: 2,
      caseIds: [caseId],
      judged: false,
      duration: null,
      filmstripUrl: null,
      hasAudio: null,
      priority: null,
    })
    expect(rows[1]?.lanes.map((lane) => lane.state)).toEqual(['waiting', 'waiting', 'waiting'])
  })

  it('gives each lane its state, and a band only to what is counted', () => {
    const { lib } = test
    const id = addItem(lib, 'a.mp4')
    putFindings(lib, id, [
      signalOutput('provenance', { applicability: { state: 'abstained', reason: 'no container tags' }, score: null }),
      signalOutput('encoding', {
        score: 0.7,
        observations: [{ code: 'x', text: 'twice compressed', weight: 'strong' }],
      }),
      signalOutput('synthetic-image', { score: 0.9, explanation: 'Measured noise.' }),
    ])
    expect(board(lib, [job(id, 'succeeded')], SIGNALS)[0]?.lanes).toEqual([
      { signal: 'provenance', state: 'abstained', band: null, score: null, reason: 'no container tags' },
      { signal: 'encoding', state: 'ran', band: 'strong', score: 0.7, reason: 'twice compressed' },
      { signal: 'synthetic-image', state: 'ran', band: null, score: 0.9, reason: 'Measured noise.' },
    ])
  })

  it('gives no priority while triage still runs, whatever was found so far', () => {
    const { lib } = test
    const id = addItem(lib, 'a.mp4')
    putFindings(lib, id, [signalOutput('provenance')])
    const priorityWith = (...jobs: Job[]) => board(lib, jobs, SIGNALS)[0]?.priority
    expect(priorityWith(job(id, 'running'))).toBeNull()
    expect(priorityWith(job(id, 'queued'), job(id, 'succeeded'))).toBeNull()
    expect(priorityWith(job(id, 'succeeded'))).not.toBeNull()
    expect(priorityWith(job(id, 'running', 'proxy'), job(id, 'succeeded'))).not.toBeNull()
    expect(board(lib, [job(id, 'failed'), job(id, 'succeeded')], SIGNALS)[0]?.job?.state).toBe('failed')
  })

  it('shows new findings at once, in the place of the old', () => {
    const { lib } = test
    const id = addItem(lib, 'a.mp4')
    putFindings(lib, id, [signalOutput('encoding', { score: 0.1 })])
    expect(board(lib, [], SIGNALS)[0]?.lanes[1]?.score).toBe(0.1)
    putFindings(lib, id, [signalOutput('encoding', { score: 0.2 })])
    expect(board(lib, [], SIGNALS)[0]?.lanes[1]?.score).toBe(0.2)
  })

  it('asks the database the same few questions for one item and for many', () => {
    const { lib } = test
    const questions = () => {
      const prepare = vi.spyOn(lib.db, 'prepare')
      board(lib, [], SIGNALS)
      const count = prepare.mock.calls.length
      prepare.mockRestore()
      return count
    }
    putFindings(lib, addItem(lib, 'one.mp4'), [signalOutput('encoding')])
    const one = questions()
    for (let n = 0; n < 40; n++)
      putFindings(lib, addItem(lib, `${n}.mp4`), [signalOutput('encoding', { score: n / 40 })])
    expect(questions()).toBe(one)
    expect(one).toBeLessThanOrEqual(6)
  })
})
