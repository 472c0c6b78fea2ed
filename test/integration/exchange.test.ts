/** Records: made, linked, disputed, merged, searched, out and in, as a user runs all of it on the command line. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Case, Entity, Relation } from '../../main/contract/cases.ts'
import type { ImportPreview } from '../../main/contract/exchange.ts'
import type { DesignatedOn, Operation, RecordDetail } from '../../main/contract/records.ts'
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
  // Whatever the order in which another program wrote it.
  const bundle = json(readFileSync(out, 'utf8')) as { objects: { object_refs?: string[] }[] }
  for (const object of bundle.objects) object.object_refs?.reverse()
  writeFileSync(at('reversed.json'), JSON.stringify({ ...bundle, objects: bundle.objects.toReversed() }))
  const reversed = await assay('import', at('reversed.json'), '--library', at('other'), '--yes')
  expect(reversed.stdout).toContain('here already')
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

describe('records, one step after the other', () => {
  /** A command on the sample library; its only line of JSON. */
  const step = async <T>(...args: string[]): Promise<T> => {
    const ran = await assay(...args, '--library', at('sample'), '--json')
    expect(ran.stderr).toBe('')
    return json(ran.stdout) as T
  }
  let accountId: string
  let disputedId: string

  it('a record is made with its source and grade, and a second source is kept beside the first', async () => {
    const made = await step<Entity>('entity', 'create', 'account', 'Twin', '--set', 'platform=X', '--set', 'state=active', '--case', caseId) // prettier-ignore
    accountId = made.id
    const args = [
      '--set',
      'state=removed',
      '--source',
      'source:' + (await someSource()),
      '--grade',
      'B2',
      '--from',
      '2024-02-09',
    ]
    const detail = await step<RecordDetail>('entity', 'edit', 'account:Twin', ...args)
    const state = detail.fields.find(({ field }) => field === 'state')!
    expect([state.conflict, state.standing.length]).toEqual([true, 2])
    const cited = state.standing.find(({ sourcing }) => sourcing.sourceId !== null)!
    expect(cited).toMatchObject({ value: 'removed', sourcing: { reliability: 'B', credibility: '2' }, validFrom: { value: '2024-02-09' } }) // prettier-ignore
    disputedId = cited.id
  })

  it('a value is disputed and withdrawn, and every step stands in the history and can be taken back', async () => {
    await step('entity', 'dispute', disputedId, '--reason', 'the archive shows otherwise')
    await step('entity', 'withdraw', disputedId)
    const history = await assay('entity', 'history', 'account:Twin', '--library', at('sample'), '--json')
    const steps = history.stdout.trim().split('\n').map((line) => json(line) as Operation) // prettier-ignore
    expect(steps.map(({ action }) => action)).toEqual(['statement.withdrawn', 'statement.disputed', 'value.said', 'record.created']) // prettier-ignore
    await step('entity', 'undo', steps[0]!.id)
    const detail = await step<RecordDetail>('entity', 'show', accountId)
    const state = detail.fields.find(({ field }) => field === 'state')!
    expect(state.standing.find(({ id }) => id === disputedId)).toMatchObject({ disputed: true })
  })

  it('records are linked, merged into one and split again', async () => {
    const other = await step<Entity>('entity', 'create', 'account', 'Twin of X', '--set', 'platform=X')
    const link = await step<Relation>('link', 'create', 'actor:Cotton Sandstorm', 'controls', other.id, '--grade', 'C3', '--from', '2023') // prettier-ignore
    expect(link).toMatchObject({ type: 'controls', to: { id: other.id }, sourcing: { reliability: 'C' } })
    const merged = await step<RecordDetail>('entity', 'merge', accountId, other.id, '--reason', 'one account')
    expect([merged.merged.length, merged.links.length]).toEqual([1, 1])
    const split = await step<RecordDetail>('entity', 'unmerge', other.id)
    expect([split.entity.id, split.links.length]).toEqual([other.id, 1])
    const listed = await assay('link', 'list', other.id, '--library', at('sample'))
    expect(listed.stdout).toMatch(/Cotton Sandstorm +controls +Twin of X +C3/)
  })

  it('a listing is asked for on a day, and a case is brought up to date', async () => {
    const answer = await step<DesignatedOn>('entity', 'designated', 'identity:Hamas', '--on', '2024-02-09')
    expect(answer.answer).toBe('listed')
    const edited = await step<Case>('case', 'edit', caseId, '--status', 'open', '--owner', 'Desk')
    expect(edited).toMatchObject({ status: 'open', owner: 'Desk' })
  })

  it.each([
    [
      'a field that the kind has not',
      ['entity', 'edit', 'account:Twin', '--set', 'colour=red'],
      /no field “colour”; it has platform/,
    ],
    ['a date that is none', ['entity', 'designated', 'identity:Hamas', '--on', 'tomorrow'], /“tomorrow” is no date/],
    [
      'a link that does not fit',
      ['link', 'create', 'account:Twin', 'targets', 'identity:Hamas'],
      /relation\.not-allowed/,
    ],
  ])('refuses %s, and says so', async (_, args, words) => {
    const refused = await assay(...args, '--library', at('sample'))
    expect([refused.status, refused.stdout]).toEqual([2, ''])
    expect(refused.stderr).toMatch(words)
    expect(refused.stderr).toMatch(/\n→ /)
  })

  const someSource = async (): Promise<string> => {
    const found = await assay('entity', 'list', '--kind', 'source', '--library', at('sample'), '--json')
    return (json(found.stdout.split('\n')[0]!) as Entity).name
  }
})
