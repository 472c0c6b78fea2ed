/** The hashes of all hash lists, looked up at once. Lists are of still pictures: no alignment, every frame by itself. */
import type { Prints } from './prints-bytes.ts'
import { HammingIndex } from './index/hamming-index.ts'
import { hashAt } from './catalogue.ts'
import { MATCHING } from './match.ts'
import { HASH_BYTES, LEAST_QUALITY } from './pdq.ts'

/** An entry of a list that frames of a video are like. */
export interface ListHit {
  readonly list: string
  /** Number of the entry in its list. */
  readonly entry: number
  /** Seconds of the frames that are like it, each once, and the least distance in bits. */
  readonly times: readonly number[]
  readonly distance: number
}

/** Entries that one video may hit; a list may hold a black frame ten thousand times. */
const MOST_HITS = 5000

export class ListIndex {
  #index = new HammingIndex()
  /** Where each run of entries comes from, ascending. */
  readonly #runs: { start: number; count: number; list: string; first: number }[] = []

  get listed(): number {
    return this.#runs.reduce((sum, { count, list }) => sum + (list ? count : 0), 0)
  }

  /** @param first number in the list of the first of these */
  add(list: string, first: number, hashes: Uint8Array): void {
    if (hashes.length)
      this.#runs.push({ start: this.#index.addAll(hashes), count: hashes.length / HASH_BYTES, list, first })
  }

  remove(list: string): void {
    for (const run of this.#runs) {
      if (run.list !== list) continue
      this.#index.remove(run.start, run.count)
      run.list = ''
    }
    if (this.#runs.some((run) => run.list)) return
    this.#index = new HammingIndex()
    this.#runs.length = 0
  }

  /** Frames whose quality is worth comparing, whole and inside their borders. */
  lookUp({ picture, inside }: Prints): ListHit[] {
    const hits = new Map<number, { times: Set<number>; distance: number }>()
    if (!this.#runs.length) return []
    for (const hashes of [picture.published, ...(inside ? [inside.hashes] : [])])
      picture.times.forEach((time, at) => {
        if (picture.quality[at]! < LEAST_QUALITY) return
        this.#index.search(hashAt(hashes, at), MATCHING.hashRadius, (_, entry, distance) => {
          const held = hits.get(entry)
          if (held) {
            held.times.add(time)
            held.distance = Math.min(held.distance, distance)
          } else if (hits.size < MOST_HITS) hits.set(entry, { times: new Set([time]), distance })
        })
      })
    return [...hits].map(([entry, { times, distance }]) => {
      const { list, first, start } = this.#runOf(entry)
      return { list, entry: first + entry - start, times: [...times].sort((a, b) => a - b), distance }
    })
  }

  #runOf(entry: number): { start: number; list: string; first: number } {
    let [low, high] = [0, this.#runs.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.#runs[middle]!.start <= entry) low = middle
      else high = middle - 1
    }
    return this.#runs[low]!
  }
}
