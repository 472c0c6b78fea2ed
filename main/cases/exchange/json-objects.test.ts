import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bundleParts, countOf, LIMITS, objectAt, type BundleLimits } from './json-objects.ts'

const read = (text: string | Uint8Array, path = ['objects'], limits: Partial<BundleLimits> = {}) => {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const parts = bundleParts(bytes, path, { ...LIMITS, ...limits })
  return {
    envelope: parts.envelope,
    objects: Array.from({ length: countOf(parts) }, (_, n) => objectAt(bytes, parts, n)),
  }
}
const code = (text: string | Uint8Array, limits: Partial<BundleLimits> = {}, path?: string[]): string | undefined => {
  try {
    read(text, path, limits)
  } catch (error) {
    return (error as { code?: string }).code
  }
  return undefined
}

describe('reading a bundle object by object', () => {
  it('gives what JSON.parse gives, however it is written', () => {
    const object = fc.dictionary(
      fc.string().filter((name) => !['__proto__', 'constructor', 'prototype'].includes(name)),
      fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value).replaceAll('__proto__', 'p')) as unknown), // prettier-ignore
    )
    const bundle = fc.record({
      before: fc.jsonValue(),
      objects: fc.array(object, { maxLength: 6 }),
      after: fc.string(),
    })
    fc.assert(
      fc.property(bundle, fc.constantFrom(0, 1, 4), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        const { objects, envelope } = read(text)
        const whole = JSON.parse(text) as typeof value
        expect(objects).toEqual(whole.objects)
        expect(envelope['after']).toBe(whole.after)
      }),
    )
  })

  it('finds the list by its whole path only', () => {
    const nested = '{"x": {"objects": [{"a": 1}]}, "objects": [{"b": "objects"}, {"c": [{"objects": []}]}]}'
    expect(read(nested).objects).toEqual([{ b: 'objects' }, { c: [{ objects: [] }] }])
    expect(read('{"Event": {"Attribute": [{"a": 1}]}, "Attribute": []}', ['Event', 'Attribute']).objects).toEqual([
      { a: 1 },
    ])
    expect(read('[{"a": 1}, {"b": 2}]', []).objects).toEqual([{ a: 1 }, { b: 2 }])
  })

  it('never throws anything but its own refusal, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: fc.constantFrom(...'{}[]",:\\ 1aobjects') }), fc.json()), (text) => {
        const found = code(`{"objects": [${text}]}`)
        expect([undefined, 'exchange.unreadable', 'exchange.limit']).toContain(found)
        if (found === undefined) expect(() => JSON.parse(`{"objects": [${text}]}`) as unknown).not.toThrow()
      }),
      { numRuns: 500 },
    )
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void expect(code(bytes)).toMatch(/^exchange\./)))
  })

  it.each([
    ['nesting bombs', `{"objects": [${'{"a":['.repeat(20_000)}`, 'exchange.limit'],
    ['a nesting bomb outside the list', `{"x": ${'['.repeat(100)}${']'.repeat(100)}, "objects": []}`, 'exchange.limit'],
    ['the list twice', '{"objects": [], "objects": []}', 'exchange.unreadable'],
    ['no list', '{"type": "bundle"}', 'exchange.unreadable'],
    ['a number among the objects', '{"objects": [{}, 1]}', 'exchange.unreadable'],
    ['a list among the objects', '{"objects": [{}, []]}', 'exchange.unreadable'],
    ['a missing comma', '{"objects": [{} {}]}', 'exchange.unreadable'],
    ['a trailing comma', '{"objects": [{},]}', 'exchange.unreadable'],
    ['half a file', '{"objects": [{"a": "b', 'exchange.unreadable'],
    ['something after the end', '{"objects": []} }', 'exchange.unreadable'],
  ])('refuses %s', (_, text, expected) => expect(code(text)).toBe(expected))

  it('refuses text that is not UTF-8, too many objects, and objects or files that are too long', () => {
    expect(code(Buffer.concat([Buffer.from('{"objects": [{"a": "'), Buffer.from([0xff]), Buffer.from('"}]}')]))).toBe(
      'exchange.unreadable',
    )
    expect(code('{"objects": [{}, {}, {}]}', { objects: 2 })).toBe('exchange.limit')
    expect(code('{"objects": [{"a": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]}', { objectBytes: 30 })).toBe(
      'exchange.limit',
    )
    expect(code('{"objects": []}', { bytes: 10 })).toBe('exchange.limit')
  })

  it('drops names that reach a prototype', () => {
    const [object] = read('{"objects": [{"__proto__": {"polluted": 1}, "a": [{"constructor": 1, "b": 2}]}]}').objects
    expect(Object.keys(object!)).toEqual(['a'])
    expect(object).toEqual({ a: [{ b: 2 }] })
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })
})
