import { describe, expect, it } from 'vitest'
import { findMarks, type FileText } from './find-marks.ts'
import { MARKS, type MarkField } from './marks.ts'

/** What each mark looks like in a file, as its source shows it. */
const SEEN: Record<string, [MarkField, string]> = {
  'iptc-generated': [
    'tag',
    'Iptc4xmpExt:DigitalSourceType=http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
  ],
  'aigc-gb45438': ['tag', 'AIGC={"Label":"1","ContentProducer":"001191110102MACQD9K64018705","ProduceID":"7642"}'],
  'tiktok-aigc': ['tag', 'aigc_info={"aigc_label_type": 1}'],
  comfyui: ['tag', 'prompt={"6": {"inputs": {"text": "a person walking"}, "class_type": "CLIPTextEncode"}}'],
  'openai-sora': ['claim', 'Sora 2'],
  remotion: ['tag', 'comment=Made with Remotion 4.0.492'],
  capcut: ['tag', '©art={"source_type":"vicut","data":{"appVersion":"7.7.2"}}'],
  dreamina: ['tag', 'comment={"data":{"product":"dreamina","exportType":"generation","videoId":"0"}}'],
  adobe: ['tag', 'stEvt:softwareAgent=Adobe Premiere Rush (Macintosh)'],
  mainconcept: ['handler', 'Mainconcept Video Media Handler'],
  resolve: ['encoder', 'Blackmagic Design DaVinci Resolve'],
  handbrake: ['encoder', 'HandBrake 1.1.2 2018090500'],
  x264: ['stream', 'x264 - core 164 r3095 baee400 - H.264/MPEG-4 AVC codec'],
  x265: ['encoder', 'x265 - 3.5+1-f0c1022b6:[Linux]'],
  lavf: ['encoder', 'Lavf58.29.100'],
  lavc: ['encoder', 'Lavc60.3.100 libx264'],
  gpac: ['handler', 'GPAC ISO Video Handler'],
  'l-smash': ['handler', 'L-SMASH Video Handler'],
  bento4: ['handler', 'Bento4 Video Handler'],
  'matroska-webm': ['encoder', 'libwebm-0.2.1.0'],
  youtube: ['handler', 'ISO Media file produced by Google Inc. Created on: 10/11/2021.'],
  'x-twitter': ['handler', 'Twitter-vork muxer'],
  vimeo: ['handler', 'Vimeo Artax Video Handler'],
  tiktok: ['tag', 'comment=vid:v0300fdb0000btbmkrhucgba10erkqn0'],
  whatsapp: ['box', 'beam'],
  'apple-device': ['tag', 'com.apple.quicktime.model=iPhone 14 Pro'],
  'apple-writer': ['handler', 'Core Media Video'],
  'android-device': ['tag', 'com.android.version=13'],
  'android-writer': ['handler', 'VideoHandle'],
  gopro: ['encoder', 'GoPro AVC encoder'],
  dji: ['handler', 'DJI.AVC'],
}
const text = ([field, value]: [MarkField, string]): FileText => ({ field, place: 'here', text: value })
const idsOf = (texts: FileText[]) => findMarks(texts).map(({ mark }) => mark.id)

describe('table of marks', () => {
  it('has a source and a meaning for every row, and no row twice', () => {
    expect(new Set(MARKS.map(({ id }) => id)).size).toBe(MARKS.length)
    for (const { source, means, name } of MARKS) {
      expect(source.length).toBeGreaterThan(15)
      expect(`${name} ${means}`).not.toMatch(/\b(?:fake|authentic|certain|real)\b/i)
    }
  })

  it.each(MARKS.map(({ id }) => id))('recognises %s where its source says it stands', (id) => {
    expect(SEEN[id], `an example of ${id}`).toBeDefined()
    expect(idsOf([text(SEEN[id]!)])).toContain(id)
  })

  it('treats only a declaration by the file itself as strong', () => {
    expect(MARKS.filter(({ weight }) => weight === 'strong').every(({ kind }) => kind === 'generator')).toBe(true)
  })

  it('does not take a TikTok label of value 0 or a spoken prompt for a generator', () => {
    expect(idsOf([text(['tag', 'aigc_info={"aigc_label_type": 0}'])])).toEqual(['tiktok'])
    expect(idsOf([text(['tag', 'comment=prompt: please subscribe']), text(['tag', 'title=AIGC=the future'])])).toEqual(
      [],
    )
  })

  it('looks for a mark only where it belongs', () => {
    expect(idsOf([text(['tag', 'title=How the Twitter-vork muxer works']), text(['brand', 'beam'])])).toEqual([])
  })
})
