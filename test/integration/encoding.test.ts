import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { encoding } from '../../main/signals/encoding.ts'
import { clipFolder, DATA, NO_DATA, runOnFile } from '../fixtures/clip.ts'

const folder = clipFolder()
afterAll(() => folder.remove())
const SCENE = 'mandelbrot=s=192x108:r=25,noise=alls=4:allf=t:all_seed=3,format=yuv420p'
const X264 = ['-c:v', 'libx264', '-threads', '1', '-preset', 'veryfast']
const scene = (seconds: number) => ['-f', 'lavfi', '-i', SCENE, '-t', String(seconds)]

async function run(path: string) {
  const result = await runOnFile(encoding, path)
  if (result.state !== 'ran') throw new Error(result.reason)
  return result
}
const reasons = (result: Awaited<ReturnType<typeof run>>) =>
  result.observations.filter(({ weight }) => weight !== 'context').map(({ code }) => code.replace('encoding.', ''))

describe('encoding of clips made here', () => {
  it('finds the key frame distance of an earlier encoding, and nothing in the earlier one itself', async () => {
    const once = folder.make(
      'once.mp4',
      ...scene(14),
      ...X264,
      '-g',
      '33',
      '-sc_threshold',
      '0',
      '-bf',
      '0',
      '-crf',
      '22',
    )
    const twice = folder.make('twice.mp4', '-i', once, ...X264, '-g', '100', '-bf', '0', '-crf', '23')
    expect(reasons(await run(once))).toEqual([])
    const result = await run(twice)
    // All of it was encoded twice, as any upload is: worth knowing, and no reason by itself.
    expect(reasons(result)).toEqual([])
    expect(result.observations.find(({ code }) => code === 'encoding.double-compression')!.text).toContain(
      'every 33 frames',
    )
    expect(result.score).toBeGreaterThan(0)
    expect(result.exhibits.filter(({ kind }) => kind === 'image')).toHaveLength(2)
    expect(result.knownFailures.join(' ')).toContain('Platforms')
    expect(result.score).toBeLessThan(0.5)
  })

  it('gives the same bytes for the same file', async () => {
    const clip = folder.make('same.mp4', ...scene(4), ...X264, '-g', '20')
    expect(await run(clip)).toEqual(await run(clip))
  })

  it('notices pieces that were encoded apart and joined without re-encoding', async () => {
    const parts = ['a', 'b'].map((part, i) =>
      folder.make(`${part}.mp4`, ...scene(2), ...X264, '-crf', String(20 + 4 * i)),
    )
    const names = folder.write('list.txt', Buffer.from(parts.map((part) => `file '${part}'`).join('\n')))
    const joined = folder.make('joined.mp4', '-f', 'concat', '-safe', '0', '-i', names, '-c', 'copy')
    expect(reasons(await run(joined))).toContain('joined-encodings')
  })

  it('notices a hidden beginning and a frame gap', async () => {
    const long = folder.make('long.mp4', ...scene(6), ...X264, '-g', '250', '-keyint_min', '250', '-sc_threshold', '0')
    const cut = folder.make('cut.mp4', '-ss', '2.4', '-i', long, '-c', 'copy')
    expect(reasons(await run(cut))).toContain('edit-list-trim')
    const gap = folder.make(
      'gap.mp4',
      '-i',
      long,
      '-vf',
      "select='not(between(n,60,66))'",
      '-fps_mode',
      'vfr',
      ...X264,
      '-bf',
      '0',
    )
    const result = await run(gap)
    expect(reasons(result)).toContain('gap')
    expect(result.segments[0]).toMatchObject({ label: 'gap of 7 frames' })
  })

  it('tells a change of frame rate by its repeated frames', async () => {
    const film = folder.make(
      'film.mp4',
      '-f',
      'lavfi',
      '-i',
      SCENE.replace('r=25', 'r=24'),
      '-t',
      '8',
      '-vf',
      'fps=30',
      ...X264,
      '-bf',
      '0',
      '-crf',
      '18',
    )
    const cadence = (await run(film)).observations.find(({ code }) => code === 'encoding.cadence')
    expect(cadence?.text).toContain('One frame in 5 repeats')
  })

  it('abstains from sound and from a handful of frames', async () => {
    const sound = folder.make('sound.m4a', '-f', 'lavfi', '-i', 'sine=d=1', '-c:a', 'aac')
    expect(await runOnFile(encoding, sound)).toMatchObject({ state: 'abstained', reason: 'there is no video stream' })
    const short = folder.make('short.mp4', '-f', 'lavfi', '-i', SCENE, '-frames:v', '6', ...X264)
    expect(await runOnFile(encoding, short)).toMatchObject({
      state: 'abstained',
      reason: expect.stringContaining('only 6'),
    })
  })

  it.each([
    ['mjpeg.avi', ['-c:v', 'mjpeg'], 'every frame is a key frame'],
    ['vp9.webm', ['-c:v', 'libvpx-vp9', '-cpu-used', '8', '-deadline', 'realtime', '-b:v', '200k'], 'by design'],
  ])('says why it does not look for earlier encodings in %s', async (name, args, why) => {
    const result = await run(folder.make(name, ...scene(1.5), ...args))
    expect(result.observations.find(({ code }) => code === 'encoding.double-compression-not-tested')?.text).toContain(
      why,
    )
  })
})

describe.skipIf(!DATA)(`encoding of real files${DATA ? '' : ` (${NO_DATA})`}`, () => {
  it('finds that VoxCeleb2 clips were encoded before, every 12 frames, by the tool that cut them', async () => {
    const result = await run(join(DATA ?? '', 'video/VoxCeleb2/real-13-741400163.mp4'))
    expect(result.observations.find(({ code }) => code === 'encoding.double-compression')!.text).toContain(
      'every 12 frames',
    )
  })

  it.each([
    'vectors/vpdq/chair-20-sd-bar.mp4',
    'vectors/c2pa/video1.mp4',
    'vectors/c2pa/test.avi',
    'vectors/vpdq/pattern-sd-grey-bar.mp4',
  ])('does not accuse %s', async (name) => {
    expect(reasons(await run(join(DATA ?? '', name)))).toEqual([])
  })
})
