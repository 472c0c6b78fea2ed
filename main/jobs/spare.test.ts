import { existsSync, readdirSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { jobById } from '../store/jobs.ts'
import { testLibrary, type TestLibrary } from './fixtures/library.ts'
import { NO_FFMPEG } from './fixtures/no-ffmpeg.ts'
import { descendants } from './process-tree.ts'
import { createQueue } from './queue.ts'
import { createSpare } from './spare.ts'
import { forkSpawner } from './spawn-node.ts'
import type { Spawner, WorkerHandle } from './spawner.ts'

const real = forkSpawner(new URL('./fixtures/worker.ts', import.meta.url))

let at: TestLibrary
let started: { folder: string; worker: WorkerHandle; told: boolean }[]
const spawner: Spawner = {
  start(options) {
    const worker = real.start(options)
    const one = { folder: options.folder, worker, told: false }
    started.push(one)
    return {
      ...worker,
      onExit: (receive) =>
        worker.onExit((exit) => {
          one.told = true
          receive(exit)
        }),
    }
  },
}
beforeEach(() => {
  at = testLibrary()
  started = []
})
afterEach(() => at.remove())

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 15_000; !condition();) {
    if (Date.now() > end) throw new Error('it never came')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
const gone = ({ worker }: { worker: WorkerHandle }): boolean =>
  !descendants(process.pid).some(({ pid }) => pid === worker.pid)

it('gives the next job the worker that waits, and leaves nothing behind', async () => {
  const item = at.addItem('completes.mp4')
  const options = { spawner, ffmpeg: () => Promise.resolve(NO_FFMPEG), models: `completes ${at.scratch}` }
  const queue = createQueue(at.lib, options)
  queue.expect()
  queue.expect()
  await until(() => started.length > 0)
  const { id } = queue.enqueue('triage', item.id)
  await queue.idle()
  expect(jobById(at.lib, id).state).toBe('succeeded')
  expect(started).toHaveLength(1)
  await queue.close()
  expect(readdirSync(at.lib.paths.staging)).toEqual([])
})

it('starts another where the one that waited has died', async () => {
  const spare = createSpare(at.lib, spawner)
  spare.warm()
  await until(() => started.length > 0)
  const [first] = started
  first!.worker.kill()
  await until(() => first!.told)
  const { folder } = await spare.take()
  expect(folder).not.toBe(first!.folder)
  expect(existsSync(first!.folder)).toBe(false)
})

it('ends a worker that nobody needed, in its time or with the library', async () => {
  const impatient = createSpare(at.lib, spawner, 50)
  impatient.warm()
  await until(() => started.length > 0 && !existsSync(started[0]!.folder))
  const patient = createSpare(at.lib, spawner)
  patient.warm()
  await until(() => started.length > 1)
  await patient.close()
  for (const { folder } of started) expect(existsSync(folder)).toBe(false)
  for (const one of started) expect(gone(one)).toBe(true)
})
