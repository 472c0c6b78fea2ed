import { array, assert, integer, property, tuple } from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addItem, emptyLibrary, type TestLibrary } from '../../../test/fixtures/sample-case.ts'
import { CaseFields, EntityInput, RelationInput, type EntityKind, type RelationType } from '../../contract/cases.ts'
import { merge } from '../merge.ts'
import { addEvidence, createCase, createEntity, relate, unrelate } from '../cases.ts'
import { graphOfCase, neighbours, path } from './graph.ts'
import { countries, metrics, monthly, techniques } from './series.ts'
import { timeline } from './timeline.ts'

let test: TestLibrary
let caseId: string
beforeEach(() => {
  test = emptyLibrary()
  caseId = createCase(test.lib, CaseFields.parse({ title: 'Case' }), 'analyst').id
})
afterEach(() => test.remove())
const entity = (kind: EntityKind, name: string, attributes: object = {}, sourcing: object = {}) =>
  createEntity(test.lib, EntityInput.parse({ kind, name, attributes, sourcing }), caseId, 'analyst')
const link = (
  type: RelationType,
  from: { kind: string; id: string },
  to: { kind: string; id: string },
  extra: object = {},
) => relate(test.lib, RelationInput.parse({ type, from, to, ...extra }), caseId, 'analyst')
const around = (id: string, depth = 1, cap = 100, limit = 2000) => neighbours(test.lib, id, { depth, cap, limit })
const names = (nodes: readonly { name: string }[]) => nodes.map((node) => node.name).sort()

describe('the graph', () => {
  it('reaches as far as asked, in either direction, without what was withdrawn', () => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => entity('actor', name)) as [never, never, never, never] as {
      id: string
      kind: string
    }[]
    link('cooperates-with', a!, b!)
    link('supports', c!, b!)
    const gone = link('supports', d!, a!)
    unrelate(test.lib, gone.id, 'analyst')
    expect(names(around(a!.id).nodes)).toEqual(['a', 'b'])
    const two = around(a!.id, 2)
    expect(two.nodes.map(({ name, depth }) => [name, depth]).sort()).toEqual([['a', 0], ['b', 1], ['c', 2]]) // prettier-ignore
    expect(two.edges).toHaveLength(2)
    expect(names(neighbours(test.lib, a!.id, { depth: 2, cap: 9, limit: 9, types: ['supports'] }).nodes)).toEqual(['a'])
    expect(names(path(test.lib, a!.id, c!.id, 6).nodes)).toEqual(['a', 'b', 'c'])
    expect(path(test.lib, a!.id, d!.id, 6).nodes).toEqual([])
    expect(path(test.lib, a!.id, c!.id, 1).nodes).toEqual([])
  })

  it('says what it left out at a hub', () => {
    const hub = entity('actor', 'hub')
    for (let n = 0; n < 12; n++) link('controls', hub, entity('account', `@${n}`))
    const cut = around(hub.id, 1, 5)
    expect(cut.nodes).toHaveLength(6)
    expect(cut.capped).toEqual([{ id: hub.id, more: 7 }])
    expect(around(hub.id, 1, 12).capped).toEqual([])
    expect(around(hub.id, 1, 100, 4)).toMatchObject({ nodes: { length: 4 }, capped: [{ id: hub.id, more: 9 }] })
  })

  it('finds a shortest path wherever there is one', () => {
    const nodes = Array.from({ length: 7 }, (_, n) => entity('actor', `n${n}`))
    assert(
      property(array(tuple(integer({ min: 0, max: 6 }), integer({ min: 0, max: 6 })), { maxLength: 9 }), (pairs) => {
        test.lib.db.exec('BEGIN')
        try {
          const linked = pairs.filter(([a, b]) => a !== b)
          for (const [a, b] of linked) link('supports', nodes[a]!, nodes[b]!)
          const steps = [0, ...Array<number>(6).fill(Infinity)]
          for (let round = 0; round < 7; round++)
            for (const [a, b] of linked) {
              steps[a] = Math.min(steps[a]!, steps[b]! + 1)
              steps[b] = Math.min(steps[b]!, steps[a]! + 1)
            }
          for (const [n, node] of nodes.entries()) {
            const found = path(test.lib, nodes[0]!.id, node.id, 8)
            expect(found.nodes.length).toBe(steps[n] === Infinity ? 0 : steps[n]! + 1)
          }
        } finally {
          test.lib.db.exec('ROLLBACK')
        }
      }),
      { numRuns: 20 },
    )
  })

  it('of a case holds its members, with the times that they speak of and the doubts about them', () => {
    const incident = entity('incident', 'I', { start: '2023-12-10', end: '2023-12' })
    const item = addItem(test.lib, 'a.mp4', { tlp: 'RED' })
    addEvidence(test.lib, caseId, [item], 'analyst')
    link('part-of', { kind: 'evidence', id: item }, incident, {
      sourcing: { reliability: 'B', credibility: '2', supports: [{ evidenceId: item }] },
    })
    const graph = graphOfCase(test.lib, caseId, 100)
    expect(graph.nodes.find((node) => node.kind === 'incident')).toMatchObject({
      from: '2023-12-01T00:00:00.000Z',
      until: '2024-01-01T00:00:00.000Z',
      conflicts: false,
      degree: 1,
    })
    expect(graph.nodes.find((node) => node.kind === 'evidence')).toMatchObject({ name: 'a.mp4', tlp: 'RED' })
    expect(graph.edges).toMatchObject([{ type: 'part-of', grade: 'B2', supports: 1 }])
    expect(graphOfCase(test.lib, caseId, 1).capped).toEqual([{ id: caseId, more: 1 }])
  })

  it('shows a merged record as the one that stands for it', () => {
    const [a, b, c] = [entity('actor', 'a'), entity('actor', 'b'), entity('actor', 'c')]
    link('supports', b, c)
    link('cooperates-with', a, b)
    merge(test.lib, a.id, [b.id], '', 'analyst')
    expect(names(around(b.id).nodes)).toEqual(['a', 'c'])
    expect(names(graphOfCase(test.lib, caseId, 100).nodes)).toEqual(['a', 'c'])
  })
})

