/**
 * Queries that resemble each other, searched together. Frames of one shot differ in few bits, and by the triangle
 * inequality whatever lies within the radius of a member lies within radius + spread of the group's centre. So one search
 * around the centre finds all candidates of all members.
 */
import { HASH_WORDS, distance } from './brute-force.ts'

export interface Group {
  /** The words of the hash around which is searched. */
  readonly centre: Uint32Array
  /** The largest distance of a member from it. */
  readonly spread: number
  /** Query numbers, rising. */
  readonly members: readonly number[]
}

/** Queries among which groups are formed, so that a long list takes no quadratic time: 100 s at five frames a second. */
const WINDOW = 512

/** Groups with a spread of at most `most`, in which every query occurs once; the earliest frame left opens the next. */
export function groupsOf(queries: Uint32Array, most: number): Group[] {
  const count = queries.length / HASH_WORDS
  const groups: Group[] = []
  for (let from = 0; from < count; from += WINDOW) {
    let left = Array.from({ length: Math.min(WINDOW, count - from) }, (_, at) => from + at)
    while (left.length) {
      const group = groupOfFirst(queries, left, most)
      groups.push(group)
      const taken = new Set(group.members)
      left = left.filter((query) => !taken.has(query))
    }
  }
  return groups
}

function groupOfFirst(queries: Uint32Array, left: readonly number[], most: number): Group {
  const first = left[0]!
  const near = left.filter((query) => distance(queries, query, queries, first, 2 * most) <= 2 * most)
  const group = around(majority(queries, near), queries, near, most)
  if (group.members[0] === first) return group
  // A first frame unlike the majority of those near it is a centre by itself.
  return around(queries.slice(first * HASH_WORDS, (first + 1) * HASH_WORDS), queries, near, most)
}

function around(centre: Uint32Array, queries: Uint32Array, near: readonly number[], most: number): Group {
  let spread = 0
  const members = near.filter((query) => {
    const bits = distance(queries, query, centre, 0, most)
    if (bits <= most) spread = Math.max(spread, bits)
    return bits <= most
  })
  return { centre, spread, members }
}

/** Each bit as most of the hashes have it: the hash with the least sum of distances to them. */
function majority(queries: Uint32Array, members: readonly number[]): Uint32Array {
  const centre = new Uint32Array(HASH_WORDS)
  for (let word = 0; word < HASH_WORDS; word++) {
    for (let bit = 0; bit < 32; bit++) {
      let set = 0
      for (const query of members) set += (queries[query * HASH_WORDS + word]! >>> bit) & 1
      if (2 * set > members.length) centre[word]! |= 1 << bit
    }
  }
  return centre
}
