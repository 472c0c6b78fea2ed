/** Two frames with corners in common: which are the same, and where one frame lies in the other. */
import { place, type Pair, type Placed } from './geometry.ts'
import { distance, toWords } from './index/brute-force.ts'
import type { Corners } from './keypoints.ts'
import { MATCHING } from './rules.ts'

/** Where the known frame lies in the new one, when enough corners say so. */
export function compare(fresh: Corners, known: Corners): Placed | undefined {
  const pairs = nearestPairs(fresh, known)
  if (pairs.length < MATCHING.pairs) return undefined
  const placed = place(fresh, known, pairs)
  if (!placed || Math.min(...placed.span) < MATCHING.span) return undefined
  return placed.pairs.length >= Math.max(MATCHING.pairs, MATCHING.pairShare * pairs.length) ? placed : undefined
}

/** Corners of which each is the other's nearest. */
function nearestPairs(fresh: Corners, known: Corners): Pair[] {
  const [a, b] = [toWords(fresh.descriptors), toWords(known.descriptors)]
  const limit = MATCHING.pairRadius + 1
  const [toKnown, toFresh] = [new Int16Array(fresh.count).fill(-1), new Int16Array(known.count).fill(-1)]
  const [leastFresh, leastKnown] = [new Int16Array(fresh.count).fill(limit), new Int16Array(known.count).fill(limit)]
  for (let i = 0; i < fresh.count; i++)
    for (let j = 0; j < known.count; j++) {
      const bits = distance(a, i, b, j, limit)
      if (bits < leastFresh[i]!) {
        leastFresh[i] = bits
        toKnown[i] = j
      }
      if (bits < leastKnown[j]!) {
        leastKnown[j] = bits
        toFresh[j] = i
      }
    }
  const pairs: Pair[] = []
  for (let i = 0; i < fresh.count; i++) {
    const j = toKnown[i]!
    if (j >= 0 && toFresh[j] === i) pairs.push({ fresh: i, known: j })
  }
  return pairs
}
