import { expect, test } from 'vitest'
import { world } from './world.ts'

test('countries are found by their code, the small ones too', () => {
  const codes = new Set(world().map(({ code }) => code))
  for (const code of ['IR', 'IL', 'AE', 'GB', 'CA', 'US', 'PS', 'YE', 'BH', 'QA', 'SG', 'MT', 'LB'])
    expect(codes, code).toContain(code)
})
test('east lies right of west, north above south', () => {
  const at = (wanted: string) => world().find(({ code }) => code === wanted)!.at
  expect(at('IR')[0]).toBeGreaterThan(at('GB')[0])
  expect(at('NO')[1]).toBeLessThan(at('ZA')[1])
})
