/**
 * The index on disk, so that it need not be built again at every start. It is a copy: whatever is wrong with the file,
 * the index is rebuilt from the database. Layout, in the byte order of the machine that wrote it:
 *
 *     header   224 bytes, see `HEADER`
 *     hashes   count × 32 bytes
 *     removed  one bit an entry, in whole 32-bit words
 *     buckets  when any entry is sorted: 16 × 65,537 starts, then 16 × sorted entry numbers, all 32 bits
 *
 * The header carries the SHA-256 of all that follows it, and its own. `source` says for which state of the database the
 * index was written; only the caller knows what it means.
 */
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HASH_BYTES } from './brute-force.ts'
import { SLOTS, VALUES, noBuckets, type Buckets } from './buckets.ts'
import { HammingIndex } from './hamming-index.ts'
import { HashMemory, MOST_ENTRIES } from './hash-memory.ts'

const MAGIC = 'ASSAYHIX'
const VERSION = 1
/** Reads as another number where the byte order is another. */
const BYTE_ORDER = 0x01020304
const HEADER = {
  magic: 0,
  /** Five 32-bit numbers: version, byte order, count, sorted, bytes of the source. */
  numbers: 8,
  source: 32,
  bodyHash: 160,
  headerHash: 192,
  bytes: 224,
} as const
export const MOST_SOURCE_BYTES = HEADER.bodyHash - HEADER.source
/** What is read, written and hashed in one go: a few milliseconds. */
const CHUNK = 4 << 20

export type ReadIndex =
  | { readonly state: 'read'; readonly index: HammingIndex; readonly source: string }
  | { readonly state: 'missing' }
  | { readonly state: 'damaged'; readonly reason: string }

/**
 * Writes the index beside `file` and renames it over it when it is safely on the disk, so that a crash leaves the old
 * file or the new one. One call at a time for one file. What is added meanwhile is left out.
 */
export async function writeIndexFile(file: string, index: HammingIndex, source: string): Promise<void> {
  const { hashes, slots, removed } = index.parts
  const count = index.count
  const sorted = slots[0]!.entries.length
  const removedNow = new Uint32Array(Math.ceil(count / 32))
  removedNow.set(removed)
  const header = headerOf(count, sorted, source)
  const partial = `${file}.partial`
  // What a crash has left there, or a link that somebody put there, is not written into.
  await rm(partial, { force: true })
  const handle = await open(partial, 'wx', 0o600)
  try {
    const body = new Body(handle)
    await body.write(count * HASH_BYTES, (from, to) => hashes.allBytes.slice(from, to))
    const sections = sorted ? [...slots.map(({ starts }) => starts), ...slots.map(({ entries }) => entries)] : []
    for (const words of [removedNow, ...sections]) {
      const bytes = bytesOf(words)
      await body.write(bytes.length, (from, to) => bytes.subarray(from, to))
    }
    header.set(body.digest(), HEADER.bodyHash)
    header.set(sha256(header.subarray(0, HEADER.headerHash)), HEADER.headerHash)
    await handle.write(header, 0, HEADER.bytes, 0)
    await handle.sync()
  } catch (error) {
    await handle.close()
    await rm(partial, { force: true })
    throw error
  }
  await handle.close()
  await rename(partial, file)
  await syncFolder(dirname(file))
}

/** Reads an index back; everything in the file is checked, and nothing but a failing disk makes it throw. */
export async function readIndexFile(file: string): Promise<ReadIndex> {
  // Neither a link nor a pipe in its place is followed or waited for.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
  let handle: FileHandle
  try {
    handle = await open(file, flags)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT' ? { state: 'missing' } : { state: 'damaged', reason: `it cannot be opened (${code})` }
  }
  try {
    return await readFrom(handle)
  } catch (error) {
    if (error instanceof Damage) return { state: 'damaged', reason: error.message }
    throw error
  } finally {
    await handle.close()
  }
}

class Damage extends Error {}

async function readFrom(handle: FileHandle): Promise<ReadIndex> {
  const about = await handle.stat()
  if (!about.isFile()) throw new Damage('it is not a plain file')
  const header = new Uint8Array(HEADER.bytes)
  const { bytesRead } = await handle.read(header, 0, HEADER.bytes, 0)
  if (bytesRead < HEADER.bytes) throw new Damage('the header is cut off')
  const { count, sorted, source, bodyHash } = parseHeader(header)
  // Checked before anything is allocated: the sizes in the header are then no larger than the file.
  if (about.size !== HEADER.bytes + bodyBytes(count, sorted)) throw new Damage(`it has ${about.size} bytes`)

  const body = new Body(handle)
  const hashes = new HashMemory()
  hashes.extend(count)
  await body.read(hashes.allBytes)
  const removed = new Uint32Array(Math.ceil(count / 32))
  await body.read(bytesOf(removed))
  const slots = Array.from({ length: SLOTS }, () =>
    sorted ? { starts: new Uint32Array(VALUES + 1), entries: new Uint32Array(sorted) } : noBuckets(),
  )
  if (sorted) {
    for (const { starts } of slots) await body.read(bytesOf(starts))
    for (const { entries } of slots) await body.read(bytesOf(entries))
  }
  if (!body.digest().equals(bodyHash)) throw new Damage('its checksum does not match')
  for (const buckets of slots) checkBuckets(buckets, sorted)
  return { state: 'read', index: new HammingIndex({ hashes, slots, removed }), source }
}

