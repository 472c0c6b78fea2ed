import { anything, assert, property } from 'fast-check'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { output, stepResult } from './fixtures/results.ts'
import { parseFromWorker, ProtocolBreach } from './protocol.ts'

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'assay-protocol-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('refuses whatever is no message of a worker, and only that', () => {
  assert(
    property(anything(), (message) => {
      expect(() => parseFromWorker(message)).toThrow(ProtocolBreach)
      expect(() => parseFromWorker({ type: 'step', result: message })).toThrow(ProtocolBreach)
    }),
  )
  for (const step of ['probe', 'container-signals', 'decode-signals', 'proxy'] as const)
    expect(parseFromWorker({ type: 'step', result: stepResult(step, folder) })).toMatchObject({ result: { step } })
})

const image = { kind: 'image', caption: '', sha256: 'a'.repeat(64), mime: 'image/png', width: 1, height: 1 } as const
const decoded = () => stepResult('decode-signals', folder)

it.each<[string, () => object, string]>([
  ['an exhibit that did not come with it', () => ({ signals: [output('x', { evidence: [image] })] }), 'did not come'],
  ['a filmstrip that did not come with it', () => ({ signals: [], files: [] }), 'filmstrip'],
  ['the same signal twice', () => ({ signals: [output('x'), output('x')] }), 'twice'],
  ['a score that is no number', () => ({ signals: [output('x', { score: Number.NaN })] }), 'score'],
  [
    'a text that fills memory',
    () => ({ signals: [output('x', { explanation: 'x'.repeat(33 * 2 ** 20) })] }),
    'too large',
  ],
])('refuses a result with %s', (_, change, why) => {
  expect(() => parseFromWorker({ type: 'step', result: { ...decoded(), ...change() } })).toThrow(why)
})