describe('time', () => {
  it('has an entry for everything that is dated, with its precision, and none twice', () => {
    const incident = entity('incident', 'I', { start: '2023-12-10', end: '2023-12-11' })
    const account = entity('account', '@a', { followers: ['5000000; 2024-02-08; Meta'] })
    link('related-to', account, incident, { validFrom: { value: '2023', precision: 'year' } })
    entity('enforcement', 'Removal', { date: '2024-02 (approximate)' })
    addEvidence(
      test.lib,
      caseId,
      [addItem(test.lib, 'v.mp4', { claimedDate: { value: '2023-11', precision: 'month', zone: 'UTC' } })],
      'analyst',
    )
    const entries = timeline(test.lib, caseId)
    expect(entries.map(({ subject, what }) => [subject.name, what])).toEqual([
      ['@a', 'related-to'], ['v.mp4', 'claimed'], ['I', 'start'], ['Removal', 'date'], ['@a', 'followers'],
    ]) // prettier-ignore
    const start = entries.find((one) => one.what === 'start')!
    expect(start).toMatchObject({
      until: { value: '2023-12-11' },
      bounds: { from: Date.UTC(2023, 11, 10), to: Date.UTC(2023, 11, 12) },
    })
    expect(entries.find((one) => one.what === 'date')?.bounds).toEqual({
      from: Date.UTC(2024, 0, 1),
      to: Date.UTC(2024, 3, 1),
    })
  })

  it('counts records by month, split as asked, and names those without a month', () => {
    const [a, i1, i2] = [
      entity('actor', 'A'),
      entity('incident', 'I1', { start: '2023-10-07', countries: ['Iran', 'Israel'] }),
      entity('incident', 'I2', { start: '2023-12' }),
    ]
    entity('incident', 'I3', { start: '2023' })
    link('attributed-to', i1, a)
    link('attributed-to', i2, a)
    expect(monthly(test.lib, caseId, 'incident', 'actor')).toEqual({
      months: ['2023-10', '2023-11', '2023-12'],
      series: [{ key: a.id, label: 'A', counts: [1, 0, 1], ids: [[i1.id], [], [i2.id]] }],
      undated: [expect.objectContaining({ name: 'I3' })],
    })
    expect(monthly(test.lib, undefined, 'incident', 'country').series.map(({ label, counts }) => [label, counts])).toEqual([
      ['Iran', [1, 0, 0]], ['Israel', [1, 0, 0]], ['none', [0, 0, 1]],
    ]) // prettier-ignore
    expect(countries(test.lib, caseId).map(({ country, counts }) => [country, counts])).toEqual([
      ['IL', { incident: 1 }], ['IR', { incident: 1 }],
    ]) // prettier-ignore
  })

  it('gives metrics as they were reported, and techniques with who uses them', () => {
    const report = entity('source', 'Report')
    entity(
      'metric',
      'Operations',
      { unit: 'operations', window: 'month', values: ['11; 2023-10', '1; 2023-07; other'] },
      { sourceId: report.id },
    )
    expect(metrics(test.lib, caseId)[0]).toMatchObject({
      unit: 'operations',
      points: [
        { value: 1, by: 'other' },
        { value: 11, by: 'Report' },
      ],
    })
    const [technique, operation, actor] = [
      entity('technique', 'T', { techniqueId: 'T0087', framework: 'DISARM' }),
      entity('operation', 'O'),
      entity('actor', 'A'),
    ]
    entity('technique', 'Unused', { techniqueId: 'T0001' })
    link('uses', operation, technique)
    link('attributed-to', operation, actor)
    expect(techniques(test.lib, caseId, undefined).map((one) => one.users.length)).toEqual([0, 1])
    expect(techniques(test.lib, caseId, actor.id)).toMatchObject([
      { technique: { techniqueId: 'T0087' }, users: [{ name: 'O' }] },
    ])
  })
})
