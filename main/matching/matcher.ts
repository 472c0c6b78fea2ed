/** The host's end of the thread that holds the catalogue: starts it, asks it, gives it fingerprints, ends it. */
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MessageChannel, Worker } from 'node:worker_threads'
import { Failure } from '../errors.ts'
import { endThread } from '../media/end-thread.ts'
import { threadEnvironment } from '../media/thread-environment.ts'
import type { ThreadData } from './matcher-thread.ts'
import type { Answers, FromThread, Hold, Opening, Request, ToThread } from './matcher-protocol.ts'

export interface Matcher {
  /** Items that the database has and the index had not. */
  readonly missing: readonly string[]
  /** What it holds, as of its last answer. */
  hold(): Hold
  /** One after the other, in the order of the calls. @throws Failure matching.stopped | MatcherRefusal */
  ask<Kind extends Request['kind']>(kind: Kind, request: Omit<Extract<Request, { kind: Kind }>, 'kind'>): Promise<Answers[Kind]> // prettier-ignore
  readonly alive: boolean
  end(): Promise<void>
}

/** The thread could not do it: the bytes are no fingerprint (`damage`), or it ran into a defect. */
export class MatcherRefusal extends Error {
  override readonly name = 'MatcherRefusal'
  readonly why: 'damage' | 'defect'

  constructor(why: 'damage' | 'defect', message: string) {
    super(message)
    this.why = why
  }
}

/**
 * @param give the stored fingerprint of an item, null where it is damaged; the thread waits for it
 * @throws Failure matching.stopped where the thread does not come up
 */
export async function startMatcher(
  opening: Opening,
  give: (evidenceId: string) => Uint8Array | null,
  onDefect: (error: unknown) => void,
): Promise<Matcher> {
  const script = fileURLToPath(new URL(`matcher-thread${extname(import.meta.url)}`, import.meta.url))
  const { port1: ours, port2: theirs } = new MessageChannel()
  const bell = new SharedArrayBuffer(4)
  const data: ThreadData = { opening, port: theirs, bell }
  const thread = new Worker(script, {
    workerData: data,
    transferList: [theirs],
    env: threadEnvironment(),
    execArgv: [],
  })
  // It must keep no program from ending.
  thread.unref()
  ours.unref()
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: unknown) => void }>()
  const opened = Promise.withResolvers<{ missing: readonly string[]; hold: Hold }>()
  let [next, alive, ending] = [1, true, false]
  let hold: Hold = { videos: 0, hashes: 0, corners: 0, listed: 0, notice: null }

  const gone = (error: unknown): void => {
    if (alive && !ending) onDefect(error)
    alive = false
    const failure = new Failure('matching.stopped')
    opened.reject(failure)
    for (const { reject } of waiting.values()) reject(failure)
    waiting.clear()
  }
  thread.on('error', gone)
  thread.on('exit', (code) => gone(new Error(`the matching thread ended with code ${code}`)))
  thread.on('message', (message: FromThread) => {
    if (message.kind === 'need') {
      // A port has no origin; the rule takes it for a window.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      ours.postMessage(give(message.id))
      const flag = new Int32Array(bell)
      Atomics.store(flag, 0, 1)
      Atomics.notify(flag, 0)
      return
    }
    if (message.kind === 'open') {
      hold = message.hold
      return opened.resolve(message)
    }
    const asked = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.kind === 'refused') asked?.reject(new MatcherRefusal(message.why, message.message))
    else {
      if ('notice' in message.value) hold = message.value
      asked?.resolve(message.value as never)
    }
  })

  const { missing } = await opened.promise
  return {
    missing,
    hold: () => hold,
    get alive() {
      return alive
    },
    ask(kind, request) {
      if (!alive) return Promise.reject(new Failure('matching.stopped'))
      return new Promise((resolve, reject) => {
        const id = next++
        waiting.set(id, { resolve, reject })
        // oxlint-disable-next-line unicorn/require-post-message-target-origin
        thread.postMessage({ id, request: { kind, ...request } as unknown as Request } satisfies ToThread)
      })
    },
    async end() {
      ending = true
      await endThread(thread)
      ours.close()
    },
  }
}
