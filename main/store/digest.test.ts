import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assert, asyncProperty, integer } from 'fast-check'
import { blake3 } from 'hash-wasm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { digestFile, type ReadOptions } from './digest.ts'

const MIB = 2 ** 20
let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-digest-'))
  file = join(folder, 'file')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function digest(options: Partial<ReadOptions> = {}) {
  const handle = await open(file)
  try {
    return await digestFile(handle, { limit: Infinity, ...options })
  } finally {
    await handle.close()
  }
}

const near = (edge: number) => integer({ min: Math.max(0, edge - 2), max: edge + 2 })

describe('hashing a file', () => {
  it('gives SHA-256 and BLAKE3 of all of it, and hands every byte on once and in order', async () => {
    for (const size of [near(0), near(MIB), near(2 * MIB), near(3 * MIB)])
      await assert(
        asyncProperty(size, async (bytes) => {
          const content = Buffer.alloc(bytes, 'some text')
          writeFileSync(file, content)
          const copy = Buffer.alloc(bytes)
          const offsets: number[] = []
          const write = async (chunk: Uint8Array, offset: number) => {
            offsets.push(offset)
            // Slower than the next read, which must not touch this chunk.
            await new Promise((resolve) => setTimeout(resolve, 2))
            copy.set(chunk, offset)
          }
          const digests = await digest({ write })
          expect(digests).toEqual({
            sha256: createHash('sha256').update(content).digest('hex'),
            blake3: await blake3(content),
            bytes,
          })
          expect(copy.equals(content)).toBe(true)
          expect(offsets).toEqual(offsets.toSorted((a, b) => a - b))
        }),
        { numRuns: 4 },
      )
  })

  it('stops after the first chunk beyond its limit, so that a file that grows for ever is not followed', async () => {
    writeFileSync(file, Buffer.alloc(8 * MIB))
    expect((await digest({ limit: 2 * MIB })).bytes).toBe(3 * MIB)
    expect((await digest({ limit: 8 * MIB })).bytes).toBe(8 * MIB)
  })

  it('stops when it is told to, with the reason given', async () => {
    writeFileSync(file, Buffer.alloc(8 * MIB))
    const abort = new AbortController()
    let read = 0
    const onBytes = (bytes: number) => {
      read = bytes
      abort.abort('enough')
    }
    await expect(digest({ signal: abort.signal, onBytes })).rejects.toBe('enough')
    expect(read).toBe(MIB)
  })

  it('fails as the writing fails', async () => {
    writeFileSync(file, Buffer.alloc(4 * MIB))
    await expect(digest({ write: () => Promise.reject(new Error('full')) })).rejects.toThrow('full')
  })
})
