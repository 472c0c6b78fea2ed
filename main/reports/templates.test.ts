import { afterEach, beforeEach, expect, test } from 'vitest'
import { emptyLibrary, type TestLibrary } from '../../test/fixtures/sample-case.ts'
import { ReportTemplate } from '../contract/reports.ts'
import { listTemplates, removeTemplate, renameTemplate, saveTemplate } from './templates.ts'

let library: TestLibrary
beforeEach(() => {
  library = emptyLibrary()
})
afterEach(() => library.remove())

const fields = (name: string, extra: object = {}) => {
  const { id: _id, ...rest } = ReportTemplate.parse({ id: null, name, ...extra })
  return rest
}
const names = (): string[] => listTemplates(library.lib).map((template) => template.name)

test('a template is kept by its name, changed, renamed and deleted', () => {
  const { lib } = library
  const redaction = { analysts: true, faces: 'cover', names: [{ texts: ['Jane Roe'], reason: 'a minor' }] }
  const saved = saveTemplate(
    lib,
    fields('Desk B', { order: ['method', 'summary'], omit: ['custody'], language: 'fr', redaction }),
    'analyst',
  )
  expect(names()).toEqual(['public', 'partner', 'court', 'Desk B'])
  expect(listTemplates(lib).at(-1)).toEqual(saved)
  expect(saved).toMatchObject({
    order: ['method', 'summary'],
    omit: ['custody'],
    language: 'fr',
    redaction: { faces: 'cover' },
  })

  const again = saveTemplate(lib, fields('Desk B', { tlp: 'GREEN' }), 'analyst')
  expect(again.id).toBe(saved.id)
  expect(listTemplates(lib).at(-1)).toMatchObject({ tlp: 'GREEN', omit: [] })

  const renamed = renameTemplate(lib, saved.id!, 'Desk C', 'analyst')
  expect(names()).toEqual(['public', 'partner', 'court', 'Desk C'])
  removeTemplate(lib, renamed.id!, 'analyst')
  expect(names()).toEqual(['public', 'partner', 'court'])
})

test('those that come with the program cannot be replaced, and no name is taken twice', () => {
  const { lib } = library
  expect(() => saveTemplate(lib, fields('court'), 'analyst')).toThrow(
    expect.objectContaining({ code: 'request.invalid' }),
  )
  const one = saveTemplate(lib, fields('One'), 'analyst')
  saveTemplate(lib, fields('Two'), 'analyst')
  expect(() => renameTemplate(lib, one.id!, 'Two', 'analyst')).toThrow(
    expect.objectContaining({ code: 'request.invalid', detail: expect.stringContaining('Two') }),
  )
  expect(() => removeTemplate(lib, crypto.randomUUID(), 'analyst')).toThrow(
    expect.objectContaining({ code: 'report.no-template' }),
  )
})
