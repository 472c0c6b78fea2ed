/**
 * `node scripts/node24.mjs scripts/bench-matching-index.ts`: what a query of 100 frames costs in the hash index, beside
 * comparing every hash in WebAssembly SIMD, in plain typed arrays, and reading every byte of the hashes once. Turn by
 * turn in one run: only the ratios mean something on a shared machine. `--turns N` (default 5), `--large` adds 10^7
 * hashes, `--small` instead shows small libraries, where the index does best to compare everything.
 *
 * The library is made up: random hashes, of which every tenth has a run of 20 near-duplicates (0 to 12 bits away), as
 * the frames of one shot have. "shot": one base hash, each frame 0 to 12 random bits from it. "drift": each frame 0 to 4
 * bits from the one before. "unrelated": 100 random hashes, the worst case. Half of the queries start at a hash that is
 * in the library.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { HASH_BYTES, HASH_WORDS, bruteForce } from '../main/matching/index/brute-force.ts'
import { HammingIndex, RADIUS } from '../main/matching/index/hamming-index.ts'
import { readIndexFile, writeIndexFile } from '../main/matching/index/index-file.ts'
import { randomNumbers } from '../main/signals/random.ts'

const { values } = parseArgs({
  options: {
    turns: { type: 'string', default: '5' },
    large: { type: 'boolean', default: false },
    small: { type: 'boolean', default: false },
  },
})
const TURNS = Math.max(1, Number(values.turns) || 1)
const FRAMES = 100
/** Hashes that stay in the first cache while all queries pass over them: the best that comparing everything can do. */
const TILE = 1024
/** Queries that plain typed arrays are timed with; the time is multiplied. They have no better way for more. */
const PLAIN_FRAMES = 2
const random = randomNumbers(20_260_401)
const whole = (below: number): number => Math.floor(random() * below)

function flipped(hash: Uint8Array, bits: number): Uint8Array {
  const out = hash.slice()
  for (let flip = 0; flip < bits; flip++) {
    const bit = whole(256)
    out[bit >>> 3]! ^= 1 << (bit & 7)
  }
  return out
}
function fresh(): Uint8Array {
  return Uint8Array.from({ length: HASH_BYTES }, () => whole(256))
}

function library(count: number): Uint8Array {
  const words = new Uint32Array(count * HASH_WORDS)
  for (let at = 0; at < words.length; at++) words[at] = random() * 2 ** 32
  const hashes = new Uint8Array(words.buffer)
  for (let first = 0; first + 200 <= count; first += 200) {
    const base = hashes.slice(first * HASH_BYTES, (first + 1) * HASH_BYTES)
    for (let near = 1; near <= 20; near++) hashes.set(flipped(base, whole(13)), (first + near) * HASH_BYTES)
  }
  return hashes
}

type Kind = 'shot' | 'drift' | 'unrelated'
function query(kind: Kind, turn: number, hashes: Uint8Array): Uint8Array {
  const at = whole(hashes.length / HASH_BYTES) * HASH_BYTES
  let base = turn % 2 ? hashes.slice(at, at + HASH_BYTES) : fresh()
  const out = new Uint8Array(FRAMES * HASH_BYTES)
  for (let frame = 0; frame < FRAMES; frame++) {
    if (kind === 'unrelated') base = frame ? fresh() : base
    if (kind === 'drift') base = flipped(base, whole(5))
    out.set(kind === 'shot' ? flipped(base, whole(13)) : base, frame * HASH_BYTES)
  }
  return out
}

/** Milliseconds, and what was found as a sum that does not depend on the order. */
interface Run {
  readonly ms: number
  readonly found: number
}
function timed(work: () => number): Run {
  const began = performance.now()
  const found = work()
  return { ms: performance.now() - began, found }
}
const mix = (frame: number, entry: number, distance: number): number => (entry % 9973) * 41 + frame * 32 + distance + 1

function inIndex(index: HammingIndex, frames: Uint8Array): Run {
  return timed(() => {
    let found = 0
    index.search(frames, RADIUS, (frame, entry, distance) => (found += mix(frame, entry, distance)))
    return found
  })
}

function inSimd(index: HammingIndex, frames: Uint8Array): Run {
  const { hashes } = index.parts
  const words = new Uint32Array(frames.slice().buffer)
  return timed(() => {
    let found = 0
    const { hits } = hashes
    for (let from = 0; from < hashes.count; from += TILE) {
      for (let frame = 0; frame < FRAMES; frame++) {
        hashes.query = words.subarray(frame * HASH_WORDS, (frame + 1) * HASH_WORDS)
        const count = hashes.scanSimd(from, Math.min(TILE, hashes.count - from), RADIUS)
        for (let at = 0; at < count; at++) found += mix(frame, hits[2 * at]!, hits[2 * at + 1]!)
      }
    }
    return found
  })
}

function inPlain(hashes: Uint32Array, frames: Uint8Array): Run {
  const run = timed(() => {
    let found = 0
    bruteForce(hashes, frames.subarray(0, PLAIN_FRAMES * HASH_BYTES), RADIUS, (frame, entry, distance) => {
      found += mix(frame, entry, distance)
    })
    return found
  })
  return { ms: (run.ms * FRAMES) / PLAIN_FRAMES, found: run.found }
}

