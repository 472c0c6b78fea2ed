/** How much one file may cost: every bound of the media stage in one place. */

/** Longest media time of one item, seconds. A ten-day clip is a denial of service; a day of television is not. */
export const MAX_DURATION = 24 * 3600
/** Most packets of the main video stream: a day at 50 frames a second is 4.3 million. 185 MB of table. */
export const MAX_PACKETS = 5_000_000
/**
 * Longest pause between two pictures or sounds, seconds. Frames are sampled by media time: five pictures spread over a
 * day would be repeated half a million times.
 */
export const MAX_PAUSE = 3600
/**
 * A frame further than this after the one before, seconds, has a wrong time rather than a pause before it, unless the
 * file as a whole pauses that long: one flipped bit in a transport stream moves a picture by hours. Long enough for a
 * stretch too damaged to decode.
 */
export const maxGap = (longestPause: number): number => Math.max(600, 2 * longestPause)

/** Largest picture, pixels: 8192 × 4320 (8K DCI). */
export const MAX_PIXELS = 35_389_440
export const MAX_STREAMS = 64

/**
 * Address space of ffmpeg, bytes, where prlimit can bound it; elsewhere the resident memory is polled against it.
 * Measured with ffmpeg 5.1 and four decoder threads: 1080p h264 needs less than 1 GiB, 2160p 10-bit hevc and av1 and
 * 4320p h264 between 1 and 2 GiB. Every further thread holds frames and a heap arena of its own.
 */
export const maxMemory = (threads: number): number => 2.5 * 2 ** 30 + threads * 192 * 2 ** 20

/**
 * Longest wall clock of one run, seconds: 13 hours. A three-hour 2160p capture may take its 4 × 3 h + 1 min on a small
 * machine; something that needs more will not be waited for.
 */
export const MAX_WALL = 13 * 3600

/** Wall clock for one run, seconds: 60 s and four times the duration; by size where no duration is known yet. */
export function wallSeconds(duration: number | null, bytes: number): number {
  const expected = duration === null || !Number.isFinite(duration) ? bytes / 10e6 : 4 * Math.max(0, duration)
  return Math.min(MAX_WALL, 60 + expected)
}
