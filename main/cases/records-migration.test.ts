/** A library of version 1, with records as they were written then, opened by this one. */
// oxlint-disable-next-line import/default -- its types say `export =`
import Database from 'better-sqlite3'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Sourcing } from '../contract/common.ts'
import { getCase, listEntities } from './cases.ts'
import { recordDetail } from './detail.ts'
import { metrics } from './graph/series.ts'
import { append, verifyChain } from '../store/audit.ts'
import { latestVersion, migrations } from '../store/database.ts'
import { createLibrary, openLibrary, type Library } from '../store/library.ts'

let folder: string
let lib: Library | undefined
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'assay-older-'))))
afterEach(() => {
  lib?.close()
  rmSync(folder, { recursive: true, force: true })
})

const AT = '2024-02-10T10:00:00.000Z'
const ids = {
  case: 'c0000000-0000-4000-8000-000000000001',
  source: '50000000-0000-4000-8000-000000000001',
  account: 'a0000000-0000-4000-8000-000000000001',
  incident: '10000000-0000-4000-8000-000000000001',
  relation: 'f0000000-0000-4000-8000-000000000001',
}
const sourcing = JSON.stringify(
  Sourcing.parse({
    sourceId: ids.source,
    reliability: 'B',
    credibility: '2',
    firstSeen: { value: '2024-02', precision: 'month' },
  }),
)

/** A library with the tables of version 1, filled as that version did. */
function older(): string {
  const root = join(folder, 'library')
  createLibrary(root, 'Older').close()
  for (const part of ['', '-wal', '-shm']) rmSync(join(root, `library.db${part}`), { force: true })
  const db = new Database(join(root, 'library.db'))
  db.exec(migrations().find((step) => step.version === 1)!.sql)
  append(db, { actor: 'analyst', action: 'library.created', subject: 'library' })
  const entity = db.prepare('INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?, 3, ?, ?)')
  const put = (id: string, kind: string, name: string, attributes: object): void =>
    void entity.run(
      id,
      kind,
      name,
      JSON.stringify(attributes),
      sourcing,
      'GREEN',
      '2024-02-09T10:00:00.000Z',
      '2024-02-10T10:00:00.000Z',
    )
  put(ids.source, 'source', 'Report', {
    publisher: 'P',
    date: '2024-02',
    reliability: 'B',
    archiveSha256: 'a'.repeat(64),
  })
  put(ids.account, 'account', '@khamenei', {
    platform: 'Instagram', state: 'removed', url: 'https://example.org/"quoted"', followers: ['5,000,000; 2024-02-08; news report', '4 000 000; 2023; other'],
  }) // prettier-ignore
  put(ids.incident, 'incident', 'انقطاع البث', {
    what: 'a\nb',
    start: '2023-12-10T06:30+03:00',
    end: '2024-02-31',
    countries: ['Iran', 'Atlantis'],
    services: [],
  })
  db.prepare('INSERT INTO case_record VALUES (?, ?, 1, ?, ?)').run(
    ids.case, JSON.stringify({ title: 'T', question: '', status: 'open', owner: '', tlp: 'AMBER', summary: '' }), AT, AT,
  ) // prettier-ignore
  for (const id of [ids.account, ids.incident])
    db.prepare('INSERT INTO case_entity VALUES (?, ?, ?)').run(ids.case, id, AT)
  db.prepare("INSERT INTO relation VALUES (?, 'related-to', 'account', ?, 'incident', ?, ?, 1, 'n', '2024-02-10T10:00:00.000Z', NULL)").run(
    ids.relation, ids.account, ids.incident, sourcing,
  ) // prettier-ignore
  db.pragma(`application_id = ${0x41534159}`)
  db.pragma('user_version = 1')
  db.close()
  return root
}

it('keeps every value of every record, each with the source of the record, and its cases and relations', () => {
  lib = openLibrary(older())
  expect(lib.db.pragma('user_version', { simple: true })).toBe(latestVersion())
  expect(lib.db.pragma('foreign_key_check')).toEqual([])
  expect(verifyChain(lib.db).brokenAt).toBeNull()
  const detail = getCase(lib, ids.case)
  expect(detail.case.abcde.actor).toBe('')
  const day = { precision: 'day', zone: 'UTC' }
  expect(detail.entities.find((one) => one.id === ids.account)).toMatchObject({
    name: '@khamenei',
    tlp: 'GREEN',
    revision: 3,
    sourcing: { sourceId: ids.source, reliability: 'B', credibility: '2' },
    conflicts: [],
    attributes: {
      platform: 'Instagram',
      state: 'removed',
      url: 'https://example.org/"quoted"',
      followers: [
        { value: 5_000_000, at: { value: '2024-02-08', ...day }, by: 'news report' },
        { value: 4_000_000, at: { value: '2023', precision: 'year', zone: 'UTC' }, by: 'other' },
      ],
    },
  })
  expect(detail.entities.find((one) => one.id === ids.incident)?.attributes).toEqual({
    what: 'a\nb',
    start: { value: '2023-12-10T06:30+03:00', precision: 'minute', zone: '+03:00' },
    // A day that no month has was taken then; it is shown as it was written.
    end: '2024-02-31',
    countries: ['IR', 'Atlantis'],
  })
  const { fields, links, names } = recordDetail(lib, ids.account)
  for (const { standing } of fields)
    for (const said of standing)
      expect(said).toMatchObject({
        sourcing: { sourceId: ids.source, firstSeen: { value: '2024-02' } },
        disputed: false,
        withdrawnAt: null,
      })
  expect(names[ids.source]).toBe('Report')
  expect(links).toMatchObject([
    { relation: { id: ids.relation, disputed: true, note: 'n', segments: [], validFrom: null } },
  ])
  expect(new Set(lib.db.prepare('SELECT id FROM assertion').pluck().all()).size).toBe(4 + 5 + 5)
  expect(listEntities(lib, { text: 'انقطاع' })).toHaveLength(1)
  expect(metrics(lib, undefined)).toEqual([])
})
