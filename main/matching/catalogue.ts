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
  /** First entry, video, and hash or key frame of each run, one after the other. */
  #numbers: Uint32Array
  #count: number

  constructor(numbers: Uint32Array = new Uint32Array(0)) {
    this.#numbers = numbers
    this.#count = numbers.length / 3
  }

  get numbers(): Uint32Array {
    return this.#numbers.subarray(0, 3 * this.#count)
  }

  add(start: number, { video, at }: Place): void {
    if (3 * this.#count === this.#numbers.length) {
      const longer = new Uint32Array(Math.max(3 * 64, 2 * this.#numbers.length))
      longer.set(this.#numbers)
      this.#numbers = longer
    }
    this.#numbers.set([start, video, at], 3 * this.#count++)
  }

  of(entry: number): { place: Place; offset: number } {
    let [low, high] = [0, this.#count - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.#numbers[3 * middle]! <= entry) low = middle
      else high = middle - 1
    }
    return { place: this.#place(low), offset: entry - this.#numbers[3 * low]! }
  }

  /** First entry and number of entries of every run of a video. */
  *ofVideo(video: number, entries: number): Generator<[from: number, count: number]> {
    for (let run = 0; run < this.#count; run++) {
      if (this.#numbers[3 * run + 1] !== video) continue
      const from = this.#numbers[3 * run]!
      yield [from, (run + 1 < this.#count ? this.#numbers[3 * run + 3]! : entries) - from]
    }
  }

  #place(run: number): Place {
    return { video: this.#numbers[3 * run + 1]!, at: this.#numbers[3 * run + 2]! }
  }
}

/** What a catalogue consists of, for catalogue-file.ts. */
export interface CatalogueParts {
  /** Videos ever added, removed ones too. */
  readonly videos: number
  readonly frames: HammingIndex
  readonly corners: HammingIndex
  /** Three numbers a run: first entry, video, hash or key frame. */
  readonly frameRuns: Uint32Array
  readonly cornerRuns: Uint32Array
  readonly wordRuns: Uint32Array
  /** Words of sound, and the step of its video that each is of. */
  readonly words: Uint32Array
  readonly wordSteps: Uint32Array
}

export class Catalogue {
  #count: number
  readonly #held: Fingerprint[] = []
  readonly #keeps: boolean
  readonly #load: (video: number) => Fingerprint
  readonly #frames: HammingIndex
  readonly #corners: HammingIndex
  readonly #frameRuns: Runs
  readonly #cornerRuns: Runs
  readonly #words = new WordIndex()
  readonly #wordRuns: Runs
  /** Per indexed word, the step of its sound. */
  #steps: Uint32Array
  readonly #removed = new Set<number>()
  #hidden = -1

  /**
   * @param load gives the fingerprint of a video back, for catalogues that are too large to keep them all; without it
   *   every fingerprint that is added is kept
   */
  constructor(load?: (video: number) => Fingerprint, parts?: CatalogueParts) {
    this.#load = load ?? ((video) => this.#held[video]!)
    this.#count = parts?.videos ?? 0
    this.#frames = parts?.frames ?? new HammingIndex()
    this.#corners = parts?.corners ?? new HammingIndex()
    this.#frameRuns = new Runs(parts?.frameRuns)
    this.#cornerRuns = new Runs(parts?.cornerRuns)
    this.#wordRuns = new Runs(parts?.wordRuns)
    this.#steps = parts?.wordSteps ?? new Uint32Array(0)
    if (parts) this.#words.addAll(parts.words)
    this.#keeps = load === undefined
  }

  /** Videos ever added, removed ones too: the number that the next one gets. */
  get size(): number {
    return this.#count
  }

  get parts(): CatalogueParts {
    return {
      videos: this.#count,
      frames: this.#frames,
      corners: this.#corners,
      frameRuns: this.#frameRuns.numbers,
      cornerRuns: this.#cornerRuns.numbers,
      wordRuns: this.#wordRuns.numbers,
      words: this.#words.words,
      wordSteps: this.#steps.subarray(0, this.#words.count),
    }
  }

  video(number: number): Fingerprint {
    return this.#load(number)
  }

  /**
   * @param withCorners false to look this one up by whole frames only: corners take most of the memory
   * @returns the number of the video, from 0
   */
  add(fingerprint: Fingerprint, withCorners = true): number {
    const video = this.#count++
    if (this.#keeps) this.#held.push(fingerprint)
    for (const [from, to] of worthComparing(fingerprint.quality)) {
      const first = this.#frames.addAll(fingerprint.hashes.subarray(from * HASH_BYTES, to * HASH_BYTES))
      this.#frameRuns.add(first, { video, at: from })
    }
    for (const [at, { corners }] of withCorners ? fingerprint.keyFrames.entries() : []) {
      const descriptors = indexedCorners(corners)
      if (descriptors.length) this.#cornerRuns.add(this.#corners.addAll(descriptors), { video, at })
    }
    this.#addSound(video, fingerprint.sound)
    return video
  }

  /** Steps that say nothing are left out. */
  #addSound(video: number, { words, flat }: SoundPrint): void {
    const steps = Uint32Array.from(words.keys()).filter((step) => !flat[step])
    if (!steps.length) return
    const first = this.#words.addAll(steps.map((step) => words[step]!))
    if (first + steps.length > this.#steps.length) {
      const longer = new Uint32Array(Math.max(first + steps.length, 2 * this.#steps.length))
      longer.set(this.#steps.subarray(0, first))
      this.#steps = longer
    }
    this.#steps.set(steps, first)
    this.#wordRuns.add(first, { video, at: 0 })
  }

  /** The video is not found any more. Its number and memory stay until a rebuild. */
  remove(video: number): void {
    this.#removed.add(video)
    for (const [from, count] of this.#frameRuns.ofVideo(video, this.#frames.count)) this.#frames.remove(from, count)
    for (const [from, count] of this.#cornerRuns.ofVideo(video, this.#corners.count)) this.#corners.remove(from, count)
  }

  /** Does the work as if this video were not known: it is not to be found in itself. */
  without<T>(video: number, work: () => T): T {
    this.#hidden = video
    try {
      return work()
    } finally {
      this.#hidden = -1
    }
  }

  /** Frames within `radius` bits of a hash, whose own quality is worth comparing. */
  framesLike(hash: Uint8Array, radius: number): Place[] {
    const found: Place[] = []
    this.#frames.search(hash, radius, (_, entry) => {
      const { place, offset } = this.#frameRuns.of(entry)
      if (place.video !== this.#hidden) found.push({ video: place.video, at: place.at + offset })
    })
    return found
  }

  /** Calls `onHit` for every step of known sound whose word differs in at most `radius` bits, 0..3. */
  wordsLike(word: number, radius: number, onHit: (video: number, step: number) => void): void {
    this.#words.search(word, radius, (entry) => {
      const { video } = this.#wordRuns.of(entry).place
      if (video !== this.#hidden && !this.#removed.has(video)) onHit(video, this.#steps[entry]!)
    })
  }

  /** Key frames with corners like these, with how many; a known key frame counts a corner once. */
  keyFramesLike(descriptors: Uint8Array, radius: number): { place: Place; votes: number }[] {
    const votes = new Map<number, { place: Place; votes: number; last: number }>()
    this.#corners.search(descriptors, radius, (query, entry) => {
      const { place } = this.#cornerRuns.of(entry)
      if (place.video === this.#hidden) return
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

/** Runs of hashes, from the first up to but without the last, whose quality is worth comparing. */
function* worthComparing(quality: Uint8Array): Generator<[from: number, to: number]> {
  for (let from = 0; from < quality.length; from++) {
    if (quality[from]! < LEAST_QUALITY) continue
    let to = from + 1
    while (to < quality.length && quality[to]! >= LEAST_QUALITY) to++
    yield [from, to]
    from = to
  }
}

/** The nth hash of a list. */
export const hashAt = (hashes: Uint8Array, n: number): Uint8Array =>
  hashes.subarray(n * HASH_BYTES, (n + 1) * HASH_BYTES)
