import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addItem, emptyLibrary, type TestLibrary } from '../../test/fixtures/sample-case.ts'
import { CaseFields, EntityInput, RelationInput, type EntityKind } from '../contract/cases.ts'
import { entries, verifyChain } from '../store/audit.ts'
import { caseIdsOf } from '../store/cases.ts'
import { custodyOf } from '../store/evidence.ts'
import {
  addEvidence,
  createCase,
  createEntity,
  getCase,
  listCases,
  listEntities,
  relate,
  removeEntity,
  removeEvidence,
  unrelate,
  updateCase,
  updateEntity,
} from './cases.ts'
import { kindInfos, KINDS } from './entities/list.ts'
import { fileEvidence } from './file.ts'
import { isAllowed, RELATION_RULES } from './relations.ts'
import { RELATION_TYPES } from '../contract/cases.ts'

let test: TestLibrary
beforeEach(() => void (test = emptyLibrary()))
afterEach(() => {
  expect(verifyChain(test.lib.db).brokenAt).toBeNull()
  test.remove()
})

const newCase = (title = 'Case') => createCase(test.lib, CaseFields.parse({ title }), 'analyst')
const entity = (kind: EntityKind, name: string, attributes: object = {}, caseId: string | null = null) =>
  createEntity(test.lib, EntityInput.parse({ kind, name, attributes }), caseId, 'analyst')
const relation = (
  type: string,
  from: { kind: string; id: string },
  to: { kind: string; id: string },
  extra: object = {},
) => {
  const { caseId, ...input } = RelationInput.parse({ type, from, to, ...extra })
  return relate(test.lib, input, caseId, 'analyst')
}
const failing = (code: string) => expect.objectContaining({ code })

const namesFound = (text: string, kind?: EntityKind) =>
  listEntities(test.lib, { text, kind }).map((found) => found.name)

const link = (relation: string, target: object) => ({ relation, target, note: '' }) as never

const ways = (kind: EntityKind) =>
  RELATION_RULES.filter((rule) => isAllowed(rule.type, 'evidence', kind) || isAllowed(rule.type, kind, 'evidence'))

describe('cases', () => {
  it('are listed with what they hold, last changed first', () => {
    const first = newCase('First')
    newCase('Second')
    const item = addItem(test.lib, 'a.mp4')
    addEvidence(test.lib, first.id, [item], 'analyst')
    entity('actor', 'A', {}, first.id)
    const [top, below] = listCases(test.lib)
    expect(top).toMatchObject({ title: 'First', counts: { evidence: 1, entities: 1, judgements: 0 } })
    expect(below?.title).toBe('Second')
  })

  it('refuse a change that was made without seeing the last one', () => {
    const made = newCase()
    const next = updateCase(test.lib, made.id, 1, { status: 'watching' }, 'analyst')
    expect(next).toMatchObject({ status: 'watching', revision: 2, title: 'Case' })
    expect(() => updateCase(test.lib, made.id, 1, { title: 'Mine' }, 'analyst')).toThrow(failing('record.conflict'))
    expect(getCase(test.lib, made.id).case.title).toBe('Case')
    expect(() => updateCase(test.lib, crypto.randomUUID(), 1, {}, 'analyst')).toThrow(failing('record.not-found'))
  })

  it('take items in with one custody entry, however often they are added', () => {
    const made = newCase()
    const item = addItem(test.lib, 'a.mp4')
    addEvidence(test.lib, made.id, [item, item], 'analyst')
    addEvidence(test.lib, made.id, [item], 'analyst')
    expect(getCase(test.lib, made.id).evidence).toHaveLength(1)
    expect(custodyOf(test.lib, item).filter((entry) => entry.action === 'filed')).toHaveLength(1)
    expect(caseIdsOf(test.lib, item)).toEqual([made.id])
  })

  it('add all items or none', () => {
    const made = newCase()
    const item = addItem(test.lib, 'a.mp4')
    const head = test.lib.auditHead()
    expect(() => addEvidence(test.lib, made.id, [item, crypto.randomUUID()], 'analyst')).toThrow(
      failing('record.not-found'),
    )
    expect(getCase(test.lib, made.id).evidence).toEqual([])
    expect(test.lib.auditHead()).toBe(head)
  })

  it('let an item go without losing it', () => {
    const made = newCase()
    const item = addItem(test.lib, 'a.mp4')
    addEvidence(test.lib, made.id, [item], 'analyst')
    expect(removeEvidence(test.lib, made.id, item, 'analyst').evidence).toEqual([])
    expect(custodyOf(test.lib, item).at(-1)?.action).toBe('removed-from-case')
    expect(() => removeEvidence(test.lib, made.id, item, 'analyst')).toThrow(failing('record.not-found'))
  })
})

