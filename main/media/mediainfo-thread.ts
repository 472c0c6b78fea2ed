/**
 * Runs MediaInfo (WebAssembly) over an open file, in a thread of its own: what hangs there is ended from outside, and
 * what runs wild hits the bound on its memory. It loads at once, takes
 * one message, the order, and sends one: the JSON report, or null where it gave up.
 */
import { readSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { mediaInfoFactory } from 'mediainfo.js'
import type { MediaInfoOrder } from './mediainfo.ts'

const PAGE = 65_536
/** Most memory of the WebAssembly instance, pages of 64 KiB: 512 MiB. */
const MAX_PAGES = 8192
/** Most bytes read of one file. MediaInfo reads heads, tails and samples; only damaged files make it read on. */
const MAX_READ = 512 * 2 ** 20
const CHUNK = 256 * 1024

interface Memory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}
const { Memory } = (globalThis as unknown as { WebAssembly: { Memory: { prototype: Memory } } }).WebAssembly

// The instance asks for memory through this method. A thread has globals of its own: nothing else is bounded by it.
const grow = Memory.prototype.grow
Memory.prototype.grow = function (this: Memory, pages: number): number {
  if (this.buffer.byteLength / PAGE + pages > MAX_PAGES) throw new RangeError('memory bound reached')
  return grow.call(this, pages)
}

const loading = mediaInfoFactory({ format: 'JSON', chunkSize: CHUNK })
// Whoever waits for it is told.
loading.catch(() => {})

async function analyse({ fd, size }: MediaInfoOrder): Promise<string> {
  const mediaInfo = await loading
  let total = 0
  return mediaInfo.analyzeData(size, (length, offset) => {
    // A fresh array each time: the instance may keep what it was given.
    const bytes = new Uint8Array(length)
    if (total > MAX_READ) return bytes.subarray(0, 0)
    const read = readSync(fd, bytes, 0, length, offset)
    total += read
    return bytes.subarray(0, read)
  })
}

parentPort?.once('message', async (order: MediaInfoOrder) =>
  // A thread's port has no origin; the rule takes it for a window.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  parentPort?.postMessage(await analyse(order).catch(() => null)),
)
