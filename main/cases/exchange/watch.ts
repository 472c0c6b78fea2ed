/** Following a long reading from outside: how far it is, and whether anybody still wants it. */
import type { ExchangeProgress } from '../../contract/exchange-progress.ts'
import type { Reading } from './incoming.ts'

/** Told as the work goes on. What it throws ends the work, and undoes what was written. */
export type Watch = (progress: ExchangeProgress) => void

/** Objects between two looks. */
const PAGE = 100

/** What a pass over all objects costs, as a part of the whole: measured on the bundle of `npm run bench:exchange`. */
export const SHARES = {
  preview: { reading: [0, 0.6], judging: [0.6, 1] },
  import: { reading: [0, 0.15], writing: [0.15, 0.65], indexing: [0.65, 1] },
} as const

/** The reading, telling `watch` how far between `from` and `to` it is. Several passes count as one. */
export function watched(
  reading: Reading,
  phase: ExchangeProgress['phase'],
  [from, to]: readonly [number, number],
  watch: Watch,
): Reading {
  let done = 0
  return {
    ...reading,
    *read(tell, part) {
      for (const one of reading.read(tell, part)) {
        if (done++ % PAGE === 0)
          watch({ phase, fraction: from + (to - from) * Math.min(1, done / Math.max(1, reading.size)) })
        yield one
      }
    },
  }
}
