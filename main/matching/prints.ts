/**
 * Collects from one decode everything that a video is known again by: the frames of the `thumb` stream, the sound, and the
 * published hashes once more inside the borders, where there are any. Lists of others were made without letterboxes.
 */
import type { Frame, Sound } from '../media/types.ts'
import { BorderFinder } from './borders.ts'
import { FINGERPRINT, fingerprintCollector } from './fingerprint.ts'
import type { Prints } from './prints-bytes.ts'
import { SIDE } from './keypoints.ts'
import { HASH_BYTES, PdqHasher, type Region } from './pdq.ts'

/** Frames that are looked at for borders before anything is hashed inside them: 4 MiB are kept until then. */
const LOOKED_AT = 64

export interface PrintsCollector {
  /** A frame of the `thumb` stream; its bytes are not kept. */
  add(frame: Pick<Frame, 'index' | 'time' | 'data'>): void
  /** The next stretch of the sound; its samples are not kept. */
  sound(chunk: Pick<Sound, 'samples'>): void
  /** Null where there was neither frame nor sound. */
  finish(): Prints | null
}

/** @param original size of the picture before ffmpeg made it a `thumb`, pixels, as shown */
export function printsCollector(original: { width: number; height: number }): PrintsCollector {
  const frames = fingerprintCollector(original)
  const inside = insideCollector()
  let count = 0
  return {
    sound(chunk) {
      count++
      frames.sound(chunk)
    },
    add(frame) {
      if (frame.index >= FINGERPRINT.mostFrames) return
      count++
      frames.add(frame)
      if (frame.index % FINGERPRINT.hashStep === 0) inside.add(frame.data)
    },
    finish: () => (count ? { picture: frames.finish(), inside: inside.finish() } : null),
  }
}

/** Borders are taken to be where the first frames have them: they belong to the video, not to the scene. */
function insideCollector() {
  const hasher = new PdqHasher()
  let finder: BorderFinder | null = new BorderFinder()
  let waiting: Uint8Array[] = []
  let region: Region | null = null
  const hashes: Uint8Array[] = []
  const take = (frame: Uint8Array): void => {
    if (region) hashes.push(hasher.hash(frame, SIDE, SIDE, region).hash)
  }
  const decide = (): void => {
    const found = finder!.region()
    finder = null
    region = found.width < SIDE || found.height < SIDE ? found : null
    for (const frame of waiting) take(frame)
    waiting = []
  }
  return {
    add(frame: Uint8Array): void {
      if (!finder) return take(frame)
      finder.add(frame)
      waiting.push(frame.slice())
      if (waiting.length === LOOKED_AT) decide()
    },
    finish(): Prints['inside'] {
      if (finder) decide()
      if (!region) return null
      const all = new Uint8Array(hashes.length * HASH_BYTES)
      hashes.forEach((hash, i) => all.set(hash, i * HASH_BYTES))
      return { region, hashes: all }
    },
  }
}
