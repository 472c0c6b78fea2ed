import { describe, expect, test } from 'vitest'
import type { Match } from '../contract/matching.ts'
import { comparison } from '../jobs/fixtures/results.ts'
import { differenceEvidence } from './difference-evidence.ts'
import { headline } from './differ/words.ts'

const [FRESH, KNOWN] = ['7b0c3c1e-4c59-4ac3-9a5c-0d9d3f3c0a11', '7b0c3c1e-4c59-4ac3-9a5c-0d9d3f3c0a12']
const item = (evidenceId: string, name: string) => ({ evidenceId, name, duration: 9, filmstripUrl: null })
const match = { fresh: item(FRESH, 'new.mp4'), known: item(KNOWN, 'old.mp4') } as Match
const made = comparison('a'.repeat(64), 'b'.repeat(64))

describe('what a comparison adds to the finding', () => {
  test('a face that differs is a strong indicator on both items, each at its own time, and names neither as altered', () => {
    for (const [id, other, start] of [
      [FRESH, 'old.mp4', 0],
      [KNOWN, 'new.mp4', 4],
    ] as const) {
      const { observations, segments, exhibits } = differenceEvidence(match, made, id)
      expect(observations).toHaveLength(1)
      expect(observations[0]).toMatchObject({ code: 'known-footage.differs-face', weight: 'strong', at: start })
      expect(observations[0]!.text).toContain(other)
      expect(observations[0]!.text).toContain('which of them is not known')
      expect(segments[0]).toMatchObject({ start, end: start + 1.5, region: { x: 0.4 } })
      expect(exhibits).toHaveLength(1)
    }
  })

  test('a weak or short one adds to a reason only; logos, borders and crops to none', () => {
    const weights = (over: object) =>
      differenceEvidence(
        match,
        { ...made, differences: [{ ...made.differences[0]!, ...over }] },
        FRESH,
      ).observations.map(({ weight }) => weight)
    expect(weights({ strength: 0.3 })).toEqual(['some'])
    expect(weights({ seconds: 0.6 })).toEqual(['some'])
    expect(weights({ kind: 'overlay' })).toEqual(['context'])
    expect(weights({ kind: 'sound' })).toEqual(['some'])
    // Told as compared, without a word against it.
    expect(weights({ kind: 'borders' })).toEqual(['context'])
  })

  test('never says fake, real, authentic or certain', () => {
    const kinds = ['face', 'mouth', 'overlay', 'part', 'everywhere', 'sound', 'borders', 'cropped'] as const
    const all = kinds.map((kind) => ({ ...made.differences[0]!, kind }))
    const said = [
      headline(all, made.segments),
      headline([], made.segments),
      headline([], []),
      ...differenceEvidence(match, { ...made, differences: all }, KNOWN).observations.map(({ text }) => text),
    ]
    for (const words of said) expect(words).not.toMatch(/\b(fake|real|authentic|certain)/i)
  })
})
