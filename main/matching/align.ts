/**
 * From frames that are alike to stretches of time that are the same: hits vote for a line "known = speed · new + shift" (Hough
 * voting, as in Douze, Jégou & Schmid, "An image-based approach to video copy detection with spatio-temporal post-filtering",
 * IEEE Trans. Multimedia 2010), the best line takes its hits away, and what is left votes again: cut and re-ordered footage
 * becomes several stretches.
 */

/** One new frame that is like one frame of one known video. */
export interface Hit {
  /** Seconds. */
  readonly fresh: number
  readonly known: number
  /** Seconds that it stands for, 0..1; less for a frame that many videos have. */
  readonly weight: number
}

/** A stretch of the new video that runs along a stretch of the known one. */
export interface Stretch {
  /** Seconds of the new video. */
  readonly from: number
  readonly to: number
  /** Seconds of the known video at `from`, and seconds of it per second of the new one. */
  readonly knownFrom: number
  readonly speed: number
  /** Sum of the weights of the frames that agree, one per new frame, and how many those are. */
  readonly support: number
  readonly frames: number
  /** Share of the sampled new frames of the stretch that agree, 0..1. */
  readonly share: number
}

export const ALIGNMENT = {
  slowest: 0.8,
  fastest: 1.25,
  /** Between two speeds that are tried, as a ratio. */
  step: 1.01,
  /** Seconds by which a hit may lie off the line. */
  off: 0.5,
  /** Seconds without a hit that end a stretch. */
  pause: 4,
  /** Least sum of weights, number of frames, and share of the sampled frames, of a stretch. */
  support: 1.8,
  frames: 3,
  share: 0.3,
  /** How much more another speed must gather than unchanged speed: short and still stretches fit many. */
  preferUnchanged: 1.08,
  most: 50,
} as const

/** Speeds that are tried, known seconds per new second. */
export const SPEEDS: readonly number[] = speeds()
function speeds(): number[] {
  const { slowest, fastest, step } = ALIGNMENT
  const down = Math.round(Math.log(slowest) / Math.log(step))
  const up = Math.round(Math.log(fastest) / Math.log(step))
  return Array.from({ length: up - down + 1 }, (_, i) => (down + i ? step ** (down + i) : 1))
}

/**
 * @param hits of one known video, all mirrored or none
 * @param sampled times of all new frames that were looked up, seconds, ascending
 * @returns stretches in the order of the new video
 */
export function align(hits: readonly Hit[], sampled: readonly number[]): Stretch[] {
  const found: Stretch[] = []
  let left = [...hits].sort((a, b) => a.fresh - b.fresh || a.known - b.known)
  while (left.length && found.length < ALIGNMENT.most) {
    const line = bestLine(left, ALIGNMENT.off, SPEEDS)
    if (!line || line.support < ALIGNMENT.support) break
    const inside = refine(left, line, ALIGNMENT.off)
    const parts = split(inside.hits)
      .map((part) => stretch(part, inside.line, sampled))
      .filter(
        ({ support, frames, share }) =>
          support >= ALIGNMENT.support && frames >= ALIGNMENT.frames && share >= ALIGNMENT.share,
      )
    found.push(...parts)
    // What agreed is used up; so is everything else that stretches found have explained.
    const used = new Set(inside.hits)
    left = left.filter((hit) => !used.has(hit) && !parts.some(({ from, to }) => hit.fresh >= from && hit.fresh <= to))
  }
  return found.sort((a, b) => a.from - b.from)
}

/** known = speed · new + shift. */
export interface Line {
  readonly speed: number
  readonly shift: number
}

/**
 * The line with the most support; every new frame counts once per line.
 * @param width seconds by which hits may lie off it
 * @param speeds that are tried
 */
export function bestLine(
  hits: readonly Hit[],
  width: number,
  speeds: readonly number[],
): (Line & { support: number }) | undefined {
  let best: (Line & { support: number }) | undefined
  let bestScore = 0
  for (const speed of speeds) {
    const bins = new Map<number, { sum: number; fresh: number; weight: number }>()
    for (const { fresh, known, weight } of hits) {
      const bin = Math.floor((known - speed * fresh) / width)
      // Two bins that overlap, so that no line falls between them.
      for (const key of [bin, bin + 1]) {
        const held = bins.get(key)
        if (!held) bins.set(key, { sum: weight, fresh, weight })
        else if (held.fresh !== fresh) {
          held.sum += weight
          held.fresh = fresh
          held.weight = weight
        } else if (weight > held.weight) {
          held.sum += weight - held.weight
          held.weight = weight
        }
      }
    }
    const factor = speed === 1 ? ALIGNMENT.preferUnchanged : 1
    for (const [key, { sum }] of bins)
      if (sum * factor > bestScore) {
        bestScore = sum * factor
        best = { speed, shift: key * width, support: sum }
      }
  }
  return best
}

/** The hits on the line, one per new frame (the nearest), and the line through them. */
export function refine(hits: readonly Hit[], start: Line, width: number): { line: Line; hits: Hit[] } {
  let line = start
  let on: Hit[] = []
  for (let round = 0; round < 3; round++) {
    const nearest = new Map<number, Hit>()
    const miss = ({ fresh, known }: Hit): number => Math.abs(known - line.speed * fresh - line.shift)
    for (const hit of hits) {
      if (miss(hit) > width * (round ? 1 : 1.5)) continue
      const other = nearest.get(hit.fresh)
      if (!other || miss(hit) < miss(other)) nearest.set(hit.fresh, hit)
    }
    on = [...nearest.values()]
    line = through(on, line.speed)
  }
  return { line, hits: on }
}

/** Weighted least squares; the speed stays where it was when the hits span too little to say better. */
function through(hits: readonly Hit[], speed: number): Line {
  const total = hits.reduce((sum, { weight }) => sum + weight, 0) || 1
  const mean = (of: (hit: Hit) => number): number => hits.reduce((sum, hit) => sum + hit.weight * of(hit), 0) / total
  const [x, y] = [mean(({ fresh }) => fresh), mean(({ known }) => known)]
  const under = mean(({ fresh }) => (fresh - x) ** 2)
  const slope = under > 4 ? mean(({ fresh, known }) => (fresh - x) * (known - y)) / under : speed
  const kept = Math.abs(slope - 1) < 0.004 ? 1 : Math.max(ALIGNMENT.slowest, Math.min(ALIGNMENT.fastest, slope))
  return { speed: kept, shift: y - kept * x }
}

function split(hits: readonly Hit[]): Hit[][] {
  const parts: Hit[][] = []
  for (const hit of hits) {
    const last = parts.at(-1)
    if (last && hit.fresh - last.at(-1)!.fresh <= ALIGNMENT.pause) last.push(hit)
    else parts.push([hit])
  }
  return parts
}

function stretch(hits: readonly Hit[], { speed, shift }: Line, sampled: readonly number[]): Stretch {
  const from = hits[0]!.fresh
  const to = hits.at(-1)!.fresh
  const looked = sampled.filter((time) => time >= from && time <= to).length
  return {
    from,
    to,
    knownFrom: speed * from + shift,
    speed,
    support: hits.reduce((sum, { weight }) => sum + weight, 0),
    frames: hits.length,
    share: looked ? Math.min(1, hits.length / looked) : 1,
  }
}
