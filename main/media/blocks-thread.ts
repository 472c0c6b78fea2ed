/**
 * Runs ffmpeg and cuts what it writes into blocks, in a thread of its own. Where the reader is busy with one block, ffmpeg
 * goes on with the next ones: in one thread both would take turns, and a second core would stand idle.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { Failure } from '../errors.ts'
import { BlockReader, type Block } from './block-reader.ts'
import type { BlocksOrder, FromBlocksThread, ToBlocksThread } from './blocks-protocol.ts'
import { spawnFfmpeg } from './spawn.ts'

const { task, blocks } = workerData as BlocksOrder
const port = parentPort!
const tell = (message: FromBlocksThread, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer)
const stopped = new AbortController()
/** Blocks that are out, per pipe, by their number. */
const out = blocks.map(() => new Map<number, Block>())

port.on('message', (message: ToBlocksThread) => {
  if (message.kind === 'stop') return stopped.abort()
  const block = out[message.pipe]?.get(message.index)
  out[message.pipe]?.delete(message.index)
  block?.release(new Uint8Array(message.buffer))
})

try {
  const running = await spawnFfmpeg({ ...task, cancelled: stopped.signal })
  const readers = running.pipes.map(
    (readable, pipe) =>
      new BlockReader(readable, {
        ...blocks[pipe]!,
        onBlock(block) {
          out[pipe]!.set(block.index, block)
          const bytes = block.bytes as Uint8Array<ArrayBuffer>
          tell({ kind: 'block', pipe, index: block.index, bytes }, [bytes.buffer])
        },
      }),
  )
  const exit = await running.exit
  // Nobody gives buffers back to a decode that was stopped.
  if (!exit.stopped) await Promise.all(readers.map(({ ended }) => ended))
  tell({ kind: 'exit', exit, lost: readers.some(({ lost }) => lost > 0) })
} catch (error) {
  if (!(error instanceof Failure)) throw error
  tell({ kind: 'failed', code: error.code, detail: error.detail })
}
port.close()
