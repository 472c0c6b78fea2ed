/** Videos of `npm run bench:matching` that only share how they begin: that must link nothing. */
import { Catalogue } from '../main/matching/catalogue.ts'
import type { Fingerprint } from '../main/matching/fingerprint.ts'
import { findMatches } from '../main/matching/match.ts'
import type { BenchMedia, Thumbs } from './bench-matching-media.ts'

/** Black, a moving test card, and colour bars, two seconds each. */
const CARDS = ['color=c=black:s=640x360:d=2', 'testsrc=s=640x360:d=2', 'smptebars=s=640x360:d=2']
/** Seconds that follow at the least: a video that is little else than its beginning is a copy of that beginning. */
const OWN = 7

/** Six seconds of notes. */
const jingle = (): Float32Array =>
  Float32Array.from({ length: 6 * 16_000 }, (_, i) => {
    const note = Math.floor(i / 4000)
    return 0.3 * Math.sin((2 * Math.PI * i * 262 * 2 ** (((note * 7) % 12) / 12)) / 16_000)
  })

interface Clip {
  readonly group: string
  readonly thumbs: Thumbs
  readonly samples: Float32Array
}

/**
 * @param most videos in the library; as many others are looked up
 * @returns how often one of the others was linked to one of them, and how many of them are found by their own cut
 */
export function introduced(media: BenchMedia, clips: readonly Clip[], most: number): { videos: number; links: number; own: number } {
  const cards = CARDS.map((card) => media.thumbs('-f', 'lavfi', '-i', card))
  const sound = jingle()
  const begun = ({ thumbs, samples }: Clip): Fingerprint => ({
    ...media.picturePrint(Buffer.concat([...cards, thumbs.subarray(0, 50 * 256 * 256)])),
    sound: media.soundPrint(Float32Array.from([...sound, ...samples.subarray(0, 160_000)])),
  })
  // One of each group, so that nothing else is shared.
  const long = clips.filter(({ thumbs, samples }) => thumbs.length >= OWN * 5 * 256 * 256 && samples.length >= OWN * 16_000)
  const single = [...Map.groupBy(long, ({ group }) => group).values()].map(([first]) => first!)
  const half = Math.min(most, single.length >> 1)
  const [held, asked] = [single.slice(0, half), single.slice(half, 2 * half)]
  const library = new Catalogue()
  for (const clip of held) library.add(begun(clip))
  const links = asked.reduce((sum, clip) => sum + findMatches(begun(clip), library).length, 0)
  const own = held.filter((clip, i) => findMatches(begun(clip), library).some(({ video }) => video === i)).length
  return { videos: held.length, links, own }
} // prettier-ignore
