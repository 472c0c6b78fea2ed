/**
 * Exact search among 256-bit hashes by Hamming distance, up to a radius of 31.
 *
 * Most entries lie sorted in buckets (buckets.ts) of which plan.ts chooses the few to look into; the newest are an
 * unsorted tail that is compared one by one. Queries that resemble each other are searched together (groups.ts). 96 bytes
 * an entry. An index belongs to one thread and is changed by one caller.
 */
import { HASH_BYTES, HASH_WORDS, bitsSet, distance, toWords, type OnHit } from './brute-force.ts'
import { SLOTS, extendBuckets, noBuckets, type Buckets } from './buckets.ts'
import { groupsOf, type Group } from './groups.ts'
import { HashMemory } from './hash-memory.ts'
import { BLOCK } from './kernel.ts'
import { COST, MOST_RADIUS, PATTERNS, PATTERNS_WITHIN, bucketsFor, plan, type Plan } from './plan.ts'

export const RADIUS = 31
/** Entries of the tail at which it is sorted into the buckets. */
const TAIL = { least: 16_384, most: 65_536, share: 1 / 8 } as const

/** What an index consists of, for index-file.ts: `sorted` of the hashes are in the buckets. */
export interface IndexParts {
  readonly hashes: HashMemory
  readonly slots: readonly Buckets[]
  /** One bit an entry, set where it was removed; may be shorter than the entries. */
  readonly removed: Uint32Array<ArrayBuffer>
}

export class HammingIndex {
  readonly #hashes: HashMemory
  #slots: readonly Buckets[]
  #removed: Uint32Array<ArrayBuffer>
  #searching = false

  constructor(parts?: IndexParts) {
    this.#hashes = parts?.hashes ?? new HashMemory()
    this.#slots = parts?.slots ?? Array.from({ length: SLOTS }, noBuckets)
    this.#removed = parts?.removed ?? new Uint32Array(0)
  }

  /** Entries ever added, removed ones too: the number that the next one gets. */
  get count(): number {
    return this.#hashes.count
  }

