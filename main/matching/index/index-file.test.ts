import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { randomNumbers } from '../../signals/random.ts'
import { HASH_BYTES } from './brute-force.ts'
import { HammingIndex } from './hamming-index.ts'
import { MOST_SOURCE_BYTES, readIndexFile, writeIndexFile } from './index-file.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-index-'))
  file = join(folder, 'frames.index')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function hashes(count: number, seed = 1): Uint8Array {
  const random = randomNumbers(seed)
  return Uint8Array.from({ length: count * HASH_BYTES }, () => random() * 256)
}

/** 300 sorted entries, 40 in the tail, some of either removed. */
function small(): HammingIndex {
  const index = new HammingIndex()
  index.addAll(hashes(300))
  index.sortTail()
  index.addAll(hashes(40, 2))
  index.remove(10, 5)
  index.remove(320, 1)
  return index
}

function contents({ parts: { hashes: memory, slots, removed } }: HammingIndex) {
  return { bytes: Buffer.from(memory.allBytes), slots, removed: [...removed] }
}

async function reasonAfter(change: (bytes: Buffer) => Buffer): Promise<string> {
  writeFileSync(file, change(readFileSync(file)))
  const read = await readIndexFile(file)
  return read.state === 'damaged' ? read.reason : read.state
}

/** The two checksums made right again, as somebody would who meant harm. */
function resealed(bytes: Buffer): Buffer {
  const sha256 = (part: Buffer): Buffer => createHash('sha256').update(part).digest()
  sha256(bytes.subarray(224)).copy(bytes, 160)
  sha256(bytes.subarray(0, 192)).copy(bytes, 192)
  return bytes
}

describe('the index file', () => {
  it('brings back the same index, with its tail, what was removed and its source', async () => {
    const index = small()
    await writeIndexFile(file, index, 'frames 17 · Ω')
    const read = await readIndexFile(file)
    if (read.state !== 'read') throw new Error(read.state)
    expect(read.source).toBe('frames 17 · Ω')
    expect(contents(read.index)).toEqual(contents(index))
    expect(read.index.addAll(hashes(3, 3))).toBe(340)
    const found: number[] = []
    read.index.search(hashes(16), 0, (query, entry) => found.push(query, entry))
    expect(found.filter((_, at) => at % 2).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15])
    expect(readdirSync(folder)).toEqual(['frames.index'])
  })

  it('brings back an empty index and one that is all tail', async () => {
    for (const count of [0, 33]) {
      const index = new HammingIndex()
      index.addAll(hashes(count))
      await writeIndexFile(file, index, '')
      const read = await readIndexFile(file)
      if (read.state !== 'read') throw new Error(read.state)
      expect(read.index.count).toBe(count)
      expect(read.index.parts.hashes.allBytes).toEqual(hashes(count))
    }
  })

  it('holds the state at the time of the call while more is added', async () => {
    const index = small()
    const writing = writeIndexFile(file, index, 'before')
    index.addAll(hashes(20_000, 4))
    index.remove(0, 10)
    await writing
    const read = await readIndexFile(file)
    if (read.state !== 'read') throw new Error(read.state)
    expect(contents(read.index)).toEqual(contents(small()))
  })

  it('notices a changed byte in every field of the header and in a small body', async () => {
    const index = new HammingIndex()
    index.addAll(hashes(3))
    await writeIndexFile(file, index, 'tail only')
    const whole = readFileSync(file)
    // Every third byte: no field is shorter than four.
    for (let at = 0; at < whole.length; at += 3) {
      const reason = await reasonAfter(() => {
        const changed = Buffer.from(whole)
        changed[at]! ^= 1 << (at & 7)
        return changed
      })
      expect(reason, `byte ${at}`).not.toBe('read')
    }
  })

  it('notices a changed byte in every section of an index with buckets', async () => {
    await writeIndexFile(file, small(), 'x')
    const whole = readFileSync(file)
    const sections = [224, 224 + 340 * 32, 224 + 340 * 32 + 44, 224 + 340 * 32 + 44 + 16 * 65_537 * 4]
    const random = randomNumbers(5)
    const places = [...sections.flatMap((start) => [start, start + 1]), whole.length - 1]
    for (let more = 0; more < 10; more++) places.push(Math.floor(random() * whole.length))
    for (const at of places) {
      const changed = Buffer.from(whole)
      changed[at]! ^= 0x10
      expect(await reasonAfter(() => changed), `byte ${at}`).not.toBe('read')
    }
  })

  it('notices a file that is cut off or has more behind it', async () => {
    await writeIndexFile(file, small(), 'x')
    const whole = readFileSync(file)
    for (const length of [0, 1, 100, 223, 224, 225, 5000, whole.length - 1])
      expect(await reasonAfter(() => whole.subarray(0, length)), `${length} bytes`).toMatch(/cut off|bytes/)
    expect(await reasonAfter(() => Buffer.concat([whole, Buffer.alloc(4)]))).toMatch(/bytes/)
  })

  it('believes no numbers that lead out of the index, even under a right checksum', async () => {
    await writeIndexFile(file, small(), 'x')
    const whole = readFileSync(file)
    const starts = 224 + 340 * 32 + 44
    const entries = starts + 16 * 65_537 * 4
    const forged = (at: number, value: number): Promise<string> =>
      reasonAfter(() => {
        const bytes = Buffer.from(whole)
        bytes.writeUInt32LE(value, at)
        return resealed(bytes)
      })
    expect(await forged(entries + 40, 300)).toMatch(/does not exist/)
    expect(await forged(entries + 40, 0xffffffff)).toMatch(/does not exist/)
    expect(await forged(starts, 1)).toMatch(/do not hold/)
    expect(await forged(starts + 65_536 * 4, 301)).toMatch(/do not hold/)
    expect(await forged(starts + 1000, 0x7fffffff)).toMatch(/overlap/)
    expect(await forged(16, 0xffffffff)).toMatch(/contradicts/)
    expect(await forged(16, 341)).toMatch(/bytes/)
    expect(await forged(20, 341)).toMatch(/contradicts/)
    expect(await forged(24, 0xffff)).toMatch(/contradicts/)
    expect(await forged(8, 2)).toMatch(/version/)
    expect(await forged(12, 0x04030201)).toMatch(/byte order/)
  })

  it('says when there is none, and takes no folder for one', async () => {
    expect(await readIndexFile(file)).toEqual({ state: 'missing' })
    expect((await readIndexFile(folder)).state).toBe('damaged')
  })

  it('keeps the old file when the new one cannot be written', async () => {
    await writeIndexFile(file, small(), 'old')
    await expect(writeIndexFile(file, new HammingIndex(), 'x'.repeat(MOST_SOURCE_BYTES + 1))).rejects.toThrow(
      RangeError,
    )
    await expect(writeIndexFile(join(folder, 'none', 'x'), new HammingIndex(), '')).rejects.toThrow('ENOENT')
    expect(await readIndexFile(file)).toMatchObject({ state: 'read', source: 'old' })
  })

  it('is not stopped by what a crash left behind', async () => {
    writeFileSync(`${file}.partial`, Buffer.alloc(9_000_000, 1))
    await writeIndexFile(file, small(), 'x')
    expect((await readIndexFile(file)).state).toBe('read')
    expect(readdirSync(folder)).toEqual(['frames.index'])
  })
})
