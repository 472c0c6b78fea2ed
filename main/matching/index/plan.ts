/**
 * Which buckets must be looked into so that no hash within a radius is missed.
 *
 * Multi-index hashing (Norouzi, Punjani and Fleet, "Fast search in Hamming space with multi-index hashing", CVPR 2012):
 * two hashes that differ in few bits differ in very few bits of at least one slot. In general (Qin et al., "GPH:
 * Similarity search in Hamming space", ICDE 2018): give slot i a reach t_i >= -1, where -1 means that it is not looked
 * into. A hash that is missed differs in at least t_i + 1 bits in every slot, so in sum(t_i) + 16 or more. All within
 * radius R are found when sum(t_i) + 16 > R. The sum is fixed by R, the share of each slot is free: it goes where the
 * buckets hold fewest entries.
 */
import { SLOTS, VALUES, type Buckets } from './buckets.ts'
import { bitsSet } from './brute-force.ts'

/** The furthest a slot is looked into; a reach of 3 would be 697 buckets, more than reading everything costs. */
const MOST_REACH = 2
/** The largest radius that the slots cover: 16 slots at reach 2. */
export const MOST_RADIUS = SLOTS * (MOST_REACH + 1) - 1

/**
 * What looking into a bucket and comparing a candidate out of it cost, in comparisons with consecutive entries: both are
 * read from all over the memory, consecutive entries stream in. Measured with searches forced through the buckets and
 * past them: the two cost the same at about 10,000 entries for radius 31, and 300,000 to 1,000,000 for radius 43.
 */
export const COST = { bucket: 25, candidate: 30 } as const

/** What is added to a slot's value by exclusive or: all patterns of 0, 1 and 2 bits, in that order. */
export const PATTERNS = Uint16Array.from(
  Array.from({ length: VALUES }, (_, pattern) => pattern)
    .filter((pattern) => bitsSet(pattern) <= MOST_REACH)
    .sort((a, b) => bitsSet(a) - bitsSet(b) || a - b),
)
/** Patterns with at most -1, 0, 1 and 2 bits: 0, 1, 17, 137; index by reach + 1. */
export const PATTERNS_WITHIN = [0, 1, 1 + 16, 1 + 16 + 120] as const

export interface Plan {
  /** Reach of each slot, -1..2. */
  readonly reach: Int8Array
  readonly buckets: number
  readonly candidates: number
}

/** Buckets looked into when all slots share a radius evenly, `radius <= MOST_RADIUS`. */
export function bucketsFor(radius: number): number {
  const [low, more] = [Math.floor((radius + 1) / SLOTS) - 1, (radius + 1) % SLOTS]
  return (SLOTS - more) * PATTERNS_WITHIN[low + 1]! + (more ? more * PATTERNS_WITHIN[low + 2]! : 0)
}

/** The cheapest reaches that cover `radius` around a hash with these slot values, `radius <= MOST_RADIUS`. */
export function plan(slots: readonly Buckets[], values: Uint16Array, radius: number): Plan {
  const reach = new Int8Array(SLOTS).fill(-1)
  // No slot goes further than an even share needs: the next step is always 7 to 16 times as many buckets.
  const most = Math.ceil((radius + 1) / SLOTS) - 1
  const next = Array.from({ length: SLOTS }, (_, slot) => step(slots[slot]!, values[slot]!, 0))
  let candidates = 0
  let buckets = 0
  for (let missing = radius + 1; missing > 0; missing--) {
    let best = -1
    for (let slot = 0; slot < SLOTS; slot++)
      if (reach[slot]! < most && (best < 0 || next[slot]! < next[best]!)) best = slot
    candidates += next[best]!
    reach[best]!++
    buckets += PATTERNS_WITHIN[reach[best]! + 1]! - PATTERNS_WITHIN[reach[best]!]!
    if (reach[best]! < most) next[best] = step(slots[best]!, values[best]!, reach[best]! + 1)
  }
  return { reach, buckets, candidates }
}

/** Entries in the buckets that differ in exactly `bits` bits from `value`. */
function step({ starts }: Buckets, value: number, bits: number): number {
  let entries = 0
  for (let at = PATTERNS_WITHIN[bits]!; at < PATTERNS_WITHIN[bits + 1]!; at++) {
    const bucket = value ^ PATTERNS[at]!
    entries += starts[bucket + 1]! - starts[bucket]!
  }
  return entries
}
