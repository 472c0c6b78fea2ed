/** Blocks of what one ffmpeg writes into its pipes, read and cut by a thread of their own. */
import { Failure } from '../errors.ts'
import type { BlocksOrder, FromBlocksThread, ToBlocksThread } from './blocks-protocol.ts'
import { endThread } from './end-thread.ts'
import type { FfmpegExit } from './ffmpeg-messages.ts'
import { preparedThread } from './prepared-thread.ts'

export interface PipeBlock {
  readonly pipe: number
  /** 0, 1, 2, … of its pipe. */
  readonly index: number
  /** Valid until the taker's promise settles. */
  readonly bytes: Uint8Array
}

export interface BlocksEnd {
  readonly exit: FfmpegExit
  /** True where the last block of a pipe was incomplete and left out. */
  readonly lost: boolean
}

const threads = preparedThread('blocks-thread')
/** Starts the thread of the next `takeBlocks` beforehand. */
export const prepareBlocks = threads.prepare

/**
 * Hands out the blocks one at a time, in order within a pipe; how pipes take turns is not defined. ffmpeg runs ahead of the
 * taker by the buffers that each pipe has, and waits then. What the taker throws ends ffmpeg, and is thrown on.
 * After a cancel nothing more is handed out, even if it was decoded already.
 *
 * @throws Failure media.no-ffmpeg | job.cancelled
 */
export async function takeBlocks(
  order: BlocksOrder,
  cancelled: AbortSignal,
  take: (block: PipeBlock) => void | Promise<void>,
): Promise<BlocksEnd> {
  if (cancelled.aborted) throw new Failure('job.cancelled')
  const thread = threads.take()
  const tell = (message: ToBlocksThread, transfer: ArrayBuffer[] = []): void => thread.postMessage(message, transfer)
  const ready: Extract<FromBlocksThread, { kind: 'block' }>[] = []
  let wake: (() => void) | undefined
  let end: BlocksEnd | undefined
  let failure: Error | undefined
  thread.on('message', (message: FromBlocksThread) => {
    if (message.kind === 'block') ready.push(message)
    else if (message.kind === 'exit') end = { exit: message.exit, lost: message.lost }
    else failure = new Failure(message.code, message.detail)
    wake?.()
  })
  thread.on('error', (error: Error) => {
    failure ??= error
    wake?.()
  })
  thread.on('exit', () => {
    if (!end) failure ??= new Error('the thread that reads ffmpeg ended by itself')
    wake?.()
  })
  const stop = (): void => tell({ kind: 'stop' })
  cancelled.addEventListener('abort', stop, { once: true })
  const more = (): Promise<void> => new Promise((resolve) => (wake = resolve))
  tell({ kind: 'order', order })
  try {
    for (;;) {
      const next = ready.shift()
      if (next) {
        const { pipe, index, bytes } = next
        if (!cancelled.aborted) await take({ pipe, index, bytes })
        tell({ kind: 'buffer', pipe, index, buffer: bytes.buffer }, [bytes.buffer])
      } else if (end) return end
      else if (failure) throw failure
      else await more()
    }
  } catch (error) {
    stop()
    // Gone before the caller removes its folder.
    while (!end && !failure) await more()
    throw error
  } finally {
    cancelled.removeEventListener('abort', stop)
    await endThread(thread)
  }
}
