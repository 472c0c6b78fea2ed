import { describe, expect, it } from 'vitest'
import { framesInDisplayOrder } from './frame-types.ts'
import { gopStructure } from './gop.ts'
import { packetsOf } from './sketch.test-support.ts'
import { parseSettings, settingsMismatches } from './settings.ts'

const X264 =
  'cabac=1 / ref=3 / deblock=1:0:0 / bframes=3 / b_pyramid=2 / open_gop=0 / weightp=2 / keyint=250 / keyint_min=25 / scenecut=40 / rc_lookahead=40 / rc=crf / mbtree=1 / crf=23.0 / qcomp=0.60'

describe('settings in the stream', () => {
  it("reads x264's options as MediaInfo lists them", () => {
    expect(parseSettings('x264 - core 157', X264)).toMatchObject({
      encoder: 'x264',
      keyint: 250,
      minKeyint: 25,
      bframes: 3,
      rate: 'crf 23',
    })
  })

  it("reads x265's options as they stand in the stream, and rates in kilobits", () => {
    const x265 = parseSettings('x265 - 3.5', 'cpuid=1 open-gop min-keyint=25 keyint=250 bframes=4 rc=abr bitrate=800')
    expect(x265).toMatchObject({
      encoder: 'x265',
      keyint: 250,
      minKeyint: 25,
      rate: 'bitrate 800 kbit/s',
    })
  })

  it('knows nothing where the encoder left nothing', () => {
    expect(parseSettings('', '')).toMatchObject({ encoder: '', keyint: null, rate: '' })
  })

  it.each(['=', 'keyint=', 'keyint=NaN', 'a=b=c', 'keyint=\u202e250', 'x'.repeat(5000)])(
    'is not confused by %j',
    (text) => {
      expect(parseSettings('x264', text).keyint).toBeNull()
    },
  )
})

const gop = (frames: number, distance: number, bframes = 0) =>
  gopStructure(framesInDisplayOrder(packetsOf({ frames, gop: distance, bframes })))

describe('settings against the stream', () => {
  it('finds nothing where the stream keeps to them', () => {
    expect(settingsMismatches(parseSettings('x264', X264), gop(900, 250, 3))).toEqual([])
  })

  it('notes key frames further apart or closer than allowed, and B pictures that are excluded', () => {
    expect(settingsMismatches(parseSettings('x264', X264), gop(900, 300))).toEqual([
      'key frames stand up to 300 frames apart, its settings allow 250',
    ])
    expect(settingsMismatches(parseSettings('x264', X264), gop(900, 12))[0]).toContain('shorter than the 25 frames')
    expect(settingsMismatches(parseSettings('x264', 'bframes=0 / keyint=250'), gop(300, 100, 2))[0]).toContain(
      'bidirectional',
    )
  })
})
