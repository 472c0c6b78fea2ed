import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { standingSets } from './evaluate-sets.ts'

const home = mkdtempSync(join(tmpdir(), 'assay-sets-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

function put(path: string, text = 'x'): void {
  mkdirSync(dirname(join(home, path)), { recursive: true })
  writeFileSync(join(home, path), text)
}

test('says what is missing instead of measuring nothing', async () => {
  const { sets, missing } = await standingSets(join(home, 'nowhere'), join(home, 'nothing'))
  expect(sets).toEqual([])
  expect(missing.join('\n')).toMatch(/MANIFEST[^]*swaps[^]*generated[^]*voice/)
})

test('files of one person, portrait or sentence share a group, and vocoders are sources', async () => {
  const rows = [
    ['video/MEAD/real-01-M030_front_angry_level3_001.mp4', 'real', 'MEAD', '-'],
    ['video/MEAD/real-04-M030_front_fear_level3_001.mp4', 'real', 'MEAD', '-'],
    ['video/MEAD/real-17-W011_front_angry_level3_001.mp4', 'real', 'MEAD', '-'],
    ['video/MEAD/real-09-W009_front_angry_level3_001.mp4', 'real', 'MEAD', '-'],
    ['video/DreamTalk/fake-02-english@male_face.mp4', 'fake', 'DreamTalk', 'DreamTalk'],
    ['video/DreamTalk/fake-04-metaportrait@male_face.mp4', 'fake', 'DreamTalk', 'DreamTalk'],
    ['video/EDTalk/fake-01-demo_EDTalk_A.mp4', 'fake', 'EDTalk', 'EDTalk'],
    ['video/VoxCeleb2/real-03-00373.mp4', 'real', 'VoxCeleb2', '-'],
    ['video/VoxCeleb2/real-02-00086.mp4', 'real', 'VoxCeleb2', '-'],
    ['speech/hifigan/real/009-ms_gt_4.flac', 'real', 'hifigan', 'GT'],
    ['speech/hifigan/fake/005-ms_hgan_v3_4.flac', 'fake', 'hifigan', 'HGAN_V3'],
    ['speech/hifigan/fake/008-ms_mg_4.flac', 'fake', 'hifigan', 'MG'],
    ['speech/hifigan/fake/006-ms_mg_1.flac', 'fake', 'hifigan', 'MG'],
    ['speech/hifigan/fake/007-gone.flac', 'fake', 'hifigan', 'MG'],
  ]
  put('data/MANIFEST.tsv', ['path\tlabel\tgroup\tmethod', ...rows.map((row) => row.join('\t'))].join('\n'))
  for (const [path] of rows) if (!path!.includes('gone')) put(`data/${path}`)
  const made = [
    'a.mp4\tmanipulated\tvideo/MEAD/real-01-M030_front_angry_level3_001.mp4\tM030',
    'b.mp4\tmanipulated\tvideo/MEAD/real-09-W009_front_angry_level3_001.mp4\tW009',
  ]
  put('made/swaps/manifest.tsv', `path\tlabel\tsource\tgroup\n${made.join('\n')}\n`)
  put(
    'made/broadcast/manifest.tsv',
    'path\tlabel\tsource\tgroup\nc.mp4\tgenuine\tbroadcast-MEAD\tW009\nd.mp4\tgenuine\tbroadcast-MEAD\tM030\n',
  )

  const { sets, missing } = await standingSets(join(home, 'data'), join(home, 'made'))
  expect(sets.map(({ name, of, files }) => [name, of, files.length])).toEqual([
    ['talking-heads', 'video', 7],
    ['speech', 'sound', 3],
    ['swaps', 'video', 1],
    ['broadcast', 'video', 1],
  ])
  const { sets: all } = await standingSets(join(home, 'data'), join(home, 'made'), ['synthetic-image'])
  expect(all.map(({ files }) => files.length)).toEqual([9, 4, 2, 2])
  const [heads, speech, swaps] = sets
  expect(new Set(heads!.files.map(({ group }) => group)).size).toBe(5)
  expect(heads!.files.filter(({ manipulated }) => manipulated)).toHaveLength(2)
  expect(new Set(speech!.files.map(({ group }) => group)).size).toBe(1)
  expect(speech!.files.map(({ source }) => source)).toEqual(['hifigan', 'HiFi-GAN', 'MelGAN'])
  expect(swaps!.files[0]!.source).toBe('MEAD')
  // Videos and speech that a network was trained on, and what was made of them, give no figure.
  expect(missing).toEqual(
    expect.arrayContaining([
      'talking-heads: 2 files left out, since a network was trained on their persons or sentences',
      'swaps: 1 file left out, since a network was trained on their persons or sentences',
      'broadcast: 1 file left out, since a network was trained on their persons or sentences',
      'speech: 1 file left out, since a network was trained on their persons or sentences',
    ]),
  )
  expect(missing).toContain('speech: 1 of 4 files')
})
