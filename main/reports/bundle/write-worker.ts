/**
 * Writes one bundle in a thread of its own: the payload in the order given, then the manifests over what was truly
 * written, then the signature over those. Each original is read once, hashed on the way, and must have its hash.
 */
import { createHash, sign, type KeyObject } from 'node:crypto'
import { createWriteStream, fdatasync, type WriteStream } from 'node:fs'
import { createRequire } from 'node:module'
import { extname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { crc32, deflateRawSync } from 'node:zlib'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { ZipFile } from 'yazl'
import { Failure, type FailureCode } from '../../errors.ts'
import type { EvidenceFile } from '../../jobs/protocol.ts'
import { DECLARATION, PAYLOAD, SIGNATURE, TAGS, writeManifest } from '../verify/bag.ts'
import { LIMITS } from '../verify/zip.ts'
import { signedBytes, writeSignature, type Statement } from '../verify/signature.ts'
import { failureOf } from './disk-failure.ts'
import type { Planned } from './plan.ts'
import type { FromReader, ToReader } from './read-worker.ts'

export interface WriteOrder {
  /** Must not exist. */
  readonly target: string
  /** The one folder at the top of the archive. */
  readonly folder: string
  readonly madeAt: string
  readonly payload: readonly Planned[]
  /** Tag files beside the manifests: bag-info.txt, README.txt, the verifiers. */
  readonly tags: readonly { readonly path: string; readonly bytes: Uint8Array }[]
  readonly statement: Omit<Statement, 'tagManifest'>
  readonly key: { readonly fingerprint: string; readonly publicKey: Uint8Array; readonly privateKey: KeyObject }
}
export type FromWriter =
  | { readonly type: 'progress'; readonly done: number }
  | { readonly type: 'done'; readonly tagManifest: string; readonly bytes: number }
  | { readonly type: 'failed'; readonly code: FailureCode; readonly detail: string }

/** yazl counts CRC-32 over a table in JavaScript, which alone is slower than a disk; Node has it in native code. */
function countNatively(): void {
  const fromYazl = createRequire(createRequire(import.meta.url).resolve('yazl'))
  const table = fromYazl('buffer-crc32') as { unsigned(bytes: Uint8Array, before?: number): number }
  table.unsigned = (bytes, before) => crc32(bytes, before ?? 0)
}
countNatively()

const order = workerData as WriteOrder
const reader = new Worker(fileURLToPath(new URL(`read-worker${extname(import.meta.url)}`, import.meta.url)), {
  execArgv: [],
})

const send = (message: FromWriter): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  parentPort!.postMessage(message)
}
const ask = (message: ToReader): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  reader.postMessage(message)
}

async function write(): Promise<{ tagManifest: string; bytes: number }> {
  const zip = new ZipFile()
  const output = createWriteStream(order.target, { flags: 'wx', mode: 0o644, highWaterMark: 8 << 20, flush: true })
  const settle = early(output)
  const written = pipeline(zip.outputStream, output)
  // Whatever fails first, the others are told: a broken disk while a file is read, and the other way round.
  written.catch(() => {})
  const failed = new Promise<never>((_, reject) => {
    zip.on('error', reject)
    written.catch(reject)
  })
  failed.catch(() => {})
  const mtime = new Date(order.madeAt)
  const common = { mtime, mode: 0o100644, forceDosTimestamp: true }
  const put = (path: string, bytes: Uint8Array): string => {
    zip.addBuffer(Buffer.from(bytes), `${order.folder}/${path}`, { ...common, compress: worthPacking(bytes) })
    return sha256(bytes)
  }

  const tags = new Map<string, string>()
  tags.set('bagit.txt', put('bagit.txt', Buffer.from(DECLARATION)))
  for (const { path, bytes } of order.tags) tags.set(path, put(path, bytes))
  const payload = new Map<string, string>()
  let done = 0
  for (const planned of order.payload) {
    if ('bytes' in planned) payload.set(planned.path, put(planned.path, planned.bytes))
    else {
      const { path, file } = planned
      const ended = Promise.withResolvers<void>()
      zip.addReadStreamLazy(`${order.folder}/${path}`, { ...common, compress: false, size: file.size }, (give) => {
        const stream = Readable.from(
          parts(file, path, (count) => {
            send({ type: 'progress', done: (done += count) })
            settle()
          }),
          { objectMode: false, highWaterMark: 4 << 20 },
        )
        stream.once('error', ended.reject)
        stream.once('end', ended.resolve)
        give(null, stream)
      })
      await Promise.race([ended.promise, failed])
      payload.set(path, file.sha256)
    }
  }
  tags.set(PAYLOAD, put(PAYLOAD, Buffer.from(writeManifest(payload))))
  const list = Buffer.from(writeManifest(tags))
  const tagManifest = put(TAGS, list)
  put(SIGNATURE, Buffer.from(signature(tagManifest)))
  zip.end()
  await written
  return { tagManifest, bytes: output.bytesWritten }
}

