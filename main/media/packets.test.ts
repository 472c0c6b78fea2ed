import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePackets, encodePackets } from './packets.ts'
import type { PacketTable } from './types.ts'

const packet = fc.record({
  pts: fc.oneof(fc.double({ noNaN: true }), fc.constant(Number.NaN)),
  dts: fc.oneof(fc.double({ noNaN: true }), fc.constant(Number.NaN)),
  duration: fc.double({ min: 0, max: 100, noNaN: true }),
  size: fc.nat(2 ** 32 - 1),
  key: fc.integer({ min: 0, max: 1 }),
})
const about = fc.record({
  codec: fc.constantFrom('h264', 'hevc', ''),
  width: fc.nat(8192),
  height: fc.nat(8192),
  timeBase: fc.double({ min: 0, max: 1, noNaN: true }),
})
const table = fc.tuple(about, fc.array(packet, { maxLength: 300 })).map(([head, list]): PacketTable => ({
  ...head,
  pts: Float64Array.from(list, (p) => p.pts),
  dts: Float64Array.from(list, (p) => p.dts),
  duration: Float64Array.from(list, (p) => p.duration),
  size: Uint32Array.from(list, (p) => p.size),
  key: Uint8Array.from(list, (p) => p.key),
}))

describe('a packet table', () => {
  it('comes back to the last bit', () => {
    fc.assert(
      fc.property(table, (given) => {
        expect(decodePackets(encodePackets(given))).toEqual(given)
      }),
    )
  })

  it('is refused as corrupt, or read in full, whatever happened to its bytes', () => {
    fc.assert(
      fc.property(table, fc.nat(), fc.integer({ min: 1, max: 255 }), (given, at, change) => {
        const bytes = encodePackets(given)
        const place = at % bytes.length
        bytes[place] = bytes[place]! ^ change
        try {
          const { pts, dts, duration, size, key } = decodePackets(bytes)
          expect(new Set([pts.length, dts.length, duration.length, size.length, key.length]).size).toBe(1)
        } catch (error) {
          expect(error).toMatchObject({ code: 'store.corrupt' })
        }
      }),
    )
  })

  it('is refused as corrupt when cut short at any place', () => {
    fc.assert(
      fc.property(table, fc.double({ min: 0, max: 0.999, noNaN: true }), (given, part) => {
        const bytes = encodePackets(given)
        expect(() => decodePackets(bytes.subarray(0, Math.floor(bytes.length * part)))).toThrow(
          expect.objectContaining({ code: 'store.corrupt' }),
        )
      }),
    )
  })

  it('takes a few bytes a packet for regular video', () => {
    const n = 10_000
    const pts = Float64Array.from({ length: n }, (_, i) => i / 25)
    const size = Uint32Array.from({ length: n }, (_, i) => 4000 + ((i * 7919) % 500))
    const regular = { codec: 'h264', width: 1920, height: 1080, timeBase: 1 / 12_800, pts, dts: pts, size }
    const bytes = encodePackets({ ...regular, duration: new Float64Array(n).fill(0.04), key: new Uint8Array(n) })
    expect(bytes.length / n).toBeLessThan(8)
  })
})
