import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { share } from './share.ts'

const limits = fc.record({
  concurrency: fc.integer({ min: 1, max: 64 }),
  threads: fc.integer({ min: 1, max: 64 }),
  cores: fc.integer({ min: 1, max: 256 }),
})

it('gives a file alone many threads, and files side by side one core each', () => {
  const eight = { concurrency: 8, threads: 4, cores: 8 }
  expect(share(1, eight)).toEqual({ workers: 1, threads: 4 })
  expect(share(2, eight)).toEqual({ workers: 2, threads: 4 })
  expect(share(40, eight)).toEqual({ workers: 8, threads: 1 })
  const two = { concurrency: 2, threads: 4, cores: 2 }
  expect(share(1, two)).toEqual({ workers: 1, threads: 4 })
  expect(share(2, two)).toEqual({ workers: 2, threads: 1 })
})

it('never runs nothing, and never more than it may', () => {
  fc.assert(
    fc.property(fc.nat(1000), limits, (pending, caps) => {
      const { workers, threads } = share(pending, caps)
      expect(workers).toBeGreaterThanOrEqual(1)
      expect(workers).toBeLessThanOrEqual(caps.concurrency)
      expect(threads).toBeGreaterThanOrEqual(1)
      expect(threads).toBeLessThanOrEqual(Math.min(16, caps.threads))
      if (threads > 1) expect(workers * threads).toBeLessThanOrEqual(workers === 1 ? 2 * caps.cores : caps.cores)
    }),
  )
})
