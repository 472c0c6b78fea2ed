/**
 * `npm run bench:exchange`: what it costs to take in a bundle of 100,000 objects, and to find words among 100,000 records.
 * `--objects N` and `--records N` for smaller ones; `--in-host` imports without the thread, to compare with. Each part runs in a process of its own, so that its peak memory
 * (VmHWM of /proc, Linux) is its own. The bundle is generated: half records of seven types with three to six values each,
 * half relations between them; the words follow a Zipf-like distribution, in three scripts.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { importAside, previewAside } from '../main/cases/exchange/aside.ts'
import { exportRecords, givenFile, importFile, previewImport } from '../main/cases/exchange/exchange.ts'
import { listCases } from '../main/cases/cases.ts'
import { SearchQuery } from '../main/contract/search.ts'
import { createLibrary, openLibrary, type Library } from '../main/store/library.ts'
import { find } from '../main/store/search/find.ts'

const { values } = parseArgs({
  options: {
    objects: { type: 'string', default: '100000' },
    records: { type: 'string', default: '100000' },
    part: { type: 'string' },
    folder: { type: 'string', default: '' },
    'in-host': { type: 'boolean', default: false },
  },
})
const MIB = 2 ** 20
const peak = (): string => {
  const kb = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]
  return kb ? `${Math.round((Number(kb) * 1024) / MIB)} MiB` : 'unknown'
}
/** Elapsed, and what the process computed meanwhile: on a shared machine only the second tells of the work. */
const seconds = async <T>(work: () => T | Promise<T>): Promise<[string, T]> => {
  const began = performance.now()
  const before = process.cpuUsage()
  const done = await work()
  const { user, system } = process.cpuUsage(before)
  return [
    `${((performance.now() - began) / 1000).toFixed(1)} s (${((user + system) / 1e6).toFixed(1)} s of computing)`,
    done,
  ]
}

/**
 * As `seconds`, and the longest time for which the host answered nothing: every 5 ms it is asked for the list of cases.
 * On a machine that others use too it holds what they took.
 */
