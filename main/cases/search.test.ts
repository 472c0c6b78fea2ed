// oxlint-disable-next-line import/default -- its types say `export =`
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addItem, emptyLibrary, putFindings, signalOutput, type TestLibrary } from '../../test/fixtures/sample-case.ts'
import { createCase, createEntity, relate, unrelate, updateEntity } from './cases.ts'
import { CaseFields, EntityInput, RelationInput, type EntityKind } from '../contract/cases.ts'
import { SearchQuery } from '../contract/search.ts'
import { judge } from '../findings/judge.ts'
import { migrations } from '../store/database.ts'
import { describeEvidence } from '../store/evidence.ts'
import { openLibrary } from '../store/library.ts'
import { find, matchOf } from '../store/search/find.ts'
import { rebuildIndex } from '../store/search/rebuild.ts'
import { removeView, savedViews, saveView } from '../store/search/views.ts'

let test: TestLibrary
beforeEach(() => void (test = emptyLibrary()))
afterEach(() => test.remove())

const entity = (name: string, attributes: object = {}, kind: EntityKind = 'actor') =>
  createEntity(test.lib, EntityInput.parse({ kind, name, attributes }), null, 'analyst')
const search = (text: string, more: object = {}) => find(test.lib, SearchQuery.parse({ text, ...more }))
const titles = (text: string, more: object = {}) => search(text, more).hits.map(({ title }) => title.text)

