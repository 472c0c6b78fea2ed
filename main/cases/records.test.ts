import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addItem, emptyLibrary, signalOutput, type TestLibrary } from '../../test/fixtures/sample-case.ts'
import { CaseFields, EntityInput, RelationInput, type EntityKind, type RelationType } from '../contract/cases.ts'
import { AssertionInput } from '../contract/records.ts'
import { datedOf } from '../contract/time.ts'
import { judge } from '../findings/judge.ts'
import { entries } from '../store/audit.ts'
import { custodyOf, evidenceById } from '../store/evidence.ts'
import { replaceFindings } from '../store/findings.ts'
import { operations } from '../store/operations.ts'
import { assertValue, dispute, withdraw } from './assert.ts'
import { addEvidence, createCase, createEntity, getCase, listEntities, relate, updateEntity } from './cases.ts'
import { designatedOn } from './designated.ts'
import { recordDetail } from './detail.ts'
import { duplicates, foldAddress } from './duplicates.ts'
import { fileEvidence } from './file.ts'
import { merge, unmerge } from './merge.ts'
import { deleteEntity } from './records.ts'
import { outdated, restingOn } from './resting.ts'
import { undo } from './undo.ts'

let test: TestLibrary
beforeEach(() => void (test = emptyLibrary()))
afterEach(() => test.remove())

const entity = (
  kind: EntityKind,
  name: string,
  attributes: object = {},
  sourcing: object = {},
  caseId: string | null = null,
) => createEntity(test.lib, EntityInput.parse({ kind, name, attributes, sourcing }), caseId, 'analyst')
const link = (
  type: RelationType,
  from: { kind: string; id: string },
  to: { kind: string; id: string },
  extra: object = {},
) => relate(test.lib, RelationInput.parse({ type, from, to, ...extra }), null, 'analyst')
const says = (entityId: string, field: string, value: unknown, extra: object = {}, supersedes: string | null = null) =>
  assertValue(
    test.lib,
    {
      entityId,
      revision: detail(entityId).entity.revision,
      assertion: AssertionInput.parse({ field, value, ...extra }),
      supersedes,
    },
    'analyst',
  )
const detail = (id: string) => recordDetail(test.lib, id)
const standing = (id: string, field: string) => detail(id).fields.find((one) => one.field === field)?.standing ?? []
const failing = (code: string) => expect.objectContaining({ code })
const newCase = (title = 'Case') => createCase(test.lib, CaseFields.parse({ title }), 'analyst')
const lastStep = () => operations(test.lib, { limit: 1 })[0]!

