/** Models of one's own on the command line, as a user runs it: in, looked at, run in a triage, and out again. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clipFolder, type ClipFolder } from '../fixtures/clip.ts'
import { BRIGHTNESS_CARD, brightness, filesOf, negate, someBundledModel, writeModel } from '../fixtures/model.ts'

const ASSAY = join(import.meta.dirname, '..', '..', 'scripts', 'assay.mjs')
const root = mkdtempSync(join(tmpdir(), 'assay-models-cli-'))
const library = join(root, 'library')
const BUNDLED = someBundledModel().id
let clips: ClipFolder

interface Ran {
  status: number | null
  stdout: string
  stderr: string
}

function assay(...args: string[]): Promise<Ran> {
  const env = { ...process.env, ASSAY_CONFIG_DIR: join(root, 'config'), ASSAY_LOG: join(root, 'assay.log') }
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

const documents = (ran: Ran): Record<string, unknown>[] =>
  ran.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)

beforeAll(() => {
  clips = clipFolder()
  clips.make('white.mp4', ...'-f lavfi -i color=white:s=320x240:r=25:d=4 -c:v libx264 -pix_fmt yuv420p'.split(' '))
})
afterAll(() => {
  clips.remove()
  rmSync(root, { recursive: true, force: true })
})

describe('assay models', () => {
  test('takes in a folder, and says how the trial went and what may be made of it', async () => {
    const files = { ...filesOf('brightness', brightness(), BRIGHTNESS_CARD), 'notes.txt': new Uint8Array(3) }
    const ran = await assay('models', 'add', writeModel(root, 'brightness', files), '--library', library)
    expect(ran.stderr).toContain('Left out: notes.txt')
    expect(ran.stderr).toContain('model:brightness: uncalibrated, so it is listed and never counted')
    expect(ran.stdout).toMatch(/brightness 1\.0\.0 was added\.\nTried: [\d.]+ s, [\d.]+ MB/)
    expect(ran.status).toBe(0)
  })

  test('lists it beside the bundled ones', async () => {
    const listed = documents(await assay('models', 'list', '--library', library, '--json'))
    expect(listed.find(({ id }) => id === 'brightness')).toMatchObject({
      origin: 'library',
      state: 'verified',
      usedBy: ['model:brightness'],
      calibration: null,
    })
    expect(listed.find(({ id }) => id === BUNDLED)).toMatchObject({ origin: 'bundled', state: 'verified' })
    expect((await assay('models', 'list')).stdout).not.toContain('brightness')
  })

  test('runs it in a triage as a signal of its own, listed and not counted', async () => {
    const ran = await assay('triage', join(clips.path, 'white.mp4'), '--library', library, '--json')
    const [result] = documents(ran) as { signals: Record<string, unknown>[]; priority: { notCounted: unknown[] } }[]
    const found = result!.signals.find(({ id }) => id === 'model:brightness')
    expect(found).toMatchObject({ applicability: { state: 'ran' }, calibration: null })
    expect(found!['score']).toBeGreaterThan(0.95)
    expect(result!.priority.notCounted).toContainEqual(expect.objectContaining({ signal: 'model:brightness' }))
    expect(JSON.stringify((result!.priority as { reasons?: unknown }).reasons)).not.toContain('model:brightness')
  })

  test('refuses a second one of the same id, and one that does not exist', async () => {
    const again = await assay('models', 'add', join(root, 'brightness'), '--library', library)
    expect(again).toMatchObject({ status: 2, stderr: expect.stringContaining('(model.exists)\n→ ') })
    const none = await assay('models', 'add', join(root, 'nowhere'), '--library', library)
    expect(none).toMatchObject({ status: 2, stderr: expect.stringContaining('(intake.not-found)') })
  })

  test('verify finds a model that was changed in place, and triage does not run it', async () => {
    expect((await assay('models', 'verify', 'brightness', '--library', library)).status).toBe(0)
    const path = join(library, 'models', 'brightness', 'model.onnx')
    const whole = readFileSync(path)
    rmSync(path)
    writeFileSync(path, negate())
    const ran = await assay('models', 'verify', '--library', library)
    expect(ran.status).toBe(2)
    expect(ran.stderr).toContain('brightness: model.onnx has SHA-256')
    const triaged = await assay(
      'triage',
      clips.make('black.mp4', ...'-f lavfi -i color=black:s=320x240:r=25:d=2 -c:v libx264'.split(' ')),
      '--library',
      library,
      '--json',
    )
    const [result] = documents(triaged) as { signals: Record<string, unknown>[] }[]
    expect(result!.signals.find(({ id }) => id === 'model:brightness')).toMatchObject({
      applicability: { state: 'failed', reason: expect.stringContaining('model.untrusted') },
      score: null,
    })
    writeFileSync(path, whole)
    expect((await assay('models', 'verify', 'brightness', '--library', library)).status).toBe(0)
  })

  test('removes it; the bundled ones stay', async () => {
    expect((await assay('models', 'remove', 'brightness', '--library', library)).status).toBe(0)
    expect((await assay('models', 'list', '--library', library)).stdout).not.toContain('brightness')
    const bundled = await assay('models', 'remove', BUNDLED, '--library', library)
    expect(bundled).toMatchObject({ status: 2, stderr: expect.stringContaining('(model.bundled)') })
    expect((await assay('verify', library)).status).toBe(0)
  })

  test('fetch explains how to carry a model over while the catalogue is empty', async () => {
    const ran = await assay('models', 'fetch', 'anything', '--library', library)
    expect(ran.status).toBe(2)
    expect(ran.stderr).toContain('carry it over, and run `assay models add PATH --library DIR`')
  })
})
