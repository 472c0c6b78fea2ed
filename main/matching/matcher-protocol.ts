/** What the host and the thread that holds the catalogue say to each other. Both are ours; the bytes are checked there. */
import type { ListHit } from './list-index.ts'
import type { FootageMatch } from './match.ts'

/** A video of the library: its item, and the SHA-256 of its fingerprint. */
export interface Video {
  readonly id: string
  readonly sha256: string
}

export interface Opening {
  /** derived/matching */
  readonly folder: string
  readonly library: string
  /** What the database holds. */
  readonly videos: readonly Video[]
  /** Most entries of the index of corners: 96 bytes each. */
  readonly mostCorners: number
}

export type Request =
  /** Takes a video in, in the place of an earlier fingerprint of it. */
  | { readonly kind: 'add'; readonly video: Video; readonly bytes: Uint8Array }
  /** Held against all videos but itself, or against one. */
  | { readonly kind: 'look-up'; readonly bytes: Uint8Array; readonly self: string | null; readonly only: string | null }
  | { readonly kind: 'look-up-lists'; readonly bytes: Uint8Array }
  | { readonly kind: 'add-list'; readonly list: string; readonly first: number; readonly hashes: Uint8Array }
  | { readonly kind: 'remove-list'; readonly list: string }
  | { readonly kind: 'save' }
  | { readonly kind: 'state' }

export interface Hold {
  readonly videos: number
  readonly hashes: number
  readonly corners: number
  readonly listed: number
  /** What the user should know. */
  readonly notice: string | null
}

/** What comes back for each kind of request. */
export interface Answers {
  add: Hold
  'look-up': {
    readonly found: readonly PairFound[]
    /** Videos that it was held against. */
    readonly against: readonly Video[]
    /** Its frames, or seconds of its sound, that are enough to be told apart. */
    readonly usable: number
  }
  'look-up-lists': { readonly hits: readonly ListHit[] }
  'add-list': Hold
  'remove-list': Hold
  save: Hold
  state: Hold
}

export interface PairFound {
  /** Item of the known video. */
  readonly id: string
  readonly stretches: readonly FootageMatch[]
}

export type ToThread = { readonly id: number; readonly request: Request }
export type FromThread =
  /** Open: these are in the database but not in what lay on the disk. */
  | { readonly kind: 'open'; readonly missing: readonly string[]; readonly hold: Hold }
  | { readonly kind: 'answer'; readonly id: number; readonly value: Answers[keyof Answers] }
  /** `damage`: the fingerprint that was sent is none. Anything else is a defect. */
  | { readonly kind: 'refused'; readonly id: number; readonly why: 'damage' | 'defect'; readonly message: string }
  /** The fingerprint of this item is wanted at once, by the port; the thread waits for it. */
  | { readonly kind: 'need'; readonly id: string }