function headerOf(count: number, sorted: number, source: string): Uint8Array {
  const text = Buffer.from(source)
  if (text.length > MOST_SOURCE_BYTES) throw new RangeError(`The source must fit in ${MOST_SOURCE_BYTES} bytes`)
  const header = new Uint8Array(HEADER.bytes)
  header.set(Buffer.from(MAGIC), HEADER.magic)
  header.set(bytesOf(Uint32Array.of(VERSION, BYTE_ORDER, count, sorted, text.length)), HEADER.numbers)
  header.set(text, HEADER.source)
  return header
}

function parseHeader(header: Uint8Array) {
  const bytes = Buffer.from(header)
  if (bytes.toString('latin1', HEADER.magic, HEADER.numbers) !== MAGIC) throw new Damage('it is no hash index')
  const words = new Uint32Array(header.slice(HEADER.numbers, HEADER.source).buffer)
  const [version, byteOrder, count, sorted, sourceBytes] = words as unknown as [number, number, number, number, number]
  if (version !== VERSION) throw new Damage('it is of another version')
  if (byteOrder !== BYTE_ORDER) throw new Damage('it was written by a machine with another byte order')
  if (!sha256(header.subarray(0, HEADER.headerHash)).equals(bytes.subarray(HEADER.headerHash)))
    throw new Damage('the checksum of the header does not match')
  if (count > MOST_ENTRIES || sorted > count || sourceBytes > MOST_SOURCE_BYTES)
    throw new Damage('the header contradicts itself')
  const source = bytes.toString('utf8', HEADER.source, HEADER.source + sourceBytes)
  return { count, sorted, source, bodyHash: bytes.subarray(HEADER.bodyHash, HEADER.headerHash) }
}

function bodyBytes(count: number, sorted: number): number {
  return count * HASH_BYTES + 4 * Math.ceil(count / 32) + (sorted ? 4 * SLOTS * (VALUES + 1 + sorted) : 0)
}

/** A search reads wherever these numbers point, so they must point into the index even if the checksum was forged. */
function checkBuckets({ starts, entries }: Buckets, sorted: number): void {
  if (starts[0] !== 0 || starts[VALUES] !== sorted) throw new Damage('the buckets do not hold all entries')
  for (let value = 0; value < VALUES; value++)
    if (starts[value]! > starts[value + 1]!) throw new Damage('the buckets overlap')
  for (let at = 0; at < sorted; at++)
    if (entries[at]! >= sorted) throw new Damage('a bucket holds an entry that does not exist')
}

/** What follows the header, read or written from front to back, and its hash. */
class Body {
  readonly #handle: FileHandle
  readonly #hash = createHash('sha256')
  #at: number = HEADER.bytes

  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  async write(bytes: number, part: (from: number, to: number) => Uint8Array): Promise<void> {
    for (let from = 0; from < bytes; from += CHUNK) {
      const chunk = part(from, Math.min(bytes, from + CHUNK))
      this.#hash.update(chunk)
      for (let done = 0; done < chunk.length;) {
        const { bytesWritten } = await this.#handle.write(chunk, done, chunk.length - done, this.#at)
        done += bytesWritten
        this.#at += bytesWritten
      }
    }
  }

  async read(into: Uint8Array): Promise<void> {
    for (let from = 0; from < into.length;) {
      const { bytesRead } = await this.#handle.read(into, from, Math.min(CHUNK, into.length - from), this.#at)
      if (!bytesRead) throw new Damage('it is cut off')
      this.#hash.update(into.subarray(from, from + bytesRead))
      from += bytesRead
      this.#at += bytesRead
    }
  }

  digest(): Buffer {
    return this.#hash.digest()
  }
}

const bytesOf = (words: Uint32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  new Uint8Array(words.buffer, words.byteOffset, words.byteLength)

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/** Puts the rename on the disk. Windows cannot open a folder for that, and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, constants.O_RDONLY)
  try {
    await handle.sync()
  } catch (error) {
    // Some file systems take no sync of a folder; there is nothing to do about it.
    if (!['EINVAL', 'EBADF', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  } finally {
    await handle.close()
  }
}
