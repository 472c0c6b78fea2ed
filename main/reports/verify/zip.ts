/**
 * Reads a zip that somebody else made (PKWARE APPNOTE 6.3), strictly: every byte of the archive must belong to one file
 * or to the directory, both descriptions of a file must agree, and nothing may be there twice. Nothing is unpacked.
 */
import { BundleRefused, requireSafeNames, type PackedFile, type Package, type Source, type Tools } from './package.ts'

export const LIMITS = {
  entries: 100_000,
  /** Of the directory, bytes. */
  directory: 64 * 2 ** 20,
  /** How often larger a file over `ratioFrom` bytes may be than its packed form. Deflate itself can reach 1032. */
  ratio: 200,
  ratioFrom: 2 ** 20,
}

const END = 0x06054b50
const END64 = 0x06064b50
const LOCATOR64 = 0x07064b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
const DESCRIPTOR = 0x08074b50
const MAX16 = 0xffff
const MAX32 = 0xffffffff
/** Method of a file that is encrypted with AES; what it was packed by stands in extra field 0x9901. */
const AES = 99
const CHUNK = 1 << 20

const unsafe = (message: string): BundleRefused => new BundleRefused('bundle.unsafe', message)
const damaged = (message: string): BundleRefused => new BundleRefused('bundle.damaged', message)

interface Entry {
  readonly name: string
  readonly flags: number
  /** Of the bytes themselves; for an encrypted file the header has another. */
  readonly method: number
  readonly headerMethod: number
  /** Encrypted, as WinZip does it with AES. */
  readonly locked: boolean
  /** Time and date as MS-DOS writes them, in one number. */
  readonly time: number
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly at: number
}

/**
 * @param passphrase for an encrypted zip; null: such a zip is refused
 * @throws BundleRefused bundle.unsafe | bundle.damaged | bundle.encrypted | bundle.not-bundle
 */
export async function openZip(
  source: Source,
  { unlock }: Pick<Tools, 'unlock'>,
  passphrase: string | null,
): Promise<Package> {
  const directory = await findDirectory(source)
  const entries = parseDirectory(await source.read(directory.at, directory.size), directory.count)
  const locked = entries.some((entry) => entry.locked)
  if (locked && passphrase === null)
    throw new BundleRefused('bundle.encrypted', 'The files in the zip are encrypted; it opens with their passphrase.')
  if (locked && !entries.every((entry) => entry.locked))
    throw unsafe('Some files in it are encrypted and others are not.')
  const files = entries.filter((entry) => !entry.name.endsWith('/'))
  requireSafeNames(entries.map((entry) => entry.name.replace(/\/$/, '')))
  const starts = await placeEntries(source, entries, directory.at)
  if (!locked) return { files: files.map((entry) => packedFile(source, entry, starts.get(entry)!)) }
  const readers = await unlock(source, passphrase!)
  return {
    files: files.map(({ name: path, size }) => {
      const read = readers.get(path)
      if (!read) throw damaged(`“${path}” cannot be decrypted.`)
      return { path, size, read }
    }),
  }
}

async function findDirectory(source: Source): Promise<{ at: number; size: number; count: number }> {
  const length = Math.min(source.size, 22 + MAX16)
  if (length < 22) throw new BundleRefused('bundle.not-bundle', 'The file is too short to be a zip.')
  const tail = view(await source.read(source.size - length, length))
  let end = -1
  for (let at = length - 22; at >= 0; at--)
    if (tail.getUint32(at, true) === END) {
      end = at
      break
    }
  if (end < 0) throw new BundleRefused('bundle.not-bundle', 'The file is no zip, or its end is missing.')
  if (end + 22 + tail.getUint16(end + 20, true) !== length) throw damaged('Bytes follow the end of the zip.')
  if (tail.getUint16(end + 4, true) !== 0 || tail.getUint16(end + 6, true) !== 0)
    throw unsafe('It is one part of a zip in several files.')
  const short = {
    count: tail.getUint16(end + 10, true),
    size: tail.getUint32(end + 12, true),
    at: tail.getUint32(end + 16, true),
  }
  if (tail.getUint16(end + 8, true) !== short.count) throw damaged('It counts its files in two ways.')
  const endAt = source.size - length + end
  const long = await findDirectory64(source, endAt, short)
  const { count, size, at } = long ?? short
  if (count > LIMITS.entries) throw unsafe(`It says that it holds ${count} files; ${LIMITS.entries} are the limit.`)
  if (size > LIMITS.directory) throw unsafe(`Its directory has ${size} bytes.`)
  if (at + size !== (long?.recordAt ?? endAt)) throw unsafe('Its directory does not lie where it says.')
  return { at, size, count }
}