/** Bytes after which the disk is asked to keep what it has. */
const SETTLE = 32 << 20

/**
 * The system keeps written bytes in memory for as long as it can, and the disk would begin when the archive is complete.
 * Asked now and then, it works from the start. What it answers does not matter: the end of the file is flushed for good.
 */
function early(output: WriteStream): () => void {
  let [fd, since, busy] = [-1, 0, false]
  output.once('open', (opened) => (fd = opened))
  output.once('close', () => (fd = -1))
  return () => {
    if (fd < 0 || busy || output.bytesWritten - since < SETTLE) return
    since = output.bytesWritten
    busy = true
    fdatasync(fd, () => (busy = false))
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** A verifier takes what grows beyond measure for a bomb; such a file is stored as it is. */
const worthPacking = (bytes: Uint8Array): boolean =>
  bytes.length < LIMITS.ratioFrom || deflateRawSync(bytes, { level: 1 }).length * LIMITS.ratio > bytes.length * 2

function signature(tagManifest: string): string {
  const { fingerprint, publicKey, privateKey } = order.key
  const statement = JSON.stringify({ ...order.statement, tagManifest } satisfies Statement)
  return writeSignature({
    format: 'assay-signature',
    version: 1,
    algorithm: 'Ed25519',
    publicKey: Buffer.from(publicKey).toString('base64'),
    fingerprint,
    statement,
    signature: sign(null, signedBytes(statement), privateKey).toString('base64'),
  })
}

/** The bytes of a file, as the reading thread sends them. @throws Failure vault.altered where they are not the recorded ones */
async function* parts(file: EvidenceFile, path: string, onBytes: (count: number) => void): AsyncGenerator<Uint8Array> {
  const waiting: FromReader[] = []
  let wake = (): void => {}
  const listen = (message: FromReader): void => {
    waiting.push(message)
    wake()
  }
  reader.on('message', listen)
  ask({ type: 'read', file })
  try {
    for (;;) {
      const message = waiting.shift()
      if (!message) await new Promise<void>((resolve) => (wake = resolve))
      else if (message.type === 'part') {
        yield message.bytes
        onBytes(message.bytes.length)
        ask({ type: 'more' })
      } else if (message.type === 'failed') throw new Failure('vault.altered', `${path} ${message.why}.`)
      else if (message.sha256 !== file.sha256)
        throw new Failure('vault.altered', `${path} has the SHA-256 ${message.sha256}; ${file.sha256} is recorded.`)
      else return
    }
  } finally {
    reader.off('message', listen)
  }
}

// Last, when everything above is there.
try {
  send({ type: 'done', ...(await write()) })
} catch (error) {
  const failure = failureOf(error)
  if (!failure) throw error
  send({ type: 'failed', code: failure.code, detail: failure.detail ?? '' })
} finally {
  await reader.terminate()
}
