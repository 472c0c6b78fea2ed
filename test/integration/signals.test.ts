import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { SIGNALS, signalInfos } from '../../main/signals/list.ts'
import { portraitAnimation } from '../../main/signals/portrait-animation.ts'
import { syntheticImage } from '../../main/signals/synthetic-image.ts'
import { temporal } from '../../main/signals/temporal.ts'
import { runFile } from '../../scripts/models/run-file.ts'
import { clipFolder, DATA, NO_DATA } from '../fixtures/clip.ts'

const folder = clipFolder()
afterAll(() => folder.remove())
const RATE = 25
/** A fractal that zooms and turns before camera noise: everything moves, nothing repeats. */
const SCENE = `mandelbrot=s=384x288:r=${RATE}:end_pts=60,noise=alls=6:allf=t:all_seed=3,format=yuv420p`
const X264 = ['-c:v', 'libx264', '-threads', '1', '-preset', 'veryfast', '-crf', '24']
const clip = (name: string, filter: string, seconds = 8) =>
  folder.make(name, '-f', 'lavfi', '-i', SCENE, '-t', String(seconds), '-vf', filter, ...X264)
const numbered = `setpts=N/(${RATE}*TB)`
const seen = async (path: string) => {
  const { outputs } = await runFile(path, [temporal])
  expect(outputs[0]!.applicability).toEqual({ state: 'ran', reason: '' })
  return outputs[0]!.observations.filter((o) => o.weight !== 'context').map((o) => o.code)
}

describe('every signal', () => {
  it('runs or abstains on a plain clip, accuses it of nothing, and says the same twice', async () => {
    const path = clip('plain.mp4', 'null')
    const first = await runFile(path, SIGNALS)
    expect(first.outputs.map((o) => o.id)).toEqual(signalInfos(SIGNALS).map((s) => s.id))
    expect(first.outputs.filter((o) => o.applicability.state === 'failed')).toEqual([])
    expect(first.outputs.flatMap((o) => o.observations).filter((o) => o.weight === 'strong')).toEqual([])
    expect(JSON.stringify((await runFile(path, SIGNALS)).outputs)).toBe(JSON.stringify(first.outputs))
  })

  it('has its own id, and only calibrated or rule-based signals count', () => {
    expect(new Set(SIGNALS.map((s) => s.id)).size).toBe(SIGNALS.length)
    expect(SIGNALS.filter((s) => !s.counted).map((s) => s.id)).toEqual(['lip-sync'])
  })
})

describe('temporal consistency of clips made here', () => {
  it('finds a frozen run', async () => {
    expect(await seen(clip('frozen.mp4', `loop=loop=50:size=1:start=80,${numbered}`))).toEqual(['temporal.frozen'])
  })

  it('finds a run played three times', async () => {
    expect(await seen(clip('looped.mp4', `loop=loop=2:size=60:start=40,${numbered}`))).toEqual(['temporal.loop'])
  })

  it('finds a run played forth and back', async () => {
    const filter = `trim=end_frame=75,split[a][b];[b]reverse[c];[a][c]concat,${numbered}`
    expect(await seen(clip('boomerang.mp4', filter))).toEqual(['temporal.boomerang'])
  })

  it('abstains from a single still picture', async () => {
    const path = clip('still.mp4', `trim=end_frame=1,loop=loop=-1:size=1,${numbered}`, 4)
    const { outputs } = await runFile(path, [temporal, syntheticImage])
    expect(outputs[0]!.applicability.state).toBe('abstained')
  })
})

describe.skipIf(!DATA)(`genuine footage${DATA ? '' : ` (${NO_DATA})`}`, () => {
  it.each([
    'video/HDTF/real-01-WDA_AlexandriaOcasioCortez_000.mp4',
    'video/EDTalk/real-05-uncrop_Obama.mp4',
    'video/VoxCeleb2/real-05-741400104.mp4',
    'video/MEAD/real-17-W011_front_angry_level3_001.mp4',
    'vectors/vpdq/chair-20-sd-bar.mp4',
  ])('shows no temporal indicators: %s', async (file) => {
    const path = join(DATA!, file)
    if (existsSync(path)) expect(await seen(path)).toEqual([])
  })
})

const HEADS = [
  'video/EDTalk/fake-08-demo_EDTalk_lip_pose_V_lei.mp4',
  'video/MEAD/real-17-W011_front_angry_level3_001.mp4',
]
const headsThere = HEADS.every((file) => existsSync(join(DATA ?? '', file)))
describe.skipIf(!headsThere)(`talking heads${headsThere ? '' : ` (${NO_DATA})`}`, () => {
  it('made from one photograph read higher than footage, with a ratio, a picture and a stretch to look at', async () => {
    const [animated, genuine] = await Promise.all(
      HEADS.map(async (file) => (await runFile(join(DATA!, file), [portraitAnimation])).outputs[0]!),
    )
    expect([animated, genuine].map((output) => output!.applicability.state)).toEqual(['ran', 'ran'])
    expect(animated!.score!).toBeGreaterThan(genuine!.score! + 0.3)
    expect(animated!.calibration!.low).toBeGreaterThan(2)
    expect(animated!.segments.length).toBeGreaterThan(0)
    expect(animated!.evidence).toHaveLength(1)
    expect(genuine!.calibration!.likelihoodRatio).toBe(1)
    expect(genuine!.segments).toEqual([])
  })
})