describe('values', () => {
  it('of two sources stand side by side as a conflict; the better graded one is shown', () => {
    const [x, y] = [entity('source', 'X'), entity('source', 'Y')]
    const account = entity('account', '@a', { state: 'active' }, { sourceId: x.id, reliability: 'C', credibility: '3' })
    says(account.id, 'state', 'removed', { sourcing: { sourceId: y.id, reliability: 'B', credibility: '1' } })
    expect(detail(account.id).entity).toMatchObject({ attributes: { state: 'removed' }, conflicts: ['state'] })
    expect(standing(account.id, 'state').map((one) => [one.value, one.sourcing.sourceId])).toEqual([
      ['removed', y.id],
      ['active', x.id],
    ])
    expect(detail(account.id).fields.find((one) => one.field === 'state')?.conflict).toBe(true)
    expect(detail(account.id).names).toMatchObject({ [x.id]: 'X', [y.id]: 'Y' })
  })

  it('that agree are no conflict, and both sources are kept', () => {
    const y = entity('source', 'Y')
    const account = entity('account', '@a', { state: 'removed' })
    says(account.id, 'state', 'removed', { sourcing: { sourceId: y.id } })
    expect(detail(account.id).entity.conflicts).toEqual([])
    expect(standing(account.id, 'state')).toHaveLength(2)
  })

  it('that held at different times are no conflict; the later one is shown', () => {
    const account = entity('account', '@a')
    says(account.id, 'state', 'active', { validUntil: datedOf('2024-02-08') })
    says(account.id, 'state', 'removed', { validFrom: datedOf('2024-02-08') })
    expect(standing(account.id, 'state')).toHaveLength(2)
    expect(detail(account.id).entity).toMatchObject({ attributes: { state: 'removed' }, conflicts: [] })
  })

  it('corrected by who said them give way, with the history', () => {
    const account = entity('account', '@a', { state: 'active' })
    says(account.id, 'state', 'removed')
    const [field] = detail(account.id).fields
    expect(field?.standing.map((one) => one.value)).toEqual(['removed'])
    expect(field?.history).toMatchObject([{ value: 'active', supersededBy: field?.standing[0]?.id }])
  })

  it('that are disputed stand, and are shown last', () => {
    const y = entity('source', 'Y')
    const account = entity('account', '@a', { state: 'active' }, { credibility: '1', reliability: 'A' })
    says(account.id, 'state', 'removed', { sourcing: { sourceId: y.id } })
    const active = standing(account.id, 'state').find((one) => one.value === 'active')!
    dispute(test.lib, { assertionId: active.id }, true, 'an old snapshot', 'analyst')
    expect(detail(account.id).entity.attributes).toEqual({ state: 'removed' })
    expect(standing(account.id, 'state')[1]).toMatchObject({ disputed: true, note: 'an old snapshot' })
    expect(entries(test.lib.db, 1)[0]).toMatchObject({ action: 'assertion.disputed', subject: account.id })
  })

  it('that a form leaves alone keep their source, whoever saves the form', () => {
    const [x, y] = [entity('source', 'X'), entity('source', 'Y')]
    const made = entity('account', '@a', { state: 'active', platform: 'Instagram' }, { sourceId: x.id })
    const fields = {
      attributes: { ...made.attributes, state: 'removed' },
      sourcing: { ...made.sourcing, sourceId: y.id },
    }
    updateEntity(test.lib, made.id, made.revision, fields, 'analyst')
    expect(standing(made.id, 'platform').map((one) => one.sourcing.sourceId)).toEqual([x.id])
    // The other source did not take its word back because somebody cites a second one.
    expect(standing(made.id, 'state').map((one) => [one.value, one.sourcing.sourceId])).toEqual(
      expect.arrayContaining([['active', x.id], ['removed', y.id]]),
    ) // prettier-ignore
  })

  it('of a list are taken out and added one by one', () => {
    const made = entity('actor', 'A', { aliases: ['One (v)', 'Two (w)'] })
    const next = updateEntity(test.lib, made.id, 1, { attributes: { aliases: ['Two (w)', 'Three'] } }, 'analyst')
    expect(next.attributes['aliases']).toEqual([
      { name: 'Two', by: 'w' },
      { name: 'Three', by: '' },
    ])
    expect(detail(made.id).fields[0]?.history).toHaveLength(1)
  })

  it('are refused from a revision that is no longer the last, for another field, and for a value that does not fit', () => {
    const made = entity('account', '@a')
    const input = (field: string, value: unknown) => ({
      entityId: made.id, revision: 1, assertion: AssertionInput.parse({ field, value }), supersedes: null,
    }) // prettier-ignore
    expect(() => assertValue(test.lib, input('colour', 'red'), 'analyst')).toThrow(failing('request.invalid'))
    expect(() => assertValue(test.lib, input('state', 'gone'), 'analyst')).toThrow(failing('request.invalid'))
    assertValue(test.lib, input('state', 'active'), 'analyst')
    expect(() => assertValue(test.lib, input('state', 'removed'), 'analyst')).toThrow(failing('record.conflict'))
  })

  it('that refer to another record must find it, of a kind that fits', () => {
    const [speaker, place] = [entity('identity', 'P'), entity('location', 'L')]
    expect(entity('claim', 'C', { speaker: speaker.id }).attributes).toEqual({ speaker: { ref: speaker.id } })
    expect(() => entity('claim', 'D', { speaker: place.id })).toThrow(failing('request.invalid'))
    expect(() => entity('claim', 'E', { speaker: crypto.randomUUID() })).toThrow(failing('record.not-found'))
  })
})