  get parts(): IndexParts {
    return { hashes: this.#hashes, slots: this.#slots, removed: this.#removed }
  }

  /** Adds n hashes of 32 bytes; they get the entry numbers from the returned one upwards, without gaps. */
  addAll(hashes: Uint8Array): number {
    this.#guard()
    if (hashes.length % HASH_BYTES) throw new RangeError(`${hashes.length} bytes are not whole hashes`)
    const first = this.count
    this.#hashes.extend(hashes.length / HASH_BYTES)
    this.#hashes.bytes(first, this.count).set(hashes)
    const sorted = this.#sorted
    if (this.count - sorted >= Math.min(TAIL.most, Math.max(TAIL.least, sorted * TAIL.share))) this.sortTail()
    return first
  }

  /** Sorts the tail into the buckets now; `addAll` does it when it is due. */
  sortTail(): void {
    this.#guard()
    if (this.count === this.#sorted) return
    this.#slots = this.#slots.map((before, slot) => extendBuckets(before, this.#hashes.slots, slot, this.count))
  }

  /** Entries `from` to `from + count` are not found any more. Their numbers and memory stay until a rebuild. */
  remove(from: number, count: number): void {
    this.#guard()
    if (!(from >= 0 && count >= 0 && from + count <= this.count)) throw new RangeError('There are no such entries')
    const words = Math.ceil(this.count / 32)
    if (this.#removed.length < words) {
      const longer = new Uint32Array(words)
      longer.set(this.#removed)
      this.#removed = longer
    }
    for (let entry = from; entry < from + count; entry++) this.#removed[entry >>> 5]! |= 1 << (entry & 31)
  }

  /**
   * Calls `onHit` for every entry that differs from a query in at most `radius` bits, 0..31, once each and in no
   * particular order; `query` is n hashes of 32 bytes. `onHit` must not use the index.
   */
  search(query: Uint8Array, radius: number, onHit: OnHit): void {
    this.#guard()
    if (!(Number.isInteger(radius) && radius >= 0 && radius <= RADIUS))
      throw new RangeError(`The radius must be a whole number from 0 to ${RADIUS}`)
    const queries = toWords(query)
    this.#searching = true
    try {
      for (const group of groupsOf(queries, MOST_RADIUS - radius)) {
        if (this.#together(group, radius)) this.#searchGroup(queries, group, radius, onHit)
        else for (const member of group.members) this.#searchGroup(queries, alone(queries, member), radius, onHit)
      }
    } finally {
      this.#searching = false
    }
  }

  get #sorted(): number {
    return this.#slots[0]!.entries.length
  }

  #guard(): void {
    if (this.#searching) throw new Error('onHit must not use the index')
  }

  /** Whether one wider search costs less than one for each member, were the entries spread evenly. */
  #together(group: Group, radius: number): boolean {
    const sorted = this.#sorted
    const tail = this.count - sorted
    const cost = (within: number): number =>
      tail + Math.min(sorted, bucketsFor(within) * (COST.bucket + (COST.candidate * sorted) / BLOCK))
    return cost(radius + group.spread) <= group.members.length * cost(radius)
  }

  #searchGroup(queries: Uint32Array, { centre, spread, members }: Group, radius: number, onHit: OnHit): void {
    const [single] = members
    const hit = (entry: number, bits: number): void => {
      if (this.#removed[entry >>> 5]! & (1 << (entry & 31))) return
      if (members.length === 1 && spread === 0) return onHit(single!, entry, bits)
      for (const member of members) {
        const between = distance(queries, member, this.#hashes.words, entry, radius)
        if (between <= radius) onHit(member, entry, between)
      }
    }
    this.#hashes.query = centre
    const within = radius + spread
    const sorted = this.#sorted
    const values = new Uint16Array(centre.buffer, centre.byteOffset, SLOTS)
    // Too few entries to be worth a plan: about 7,000 for radius 31.
    const few = bucketsFor(within) * COST.bucket >= sorted
    const probes = few ? undefined : plan(this.#slots, values, within)
    const pays = probes && probes.buckets * COST.bucket + probes.candidates * COST.candidate < sorted
    if (pays) this.#probe(values, probes, within, hit)
    this.#scan(pays ? sorted : 0, within, hit)
  }

  /** Compares all entries from `first`. */
  #scan(first: number, radius: number, hit: (entry: number, bits: number) => void): void {
    const { hits } = this.#hashes
    for (let from = first; from < this.count; from += BLOCK) {
      const found = this.#hashes.scan(from, Math.min(BLOCK, this.count - from), radius)
      for (let at = 0; at < found; at++) hit(hits[2 * at]!, hits[2 * at + 1]!)
    }
  }

  /** Compares the entries in the buckets of the plan. */
  #probe(values: Uint16Array, { reach }: Plan, radius: number, hit: (entry: number, bits: number) => void): void {
    const { candidates } = this.#hashes
    for (let slot = 0; slot < SLOTS; slot++) {
      const { starts, entries } = this.#slots[slot]!
      const value = values[slot]!
      const patterns = PATTERNS_WITHIN[reach[slot]! + 1]!
      let waiting = 0
      for (let pattern = 0; pattern < patterns; pattern++) {
        const bucket = value ^ PATTERNS[pattern]!
        const end = starts[bucket + 1]!
        for (let from = starts[bucket]!; from < end; from++) {
          candidates[waiting++] = entries[from]!
          if (waiting < BLOCK) continue
          this.#check(waiting, slot, values, reach, radius, hit)
          waiting = 0
        }
      }
      this.#check(waiting, slot, values, reach, radius, hit)
    }
  }

  /** Compares the candidates that come from the buckets of one slot. */
  #check(
    count: number,
    slot: number,
    values: Uint16Array,
    reach: Int8Array,
    radius: number,
    hit: (entry: number, bits: number) => void,
  ): void {
    const { hits, slots } = this.#hashes
    const found = this.#hashes.check(count, radius)
    for (let at = 0; at < found; at++) {
      const entry = hits[2 * at]!
      if (!foundBefore(slots, entry, values, reach, slot)) hit(entry, hits[2 * at + 1]!)
    }
  }
}

/**
 * Whether an entry was in the buckets of an earlier slot too. Asked of hits only, and those are few: marking every
 * candidate as seen would touch more memory than it saves.
 */
function foundBefore(slots: Uint16Array, entry: number, values: Uint16Array, reach: Int8Array, slot: number): boolean {
  for (let earlier = 0; earlier < slot; earlier++)
    if (bitsSet(slots[entry * SLOTS + earlier]! ^ values[earlier]!) <= reach[earlier]!) return true
  return false
}

function alone(queries: Uint32Array, member: number): Group {
  return { centre: queries.slice(member * HASH_WORDS, (member + 1) * HASH_WORDS), spread: 0, members: [member] }
}
