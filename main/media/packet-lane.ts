/** The packet table thinned for drawing: what a lane of a few thousand pixels can show. */
import type { PacketTable } from './types.ts'

/** At most `limit` packets: the largest of each group of neighbours, so that key frames stay visible. */
export function packetLane(
  table: PacketTable,
  limit: number,
): { total: number; time: number[]; size: number[]; key: boolean[] } {
  const total = table.size.length
  const group = Math.max(1, Math.ceil(total / limit))
  const lane = { total, time: [] as number[], size: [] as number[], key: [] as boolean[] }
  for (let start = 0; start < total; start += group) {
    let best = start
    let key = false
    for (let i = start; i < Math.min(total, start + group); i += 1) {
      if (table.size[i]! > table.size[best]!) best = i
      key ||= table.key[i] === 1
    }
    const time = [table.pts[best]!, table.dts[best]!].find(Number.isFinite)
    lane.time.push(time ?? 0)
    lane.size.push(table.size[best]!)
    lane.key.push(key)
  }
  return lane
}
