import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testLibrary, type TestLibrary } from '../jobs/fixtures/library.ts'
import { output } from '../jobs/fixtures/results.ts'
import type { SignalOutput } from '../contract/signals.ts'
import { cacheKey, currentFindings, findingById, findingId, replaceFindings } from './findings.ts'

let at: TestLibrary
let item: { id: string; sha256: string }
beforeEach(() => {
  at = testLibrary()
  item = at.addItem('a.mp4')
})
afterEach(() => at.remove())

const put = (...outputs: SignalOutput[]) => at.lib.change('assay', () => replaceFindings(at.lib.db, item, outputs))
const provenance = output('x').provenance

describe('the id of a finding', () => {
  it('is a UUID of version 5, the same in every library for the same bytes and the same output', () => {
    const id = findingId('a'.repeat(64), output('temporal'))
    expect(id).toBe('9f6c269d-269d-531d-bc2c-a8fda6f20b31')
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('does not depend on the order in which parameters were written', () => {
    const ab = output('s', { provenance: { ...provenance, parameters: { a: 1, b: 2 } } })
    const ba = output('s', { provenance: { ...provenance, parameters: { b: 2, a: 1 } } })
    expect(findingId('a'.repeat(64), ab)).toBe(findingId('a'.repeat(64), ba))
  })

  it.each<[string, Partial<SignalOutput>]>([
    ['version', { version: '1.0.1' }],
    ['model', { provenance: { ...provenance, model: { id: 'm', version: '1', sha256: 'b'.repeat(64) } } }],
    ['parameters', { provenance: { ...provenance, parameters: { limit: 4 } } }],
    ['ffmpeg', { provenance: { ...provenance, ffmpeg: 'ffmpeg version 6' } }],
    ['seed', { provenance: { ...provenance, seed: 1 } }],
  ])('and its cache key change with the %s', (_, change) => {
    const sha256 = 'a'.repeat(64)
    expect(cacheKey(sha256, output('s', change))).not.toBe(cacheKey(sha256, output('s')))
    expect(findingId(sha256, output('s', change))).not.toBe(findingId(sha256, output('s')))
  })

  it('changes with what came out, while the cache key does not', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.string(), (score, explanation) => {
        const one = output('s', { score, explanation })
        const other = output('s', { score, explanation: `${explanation}.` })
        expect(cacheKey('a'.repeat(64), one)).toBe(cacheKey('a'.repeat(64), other))
        expect(findingId('a'.repeat(64), one)).not.toBe(findingId('a'.repeat(64), other))
      }),
    )
  })
})

describe('a later run', () => {
  it('replaces what a signal said before and keeps it for those who cite it', () => {
    const [before] = put(output('temporal'))
    const [after] = put(output('temporal', { version: '2.0.0' }))
    expect(after!.outcome).toBe('other-inputs')
    expect(currentFindings(at.lib, item.id).map((f) => f.id)).toEqual([after!.id])
    expect(findingById(at.lib, before!.id)?.output.version).toBe('1.0.0')
  })

  it('that says the same is the same finding, with the date of the first', () => {
    put(output('temporal'))
    const [before] = currentFindings(at.lib, item.id)
    expect(put(output('temporal'))).toMatchObject([{ outcome: 'same', id: before!.id }])
    expect(currentFindings(at.lib, item.id)).toEqual([before])
  })

  it('that says something else of the same input is told as such', () => {
    put(output('temporal'))
    expect(put(output('temporal', { score: 0.5 }))).toMatchObject([{ outcome: 'differs' }])
  })

  it('can come back to what was said before', () => {
    const [first] = put(output('temporal'))
    put(output('temporal', { score: 0.5 }))
    put(output('temporal'))
    expect(currentFindings(at.lib, item.id).map((f) => f.id)).toEqual([first!.id])
  })

  it('of one signal leaves the others alone', () => {
    put(output('temporal'), output('encoding'))
    put(output('temporal', { score: 0.5 }))
    expect(currentFindings(at.lib, item.id).map((f) => [f.output.id, f.output.score])).toEqual([
      ['encoding', 0.25],
      ['temporal', 0.5],
    ])
  })
})

it('knows no finding of an id it never had', () => {
  expect(findingById(at.lib, '00000000-0000-4000-8000-000000000000')).toBeNull()
})
