import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SignalOutput } from '../contract/signals.ts'
import type { FrameStream } from '../media/types.ts'
import { drawScene, type Scene } from '../../test/fixtures/drawn-scene.ts'
import { probedMedia, type VideoShape } from '../../test/fixtures/probed-media.ts'
import { startSignals } from './run.ts'
import { FrameRecord } from './temporal-frames.ts'
import { temporal } from './temporal.ts'

const THUMB: FrameStream = { id: 'thumb', rate: 5, width: 256, height: 256, format: 'gray' }

async function outputOf(frames: readonly Uint8Array[], shape: Partial<VideoShape> = {}): Promise<SignalOutput> {
  const media = probedMedia({ duration: frames.length / 5, ...shape })
  const set = await startSignals([temporal], {
    media,
    models: '/nowhere',
    cancelled: new AbortController().signal,
    onDefect: (_, error) => {
      throw error
    },
  })
  for (const [index, data] of frames.entries()) await set.frame({ stream: THUMB, index, time: index / 5, data })
  const [output] = await set.finish(async () => ({ sha256: 'f'.repeat(64) }))
  return output!
}

let grain = 0
/** Frames `from` to `to` (exclusive) of a scene at five a second, each with noise of its own. */
const scene = (part: Partial<Scene>, from: number, to: number): Uint8Array[] =>
  Array.from({ length: to - from }, (_, i) => drawScene(part, (from + i) / 5, grain++))

const codes = (output: SignalOutput) =>
  output.observations.filter((o) => o.code !== 'temporal.shots').map((o) => `${o.weight} ${o.code}`)
const at = (output: SignalOutput, label: string) => output.segments.find((s) => s.label === label)

describe('a video that cannot be measured', () => {
  test('of nine frames is abstained from, and says so', async () => {
    const output = await outputOf(scene({}, 0, 9))
    expect(output.applicability).toEqual({ state: 'abstained', reason: 'only 9 frames at 5 a second, 10 are needed' })
    expect(output.score).toBeNull()
  })

  test('that is one still picture is abstained from', async () => {
    const still = drawScene({ noise: 0 }, 0, 0)
    const output = await outputOf(Array.from({ length: 40 }, () => still))
    expect(output.applicability).toMatchObject({ state: 'abstained', reason: expect.stringContaining('still picture') })
  })
})

describe('footage that nothing was done to', () => {
  test('has a score of 0, tracks over its whole length, and no claim that it is genuine', async () => {
    const output = await outputOf(scene({}, 0, 60))
    expect(codes(output)).toEqual([])
    expect(output.score).toBe(0)
    expect(output.tracks.map((t) => [t.label, t.step, t.values.length])).toEqual([
      ['Frame difference', 0.2, 60],
      ['Moving area', 0.2, 60],
    ])
    expect(output.explanation).toContain(
      'no indicators of manipulation were found in them, which does not make the video authentic',
    )
  })

  test('is not accused, whatever the subject does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 20, max: 80 }),
        async (seed, noise, radius) => {
          const output = await outputOf(scene({ seed, noise, radius }, 0, 50))
          expect(codes(output).filter((code) => !code.startsWith('context'))).toEqual([])
        },
      ),
      { numRuns: 12 },
    )
  })

  test('with cuts has its shots listed and nothing else said', async () => {
    const output = await outputOf([
      ...scene({ seed: 3 }, 0, 20),
      ...scene({ seed: 8 }, 0, 15),
      ...scene({ seed: 14 }, 0, 25),
    ])
    expect(codes(output)).toEqual([])
    const table = output.evidence.find((e) => e.kind === 'table')
    expect(table).toMatchObject({
      rows: [
        ['1', '0.0 s', '4.0 s', '4.0 s'],
        ['2', '4.0 s', '7.0 s', '3.0 s'],
        ['3', '7.0 s', '12.0 s', '5.0 s'],
      ],
    })
  })

  test('with a photo flash has no cut there', async () => {
    const frames = scene({}, 0, 40)
    frames[20] = frames[20]!.map((v) => Math.min(255, v + 90))
    const output = await outputOf(frames)
    expect(output.observations.find((o) => o.code === 'temporal.shots')!.text).toBe('1 shot, 0 cuts.')
  })

  test('with a title card between two shots is told about it as context', async () => {
    const card = drawScene({ seed: 21, noise: 0 }, 0, 0)
    const output = await outputOf([
      ...scene({ seed: 3 }, 0, 20),
      ...Array.from({ length: 15 }, () => card),
      ...scene({ seed: 8 }, 0, 20),
    ])
    expect(codes(output)).toEqual(['context temporal.still-picture'])
    expect(output.score).toBe(0)
  })
})

