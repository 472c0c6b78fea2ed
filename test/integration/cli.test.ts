/** The command line as a user runs it: the package's own `assay`, real files, real output. */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SignalOutput } from '../../main/contract/signals.ts'
import { Priority } from '../../main/contract/findings.ts'
import { ffmpegBinary } from '../../scripts/setup.mjs'

const ASSAY = join(import.meta.dirname, '..', '..', 'scripts', 'assay.mjs')
const ffmpeg = ffmpegBinary()
const root = mkdtempSync(join(tmpdir(), 'assay-cli-'))
/** Where the program puts what it throws away. */
const scratch = join(root, 'scratch')
const file = (name: string): string => join(root, 'files', name)

interface Ran {
  status: number | null
  stdout: string
  stderr: string
}

const environment = {
  ...process.env,
  TMPDIR: scratch,
  ASSAY_CONFIG_DIR: join(root, 'config'),
  ASSAY_LOG: join(root, 'assay.log'),
}

const assay = (...args: string[]): Promise<Ran> => assayWith(environment, ...args)

function assayWith(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Ran> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [ASSAY, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += String(chunk)))
    child.stderr.on('data', (chunk: Buffer) => (stderr += String(chunk)))
    child.on('error', fail)
    child.on('close', (status) => done({ status, stdout, stderr }))
  })
}

const documents = (ran: Ran) =>
  ran.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, never>)

const findings = (ran: Ran) => documents(ran).map(({ signals, priority }) => ({ signals, priority }))

