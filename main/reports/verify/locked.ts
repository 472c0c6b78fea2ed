/**
 * Reads the files of a zip that is encrypted as WinZip does it (AE-2: AES-256 in counter mode, HMAC-SHA1 over what is
 * encrypted). zip.js does that part; how the archive is laid out was judged before (`zip.ts`).
 */
import { configure, Reader, ZipReader, type FileEntry } from '@zip.js/zip.js/index-native.js'
import { BundleRefused, type Source } from './package.ts'

// One thread, no code from elsewhere: the page that runs this is barred from both.
configure({ useWebWorkers: false })

class SourceReader extends Reader<Source> {
  readonly #source: Source
  override size: number

  constructor(source: Source) {
    super(source)
    this.#source = source
    this.size = source.size
  }

  override readUint8Array(at: number, length: number): Promise<Uint8Array> {
    return this.#source.read(at, Math.max(0, Math.min(length, this.size - at)))
  }
}

/** How the bytes of each file are read, by name. @throws BundleRefused where the passphrase does not fit */
export async function unlock(
  source: Source,
  passphrase: string,
): Promise<ReadonlyMap<string, () => AsyncIterable<Uint8Array>>> {
  const reader = new ZipReader(new SourceReader(source))
  const entries = await reader.getEntries().catch((error: unknown) => {
    throw new BundleRefused('bundle.damaged', `Its directory cannot be read (${(error as Error).message}).`)
  })
  const files = entries.filter((entry): entry is FileEntry => !entry.directory)
  const [first] = files
  if (first) await decided(first.getData(new WritableStream(), { password: passphrase, checkPasswordOnly: true }))
  return new Map(files.map((entry) => [entry.filename, () => parts(entry, passphrase)]))
}

/** The library's words as a refusal of ours. */
async function decided(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    const { message } = error as Error
    if (/abort/i.test(message)) return
    if (/password/i.test(message)) throw new BundleRefused('bundle.encrypted', 'The passphrase does not open it.')
    throw new BundleRefused('bundle.damaged', `A file in it cannot be decrypted (${message}).`)
  }
}

async function* parts(entry: FileEntry, password: string): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const written = decided(entry.getData(writable, { password }))
  written.catch(() => {})
  const reader = readable.getReader()
  let done = 0
  try {
    for (;;) {
      const next = await reader.read().catch(async () => {
        await written
        throw new BundleRefused('bundle.damaged', `“${entry.filename}” cannot be read.`)
      })
      if (next.done) break
      done += next.value.length
      if (done > entry.uncompressedSize)
        throw new BundleRefused('bundle.unsafe', `“${entry.filename}” has more bytes than the zip says.`)
      yield next.value
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
  await written
  if (done !== entry.uncompressedSize)
    throw new BundleRefused('bundle.unsafe', `“${entry.filename}” has fewer bytes than the zip says.`)
}
