import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findFfmpeg } from '../../main/media/ffmpeg.ts'
import { listEvidence } from '../../main/store/evidence.ts'
import { currentFinding, currentFindings } from '../../main/store/findings.ts'
import { isMatched } from '../../main/store/fingerprints.ts'
import { listJobs } from '../../main/store/jobs.ts'
import { createLibrary, openLibrary } from '../../main/store/library.ts'
import { derivativesOf, filmstripOf, mediaFacts, packetsOf, waveformOf } from '../../main/store/media.ts'
import { verifyLibrary } from '../../main/store/verify.ts'
import { processesIn } from './processes.ts'

const CLIPS = 10
const SOAK = Boolean(process.env['ASSAY_SOAK'])
const HOST_ROUNDS = SOAK ? 60 : 1
const WORKER_ROUNDS = SOAK ? 60 : 1
/** Kills in one round, before the queue is left in peace. */
const KILLS = SOAK ? 8 : 3
const HOST = join(import.meta.dirname, 'host.ts')
/** Set it to play a failed round again. */
const SEED = Number(process.env['ASSAY_SEED'] ?? 1)

let scratch: string
let clips: string[]
/** What an undisturbed run finds, by SHA-256 of the clip. */
let expected: Record<string, unknown>
/** How long that took, in milliseconds: kills fall anywhere within. */
let undisturbed: number

const seeds = (rounds: number): number[] => Array.from({ length: rounds }, (_, round) => SEED + round)

/** Uniform in [0, 1), the same for the same seed (mulberry32, public domain, T. Ettinger 2017). */
function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

function makeClips(): string[] {
  const ffmpeg = findFfmpeg()
  if (!ffmpeg) throw new Error('These tests need ffmpeg.')
  return Array.from({ length: CLIPS }, (_, index) => {
    const file = join(scratch, `clip-${index}.mp4`)
    const picture = `testsrc2=size=${160 + 16 * index}x120:rate=25:duration=2,hue=h=${36 * index}`
    const sound = index % 3 ? ['-f', 'lavfi', '-i', `sine=frequency=${200 + 50 * index}:duration=2`] : []
    const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-threads', '1', '-c:a', 'aac', '-shortest']
    execFileSync(ffmpeg, ['-v', 'error', '-y', '-f', 'lavfi', '-i', picture, ...sound, ...coding, file])
    return file
  })
}

interface Host {
  readonly process: ChildProcess
  readonly opened: Promise<unknown>
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; said: string }>
}

function startHost(library: string): Host {
  const host = spawn(process.execPath, [HOST, library, ...clips], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const { promise: opened, resolve } = Promise.withResolvers<void>()
  for (const stream of [host.stdout, host.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('opened')) resolve()
    })
  const ended = once(host, 'close').then(([code, signal]) => {
    resolve()
    return { code, signal, said } as Awaited<Host['ended']>
  })
  return { process: host, opened, ended }
}

async function finishes(library: string): Promise<void> {
  const { code, signal, said } = await startHost(library).ended
  expect({ code, signal, said }).toEqual({ code: 0, signal: null, said: 'opened\nfinished\n' })
}

function newLibrary(name: string): string {
  const folder = join(scratch, name)
  createLibrary(folder, name).close()
  return folder
}

/** Everything triage found, without ids and times that differ from library to library by design. */
async function contents(folder: string): Promise<Record<string, unknown>> {
  const lib = openLibrary(folder)
  try {
    expect(await verifyLibrary(lib)).toMatchObject({ ok: true, problems: [], evidenceChecked: CLIPS })
    expect(
      listJobs(lib)
        .map((job) => [job.subject, job.kind, job.state, job.error])
        .sort(),
    ).toEqual(clips.map((_, index) => [`clip-${index}.mp4`, 'triage', 'succeeded', null]))
    return Object.fromEntries(
      listEvidence(lib).map(({ id, sha256, acquisitions }) => [
        sha256,
        {
          arrivals: acquisitions.length,
          // What is known of footage depends on what the library held at that moment; that every item was compared does not.
          findings: currentFindings(lib, id)
            .filter(({ output }) => output.id !== 'known-footage')
            .map((finding) => ({ id: finding.id, output: finding.output })),
          compared: isMatched(lib, id),
          footageSaid: currentFinding(lib, id, 'known-footage') !== null,
          facts: mediaFacts(lib, id),
          packets: Buffer.from(packetsOf(lib, id)!).toString('base64'),
          waveform: waveformOf(lib, id),
          filmstrip: filmstripOf(lib, id),
          exhibits: derivativesOf(lib, id, 'exhibit')
            .map((made) => made.sha256)
            .sort(),
        },
      ]),
    )
  } finally {
    lib.close()
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function nothingLeftIn(folder: string): Promise<void> {
  for (let i = 0; i < 100 && processesIn(folder).length; i += 1) await pause(50)
  expect(processesIn(folder)).toEqual([])
  expect(readdirSync(join(folder, 'staging'))).toEqual([])
}

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'assay-crash-'))
  clips = makeClips()
  const folder = newLibrary('undisturbed')
  const began = performance.now()
  await finishes(folder)
  undisturbed = performance.now() - began
  expected = await contents(folder)
  for (const item of Object.values(expected)) expect(item).toMatchObject({ compared: true, footageSaid: true })
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

it('finds something in every clip when nothing goes wrong', () => {
  expect(Object.keys(expected)).toHaveLength(CLIPS)
  for (const found of Object.values(expected) as { findings: unknown[] }[])
    expect(found.findings.length).toBeGreaterThanOrEqual(4)
})

describe.skipIf(process.platform !== 'linux')('killing at any moment during a queue of ten', () => {
  it.each(seeds(HOST_ROUNDS))(
    'the host: the library opens, verifies and finishes with the same findings (seed %i)',
    async (seed) => {
      const next = random(seed)
      const folder = newLibrary(`host-${seed}`)
      let struck = 0
      for (let kill = 0; kill < KILLS; kill += 1) {
        const host = startHost(folder)
        await host.opened
        await pause((next() * undisturbed) / KILLS)
        host.process.kill('SIGKILL')
        if ((await host.ended).signal === 'SIGKILL') struck += 1
      }
      expect(struck).toBeGreaterThan(0)
      await finishes(folder)
      expect(await contents(folder)).toEqual(expected)
      await nothingLeftIn(folder)
    },
  )

  it.each(seeds(WORKER_ROUNDS))('its workers: the queue goes on and finds the same (seed %i)', async (seed) => {
    const next = random(1000 + seed)
    const folder = newLibrary(`worker-${seed}`)
    const host = startHost(folder)
    await host.opened
    let killed = 0
    while (host.process.exitCode === null && killed < KILLS) {
      await pause((next() * undisturbed) / KILLS / 2)
      // Between fork and exec a worker's ffmpeg looks like the worker: only children of the host are workers.
      const found = processesIn(folder).filter(
        ({ command, parent }) => command.endsWith('main/worker.ts') && parent === host.process.pid,
      )
      const victim = found[Math.floor(next() * found.length)]
      if (!victim) continue
      try {
        process.kill(victim.pid, 'SIGKILL')
        killed += 1
      } catch {
        // It had ended by itself.
      }
    }
    expect(killed).toBeGreaterThan(0)
    const { code, said } = await host.ended
    expect({ code, said }).toEqual({ code: 0, said: 'opened\nfinished\n' })
    expect(await contents(folder)).toEqual(expected)
    await nothingLeftIn(folder)
  })
})
