/** Known footage: which items of the library show the same footage, when, and what an analyst made of it. */
import { z } from 'zod'
import { op } from './base.ts'
import { Id, Instant, MediaTime, Sha256, ShortText, Unit } from './common.ts'
import { Differences } from './differences.ts'
import { IntakeFile } from './intake.ts'
import { Job } from './jobs.ts'

/**
 * `footage`: the same recording; `scene`: frames alike, but they move otherwise: another take in the same place;
 * `undecided`: frames alike, and nothing moves or sounds that would tell the two apart; `sound`: the same sound under other
 * pictures.
 */
export const MatchKind = z.enum(['footage', 'scene', 'undecided', 'sound'])
export type MatchKind = z.infer<typeof MatchKind>

/** How well a match is supported; the thresholds stand in `matching/found.ts`. Not a likelihood. */
export const MatchStrength = z.enum(['strong', 'moderate', 'weak'])
export type MatchStrength = z.infer<typeof MatchStrength>

/**
 * Where the known picture lies in the new one, both as fractions of width and height, origin top left:
 * `x' = sx · x + tx`, `y' = sy · y + ty`. In a mirrored stretch the new picture is turned first, left for right.
 */
export const MatchPlacement = z.object({ sx: z.number(), tx: z.number(), sy: z.number(), ty: z.number() })
export type MatchPlacement = z.infer<typeof MatchPlacement>

/** A stretch of the new item that runs along a stretch of the known one. */
export const MatchSegment = z.object({
  /** Seconds of the new item. */
  from: MediaTime,
  to: MediaTime,
  /** Seconds of the known item at `from`, and seconds of it per second of the new one (0.8 to 1.25). */
  knownFrom: z.number(),
  speed: z.number().positive(),
  kind: MatchKind,
  /** The new item shows it with left and right exchanged. */
  mirrored: z.boolean(),
  /** Sum of the weights of the frames that agree, how many those are, and their share of the frames looked at. */
  support: z.number().nonnegative(),
  frames: z.number().int().nonnegative(),
  share: Unit,
  /** Null where only hashes of whole frames agree. */
  placement: MatchPlacement.nullable(),
  /** Frames that agree by the hash of the whole picture, and by corners. */
  byHash: z.number().int().nonnegative(),
  byCorners: z.number().int().nonnegative(),
  /** Seconds in which the sound agrees; 0 where it does not, or where either has none. */
  bySound: z.number().nonnegative(),
  /** False where the pictures are the same and the sound is not; null where there is too little to say. */
  soundAgrees: z.boolean().nullable().default(null),
  /** Whether both change at the same moments: correlation (-1..1) over that many frames; null where nothing moves. */
  motion: z.object({ correlation: z.number(), frames: z.number().int() }).nullable(),
  strength: MatchStrength,
  /** What supports it, in plain words. */
  words: z.string(),
})
export type MatchSegment = z.infer<typeof MatchSegment>

/** One of the two items of a match. */
export const MatchedItem = z.object({
  evidenceId: Id,
  name: z.string(),
  /** Seconds, as fingerprinted. */
  duration: z.number().nonnegative(),
  filmstripUrl: z.string().nullable(),
})
export type MatchedItem = z.infer<typeof MatchedItem>

export const MatchState = z.enum(['open', 'accepted', 'rejected'])
export type MatchState = z.infer<typeof MatchState>

/**
 * Two items that share footage. There is one for a pair: `fresh` is the one that came into the library later. The id is a
 * UUIDv5 of both hashes, so that what was decided about a pair holds however often it is found again.
 */
export const Match = z.object({
  id: Id,
  fresh: MatchedItem,
  known: MatchedItem,
  /** Of its best segment; `mirrored` where most of the shared time is. */
  kind: MatchKind,
  mirrored: z.boolean(),
  strength: MatchStrength,
  /** Seconds of the new item that the segments cover. */
  seconds: z.number().nonnegative(),
  /** In the order of the new item. */
  segments: z.array(MatchSegment),
  /** One sentence: what is shared and how it is shown. */
  words: z.string(),
  state: MatchState,
  /** The analyst's, with the decision; empty while open. */
  reason: z.string(),
  decidedAt: Instant.nullable(),
  actor: z.string(),
  /** The `same-footage-as` relation that the acceptance made. */
  relationId: Id.nullable(),
  foundAt: Instant,
})
export type Match = z.infer<typeof Match>

/** A segment as one of the two items has it: `start`–`end` there is `otherStart`–`otherEnd` in the other one. */
export interface SeenSegment {
  readonly start: number
  readonly end: number
  readonly otherStart: number
  readonly otherEnd: number
  readonly segment: MatchSegment
}

/** The match from the side of one of its items: the other item, and when each shows what. */
export function seenFrom(match: Match, evidenceId: string): { other: MatchedItem; segments: SeenSegment[] } {
  const fresh = match.fresh.evidenceId === evidenceId
  const segments = match.segments.map((segment): SeenSegment => {
    const { from, to, knownFrom, speed } = segment
    const start = Math.max(0, knownFrom)
    const end = knownFrom + speed * (to - from)
    return fresh
      ? { start: from, end: to, otherStart: start, otherEnd: end, segment }
      : { start, end, otherStart: from, otherEnd: to, segment }
  })
  return { other: fresh ? match.known : match.fresh, segments: segments.sort((a, b) => a.start - b.start) }
}

