/**
 * Runs the C2PA reader in a thread of its own, because
 * - hostile bytes may make it spin, and a thread can be stopped;
 * - it looks for globals of a browser (`FileReaderSync`), which here read the open file by position and never whole;
 * - its code can fetch manifests, revocation lists and identity documents: here there is nothing to fetch with;
 * - it judges certificates by the clock: here the clock stands still, so that the same file gives the same answer.
 */
import { readFileSync, readSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { initSync, WasmReader } from '@contentauth/c2pa-wasm'
import { CHUNK, READER_SETTINGS, REFERENCE_TIME, WHOLE, type ThreadInput, type ThreadOutput } from './c2pa-protocol.ts'

const { fd, size, mime } = workerData as ThreadInput

/** What the reader takes for a Blob: a window on the open file. */
class FileWindow {
  readonly start: number
  readonly end: number
  constructor(start: number, end: number) {
    this.start = start
    this.end = end
  }
  get size(): number {
    return this.end - this.start
  }
  slice(from = 0, to = this.size): FileWindow {
    const clamp = (value: number) => Math.min(Math.max(value < 0 ? this.size + value : value, 0), this.size)
    return new FileWindow(this.start + clamp(from), this.start + Math.max(clamp(from), clamp(to)))
  }
}

/**
 * Short reads on purpose: the reader asks for 256 MB at once when it hashes a large file, and takes what it gets. A small
 * file it asks for as a whole, once, and must get as a whole. One buffer serves every read, since the reader copies it
 * before it asks again.
 */
const buffer = new ArrayBuffer(0, { maxByteLength: Math.max(CHUNK, Math.min(size, WHOLE)) })
class FileReaderSync {
  readAsArrayBuffer(window: FileWindow): ArrayBuffer {
    const whole = window.size === size && size <= WHOLE
    const length = whole ? size : Math.min(window.size, CHUNK)
    buffer.resize(length)
    const bytes = new Uint8Array(buffer)
    for (let done = 0; done < length;) {
      const read = readSync(fd, bytes, done, length - done, window.start + done)
      if (read === 0) throw new Error('the file ended early')
      done += read
    }
    return buffer
  }
}

class StandingDate extends Date {
  constructor(...parts: [] | [value: string | number]) {
    super(parts.length === 0 ? REFERENCE_TIME : parts[0])
  }
  static override now(): number {
    return REFERENCE_TIME
  }
}

Object.assign(globalThis, {
  FileReaderSync,
  Date: StandingDate,
  fetch: () => Promise.reject(new Error('offline')),
  WebSocket: undefined,
  EventSource: undefined,
})

async function readStore(): Promise<ThreadOutput> {
  try {
    const wasm = createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm')
    initSync({ module: readFileSync(wasm) })
    const reader = await WasmReader.fromBlob(mime, new FileWindow(0, size) as unknown as Blob, READER_SETTINGS)
    return { store: reader.json() }
  } catch (error) {
    return { error: String(error) }
  }
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
parentPort?.postMessage(await readStore())
