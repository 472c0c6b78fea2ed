import { describe, expect, it } from 'vitest'
import type { MediaFacts } from '../contract/media.ts'
import { displayAspect, FRAME_STREAMS, pictureArea, streamsFor } from './streams.ts'

const facts = (width: number, height: number, rotation = 0, pixelAspect = 1): MediaFacts =>
  ({ video: [{ width, height, rotation, pixelAspect }], audio: [] }) as unknown as MediaFacts

describe('frame streams', () => {
  it('come in their full size for a full-size video', () => {
    expect(streamsFor(['thumb', 'face', 'detail'], facts(1920, 1080))).toEqual([
      FRAME_STREAMS.thumb,
      FRAME_STREAMS.face,
      FRAME_STREAMS.detail,
    ])
  })

  it('give a small picture at its own size: even, and turned with it', () => {
    expect(streamsFor(['detail'], facts(321, 241))[0]).toMatchObject({ width: 320, height: 240 })
    expect(streamsFor(['detail'], facts(600, 321, 90))[0]).toMatchObject({ width: 320, height: 600 })
    expect(streamsFor(['detail'], facts(1, 1))[0]).toMatchObject({ width: 2, height: 2 })
  })

  it('shrink a large picture for detail, and never enlarge a small one', () => {
    expect(streamsFor(['detail'], facts(3840, 2160))[0]).toMatchObject({ width: 1280, height: 720 })
    expect(streamsFor(['detail'], facts(1080, 1920))[0]).toMatchObject({ width: 404, height: 720 })
    expect(streamsFor(['detail'], facts(225, 224))[0]).toMatchObject({ width: 224, height: 224 })
    expect(streamsFor(['detail'], facts(720, 576, 0, 64 / 45))[0]).toMatchObject({ width: 1024, height: 576 })
  })

  it('look at detail half as often in a long video', () => {
    const long = { ...facts(1280, 720), container: { duration: 60 } } as MediaFacts
    expect(streamsFor(['detail'], long)[0]).toMatchObject({ rate: 1 })
    expect(streamsFor(['detail'], facts(1280, 720))[0]).toMatchObject({ rate: 2 })
  })

  it('keep the shape of the picture for motion, upright or wide, and never enlarge it', () => {
    expect(streamsFor(['motion'], facts(1920, 1080))[0]).toMatchObject({ width: 480, height: 270, rate: 12.5 })
    expect(streamsFor(['motion'], facts(1080, 1920))[0]).toMatchObject({ width: 270, height: 480 })
    expect(streamsFor(['motion'], facts(224, 224))[0]).toMatchObject({ width: 224, height: 224 })
  })

  it('are none for sound alone, each once, and take another rate for a filmstrip', () => {
    expect(streamsFor(['thumb'], { ...facts(1, 1), video: [] })).toEqual([])
    expect(streamsFor(['face', 'face'], facts(640, 360), { faceRate: 0.5 })).toMatchObject([{ id: 'face', rate: 0.5 }])
  })

  it('know where the picture lies between its black borders', () => {
    const [face] = streamsFor(['face'], facts(1080, 1920)) as [(typeof FRAME_STREAMS)['face']]
    expect(pictureArea(face, facts(1080, 1920))).toEqual({ x: 219, y: 0, width: 202, height: 360 })
    expect(pictureArea(face, facts(720, 576, 0, 64 / 45))).toEqual({ x: 0, y: 0, width: 640, height: 360 })
    expect(pictureArea(face, facts(4000, 100))).toEqual({ x: 0, y: 172, width: 640, height: 16 })
  })

  it('show the aspect that a player shows', () => {
    expect(displayAspect(facts(720, 576, 0, 16 / 15))).toBeCloseTo(4 / 3)
    expect(displayAspect(facts(1920, 1080, 90))).toBeCloseTo(9 / 16)
    expect(displayAspect(facts(0, 0))).toBe(1)
  })
})