function makeClip(name: string, seconds: number): void {
  const made = spawnSync(
    ffmpeg ?? '',
    ['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=size=320x240:rate=25`, '-f', 'lavfi', '-i', 'sine=frequency=300', '-t', String(seconds), '-pix_fmt', 'yuv420p', file(name)], // prettier-ignore
    { encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(made.stderr)
}

beforeAll(() => {
  if (!ffmpeg) throw new Error('These tests need ffmpeg: run `npm run assay -- setup`.')
  mkdirSync(join(root, 'files', 'folder'), { recursive: true })
  mkdirSync(scratch)
  makeClip('clip.mp4', 3)
  makeClip('folder/b.mkv', 2)
  writeFileSync(file('folder/a.mp4'), 'a text that is called mp4')
  writeFileSync(file('text.mp4'), 'another text')
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('assay triage', () => {
  it('prints one document per file, in the order given, and keeps nothing', async () => {
    const ran = await assay('triage', '--json', file('text.mp4'), file('clip.mp4'), file('missing.mp4'), file('folder'))
    expect(ran.status).toBe(2)
    expect(ran.stderr).toContain('Nothing is kept')
    const [text, clip, missing, first, second, ...more] = documents(ran)
    expect(more).toEqual([])
    expect(text).toMatchObject({
      file: file('text.mp4'),
      error: { code: 'intake.not-video', remedy: expect.any(String) },
    })
    expect(missing).toMatchObject({ error: { code: 'intake.not-found' } })
    expect(first).toMatchObject({ file: file('folder/a.mp4'), error: { code: 'intake.not-video' } })
    expect(second).toMatchObject({ file: file('folder/b.mkv'), evidence: { container: 'matroska' } })

    const bytes = readFileSync(file('clip.mp4'))
    expect(clip).toMatchObject({
      file: file('clip.mp4'),
      evidence: {
        sha256: createHash('sha256').update(bytes).digest('hex'),
        blake3: expect.stringMatching(/^[0-9a-f]{64}$/),
        name: 'clip.mp4',
        size: bytes.length,
        container: 'mp4',
        storage: 'referenced',
      },
      media: { video: [{ codec: expect.stringMatching(/h264|avc/i), width: 320, height: 240 }] },
    })
    expect(clip).not.toHaveProperty('error')
    const signals = SignalOutput.array().parse(clip?.['signals'])
    expect(signals.map((signal) => signal.id)).toEqual(
      expect.arrayContaining(['provenance', 'encoding', 'temporal', 'synthetic-image']),
    )
    Priority.parse(clip?.['priority'])
    expect(Object.keys(clip?.['timings'] ?? {}).length).toBeGreaterThan(0)
    expect(readdirSync(scratch)).toEqual([])
  })

  it('exits with 0 when all went well, and finds the same in the same file', async () => {
    const [one, two] = await Promise.all([
      assay('triage', '--json', file('clip.mp4')),
      assay('triage', '--json', file('clip.mp4')),
    ])
    expect([one.status, two.status]).toEqual([0, 0])
    expect(findings(two)).toEqual(findings(one))
  })

  it('prints for a person, and obeys nothing that stands in a file name', async () => {
    const hostile = file('evil\u001b[2J\u202egpm.mp4')
    copyFileSync(file('clip.mp4'), hostile)
    const ran = await assay('triage', hostile, file('text.mp4'))
    expect(ran.status).toBe(2)
    for (const text of [ran.stdout, ran.stderr]) expect(text).not.toMatch(/[\u001b\u202e]/)
    expect(ran.stdout).toMatch(/review priority \d\.\d\d/)
    expect(ran.stdout).toContain('intake.not-video')
  })

  it('stops on Ctrl-C, and cleans up behind itself', async () => {
    const long = file('long.mp4')
    const made = spawnSync(ffmpeg ?? '', [
      '-v',
      'error',
      '-stream_loop',
      '400',
      '-i',
      file('clip.mp4'),
      '-c',
      'copy',
      long,
    ])
    expect(made.status).toBe(0)
    const child = spawn(process.execPath, [ASSAY, 'triage', '--json', long], {
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    child.stderr.once('data', () => setTimeout(() => child.kill('SIGINT'), 1500))
    const status = await new Promise((done) => child.on('close', done))
    expect(status).toBe(130)
    expect(readdirSync(scratch)).toEqual([])
  })

  it('takes files into a library where there is no temporary folder', async () => {
    const nowhere = { ...environment, TMPDIR: join(root, 'nowhere') }
    const ran = await assayWith(nowhere, 'triage', '--json', '--library', join(root, 'no-temporary'), file('clip.mp4'))
    expect(ran.stderr).not.toContain('ENOENT')
    expect([ran.status, documents(ran).length]).toEqual([0, 1])
  })

  it('refuses --case without a library, before it does anything', async () => {
    const ran = await assay('triage', file('clip.mp4'), '--case', 'X')
    expect(ran.status).toBe(2)
    expect(ran.stdout).toBe('')
    expect(ran.stderr).toContain('--case needs --library')
  })
})

describe('a library on the command line', () => {
  const library = join(root, 'library')
  const title = 'Clips, «مقاطع» & סרטונים'

  it('takes files in, files them into a case that it makes, and knows them again', async () => {
    const details = ['--source', 'Channel X', '--tlp', 'GREEN', '--claimed-date', '2024-02', '--language', 'fa']
    const first = await assay('triage', '--json', '--library', library, '--case', title, ...details, file('clip.mp4'))
    expect(first.stderr).toContain('Created a new library')
    expect([first.status, documents(first)[0]]).toEqual([
      0,
      expect.objectContaining({ duplicate: false, case: { id: expect.any(String), title } }),
    ])
    expect(documents(first)[0]?.['evidence']).toMatchObject({
      tlp: 'GREEN',
      storage: expect.stringMatching(/copied|reflinked/),
    })
    const again = await assay(
      'triage',
      '--json',
      '--library',
      library,
      '--case',
      title,
      file('clip.mp4'),
      file('folder/b.mkv'),
    )
    expect(again.status).toBe(0)
    const [same, other] = documents(again)
    expect(same).toMatchObject({ duplicate: true, case: documents(first)[0]?.['case'] })
    expect(same?.['signals']).toEqual(documents(first)[0]?.['signals'])
    expect(other).toMatchObject({ duplicate: false })
    expect(statSync(file('clip.mp4')).size).toBeGreaterThan(0)
  })

  it('lists and shows its cases', async () => {
    const made = await assay('case', 'create', 'Second', '--library', library, '--question', 'Who?')
    const id = made.stdout.trim()
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    const listed = await assay('case', 'list', '--library', library, '--json')
    expect(documents(listed).map((one) => one['title'])).toEqual(expect.arrayContaining([title, 'Second']))
    const shown = await assay('case', 'show', title, '--library', library)
    expect(shown.stdout).toContain('clip.mp4')
    expect(documents(await assay('case', 'show', id, '--library', library, '--json'))[0]).toMatchObject({
      case: { question: 'Who?' },
    })
    const none = await assay('case', 'show', 'Third', '--library', library)
    expect([none.status, none.stderr]).toEqual([2, expect.stringContaining('record.not-found')])
  })

  it('writes the report of a case, and overwrites nothing unasked', async () => {
    for (const [format, magic] of [
      ['pdf', '%PDF-'],
      ['html', '<!doctype html>'],
    ] as const) {
      const out = join(root, `report.${format}`)
      const args = ['report', title, '--library', library, '--format', format, '--out', out]
      const ran = await assay(...args)
      expect([ran.stderr, ran.status]).toEqual(['', 0])
      expect(readFileSync(out, 'latin1').slice(0, 20).toLowerCase()).toContain(magic.toLowerCase())
      const again = await assay(...args)
      expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('--force')])
      expect((await assay(...args, '--force')).status).toBe(0)
    }
  })

  it('begins with a template, keeps to the sections asked for, covers names and refuses what it does not know', async () => {
    const out = join(root, 'short.md')
    const names = join(root, 'names.json')
    writeFileSync(names, JSON.stringify({ names: [{ texts: ['clip'], label: 'File A', reason: 'a test' }] }))
    const args = ['report', title, '--library', library, '--format', 'md', '--out', out, '--force']
    const ran = await assay(...args, '--template', 'court', '--sections', 'method,summary', '--redact', names)
    expect([ran.stderr, ran.status]).toEqual(['', 0])
    const report = readFileSync(out, 'utf8')
    expect(report.match(/^## .*$/gm)).toEqual(['## Method', '## Summary', '## Withheld in this report'])
    expect(report).toContain('\\[File A\\].mp4')
    expect(report).not.toMatch(/\bclip\b/i)
    const unknown = await assay(...args, '--template', 'Desk Z')
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining('public, partner, court')])
    writeFileSync(names, JSON.stringify({ name: ['clip'] }))
    const wrong = await assay(...args, '--redact', names)
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('--redact')])
  })

  it('seals a case into a bundle, and verifies it like a library', async () => {
    const out = join(root, 'sealed.zip')
    const file = join(root, 'passphrase')
    writeFileSync(file, 'correct horse battery\n')
    const what = ['report', title, '--library', library, '--format', 'bundle', '--with', 'html', '--evidence', 'all']
    const ran = await assay(...what, '--passphrase-file', file, '--out', out)
    expect([ran.stderr, ran.status]).toEqual([expect.not.stringContaining('assay:'), 0])
    const key = /with the key ([0-9a-f]{64})/.exec(ran.stdout)?.[1] ?? ''
    const whole = await assay('verify', out, '--key', key)
    expect([whole.status, whole.stdout]).toEqual([0, expect.stringContaining('The bundle is whole')])
    const bytes = readFileSync(out)
    bytes[Math.floor(bytes.length / 2)]! ^= 1
    writeFileSync(out, bytes)
    const altered = await assay('verify', out)
    expect([altered.status, altered.stdout]).toEqual([2, expect.stringMatching(/^altered: data\//m)])
    const refused = await assay('verify', file)
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('bundle.not-bundle')])
  })

  it('belongs to one process at a time', async () => {
    const child = spawn(process.execPath, [ASSAY, 'serve', '--library', library], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const address = await new Promise<string>((done) =>
      child.stdout.once('data', (chunk: Buffer) => done(/http:\S+/.exec(String(chunk))?.[0] ?? '')),
    )
    const entrance = await fetch(address)
    expect(entrance.status).toBe(200)
    expect((await fetch(new URL('/', address))).status).toBe(403)
    const ran = await assay('case', 'list', '--library', library)
    expect([ran.status, ran.stderr]).toEqual([2, expect.stringContaining('store.locked')])
    child.kill('SIGTERM')
    expect(await new Promise((done) => child.on('close', done))).toBe(0)
    expect((await assay('case', 'list', '--library', library)).status).toBe(0)
  })

  it('is verified, and an altered original is found', async () => {
    const whole = await assay('verify', library, '--json')
    expect([whole.status, documents(whole)[0]]).toEqual([
      0,
      expect.objectContaining({ ok: true, evidenceChecked: 2, problems: [] }),
    ])
    const vault = join(library, 'vault')
    const original = readdirSync(vault, { recursive: true, withFileTypes: true }).find((entry) => entry.isFile())
    const path = join(original?.parentPath ?? '', original?.name ?? '')
    chmodSync(path, 0o600)
    writeFileSync(path, 'x', { flag: 'r+' })
    const altered = await assay('verify', library)
    expect([altered.status, altered.stdout]).toEqual([2, expect.stringContaining('vault-altered')])
  })

  it('can be made, and brought back from a backup', async () => {
    const folder = join(root, 'fresh')
    expect((await assay('library', 'create', folder, '--name', 'Fresh')).status).toBe(0)
    expect((await assay('library', 'create', folder)).stderr).toContain('store.exists')
    await assay('case', 'create', 'Before', '--library', folder)
    await assay('case', 'list', '--library', folder)
    const backups = documents(await assay('library', 'backups', folder, '--json'))
    expect(backups.length).toBeGreaterThan(0)
    writeFileSync(join(folder, 'library.db'), Buffer.alloc(8192, 7))
    const broken = await assay('case', 'list', '--library', folder)
    expect([broken.status, broken.stderr]).toEqual([2, expect.stringContaining('store.corrupt')])
    expect((await assay('library', 'restore', folder)).status).toBe(0)
    expect((await assay('case', 'list', '--library', folder)).status).toBe(0)
  })
})

describe('assay itself', () => {
  it('teaches by its help', async () => {
    const ran = await assay('--help')
    expect(ran.status).toBe(0)
    for (const word of ['triage', 'case', 'report', 'serve', 'verify', 'library', 'setup', 'assay triage *.mp4'])
      expect(ran.stdout).toContain(word)
    expect((await assay('triage', '--help')).stdout).toContain('Exit status')
    expect((await assay('setup', '--help')).stdout).toContain('ffmpeg')
  })

  it.each([
    [['frobnicate']],
    [['triage']],
    [['triage', 'x', '--storage', 'move']],
    [['serve', '--port', '99999']],
    [['report', 'X']],
    [['triage', 'x', '--claimed-date', 'yesterday']],
    [['case', 'list', '--library', '/nowhere/at/all']],
    [[]],
  ])('ends wrong use with 2 and a clear line: %s', async (args) => {
    const ran = await assay(...args)
    expect(ran.status).toBe(2)
    expect(ran.stdout).toBe('')
    expect(ran.stderr).not.toBe('')
    expect(ran.stderr).not.toMatch(/^\s+at /m)
  })
})