describe('a frozen run', () => {
  const held = (count: number, frame: Uint8Array) => Array.from({ length: count }, () => frame)

  test('inside a moving shot is a strong indicator, at its time', async () => {
    const before = scene({}, 0, 25)
    const output = await outputOf([...before, ...held(9, before[24]!), ...scene({}, 25, 50)])
    expect(codes(output)).toEqual(['strong temporal.frozen'])
    expect(at(output, 'frozen inside a shot')).toMatchObject({ start: 4.8, end: 6.8 })
    expect(output.score).toBe(0.7)
    expect(output.knownFailures.join()).toContain('Live links')
  })

  test('survives the flicker of an encoder that repeats the frame', async () => {
    const before = scene({}, 0, 25)
    const flicker = held(12, before[24]!).map((frame, k) =>
      k % 4 ? frame : frame.map((v, i) => v + (i % 3 === 0 ? 1 : 0)),
    )
    const output = await outputOf([...before, ...flicker, ...scene({}, 25, 50)])
    expect(codes(output)).toContain('strong temporal.frozen')
  })

  test('in material without noise is a weaker indicator: the scene may have held still', async () => {
    const before = scene({ noise: 0 }, 0, 25)
    const output = await outputOf([...before, ...held(9, before[24]!), ...scene({ noise: 0 }, 25, 50)])
    expect(codes(output)).toEqual(['some temporal.frozen'])
  })

  test('is not seen where the subject stands still and the camera noise goes on', async () => {
    const still = Array.from({ length: 12 }, () => drawScene({ noise: 5 }, 5, grain++))
    const output = await outputOf([...scene({ noise: 5 }, 0, 25), ...still, ...scene({ noise: 5 }, 25, 50)])
    expect(codes(output).filter((code) => !code.startsWith('context'))).toEqual([])
  })

  test('at the end of a shot is context: editors do that', async () => {
    const before = scene({}, 0, 25)
    const output = await outputOf([...before, ...held(10, before[24]!), ...scene({ seed: 9 }, 0, 25)])
    expect(codes(output)).toEqual(['context temporal.frozen-edge'])
  })

  test('shorter than a second is none', async () => {
    const before = scene({}, 0, 25)
    const output = await outputOf([...before, ...held(4, before[24]!), ...scene({}, 25, 50)])
    expect(codes(output)).toEqual([])
  })
})

describe('a looped run', () => {
  test('played three times in a row is found from its first to its last frame, with both pictures to compare', async () => {
    const run = (): Uint8Array[] => scene({}, 20, 32)
    const output = await outputOf([...scene({}, 0, 20), ...run(), ...run(), ...run(), ...scene({}, 32, 50)])
    expect(codes(output)).toEqual([expect.stringMatching(/^(strong|some) temporal.loop$/)])
    const segment = at(output, 'looped')!
    expect(Math.abs(segment.start - 4)).toBeLessThan(0.21)
    expect(Math.abs(segment.end - (20 + 36) / 5)).toBeLessThan(0.41)
    expect(output.evidence[0]).toMatchObject({
      kind: 'image',
      caption: expect.stringMatching(/^The pictures at \d+\.\d s and at \d+\.\d s/),
    })
  })

  test('is found when its length is no whole number of samples', async () => {
    const passes = [0, 1, 2].flatMap((pass) =>
      Array.from({ length: 12 }, (_, i) => drawScene({}, 4 + (i + 0.4 * pass) / 15, grain++)),
    )
    const output = await outputOf([...scene({}, 0, 20), ...passes, ...scene({}, 32, 50)])
    expect(codes(output).some((code) => code.endsWith('temporal.loop'))).toBe(true)
  })

  test('played backwards is found', async () => {
    const forth = scene({}, 0, 30)
    const back = Array.from({ length: 15 }, (_, i) => drawScene({}, (29 - i) / 5, grain++))
    const output = await outputOf([...forth, ...back])
    expect(codes(output)).toEqual(['strong temporal.boomerang'])
    expect(at(output, 'played back in reverse')).toBeDefined()
  })

  test('is not played backwards where a subject slows down, turns and goes back, nearly as it came', async () => {
    // From 4 s on the scene's time swings out by 2 s and back; the way back is not quite the way out.
    const swing = Array.from({ length: 20 }, (_, i) =>
      drawScene({}, 4 + 2 * Math.sin(Math.PI * (i / 20) ** 1.2), grain++),
    )
    expect(codes(await outputOf([...scene({}, 0, 20), ...swing, ...scene({}, 20, 40)]))).toEqual([])
  })

  test('that comes again a minute later is a weaker indicator: replays do that', async () => {
    const run = (): Uint8Array[] => scene({ seed: 5 }, 0, 20)
    const output = await outputOf([...run(), ...scene({}, 0, 300), ...run()])
    expect(codes(output)).toEqual(['some temporal.repeat'])
  })

  test('without any seam is periodic motion, as a test pattern has', async () => {
    const turning = Array.from({ length: 60 }, (_, i) =>
      Uint8Array.from(
        { length: 65536 },
        (_, k) => 128 + 80 * Math.sin((k % 256) / 20 + (2 * Math.PI * i) / 8) * Math.cos(Math.floor(k / 256) / 30),
      ),
    )
    const output = await outputOf(turning)
    expect(codes(output)).toEqual(['context temporal.periodic'])
    expect(output.score).toBe(0)
  })

  test('of a small logo is context', async () => {
    const still = drawScene({ noise: 0 }, 0, 0)
    const frames = Array.from({ length: 50 }, (_, i) => {
      const frame = Uint8Array.from(still)
      const angle = [0, 0.9, 1.3, 2.9, 3.5, 5.1, 4.4, 2.2][i % 8]!
      for (let y = 8; y < 36; y++) for (let x = 8; x < 36; x++) frame[y * 256 + x] = 128 + 100 * Math.sin(x / 5 + angle)
      return frame
    })
    expect(codes(await outputOf(frames)).filter((code) => !code.startsWith('context'))).toEqual([])
  })
})

