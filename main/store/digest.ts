/** SHA-256 and BLAKE3 of a file in one read, with flat memory however long it is. */
import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { createBLAKE3 } from 'hash-wasm'

export interface Digests {
  /** Lower-case hex. */
  readonly sha256: string
  readonly blake3: string
  /** Bytes that went in. */
  readonly bytes: number
}

export interface ReadOptions {
  /** Stops before the next chunk; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** Called after each chunk with the bytes read so far. */
  readonly onBytes?: (bytes: number) => void
  /** Receives each chunk before the next but one is read; valid only until the promise settles. */
  readonly write?: (chunk: Uint8Array, offset: number) => Promise<void>
  /** Reading stops after the first chunk that goes beyond this: a file that grows for ever must not be followed. */
  readonly limit: number
}

/** 1 MiB: hashing it holds the event loop for 2 to 3 ms, and larger chunks read no faster. */
const CHUNK = 1 << 20

/**
 * Reads the file from its start to its end once and hashes it on the way. Two buffers take turns, so that the disk
 * works while the processor does.
 */
export async function digestFile(handle: FileHandle, options: ReadOptions): Promise<Digests> {
  const sha256 = createHash('sha256')
  const blake3 = await createBLAKE3()
  blake3.init()
  const buffers = [Buffer.allocUnsafeSlow(CHUNK), Buffer.allocUnsafeSlow(CHUNK)] as const
  const fill = (turn: number, offset: number) => handle.read(buffers[turn % 2]!, 0, CHUNK, offset)

  let bytes = 0
  let pending = fill(0, 0)
  for (let turn = 0; ; turn += 1) {
    const { bytesRead, buffer } = await pending
    if (bytesRead === 0) break
    options.signal?.throwIfAborted()
    const chunk = buffer.subarray(0, bytesRead)
    const offset = bytes
    bytes += bytesRead
    const beyond = bytes > options.limit
    const next = beyond ? null : fill(turn + 1, bytes)
    // Should the write fail, the failure is the write's; the read under way must still end before the file is closed.
    next?.catch(() => {})
    sha256.update(chunk)
    blake3.update(chunk)
    try {
      await options.write?.(chunk, offset)
    } catch (error) {
      await next?.catch(() => {})
      throw error
    }
    options.onBytes?.(bytes)
    if (!next) break
    pending = next
  }
  return { sha256: sha256.digest('hex'), blake3: blake3.digest('hex'), bytes }
}
