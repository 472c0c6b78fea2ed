import { afterEach, beforeEach, expect, it } from 'vitest'
import { addItem, emptyLibrary, type TestLibrary } from '../../test/fixtures/sample-case.ts'
import { EntityInput } from '../contract/cases.ts'
import { createEntity, updateEntity } from './cases.ts'
import { pick } from './pick.ts'

let test: TestLibrary
beforeEach(() => void (test = emptyLibrary()))
afterEach(() => test.remove())

const make = (kind: EntityInput['kind'], name: string, attributes: object = {}) =>
  createEntity(test.lib, EntityInput.parse({ kind, name, attributes }), null, 'analyst')
const names = (text: string, kinds: Parameters<typeof pick>[1]['kinds'], chosen: string | null = null) =>
  pick(test.lib, { text, kinds, chosen, limit: 3 }).map(({ name }) => name)

it('offers what has the words in any script, of the kinds that fit, and what is chosen already', () => {
  const chosen = make('identity', 'Somebody else')
  make('identity', 'علی خامنه‌ای')
  make('actor', 'Ali')
  make('actor', 'Sandstorm', { aliases: [{ name: 'NEPTUNIUM', usedBy: 'Microsoft' }] })
  expect(names('علي', ['identity'])).toEqual(['علی خامنه‌ای'])
  expect(names('neptun', ['actor'])).toEqual(['Sandstorm'])
  expect(names('ali', ['identity'], chosen.id)).toEqual(['Somebody else'])
})

it('begins with what was changed last, and tells two of one name apart', () => {
  const first = make('account', 'Example', { platform: 'Instagram', handle: 'example_one' })
  make('account', 'Example', { platform: 'Telegram', handle: 'example_two' })
  updateEntity(test.lib, first.id, first.revision, { name: 'Example' }, 'analyst')
  const found = pick(test.lib, { text: '', kinds: ['account'], chosen: null, limit: 2 })
  expect(found.map(({ detail }) => detail).sort()).toEqual(['Instagram · example_one', 'Telegram · example_two'])
})

it('offers videos beside records, and the grade of a source', () => {
  const item = addItem(test.lib, 'clip.mp4')
  make('source', 'A newspaper', { reliability: 'C' })
  const found = pick(test.lib, { text: '', kinds: ['evidence', 'source'], chosen: null, limit: 9 })
  expect(found.map(({ id, kind, reliability }) => [kind === 'evidence' ? id : kind, reliability])).toEqual([
    [item, null],
    ['source', 'C'],
  ])
})
