/**
 * A fingerprint as one block of bytes, as the library keeps it: everything is in it, and what comes back equals what went
 * in. Numbers are little-endian; lists of one kind stand together. Bytes that come back may be damaged or forged: each
 * count and value is checked before it is used.
 */
import { FINGERPRINT, type Fingerprint, type KeyFrame } from './fingerprint.ts'
import { DESCRIPTOR, gridOf, MOST_CORNERS, placeOf, SIZES } from './keypoints.ts'
import { HASH_BYTES } from './pdq.ts'
import { SOUND_PRINT } from './sound-print.ts'

/** "AFPR" read as a little-endian number, and the version of what follows. */
const MAGIC = 0x52504641
export const FINGERPRINT_VERSION = 1
/** Magic, version, seconds (64-bit), then the counts in the order of `COUNTS`. */
const HEADER = 40
const COUNTS = ['frames', 'keyFrames', 'motion', 'sound', 'corners'] as const
type Counts = Record<(typeof COUNTS)[number], number>

const MOST: Counts = {
  frames: FINGERPRINT.mostFrames,
  keyFrames: FINGERPRINT.mostFrames,
  motion: FINGERPRINT.mostFrames,
  sound: SOUND_PRINT.mostSteps,
  corners: FINGERPRINT.mostFrames * MOST_CORNERS,
}

export function encodeFingerprint(print: Fingerprint): Uint8Array<ArrayBuffer> {
  const { keyFrames, sound } = print
  const counts: Counts = {
    frames: print.times.length,
    keyFrames: keyFrames.length,
    motion: print.motion.length,
    sound: sound.words.length,
    corners: keyFrames.reduce((sum, { corners }) => sum + corners.count, 0),
  }
  const out = new Uint8Array(sizeOf(counts))
  const header = new DataView(out.buffer)
  header.setUint32(0, MAGIC, true)
  header.setUint32(4, FINGERPRINT_VERSION, true)
  header.setFloat64(8, print.duration, true)
  COUNTS.forEach((name, i) => header.setUint32(16 + 4 * i, counts[name], true))
  let at = HEADER
  const put = (list: Uint8Array | Float32Array | Float64Array | Uint32Array): void => {
    out.set(new Uint8Array(list.buffer, list.byteOffset, list.byteLength), at)
    at += list.byteLength
  }
  put(print.times)
  for (const hashes of [print.hashes, print.mirrored, print.published]) put(hashes)
  put(print.quality)
  put(print.motion)
  put(Float64Array.from(keyFrames, ({ time }) => time))
  put(Uint8Array.from(keyFrames, ({ corners }) => corners.count))
  for (const { corners } of keyFrames) put(corners.level)
  for (const { corners } of keyFrames) put(Uint8Array.from(corners.x, (x, i) => gridOf(x, corners.level[i]!)))
  for (const { corners } of keyFrames) put(Uint8Array.from(corners.y, (y, i) => gridOf(y, corners.level[i]!)))
  for (const { corners } of keyFrames) put(corners.descriptors)
  put(sound.words)
  put(sound.outer)
  const flat = new Uint8Array(Math.ceil(counts.sound / 8))
  sound.flat.forEach((value, i) => (flat[i >> 3]! |= value << (i & 7)))
  put(flat)
  return out
}

/** @returns undefined for bytes that `encodeFingerprint` of this version did not make */
export function decodeFingerprint(bytes: Uint8Array): Fingerprint | undefined {
  if (bytes.length < HEADER) return undefined
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (header.getUint32(0, true) !== MAGIC || header.getUint32(4, true) !== FINGERPRINT_VERSION) return undefined
  const duration = header.getFloat64(8, true)
  const counts = Object.fromEntries(COUNTS.map((name, i) => [name, header.getUint32(16 + 4 * i, true)])) as Counts
  if (COUNTS.some((name) => counts[name] > MOST[name]) || sizeOf(counts) !== bytes.length) return undefined
  if (!(duration >= 0 && Number.isFinite(duration))) return undefined

  let at = HEADER
  const take = (length: number): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes.subarray(at, (at += length)))
  const { frames, corners, sound: steps } = counts
  const times = new Float32Array(take(4 * frames).buffer)
  const [hashes, mirrored, published] = [
    take(HASH_BYTES * frames),
    take(HASH_BYTES * frames),
    take(HASH_BYTES * frames),
  ]
  const quality = take(frames)
  const motion = new Float32Array(take(4 * counts.motion).buffer)
  const keyTimes = new Float64Array(take(8 * counts.keyFrames).buffer)
  const cornerCounts = take(counts.keyFrames)
  const [levels, xs, ys] = [take(corners), take(corners), take(corners)]
  const descriptors = take(DESCRIPTOR * corners)
  const words = new Uint32Array(take(4 * steps).buffer)
  const outer = take(steps)
  const bits = take(Math.ceil(steps / 8))
  const flat = Uint8Array.from({ length: steps }, (_, i) => (bits[i >> 3]! >> (i & 7)) & 1)

  const sane =
    (steps % 8 === 0 || bits.at(-1)! >> (steps % 8) === 0) &&
    rising(times) &&
    rising(keyTimes) &&
    quality.every((value) => value <= 100) &&
    motion.every((value) => value >= 0 && value <= 255) &&
    cornerCounts.every((count) => count <= MOST_CORNERS) &&
    cornerCounts.reduce((sum, count) => sum + count, 0) === corners &&
    levels.every((level, i) => level < SIZES.length && xs[i]! < SIZES[level]! && ys[i]! < SIZES[level]!)
  if (!sane) return undefined

  let first = 0
  const keyFrames: KeyFrame[] = Array.from(keyTimes, (time, i) => {
    const count = cornerCounts[i]!
    const [from, to] = [first, (first += count)]
    const level = levels.slice(from, to)
    const placed = (grid: Uint8Array): Float32Array =>
      Float32Array.from(level, (value, n) => placeOf(grid[from + n]!, value))
    const own = descriptors.slice(DESCRIPTOR * from, DESCRIPTOR * to)
    return { time, corners: { count, x: placed(xs), y: placed(ys), level, descriptors: own } }
  })
  return {
    duration, times, hashes, mirrored, quality, published, keyFrames, motion,
    sound: { words, outer, flat },
  } // prettier-ignore
}

/** Bytes of a fingerprint with so many of each. */
function sizeOf({ frames, keyFrames, motion, sound, corners }: Counts): number {
  const perFrame = 4 + 3 * HASH_BYTES + 1
  return HEADER + perFrame * frames + 4 * motion + 9 * keyFrames + (3 + DESCRIPTOR) * corners + 5 * sound + Math.ceil(sound / 8) // prettier-ignore
}

/** Finite, not negative, and each later than the one before. */
function rising(times: Float32Array | Float64Array): boolean {
  return times.every((time, i) => time >= 0 && time < Infinity && (i === 0 || time > times[i - 1]!))
}
