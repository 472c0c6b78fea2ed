import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { clipFolder, DATA, NO_DATA, runOnFile } from '../fixtures/clip.ts'
import { signedCopy } from '../fixtures/signed-clip.ts'
import { provenance } from '../../main/signals/provenance.ts'
import type { SignalResult } from '../../main/signals/signal.ts'

const folder = clipFolder()
afterAll(() => folder.remove())
const SOURCE = ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=15', '-t', '1', '-c:v', 'mpeg4'] as const

async function run(path: string) {
  const result = await runOnFile(provenance, path)
  if (result.state !== 'ran') throw new Error(result.reason)
  return result
}
const reasons = (result: Extract<SignalResult, { state: 'ran' }>) =>
  result.observations.filter(({ weight }) => weight !== 'context').map(({ code }) => code)

const structure = async (path: string) =>
  (await run(path)).observations.find(({ code }) => code === 'provenance.structure')!.text

describe('provenance of files made here', () => {
  it('names the writer of a plain clip and finds nothing against it', async () => {
    const result = await run(folder.make('plain.mp4', ...SOURCE))
    expect(reasons(result)).toEqual([])
    expect(result.score).toBe(0)
    expect(result.observations.map(({ code }) => code)).toContain('provenance.mark-lavf')
    expect(result.explanation).toMatch(/No indicators of manipulation were found/)
  })

  it('gives the same answer to the same file', async () => {
    const path = folder.write(
      'signed.mp4',
      await signedCopy(readFileSync(folder.make('s.mp4', ...SOURCE)), 'video/mp4', MANIFEST),
    )
    expect(await run(path)).toEqual(await run(path))
  })

  it('reports a clip whose own credentials declare a generative model', async () => {
    const path = folder.write(
      'made.mp4',
      await signedCopy(readFileSync(folder.make('m.mp4', ...SOURCE)), 'video/mp4', MANIFEST),
    )
    const result = await run(path)
    expect(reasons(result)).toContain('provenance.c2pa-generative')
    expect(result.score).toBeGreaterThanOrEqual(0.7)
  })

  it('notices a phone named in the tags of a file that FFmpeg wrote', async () => {
    const path = folder.make(
      'phone.mov',
      ...SOURCE,
      '-movflags',
      'use_metadata_tags',
      '-metadata',
      'com.apple.quicktime.model=iPhone 14 Pro',
      '-metadata',
      'com.apple.quicktime.software=17.4.1',
    )
    expect(reasons(await run(path))).toEqual(['provenance.device-rewritten'])
  })

  it('notices a creation date from before the software that wrote it', async () => {
    const path = folder.make('old.mp4', ...SOURCE, '-metadata', 'creation_time=2009-05-01T10:00:00Z')
    expect(reasons(await run(path))).toEqual(['provenance.date-before-software'])
  })

  it('finds a generator workflow in the tags of MP4 and Matroska alike', async () => {
    const prompt = '{"6": {"inputs": {"text": "a crowd"}, "class_type": "CLIPTextEncode"}}'
    for (const args of [
      ['flow.mp4', ...SOURCE, '-movflags', 'use_metadata_tags', '-metadata', `prompt=${prompt}`],
      ['flow.mkv', ...SOURCE, '-metadata', `PROMPT=${prompt}`],
    ] as const) {
      const [name, ...rest] = args
      expect(reasons(await run(folder.make(name!, ...rest)))).toEqual(['provenance.mark-generator'])
    }
  })

  it('tells whether the index stands before or after the media', async () => {
    expect(await structure(folder.make('last.mp4', ...SOURCE))).toContain('after the media')
    expect(await structure(folder.make('first.mp4', ...SOURCE, '-movflags', '+faststart'))).toContain(
      'before the media',
    )
    expect(await structure(folder.make('parts.mp4', ...SOURCE, '-movflags', 'frag_keyframe+empty_moov'))).toContain(
      'fragmented',
    )
  })
})

const MANIFEST = {
  claim_generator_info: [{ name: 'Test Generator', version: '1.0' }],
  title: 'clip',
  assertions: [
    {
      label: 'c2pa.actions',
      data: {
        actions: [
          {
            action: 'c2pa.created',
            digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
          },
        ],
      },
    },
  ],
}

describe.skipIf(!DATA)(`provenance of real files${DATA ? '' : ` (${NO_DATA})`}`, () => {
  it.each([
    'vectors/vpdq/chair-20-sd-bar.mp4',
    'vectors/c2pa/video1.mp4',
    'vectors/c2pa/test.avi',
    'video/VoxCeleb2/real-01-00015.mp4',
  ])('does not accuse %s', async (name) => {
    const result = await run(join(DATA ?? '', name))
    expect(reasons(result)).toEqual([])
    expect(JSON.stringify(result)).not.toMatch(/\b(?:fake|authentic)\b/i)
  })
})
