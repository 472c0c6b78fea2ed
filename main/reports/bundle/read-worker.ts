/**
 * Reads files one after the other and hashes them, in a thread of its own: writing the archive keeps another core busy
 * with its checksums, and both together would be slower than the disk.
 */
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { parentPort } from 'node:worker_threads'
import type { EvidenceFile } from '../../jobs/protocol.ts'

export type ToReader = { readonly type: 'read'; readonly file: EvidenceFile } | { readonly type: 'more' }
export type FromReader =
  | { readonly type: 'part'; readonly bytes: Uint8Array }
  | { readonly type: 'end'; readonly sha256: string }
  | { readonly type: 'failed'; readonly why: string }

const CHUNK = 1 << 20
/** Parts on their way at once: what bounds the memory. */
const AHEAD = 8

let free = AHEAD
let wake = (): void => {}
parentPort!.on('message', (message: ToReader) => {
  if (message.type === 'more') {
    free += 1
    wake()
  } else
    read(message.file).catch((error: NodeJS.ErrnoException) =>
      send({ type: 'failed', why: `cannot be read (${error.code ?? error.message})` }),
    )
})

function send(message: FromReader, transfer: ArrayBuffer[] = []): void {
  // A thread's port has no origin; the rule takes it for a window.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  parentPort!.postMessage(message, transfer)
}

async function read({ path, size, identity }: EvidenceFile): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  try {
    const now = await handle.stat({ bigint: true })
    const same = !identity || (identity.dev === String(now.dev) && identity.ino === String(now.ino))
    if (!now.isFile() || !same) return send({ type: 'failed', why: 'is another file now' })
    if (Number(now.size) !== size) return send({ type: 'failed', why: `has ${now.size} bytes, not ${size}` })
    const hash = createHash('sha256')
    for (let done = 0; done < size;) {
      while (free === 0) await new Promise<void>((resolve) => (wake = resolve))
      const { bytesRead, buffer } = await handle.read(new Uint8Array(Math.min(CHUNK, size - done)), 0)
      if (bytesRead === 0) return send({ type: 'failed', why: `ends after ${done} bytes` })
      done += bytesRead
      const bytes = buffer.subarray(0, bytesRead)
      hash.update(bytes)
      free -= 1
      send({ type: 'part', bytes }, [buffer.buffer])
    }
    send({ type: 'end', sha256: hash.digest('hex') })
  } finally {
    await handle.close()
  }
}
