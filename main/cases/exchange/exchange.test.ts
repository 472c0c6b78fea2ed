import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addItem, emptyLibrary, type TestLibrary } from '../../../test/fixtures/sample-case.ts'
import { DATA, stixValidator } from '../../../test/fixtures/stix-schemas.ts'
import { EntityInput, RelationInput } from '../../contract/cases.ts'
import { evidenceById } from '../../store/evidence.ts'
import { createEntity, getCase, listCases, listEntities, relate, updateEntity } from '../cases.ts'
import { makeSample } from '../sample/sample.ts'
import { undo } from '../undo.ts'
import { exportContents } from './contents.ts'
import { disarmed, readTable, rearmed, writeTable } from './csv/table.ts'
import { exportRecords, importFile, previewImport, type ImportOptions } from './exchange.ts'
import { exported } from './scope.ts'
import { writeBundle } from './stix/export.ts'

let test: TestLibrary
beforeEach(() => void (test = emptyLibrary()))
afterEach(() => test.remove())

const file = (content: unknown, name = 'given.json') => ({
  name,
  bytes: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
})
const preview = (given: ReturnType<typeof file>, mapping: ImportOptions['mapping'] = null) =>
  previewImport(test.lib, given, mapping)
const take = (given: ReturnType<typeof file>, options: Partial<ImportOptions> = {}) =>
  importFile(
    test.lib,
    given,
    {
      mapping: null,
      caseId: null,
      onConflict: 'ours',
      sha256: createHash('sha256').update(given.bytes).digest('hex'),
      ...options,
    },
    'analyst',
  )
const all = () => listEntities(test.lib, { text: '' })
const names = (kind: EntityInput['kind']) => listEntities(test.lib, { kind, text: '' }).map(({ name }) => name)
const whole = (lib = test.lib) => writeBundle(exported(lib, [])).toString()

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const stix = (type: string, n: number, more: object = {}) => ({
  type,
  spec_version: '2.1',
  id: `${type}--${uuid(n)}`,
  created: '2024-02-09T12:00:00.000Z',
  modified: '2024-02-09T12:00:00.000Z',
  ...more,
})
const bundleOf = (...objects: object[]) => file({ type: 'bundle', id: `bundle--${uuid(0)}`, objects })
const codes = async (given: ReturnType<typeof file>) => (await preview(given)).troubles.map(({ code }) => code)

