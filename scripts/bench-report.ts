/**
 * `npm run bench:report`: how long the report of a large case takes in each format, and how much memory. `--items N`
 * (default 50), `--findings N` per item (default 10), `--pictures N` per item (default 6), `--formats pdf,html,…`
 * (default all for people), `--redacted` to cover a name and every face as well, `--keep FILE` to keep the PDF.
 *
 * Each format is made in a process of its own, as `assay report` makes it: elapsed and processor seconds, and the
 * highest resident size of that process, with its threads.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ReportOptions, type ReportFormat } from '../main/contract/reports.ts'
import { exportReport } from '../main/reports/export.ts'
import { openLibrary } from '../main/store/library.ts'
import { makeLargeCase, type LargeCase } from './bench-report-case.ts'

const { values } = parseArgs({
  options: {
    items: { type: 'string', default: '50' },
    findings: { type: 'string', default: '10' },
    pictures: { type: 'string', default: '6' },
    formats: { type: 'string', default: 'pdf,html,docx,md' },
    redacted: { type: 'boolean', default: false },
    keep: { type: 'string' },
    // For the processes that make the case, or one report.
    make: { type: 'string' },
    library: { type: 'string' },
    case: { type: 'string' },
  },
})

const size = { items: Number(values.items), findings: Number(values.findings), pictures: Number(values.pictures) }
if (values.make) console.log(JSON.stringify(await makeLargeCase(values.make, size)))
else if (values.library) await one(values.library, values.case!, values.formats as ReportFormat)
else await all()

async function all(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'assay-bench-'))
  try {
    const folder = join(root, 'library')
    // A process counts what it held before it became another program (getrusage(2)), and it begins as a copy of this one:
    // which therefore stays small.
    const made = run(
      '--make',
      folder,
      '--items',
      values.items,
      '--findings',
      values.findings,
      '--pictures',
      values.pictures,
    )
    const { caseId, findings, pictures } = JSON.parse(made) as LargeCase
    console.log(`case: ${size.items} items, ${findings} findings, ${pictures} pictures`)
    for (const format of values.formats.split(',')) {
      const args = ['--library', folder, '--case', caseId, '--formats', format]
      if (values.redacted) args.push('--redacted')
      if (values.keep && format === 'pdf') args.push('--keep', values.keep)
      process.stdout.write(run(...args))
    }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

function run(...args: string[]): string {
  return execFileSync(process.execPath, [...process.execArgv, import.meta.filename, ...args], { encoding: 'utf8' })
}

async function one(folder: string, caseId: string, format: ReportFormat): Promise<void> {
  const lib = openLibrary(folder)
  const redaction = values.redacted ? { names: [{ texts: ['Nobody Known'] }], faces: 'cover' } : undefined
  const before = process.cpuUsage()
  const began = performance.now()
  const made = await exportReport(lib, { ...ReportOptions.parse({ caseId, redaction }), format }, 'analyst')
  const elapsed = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(before)
  const file = join(lib.paths.exports, made.file)
  if (values.keep) copyFileSync(file, values.keep)
  console.log(
    [
      format.padEnd(5),
      `${elapsed.toFixed(1)} s`,
      `${((user + system) / 1e6).toFixed(1)} processor s`,
      `${Math.round(process.resourceUsage().maxRSS / 1024)} MiB at most`,
      `${(statSync(file).size / 1e6).toFixed(1)} MB`,
    ].join(', '),
  )
  lib.close()
}
