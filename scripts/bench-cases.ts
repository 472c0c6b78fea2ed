/**
 * `npm run bench:cases`: how fast are case records? A library of `--relations N` (default 1,000,000) drawn at random from a
 * fixed seed, with hubs, and one case of 5,000 records; each query against the same rows asked of bare SQLite where there
 * is such a question. Prints medians of `--runs N` (default 21), their range, and ratios, in processor time of this process,
 * which a busy machine changes less than the clock. Nothing of it is kept.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createCase, getCase } from '../main/cases/cases.ts'
import { recordDetail } from '../main/cases/detail.ts'
import { graphOfCase, neighbours, path } from '../main/cases/graph/graph.ts'
import { monthly } from '../main/cases/graph/series.ts'
import { timeline } from '../main/cases/graph/timeline.ts'
import { createEntity } from '../main/cases/records.ts'
import { undo } from '../main/cases/undo.ts'
import { CaseFields, EntityInput } from '../main/contract/cases.ts'
import { Sourcing } from '../main/contract/common.ts'
import { randomNumbers } from '../main/signals/random.ts'
import { createLibrary } from '../main/store/library.ts'
import { lastOperation } from '../main/store/operations.ts'

const { values } = parseArgs({
  options: { relations: { type: 'string', default: '1000000' }, runs: { type: 'string', default: '21' } },
})
const RELATIONS = Number(values.relations)
const RUNS = Number(values.runs)
const RECORDS = Math.max(6000, Math.round(RELATIONS / 5))
const MEMBERS = 5000

const root = mkdtempSync(join(tmpdir(), 'assay-bench-cases-'))
const lib = createLibrary(join(root, 'library'), 'Bench')
const random = randomNumbers(20240209)
const uuid = (n: number, of: string): string => `${of}0000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const sourcing = JSON.stringify(Sourcing.parse({ reliability: 'B', credibility: '2' }))
const at = '2024-02-09T12:00:00.000Z'

function fill(): string {
  const { db } = lib
  const { id: caseId } = createCase(lib, CaseFields.parse({ title: 'Bench' }), 'assay')
  db.exec('BEGIN')
  const entity = db.prepare(
    'INSERT INTO entity (id, kind, name, sourcing, tlp, revision, created_at, updated_at) VALUES (?, ?, ?, ?, ?, 1, ?, ?)',
  )
  const assertion = db.prepare(
    'INSERT INTO assertion (id, entity_id, stated_of, field, value, sourcing, place, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const member = db.prepare('INSERT INTO case_entity (case_id, entity_id, added_at) VALUES (?, ?, ?)')
  let said = 0
  for (let n = 0; n < RECORDS; n++) {
    const id = uuid(n, 'e')
    const kind = n % 5 === 0 ? 'incident' : 'account'
    entity.run(id, kind, `${kind} ${n}`, sourcing, 'AMBER', at, at)
    const day = `202${n % 4}-${String((n % 12) + 1).padStart(2, '0')}-15`
    const fields =
      kind === 'incident'
        ? [['start', { value: day, precision: 'day', zone: 'UTC' }], ['method', 'replaced stream'], ['countries', 'IR']]
        : [['platform', 'Telegram'], ['handle', `h${n}`], ['state', 'active'], ['followers', { value: n, at: { value: day, precision: 'day', zone: 'UTC' }, by: '' }]] // prettier-ignore
    for (const [place, [field, value]] of fields.entries())
      assertion.run(uuid(said++, 'a'), id, id, field, JSON.stringify(value), sourcing, place, at)
    if (n < MEMBERS) member.run(caseId, id, at)
  }
  const relation = db.prepare(
    `INSERT INTO relation (id, type, from_kind, from_id, to_kind, to_id, sourcing, disputed, note, created_at)
     VALUES (?, 'related-to', 'account', ?, 'account', ?, ?, 0, '', ?)`,
  )
  for (let n = 0; n < RELATIONS; n++) {
    // One relation in a hundred ends at one of ten hubs; one in ten stays within the case.
    const within = n % 10 === 0 ? MEMBERS : RECORDS
    const from = Math.floor(random() * within)
    const to = n % 100 === 0 ? Math.floor(random() * 10) : Math.floor(random() * within)
    if (from !== to) relation.run(uuid(n, 'f'), uuid(from, 'e'), uuid(to, 'e'), sourcing, at)
  }
  db.exec('COMMIT; ANALYZE')
  return caseId
}

interface Timing {
  readonly median: number
  readonly low: number
  readonly high: number
}
function time(run: (n: number) => unknown): Timing {
  const taken: number[] = []
  for (let n = 0; n < RUNS; n++) {
    const before = process.cpuUsage()
    run(n)
    const { user, system } = process.cpuUsage(before)
    taken.push((user + system) / 1000)
  }
  taken.sort((a, b) => a - b)
  return { median: taken[RUNS >> 1]!, low: taken[0]!, high: taken.at(-1)! }
}
const ms = (n: number): string => n.toFixed(n < 1 ? 3 : 1)
function tell(name: string, own: Timing, bare?: Timing): void {
  const ratio = bare ? `${(own.median / bare.median).toFixed(2)}× bare SQLite (${ms(bare.median)} ms)` : ''
  console.log(`${name.padEnd(58)} ${ms(own.median).padStart(8)} ms  (${ms(own.low)} to ${ms(own.high)})  ${ratio}`)
}

try {
  const began = performance.now()
  const caseId = fill()
  console.log(
    `${RECORDS} records, ${RELATIONS} relations, ${MEMBERS} records in the case; filled in ${((performance.now() - began) / 1000).toFixed(0)} s; medians of ${RUNS} (range) of processor time`,
  )
  const some = (n: number): string => uuid(100 + ((n * 7919) % (RECORDS - 100)), 'e')
  const { db } = lib

  const members = db.prepare('SELECT e.* FROM case_entity x JOIN entity e ON e.id = x.entity_id WHERE x.case_id = ?')
  const values = db.prepare(
    'SELECT a.* FROM case_entity x JOIN assertion a ON a.entity_id = x.entity_id WHERE x.case_id = ? AND a.withdrawn_at IS NULL',
  )
  const among = db.prepare(
    `SELECT r.* FROM case_entity x JOIN relation r ON r.from_id = x.entity_id
     JOIN case_entity y ON y.case_id = x.case_id AND y.entity_id = r.to_id WHERE x.case_id = ?`,
  )
  tell(
    'open the case (records with values, relations)',
    time(() => getCase(lib, caseId)),
    time(() => [members.all(caseId), values.all(caseId), among.all(caseId)]),
  )
  tell(
    'graph of the case',
    time(() => graphOfCase(lib, caseId, MEMBERS)),
  )

  const out = db.prepare('SELECT id, to_id FROM relation WHERE from_id = ?')
  const back = db.prepare('SELECT id, from_id FROM relation WHERE to_id = ?')
  const node = db.prepare('SELECT id, kind, name, tlp FROM entity WHERE id = ?')
  const bareNeighbours = (start: string, cap: number): unknown[] => {
    const seen = new Set([start])
    let frontier = [start]
    for (let step = 0; step < 2; step++) {
      const next: string[] = []
      for (const id of frontier)
        for (const row of [...out.iterate(id), ...back.iterate(id)].slice(0, cap) as Record<string, string>[]) {
          const other = row['to_id'] ?? row['from_id']!
          if (seen.has(other)) continue
          seen.add(other)
          next.push(other)
        }
      frontier = next
    }
    return [...seen].map((id) => node.get(id))
  }
  const depth2 = { depth: 2, cap: 100, limit: 2000 }
  tell(
    'neighbours to depth 2 of a record',
    time((n) => neighbours(lib, some(n), depth2)),
    time((n) => bareNeighbours(some(n), 100)),
  )
  tell(
    'neighbours to depth 2 of a hub, capped at 100',
    time((n) => neighbours(lib, uuid(n % 10, 'e'), depth2)),
  )
  tell(
    'path between two records',
    time((n) => path(lib, some(n), some(n + 1000), 6)),
  )
  tell(
    'one record with everything said of it',
    time((n) => recordDetail(lib, some(n))),
  )
  tell(
    'timeline of the case',
    time(() => timeline(lib, caseId)),
  )
  tell(
    'incidents per month of the case, by country',
    time(() => monthly(lib, caseId, 'incident', 'country')),
  )
  tell(
    'create a record with four values, and take it back',
    time((n) => {
      const attributes = { platform: 'X', handle: `n${n}`, state: 'active', language: 'fa' }
      createEntity(lib, EntityInput.parse({ kind: 'account', name: `new ${n}`, attributes }), caseId, 'assay')
      undo(lib, lastOperation(lib).id, 'assay')
    }),
  )
} finally {
  lib.close()
  rmSync(root, { recursive: true, force: true })
}
