import { describe, expect, test } from 'vitest'
import { SignalOutput } from '../contract/signals.ts'
import { Failure } from '../errors.ts'
import type { Frame, FrameStream } from '../media/types.ts'
import { probedMedia } from '../../test/fixtures/probed-media.ts'
import { startSignals, type SignalSet } from './run.ts'
import type { Signal, SignalResult, SignalRun } from './signal.ts'

const ran = (part: Partial<Extract<SignalResult, { state: 'ran' }>> = {}): SignalResult => ({
  state: 'ran',
  score: 0.25,
  segments: [],
  observations: [],
  tracks: [],
  exhibits: [],
  explanation: 'Measured.',
  knownFailures: [],
  ...part,
})

const signal = (id: string, run: SignalRun | (() => SignalRun), part: Partial<Signal> = {}): Signal => ({
  id,
  version: '1.2.3',
  title: `Signal ${id}`,
  measures: 'A test.',
  counted: true,
  needs: ['thumb'],
  needsSound: false,
  parameters: { threshold: 2 },
  start: () => (typeof run === 'function' ? run() : run),
  ...part,
})

const THUMB: FrameStream = { id: 'thumb', rate: 5, width: 2, height: 2, format: 'gray' }
const frame = (index: number, stream = THUMB): Frame => ({
  stream,
  index,
  time: index / stream.rate,
  data: new Uint8Array(4),
})
const save = async () => ({ sha256: 'a'.repeat(64) })
const start = (
  signals: Signal[],
  cancelled = new AbortController().signal,
  defects: unknown[] = [],
): Promise<SignalSet> =>
  startSignals(signals, {
    media: probedMedia({ duration: 10 }),
    models: '/nowhere',
    cancelled,
    onDefect: (id, error) => defects.push([id, error]),
  })

describe('a set of signals', () => {
  test('asks the decoder for what its signals need, and feeds each what it asked for', async () => {
    const seen: string[] = []
    const watch = (id: string): SignalRun => ({
      frame: (f) => void seen.push(`${id} ${f.stream.id}`),
      sound: () => void seen.push(`${id} sound`),
      finish: () => ran(),
    })
    const set = await start([
      signal('a', watch('a')),
      signal('b', watch('b'), { needs: ['motion', 'thumb'] }),
      signal('c', watch('c'), { needs: [], needsSound: true }),
    ])
    expect(set.streamsNeeded().sort()).toEqual(['motion', 'thumb'])
    expect(set.needsSound).toBe(true)
    await set.frame(frame(0))
    await set.frame(frame(0, { ...THUMB, id: 'motion' }))
    await set.frame(frame(0, { ...THUMB, id: 'face' }))
    await set.sound({ time: 0, samples: new Float32Array(1) })
    expect(seen).toEqual(['a thumb', 'b thumb', 'b motion', 'c sound'])
    expect((await set.finish(save)).map((o) => o.id)).toEqual(['a', 'b', 'c'])
    expect(Object.keys(set.timings())).toEqual(['a', 'b', 'c'])
  })

  test('goes on when one signal stops on a defect, and says which', async () => {
    const defects: unknown[] = []
    const bug = new TypeError('undefined is not a function at /secret/path.ts')
    let fed = 0
    const set = await start(
      [
        signal('broken', {
          frame: () => {
            throw bug
          },
          finish: () => ran(),
        }),
        signal('unstartable', () => {
          throw bug
        }),
        signal('unfinished', { finish: () => Promise.reject(bug) }),
        signal('sound', { frame: () => void fed++, finish: () => ran() }),
      ],
      undefined,
      defects,
    )
    await set.frame(frame(0))
    await set.frame(frame(1))
    const outputs = await set.finish(save)
    expect(outputs.map((o) => o.applicability.state)).toEqual(['failed', 'failed', 'failed', 'ran'])
    expect(outputs.slice(0, 3).every((o) => o.score === null && o.applicability.reason !== '')).toBe(true)
    expect(JSON.stringify(outputs)).not.toContain('secret')
    expect(fed).toBe(2)
    expect(defects).toEqual([
      ['unstartable', bug],
      ['broken', bug],
      ['unfinished', bug],
    ])
  })

  test('names the failure when a model is refused, and reports no defect', async () => {
    const defects: unknown[] = []
    const refused: Signal = signal(
      'model',
      { finish: () => ran() },
      { start: async ({ model }) => ({ finish: () => ran(), ...(await model('missing')) }) },
    )
    const [output] = await (await start([refused], undefined, defects)).finish(save)
    expect(output!.applicability).toEqual({ state: 'failed', reason: expect.stringContaining('model.untrusted') })
    expect(defects).toEqual([])
  })

  test('stops at once when the job is cancelled', async () => {
    const controller = new AbortController()
    const set = await start([signal('a', { frame: () => {}, finish: () => ran() })], controller.signal)
    await set.frame(frame(0))
    controller.abort()
    await expect(set.frame(frame(1))).rejects.toEqual(expect.objectContaining({ code: 'job.cancelled' }))
    await expect(set.finish(save)).rejects.toBeInstanceOf(Failure)
  })
})

