/**
 * Frame types told from time stamps alone: a picture shown before one that was decoded earlier is a B picture. No slice
 * header is read, so that the same code serves every codec that reorders pictures.
 */
import type { PacketTable } from '../../media/types.ts'

export type FrameType = 'I' | 'P' | 'B'

/** Frames in display order; all arrays have the same length. */
export interface Frames {
  readonly type: readonly FrameType[]
  /** Coded size, bytes. */
  readonly size: Float64Array
  /** Seconds. */
  readonly time: Float64Array
  /** False where the container does not say when pictures are shown (AVI): B pictures then cannot be told. */
  readonly ordered: boolean
}

/** Seconds; times beyond are damage or a writer's mark for "none". */
const MAX_TIME = 1e9
export const isTime = (value: number): boolean => Math.abs(value) < MAX_TIME

/**
 * I for key packets, B for packets shown before an earlier decoded one, P for the rest. An I picture that is not a key
 * packet counts as P. Packets without a time take the place they have in decoding order.
 */
export function framesInDisplayOrder(packets: PacketTable): Frames {
  const count = packets.size.length
  const time = Float64Array.from({ length: count }, (_, i) => {
    const pts = packets.pts[i]!
    return isTime(pts) ? pts : packets.dts[i]!
  })
  const decoded: FrameType[] = []
  let latest = -Infinity
  for (let i = 0; i < count; i += 1) {
    decoded.push(packets.key[i] === 1 ? 'I' : time[i]! < latest ? 'B' : 'P')
    if (time[i]! > latest) latest = time[i]!
  }
  const order = Array.from({ length: count }, (_, i) => i)
  if (time.every(isTime)) order.sort((a, b) => time[a]! - time[b]! || a - b)
  const timed = packets.pts.reduce((n, pts) => n + Number(isTime(pts)), 0)
  return {
    type: order.map((i) => decoded[i]!),
    size: Float64Array.from(order, (i) => packets.size[i]!),
    time: Float64Array.from(order, (i) => time[i]!),
    ordered: timed >= 0.95 * count,
  }
}
