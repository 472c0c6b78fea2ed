/** From the network's logits for single patches to one reading of the video. */

export const READING = {
  /** A head needs so many patches. */
  leastPatches: 2,
  /** Patches after which the middle logit counts half: few patches say little. */
  prior: 1,
} as const

export interface PatchReading {
  /** Seconds. */
  readonly time: number
  /** Face track. */
  readonly track: number
  /** Above 0: more like what generators make than like camera pictures. */
  readonly logit: number
}
export interface HeadReading {
  readonly track: number
  readonly patches: number
  /** Median over its patches, drawn to 0 where there are few. */
  readonly logit: number
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit))

/** One reading per head, the highest first; none where there are too few patches. */
export function readHeads(patches: readonly PatchReading[]): HeadReading[] {
  const logits = new Map<number, number[]>()
  for (const { track, logit } of patches) {
    const list = logits.get(track)
    if (list) list.push(logit)
    else logits.set(track, [logit])
  }
  return [...logits]
    .filter(([, list]) => list.length >= READING.leastPatches)
    .map(([track, list]) => ({
      track,
      patches: list.length,
      logit: (median(list) * list.length) / (list.length + READING.prior),
    }))
    .sort((a, b) => b.logit - a.logit || b.patches - a.patches || a.track - b.track)
}
