/** Follows faces from frame to frame by place and size. Pure: no pictures, no clock. */
import { overlap, type Box, type Detection } from './candidates.ts'

export const TRACKER = {
  /** A face that was not found for longer than this starts a new track, seconds. */
  gap: 1.6,
  /** Furthest that a face may move between two finds, in face sizes, per second; and at least, and at most. */
  perSecond: 1,
  leastMove: 0.6,
  mostMove: 1.1,
  /** Sizes of the same face in two finds may differ by this factor. */
  growth: 1.7,
}

interface Followed {
  readonly id: number
  box: Box
  time: number
}

const size = (box: Box) => Math.sqrt(box.width * box.height)

/** How well a box continues a track: up to 2, 0 where it cannot. */
function likeness(last: Followed, box: Box, time: number): number {
  const [a, b] = [size(last.box), size(box)]
  if (Math.max(a, b) > TRACKER.growth * Math.min(a, b)) return 0
  const distance =
    Math.hypot(
      box.x + box.width / 2 - last.box.x - last.box.width / 2,
      box.y + box.height / 2 - last.box.y - last.box.height / 2,
    ) / Math.max(a, b)
  const allowed = Math.min(TRACKER.mostMove, Math.max(TRACKER.leastMove, TRACKER.perSecond * (time - last.time)))
  return distance > allowed ? 0 : overlap(last.box, box) + 1 - distance / (2 * allowed)
}

export class Tracker {
  private followed: Followed[] = []
  private next = 0

  /** Ends every track: the picture was cut. */
  cut(): void {
    this.followed = []
  }

  /** Boxes of the tracks that may still go on, latest first. */
  expected(time: number): Box[] {
    return this.followed.filter((track) => time - track.time <= TRACKER.gap).map((track) => track.box)
  }

  /** The track number per detection. Best pairs first; equal pairs by the order of tracks and detections. */
  assign(found: readonly Detection[], time: number): number[] {
    this.followed = this.followed.filter((track) => time - track.time <= TRACKER.gap && time >= track.time)
    const pairs = this.followed
      .flatMap((track) => found.map((d, index) => ({ track, index, likeness: likeness(track, d.box, time) })))
      .filter((pair) => pair.likeness > 0)
      .sort((a, b) => b.likeness - a.likeness || a.track.id - b.track.id || a.index - b.index)
    const ids = Array.from({ length: found.length }, () => -1)
    const continued = new Set<number>()
    for (const { track, index } of pairs) {
      if (continued.has(track.id) || ids[index] !== -1) continue
      continued.add(track.id)
      ids[index] = track.id
      track.box = found[index]!.box
      track.time = time
    }
    found.forEach((d, index) => {
      if (ids[index] !== -1) return
      const id = this.next++
      ids[index] = id
      this.followed.push({ id, box: d.box, time })
    })
    this.followed.sort((a, b) => b.time - a.time || a.id - b.id)
    return ids
  }
}
