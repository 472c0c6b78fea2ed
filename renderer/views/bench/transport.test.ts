import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { frameAfter, indexAt, Transport } from './transport.ts'

describe('frame stepping', () => {
  test('goes exactly one frame on at a variable frame rate', () => {
    const times = [0, 0.04, 0.08, 0.2, 0.24]
    expect(indexAt(frameAfter(0.08, 1, times, 25), times)).toBe(3)
    expect(indexAt(frameAfter(0.2, -1, times, 25), times)).toBe(2)
  })

  test('stops at the first and the last frame', () => {
    const times = [0, 0.04, 0.08]
    expect(indexAt(frameAfter(0, -10, times, 25), times)).toBe(0)
    expect(indexAt(frameAfter(0.08, 10, times, 25), times)).toBe(2)
  })

  test('comes back to the same frame after any number of steps there and back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 30, maxLength: 200 }),
        fc.integer({ min: 0, max: 29 }),
        fc.integer({ min: 1, max: 40 }),
        (gaps, first, count) => {
          let at = 0
          const times = gaps.map((gap) => (at += gap / 1000))
          const from = Math.min(first, times.length - 1 - count)
          fc.pre(from >= 0)
          let time = times[from]!
          for (let i = 0; i < count; i += 1) time = frameAfter(time, 1, times, 25)
          expect(indexAt(time, times)).toBe(from + count)
          for (let i = 0; i < count; i += 1) time = frameAfter(time, -1, times, 25)
          expect(indexAt(time, times)).toBe(from)
        },
      ),
    )
  })

  test('steps by the frame rate where frame times are not known', () => {
    let time = 0
    for (let i = 0; i < 30; i += 1) time = frameAfter(time, 1, [], 29.97)
    expect(Math.floor(time * 29.97)).toBe(30)
  })
})

const nobody: VideoFrameRequestCallback = () => {}

/** A video element that shows the frames it is told to, when it is told to. */
function fakeVideo() {
  let callback = nobody
  const video = {
    currentTime: 0,
    duration: 10,
    readyState: 4,
    seeking: false,
    paused: true,
    requestVideoFrameCallback(next: VideoFrameRequestCallback) {
      callback = next
      return 1
    },
    cancelVideoFrameCallback() {},
    pause() {},
    show(mediaTime: number) {
      callback(0, { mediaTime } as VideoFrameCallbackMetadata)
    },
  }
  return video
}

describe('the playhead', () => {
  test('a key pressed five times goes five frames, however late the frames are shown', () => {
    const transport = new Transport()
    transport.frameTimes = Array.from({ length: 100 }, (_, i) => i / 25)
    const video = fakeVideo()
    transport.attach(video as unknown as HTMLVideoElement)
    transport.loaded()
    for (let i = 0; i < 5; i += 1) {
      transport.step(1)
      video.show(Math.max(0, i - 1) / 25)
    }
    expect(transport.frameNumber()).toBe(5)
    video.show(5 / 25)
    expect(transport.time).toBe(0.2)
  })

  test('a loop goes back to its beginning when the picture reaches its end', () => {
    const transport = new Transport()
    const video = fakeVideo()
    transport.attach(video as unknown as HTMLVideoElement)
    transport.loaded()
    transport.setLoop({ start: 2, end: 4 })
    expect(video.currentTime).toBe(2)
    transport.played()
    video.show(3)
    expect(transport.time).toBe(3)
    video.show(4)
    expect(video.currentTime).toBe(2)
  })

  test('a time asked for before the picture is there is gone to when it is', () => {
    const transport = new Transport()
    const video = fakeVideo()
    video.readyState = 0
    transport.attach(video as unknown as HTMLVideoElement)
    transport.seek(7.5)
    expect(video.currentTime).toBe(0)
    video.readyState = 1
    transport.loaded()
    expect(video.currentTime).toBe(7.5)
  })
})