describe('entities', () => {
  it('take the attributes of their kind and no others, and say which field is wrong', () => {
    const made = entity('account', '@a', { platform: 'Telegram', state: 'removed', handle: '', followers: [] })
    expect(made.attributes).toEqual({ platform: 'Telegram', state: 'removed' })
    expect(() => entity('account', '@b', { state: 'gone' })).toThrow(
      expect.objectContaining({ code: 'request.invalid', detail: expect.stringContaining('State:') }),
    )
    expect(() => entity('account', '@c', { colour: 'red' })).toThrow(failing('request.invalid'))
    expect(() => entity('account', '@d', { url: 'javascript:alert(1)' })).toThrow(failing('request.invalid'))
    expect(() => entity('account', '@e', { followers: ['many'] })).toThrow(failing('request.invalid'))
    expect(entity('account', '@f', { followers: ['5,000,000; 2024-02-08; news report'] }).attributes).toHaveProperty(
      'followers',
    )
  })

  it.each(['2023', '2023-10', '2023-10-07', '2023-10-07T06:30+03:00'])('take the date %s', (start) => {
    expect(entity('incident', 'I', { start }).attributes).toMatchObject({ start: { value: start } })
  })

  it.each(['7.10.2023', '2023-13', '2023-10-32', 'October'])('refuse the date %s', (start) => {
    expect(() => entity('incident', 'I', { start })).toThrow(failing('request.invalid'))
  })

  it('have a form that offers exactly what their schema takes', () => {
    for (const kind of KINDS) {
      expect(kindInfos().find((info) => info.kind === kind.kind)?.fields).toEqual(kind.fields)
      for (const field of kind.fields) {
        const id = '5c1e1c5a-6e0b-4b52-9d2f-7b3a0f6f2c41'
        const good = {
          text: 'a', 'long-text': 'a', dated: '2024', choice: field.choices?.[0], number: 1, url: 'https://example.org',
          hash: 'a'.repeat(64), country: 'Iran', reference: id, alias: 'A (vendor)', observation: '1; 2024; x',
          cell: `evidence:${id} CC`,
        }[field.type] // prettier-ignore
        const value = field.many ? [good] : good
        expect(kind.attributes.safeParse({ [field.name]: value }).success, `${kind.kind} ${field.name}`).toBe(true)
        if (field.type === 'choice')
          expect(kind.attributes.safeParse({ [field.name]: 'no such choice' }).success).toBe(false)
        for (const name of [field.endsWith].filter(Boolean))
          expect(kind.fields.map((other) => other.name)).toContain(name)
      }
    }
  })

  it('are found by name and attributes, in any script, without regard to case or marks', () => {
    entity('identity', 'آیت‌الله خامنه‌ای', { aliases: ['Ali Khamenei'] })
    entity('channel', 'Télé Réseau')
    entity('actor', 'Other')
    expect(namesFound('khamenei')).toEqual(['آیت‌الله خامنه‌ای'])
    expect(namesFound('خامنه‌ای')).toEqual(['آیت‌الله خامنه‌ای'])
    expect(namesFound('TELE RES')).toEqual(['Télé Réseau'])
    expect(namesFound('', 'actor')).toEqual(['Other'])
    expect(namesFound('tele', 'actor')).toEqual([])
  })

  it('are changed only from the revision that was seen, and stay in the library when a case drops them', () => {
    const made = newCase()
    const actor = entity('actor', 'A', { type: 'unknown' }, made.id)
    const next = updateEntity(test.lib, actor.id, 1, { name: 'B' }, 'analyst')
    expect(next).toMatchObject({ name: 'B', revision: 2, attributes: { type: 'unknown' } })
    expect(() => updateEntity(test.lib, actor.id, 1, { name: 'C' }, 'analyst')).toThrow(failing('record.conflict'))
    removeEntity(test.lib, made.id, actor.id, 'analyst')
    expect(getCase(test.lib, made.id).entities).toEqual([])
    expect(listEntities(test.lib, { text: 'B' })).toHaveLength(1)
  })

  it('cite only sources as their source', () => {
    const actor = entity('actor', 'A')
    const input = EntityInput.parse({ kind: 'actor', name: 'B', sourcing: { sourceId: actor.id } })
    expect(() => createEntity(test.lib, input, null, 'analyst')).toThrow(failing('request.invalid'))
  })
})

