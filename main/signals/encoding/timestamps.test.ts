import { describe, expect, it } from 'vitest'
import type { PacketTable } from '../../media/types.ts'
import { framesInDisplayOrder } from './frame-types.ts'
import { gopStructure } from './gop.ts'
import { timeObservations } from './observations.ts'
import { generator, packetsOf } from './sketch.test-support.ts'
import { median, repeatCadence, timeStamps } from './timestamps.ts'

const stampsOf = (packets: PacketTable) => timeStamps(packets, framesInDisplayOrder(packets))
const seen = (packets: PacketTable) => timeObservations(stampsOf(packets), framesInDisplayOrder(packets))
const shift = (packets: PacketTable, from: number, by: number) => {
  for (let i = 0; i < packets.pts.length; i += 1)
    if (packets.pts[i]! >= from) {
      packets.pts[i]! += by
      packets.dts[i]! += by
    }
  return packets
}

describe('frame types without reading the pictures', () => {
  it('tells I, P and B pictures by their times', () => {
    const { type, ordered } = framesInDisplayOrder(packetsOf({ frames: 9, gop: 8, bframes: 2 }))
    expect(type.join('')).toBe('IBBPBBPPI')
    expect(ordered).toBe(true)
  })

  it('describes groups of pictures', () => {
    expect(gopStructure(framesInDisplayOrder(packetsOf({ frames: 310, gop: 50 })))).toMatchObject({
      keys: 7,
      usual: 50,
      regularity: 1,
      allIntra: false,
    })
    expect(gopStructure(framesInDisplayOrder(packetsOf({ frames: 30, gop: 1 }))).allIntra).toBe(true)
  })
})

describe('time stamps', () => {
  it('finds nothing in even ones', () => {
    expect(stampsOf(packetsOf({ frames: 200, bframes: 2 }))).toMatchObject({
      regular: 1,
      gaps: [],
      duplicates: [],
      disordered: [],
      absent: 0,
      late: 0,
    })
    expect(seen(packetsOf({ frames: 200 }))).toEqual({ observations: [], segments: [] })
  })

  it('finds where frames are missing, and how many', () => {
    const packets = shift(packetsOf({ frames: 400 }), 8, 5 / 25)
    expect(stampsOf(packets).gaps).toMatchObject([{ missing: 5 }])
    const { observations, segments } = seen(packets)
    expect(observations).toMatchObject([{ code: 'encoding.gap', weight: 'some' }])
    expect(segments[0]!.start).toBeCloseTo(7.88, 1)
    expect(segments[0]!.end).toBeCloseTo(8.12, 1)
  })

  it('takes a single dropped frame for what it mostly is', () => {
    expect(seen(shift(packetsOf({ frames: 400 }), 8, 1 / 25)).observations).toMatchObject([
      { code: 'encoding.gap', weight: 'context' },
    ])
  })

  it('finds frames shown at the same moment and decoding times that step back', () => {
    const packets = packetsOf({ frames: 100 })
    packets.pts[50] = packets.pts[49]!
    packets.dts[60] = packets.dts[40]!
    expect(seen(packets).observations.map(({ code }) => code)).toEqual([
      'encoding.duplicate-times',
      'encoding.time-disorder',
    ])
  })

  it('calls an uneven rate variable, without holding it against the file', () => {
    const packets = packetsOf({ frames: 200 })
    const random = generator(3)
    let at = 0
    for (let i = 0; i < 200; i += 1) packets.pts[i] = packets.dts[i] = at += 0.02 + 0.05 * random()
    expect(seen(packets).observations).toMatchObject([{ code: 'encoding.variable-rate', weight: 'context' }])
  })
})

describe('frame-rate conversion', () => {
  it('finds the beat of repeated frames', () => {
    const packets = packetsOf({ frames: 300, raise: (n) => (n % 5 === 4 ? 0.01 : 1) })
    expect(repeatCadence(framesInDisplayOrder(packets))).toMatchObject({ period: 5, steadiness: 1 })
  })

  it('finds none in ordinary sizes or in a standing picture', () => {
    expect(repeatCadence(framesInDisplayOrder(packetsOf({ frames: 300 })))).toBeNull()
    expect(
      repeatCadence(framesInDisplayOrder(packetsOf({ frames: 300, raise: (n) => (n > 100 ? 0.01 : 1) }))),
    ).toBeNull()
  })
})

it('takes the middle value, and 0 of nothing', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([])]).toEqual([2, 2.5, 0])
})
