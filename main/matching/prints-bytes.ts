/**
 * Everything that is kept of a video as one block of bytes, for the database: the fingerprint (fingerprint-bytes.ts), and
 * the published hashes inside its borders. Checked when it is read: the bytes come from a worker that read hostile files, or
 * from a disk.
 *
 *     "ASPR", version, bytes of the fingerprint            3 × 32 bits, little-endian
 *     x, y, width - 1, height - 1 of the picture inside its borders, or 0, 0, 255, 255 without any
 *     the fingerprint
 *     32 bytes for each of its hashed frames, where there are borders
 */
import { decodeFingerprint, encodeFingerprint } from './fingerprint-bytes.ts'
import type { Fingerprint } from './fingerprint.ts'
import { SIDE } from './keypoints.ts'
import { HASH_BYTES, type Region } from './pdq.ts'

const MAGIC = 0x52505341
const VERSION = 1
const HEADER = 16

/** Everything that is kept of a video to know it again. */
export interface Prints {
  readonly picture: Fingerprint
  /** The published hashes of the picture inside its borders, for every frame that is hashed; null without borders. */
  readonly inside: { readonly region: Region; readonly hashes: Uint8Array } | null
}

/** The bytes are not those of a fingerprint, or of one of another version. */
export class FingerprintDamage extends Error {
  override readonly name = 'FingerprintDamage'
}

export function encodePrints({ picture, inside }: Prints): Uint8Array {
  const print = encodeFingerprint(picture)
  const out = new Uint8Array(HEADER + print.length + (inside?.hashes.length ?? 0))
  const head = new DataView(out.buffer)
  for (const [i, value] of [MAGIC, VERSION, print.length].entries()) head.setUint32(4 * i, value, true)
  const { x, y, width, height } = inside?.region ?? { x: 0, y: 0, width: SIDE, height: SIDE }
  out.set([x, y, width - 1, height - 1], 12)
  out.set(print, HEADER)
  if (inside) out.set(inside.hashes, HEADER + print.length)
  return out
}

/** @throws FingerprintDamage */
export function decodePrints(untrusted: Uint8Array): Prints {
  const { byteLength } = untrusted
  if (byteLength < HEADER) throw new FingerprintDamage('it is cut off')
  const head = new DataView(untrusted.buffer, untrusted.byteOffset, byteLength)
  if (head.getUint32(0, true) !== MAGIC) throw new FingerprintDamage('it is no fingerprint')
  if (head.getUint32(4, true) !== VERSION) throw new FingerprintDamage('it is of another version')
  const length = head.getUint32(8, true)
  if (length > byteLength - HEADER) throw new FingerprintDamage('it is cut off')
  const picture = decodeFingerprint(untrusted.subarray(HEADER, HEADER + length))
  if (!picture) throw new FingerprintDamage('its parts are not what they should be')
  const [x = 0, y = 0, right = 0, low = 0] = untrusted.subarray(12, HEADER)
  const region = { x, y, width: right + 1, height: low + 1 }
  if (x + region.width > SIDE || y + region.height > SIDE) throw new FingerprintDamage('its borders are out of bounds')
  const rest = untrusted.slice(HEADER + length)
  const bordered = region.width < SIDE || region.height < SIDE
  if (rest.length !== (bordered ? picture.times.length * HASH_BYTES : 0))
    throw new FingerprintDamage('it has hashes too many or too few')
  return { picture, inside: bordered ? { region, hashes: rest } : null }
}