describe('searching', () => {
  it('finds a name in any spelling of it', () => {
    entity('آیت‌الله خامنه‌ای', {}, 'identity')
    entity('قناة الأخبار', {}, 'channel')
    entity('Élysée', {}, 'identity')
    entity('新华社', {}, 'identity')
    for (const spelling of ['آيت الله', 'ایت‌الله', 'خامنه اي', 'آیتالله'])
      expect(titles(spelling), spelling).toEqual(['آیت‌الله خامنه‌ای'])
    for (const spelling of ['قناه', 'اخبار', 'الاخبار', 'قَنَاة الأَخْبَار', 'أخبا'])
      expect(titles(spelling), spelling).toEqual(['قناة الأخبار'])
    expect(titles('elysee')).toEqual(['Élysée'])
    expect(titles('ELYS')).toEqual(['Élysée'])
    expect(titles('华社')).toEqual(['新华社'])
    expect(titles('社华')).toEqual([])
  })

  it('finds by an alias, which counts as a name, and marks what it found', () => {
    entity('Cotton Sandstorm', { aliases: ['NEPTUNIUM (former)', 'خامنئي'], description: 'a group' })
    entity('Other', { description: 'said to be NEPTUNIUM' })
    const { hits } = search('neptunium')
    expect(hits.map(({ title }) => title.text)).toEqual(['Cotton Sandstorm', 'Other'])
    const { text, marks } = hits[1]!.snippet!
    expect(marks.map(([from, to]) => text.slice(from, to))).toEqual(['NEPTUNIUM'])
    expect(titles('خامنه ئي')).toEqual([])
    expect(titles('خامنئی')).toEqual(['Cotton Sandstorm'])
  })

  it('asks for every word, finds beginnings of words, and puts names before texts', () => {
    entity('Stream', { description: 'a hijacking of something' })
    entity('Stream hijacking')
    entity('Hijacking of a stream in December')
    expect(titles('stream hijack')).toHaveLength(3)
    expect(titles('stream hijack').at(-1)).toBe('Stream')
    expect(titles('stream nowhere')).toEqual([])
    expect(titles('ream')).toEqual([])
    expect(titles('  ')).toEqual([])
  })

  it('finds cases, items, notes of relations, judgements and findings, and says what they are about', () => {
    const item = addItem(test.lib, 'clip-۱۲۳.mp4', { source: 'Telegram channel Zarya' })
    createCase(test.lib, CaseFields.parse({ title: 'Winter', question: 'Who ran the Obelisk streams?' }), 'analyst')
    const a = entity('A')
    const b = entity('B')
    const note = 'said by the Quartz report'
    relate(test.lib, RelationInput.parse({ type: 'cooperates-with', from: a, to: b, note }), null, 'analyst')
    judge(test.lib, { evidenceId: item, caseId: null, statement: 'Dubbed by Onyx', likelihood: null, confidence: null, reasoning: 'lips', findingIds: [], author: 'x' }, 'analyst') // prettier-ignore
    putFindings(test.lib, item, [signalOutput('encoding', { explanation: 'Repeats like Jasper.' })])
    const only = (text: string) => search(text).hits.map(({ kind, title, about }) => [kind, title.text, about?.id])
    expect(only('123')).toEqual([['evidence', 'clip-۱۲۳.mp4', undefined]])
    expect(only('zarya')).toEqual([['evidence', 'clip-۱۲۳.mp4', undefined]])
    expect(only('obelisk')).toEqual([['case', 'Winter', undefined]])
    expect(only('quartz')).toEqual([['relation', 'A', a.id]])
    expect(only('onyx')).toEqual([['judgement', 'Dubbed by Onyx', item]])
    expect(only('jasper')).toEqual([['finding', 'encoding', item]])
    expect(titles('a', { kinds: ['actor'] })).toEqual(['A'])
    describeEvidence(test.lib, [item], { source: 'Elsewhere' })
    expect(only('zarya')).toEqual([])
    expect(only('elsewhere')).toHaveLength(1)
  })

  it('follows every change: renamed, withdrawn, replaced, rolled back', () => {
    const a = entity('Alpha')
    const b = entity('Beta')
    const changed = updateEntity(test.lib, a.id, a.revision, { name: 'Gamma' }, 'analyst')
    expect(titles('alpha')).toEqual([])
    expect(titles('gamma')).toEqual(['Gamma'])
    const note = 'by Quartz'
    const link = relate(
      test.lib,
      RelationInput.parse({ type: 'cooperates-with', from: a, to: b, note }),
      null,
      'analyst',
    )
    unrelate(test.lib, link.id, 'analyst')
    expect(titles('quartz')).toEqual([])
    expect(() =>
      test.lib.change('analyst', () => {
        updateEntity(test.lib, a.id, changed.revision, { name: 'Delta' }, 'analyst')
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(titles('delta')).toEqual([])
    expect(titles('gamma')).toEqual(['Gamma'])
  })

  it('finds whatever has a name by the first letters of its words, and takes any text as a question', () => {
    const name = fc.stringMatching(/^[\p{L}\p{N} ]{1,20}$/u).filter((text) => matchOf(text) !== '')
    fc.assert(
      fc.property(name, (text) => {
        const made = entity(text.trim() || 'x')
        expect(search(text, { limit: 200 }).hits.map(({ id }) => id)).toContain(made.id)
      }),
      { numRuns: 40 },
    )
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(() => search(text)).not.toThrow()
      }),
    )
    for (const hostile of ['" OR 1', 'name:x', 'a*', 'NEAR(a b)', '(', 'a AND', '-a', '^a', "'; DROP TABLE entity; --"])
      expect(() => search(hostile), hostile).not.toThrow()
  })

  it('is made anew after damage, and a library with a damaged index still opens', () => {
    entity('Kept')
    test.lib.db.unsafeMode(true)
    test.lib.db.exec("UPDATE search_names_data SET block = x'ffffffffffffffff' WHERE id > 10")
    expect(() => search('kept')).toThrow(expect.objectContaining({ code: 'search.damaged' }) as Error)
    test.lib.close()
    const lib = openLibrary(test.lib.folder)
    expect(rebuildIndex(lib)).toBe(1)
    expect(find(lib, SearchQuery.parse({ text: 'kept' })).hits).toHaveLength(1)
    lib.close()
    test = { ...test, lib: openLibrary(test.lib.folder), remove: () => {} }
  })

  it('a library of before is indexed when it is opened', () => {
    const { folder } = test.lib
    test.lib.close()
    rmSync(join(folder, 'library.db'))
    const db = new Database(join(folder, 'library.db'))
    db.exec(migrations()[0]!.sql)
    db.exec(`PRAGMA application_id = ${0x41534159}; PRAGMA user_version = 1`)
    const at = '2024-02-09T12:00:00.000Z'
    const attributes = JSON.stringify({ aliases: ['Earlier name (vendor)'], description: 'keeps a Lantern' })
    db.prepare('INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?)').run(
      randomUUID(), 'actor', 'Before', attributes, '{}', 'AMBER', at, at,
    ) // prettier-ignore
    db.close()
    const lib = openLibrary(folder)
    for (const text of ['before', 'earlier', 'lantern'])
      expect(find(lib, SearchQuery.parse({ text })).hits.map(({ title }) => title.text)).toEqual(['Before'])
    test = { ...test, lib, remove: () => (lib.close(), rmSync(folder, { recursive: true })) }
  })
})

it('a view is saved under its name once, and removed', () => {
  const first = saveView(test.lib, { name: 'Iran', screen: 'search', query: { text: 'iran' }, caseId: null }, 'analyst')
  const second = saveView(test.lib, { name: 'Iran', screen: 'search', query: { text: 'IRI' }, caseId: null }, 'analyst')
  expect(second).toMatchObject({ id: first.id, revision: 2 })
  expect(savedViews(test.lib, 'search')).toEqual([second])
  expect(savedViews(test.lib, 'graph')).toEqual([])
  removeView(test.lib, first.id, 'analyst')
  expect(savedViews(test.lib)).toEqual([])
  expect(() => removeView(test.lib, first.id, 'analyst')).toThrow(
    expect.objectContaining({ code: 'record.not-found' }) as Error,
  )
})
