import { describe, expect, it } from 'vitest'
import { randomNumbers } from '../signals/random.ts'
import { crossValidate } from './cross-validate.ts'

/** Scores of both classes overlap as `distance` says; each group is one file. */
function samples(count: number, distance: number) {
  const random = randomNumbers(1)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return Array.from({ length: count }, (_, i) => {
    const manipulated = i % 2 === 0
    const score = 1 / (1 + Math.exp(-(normal() + (manipulated ? distance / 2 : -distance / 2))))
    return { score, manipulated, group: `${i}`, domain: {} }
  })
}

describe('calibration on what was left out', () => {
  it('is good where scores of new groups are like those it was fitted on', () => {
    const found = crossValidate(samples(600, 1.5))!
    expect(found.n).toBe(600)
    expect(found.ece!.value).toBeLessThan(0.1)
    expect(found.ece!.interval!.low).toBeLessThanOrEqual(found.ece!.value)
    expect(found.ece!.value).toBeLessThan(found.byChance!.most)
    // Most of it was chance.
    expect(found.debiased!).toBeLessThan(0.05)
    expect(found.groups).toBe(600)
  })

  it('counts copies of one file once, as the fit does', () => {
    const once = samples(120, 1.5)
    const often = once.flatMap((one, i) => (i < 20 ? Array.from({ length: 20 }, () => one) : [one]))
    const [a, b] = [crossValidate(once)!, crossValidate(often)!]
    expect(b.n).toBe(120 + 20 * 19)
    expect(b.groups).toBe(120)
    expect(b.ece!.value).toBeCloseTo(a.ece!.value, 1)
    expect(b.debiased!).toBeCloseTo(a.debiased!, 1)
    expect(Math.abs(b.byChance!.median - a.byChance!.median)).toBeLessThan(0.02)
  })

  it('is bad where every group has a level of its own, which a fit on others cannot know', () => {
    const groups = samples(120, 0).map((s, i) => ({ ...s, group: `${i % 12}`, score: i % 12 < 6 ? 0.9 : 0.1, manipulated: i % 12 < 3 || i % 12 > 8 })) // prettier-ignore
    expect(crossValidate(groups)?.ece?.value ?? 1).toBeGreaterThan(0.1)
  })

  it('says how large an error chance alone makes: larger with fewer files', () => {
    const [few, many] = [crossValidate(samples(60, 1.5))!, crossValidate(samples(1200, 1.5))!]
    expect(few.byChance!.median).toBeGreaterThan(2 * many.byChance!.median)
    expect(many.byChance!.most).toBeGreaterThan(many.byChance!.median)
  })

  it('says nothing where too few groups are left to fit on', () => {
    expect(crossValidate(samples(10, 2))).toBeNull()
  })
})