describe('motion in one region only', () => {
  /** The scene of time 0 with a moving patch in its middle; `noise` over all of it. */
  const animated = (noise: number, textured: boolean): Uint8Array[] =>
    Array.from({ length: 40 }, (_, i) => {
      const frame = drawScene({ noise, textured, radius: 0 }, 0, grain++)
      const moving = drawScene({ noise, radius: 60, seed: 4 }, i / 5, grain++)
      for (let y = 96; y < 176; y++) for (let x = 96; x < 160; x++) frame[y * 256 + x] = moving[y * 256 + x]!
      return frame
    })

  test('of an exactly rigid textured picture is an indicator, with the region and a heat map', async () => {
    const output = await outputOf(animated(0, true))
    expect(codes(output)).toEqual(['some temporal.still-animated'])
    expect(at(output, 'motion in one region only')!.region).toEqual({ x: 0.375, y: 0.375, width: 0.25, height: 0.3125 })
    expect(output.evidence[0]).toMatchObject({
      kind: 'image',
      caption: expect.stringContaining('Where the picture moves'),
      width: 256,
    })
  })

  test('says less where the bit rate is so low that any camera noise is gone', async () => {
    expect(codes(await outputOf(animated(0, true), { packetBytes: 300 }))).toEqual(['context temporal.still-animated'])
  })

  test('before a rest that keeps camera noise is no indicator: that is a tripod', async () => {
    const output = await outputOf(animated(1, true))
    expect(codes(output).filter((code) => !code.startsWith('context'))).toEqual([])
  })

  test('before a plain backdrop is no finding; the known failure says why', async () => {
    const output = await outputOf(animated(0, false))
    expect(codes(output)).toEqual([])
    expect(output.knownFailures.join()).toContain('too little texture')
  })
})

test('a jump of the subject before an unmoved background is context', async () => {
  const output = await outputOf([
    ...scene({ noise: 0, radius: 30 }, 0, 6).flatMap((f) => [f]),
    ...slow(6, 30),
    ...slow(60, 90),
  ])
  expect(codes(output)).toContain('context temporal.jump-cut')
  function slow(from: number, to: number) {
    return Array.from({ length: to - from }, (_, i) => drawScene({ noise: 0, radius: 30 }, from / 5 + i / 60, grain++))
  }
})

test('the same frames give the same bytes', async () => {
  const frames = [...scene({}, 0, 25), ...scene({ seed: 7 }, 0, 25)]
  expect(JSON.stringify(await outputOf(frames))).toBe(JSON.stringify(await outputOf(frames)))
})

test('frames beyond the limit are counted and not kept', () => {
  const record = new FrameRecord(3)
  for (const frame of scene({}, 0, 5)) record.add(frame)
  expect([record.count, record.seen]).toEqual([3, 5])
})