/** A list of hashes from another desk or a hash-sharing programme, kept in the library without the videos. */
export const HashList = z.object({
  id: Id,
  /** Given at the import, neutralised. */
  name: z.string(),
  /** Of the file as it was imported. */
  sha256: Sha256,
  entries: z.number().int(),
  /** Entries that could not be read, by reason, and the first of them by line. */
  leftOut: z.number().int(),
  reasons: z.record(z.string(), z.number().int()),
  first: z.array(z.object({ line: z.number().int(), reason: z.string(), text: z.string() })),
  importedAt: Instant,
})
export type HashList = z.infer<typeof HashList>

/** An item shows what an entry of a hash list stands for: its frames lie within 31 bits of the hashes of that entry. */
export const ListMatch = z.object({
  listId: Id,
  listName: z.string(),
  /** What the list calls it, neutralised; null where it has no name. */
  entryId: z.string().nullable(),
  /** Labels that the list gives it, neutralised. */
  labels: z.array(z.string()),
  /** Frames of the item that agree, and the least distance in bits. */
  frames: z.number().int().positive(),
  distance: z.number().int().min(0).max(256),
  /** First and last of them, seconds. */
  from: MediaTime,
  to: MediaTime,
})
export type ListMatch = z.infer<typeof ListMatch>

/** What is known of an item's footage. `waiting`: no fingerprint yet, or not yet held against the library. */
export const FootageState = z.enum(['waiting', 'matched', 'no-picture'])

/** How the matching itself is doing. */
export const MatchingState = z.object({
  state: z.enum(['preparing', 'ready', 'stopped']),
  /** Items whose fingerprints are held against each other, and what that takes. */
  videos: z.number().int(),
  hashes: z.number().int(),
  corners: z.number().int(),
  listed: z.number().int(),
  /** Items that are still to be held against the library; items triaged before there were fingerprints. */
  pending: z.number().int(),
  withoutFingerprint: z.number().int(),
  /** What the user should know: the index was damaged and made again, or a bound was reached. */
  notice: z.string().nullable(),
})
export type MatchingState = z.infer<typeof MatchingState>

/** Items that are copies of each other for most of their length; only groups of two and more. */
export const DuplicateGroup = z.object({ id: Id, evidenceIds: z.array(Id).min(2) })
export type DuplicateGroup = z.infer<typeof DuplicateGroup>

/** A match of a file that is not in the library; `known` is the library's item. */
export const FileMatch = Match.pick({ kind: true, mirrored: true, strength: true, seconds: true, segments: true, words: true, known: true }) // prettier-ignore
export type FileMatch = z.infer<typeof FileMatch>
export const FileMatches = z.object({
  sha256: Sha256,
  /** Seconds. */
  duration: z.number().nonnegative(),
  /** The library's item with these very bytes. */
  evidenceId: Id.nullable(),
  matches: z.array(FileMatch),
  lists: z.array(ListMatch),
  /** In plain words where nothing could be compared: no picture. Empty otherwise. */
  reason: z.string(),
  /** How many items it was held against. */
  videos: z.number().int(),
})
export type FileMatches = z.infer<typeof FileMatches>

/** `pdq-csv`: hash, quality, id; `vpdq`: frame, quality, hash, seconds, of one item; `exchange-json`: everything. */
export const FingerprintFormat = z.enum(['pdq-csv', 'vpdq', 'exchange-json'])
export type FingerprintFormat = z.infer<typeof FingerprintFormat>
export const ExportedFingerprints = z.object({
  /** Path inside the library's exports/. */
  file: z.string(),
  url: z.string(),
  bytes: z.number().int(),
  sha256: Sha256,
  items: z.number().int(),
  hashes: z.number().int(),
})
export type ExportedFingerprints = z.infer<typeof ExportedFingerprints>

export const matching = {
  state: op.output(MatchingState),
  /** Everything known of one item's footage: the best supported match first, rejected ones last. */
  forEvidence: op
    .input(z.object({ evidenceId: Id }))
    .output(z.object({ state: FootageState, matches: z.array(Match), lists: z.array(ListMatch) })),
  get: op.input(z.object({ id: Id })).output(Match),
  /**
   * `accept` makes a `same-footage-as` relation that carries the segments; `reject` is remembered, and the pair is not
   * offered again; `reopen` takes either back (the relation is withdrawn). A rejection needs a reason.
   */
  decide: op
    .input(
      z.object({
        id: Id,
        decision: z.enum(['accept', 'reject', 'reopen']),
        reason: ShortText.default(''),
        /** Both items join this case too. */
        caseId: Id.nullable().default(null),
      }),
    )
    .output(Match),
  /** Compares the two items of a match frame by frame, in a job; one that is pending is answered instead. */
  compare: op.input(z.object({ id: Id })).output(Job),
  /** What differs inside the footage that they share, as far as it was compared. */
  differences: op.input(z.object({ id: Id })).output(Differences),
  groups: op.output(z.array(DuplicateGroup)),
  /** Holds a file against the library without taking it in. Takes as long as decoding it. */
  matchFile: op.input(z.object({ path: z.string().min(1) })).output(FileMatches),
  lists: op.output(z.array(HashList)),
  /** Reads a list whole or not at all; entries that are wrong are left out and told. May take a minute. */
  importList: op.input(z.object({ file: IntakeFile, name: z.string().trim().max(200).default('') })).output(HashList),
  removeList: op.input(z.object({ id: Id })).output(z.object({})),
  /** The published PDQ hashes of all items, or of those named, as a file in exports/. */
  exportFingerprints: op
    .input(
      z.object({ format: FingerprintFormat, evidenceIds: z.array(Id).min(1).max(10_000).nullable().default(null) }),
    )
    .output(ExportedFingerprints),
}
