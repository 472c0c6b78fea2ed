/** Known videos, so indexed that a new one is looked up in all of them at once. */
import { FINGERPRINT, type Fingerprint } from './fingerprint.ts'
import { HammingIndex } from './index/hamming-index.ts'
import { WordIndex } from './index/word-index.ts'
import { DESCRIPTOR, type Corners } from './keypoints.ts'
import { HASH_BYTES, LEAST_QUALITY } from './pdq.ts'
import type { SoundPrint } from './sound-print.ts'

/**
 * Corners of a key frame that are indexed and looked up, the strongest of each size: a picture half as large has its large
 * corners where the original has its middle ones. All are kept for checking.
 */
const INDEXED = [16, 12, 10, 8, 7, 6] as const

/** Their descriptors. */
export function indexedCorners({ count, level, descriptors }: Corners): Uint8Array {
  const left: number[] = [...INDEXED]
  const chosen = Array.from({ length: count }, (_, i) => i).filter(
    (i) => left[level[i]!]! > 0 && left[level[i]!]!-- > 0,
  )
  const out = new Uint8Array(chosen.length * DESCRIPTOR)
  chosen.forEach((i, to) => out.set(descriptors.subarray(i * DESCRIPTOR, (i + 1) * DESCRIPTOR), to * DESCRIPTOR))
  return out
}

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
  readonly #words = new WordIndex()
  readonly #wordRuns = new Runs()
  /** Per video, the steps of its sound that are indexed. */
  readonly #steps: Uint32Array[] = []

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
      const descriptors = indexedCorners(corners)
      if (descriptors.length) this.#cornerRuns.add(this.#corners.addAll(descriptors), { video, at })
    })
    this.#addSound(video, fingerprint.sound)
    return video
  }

  /** Steps that say nothing are left out. */
  #addSound(video: number, { words, flat }: SoundPrint): void {
    const steps = Uint32Array.from(words.keys()).filter((step) => !flat[step])
    this.#steps.push(steps)
    if (steps.length) this.#wordRuns.add(this.#words.addAll(steps.map((step) => words[step]!)), { video, at: 0 })
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

  /** Calls `onHit` for every step of known sound whose word differs in at most `radius` bits, 0..3. */
  wordsLike(word: number, radius: number, onHit: (video: number, step: number) => void): void {
    this.#words.search(word, radius, (entry) => {
      const { place, offset } = this.#wordRuns.of(entry)
      onHit(place.video, this.#steps[place.video]![offset]!)
    })
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
