import { describe, expect, it } from 'vitest'
import { PacketScan } from './packet-scan.ts'

/** As ffmpeg 5.1 prints it for an h264 file with B-frames, sound, and a key packet that is to be discarded. */
const LINES = `#extradata 0:       46, 0x34b10f92
#tb 0: 1/12800
#media_type 0: video
#codec_id 0: h264
#dimensions 0: 320x240
#sar 0: 4/3
#tb 1: 1/44100
#media_type 1: audio
#codec_id 1: aac
#sample_rate 1: 44100
#channel_layout_name 1: mono
0,      -1024,          0,      512,     4991, 0x77f3358c
1,      22050,      22050,     1024,      371, 0x77f3358c
0,       -512,       1536,      512,     2095, 0xd1ea0dbd, F=0x0
0,      NOPTS, -9223372036854775808,        0,       10, 0xc7d51566, F=0x0
0,        512,       1024,      512,      914, 0x76a8db87, F=0x5, S=1,        8, 0x03f00154`.split('\n')

/** A packet of the picture at this time. */
const at = (seconds: number): string => `0, ${seconds * 12_800}, ${seconds * 12_800}, 512, 9, 0x0`

const scanned = (lines: string[], limits?: ConstructorParameters<typeof PacketScan>[0]): PacketScan => {
  const scan = new PacketScan(limits)
  for (const line of lines) scan.line(line)
  scan.finish()
  return scan
}

describe('the packets of a file', () => {
  it('are read in decoding order, in seconds, with unknown times as such', () => {
    const table = scanned(LINES).table()
    expect(table).toMatchObject({ codec: 'h264', width: 320, height: 240, timeBase: 1 / 12_800 })
    expect([...table.pts]).toEqual([0, 0.12, Number.NaN, 0.08])
    expect([...table.dts]).toEqual([-0.08, -0.04, Number.NaN, 0.04])
    expect([...table.size]).toEqual([4991, 2095, 10, 914])
    expect([...table.key]).toEqual([1, 0, 0, 1])
  })

  it('tell the extent of picture and sound', () => {
    const { video, audio } = scanned(LINES)
    expect(video).toMatchObject({ start: 0, packets: 4, bytes: 8010, pixelAspect: 4 / 3 })
    expect(video?.end).toBeCloseTo(0.16)
    expect(audio).toMatchObject({ codec: 'aac', start: 0.5, packets: 1 })
  })

  it('leave out what is no packet of a known stream', () => {
    const { streams } = scanned([...LINES, '7, 0, 0, 1, 99, 0x0', 'frame=1', '', '0, 1'])
    expect([...streams.values()].map((stream) => stream.packets)).toEqual([4, 1])
  })

  it('stop at their limits of number, length and pauses', () => {
    const limits = { packets: 3, duration: 10, pause: 5 }
    expect(scanned(LINES, limits).exceeded).toBe('packets')
    const times = (...seconds: number[]): string[] => [...LINES.slice(0, 6), ...seconds.map(at)]
    const many = { ...limits, packets: 1000 }
    expect(scanned(times(0, 4, 8), many).exceeded).toBeNull()
    expect(scanned(times(0, 6), many).exceeded).toBe('pause')
    expect(scanned(times(3, 7, 11), many).exceeded).toBe('duration')
  })

  it('are not stopped by single wrong times, nor is the length measured by them', () => {
    const limits = { packets: 1000, duration: 10, pause: 5 }
    const steady = Array.from({ length: 40 }, (_, i) => i / 8)
    const wrong = steady.toSpliced(20, 1, 9000)
    const { exceeded, video } = scanned([...LINES.slice(0, 6), ...wrong.map(at)], limits)
    expect(exceeded).toBeNull()
    expect(video?.end).toBeCloseTo(39 / 8 + 0.04)
    expect(video?.pause).toBeCloseTo(2 / 8)
    // The same step is a pause when everything after it goes on from there.
    const later = steady.map((time, i) => (i < 10 ? time : time + 6))
    expect(scanned([...LINES.slice(0, 6), ...later.map(at)], limits).exceeded).toBe('pause')
  })

  it('keep their values while the table grows', () => {
    const many = Array.from({ length: 5000 }, (_, i) => `0, ${i}, ${i}, 1, ${i}, 0x0, F=0x0`)
    const { size, pts } = scanned([...LINES.slice(0, 6), ...many]).table()
    expect(size.length).toBe(5000)
    expect(size.every((value, i) => value === i && pts[i] === i * (1 / 12_800))).toBe(true)
  })
})
