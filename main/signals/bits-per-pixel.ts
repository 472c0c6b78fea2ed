import type { ProbedMedia } from '../media/types.ts'

/**
 * Mean bits per pixel and frame of the main video stream, from its packets: how much of fine detail and noise the
 * compression can have kept. H.264 for the web has some 0.05 to 0.1. Null without packets or size.
 */
export const bitsPerPixel = ({ packets }: ProbedMedia): number | null =>
  packets.size.length ? meanBits(packets, () => true) : null

/**
 * The same over the predicted frames between two media times, seconds: key frames pay for the whole picture, predicted
 * ones only for what changes. Null where there are none.
 */
export const bitsPerPredictedPixel = ({ packets }: ProbedMedia, from: number, to: number): number | null =>
  meanBits(packets, (i) => !packets.key[i] && packets.pts[i]! >= from && packets.pts[i]! < to)

function meanBits(packets: ProbedMedia['packets'], counts: (index: number) => boolean): number | null {
  let bytes = 0
  let frames = 0
  packets.size.forEach((size, i) => {
    if (!counts(i)) return
    bytes += size
    frames++
  })
  const pixels = packets.width * packets.height * frames
  return pixels ? (bytes * 8) / pixels : null
}