describe('what rests on evidence', () => {
  it('is listed with the very place, and flagged once a finding is replaced', () => {
    const { lib } = test
    const caseId = newCase().id
    const item = addItem(lib, 'a.mp4')
    const { sha256 } = evidenceById(lib, item)
    const finding = (version: string) =>
      lib.change('assay', () =>
        replaceFindings(lib.db, { id: item, sha256 }, [signalOutput('encoding', { version })]),
      )[0]!.id
    const first = finding('1.0.0')
    const region = { x: 0.1, y: 0.1, width: 0.5, height: 0.5 }
    const supports = [{ evidenceId: item, findingId: first, start: 3, end: 5, region }]
    const incident = entity('incident', 'Interruption', { method: 'replaced stream' }, { supports }, caseId)
    const channel = entity('channel', 'TV', {}, {}, caseId)
    const compromises = link('compromises', incident, channel, {
      sourcing: { supports: [{ evidenceId: item, start: 9 }] },
    })
    addEvidence(lib, caseId, [item], 'analyst')
    judge(
      lib,
      {
        evidenceId: item,
        caseId,
        statement: 'Altered',
        likelihood: 'likely',
        confidence: 'low',
        reasoning: '',
        findingIds: [first],
        author: 'A',
      },
      'analyst',
    )
    expect(restingOn(lib, { evidenceId: item }).map(({ kind, text, replaced }) => [kind, text, replaced])).toEqual([
      ['assertion', 'Method: replaced stream', false],
      ['relation', 'compromises “TV”', false],
      ['judgement', 'Altered', false],
    ])
    expect(restingOn(lib, { findingId: first })).toMatchObject([
      { kind: 'assertion', support: { start: 3, end: 5, region }, subject: { name: 'Interruption' } },
      { kind: 'judgement' },
    ])
    expect(outdated(lib, caseId)).toEqual([])

    finding('2.0.0')
    expect(restingOn(lib, { findingId: first }).every((one) => one.replaced)).toBe(true)
    expect(outdated(lib, caseId).map((one) => one.kind)).toEqual(['assertion', 'judgement'])
    expect(standing(incident.id, 'method')[0]?.replacedFindings).toEqual([first])

    withdraw(lib, { relationId: compromises.id }, '', 'analyst')
    expect(restingOn(lib, { evidenceId: item }).map((one) => one.kind)).toEqual(['assertion', 'judgement'])
    expect(() => restingOn(lib, { findingId: crypto.randomUUID() })).toThrow(failing('record.not-found'))
  })

  it('cites only what is there', () => {
    const [a, b] = [addItem(test.lib, 'a.mp4'), addItem(test.lib, 'b.mp4')]
    const { sha256 } = evidenceById(test.lib, a)
    const { id } = test.lib.change('assay', () =>
      replaceFindings(test.lib.db, { id: a, sha256 }, [signalOutput('encoding')]),
    )[0]!
    const cites = (support: object) => () => entity('incident', 'I', {}, { supports: [support] })
    expect(cites({ evidenceId: crypto.randomUUID() })).toThrow(failing('record.not-found'))
    expect(cites({ evidenceId: b, findingId: id })).toThrow(failing('request.invalid'))
    expect(cites({ evidenceId: a, start: 5, end: 3 })).toThrow(failing('request.invalid'))
  })
})

describe('designations', () => {
  const listed = (name: string, from: string | null, until: string | null, subject: { kind: string; id: string }) => {
    const attributes = {
      list: name,
      authority: 'US Department of State',
      ...(from && { validFrom: from }),
      ...(until && { validUntil: until }),
    }
    const made = entity('designation', name, attributes)
    link('designated-by', subject, made)
    return made
  }
  const on = (id: string, date: string) => designatedOn(test.lib, id, datedOf(date)!)

  it('answer for the day that is asked, with list, authority and dates', () => {
    const houthis = entity('identity', 'Houthis', { class: 'group' })
    listed('FTO', '2021-01-19', '2021-02-16', houthis)
    listed('SDGT', '2024-02-16', null, houthis)
    expect(on(houthis.id, '2021-02-01')).toMatchObject({
      answer: 'listed',
      listings: [
        { list: 'FTO', held: 'yes' },
        { list: 'SDGT', held: 'no' },
      ],
    })
    expect(on(houthis.id, '2024-02-09')).toMatchObject({
      answer: 'not-recorded',
      words: 'On 2024-02-09, Houthis was not on any list recorded here.',
    })
    expect(on(houthis.id, '2024-02-16').words).toBe(
      'On 2024-02-16, Houthis was listed: SDGT (US Department of State), from 2024-02-16.',
    )
    expect(on(houthis.id, '2024-02').answer).toBe('possibly')
  })

  it('say “possibly” where the bounds are imprecise, absent, contradicted or disputed, and say why', () => {
    const group = entity('actor', 'G')
    const vague = listed('A', '2024-02', null, group)
    expect(on(group.id, '2024-02-09')).toMatchObject({
      answer: 'possibly',
      listings: [{ caveats: ['The day lies within what is known only as 2024-02.'] }],
    })
    const other = entity('source', 'Other')
    says(vague.id, 'validFrom', '2024-02-20', { sourcing: { sourceId: other.id } })
    says(vague.id, 'validFrom', '2024-02-01')
    expect(on(group.id, '2024-02-09')).toMatchObject({
      answer: 'possibly',
      listings: [{ caveats: [expect.stringContaining('Sources differ')] }],
    })
    expect(on(group.id, '2024-03-01').answer).toBe('listed')

    const undated = entity('actor', 'U')
    listed('B', null, null, undated)
    expect(on(undated.id, '2024-02-09')).toMatchObject({
      answer: 'possibly',
      listings: [{ caveats: [expect.stringContaining('not recorded')] }],
    })

    const doubted = entity('actor', 'D')
    listed('C', '1997-10-08', null, doubted)
    dispute(
      test.lib,
      { relationId: detail(doubted.id).links[0]!.relation.id },
      true,
      'another group of that name',
      'analyst',
    )
    expect(on(doubted.id, '2024-02-09').answer).toBe('possibly')
    expect(() => on(doubted.id, 'unknown')).toThrow(failing('request.invalid'))
  })
})