/** Unrolled, so that reading and not counting up takes the time. */
function sumOf(words: Uint32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0]
  for (let at = 0; at < words.length; at += 4) {
    a = (a + words[at]!) | 0
    b = (b + words[at + 1]!) | 0
    c = (c + words[at + 2]!) | 0
    d = (d + words[at + 3]!) | 0
  }
  return a ^ b ^ c ^ d
}
const memoryPass = (words: Uint32Array): Run => timed(() => sumOf(words))

const ordered = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b)
const median = (numbers: readonly number[]): number => ordered(numbers)[Math.floor(numbers.length / 2)]!
const spread = (numbers: readonly number[], digits: number): string => {
  const order = ordered(numbers)
  return `${median(numbers).toFixed(digits)} (${order[0]!.toFixed(digits)} to ${order.at(-1)!.toFixed(digits)})`
}
const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`

function bytesOf(index: HammingIndex): number {
  const { hashes, slots, removed } = index.parts
  const buckets = slots.reduce((sum, { starts, entries }) => sum + starts.byteLength + entries.byteLength, 0)
  return hashes.words.byteLength + buckets + removed.byteLength
}

const WIDTHS = [12, 11, 24, 26, 9, 28, 9, 22, 6]
const row = (cells: readonly string[]): string => cells.map((cell, i) => cell.padEnd(WIDTHS[i]!)).join('')

async function measure(count: number): Promise<boolean> {
  const hashes = library(count)
  const index = new HammingIndex()
  const build = timed(() => {
    index.addAll(hashes)
    index.sortTail()
    return index.count
  })
  const { words } = index.parts.hashes
  let met = true
  for (const kind of ['shot', 'drift', 'unrelated'] as const) {
    const times = { index: [] as number[], simd: [] as number[], plain: [] as number[], pass: [] as number[] }
    for (let turn = 0; turn < TURNS; turn++) {
      const frames = query(kind, turn, hashes)
      const found = inIndex(index, frames)
      const all = inSimd(index, frames)
      if (found.found !== all.found) throw new Error(`${kind}: the index does not find what comparing everything finds`)
      times.index.push(found.ms)
      times.simd.push(all.ms)
      times.plain.push(inPlain(words, frames).ms)
      times.pass.push(memoryPass(words).ms)
    }
    const ratio = (other: readonly number[]): number[] => times.index.map((ms, turn) => ms / other[turn]!)
    met &&= median(ratio(times.simd)) <= 1 / 3 && median(ratio(times.plain)) <= 1 / 10
    const cells = [
      count.toLocaleString('en'), kind, spread(times.index, 2),
      spread(times.simd, 1), median(ratio(times.simd)).toFixed(3),
      spread(times.plain, 0), median(ratio(times.plain)).toFixed(4),
      spread(times.pass, 2), median(ratio(times.pass)).toFixed(2),
    ] // prettier-ignore
    console.log(row(cells))
  }
  console.log(
    row([
      '',
      `built in ${build.ms.toFixed(0)} ms, ${mib(bytesOf(index))}, ${(bytesOf(index) / count).toFixed(0)} bytes a hash`,
    ]),
  )
  console.log(row(['', await onDisk(index)]))
  const more = library(65_536)
  const add = timed(() => index.addAll(more))
  console.log(row(['', `65,536 more, sorted in at once: ${add.ms.toFixed(0)} ms`]))
  return met
}

async function onDisk(index: HammingIndex): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'))
  try {
    const file = join(folder, 'frames.index')
    const began = performance.now()
    await writeIndexFile(file, index, 'bench')
    const written = performance.now()
    const { state } = await readIndexFile(file)
    const read = performance.now()
    return `file: written in ${(written - began).toFixed(0)} ms, ${state} and checked in ${(read - written).toFixed(0)} ms`
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Lets the compiler see everything, so that the first turn is as fast as the last. */
function warmUp(): void {
  const hashes = library(20_000)
  const index = new HammingIndex()
  index.addAll(hashes)
  for (let turn = 0; turn < 60; turn++) {
    const frames = query((['shot', 'drift', 'unrelated'] as const)[turn % 3]!, turn, hashes)
    inIndex(index, frames)
    if (turn % 6) continue
    inSimd(index, frames)
    inPlain(index.parts.hashes.words, frames)
    memoryPass(index.parts.hashes.words)
  }
}

/** The target of the project is stated for this many hashes. */
const TARGET = 1e6

warmUp()
console.log('milliseconds for 100 frames, median (least to most); ratios are medians over the turns')
console.log(
  row(['hashes', 'frames', 'index', 'WASM SIMD, all', 'ratio', 'plain arrays, all', 'ratio', 'memory pass', 'ratio']),
)
for (const count of values.small
  ? [2000, 5000, 10_000, 20_000, 50_000]
  : [1e5, TARGET, ...(values.large ? [1e7] : [])]) {
  const met = await measure(count)
  if (count === TARGET)
    console.log(
      `${met ? 'met' : 'NOT MET'}: at most a third of WASM SIMD and a tenth of plain arrays at 10^6, whatever the frames`,
    )
}
