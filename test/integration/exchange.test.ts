/** Records in and out and search, as a user runs them on the command line. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ImportPreview } from '../../main/contract/exchange.ts'
import { stixValidator } from '../fixtures/stix-schemas.ts'

const ASSAY = join(import.meta.dirname, '..', '..', 'scripts', 'assay.mjs')
const root = mkdtempSync(join(tmpdir(), 'assay-exchange-'))
const at = (name: string): string => join(root, name)
const environment = { ...process.env, ASSAY_CONFIG_DIR: at('config'), ASSAY_LOG: at('assay.log') }

function assay(...args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [ASSAY, ...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += String(chunk)))
    child.stderr.on('data', (chunk: Buffer) => (stderr += String(chunk)))
    child.on('error', fail)
    child.on('close', (status) => done({ status, stdout, stderr }))
  })
}
const json = (text: string): never => JSON.parse(text) as never

let caseId: string
beforeAll(async () => {
  mkdirSync(at('config'))
  const made = await assay('sample', '--library', at('sample'), '--json')
  expect(made.stderr).toBe('')
  ;({ caseId } = json(made.stdout) as { caseId: string })
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

it('the worked example is made once, and never over something else', async () => {
  expect((await assay('sample', '--library', at('sample'))).status).toBe(2)
  const verified = await assay('verify', at('sample'))
  expect(verified.stdout).toContain('The library is whole.')
})

it('finds a name in the script and the letter forms of whoever asks', async () => {
  const found = await assay('search', 'علي', 'خامنئي', '--library', at('sample'), '--json')
  const hits = found.stdout.trim().split('\n').map((line) => json(line) as { title: { text: string } }) // prettier-ignore
  expect(hits.map(({ title }) => title.text)).toEqual(['Ali Khamenei'])
  const none = await assay('search', 'nowhere', '--library', at('sample'))
  expect([none.status, none.stderr]).toEqual([0, 'Nothing has these words.\n'])
  expect((await assay('library', 'reindex', at('sample'))).stdout).toMatch(/^\d+ records indexed/)
})

it('an export goes into another library only with --yes, and comes out of it byte for byte', async () => {
  const out = at('sample.json')
  const exported = await assay('export', '--library', at('sample'), '--out', out)
  expect(exported.stdout).toMatch(/stix, .*TLP:CLEAR/)
  const validate = stixValidator()
  if (validate) expect(validate(json(readFileSync(out, 'utf8')))).toEqual([])
  else console.log('skipped: no OASIS schemas here')

  await assay('library', 'create', at('other'))
  const seen = await assay('import', out, '--library', at('other'), '--json')
  const preview = json(seen.stdout) as ImportPreview
  expect(preview.counts).toContainEqual({ kind: 'case', added: 1, same: 0, differs: 0 })
  expect((await assay('case', 'list', '--library', at('other'))).stdout).toBe('')

  const took = await assay('import', out, '--library', at('other'), '--yes')
  expect(took.stdout).toMatch(/^\d+ added, 0 brought up to date, 0 kept/)
  expect((await assay('import', out, '--library', at('other'), '--yes')).stdout).toContain('here already')
  await assay('export', '--library', at('other'), '--out', at('again.json'))
  expect(readFileSync(at('again.json')).equals(readFileSync(out))).toBe(true)
  expect((await assay('verify', at('other'))).status).toBe(0)
})

it('a table is shown with how its columns are read, and they can be said otherwise', async () => {
  writeFileSync(at('list.csv'), 'Who,When\nHamas,1997-10-08\n')
  const guessed = await assay('import', at('list.csv'), '--library', at('sample'))
  expect(guessed.stdout).toMatch(/Who +\(left out\)/)
  expect(guessed.stderr).toContain('Nothing was written')
  const options = [
    '--kind',
    'designation',
    '--column',
    'Who=subject',
    'When=validFrom',
    '--case',
    caseId,
    '--yes',
    '--json',
  ]
  const took = await assay('import', at('list.csv'), '--library', at('sample'), ...options)
  // The list's file as a source, the listing, and its link to the subject that is here.
  expect(json(took.stdout)).toMatchObject({ added: 3, updated: 0 })
})

it.each([
  ['misp', (text: string) => expect(json(text)).toHaveProperty('Event.Attribute')],
  ['csv', (text: string) => expect(text).toMatch(/^\ufeffname,id,kind,tlp,/)],
])('writes %s', async (format, check) => {
  const out = at(`sample.${format}`)
  const wrote = await assay(
    'export',
    '--library',
    at('sample'),
    '--format',
    format,
    '--case',
    caseId,
    '--out',
    out,
    '--json',
  )
  expect(json(wrote.stdout)).toMatchObject({ format, out })
  check(readFileSync(out, 'utf8'))
})

it('refuses what is none of these, with what to do', async () => {
  writeFileSync(at('odd.json'), '{"type": "bundle", "objects": [1]}')
  const refused = await assay('import', at('odd.json'), '--library', at('sample'))
  expect(refused.status).toBe(2)
  expect(refused.stderr).toContain('(exchange.unreadable)')
  expect((await assay('import', at('absent.json'), '--library', at('sample'))).stderr).toContain('(intake.not-found)')
})