async function answering<T>(lib: Library, work: () => T | Promise<T>): Promise<[string, T, string]> {
  let [last, longest] = [performance.now(), 0]
  const ask = (): void => {
    listCases(lib)
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  const clock = setInterval(ask, 5)
  try {
    const [took, done] = await seconds(work)
    ask()
    return [took, done, `${Math.round(longest)} ms at the longest`]
  } finally {
    clearInterval(clock)
  }
}

const STEMS = ['stream', 'video', 'network', 'persona', 'channel', 'claim', 'report', 'account', 'news', 'anchor', 'الأخبار', 'قناة', 'خامنه‌ای', 'کانال', 'новости'] // prettier-ignore
/** The n-th word is about n times rarer than the first, beyond the stems each is a word of its own. */
const word = (seed: number): string => {
  const rank = Math.floor(1 / ((((seed * 2_654_435_761) >>> 0) + 1) / 2 ** 32))
  return STEMS[rank] ?? `${STEMS[rank % STEMS.length]}${rank}`
}
const words = (seed: number, count: number): string =>
  Array.from({ length: count }, (_, n) => word(seed * 31 + n * 7919)).join(' ')

const TYPES = [
  'campaign',
  'intrusion-set',
  'identity',
  'user-account',
  'infrastructure',
  'incident',
  'location',
] as const
const uuid = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
const typeAt = (n: number): string => TYPES[n % TYPES.length]!

function bundle(count: number): string {
  const half = Math.ceil(count / 2)
  const at = { spec_version: '2.1', created: '2024-02-09T12:00:00.000Z', modified: '2024-02-09T12:00:00.000Z' }
  const lines = Array.from({ length: count }, (_, n) => {
    if (n >= half) {
      const [a, b] = [n % half, (n * 7 + 1) % half]
      const ends = { source_ref: `${typeAt(a)}--${uuid(a)}`, target_ref: `${typeAt(b)}--${uuid(b)}` }
      return { type: 'relationship', id: `relationship--${uuid(n)}`, ...at, relationship_type: 'related-to', ...ends }
    }
    const type = typeAt(n)
    const id = `${type}--${uuid(n)}`
    if (type === 'user-account') return { type, id, account_type: 'telegram', account_login: `user_${n}`, display_name: words(n, 2) } // prettier-ignore
    const common = { type, id, ...at, name: `${words(n, 3)} ${n}`, description: words(n + 1, 25) }
    return type === 'location' ? { ...common, country: 'IR' } : { ...common, aliases: [words(n + 2, 2), `alias ${n}`] }
  })
  return `{"type":"bundle","id":"bundle--${uuid(1)}","objects":[\n${lines.map((one) => JSON.stringify(one)).join(',\n')}\n]}`
}

async function importPart(folder: string): Promise<void> {
  const lib = createLibrary(join(folder, 'library'), 'Bench')
  const file = await givenFile(join(folder, 'bundle.json'), 'bundle.json')
  const unheard = { onProgress: () => {}, signal: new AbortController().signal }
  const inHost = values['in-host']
  const [looked, seen, lookGap] = await answering(lib, () =>
    inHost ? previewImport(lib, file, null) : previewAside(lib, file, null, unheard),
  )
  const options = { mapping: null, caseId: null, onConflict: 'ours', sha256: seen.sha256 } as const
  const [took, done, gap] = await answering(lib, () =>
    inHost ? importFile(lib, file, options, 'analyst') : importAside(lib, file, options, 'analyst', unheard),
  )
  console.log(`  bundle             ${(file.bytes.length / MIB).toFixed(1)} MiB, ${seen.size} objects`)
  console.log(`  preview            ${looked}; the host was silent for ${lookGap}`)
  console.log(
    `  import             ${took}, ${done.added} records and relations, to be under 60 s; the host was silent for ${gap}`,
  )
  console.log(`  peak memory        ${peak()}, to be under 500 MiB`)
  const [wrote, out] = await seconds(() => exportRecords(lib, { format: 'stix', caseIds: [], tlp: null }, 'analyst'))
  console.log(`  export             ${wrote}, ${(out.bytes / MIB).toFixed(1)} MiB; peak memory ${peak()}`)
  lib.close()
}

const QUESTIONS = ['stream', 'st', 's', 'video network', 'user_4242', 'alias 777', 'الاخبار', 'خامنه', 'stream17', 'persona12 cl', 'nothing like it'] // prettier-ignore

function searchPart(folder: string): void {
  const lib = createLibrary(join(folder, 'records'), 'Bench')
  const count = Number(values.records)
  const at = '2024-02-09T12:00:00.000Z'
  lib.change('analyst', () => {
    const entity = lib.db.prepare(
      `INSERT INTO entity (id, kind, name, sourcing, tlp, revision, created_at, updated_at) VALUES (?, 'account', ?, '{}', 'AMBER', 1, ?, ?)`,
    )
    const assertion = lib.db.prepare(
      `INSERT INTO assertion (id, entity_id, stated_of, field, value, sourcing, created_at) VALUES (?, ?, ?, 'description', ?, '{}', ?)`,
    )
    for (let n = 0; n < count; n++) {
      entity.run(uuid(n), `${words(n, 3)} user_${n}`, at, at)
      assertion.run(uuid(count + n), uuid(n), uuid(n), JSON.stringify(words(n + 1, 25)), at)
    }
  })
  lib.close()
  const again = openLibrary(join(folder, 'records'))
  console.log(`  ${count} records; median and worst of 15 in time of computing, to be under 30 ms`)
  for (const text of QUESTIONS) {
    const query = SearchQuery.parse({ text })
    const times = Array.from({ length: 15 }, () => {
      const before = process.cpuUsage()
      find(again, query)
      const { user, system } = process.cpuUsage(before)
      return (user + system) / 1000
    }).sort((a, b) => a - b)
    const { hits, more } = find(again, query)
    console.log(`  ${text.padEnd(18)} ${times[7]!.toFixed(1).padStart(6)} ms ${times[14]!.toFixed(1).padStart(6)} ms  ${hits.length}${more ? '+' : ''} hits`) // prettier-ignore
  }
  again.close()
}

if (values.part === 'import') await importPart(values.folder)
else if (values.part === 'search') searchPart(values.folder)
else {
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-exchange-'))
  try {
    writeFileSync(join(folder, 'bundle.json'), bundle(Number(values.objects)))
    for (const part of ['import', 'search']) {
      console.log(part === 'import' ? `\nimport of a generated STIX bundle` : `\nsearch`)
      const args = [import.meta.filename, '--part', part, '--folder', folder, '--records', values.records]
      if (values['in-host']) args.push('--in-host')
      const run = spawnSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
      if (run.status !== 0) process.exitCode = 1
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