describe('an output', () => {
  const outputOf = async (result: SignalResult, part: Partial<Signal> = {}): Promise<SignalOutput> => {
    const [output] = await (await start([signal('a', { finish: () => result }, part)])).finish(save)
    return SignalOutput.parse(output)
  }

  test('carries what is needed to run it again', async () => {
    expect(await outputOf(ran())).toMatchObject({
      id: 'a',
      version: '1.2.3',
      applicability: { state: 'ran', reason: '' },
      calibration: null,
      provenance: { model: null, parameters: { threshold: 2 }, ffmpeg: 'ffmpeg version test', seed: 0 },
    })
  })

  test('keeps times inside the video, regions inside the picture, and numbers to six decimals', async () => {
    const output = await outputOf(
      ran({
        score: 1 / 3,
        segments: [
          { start: 9, end: 99, score: 2 / 3, label: 'late', region: { x: 0.9, y: -1, width: 0.5, height: 3 } },
          { start: -2, end: 1 / 7, score: 0, label: 'early' },
        ],
        observations: [{ code: 'a.b', text: 'Seen.', weight: 'some', at: 42 }],
        tracks: [
          { label: 'T', unit: '', start: 0, step: 0.2, values: [1 / 3, null, Number.NaN, Number.POSITIVE_INFINITY] },
        ],
        exhibits: [
          { kind: 'image', caption: 'C', bytes: new Uint8Array(1), mime: 'image/png', width: 1, height: 1, at: 11 },
        ],
      }),
    )
    expect(output.score).toBe(0.333333)
    expect(output.segments).toEqual([
      { start: 0, end: 0.142857, score: 0, label: 'early' },
      { start: 9, end: 10, score: 0.666667, label: 'late', region: { x: 0.9, y: 0, width: 0.1, height: 1 } },
    ])
    expect(output.observations[0]!.at).toBe(10)
    expect(output.tracks[0]!.values).toEqual([0.333333, null, null, null])
    expect(output.evidence).toEqual([
      { kind: 'image', caption: 'C', sha256: 'a'.repeat(64), mime: 'image/png', width: 1, height: 1, at: 10 },
    ])
  })

  test('is equal text for equal input', async () => {
    const result = ran({ score: 0.1 + 0.2, segments: [{ start: 0.1, end: 0.7, score: 0.3, label: 'x' }] })
    expect(JSON.stringify(await outputOf(result))).toBe(JSON.stringify(await outputOf(result)))
  })

  test('of a signal that abstains has a reason and no score', async () => {
    const output = await outputOf({ state: 'abstained', reason: 'only 9 frames' })
    expect(output).toMatchObject({ applicability: { state: 'abstained', reason: 'only 9 frames' }, score: null })
    expect(output.explanation).toBe('Not measured: only 9 frames.')
  })

  test.each([
    ['a score above 1', ran({ score: 1.5 })],
    ['a score that is not a number', ran({ score: Number.NaN })],
    ['a time that is not a number', ran({ segments: [{ start: Number.NaN, end: 1, score: 0, label: '' }] })],
  ])('with %s is a failed signal, never a finding', async (_, result) => {
    expect((await outputOf(result)).applicability.state).toBe('failed')
  })
})