/** The record for archives above 4 GiB or 65,535 files; it must say the same wherever the short one says something. */
async function findDirectory64(
  source: Source,
  endAt: number,
  short: { count: number; size: number; at: number },
): Promise<{ at: number; size: number; count: number; recordAt: number } | null> {
  const wanted = short.count === MAX16 || short.size === MAX32 || short.at === MAX32
  if (endAt < 20) return refuse64(wanted)
  const locator = view(await source.read(endAt - 20, 20))
  if (locator.getUint32(0, true) !== LOCATOR64) return refuse64(wanted)
  const recordAt = large(locator, 8)
  if (locator.getUint32(4, true) !== 0 || locator.getUint32(16, true) !== 1) throw unsafe('It is in several files.')
  if (recordAt + 56 !== endAt - 20) throw unsafe('Its zip64 record does not lie where it says.')
  const record = view(await source.read(recordAt, 56))
  if (record.getUint32(0, true) !== END64 || large(record, 4) !== 44) throw unsafe('Its zip64 record is none.')
  const count = large(record, 32)
  const size = large(record, 40)
  const at = large(record, 48)
  if (large(record, 24) !== count) throw unsafe('It counts its files in two ways.')
  for (const [one, other, none] of [
    [short.count, count, MAX16],
    [short.size, size, MAX32],
    [short.at, at, MAX32],
  ] as const)
    if (one !== none && one !== other) throw unsafe('Its zip64 record says something else than its end.')
  return { at, size, count, recordAt }
}

function refuse64(wanted: boolean): null {
  if (wanted) throw unsafe('Its zip64 record is missing.')
  return null
}

function parseDirectory(bytes: Uint8Array, count: number): Entry[] {
  const data = view(bytes)
  const entries: Entry[] = []
  let at = 0
  while (at < bytes.length) {
    if (at + 46 > bytes.length || data.getUint32(at, true) !== CENTRAL) throw damaged('Its directory is damaged.')
    const lengths = [28, 30, 32].map((field) => data.getUint16(at + field, true)) as [number, number, number]
    const end = at + 46 + lengths[0] + lengths[1] + lengths[2]
    if (end > bytes.length) throw damaged('Its directory is damaged.')
    const flags = data.getUint16(at + 8, true)
    const name = utf8(bytes.subarray(at + 46, at + 46 + lengths[0]))
    const headerMethod = data.getUint16(at + 10, true)
    const extra = bytes.subarray(at + 46 + lengths[0], at + 46 + lengths[0] + lengths[1])
    const method = headerMethod === AES ? aesMethod(extra) : headerMethod
    const locked = (flags & 1) !== 0
    if (flags & 0x2040 || (locked && headerMethod !== AES))
      throw new BundleRefused('bundle.encrypted', 'The zip is encrypted in a way that is not read here.')
    if (!locked && headerMethod === AES) throw unsafe('A file in it says both that it is encrypted and that it is not.')
    if (method !== 0 && method !== 8) throw unsafe(`A file in it is packed by method ${method}.`)
    if (data.getUint16(at + 34, true) !== 0) throw unsafe('A file in it lies in another part.')
    const kind = (data.getUint32(at + 38, true) >>> 28) & 0xf
    // Unix file types (stat(2)): 8 regular, 4 folder, 0 not stated.
    if (kind !== 0 && kind !== 8 && kind !== 4) throw unsafe(`“${name}” is a link or a device.`)
    const [size, packed, place] = zip64(extra, [
      data.getUint32(at + 24, true),
      data.getUint32(at + 20, true),
      data.getUint32(at + 42, true),
    ])
    if (name.endsWith('/') && size !== 0) throw unsafe(`The folder “${name}” has contents.`)
    // Salt, the check of the passphrase and the authentication code (WinZip, “AES encryption information”, 2009).
    if (method === 0 && size !== packed - (locked ? 28 : 0))
      throw unsafe(`“${name}” is said to be unpacked and has two sizes.`)
    if (size > LIMITS.ratioFrom && size > LIMITS.ratio * Math.max(1, packed))
      throw unsafe(`“${name}” grows more than ${LIMITS.ratio}-fold when it is unpacked.`)
    const time = data.getUint32(at + 12, true)
    entries.push({
      name,
      flags,
      method,
      headerMethod,
      locked,
      time,
      crc: data.getUint32(at + 16, true),
      packed,
      size,
      at: place,
    })
    if (entries.length > count) break
    at = end
  }
  if (entries.length !== count) throw damaged(`It says that it holds ${count} files, and does not.`)
  return entries
}

/** Extra field 0x9901: version, “AE”, strength (3: 256 bits), method. */
function aesMethod(extra: Uint8Array): number {
  const data = view(extra)
  for (let at = 0; at + 4 <= extra.length; at += 4 + data.getUint16(at + 2, true)) {
    if (data.getUint16(at, true) !== 0x9901 || at + 11 > extra.length) continue
    if (data.getUint8(at + 8) !== 3) throw unsafe('A file in it is encrypted with a short key.')
    return data.getUint16(at + 9, true)
  }
  throw unsafe('A file in it does not say how it is encrypted.')
}

