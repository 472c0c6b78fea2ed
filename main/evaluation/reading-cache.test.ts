import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SignalOutput } from '../contract/signals.ts'
import type { Reading } from './protocol.ts'
import { readingCache } from './reading-cache.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-readings-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const reading = (state: SignalOutput['applicability']['state'] = 'ran', models: string[] = []): Reading => ({
  output: {
    id: 'model:a',
    version: '1.0.0+1',
    applicability: { state, reason: '' },
    score: state === 'ran' ? 0.25 : null,
    calibration: null,
    segments: [],
    observations: [],
    tracks: [],
    evidence: [],
    explanation: '',
    knownFailures: [],
    provenance: { model: null, parameters: {}, ffmpeg: 'build', seed: 0 },
  },
  models,
  domain: { 'face height, px': 96 },
})
const key = { sha256: 'ab'.repeat(32), copy: 'clean', signal: 'model:a', version: '1.0.0+1' }
const prints = new Map([['a', 'hash:1']])

test('what was read comes back, domain and all', async () => {
  const cache = readingCache(folder, 'build')
  expect(await cache.get(key, prints)).toBeNull()
  await cache.put(key, prints, { kind: 'video', reading: reading('ran', ['a']) })
  expect(await cache.get(key, prints)).toEqual({ kind: 'video', reading: reading('ran', ['a']) })
})

test('another file, copy, version, model or ffmpeg is read anew', async () => {
  const cache = readingCache(folder, 'build')
  await cache.put(key, prints, { kind: 'video', reading: reading('ran', ['a']) })
  for (const other of [{ sha256: 'cd'.repeat(32) }, { copy: 'x264-crf35' }, { version: '1.0.1+1' }, { signal: 'b' }])
    expect(await cache.get({ ...key, ...other }, prints)).toBeNull()
  expect(await cache.get(key, new Map([['a', 'hash:2']]))).toBeNull()
  expect(await cache.get(key, new Map())).toBeNull()
  expect(await readingCache(folder, 'newer build').get(key, prints)).toBeNull()
})

test('a failure is not kept, and a damaged entry is read anew', async () => {
  const cache = readingCache(folder, 'build')
  const failed = { ...key, copy: 'hevc-crf32' }
  await cache.put(failed, prints, { kind: 'video', reading: reading('failed') })
  expect(await cache.get(failed, prints)).toBeNull()
  const damaged = { ...key, copy: 'half' }
  await cache.put(damaged, prints, { kind: 'video', reading: reading() })
  const home = join(folder, 'ab', key.sha256, 'half')
  const [name] = await readdir(home)
  await writeFile(join(home, name!), '{"format":"assay-reading-1","ffmpeg":"build"')
  expect(await cache.get(damaged, prints)).toBeNull()
})

test('no name of a signal leads out of the folder', async () => {
  const cache = readingCache(folder, 'build')
  await cache.put({ ...key, copy: 'names', signal: '../../../x/y' }, prints, { kind: 'sound', reading: reading() })
  expect(await readdir(join(folder, 'ab', key.sha256, 'names'))).toEqual(['.._.._.._x_y@1.0.0+1.json'])
})
