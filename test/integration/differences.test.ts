/** What differs inside shared footage, on encoded clips through the queue and real worker processes. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Differences } from '../../main/contract/differences.ts'
import { testLibrary, type TestLibrary } from '../../main/jobs/fixtures/library.ts'
import { createQueue, type Queue } from '../../main/jobs/queue.ts'
import { ffmpegInfo } from '../../main/media/ffmpeg.ts'
import { forkSpawner } from '../../main/jobs/spawn-node.ts'
import { differencesOf } from '../../main/store/comparisons.ts'
import { custodyOf } from '../../main/store/evidence.ts'
import { derivedFile } from '../../main/store/media.ts'
import { clipFolder, ffmpegPath } from '../fixtures/clip.ts'
import { admitted, matched, type Item } from '../fixtures/matched-items.ts'

const clips = clipFolder()
let test: TestLibrary
let queue: Queue

/** A test picture in which much moves, under camera noise, with a melody that never repeats. */
const SCENE = [
  ...'-f lavfi -i testsrc2=s=320x240:r=25,noise=alls=5:allf=t:all_seed=3'.split(' '),
  '-f', 'lavfi', '-i',
  'aevalsrc=0.3*sin(2*PI*(220+160*sin(1.7*t)*sin(0.61*t))*t)+0.1*random(0)*lt(mod(t\\,0.7)\\,0.2):s=16000',
  ...'-t 6.5 -c:v libx264 -preset veryfast -crf 20 -pix_fmt yuv420p -c:a aac'.split(' '),
] // prettier-ignore
const SHORT = { to: 3.3 }
const X264 = '-c:v libx264 -preset veryfast -pix_fmt yuv420p'.split(' ')

const differences = (id: string): Differences => differencesOf(test.lib, queue.list, id)

let known: Item
beforeAll(async () => {
  test = testLibrary()
  queue = createQueue(test.lib, {
    spawner: forkSpawner(new URL('../../main/worker.ts', import.meta.url)),
    models: join(import.meta.dirname, '..', '..', 'models'),
    ffmpeg: () => ffmpegInfo(ffmpegPath()),
    concurrency: 2,
    threads: 1,
  })
  known = await admitted(test.lib, clips.make('known.mp4', ...SCENE))
}, 400_000)
afterAll(async () => {
  await queue.close()
  test.remove()
  clips.remove()
})

// Decoding in processes of their own, on a machine that may be busy: only a hang takes so long.
describe('comparing shared footage', { timeout: 400_000 }, () => {
  it('names no face, logo or sound in a copy that was mirrored, cropped and encoded again, and finds its time to the frame', async () => {
    const fresh = await admitted(test.lib, 
      clips.make('copy.mp4', '-ss', '2', '-t', '3.6', '-i', join(clips.path, 'known.mp4'), '-vf', 'hflip,crop=iw*0.9:ih*0.9,scale=288:216', ...X264, '-crf', '30'),
    ) // prettier-ignore
    const placement = { sx: 1.13, tx: -0.06, sy: 1.1, ty: -0.05 }
    const id = matched(test.lib, fresh, known, { ...SHORT, mirrored: true, placement })
    queue.enqueue('compare', fresh.id, id)
    await queue.idle()
    const { job, comparison, current } = differences(id)
    expect([job?.state, job?.error, current]).toEqual(['succeeded', null, true])
    const [segment] = comparison!.segments
    const kinds = comparison!.differences.map(({ kind }) => kind)
    expect(kinds).toEqual(['cropped'])
    expect(segment!.knownFrom).toBeCloseTo(2.2, 1)
    expect(segment!.placement.sx).toBeCloseTo(1 / 0.9, 2)
    expect(segment!.placement.tx).toBeCloseTo(-0.05 / 0.9, 2)
    expect(segment!.sound.state).toBe('agrees')
  })

  it('finds what was laid over it and that its sound was replaced, with pictures to look at', async () => {
    const box = 'drawbox=x=40:y=32:w=88:h=56:color=white:t=fill,drawbox=x=56:y=46:w=56:h=28:color=0xa01030:t=fill'
    const fresh = await admitted(test.lib, 
      clips.make('logo.mp4', '-ss', '2', '-t', '3.6', '-i', join(clips.path, 'known.mp4'), '-f', 'lavfi', '-i', 'aevalsrc=0.3*sin(2*PI*(500+90*sin(5*t))*t)*(0.4+0.6*gt(sin(9*t)\\,0)):s=16000:d=3.6', '-map', '0:v', '-map', '1:a', '-vf', box, ...X264, '-crf', '27', '-c:a', 'aac'),
    ) // prettier-ignore
    const id = matched(test.lib, fresh, known, SHORT)
    queue.enqueue('compare', fresh.id, id)
    await queue.idle()
    const { comparison } = differences(id)
    const kinds = comparison!.differences.map(({ kind }) => kind)
    expect(new Set(kinds)).toEqual(new Set(['overlay', 'sound']))
    const {
      freshRegion: region,
      known: there,
      fresh: here,
    } = comparison!.differences.find((d) => d.kind === 'overlay')!
    expect(region!.x * 320).toBeCloseTo(40, -1.4)
    expect((region!.x + region!.width) * 320).toBeCloseTo(128, -1.4)
    expect(region!.y * 240).toBeCloseTo(32, -1.4)
    expect((region!.y + region!.height) * 240).toBeCloseTo(88, -1.4)
    expect(there.start - here.start).toBeCloseTo(2, 1)
    expect(comparison!.words).toMatch(/which of them is not known/)
    // What it refers to lies in the library.
    const [maps] = comparison!.segments.map((segment) => segment.maps!.sha256)
    for (const sha256 of [maps!, ...comparison!.pairs.map((pair) => pair.sha256)])
      expect(existsSync(derivedFile(test.lib, sha256))).toBe(true)
    for (const { id: item } of [fresh, known])
      expect(custodyOf(test.lib, item).filter(({ action }) => action === 'compared').length).toBeGreaterThan(0)
  })

  it('stops when it is told to, runs again from the start, and says so where footage is another one', async () => {
    const fresh = await admitted(
      test.lib,
      clips.make(
        'other.mp4',
        ...'-f lavfi -i gradients=s=320x240:r=25:n=6:speed=0.02:seed=5 -t 3.6'.split(' '),
        ...X264,
        '-crf',
        '23',
      ),
    )
    const id = matched(test.lib, fresh, known, SHORT)
    const job = queue.enqueue('compare', fresh.id, id)
    expect(queue.enqueue('compare', fresh.id, id).id).toBe(job.id)
    expect((await queue.cancel([job.id]))[0]!.state).toBe('cancelled')
    expect(differences(id).comparison).toBeNull()
    queue.retry([job.id])
    await queue.idle()
    const { comparison } = differences(id)
    const [segment] = comparison!.segments
    const told =
      segment!.state === 'not-registered' || comparison!.differences.some(({ kind }) => kind === 'everywhere')
    expect(told).toBe(true)
    expect(comparison!.differences.some(({ kind }) => kind === 'face' || kind === 'mouth')).toBe(false)
  })

  it('says that a comparison is out of date once the segments were found anew', () => {
    const row = test.lib.db.prepare('SELECT match_id AS id FROM comparison LIMIT 1').get() as { id: string }
    expect(differences(row.id).current).toBe(true)
    test.lib.db
      .prepare(`UPDATE footage_match SET body = json_set(body, '$.segments[0].to', 2.1) WHERE id = ?`)
      .run(row.id)
    expect(differences(row.id).current).toBe(false)
  })
})
