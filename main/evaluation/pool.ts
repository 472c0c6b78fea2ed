/** A few worker processes that take evaluation tasks one after the other; one that fails or hangs costs one task. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FAILURES, type FailureReport } from '../errors.ts'
import { forkSpawner } from '../jobs/spawn-node.ts'
import type { WorkerHandle } from '../jobs/spawner.ts'
import { FromEvaluator, type Task } from './protocol.ts'

const LIMITS = {
  /** Longest time for one file and copy, milliseconds. */
  taskMs: 15 * 60_000,
  /** Resident memory of a worker; ffmpeg has its own limit. */
  residentBytes: 1.5 * 2 ** 30,
  watchMs: 500,
  /** For the last words of a worker that is told to end. */
  leaveMs: 3000,
}

const WORKER = new URL('./worker.ts', import.meta.url)

export type Order = Omit<Task, 'type' | 'id' | 'folder'>
export type Answer = FromEvaluator['answer'] | { readonly error: FailureReport }

export interface Pool {
  /** Never rejects: what went wrong is in the answer. */
  run(order: Order): Promise<Answer>
  close(): Promise<void>
}

export async function openPool(size: number): Promise<Pool> {
  const home = await mkdtemp(join(tmpdir(), 'assay-evaluate-'))
  const idle = Array.from({ length: size }, () => new Seat(home))
  const seats = [...idle]
  const waiting: ((seat: Seat) => void)[] = []
  const seat = (): Promise<Seat> => {
    const free = idle.pop()
    return free ? Promise.resolve(free) : new Promise((resolve) => waiting.push(resolve))
  }
  return {
    async run(order) {
      const taken = await seat()
      try {
        return await taken.run(order)
      } finally {
        const next = waiting.shift()
        if (next) next(taken)
        else idle.push(taken)
      }
    },
    async close() {
      await Promise.all(seats.map((one) => one.close()))
      await rm(home, { recursive: true, force: true })
    },
  }
}

let count = 0

/** One place for a worker; the process is started when first needed, and again after it was lost. */
class Seat {
  readonly #home: string
  #worker: WorkerHandle | null = null
  #settle: ((answer: Answer) => void) | null = null
  #task = 0

  constructor(home: string) {
    this.#home = home
  }

  async run(order: Order): Promise<Answer> {
    const folder = await mkdtemp(join(this.#home, 'task-'))
    const id = (this.#task = ++count)
    const worker = (this.#worker ??= this.#start())
    const answered = new Promise<Answer>((resolve) => (this.#settle = resolve))
    const lose = (detail: string): void => {
      worker.kill()
      this.#lost(worker, detail)
    }
    const timer = setTimeout(() => lose('It took too long.'), LIMITS.taskMs)
    const watch = setInterval(() => {
      if ((worker.residentBytes() ?? 0) > LIMITS.residentBytes) lose('It took too much memory.')
    }, LIMITS.watchMs)
    worker.send({ ...order, type: 'task', id, folder } satisfies Task)
    const answer = await answered
    clearTimeout(timer)
    clearInterval(watch)
    await rm(folder, { recursive: true, force: true }).catch(() => {})
    return answer
  }

  #start(): WorkerHandle {
    const worker = forkSpawner(WORKER).start({ folder: this.#home })
    worker.onMessage((untrusted) => {
      const message = FromEvaluator.safeParse(untrusted)
      if (!message.success) {
        worker.kill()
        this.#lost(worker, 'It said something that no worker of Assay says.')
      } else if (message.data.id === this.#task) this.#settle?.(message.data.answer)
    })
    worker.onExit(({ stderr }) => this.#lost(worker, stderr.trim().split('\n').at(-1) ?? ''))
    return worker
  }

  #lost(worker: WorkerHandle, detail: string): void {
    if (this.#worker !== worker) return
    this.#worker = null
    const { message, remedy, retryable } = FAILURES['worker.crashed']
    this.#settle?.({ error: { code: 'worker.crashed', message, remedy, retryable, detail } })
  }

  async close(): Promise<void> {
    const worker = this.#worker
    this.#worker = null
    if (!worker) return
    worker.send({ type: 'cancel' })
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        worker.kill()
        resolve()
      }, LIMITS.leaveMs)
      worker.onExit(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }
}
