import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { earlySpawner } from './spawn-early.ts'
import type { Spawner, WorkerExit, WorkerHandle } from './spawner.ts'

/** Workers that end when they are told to. */
function workers() {
  const started: { folder: string; killed: boolean; end(): void }[] = []
  const spawner: Spawner = {
    start({ folder }) {
      let listener: ((exit: WorkerExit) => void) | undefined
      const end = (): void => listener?.({ code: 0, signal: null, stderr: '' })
      const one = { folder, killed: false, end }
      started.push(one)
      const kill = (): void => {
        one.killed = true
        end()
      }
      const handle: WorkerHandle = {
        pid: started.length,
        ownGroup: true,
        send() {},
        onMessage() {},
        onExit: (receive) => void (listener = receive),
        residentBytes: () => null,
        terminate: kill,
        kill,
      }
      return handle
    },
  }
  return { spawner, started }
}

it('hands out the worker that was started, then starts others where it is told', () => {
  const { spawner, started } = workers()
  const early = earlySpawner(spawner)
  expect(existsSync(started[0]!.folder)).toBe(true)
  let told = 0
  const first = early.start({ folder: '/job-1' })
  first.onExit(() => (told += 1))
  expect([first.pid, started.length]).toEqual([1, 1])
  expect(early.start({ folder: '/job-2' }).pid).toBe(2)
  expect(started[1]!.folder).toBe('/job-2')
  early.close()
  expect(started[0]!.killed, 'a worker that was asked for is its asker’s to end').toBe(false)
  started[0]!.end()
  expect([told, existsSync(started[0]!.folder)]).toEqual([1, false])
})

it('ends a worker that nobody asked for, and hands out none that is gone', () => {
  const { spawner, started } = workers()
  const early = earlySpawner(spawner)
  early.close()
  expect([started[0]!.killed, existsSync(started[0]!.folder)]).toEqual([true, false])
  expect(early.start({ folder: '/job' }).pid).toBe(2)
})