describe('merging', () => {
  it('keeps what was said of both, and splits into exactly that again, with what was said since where it was said', () => {
    const { lib } = test
    const caseId = newCase().id
    const a = entity('account', '@a', { platform: 'X', followers: ['5; 2024-01; p'] }, {}, caseId)
    const b = entity('account', '@b', { platform: 'Telegram', followers: ['7; 2024-02; q'] }, {}, caseId)
    const source = entity('source', 'S')
    const person = entity('identity', 'P')
    link('belongs-to', b, person)
    merge(lib, a.id, [b.id], 'same photograph', 'analyst')
    const merged = detail(b.id)
    expect(merged.entity.id).toBe(a.id)
    expect(merged.entity.conflicts).toEqual(['platform'])
    expect(merged.fields.find((one) => one.field === 'platform')).toMatchObject({ conflict: true })
    expect(merged.entity.attributes['followers']).toHaveLength(2)
    expect(merged.links).toMatchObject([{ relation: { type: 'belongs-to' }, other: { name: 'P' } }])
    expect(merged.merged).toMatchObject([{ id: b.id, name: '@b' }])
    expect(getCase(lib, caseId).entities.map((one) => one.id)).toEqual([a.id])
    expect(listEntities(lib, { kind: 'account', text: '' })).toHaveLength(1)

    says(a.id, 'language', 'fa', { sourcing: { sourceId: source.id } })
    unmerge(lib, b.id, 'analyst')
    expect(detail(b.id).entity.attributes).toEqual(b.attributes)
    expect(detail(b.id).links).toHaveLength(1)
    expect(detail(a.id).entity.attributes).toEqual({ ...a.attributes, language: 'fa' })
    expect(getCase(lib, caseId).entities).toHaveLength(2)
  })

  it('of two sources makes what they say the word of one, until they are split', () => {
    const [x, y] = [entity('source', 'X'), entity('source', 'Y')]
    const account = entity('account', '@a', { state: 'active' }, { sourceId: y.id })
    merge(test.lib, x.id, [y.id], '', 'analyst')
    expect(standing(account.id, 'state')[0]?.sourcing.sourceId).toBe(x.id)
    unmerge(test.lib, y.id, 'analyst')
    expect(standing(account.id, 'state')[0]?.sourcing.sourceId).toBe(y.id)
  })

  it('takes only records of one kind, and never one into itself', () => {
    const [a, b] = [entity('actor', 'A'), entity('identity', 'B')]
    expect(() => merge(test.lib, a.id, [b.id], '', 'analyst')).toThrow(failing('request.invalid'))
    expect(() => merge(test.lib, a.id, [a.id], '', 'analyst')).toThrow(failing('request.invalid'))
    expect(() => unmerge(test.lib, a.id, 'analyst')).toThrow(failing('request.invalid'))
  })
})

