import type { ProbedMedia } from '../media/types.ts'

/**
 * Mean bits per pixel and frame of the main video stream, from its packets: how much of fine detail and noise the
 * compression can have kept. H.264 for the web has some 0.05 to 0.1. Null without packets or size.
 */
export function bitsPerPixel({ packets }: ProbedMedia): number | null {
  const pixels = packets.width * packets.height * packets.size.length
  if (!pixels) return null
  let bytes = 0
  for (const size of packets.size) bytes += size
  return (bytes * 8) / pixels
}
