/** From the logits of single face crops to one reading per face and per video. */

export const READING = {
  /** Crops of one face needed for a reading, and the seconds from the first to the last. */
  leastCrops: 4,
  leastSeconds: 1.5,
  /**
   * The reading of a face is the mean of its logits between these shares of their order: single outliers at the top say
   * little, and an alteration need not show in every frame.
   */
  low: 0.4,
  high: 0.9,
  /** So many crops' worth of logit 0 is mixed in, so that short tracks stay near the middle. */
  shrinkage: 2,
  /** Crops over which the running reading is taken. */
  window: 5,
} as const

export interface CropReading {
  readonly track: number
  /** Frame number of the stream, and seconds. */
  readonly index: number
  readonly time: number
  readonly logit: number
}
export interface TrackReading {
  readonly track: number
  readonly crops: readonly CropReading[]
  /** Robust mean, drawn towards 0 for short tracks. */
  readonly logit: number
}

export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit))

/** Mean of the values between two shares of their order; at least one value counts. */
export function middleMean(values: readonly number[], low: number, high: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const from = Math.min(sorted.length - 1, Math.floor(low * sorted.length))
  const kept = sorted.slice(from, Math.max(from + 1, Math.ceil(high * sorted.length)))
  return kept.reduce((sum, value) => sum + value, 0) / kept.length
}

/** Tracks with enough crops over enough time, the highest reading first. */
export function readTracks(crops: readonly CropReading[]): TrackReading[] {
  const tracks = new Map<number, CropReading[]>()
  for (const crop of crops) {
    const known = tracks.get(crop.track)
    if (known) known.push(crop)
    else tracks.set(crop.track, [crop])
  }
  return [...tracks]
    .filter(
      ([, list]) =>
        list.length >= READING.leastCrops && list[list.length - 1]!.time - list[0]!.time >= READING.leastSeconds,
    )
    .map(([track, list]) => {
      const mean = middleMean(
        list.map((crop) => crop.logit),
        READING.low,
        READING.high,
      )
      return { track, crops: list, logit: (mean * list.length) / (list.length + READING.shrinkage) }
    })
    .sort((a, b) => b.logit - a.logit || a.track - b.track)
}

/** The median over `READING.window` neighbouring crops, for every crop. */
export function running(crops: readonly CropReading[]): number[] {
  const reach = READING.window >> 1
  return crops.map((_, i) => {
    const near = crops
      .slice(Math.max(0, i - reach), i + reach + 1)
      .map((crop) => crop.logit)
      .sort((a, b) => a - b)
    return near[(near.length - 1) >> 1]!
  })
}
