/** Sums up face tracks for signals: how long each was seen, how large and sharp it was, and which frames suit best. */
import type { Face } from './face.ts'

export interface Sighting {
  readonly time: number
  readonly face: Face
}

export interface TrackSummary {
  readonly track: number
  /** First and last time seen, seconds. */
  readonly start: number
  readonly end: number
  /** In time order. */
  readonly sightings: readonly Sighting[]
  /** Middle values (the lower one of an even number). */
  readonly medianSize: number
  readonly medianSharpness: number
  readonly medianYaw: number
}

/** Collects the faces of every frame. Keeps boxes and points, never pictures. */
export class TrackBook {
  private readonly tracks = new Map<number, Sighting[]>()

  add(time: number, faces: readonly Face[]): void {
    for (const face of faces) {
      const sightings = this.tracks.get(face.track)
      if (sightings) sightings.push({ time, face })
      else this.tracks.set(face.track, [{ time, face }])
    }
  }

  /** Every track, those seen in most frames first; equal ones in the order in which they began. */
  summaries(): TrackSummary[] {
    return [...this.tracks]
      .map(([track, sightings]) => ({
        track,
        start: sightings[0]!.time,
        end: sightings[sightings.length - 1]!.time,
        sightings,
        medianSize: median(sightings.map((s) => s.face.quality.size)),
        medianSharpness: median(sightings.map((s) => s.face.quality.sharpness)),
        medianYaw: median(sightings.map((s) => s.face.quality.yaw)),
      }))
      .sort((a, b) => b.sightings.length - a.sightings.length || a.track - b.track)
  }
}

/** Lower median; the list is not empty. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[(values.length - 1) >> 1]!
}

/**
 * Up to `count` sightings spread over the track: one of each equal part of its time, the one that is largest, sharpest and
 * most frontal there.
 */
export function bestSightings({ sightings, start, end }: TrackSummary, count: number): Sighting[] {
  const parts = new Map<number, Sighting>()
  for (const sighting of sightings) {
    const share = end > start ? (sighting.time - start) / (end - start) : 0
    const part = Math.min(count - 1, Math.floor(share * count))
    const best = parts.get(part)
    if (!best || worth(sighting.face) > worth(best.face)) parts.set(part, sighting)
  }
  return [...parts.values()].sort((a, b) => a.time - b.time)
}

const worth = ({ quality, score }: Face) =>
  score * Math.sqrt(quality.size) * Math.log1p(quality.sharpness) * (1 - 0.7 * Math.abs(quality.yaw))