describe('relations', () => {
  it('have a rule for every type of the contract, each with both ends', () => {
    expect(RELATION_RULES.map((rule) => rule.type).sort()).toEqual([...RELATION_TYPES].sort())
    for (const rule of RELATION_RULES) expect(rule.from.length * rule.to.length).toBeGreaterThan(0)
  })

  it('link only what the rule allows', () => {
    const [actor, account] = [entity('actor', 'A'), entity('account', 'B')]
    expect(() => relation('controls', account, actor)).toThrow(failing('relation.not-allowed'))
    expect(relation('controls', actor, account)).toMatchObject({ type: 'controls', disputed: false })
    expect(() => relation('related-to', actor, actor)).toThrow(failing('relation.not-allowed'))
    expect(() => relation('related-to', actor, { kind: 'actor', id: crypto.randomUUID() })).toThrow(
      failing('record.not-found'),
    )
    expect(() => relation('related-to', actor, { kind: 'identity', id: account.id })).toThrow(
      failing('request.invalid'),
    )
  })

  it('are not doubled when said again, but brought up to date', () => {
    const made = newCase()
    const [actor, account] = [entity('actor', 'A', {}, made.id), entity('account', 'B', {}, made.id)]
    const first = relation('controls', actor, account)
    const again = relation('controls', actor, account, { note: 'seen twice', sourcing: { reliability: 'B' } })
    expect(again).toMatchObject({ id: first.id, note: 'seen twice', sourcing: { reliability: 'B' } })
    expect(relation('controls', actor, account)).toEqual(again)
    expect(getCase(test.lib, made.id).relations).toEqual([again])
  })

  it('are the same in both directions where their meaning is', () => {
    const [a, b] = [entity('actor', 'A'), entity('actor', 'B')]
    expect(relation('cooperates-with', b, a).id).toBe(relation('cooperates-with', a, b).id)
    expect(relation('supports', b, a).id).not.toBe(relation('supports', a, b).id)
  })

  it('keep two sources side by side', () => {
    const made = newCase()
    const [operation, a] = [entity('operation', 'O', {}, made.id), entity('actor', 'A', {}, made.id)]
    const [x, y] = [entity('source', 'X'), entity('source', 'Y')]
    relation('attributed-to', operation, a, { sourcing: { sourceId: x.id } })
    relation('attributed-to', operation, a, { sourcing: { sourceId: y.id, credibility: '5' } })
    expect(getCase(test.lib, made.id).relations).toHaveLength(2)
  })

  it('bring both ends into the case', () => {
    const made = newCase()
    const item = addItem(test.lib, 'a.mp4')
    const person = entity('identity', 'P')
    relation('depicts', { kind: 'evidence', id: item }, person, { caseId: made.id })
    const detail = getCase(test.lib, made.id)
    expect(detail.evidence.map((filed) => filed.evidence.id)).toEqual([item])
    expect(detail.entities).toEqual([person])
    expect(detail.relations).toHaveLength(1)
  })

  it('are withdrawn, not deleted, and can be said again', () => {
    const [actor, account] = [entity('actor', 'A'), entity('account', 'B')]
    const first = relation('controls', actor, account)
    unrelate(test.lib, first.id, 'analyst')
    expect(() => unrelate(test.lib, first.id, 'analyst')).toThrow(failing('record.not-found'))
    expect(relation('controls', actor, account).id).not.toBe(first.id)
    expect(test.lib.db.prepare('SELECT count(*) AS n FROM relation').get()).toEqual({ n: 2 })
  })
})

