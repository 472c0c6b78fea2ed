import * as fc from 'fast-check'
import { PassThrough, Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { BlockReader, type Block } from './block-reader.ts'

/** Reads chunks into blocks with a consumer that holds each for a while; checks that no more are out than there are. */
async function read(
  chunks: Uint8Array[],
  options: { blockBytes: number; buffers: number; partial: boolean; padding?: number },
): Promise<{ bytes: number[]; lengths: number[]; lost: number; mostOut: number }> {
  const bytes: number[] = []
  const lengths: number[] = []
  let out = 0
  let mostOut = 0
  const held: Promise<void>[] = []
  const reader = new BlockReader(
    Readable.from(
      chunks.map((chunk) => Buffer.from(chunk)),
      { objectMode: false },
    ),
    {
      ...options,
      onBlock(block) {
        out += 1
        mostOut = Math.max(mostOut, out)
        lengths.push(block.bytes.length)
        const hold = async (): Promise<void> => {
          await new Promise((resolve) => setImmediate(resolve))
          // Read only now: a block must keep its bytes until it is released.
          bytes.push(...block.bytes)
          out -= 1
          block.release()
        }
        held.push((held.at(-1) ?? Promise.resolve()).then(hold))
      },
    },
  )
  await reader.ended
  await Promise.all(held)
  return { bytes, lengths, lost: reader.lost, mostOut }
}

const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 20 })

describe('blocks cut from a pipe', () => {
  it('carry every byte once, in order, whatever the chunks and however slow the consumer', async () => {
    await fc.assert(
      fc.asyncProperty(
        chunks,
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(50),
        async (given, blockBytes, buffers, padding) => {
          const sent = [...Array.from({ length: padding }, () => 0), ...given.flatMap((chunk) => [...chunk])]
          const { bytes, mostOut } = await read(given, {
            blockBytes,
            buffers,
            partial: true,
            padding: given.length ? padding : 0,
          })
          expect(bytes).toEqual(given.length ? sent : [])
          expect(mostOut).toBeLessThanOrEqual(buffers)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('carry every byte though Node resumes the pipe, as it does when the process ends', async () => {
    const pipe = new PassThrough()
    const held: Block[] = []
    const bytes: number[] = []
    const reader = new BlockReader(pipe, {
      blockBytes: 4,
      buffers: 2,
      partial: true,
      onBlock: (block) => held.push(block),
    })
    const sent = Array.from({ length: 50 }, (_, i) => i)
    for (let at = 0; at < 50; at += 5) {
      pipe.write(Buffer.from(sent.slice(at, at + 5)))
      await new Promise((resolve) => setImmediate(resolve))
      pipe.resume()
    }
    pipe.end()
    await new Promise((resolve) => pipe.once('close', resolve))
    expect(held).toHaveLength(2)
    for (let block = held.shift(); block; block = held.shift()) {
      bytes.push(...block.bytes)
      block.release()
    }
    await reader.ended
    expect(bytes).toEqual(sent)
  })

  it('are whole frames only, and what is left over is told', async () => {
    const { bytes, lengths, lost } = await read([new Uint8Array(7), new Uint8Array(6)], {
      blockBytes: 5,
      buffers: 2,
      partial: false,
    })
    expect(lengths).toEqual([5, 5])
    expect(bytes).toHaveLength(10)
    expect(lost).toBe(3)
  })
})
