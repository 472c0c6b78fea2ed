import { execFileSync } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Job } from './contract/jobs.ts'
import type { RunOrder, StepName, StepResult } from './jobs/protocol.ts'
import { LIMITS, startRun, type Ending, type Run } from './jobs/run.ts'
import { forkSpawner } from './jobs/spawn-node.ts'
import { ffmpegInfo, findFfmpeg } from './media/ffmpeg.ts'
import { decodePackets } from './media/packets.ts'
import { SIGNALS } from './signals/list.ts'

const spawner = forkSpawner(new URL('./worker.ts', import.meta.url))
const MODELS = join(import.meta.dirname, '..', 'models')
// Whole decodes in real processes: as long as the integration tests have.
vi.setConfig({ testTimeout: 120_000 })

let scratch: string
let ffmpeg: string

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'assay-worker-'))
  const found = findFfmpeg()
  if (!found) throw new Error('These tests need ffmpeg.')
  ffmpeg = found
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=size=192x108:rate=25:duration=2']
const SOUND = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=2']

function clip(name: string, ...options: string[]): string {
  const file = join(scratch, name)
  execFileSync(ffmpeg, ['-v', 'error', '-y', ...options, '-threads', '1', '-shortest', file])
  return file
}

interface Outcome {
  readonly ending: Ending
  readonly stderr: string
  readonly steps: StepResult[]
  readonly words: string[]
  readonly folder: string
}

async function run(
  path: string,
  { kind = 'triage', skip = [], act }: { kind?: Job['kind']; skip?: StepName[]; act?: (run: Run) => void } = {},
): Promise<Outcome> {
  const folder = join(scratch, randomUUID())
  mkdirSync(folder)
  const bytes = readFileSync(path)
  const order: RunOrder = {
    type: 'run',
    job: { id: randomUUID(), kind },
    evidence: { path, sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, identity: null },
    folder,
    models: MODELS,
    ffmpeg: await ffmpegInfo(ffmpeg),
    threads: 1,
    skip,
  }
  const steps: StepResult[] = []
  const words: string[] = []
  const started = startRun(
    spawner,
    order,
    {
      onPlan: () => {},
      onProgress: (progress) => {
        words.push(progress.words)
        act?.(started)
      },
      onStep: async (result) => void steps.push(result),
    },
    LIMITS,
  )
  return { ...(await started.ended), steps, words, folder }
}

const findingsOf = (steps: readonly StepResult[]) => steps.flatMap((step) => ('signals' in step ? step.signals : []))
const stepOf = <S extends StepName>(steps: readonly StepResult[], name: S) =>
  steps.find((step) => step.step === name) as Extract<StepResult, { step: S }>

describe('triage', () => {
  it('reports facts, packets, every signal, a filmstrip and the sound, step by step', async () => {
    const path = clip('both.mp4', ...PICTURE, ...SOUND, '-c:v', 'libx264', '-c:a', 'aac')
    const { ending, steps, words, folder, stderr } = await run(path)
    expect({ ending, stderr }).toEqual({ ending: { how: 'completed' }, stderr: '' })
    expect(steps.map(({ step }) => step)).toEqual(['probe', 'container-signals', 'decode-signals'])
    const probe = stepOf(steps, 'probe')
    expect(probe.facts.video[0]).toMatchObject({ width: 192, height: 108 })
    expect(decodePackets(probe.packets).size).toHaveLength(50)
    expect(
      findingsOf(steps)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(SIGNALS.map(({ id }) => id).sort())
    expect(findingsOf(steps).filter(({ applicability }) => applicability.state === 'failed')).toEqual([])
    const decoded = stepOf(steps, 'decode-signals')
    expect(decoded.filmstrip!.tiles).toBeGreaterThan(4)
    expect(Math.max(...decoded.waveform!.peaks)).toBeGreaterThan(0.05)
    for (const { file, sha256 } of decoded.files)
      expect(
        createHash('sha256')
          .update(readFileSync(join(folder, file)))
          .digest('hex'),
      ).toBe(sha256)
    expect(words).toContain('reading packets')
    expect(Object.keys(decoded.timings)).toContain('decode')
  })

  it('gives the same findings twice', async () => {
    const path = clip('twice.mp4', ...PICTURE, ...SOUND)
    const [first, second] = [await run(path), await run(path)]
    expect(findingsOf(second.steps)).toEqual(findingsOf(first.steps))
    expect(stepOf(second.steps, 'decode-signals').filmstrip).toEqual(stepOf(first.steps, 'decode-signals').filmstrip)
  })

  it('does not send what is committed already', async () => {
    const path = clip('rest.mp4', ...PICTURE)
    const { ending, steps } = await run(path, { skip: ['probe', 'container-signals'] })
    expect(ending).toEqual({ how: 'completed' })
    expect(steps.map(({ step }) => step)).toEqual(['decode-signals'])
  })

  it('takes a file with sound only, and one without', async () => {
    const spoken = await run(clip('sound.mka', ...SOUND))
    expect(spoken.ending).toEqual({ how: 'completed' })
    expect(stepOf(spoken.steps, 'decode-signals')).toMatchObject({
      filmstrip: null,
      waveform: { peaks: expect.any(Array) },
    })
    const silent = await run(clip('silent.mkv', ...PICTURE))
    expect(stepOf(silent.steps, 'decode-signals')).toMatchObject({ waveform: null, filmstrip: { tileHeight: 90 } })
  })

  it('keeps what it read of the container when the pictures cannot be decoded', async () => {
    const path = clip('cut.mkv', ...PICTURE, '-c:v', 'libx264')
    truncateSync(path, Math.floor(statSync(path).size / 3))
    const { ending, steps } = await run(path)
    expect(steps.map(({ step }) => step)).toContain('container-signals')
    // What is left of the file may or may not give frames; either way it is said.
    if (ending.how !== 'completed')
      expect(ending).toMatchObject({ how: 'failed', untrustedError: { code: 'media.unreadable' } })
  })

  it('says that a stored original was altered', async () => {
    const path = clip('altered.mp4', ...PICTURE)
    const started = run(path)
    truncateSync(path, statSync(path).size - 1)
    expect((await started).ending).toMatchObject({ how: 'failed', untrustedError: { code: 'vault.altered' } })
  })

  it('leaves nothing running when it is cancelled in the middle', async () => {
    const path = clip(
      'long.mp4',
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=640x360:rate=25:duration=20',
      '-preset',
      'ultrafast',
    )
    let asked = 0
    const { ending, steps } = await run(path, {
      act(run) {
        asked += 1
        if (asked === 3) run.cancel()
      },
    })
    expect(ending).toEqual({ how: 'cancelled' })
    expect(steps.map(({ step }) => step)).not.toContain('decode-signals')
  })
})

describe('a copy for viewing', () => {
  it('is made of what a browser cannot play', async () => {
    const path = clip('old.avi', ...PICTURE, ...SOUND, '-c:v', 'mpeg2video', '-c:a', 'mp2')
    const { ending, steps, folder } = await run(path, { kind: 'proxy' })
    expect(ending).toEqual({ how: 'completed' })
    const [made] = stepOf(steps, 'proxy').files
    expect(made).toMatchObject({ role: 'proxy', mime: 'video/mp4' })
    expect(readdirSync(folder)).toEqual([made!.file])
    const again = await run(join(folder, made!.file))
    expect(stepOf(again.steps, 'probe').facts).toMatchObject({
      playsInBrowser: true,
      video: [{ width: 192, height: 108 }],
    })
  })
})