/** Extra field 0x0001: the 64-bit forms, in this order, of those values that do not fit. */
function zip64(extra: Uint8Array, values: readonly [number, number, number]): [number, number, number] {
  const data = view(extra)
  const result = [...values] as [number, number, number]
  for (let at = 0; at + 4 <= extra.length;) {
    const length = data.getUint16(at + 2, true)
    if (at + 4 + length > extra.length) throw damaged('A file in it has a damaged description.')
    if (data.getUint16(at, true) === 1) {
      let field = at + 4
      for (const [place, value] of values.entries()) {
        if (value !== MAX32) continue
        if (field + 8 > at + 4 + length) throw unsafe('A zip64 description is too short.')
        result[place] = large(data, field)
        field += 8
      }
      return result
    }
    at += 4 + length
  }
  if (values.includes(MAX32)) throw unsafe('A zip64 description is missing.')
  return result
}

/** Where the bytes of each file begin. Files must lie one after the other and leave nothing out. */
async function placeEntries(
  source: Source,
  entries: readonly Entry[],
  directoryAt: number,
): Promise<ReadonlyMap<Entry, number>> {
  const starts = new Map<Entry, number>()
  let expected = 0
  for (const entry of [...entries].sort((a, b) => a.at - b.at)) {
    if (entry.at !== expected)
      throw unsafe(entry.at < expected ? 'Two files in it share bytes.' : 'Bytes in it belong to no file.')
    if (entry.at + 30 > directoryAt) throw unsafe(`“${entry.name}” does not lie where the directory says.`)
    const head = view(await source.read(entry.at, 30))
    if (head.getUint32(0, true) !== LOCAL) throw unsafe(`“${entry.name}” does not lie where the directory says.`)
    const [nameLength, extraLength] = [head.getUint16(26, true), head.getUint16(28, true)]
    const start = entry.at + 30 + nameLength + extraLength
    if (start + entry.packed > directoryAt) throw unsafe(`“${entry.name}” goes beyond the end of the files.`)
    const rest = await source.read(entry.at + 30, nameLength + extraLength)
    if (utf8(rest.subarray(0, nameLength)) !== entry.name) throw unsafe(`“${entry.name}” has two names.`)
    if (
      head.getUint16(6, true) !== entry.flags ||
      head.getUint16(8, true) !== entry.headerMethod ||
      head.getUint32(10, true) !== entry.time
    )
      throw unsafe(`“${entry.name}” is described in two ways.`)
    const later = (entry.flags & 8) !== 0
    const [size, packed] = zip64(rest.subarray(nameLength), [head.getUint32(22, true), head.getUint32(18, true), 0])
    const crc = head.getUint32(14, true)
    const blank = later && size === 0 && packed === 0 && crc === 0
    if (!blank && !later && (size !== entry.size || packed !== entry.packed || crc !== entry.crc))
      throw unsafe(`“${entry.name}” is described in two ways.`)
    starts.set(entry, start)
    expected = start + entry.packed + (later ? await descriptor(source, entry, start + entry.packed, directoryAt) : 0)
  }
  if (expected !== directoryAt) throw unsafe('Bytes in it belong to no file.')
  return starts
}

/** Length of the description that follows a file, with or without its signature, in 32 or 64 bits. */
async function descriptor(source: Source, entry: Entry, at: number, limit: number): Promise<number> {
  const data = view(await source.read(at, Math.min(24, limit - at)))
  for (const signed of [4, 0])
    for (const wide of [false, true]) {
      const length = signed + (wide ? 20 : 12)
      if (length > data.byteLength) continue
      if (signed && data.getUint32(0, true) !== DESCRIPTOR) continue
      const packed = wide ? large(data, signed + 4) : data.getUint32(signed + 4, true)
      const size = wide ? large(data, signed + 12) : data.getUint32(signed + 8, true)
      if (data.getUint32(signed, true) === entry.crc && packed === entry.packed && size === entry.size) return length
    }
  throw unsafe(`“${entry.name}” is described in two ways.`)
}

function packedFile(source: Source, entry: Entry, start: number): PackedFile {
  const { name: path, size, packed, method } = entry
  return {
    path,
    size,
    read: () => (method === 0 ? stored(source, start, packed) : inflated(source, start, packed, size, path)),
  }
}

async function* stored(source: Source, start: number, length: number): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < length; done += CHUNK) yield source.read(start + done, Math.min(CHUNK, length - done))
}

async function* inflated(
  source: Source,
  start: number,
  packed: number,
  size: number,
  path: string,
): AsyncGenerator<Uint8Array> {
  const parts = stored(source, start, packed)
  const input = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const next = await parts.next()
      if (next.done) controller.close()
      else controller.enqueue(next.value as Uint8Array<ArrayBuffer>)
    },
  })
  const reader = input.pipeThrough(new DecompressionStream('deflate-raw')).getReader()
  let done = 0
  try {
    for (;;) {
      const next = await reader.read()
      if (next.done) break
      done += next.value.length
      if (done > size) throw unsafe(`“${path}” has more bytes than the zip says.`)
      yield next.value
    }
  } catch (error) {
    if (error instanceof BundleRefused) throw error
    throw damaged(`“${path}” cannot be unpacked.`)
  } finally {
    await reader.cancel().catch(() => {})
  }
  if (done !== size) throw unsafe(`“${path}” has fewer bytes than the zip says.`)
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function large(data: DataView, at: number): number {
  const value = data.getBigUint64(at, true)
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw unsafe('It claims more bytes than there can be.')
  return Number(value)
}

const utf8 = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