describe('a bundle of somebody else', () => {
  const foreign = bundleOf(
    stix('threat-actor', 1, { name: 'Bear', aliases: ['Ursa'], confidence: 75, x_vendor_score: 5 }),
    stix('campaign', 2, { name: 'Winter', first_seen: '2023-12-01T00:00:00Z', object_marking_refs: ['marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed'] }),
    stix('relationship', 3, { relationship_type: 'attributed-to', source_ref: `campaign--${uuid(2)}`, target_ref: `threat-actor--${uuid(1)}` }),
    stix('relationship', 4, { relationship_type: 'exploits', source_ref: `threat-actor--${uuid(1)}`, target_ref: `campaign--${uuid(2)}` }),
    stix('indicator', 5, { pattern: '[url:value = 1]', pattern_type: 'stix', valid_from: '2024-01-01T00:00:00Z' }),
    stix('attack-pattern', 6, { name: 'Deny Involvement', external_references: [{ source_name: 'mitre-attack', external_id: 'T0129.006' }], kill_chain_phases: [{ kill_chain_name: 'mitre-attack', phase_name: 'x' }] }),
    stix('attack-pattern', 7, { name: 'Phishing', external_references: [{ source_name: 'mitre-attack', external_id: 'T1566' }], kill_chain_phases: [{ kill_chain_name: 'mitre-attack', phase_name: 'initial-access' }] }),
  ) // prettier-ignore

  it('is shown before anything is written, with what is not read and what is kept', async () => {
    const seen = await preview(foreign)
    expect(all()).toEqual([])
    expect(seen.counts).toEqual(
      expect.arrayContaining([
        { kind: 'actor', added: 1, same: 0, differs: 0 },
        { kind: 'relation', added: 2, same: 0, differs: 0 },
        { kind: 'technique', added: 2, same: 0, differs: 0 },
      ]),
    )
    expect(seen.kept).toBe(1)
    expect(seen.troubles.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        'threat-actor.x_vendor_score: not read',
        'exploits between actor and operation: read as “is related to”',
        'indicator: no record here is of this type; kept as it came',
      ]),
    )
  })

  it('comes in sourced to the file, marked as its author marked it, and again changes nothing', async () => {
    take(foreign)
    const [actor] = listEntities(test.lib, { kind: 'actor', text: '' })
    const [source] = listEntities(test.lib, { kind: 'source', text: '' })
    expect(actor!.sourcing).toMatchObject({ sourceId: source!.id, credibility: '2', reliability: 'F' })
    expect(source!.attributes['archiveSha256']).toBe(createHash('sha256').update(foreign.bytes).digest('hex'))
    const [operation] = listEntities(test.lib, { kind: 'operation', text: '' })
    expect(operation).toMatchObject({ tlp: 'RED', attributes: { start: { value: '2023-12-01', precision: 'day' } } })
    const techniques = listEntities(test.lib, { kind: 'technique', text: '' })
    expect(
      techniques.map(({ name, attributes }) => [name, attributes['framework'], attributes['techniqueId']]),
    ).toEqual([
      ['Deny Involvement', 'DISARM', 'T0129.006'],
      ['Phishing', 'other', 'T1566'],
    ])
    expect(take(foreign).operation).toBeNull()
    expect((await preview(foreign)).counts.every(({ added, differs }) => added + differs === 0)).toBe(true)
    expect(whole()).toContain('[url:value = 1]')
  })

  it('is one step that can be taken back, and does not overwrite what was worked on here', async () => {
    const empty = whole()
    const { operation } = take(foreign)
    undo(test.lib, operation!.id, 'analyst')
    expect(whole()).toBe(empty)
    take(foreign)
    const [actor] = listEntities(test.lib, { kind: 'actor', text: '' })
    updateEntity(test.lib, actor!.id, actor!.revision, { name: 'Bear, as we call it' }, 'analyst')
    const seen = await preview(foreign)
    expect(seen.conflicts).toMatchObject([{ kind: 'actor', id: actor!.id, reason: 'changed' }])
    expect(seen.conflicts[0]!.differences).toEqual([{ field: 'Name', here: 'Bear, as we call it', there: 'Bear' }])
    take(foreign)
    expect(names('actor')).toEqual(['Bear, as we call it'])
    take(foreign, { onConflict: 'theirs' })
    expect(names('actor')).toEqual(['Bear'])
  })

  it('says what looks like a record that is here, and makes nothing one', async () => {
    createEntity(test.lib, EntityInput.parse({ kind: 'actor', name: 'URSA' }), null, 'analyst')
    const { duplicates } = await preview(foreign)
    expect(duplicates).toMatchObject([{ kind: 'actor', name: 'Bear', of: { name: 'URSA' }, reason: 'same name' }])
    take(foreign)
    expect(names('actor')).toEqual(['Bear', 'URSA'])
  })

  it('is refused where it is not the file that was looked at, or there is no such case', () => {
    expect(() => take(foreign, { caseId: uuid(9) })).toThrow(expect.objectContaining({ code: 'record.not-found' }) as Error) // prettier-ignore
    expect(() => take(foreign, { sha256: 'f'.repeat(64) })).toThrow(expect.objectContaining({ code: 'exchange.changed' }) as Error) // prettier-ignore
  })
})

describe('DISARM’s own bundle', () => {
  const path = join(DATA, 'vectors', 'disarm', 'DISARM.json')
  it.skipIf(!existsSync(path))('comes in as techniques with their tactics and parents', async () => {
    const given = { name: 'DISARM.json', bytes: readFileSync(path) }
    const seen = await preview(given)
    expect(seen.counts).toContainEqual({ kind: 'technique', added: 391, same: 0, differs: 0 })
    take(given)
    const techniques = listEntities(test.lib, { kind: 'technique', text: '' })
    expect(techniques.every(({ attributes }) => attributes['framework'] === 'DISARM')).toBe(true)
    const text = whole()
    expect(text).not.toContain('"kill_chain_name":"mitre-attack"')
    expect(text).toContain('"kill_chain_name":"disarm"')
    const validate = stixValidator()
    expect(validate!(JSON.parse(text) as never)).toEqual([])
  })
})

