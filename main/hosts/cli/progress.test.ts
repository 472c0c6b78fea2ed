import { describe, expect, it } from 'vitest'
import type { IntakeItem } from '../../contract/intake.ts'
import type { Job } from '../../contract/jobs.ts'
import { progressLine } from './progress.ts'

const item = (name: string, state: IntakeItem['state'] = 'reading'): IntakeItem => ({
  id: name,
  name,
  path: `/x/${name}`,
  size: 200,
  state,
  done: 50,
  evidenceId: null,
  error: null,
  at: '2026-01-01T00:00:00.000Z',
})
const job = { id: 'j', kind: 'triage', subject: 'clip.mp4', state: 'running', step: 'decoding', secondsLeft: 75 }
const running = { ...job, progress: { done: 1, total: 4, unit: 's' } } as unknown as Job

function screen(isTTY: boolean, columns = 80) {
  let written = ''
  let now = 0
  const line = progressLine(3, { isTTY, columns, write: (text: string) => (written += text) }, () => now)
  return { line, tick: (ms: number) => (now += ms), text: () => written }
}

describe('progress on a terminal', () => {
  it('is one line that is written over', () => {
    const { line, tick, text } = screen(true)
    line.item(item('a.mp4'))
    tick(1000)
    line.job(running)
    expect(text()).toBe('0 of 3 done · a.mp4: reading 25 %\r\u001b[2K0 of 3 done · a.mp4: reading 25 % (+1)')
    line.item(item('a.mp4', 'admitted'))
    tick(1000)
    line.ended(1, 3)
    expect(text()).toMatch(/1 of 3 done · clip\.mp4: decoding 25 %, 1:15 left$/)
    line.stop()
    expect(text()).toMatch(/\r\u001b\[2K$/)
  })

  it('never wraps, and shows a hostile name harmlessly', () => {
    const { line, text } = screen(true, 30)
    line.item(item('\u001b[2J'.repeat(20)))
    expect(text().length).toBeLessThan(30)
    expect(text()).not.toContain('\u001b')
  })
})

describe('progress in a log', () => {
  it('is a whole line every ten seconds, without codes', () => {
    const { line, tick, text } = screen(false)
    for (let second = 0; second < 25; second++) {
      tick(1000)
      line.job(running)
    }
    expect(text()).toBe('0 of 3 done · clip.mp4: decoding 25 %, 1:15 left\n'.repeat(2))
  })
})
