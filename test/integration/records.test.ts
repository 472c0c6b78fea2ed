/** Case records through the router, as every door serves them. */
import { createRouterClient } from '@orpc/server'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ContractRouterClient } from '@orpc/contract'
import type { Change } from '../../main/contract/library.ts'
import type { Contract } from '../../main/contract/index.ts'
import type { EntityKind } from '../../main/contract/cases.ts'
import { forkSpawner } from '../../main/jobs/spawn-node.ts'
import { createRouter } from '../../main/router.ts'
import { createWorkbench, type Workbench } from '../../main/workbench.ts'

const root = mkdtempSync(join(tmpdir(), 'assay-records-'))
let bench: Workbench
let client: ContractRouterClient<Contract>
const heard: Change[] = []

beforeAll(async () => {
  const spawner = forkSpawner(new URL('../../main/worker.ts', import.meta.url))
  bench = createWorkbench({ host: 'browser', spawner, actor: 'analyst', ephemeral: true })
  const bugs = (error: unknown): void => {
    throw error
  }
  client = createRouterClient(createRouter(bench, bugs), { context: {} })
  await client.library.create({ folder: join(root, 'library'), name: 'Records' })
  bench.subscribe((change) => heard.push(change))
})
afterAll(async () => {
  await bench.close()
  rmSync(root, { recursive: true, force: true })
})

const day = (value: string) => ({ value, precision: 'day' as const, zone: 'UTC' })

it('keeps a dossier: sourced values, a conflict, a listing in time, a hypothesis, and takes any step back', async () => {
  const { id: caseId } = await client.cases.create({ title: 'Removal of accounts', question: 'Why were they removed?' })
  const make = (kind: EntityKind, name: string, attributes = {}, sourceId: string | null = null) =>
    client.cases.createEntity({
      kind,
      name,
      attributes,
      caseId,
      sourcing: { sourceId, reliability: 'B', credibility: '2' },
    })
  const report = await make('source', 'News report', { date: '2024-02' })
  const other = await make('source', 'Another report')
  const account = await make(
    'account',
    '@khamenei_ir',
    { platform: 'Instagram', state: 'removed', followers: ['5000000; 2024-02-08'] },
    report.id,
  )
  const hamas = await make('identity', 'Hamas', { class: 'organisation' })
  const listing = await make('designation', 'FTO: Hamas', {
    list: 'Foreign Terrorist Organization',
    validFrom: '1997-10-08',
  })
  await client.cases.relate({ type: 'designated-by', from: hamas, to: listing, caseId })

  // A second source says something else: both stand.
  const said = await client.records.assert({
    entityId: account.id,
    revision: account.revision,
    assertion: { field: 'state', value: 'restricted', sourcing: { sourceId: other.id } },
  })
  expect(said.entity).toMatchObject({ conflicts: ['state'], attributes: { state: 'removed' } })
  await expect(
    client.records.assert({
      entityId: account.id,
      revision: account.revision,
      assertion: { field: 'language', value: 'fa' },
    }),
  ).rejects.toMatchObject({ code: 'record.conflict' })
  expect((await client.tradecraft.disagreements({ caseId }))[0]).toMatchObject({ kind: 'value', sides: { length: 2 } })

  const asked = await client.records.designatedOn({ subjectId: hamas.id, date: day('2024-02-09') })
  expect(asked).toMatchObject({ answer: 'listed', listings: [{ list: 'Foreign Terrorist Organization' }] })

  const hypothesis = await make('hypothesis', 'Policy on dangerous organisations')
  await client.tradecraft.rate({ hypothesisId: hypothesis.id, of: 'entity', ref: report.id, rating: 'CC' })
  expect((await client.tradecraft.ach({ caseId }))[0]).toMatchObject({
    question: 'Why were they removed?',
    leaders: [hypothesis.id],
  })

  // Merge, and undo of the merge.
  const twin = await make('account', '@khamenei_ir', { platform: 'instagram', handle: 'khamenei_ir' })
  expect((await client.records.duplicates({ caseId }))[0]?.reasons.map((one) => one.code)).toEqual(['same-name'])
  await client.records.merge({ into: account.id, from: [twin.id] })
  expect((await client.cases.get({ id: caseId })).entities.filter((one) => one.kind === 'account')).toHaveLength(1)
  const [merged] = await client.records.operations({ limit: 1 })
  expect(merged?.title).toBe('merged “@khamenei_ir” into “@khamenei_ir”')
  await client.records.undo({ operationId: merged!.id })
  expect((await client.cases.get({ id: caseId })).entities.filter((one) => one.kind === 'account')).toHaveLength(2)
  await expect(client.records.undo({ operationId: merged!.id })).rejects.toMatchObject({ code: 'undo.done' })

  const graph = await client.graph.ofCase({ caseId })
  expect(graph).toMatchObject({ nodes: { length: 7 }, edges: { length: 1 } })
  expect(await client.graph.counts({ caseId })).toMatchObject({ account: 2, source: 2, designation: 1 })
  expect((await client.graph.timeline({ caseId })).map((one) => one.what)).toEqual(['validFrom', 'date', 'followers'])

  expect(new Set(heard.map((change) => change.kind))).toEqual(new Set(['case', 'record']))
  expect((await client.library.verify()).problems).toEqual([])

  const html = await client.reports.preview({ caseId, tlp: 'AMBER' })
  for (const words of [
    'State (sources differ)',
    'Foreign Terrorist Organization',
    'Where sources and analysts differ',
    'Competing hypotheses',
  ])
    expect(html.html).toContain(words)
})
