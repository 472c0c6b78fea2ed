/**
 * Makes an encrypted zip of a finished one, file by file, in a thread of its own: WinZip's AES-256 (AE-2), which 7-Zip,
 * bsdtar and WinZip open. Names, sizes and the number of files stay readable, as the format has it.
 */
import { createWriteStream } from 'node:fs'
import { Writable } from 'node:stream'
import { parentPort, workerData } from 'node:worker_threads'
import { configure, ZipWriter } from '@zip.js/zip.js/index-native.js'
import { openPackage } from '../verify/node-tools.ts'
import { failureOf } from './disk-failure.ts'
import type { FromWriter } from './write-worker.ts'

export interface EncryptOrder {
  /** The finished bundle. */
  readonly source: string
  /** Must not exist. */
  readonly target: string
  readonly passphrase: string
  readonly madeAt: string
}

/** Small files are packed; originals, which no packing makes smaller, are not. Bytes. */
const PACKED_UP_TO = 2 ** 20

configure({ useWebWorkers: false })

const order = workerData as EncryptOrder
const send = (message: Exclude<FromWriter, { type: 'done' }> | { type: 'encrypted'; bytes: number }): void => {
  // A thread's port has no origin; the rule takes it for a window.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  parentPort!.postMessage(message)
}

async function encrypt(): Promise<number> {
  const opened = await openPackage(order.source)
  try {
    const output = createWriteStream(order.target, { flags: 'wx', mode: 0o644, highWaterMark: 4 << 20, flush: true })
    const zip = new ZipWriter(Writable.toWeb(output) as WritableStream<Uint8Array>, {
      password: order.passphrase,
      encryptionStrength: 3,
      keepOrder: true,
      extendedTimestamp: false,
      lastModDate: new Date(order.madeAt),
      versionMadeBy: 0x033f,
      externalFileAttributes: 0o100644 * 2 ** 16,
    })
    let done = 0
    for (const file of opened.contents.files) {
      async function* counted(): AsyncGenerator<Uint8Array> {
        for await (const part of file.read()) {
          yield part
          send({ type: 'progress', done: (done += part.length) })
        }
      }
      await zip.add(file.path, ReadableStream.from(counted()) as ReadableStream<Uint8Array>, {
        level: file.size > PACKED_UP_TO ? 0 : 6,
      })
    }
    await zip.close()
    return output.bytesWritten
  } finally {
    await opened.close()
  }
}

// Last, when everything above is there.
try {
  send({ type: 'encrypted', bytes: await encrypt() })
} catch (error) {
  const failure = failureOf(error)
  if (!failure) throw error
  send({ type: 'failed', code: failure.code, detail: failure.detail ?? '' })
}