describe('a hostile bundle', () => {
  const own = (record: object) => ({
    'extension-definition--c4a8a4b5-9a53-4f6d-8a0f-0c3a7f2a5d11': { extension_type: 'property-extension', record },
  })
  const head = {
    tlp: 'CLEAR',
    revision: 1,
    createdAt: '2024-02-09T12:00:00.000Z',
    updatedAt: '2024-02-09T12:00:00.000Z',
  }

  it('with the same id twice gives the newer version', async () => {
    const given = bundleOf(
      stix('campaign', 1, { name: 'Old' }),
      stix('campaign', 1, { name: 'New', modified: '2024-03-01T00:00:00.000Z' }),
    )
    expect(await codes(given)).toContain('duplicate')
    take(given)
    expect(names('operation')).toEqual(['New'])
  })

  it('with merges in a circle, sources that are none and relations to nowhere leaves a library that works', async () => {
    const record = (n: number, into: number | null, more: object = {}) =>
      stix('campaign', n, {
        name: `C${n}`,
        extensions: own({ ...head, id: uuid(n), kind: 'operation', name: `C${n}`, ...(into ? { mergedInto: uuid(into), mergedAt: head.createdAt } : {}), ...more }),
      }) // prettier-ignore
    const given = bundleOf(
      record(1, 2),
      record(2, 1),
      record(3, 99),
      record(4, null, { sourcing: { sourceId: uuid(1) } }),
      stix('relationship', 5, { relationship_type: 'part-of', source_ref: `campaign--${uuid(1)}`, target_ref: `campaign--${uuid(77)}` }),
      stix('relationship', 6, { relationship_type: 'part-of', source_ref: `campaign--${uuid(4)}`, target_ref: `campaign--${uuid(4)}` }),
    ) // prettier-ignore
    expect(new Set(await codes(given))).toEqual(new Set(['merge', 'source', 'dangling', 'loop']))
    take(given)
    expect(names('operation')).toEqual(['C1', 'C2', 'C3', 'C4'])
    expect(() => whole()).not.toThrow()
  })

  it('cannot take a value away from another record, or change what it is of', () => {
    const victim = createEntity(test.lib, EntityInput.parse({ kind: 'actor', name: 'Victim', attributes: { country: 'IR' } }), null, 'analyst') // prettier-ignore
    const { id } = test.lib.db.prepare('SELECT id FROM assertion').get() as { id: string }
    const assertion = { id, statedOf: uuid(1), field: 'description', value: 'stolen', createdAt: head.createdAt }
    take(bundleOf(stix('campaign', 1, { extensions: own({ ...head, id: uuid(1), kind: 'operation', name: 'Thief', assertions: [assertion] }) }))) // prettier-ignore
    expect(listEntities(test.lib, { kind: 'actor', text: '' })).toEqual([victim])
  })

  it('with strings that mean something elsewhere keeps them as strings', () => {
    const hostile = ['__proto__', 'constructor', '=1+1', '<script>', "'; DROP TABLE entity; --", '\u202egnp.exe', '\u0000', '💥'.repeat(50)] // prettier-ignore
    take(bundleOf(...hostile.map((name, n) => stix('campaign', n + 1, { name, description: name }))))
    expect(new Set(names('operation'))).toEqual(new Set(hostile))
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('whatever its objects are, is read or refused, never a defect', () => {
    const value = fc.jsonValue({ maxDepth: 3 })
    const object = fc.record(
      {
        type: fc.constantFrom('campaign', 'report', 'relationship', 'file', 'user-account', 'grouping', 'note', 'identity', 'x-new'), // prettier-ignore
        n: fc.nat(3),
        name: value,
        description: value,
        aliases: value,
        created: value,
        modified: value,
        confidence: value,
        object_marking_refs: value,
        external_references: fc.array(
          fc.dictionary(fc.constantFrom('url', 'external_id', 'source_name', 'hashes'), value),
        ),
        hashes: fc.dictionary(fc.constantFrom('SHA-256', 'MD5'), value),
        source_ref: fc.constantFrom(`campaign--${uuid(0)}`, `identity--${uuid(1)}`, 'x'),
        target_ref: fc.constantFrom(`campaign--${uuid(0)}`, `identity--${uuid(1)}`, 'x'),
        relationship_type: value,
        extensions: fc.dictionary(fc.constant('extension-definition--c4a8a4b5-9a53-4f6d-8a0f-0c3a7f2a5d11'), fc.dictionary(fc.constantFrom('record', 'relation', 'dossier', 'judgement', 'media'), fc.dictionary(fc.constantFrom('id', 'kind', 'evidence', 'tasks', 'from', 'sourcing', 'assertions', 'file'), value))), // prettier-ignore
      },
      { requiredKeys: ['type', 'n'] },
    )
    fc.assert(
      fc.property(fc.array(object, { maxLength: 5 }), (objects) => {
        const given = bundleOf(...objects.map(({ n, type, ...rest }) => ({ ...rest, type, id: `${type}--${uuid(n)}` })))
        const { operation } = take(given)
        if (operation) undo(test.lib, operation.id, 'analyst')
        expect(all()).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

describe('what would go out', () => {
  it('is counted by kind, with the mark that the file will carry', () => {
    const caseId = makeSample(test.lib, 'analyst')
    const ofCase = exportContents(test.lib, [caseId])
    createEntity(test.lib, EntityInput.parse({ kind: 'actor', name: 'Elsewhere', tlp: 'RED' }), null, 'analyst')
    const ofLibrary = exportContents(test.lib, [])
    const actors = (found: typeof ofCase) => found.counts.find(({ kind }) => kind === 'actor')?.count
    expect([ofCase.tlp, ofLibrary.tlp, actors(ofLibrary)]).toEqual(['CLEAR', 'RED', actors(ofCase)! + 1])
    expect(ofCase.counts).toContainEqual({ kind: 'case', count: 1 })
    expect(ofCase.counts.find(({ kind }) => kind === 'relation')!.count).toBeGreaterThan(20)
  })
})

describe('media', () => {
  it('are named by their hash, found again where they are, and kept where they are not', () => {
    const item = addItem(test.lib, 'clip.mp4')
    const { sha256, size } = evidenceById(test.lib, item)
    const actor = createEntity(test.lib, EntityInput.parse({ kind: 'incident', name: 'Shown' }), null, 'analyst')
    relate(test.lib, RelationInput.parse({ type: 'part-of', from: { kind: 'evidence', id: item }, to: actor }), null, 'analyst') // prettier-ignore
    const bytes = whole()
    const other = emptyLibrary()
    try {
      const given = file(bytes)
      importFile(other.lib, given, { mapping: null, caseId: null, onConflict: 'ours', sha256: createHash('sha256').update(given.bytes).digest('hex') }, 'analyst') // prettier-ignore
      expect(whole(other.lib)).toBe(bytes)
      expect(bytes).toContain(sha256)
      expect(bytes).toContain(`"size":${size}`)
      expect(bytes).not.toContain('/media/usb')
    } finally {
      other.remove()
    }
  })
})

describe('a MISP event', () => {
  it('carries a case with its names, techniques and marks, and comes back as a case', async () => {
    const caseId = makeSample(test.lib, 'analyst')
    const made = await exportRecords(test.lib, { format: 'misp', caseIds: [caseId], tlp: null }, 'analyst')
    const { Event } = JSON.parse(readFileSync(join(test.lib.paths.exports, made.file), 'utf8')) as { Event: { Tag: { name: string }[]; Attribute: { type: string; value: string }[] } } // prettier-ignore
    expect(Event.Tag.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['tlp:clear', 'misp-galaxy:disarm-techniques="Deny Involvement"']),
    )
    expect(Event.Attribute).toContainEqual(expect.objectContaining({ type: 'threat-actor', value: 'Cotton Sandstorm' }))
    const other = emptyLibrary()
    const before = test
    test = other
    const given = file({ Event })
    expect((await preview(given)).format).toBe('misp')
    take(given)
    expect(listCases(test.lib)).toMatchObject([{ tlp: 'CLEAR', id: caseId }])
    expect(names('technique')).toContain('Deny Involvement')
    expect(names('identity')).toContain('Hamas')
    expect(getCase(test.lib, caseId).entities.length).toBeGreaterThan(40)
    before.remove()
  })

  it('of others is taken in as far as it goes, and what is left out is told', async () => {
    const given = file({
      response: [
        {
          Event: {
            uuid: uuid(1), info: 'Fake newscasts', date: '2023-12-10', Tag: [{ name: 'tlp:red' }, { name: 'misp-galaxy:disarm-techniques="TV"' }],
            Attribute: [
              { uuid: uuid(2), type: 'threat-actor', value: 'Bear', timestamp: '1702200000' },
              { uuid: uuid(3), type: 'url', value: 'https://example.org/', Tag: [{ name: 'tlp:white' }] },
              { uuid: uuid(4), type: 'ip-dst', value: '192.0.2.1' },
            ],
            Object: [{ name: 'x' }],
          },
        },
      ],
    }) // prettier-ignore
    expect(await codes(given)).toEqual(expect.arrayContaining(['attribute', 'object']))
    take(given)
    expect(listEntities(test.lib, { kind: 'channel', text: '' })).toMatchObject([{ tlp: 'CLEAR', attributes: { url: 'https://example.org/' } }]) // prettier-ignore
    expect(listEntities(test.lib, { kind: 'actor', text: '' })).toMatchObject([{ name: 'Bear', tlp: 'RED' }])
  })
})

describe('tables', () => {
  it('come back as they were written, whatever is in the cells, and no spreadsheet executes one', () => {
    const cell = fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[='"+\-@,;\t\r\n a]{0,6}$/))
    const table = fc
      .integer({ min: 2, max: 5 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 }),
      )
    fc.assert(
      fc.property(table, (rows) => {
        const headings = rows[0]!.map((_, n) => `h${n}`)
        const bytes = writeTable({ headings, rows })
        expect(readTable(bytes)).toEqual({ headings, rows: rows.filter((row) => row.some((one) => one !== '')) })
      }),
      { numRuns: 300 },
    )
    fc.assert(
      fc.property(cell, (text) => {
        expect(rearmed(disarmed(text))).toBe(text)
        expect(disarmed(text)).not.toMatch(/^[=+\-@\t\r]/)
      }),
    )
  })

  it('of designations are read by their headings, with the subject linked, and again change nothing', async () => {
    const given = file(
      'Name;Program;Date Listed;Delisted on;Remark\r\n"Hamas";Foreign Terrorist Organization;October 8, 1997;;x\r\n' +
        'Ansarallah;Foreign Terrorist Organization;19 Jan 2021;2021-02-16;\r\nNobody;List;3/4/2024;;\r\n',
      'fto.csv',
    )
    const seen = await preview(given)
    expect(seen.table!.mapping).toEqual({
      kind: 'designation',
      columns: [
        { column: 'Name', field: 'subject' },
        { column: 'Program', field: 'list' },
        { column: 'Date Listed', field: 'validFrom' },
        { column: 'Delisted on', field: 'validUntil' },
        { column: 'Remark', field: null },
      ],
    })
    expect(seen.troubles).toContainEqual(expect.objectContaining({ code: 'value', count: 1, example: '3/4/2024' }))
    take(given)
    expect(names('designation')).toEqual([
      'Foreign Terrorist Organization: Ansarallah',
      'Foreign Terrorist Organization: Hamas',
      'List: Nobody',
    ])
    const hamas = listEntities(test.lib, { kind: 'designation', text: 'Hamas' })[0]!
    expect(hamas.attributes['validFrom']).toMatchObject({ value: '1997-10-08', precision: 'day' })
    expect(names('identity')).toEqual(['Ansarallah', 'Hamas', 'Nobody'])
    expect(take(given).operation).toBeNull()
  })

  it('of all records go out and come in again with ids, marks and values', async () => {
    makeSample(test.lib, 'analyst')
    const made = await exportRecords(test.lib, { format: 'csv', caseIds: [], tlp: null }, 'analyst')
    const given = { name: made.file, bytes: readFileSync(join(test.lib.paths.exports, made.file)) }
    const before = new Map(all().map((one) => [one.id, one]))
    const other = emptyLibrary()
    const first = test
    test = other
    take(given)
    first.remove()
    for (const one of all().filter(({ id }) => before.has(id))) {
      const { name, kind, tlp, attributes } = before.get(one.id)!
      expect(one).toMatchObject({ name, kind, tlp })
      expect(Object.keys(one.attributes).sort()).toEqual(Object.keys(attributes).sort())
    }
    expect(all().filter(({ id }) => before.has(id))).toHaveLength(before.size)
  })
})

it('an export refuses, by name, what its mark may not carry', async () => {
  createEntity(test.lib, EntityInput.parse({ kind: 'actor', name: 'Secret', tlp: 'RED' }), null, 'analyst')
  const write = (tlp: 'GREEN' | 'RED') => exportRecords(test.lib, { format: 'stix', caseIds: [], tlp }, 'analyst')
  await expect(write('GREEN')).rejects.toMatchObject({ code: 'report.handling', detail: expect.stringContaining('Secret') as string }) // prettier-ignore
  expect((await write('RED')).tlp).toBe('RED')
})
