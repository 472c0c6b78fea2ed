/** Known videos, so indexed that a new one is looked up in all of them at once. */
import { FINGERPRINT, type Fingerprint } from './fingerprint.ts'
import { HammingIndex } from './index/hamming-index.ts'
import { DESCRIPTOR } from './keypoints.ts'
import { HASH_BYTES, LEAST_QUALITY } from './pdq.ts'

/** Corners of a key frame that are indexed: the strongest of the two largest sizes. All are kept for checking. */
export const INDEXED_CORNERS = 48

/** A frame of a known video: number of the video, and of the hash or key frame in it. */
export interface Place {
  readonly video: number
  readonly at: number
}

/** Where the entries of an index come from: runs of entries that belong together. */
class Runs {
  readonly #starts: number[] = []
  readonly #places: Place[] = []

  add(start: number, place: Place): void {
    this.#starts.push(start)
    this.#places.push(place)
  }

  of(entry: number): { place: Place; offset: number } {
    let [low, high] = [0, this.#starts.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.#starts[middle]! <= entry) low = middle
      else high = middle - 1
    }
    return { place: this.#places[low]!, offset: entry - this.#starts[low]! }
  }
}

export class Catalogue {
  readonly #videos: Fingerprint[] = []
  readonly #frames = new HammingIndex()
  readonly #corners = new HammingIndex()
  readonly #frameRuns = new Runs()
  readonly #cornerRuns = new Runs()

  get size(): number {
    return this.#videos.length
  }

  video(number: number): Fingerprint {
    return this.#videos[number]!
  }

  /** @returns the number of the video, from 0 */
  add(fingerprint: Fingerprint): number {
    const video = this.#videos.push(fingerprint) - 1
    if (fingerprint.hashes.length) this.#frameRuns.add(this.#frames.addAll(fingerprint.hashes), { video, at: 0 })
    fingerprint.keyFrames.forEach(({ corners }, at) => {
      const descriptors = corners.descriptors.subarray(0, INDEXED_CORNERS * DESCRIPTOR)
      if (descriptors.length) this.#cornerRuns.add(this.#corners.addAll(descriptors), { video, at })
    })
    return video
  }

  /** Frames within `radius` bits of a hash, whose own quality is worth comparing. */
  framesLike(hash: Uint8Array, radius: number): Place[] {
    const found: Place[] = []
    this.#frames.search(hash, radius, (_, entry) => {
      const { place, offset } = this.#frameRuns.of(entry)
      if (this.#videos[place.video]!.quality[offset]! >= LEAST_QUALITY) found.push({ video: place.video, at: offset })
    })
    return found
  }

  /** Key frames with corners like these, with how many; a known key frame counts a corner once. */
  keyFramesLike(descriptors: Uint8Array, radius: number): { place: Place; votes: number }[] {
    const votes = new Map<number, { place: Place; votes: number; last: number }>()
    this.#corners.search(descriptors, radius, (query, entry) => {
      const { place } = this.#cornerRuns.of(entry)
      const key = place.video * FINGERPRINT.mostFrames + place.at
      const held = votes.get(key)
      if (!held) votes.set(key, { place, votes: 1, last: query })
      else if (held.last !== query) {
        held.votes++
        held.last = query
      }
    })
    return [...votes.values()].map(({ place, votes: n }) => ({ place, votes: n }))
  }
}

/** The nth hash of a list. */
export const hashAt = (hashes: Uint8Array, n: number): Uint8Array =>
  hashes.subarray(n * HASH_BYTES, (n + 1) * HASH_BYTES)
