/** What differs inside footage that two items share: measured frame by frame in aligned, registered pictures. */
import { z } from 'zod'
import { Id, Instant, MediaTime, Region, Sha256, Unit } from './common.ts'
import { Job } from './jobs.ts'

/**
 * - `face`: a face differs, and what is around it agrees; `mouth`: only the mouth region of a face does.
 * - `overlay`: a fixed or straight-edged part (a logo, a caption, a cover); `part`: another part of the picture.
 * - `everywhere`: the pictures differ over most of their area.
 * - `borders`: the known picture covers only a part of the new one; `cropped`: the new one shows only a part of the known.
 * - `sound`: the pictures agree and the sound does not.
 */
export const DifferenceKind = z.enum(['face', 'mouth', 'overlay', 'part', 'everywhere', 'borders', 'cropped', 'sound'])
export type DifferenceKind = z.infer<typeof DifferenceKind>

const Range = z.object({ start: MediaTime, end: MediaTime })

/** One thing that differs. Which of the two items was altered does not follow from it. */
export const Difference = z.object({
  kind: DifferenceKind,
  /** What was seen, in careful words. */
  words: z.string(),
  /** How far beyond what compression explains; 0 to 1, by the rule in docs/matching.md. Not a probability. */
  strength: Unit,
  /** Seconds for which it was seen, of those looked at. */
  seconds: z.number().nonnegative(),
  /** Place in `Comparison.segments`. */
  segment: z.number().int().nonnegative(),
  fresh: Range,
  known: Range,
  /** Where, in fractions of the displayed picture of either item; null where it has no place. */
  freshRegion: Region.nullable(),
  knownRegion: Region.nullable(),
})
export type Difference = z.infer<typeof Difference>

/** Difference maps of one segment: grey tiles, one per time, in rows of `across`, in one picture. */
export const DifferenceMaps = z.object({
  sha256: Sha256,
  /** Tiles in a row, and pixels of one: one for each block of the new picture (turned first where it is mirrored). */
  across: z.number().int().positive(),
  columns: z.number().int().positive(),
  rows: z.number().int().positive(),
  /** Share of the new picture's width and height that the blocks cover. */
  width: Unit,
  height: Unit,
})
export type DifferenceMaps = z.infer<typeof DifferenceMaps>
/**
 * Grey level of a map for residual over noise: 0 up to 1 (nothing beyond noise), 255 from `MAP_FULL` on, linear between.
 */
export const MAP_FULL = 9

export const SoundAgreement = z.object({
  /** `none`: one of the two has no sound there; `undecided`: too quiet or too short to tell. */
  state: z.enum(['agrees', 'differs', 'partly', 'none', 'undecided']),
  /** Correlation of the spectra over time, median of the parts heard, -1 to 1; null where nothing was compared. */
  correlation: z.number().nullable(),
  /** Seconds compared. */
  seconds: z.number().nonnegative(),
  /** Seconds by which the sound of the new item runs ahead of its picture, against the known one. */
  lag: z.number().nullable(),
})
export type SoundAgreement = z.infer<typeof SoundAgreement>

export const ComparedSegment = z.object({
  /** As the match has it, with the times refined to the frame. */
  from: MediaTime,
  to: MediaTime,
  knownFrom: z.number(),
  speed: z.number().positive(),
  mirrored: z.boolean(),
  state: z.enum(['compared', 'not-registered', 'unreadable']),
  /** In plain words where it was not compared; empty otherwise. */
  reason: z.string(),
  /** Where the known picture lies in the new one (turned first where mirrored), refined to a part of a pixel. */
  placement: z.object({ sx: z.number(), tx: z.number(), sy: z.number(), ty: z.number() }),
  /** True where that moves, as in a slow zoom. */
  moving: z.boolean(),
  /** Correlation of brightness where the pictures fit, median, -1 to 1. */
  correlation: z.number().nullable(),
  /** Times compared: of the new item and of the known one. */
  times: z.array(MediaTime),
  knownTimes: z.array(z.number()),
  /** Share of the comparable picture that differs beyond noise at each of them. */
  share: z.array(Unit),
  /** Seconds between two of those times, within a part that was looked at in one piece. */
  step: z.number().positive(),
  maps: DifferenceMaps.nullable(),
  sound: SoundAgreement,
})
export type ComparedSegment = z.infer<typeof ComparedSegment>

/** A pair of frames at one time, the known one laid under the new one, with the map between them. */
export const ComparedPair = z.object({
  sha256: Sha256,
  mime: z.literal('image/webp'),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  segment: z.number().int().nonnegative(),
  time: MediaTime,
  known: z.number(),
  caption: z.string(),
})
export type ComparedPair = z.infer<typeof ComparedPair>

export const Comparison = z.object({
  version: z.string(),
  /** One sentence over everything. */
  words: z.string(),
  /** Strongest first. */
  differences: z.array(Difference).max(200),
  segments: z.array(ComparedSegment).max(50),
  pairs: z.array(ComparedPair).max(50),
  /** What may mislead on this very pair. */
  knownFailures: z.array(z.string()).max(20),
  /** Every constant that shapes it. */
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  ffmpeg: z.string(),
})
export type Comparison = z.infer<typeof Comparison>

/** What is known of the differences of one match. */
export const Differences = z.object({
  matchId: Id,
  /** The newest `compare` job of the match; null where it was never asked for. */
  job: Job.nullable(),
  /** The last one that ended well. */
  comparison: Comparison.nullable(),
  comparedAt: Instant.nullable(),
  /** False where the segments were found anew since. */
  current: z.boolean(),
})
export type Differences = z.infer<typeof Differences>