describe('taking back', () => {
  it('a removal brings back the record, its links and its place in the case', () => {
    const caseId = newCase().id
    const [actor, account] = [entity('actor', 'A', {}, {}, caseId), entity('account', '@a', {}, {}, caseId)]
    link('controls', actor, account)
    const before = getCase(test.lib, caseId)
    const step = deleteEntity(test.lib, actor.id, 1, 'analyst')
    expect(getCase(test.lib, caseId)).toMatchObject({ entities: [{ name: '@a' }], relations: [] })
    expect(() => recordDetail(test.lib, actor.id)).toThrow(failing('record.not-found'))
    undo(test.lib, step.id, 'analyst')
    const after = getCase(test.lib, caseId)
    expect(after.relations).toEqual(before.relations)
    expect(after.entities.map(({ name }) => name)).toEqual(before.entities.map(({ name }) => name))
    expect(() => undo(test.lib, step.id, 'analyst')).toThrow(failing('undo.done'))
  })

  it('is refused while a later step rests on it, which is named', () => {
    const actor = entity('actor', 'A')
    const made = lastStep()
    const account = entity('account', '@a')
    link('controls', actor, account)
    expect(() => undo(test.lib, made.id, 'analyst')).toThrow(failing('undo.blocked'))
    updateEntity(test.lib, actor.id, 1, { name: 'B' }, 'analyst')
    const renamed = lastStep()
    updateEntity(test.lib, actor.id, 2, { name: 'C' }, 'analyst')
    expect(() => undo(test.lib, renamed.id, 'analyst')).toThrow(
      expect.objectContaining({ code: 'undo.blocked', detail: expect.stringContaining('changed “C”') }),
    )
  })

  it('a step that others do not touch works though others came later', () => {
    const actor = entity('actor', 'A')
    says(actor.id, 'country', 'Iran')
    const said = lastStep()
    says(actor.id, 'type', 'state')
    undo(test.lib, said.id, 'analyst')
    expect(detail(actor.id).entity.attributes).toEqual({ type: 'state' })
  })

  it('a filing takes the item out of the case, with a line in its custody log', () => {
    const { lib } = test
    const caseId = newCase().id
    const item = addItem(lib, 'a.mp4')
    const target = { create: EntityInput.parse({ kind: 'incident', name: 'I' }) }
    fileEvidence(
      lib,
      {
        evidenceId: item,
        into: { caseId },
        judgement: null,
        links: [{ relation: 'part-of', target, note: '' }],
        note: '',
      },
      'analyst',
    )
    undo(lib, lastStep().id, 'analyst')
    expect(getCase(lib, caseId)).toMatchObject({ evidence: [], entities: [], relations: [] })
    expect(listEntities(lib, { text: '' })).toEqual([])
    expect(custodyOf(lib, item).at(-1)).toMatchObject({ action: 'removed-from-case' })
    expect(entries(lib.db, 3).map(({ action }) => action)).toContain('operation.undone')
  })

  it('is not for what others cite', () => {
    const source = entity('source', 'S')
    entity('actor', 'A', { type: 'state' }, { sourceId: source.id })
    expect(() => deleteEntity(test.lib, source.id, 1, 'analyst')).toThrow(failing('record.in-use'))
  })
})

describe('suggested duplicates', () => {
  it('name what two records share, and merge nothing', () => {
    const { lib } = test
    entity('account', 'one', { platform: 'Instagram', handle: '@Khamenei_ir' })
    entity('account', 'two', {
      platform: 'instagram',
      handle: 'khamenei_ir',
      url: 'https://www.instagram.com/khamenei_ir/?utm_source=x',
    })
    entity('account', 'three', { url: 'instagram.com/khamenei_ir' })
    entity('account', 'four', { platform: 'X', handle: 'khamenei_ir' })
    entity('actor', 'Cotton Sandstorm', { aliases: ['Emennet Pasargad (FBI)'] })
    entity('actor', 'EMENNET PASARGAD')
    entity('identity', 'علي خامنئي')
    entity('identity', 'علی خامنئی')
    const found = duplicates(lib, { limit: 100 }).map(({ a, b, reasons }) => [
      [a.name, b.name].sort().join(' + '),
      reasons.map((one) => one.code),
    ])
    expect(Object.fromEntries(found)).toEqual({
      'one + two': ['same-handle'],
      'three + two': ['same-address'],
      'Cotton Sandstorm + EMENNET PASARGAD': ['same-name'],
      'علي خامنئي + علی خامنئی': ['same-name'],
    })
    expect(listEntities(lib, { text: '' })).toHaveLength(8)
  })

  it('see accounts that publish the same footage', () => {
    const { lib } = test
    const [a, b] = [entity('account', 'aaaa'), entity('account', 'bbbb')]
    const [x, y] = [addItem(lib, 'x.mp4'), addItem(lib, 'y.mp4')]
    link('publishes', a, { kind: 'evidence', id: x })
    link('publishes', b, { kind: 'evidence', id: y })
    expect(duplicates(lib, { limit: 9 })).toEqual([])
    link('same-footage-as', { kind: 'evidence', id: x }, { kind: 'evidence', id: y })
    expect(duplicates(lib, { limit: 9 })).toMatchObject([{ reasons: [{ code: 'same-footage' }] }])
  })

  it('compare addresses without what does not matter', () => {
    expect(foldAddress('HTTPS://www.Example.org/a/?utm_source=x&id=1#top')).toBe('example.org/a?id=1')
    expect(foldAddress('example.org/a?id=1')).toBe('example.org/a?id=1')
    expect(foldAddress('example.org/A')).not.toBe(foldAddress('example.org/a'))
  })
})