describe('filing', () => {
  const judgement = {
    statement: 'The video was manipulated',
    likelihood: 'likely' as const,
    confidence: 'low' as const,
    reasoning: 'By eye.',
    findingIds: [],
    author: 'analyst',
  }

  it('writes case, judgement, new and old records and links in one step', () => {
    const { lib } = test
    const item = addItem(lib, 'a.mp4')
    const account = entity('account', '@known')
    const detail = fileEvidence(
      lib,
      {
        evidenceId: item,
        into: { create: CaseFields.parse({ title: 'Hijacked streams' }) },
        judgement,
        links: [
          link('part-of', { create: EntityInput.parse({ kind: 'incident', name: 'Interruption' }) }),
          link('publishes', { entityId: account.id }),
        ],
        note: 'first seen on the stream',
      },
      'analyst',
    )
    expect(detail.case.title).toBe('Hijacked streams')
    expect(detail.evidence[0]).toMatchObject({ note: 'first seen on the stream' })
    expect(detail.entities.map((known) => known.name).sort()).toEqual(['@known', 'Interruption'])
    expect(detail.judgements).toHaveLength(1)
    // “The item is part of the incident”, but “the account publishes the item”.
    expect(detail.relations.map(({ type, from, to }) => [type, from.kind, to.kind])).toEqual([
      ['part-of', 'evidence', 'incident'],
      ['publishes', 'account', 'evidence'],
    ])
    expect(custodyOf(lib, item).at(-1)).toMatchObject({ action: 'filed', detail: 'into the case “Hijacked streams”' })
  })

  it('twice into the same case changes the note and adds the judgement, and nothing else', () => {
    const { lib } = test
    const made = newCase()
    const item = addItem(lib, 'a.mp4')
    const operation = entity('operation', 'O')
    const filing = (note: string) => ({
      evidenceId: item,
      into: { caseId: made.id },
      judgement,
      links: [link('part-of', { entityId: operation.id })],
      note,
    })
    fileEvidence(lib, filing('one'), 'analyst')
    const detail = fileEvidence(lib, filing('two'), 'analyst')
    expect(detail.evidence).toHaveLength(1)
    expect(detail.evidence[0]?.note).toBe('two')
    expect(detail.relations).toHaveLength(1)
    expect(detail.judgements).toHaveLength(2)
    expect(custodyOf(lib, item).filter((entry) => entry.action === 'filed')).toHaveLength(1)
  })

  it('writes nothing at all where one link is not allowed', () => {
    const { lib } = test
    const item = addItem(lib, 'a.mp4')
    const head = lib.auditHead()
    const filing = {
      evidenceId: item,
      into: { create: CaseFields.parse({ title: 'T' }) },
      judgement,
      links: [
        link('part-of', { create: EntityInput.parse({ kind: 'operation', name: 'O' }) }),
        link('controls', { create: EntityInput.parse({ kind: 'actor', name: 'A' }) }),
      ],
      note: '',
    }
    expect(() => fileEvidence(lib, filing, 'analyst')).toThrow(failing('relation.not-allowed'))
    expect(listCases(lib)).toEqual([])
    expect(listEntities(lib, { text: '' })).toEqual([])
    expect(caseIdsOf(lib, item)).toEqual([])
    expect(lib.auditHead()).toBe(head)
  })

  it('counts a judgement made on the Bench once its item is in the case', () => {
    const { lib } = test
    const made = newCase()
    const item = addItem(lib, 'a.mp4')
    fileEvidence(lib, { evidenceId: item, into: { caseId: made.id }, judgement: null, links: [], note: '' }, 'analyst')
    expect(listCases(lib)[0]?.counts.judgements).toBe(0)
    const other = newCase('Other')
    fileEvidence(lib, { evidenceId: item, into: { caseId: other.id }, judgement, links: [], note: '' }, 'analyst')
    expect(getCase(lib, made.id).judgements).toHaveLength(0)
    expect(getCase(lib, other.id).judgements).toHaveLength(1)
  })

  it('is recorded under who did it', () => {
    const item = addItem(test.lib, 'a.mp4')
    fileEvidence(
      test.lib,
      { evidenceId: item, into: { create: CaseFields.parse({ title: 'T' }) }, judgement: null, links: [], note: '' },
      'cli',
    )
    const actions = entries(test.lib.db, 3)
    expect(actions.map((entry) => entry.action)).toEqual(['custody.added', 'case.evidence-added', 'case.created'])
    expect(actions.every((entry) => entry.actor === 'cli')).toBe(true)
  })
})

describe('rules that filing relies on', () => {
  it('link an item to an operation, an actor, an account and an incident, one way or the other', () => {
    for (const kind of ['operation', 'actor', 'account', 'incident'] as const)
      expect(ways(kind).length).toBeGreaterThan(2)
  })
})
