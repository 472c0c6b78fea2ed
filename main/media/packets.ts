/** The packet table as one compact blob: columns of deltas, deflated. */
import { deflateSync, inflateSync } from 'node:zlib'
import { z } from 'zod'
import { Failure } from '../errors.ts'
import { MAX_PACKETS } from './limits.ts'
import type { PacketTable } from './types.ts'

/** `APK1`: the number rises with any change of the layout. */
const MAGIC = 0x41_50_4b_31
/** pts, dts and duration as Float64, size as Uint32, key as Uint8. */
const BYTES_PER_PACKET = 3 * 8 + 4 + 1

const Header = z.object({
  codec: z.string().max(60),
  width: z.number().int().nonnegative(),
  height: z.number().int().nonnegative(),
  timeBase: z.number().nonnegative(),
  count: z
    .number()
    .int()
    .nonnegative()
    .max(MAX_PACKETS + 1),
})

/**
 * Layout, little endian: magic (4), length of the JSON header (4), header, deflated columns. The columns stand byte
 * plane by byte plane (all first bytes of every pts, then all second bytes, …): neighbouring times share their high
 * bytes, so that deflate finds long runs, and the values come back to the last bit (NaN included).
 */
export function encodePackets(table: PacketTable): Uint8Array {
  const count = table.size.length
  const { codec, width, height, timeBase } = table
  const header = Buffer.from(JSON.stringify({ codec, width, height, timeBase, count }))
  const planes = Buffer.alloc(count * BYTES_PER_PACKET)
  let at = 0
  for (const column of [table.pts, table.dts, table.duration, table.size, table.key]) {
    if (column.length !== count) throw new RangeError('columns of a packet table differ in length')
    at = toPlanes(column, planes, at)
  }
  const front = Buffer.alloc(8)
  front.writeUInt32LE(MAGIC, 0)
  front.writeUInt32LE(header.length, 4)
  // Not a Buffer: the type must survive a structured clone between processes.
  return new Uint8Array(Buffer.concat([front, header, deflateSync(planes, { level: 6 })]))
}

/** @throws Failure store.corrupt where the bytes are not what `encodePackets` made */
export function decodePackets(bytes: Uint8Array): PacketTable {
  try {
    const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (data.readUInt32LE(0) !== MAGIC) throw new RangeError('not a packet table')
    const end = 8 + data.readUInt32LE(4)
    const { count, ...about } = Header.parse(JSON.parse(data.toString('utf8', 8, end)))
    const length = count * BYTES_PER_PACKET
    // Bounded by what the header promises: a damaged blob must not unpack into gigabytes.
    const planes = inflateSync(data.subarray(end), { maxOutputLength: length + 1 })
    if (planes.length !== length) throw new RangeError('packet table of the wrong length')
    const table = {
      ...about,
      pts: new Float64Array(count),
      dts: new Float64Array(count),
      duration: new Float64Array(count),
      size: new Uint32Array(count),
      key: new Uint8Array(count),
    }
    let at = 0
    for (const column of [table.pts, table.dts, table.duration, table.size, table.key])
      at = fromPlanes(column, planes, at)
    return table
  } catch (cause) {
    throw new Failure('store.corrupt', 'A packet table cannot be read.', { cause })
  }
}

type Column = Float64Array | Uint32Array | Uint8Array

// Columns are read in the byte order of the machine; every one that Node 24 runs on is little endian.
const bytesOf = (column: Column): Uint8Array => new Uint8Array(column.buffer, column.byteOffset, column.byteLength)

function toPlanes(column: Column, planes: Uint8Array, start: number): number {
  const width = column.BYTES_PER_ELEMENT
  const bytes = bytesOf(column)
  const count = column.length
  for (let plane = 0; plane < width; plane += 1) {
    const base = start + plane * count
    for (let i = 0; i < count; i += 1) planes[base + i] = bytes[i * width + plane]!
  }
  return start + bytes.length
}

function fromPlanes(column: Column, planes: Uint8Array, start: number): number {
  const width = column.BYTES_PER_ELEMENT
  const bytes = bytesOf(column)
  const count = column.length
  for (let plane = 0; plane < width; plane += 1) {
    const base = start + plane * count
    for (let i = 0; i < count; i += 1) bytes[i * width + plane] = planes[base + i]!
  }
  return start + bytes.length
}
