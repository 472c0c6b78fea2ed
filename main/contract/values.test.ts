import { describe, expect, it } from 'vitest'
import { countryCode, countryName, valueSchema, valueText, type FieldType } from './values.ts'

const read = (type: FieldType, text: string) => valueSchema(type, ['a']).parse(text)
const id = '5c1e1c5a-6e0b-4b52-9d2f-7b3a0f6f2c41'

describe('values of fields', () => {
  it.each<[FieldType, string]>([
    ['text', 'a'],
    ['dated', '2024-02-09'],
    ['dated', '2024-02 (approximate, Asia/Tehran)'],
    ['choice', 'a'],
    ['number', '11'],
    ['country', 'IR'],
    ['reference', id],
    ['alias', 'Cotton Sandstorm (Microsoft)'],
    ['alias', 'خامنه‌ای'],
    ['observation', '5000000; 2024-02-08; Meta'],
    ['observation', '11; 2023-10'],
    ['cell', `evidence:${id} II shown before the claim`],
  ])('of type %s are read from “%s” and written the same', (type, text) => {
    expect(valueText(type, read(type, text))).toBe(text)
  })

  it('read follower counts as people write them', () => {
    expect(read('observation', '5,000,000; 2024-02-08; news report')).toEqual({
      value: 5_000_000,
      at: { value: '2024-02-08', precision: 'day', zone: 'UTC' },
      by: 'news report',
    })
    expect(() => read('observation', 'many')).toThrow('number; date; source')
  })

  it('know countries by name and code, and keep what they do not know', () => {
    expect(['Iran', 'ir', 'United States', 'USA', 'UK', 'Israel'].map(countryCode)).toEqual([
      'IR', 'IR', 'US', 'US', 'GB', 'IL',
    ]) // prettier-ignore
    expect(countryCode('Atlantis')).toBeNull()
    expect(read('country', 'Atlantis')).toBe('Atlantis')
    expect(countryName('IR')).toBe('Iran')
    expect(countryName('Atlantis')).toBe('Atlantis')
  })

  it('refuse an address that a page could run', () => {
    expect(() => read('url', 'javascript:alert(1)')).toThrow()
  })
})
