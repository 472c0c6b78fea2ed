/** Real files through the whole media stage: what comes out is what was put in. */
import { readFileSync, rmSync, statSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MediaFacts } from '../../main/contract/media.ts'
import type { EvidenceFile } from '../../main/jobs/protocol.ts'
import { decode, type DecodeOptions, type DecodeResult } from '../../main/media/decode.ts'
import { ffmpegInfo } from '../../main/media/ffmpeg.ts'
import { filmstripCollector } from '../../main/media/filmstrip.ts'
import { openEvidence } from '../../main/media/open.ts'
import { decodePackets, encodePackets } from '../../main/media/packets.ts'
import { probe } from '../../main/media/probe.ts'
import { makeProxy } from '../../main/media/proxy.ts'
import { streamsFor } from '../../main/media/streams.ts'
import type { Frame, FrameStreamId, OpenFile, ProbedMedia } from '../../main/media/types.ts'
import { waveformCollector } from '../../main/media/waveform.ts'
import { clipFolder, DATA, ffmpegPath, NO_DATA, openClip, type ClipFolder } from '../fixtures/clip.ts'
import { lookAtOdd, ODD_FILES } from '../fixtures/odd-media.ts'

const NEVER = new AbortController().signal
const SHA = '0'.repeat(64)
const FFMPEG = ffmpegPath()
let clips: ClipFolder
let folder: string
const path = (name: string): string => join(folder, name)

/** Half a second each of these colours, and a tone: what a frame shows tells when it is from. */
const COLOURS = ['red', 'lime', 'blue', 'white'] as const
const RGB: Readonly<Record<(typeof COLOURS)[number], readonly number[]>> = {
  red: [255, 0, 0],
  lime: [0, 255, 0],
  blue: [0, 0, 255],
  white: [255, 255, 255],
}
/** Options for an input of 2 s of those colours at 20 frames a second and one of a 440 Hz tone. */
function source(size: string, rate = 20): string {
  const parts = COLOURS.map((colour) => `color=${colour}:s=${size}:r=${rate}:d=0.5`).map((part, i) => `${part}[c${i}]`)
  const joined = `${parts.join(';')};[c0][c1][c2][c3]concat=n=4`
  return `-f lavfi -i ${joined} -f lavfi -i sine=f=440:d=2:r=44100`
}

const CLIPS: readonly (readonly [
  name: string,
  encoder: string | null,
  options: string,
  codec: string,
  bits: number,
])[] = [
  ['h264.mp4', 'libx264', '-c:v libx264 -preset ultrafast -bf 2 -pix_fmt yuv420p -c:a aac', 'AVC', 8],
  ['h264.mov', 'libx264', '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a pcm_s16le', 'AVC', 8],
  ['h264.ts', 'libx264', '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a mp2', 'AVC', 8],
  ['h264-10.mkv', 'libx264', '-c:v libx264 -preset ultrafast -pix_fmt yuv420p10le -c:a flac', 'AVC', 10],
  ['h264-444.mp4', 'libx264', '-c:v libx264 -preset ultrafast -pix_fmt yuv444p -c:a aac', 'AVC', 8],
  [
    'hevc.mp4',
    'libx265',
    '-c:v libx265 -preset ultrafast -x265-params log-level=error -tag:v hvc1 -c:a aac',
    'HEVC',
    8,
  ],
  [
    'hevc-10.mkv',
    'libx265',
    '-c:v libx265 -preset ultrafast -x265-params log-level=error -pix_fmt yuv420p10le -c:a ac3',
    'HEVC',
    10,
  ],
  ['vp8.webm', 'libvpx', '-c:v libvpx -deadline realtime -cpu-used 8 -b:v 500k -c:a libvorbis', 'VP8', 8],
  ['vp9.webm', 'libvpx-vp9', '-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus', 'VP9', 8],
  ['av1.mp4', 'libsvtav1', '-c:v libsvtav1 -preset 12 -c:a aac', 'AV1', 8],
  ['av1.mkv', 'libsvtav1', '-c:v libsvtav1 -preset 12 -c:a libopus', 'AV1', 8],
  ['mpeg2.ts', null, '-c:v mpeg2video -b:v 2M -c:a mp2', 'MPEG Video', 8],
  ['mpeg2.mpg', null, '-c:v mpeg2video -b:v 2M -c:a mp2', 'MPEG Video', 8],
  ['mpeg2.mov', null, '-c:v mpeg2video -b:v 2M -c:a pcm_s16le', 'MPEG Video', 8],
  ['mpeg4.avi', null, '-c:v mpeg4 -qscale:v 4 -c:a mp2', 'MPEG-4 Visual', 8],
  ['mjpeg.avi', null, '-c:v mjpeg -q:v 3 -pix_fmt yuvj422p -c:a pcm_s16le', 'JPEG', 8],
  ['flv1.flv', null, '-c:v flv -qscale:v 4 -c:a aac', 'Sorenson Spark', 8],
  ['wmv2.wmv', null, '-c:v wmv2 -qscale:v 4 -c:a wmav2', 'WMV2', 8],
]

let available: typeof CLIPS = []

/** Makes a clip: blanks part the options of the first line, the others stay whole. */
const make = (name: string, options: string, ...more: string[]): string =>
  clips.make(name, ...options.trim().split(/\s+/), ...more)

/** An evidence file as the host would name it for a worker; its hash is not looked at here. */
const evidence = (file: string): EvidenceFile => ({
  path: file,
  sha256: SHA,
  size: statSync(file).size,
  identity: null,
})

beforeAll(async () => {
  clips = clipFolder()
  folder = clips.path
  const { encoders } = await ffmpegInfo(FFMPEG)
  available = CLIPS.filter(([, encoder]) => encoder === null || encoders.has(encoder))
  for (const [name, , options, codec] of available)
    make(name, `${source('320x240', codec === 'MPEG Video' ? 30 : 20)} ${options} -shortest`)
  const mpeg4 = '-c:v mpeg4 -qscale:v 3'
  make('silent.mp4', `${source('320x240')} -map 0:v ${mpeg4}`)
  make('sound.m4a', `${source('320x240')} -map 1:a -c:a aac`)
  make('tracks.mp4', `${source('320x240')} -map 0 -map 1 -map 1 ${mpeg4} -c:a aac -metadata:s:a:1 language=fas`)
  make('odd.mkv', `${source('321x241')} -map 0:v -c:v ffv1 -pix_fmt yuv444p`)
  make('wide.mp4', `${source('320x240')} -map 0:v ${mpeg4} -vf setsar=2/1`)
  make('vfr.mp4', `${source('320x240')} -map 0:v ${mpeg4} -vf select='not(mod(n,3))+lt(n,20)' -vsync vfr`)
  make('late.mkv', '-itsoffset 0.5', '-i', path('sound.m4a'), '-i', path('silent.mp4'), '-c', 'copy')
  // Left half red, right half blue, to be turned a quarter clockwise: then red lies on top.
  make('flat.mp4', `-f lavfi -i color=red:s=160x240:d=1[l];color=blue:s=160x240:d=1[r];[l][r]hstack ${mpeg4}`)
  const { hasFd } = await ffmpegInfo(FFMPEG)
  // Since ffmpeg 6.0 an option, counted the other way round; before, a tag.
  if (hasFd) make('turned.mp4', '-display_rotation:v:0 -90', '-i', path('flat.mp4'), '-c', 'copy')
  else make('turned.mp4', '-noautorotate', '-i', path('flat.mp4'), '-c', 'copy', '-metadata:s:v', 'rotate=270')
  // A cover picture beside the sound is no video.
  make('cover.png', '-f lavfi -i color=red:s=64x64 -frames:v 1')
  const cover = ['-map', '0', '-map', '1', '-c', 'copy', '-disposition:v', 'attached_pic']
  make('cover.m4a', '-nostats', '-i', path('sound.m4a'), '-i', path('cover.png'), ...cover)
  // The picture size changes inside the file, as between programmes of a television capture.
  const parts = [
    make('one.ts', '-f lavfi -i color=red:s=320x240:r=10:d=1 -c:v mpeg2video'),
    make('two.ts', '-f lavfi -i color=blue:s=640x480:r=10:d=1 -c:v mpeg2video -output_ts_offset 1'),
  ]
  clips.write('changes.ts', Buffer.concat(parts.map((part) => readFileSync(part))))
}, 180_000)
afterAll(() => clips.remove())

async function opened<T>(name: string, use: (media: ProbedMedia) => Promise<T>): Promise<T> {
  const file = await openClip(path(name))
  try {
    return await use(await probe(file, SHA, FFMPEG, { threads: 1, cancelled: NEVER, folder }))
  } finally {
    await file.close()
  }
}

interface Decoded extends DecodeResult {
  readonly media: ProbedMedia
  readonly frames: Record<FrameStreamId, number>
  /** Mean colour (or grey) of each frame's centre, by stream. */
  readonly means: Record<FrameStreamId, number[][]>
  readonly times: Record<FrameStreamId, number[]>
  readonly samples: Float32Array
  readonly last: Partial<Record<FrameStreamId, { frame: Frame; data: Uint8Array }>>
}

/** Mean of the middle half of the picture, per channel. */
function centre({ stream, data }: Frame): number[] {
  const channels = stream.format === 'gray' ? 1 : 3
  const sums = Array.from({ length: channels }, () => 0)
  let pixels = 0
  for (let y = stream.height >> 2; y < stream.height - (stream.height >> 2); y += 1)
    for (let x = stream.width >> 2; x < stream.width - (stream.width >> 2); x += 1) {
      for (let c = 0; c < channels; c += 1) sums[c]! += data[(y * stream.width + x) * channels + c]!
      pixels += 1
    }
  return sums.map((sum) => sum / pixels)
}

async function decoded(
  name: string,
  options: Partial<DecodeOptions> & { faceRate?: number; ids?: FrameStreamId[] } = {},
): Promise<Decoded> {
  return opened(name, async (media) => {
    const means: Decoded['means'] = { thumb: [], face: [], detail: [], motion: [] }
    const times: Decoded['times'] = { thumb: [], face: [], detail: [], motion: [] }
    const last: Decoded['last'] = {}
    const samples: number[] = []
    const { faceRate, ids = ['thumb', 'face', 'detail'], ...more } = options
    const result = await decode(media, {
      ffmpeg: FFMPEG,
      streams: streamsFor(ids, media.facts, faceRate ? { faceRate } : {}),
      sound: true,
      threads: 1,
      cancelled: NEVER,
      folder,
      onFrame(frame) {
        expect(frame.data.length).toBe(
          frame.stream.width * frame.stream.height * (frame.stream.format === 'gray' ? 1 : 3),
        )
        means[frame.stream.id].push(centre(frame))
        times[frame.stream.id].push(frame.time)
        last[frame.stream.id] = { frame, data: frame.data.slice() }
      },
      onSound(sound) {
        expect(Math.round(sound.time * 16_000)).toBe(samples.length)
        samples.push(...sound.samples)
      },
      ...more,
    })
    return {
      ...result,
      frames: result.frames as Decoded['frames'],
      media,
      means,
      times,
      last,
      samples: Float32Array.from(samples),
    }
  })
}

const near = (mean: number[] | undefined, wanted: readonly number[], slack = 40): boolean =>
  mean !== undefined && mean.every((value, i) => Math.abs(value - wanted[i]!) <= slack)

/** Zero crossings per second, halved: the pitch of a pure tone. */
function pitch(samples: Float32Array): number {
  let crossings = 0
  for (let i = 1; i < samples.length; i += 1) if (samples[i - 1]! < 0 !== samples[i]! < 0) crossings += 1
  return (crossings * 16_000) / samples.length / 2
}

describe('every format that a newsroom receives', () => {
  it('is tried in at least the codecs that any ffmpeg writes', () => {
    expect(available.length).toBeGreaterThanOrEqual(7)
  })

  it.each(CLIPS)(
    '%s: facts, packets, frames at their times, and sound',
    async (name, _encoder, _options, codec, bits) => {
      if (!available.some(([made]) => made === name)) return
      const { media, frames, means, times, samples, warnings } = await decoded(name, { faceRate: 4 })
      const { facts, packets } = media
      expect(MediaFacts.parse(facts)).toEqual(facts)
      expect(facts.video).toHaveLength(1)
      expect(facts.video[0]).toMatchObject({ codec, width: 320, height: 240, rotation: 0 })
      // MediaInfo does not tell the depth of old codecs, which have but one.
      if (facts.video[0]!.bitDepth !== null) expect(facts.video[0]!.bitDepth).toBe(bits)
      expect(facts.audio).toHaveLength(1)
      expect(facts.container.duration).toBeGreaterThan(1.9)
      expect(facts.container.duration).toBeLessThan(2.2)
      expect(Math.abs(packets.size.length - (codec === 'MPEG Video' ? 60 : 40))).toBeLessThanOrEqual(1)
      expect(packets.key[0]).toBe(1)
      expect(packets.size.reduce((sum, size) => sum + size, 0)).toBeLessThan(facts.container.size)
      expect(decodePackets(encodePackets(packets))).toEqual(packets)

      expect(warnings).toEqual([])
      expect(frames.face).toBeGreaterThanOrEqual(8)
      expect(frames.face).toBeLessThanOrEqual(9)
      expect(times.face.slice(0, 3)).toEqual([0, 0.25, 0.5])
      // Between the changes of colour the picture is certain whatever the container adds at the start.
      for (const [i, colour] of COLOURS.entries())
        expect([colour, near(means.face[i * 2 + 1], RGB[colour])]).toEqual([colour, true])
      expect(Math.abs(frames.thumb - 10)).toBeLessThanOrEqual(1)
      expect(Math.abs(frames.detail - 4)).toBeLessThanOrEqual(1)
      expect(samples.length / 16_000).toBeGreaterThan(1.9)
      expect(samples.length / 16_000).toBeLessThan(2.15)
      expect(Math.abs(pitch(samples.subarray(4000, 28_000)) - 440)).toBeLessThan(5)
    },
  )
})

describe('pictures', () => {
  it('stand upright when the file says how to turn them', async () => {
    const { media, last } = await decoded('turned.mp4')
    expect(media.facts.video[0]).toMatchObject({ width: 320, height: 240, rotation: 90 })
    const { frame, data } = last.detail!
    expect(frame.stream).toMatchObject({ width: 240, height: 320 })
    const detail = (x: number, y: number): number[] => [...data.subarray((y * 240 + x) * 3, (y * 240 + x) * 3 + 3)]
    expect(near(detail(120, 40), RGB.red)).toBe(true)
    expect(near(detail(120, 280), RGB.blue)).toBe(true)
    const face = last.face!
    const pixel = (x: number, y: number): number[] => [...face.data.subarray((y * 640 + x) * 3, (y * 640 + x) * 3 + 3)]
    expect(near(pixel(320, 60), RGB.red)).toBe(true)
    expect(near(pixel(320, 300), RGB.blue)).toBe(true)
    expect(pixel(100, 180)).toEqual([0, 0, 0])
  })

  it('keep their shape when their pixels are not square', async () => {
    const { media, last } = await decoded('wide.mp4')
    expect(media.facts.video[0]!.pixelAspect).toBeCloseTo(2)
    // 8:3 fits 640 × 240 into the middle of 640 × 360.
    const { data } = last.face!
    expect([...data.subarray(30 * 640 * 3, 30 * 640 * 3 + 3)]).toEqual([0, 0, 0])
    expect(near([...data.subarray(180 * 640 * 3, 180 * 640 * 3 + 3)], RGB.white)).toBe(true)
  })

  it('come at an even size of its own when theirs is odd', async () => {
    const { last, frames } = await decoded('odd.mkv')
    expect(last.detail!.frame.stream).toMatchObject({ width: 320, height: 240 })
    expect(frames).toEqual({ thumb: 10, face: 4, detail: 4 })
  })

  it('come in time order at their own moments when the frame rate varies', async () => {
    const { media, means, frames } = await decoded('vfr.mp4', { faceRate: 4 })
    expect(media.facts.video[0]!.frameRateMode).toBe('variable')
    // The last picture shown, at 1.95 s, counts with its own duration.
    expect(frames.face).toBe(8)
    for (const [i, colour] of COLOURS.entries())
      expect([colour, near(means.face[i * 2 + 1], RGB[colour])]).toEqual([colour, true])
  })

  it('stay on the clock when their size changes inside the file', async () => {
    const { frames, means } = await decoded('changes.ts')
    expect(frames).toEqual({ thumb: 10, face: 4, detail: 4 })
    expect(means.face.map((mean) => near(mean, RGB.red))).toEqual([true, true, false, false])
    expect(near(means.face[3], RGB.blue)).toBe(true)
  })
})

describe('sound', () => {
  it('is not asked of a file that has none', async () => {
    const { media, samples, frames, soundSeconds } = await decoded('silent.mp4')
    expect(media.facts.audio).toEqual([])
    expect(samples.length + soundSeconds).toBe(0)
    expect(frames.thumb).toBe(10)
  })

  it('comes alone from a file without picture, a cover picture being none', async () => {
    for (const name of ['sound.m4a', 'cover.m4a']) {
      const { media, samples, frames } = await decoded(name)
      expect(media.facts.video).toEqual([])
      expect(media.packets.size).toHaveLength(0)
      expect(media.facts.container.duration).toBeCloseTo(2, 1)
      expect(frames).toEqual({})
      expect(Math.abs(samples.length - 32_000)).toBeLessThan(1500)
    }
  })

  it('comes from the first of several streams, and the others are told of', async () => {
    const { media, samples, warnings } = await decoded('tracks.mp4')
    expect(media.facts.audio.map((stream) => stream.language)).toEqual(['', 'fa'])
    expect(media.facts.container.tags['2:language']).toBe('fas')
    expect(warnings).toEqual(['Only the first of 2 sound streams was listened to.'])
    expect(pitch(samples.subarray(4000, 28_000))).toBeCloseTo(440, -1)
  })

  it('that begins later than the picture is silent until then', async () => {
    const { samples, media } = await decoded('late.mkv')
    expect(media.soundStart).toBeCloseTo(0.5, 1)
    expect(samples.subarray(0, 7000).every((sample) => sample === 0)).toBe(true)
    expect(pitch(samples.subarray(10_000, 30_000))).toBeCloseTo(440, -1)
    expect(samples.length / 16_000).toBeCloseTo(2.5, 1)
  })
})

describe('a decode', () => {
  it('gives the same bytes twice', async () => {
    const [one, two] = [await decoded('mpeg2.ts'), await decoded('mpeg2.ts')]
    expect(Buffer.from(two.last.face!.data).equals(Buffer.from(one.last.face!.data))).toBe(true)
    expect(two.samples).toEqual(one.samples)
    expect(two.warnings).toEqual(one.warnings)
    expect(encodePackets(two.media.packets)).toEqual(encodePackets(one.media.packets))
  })

  it('goes on while one consumer is slow, in time order, and tells how far it is', async () => {
    const progress: number[] = []
    const faces: number[] = []
    const { frames } = await decoded('mpeg4.avi', {
      faceRate: 20,
      async onFrame(frame) {
        if (frame.stream.id !== 'face') return
        faces.push(frame.index)
        await new Promise((resolve) => setTimeout(resolve, 5))
      },
      onSound() {},
      onProgress: (seconds) => progress.push(seconds),
    })
    expect(frames.face).toBeGreaterThanOrEqual(40)
    expect(faces).toEqual(faces.map((_, i) => i))
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
    expect(progress.at(-1)).toBeGreaterThanOrEqual(2)
  })

  it('ends at once when it is cancelled', async () => {
    const control = new AbortController()
    const asked = decoded('mpeg2.ts', { cancelled: control.signal, onFrame: () => control.abort(), onSound() {} })
    await expect(asked).rejects.toMatchObject({ code: 'job.cancelled' })
  })

  it('ends with the error of a consumer that failed', async () => {
    const failed = new Error('a signal broke')
    await expect(decoded('mpeg2.ts', { onFrame: () => Promise.reject(failed), onSound() {} })).rejects.toBe(failed)
  })

  it('of a damaged file keeps what could be decoded and says what went wrong', async () => {
    const whole = readFileSync(path('mpeg2.ts'))
    const damaged = Buffer.from(whole)
    for (let at = whole.length >> 1; at < whole.length; at += 37) damaged[at] = damaged[at]! ^ 0xff
    writeFileSync(path('damaged.ts'), damaged)
    const { frames, warnings } = await decoded('damaged.ts')
    expect(frames.thumb).toBeGreaterThanOrEqual(4)
    expect(warnings.length).toBeGreaterThan(0)
    // No addresses and no paths of ours: the same damage gives the same words.
    expect(warnings.join('\n')).not.toMatch(/0x[0-9a-f]{6}|\/proc\/|\/tmp\//)
    expect((await decoded('damaged.ts')).warnings).toEqual(warnings)
  })

  it('of what holds no media is refused with a reason', async () => {
    writeFileSync(path('text.mp4'), 'This is no video.\n'.repeat(100))
    await expect(decoded('text.mp4')).rejects.toMatchObject({ code: 'media.unreadable' })
    writeFileSync(
      path('list.mp4'),
      `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n${path('h264.ts')}\n#EXT-X-ENDLIST\n`,
    )
    await expect(decoded('list.mp4')).rejects.toMatchObject({
      code: 'media.unreadable',
      detail: expect.stringContaining('container') as string,
    })
  })

  it('never runs a decoder that is off the list', async () => {
    if (!(await ffmpegInfo(FFMPEG)).encoders.has('magicyuv')) return
    make('magic.mkv', '-f lavfi -i testsrc2=s=64x64:d=0.2 -c:v magicyuv')
    await expect(decoded('magic.mkv')).rejects.toMatchObject({
      code: 'media.unreadable',
      detail: expect.stringContaining('magicyuv') as string,
    })
  })
})

describe('opening evidence', () => {
  it('refuses what is no longer what was recorded', async () => {
    writeFileSync(path('kept.bin'), 'x'.repeat(100))
    const kept = evidence(path('kept.bin'))
    truncateSync(path('kept.bin'), 99)
    await expect(openEvidence(kept)).rejects.toMatchObject({ code: 'vault.altered' })
    await expect(openEvidence({ ...kept, path: path('gone.bin') })).rejects.toMatchObject({ code: 'vault.altered' })
    symlinkSync(path('silent.mp4'), path('link.mp4'))
    await expect(openEvidence({ ...evidence(path('silent.mp4')), path: path('link.mp4') })).rejects.toMatchObject({
      code: 'vault.altered',
    })
    await expect(openEvidence({ ...kept, path: folder })).rejects.toMatchObject({ code: 'vault.altered' })
  })

  it('notices that a file referenced in place was replaced or written to', async () => {
    writeFileSync(path('placed.bin'), 'x'.repeat(100))
    const { dev, ino, mtimeNs } = statSync(path('placed.bin'), { bigint: true })
    const placed = {
      ...evidence(path('placed.bin')),
      identity: { dev: String(dev), ino: String(ino), mtimeNs: String(mtimeNs) },
    }
    await (await openEvidence(placed)).close()
    utimesSync(path('placed.bin'), 1, 1)
    await expect(openEvidence(placed)).rejects.toMatchObject({ code: 'intake.changed' })
    rmSync(path('placed.bin'))
    await expect(openEvidence(placed)).rejects.toMatchObject({ code: 'intake.not-found' })
  })

  it('reads by position, and no further than the end', async () => {
    writeFileSync(path('bytes.bin'), Buffer.from([1, 2, 3, 4, 5]))
    const file: OpenFile = await openEvidence(evidence(path('bytes.bin')))
    expect([...(await file.read(3, 10))]).toEqual([4, 5])
    expect([...(await file.read(0, 2))]).toEqual([1, 2])
    expect(await file.read(9, 2)).toHaveLength(0)
    await file.close()
    await file.close()
  })
})

/** The filmstrip of a two-second clip, from all of its frames. */
const draw = (): Promise<Awaited<ReturnType<ReturnType<typeof filmstripCollector>['finish']>>> =>
  opened('silent.mp4', async (media) => {
    const streams = streamsFor(['face'], media.facts, { faceRate: 20 })
    const collector = filmstripCollector(streams[0]!, media.facts)
    await decode(media, {
      ffmpeg: FFMPEG,
      streams,
      sound: false,
      threads: 1,
      cancelled: NEVER,
      folder,
      onFrame: collector.frame,
    })
    return collector.finish()
  })

describe('what is drawn', () => {
  it('a filmstrip of evenly spaced pictures, the same bytes each time', async () => {
    const strip = (await draw())!
    expect(strip).toMatchObject({ tiles: 12, tileWidth: 120, tileHeight: 90 })
    expect(strip.times).toEqual([...strip.times].sort((a, b) => a - b))
    const { data, info } = await sharp(strip.bytes).raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height]).toEqual([12 * 120, 90])
    for (const [tile, time] of strip.times.entries()) {
      const at = (45 * info.width + tile * 120 + 60) * info.channels
      expect([time, near([...data.subarray(at, at + 3)], RGB[COLOURS[Math.floor(time * 2)]!])]).toEqual([time, true])
    }
    expect((await draw())!.sha256).toBe(strip.sha256)
  })

  it('a waveform of the sound', async () => {
    const collector = waveformCollector()
    await decoded('sound.m4a', { onSound: collector.sound })
    const wave = collector.finish()!
    expect(wave.peaks.length * wave.bucketSeconds).toBeCloseTo(2, 1)
    expect(Math.max(...wave.peaks)).toBeGreaterThan(0.1)
  })
})

describe('the copy for viewing', () => {
  it.each(['vfr.mp4', 'turned.mp4', 'wide.mp4', 'mpeg2.ts'])('of %s has every frame at its own time', async (name) => {
    const seen: number[] = []
    const { proxy, original } = await opened(name, async (media) => ({
      proxy: await makeProxy(media, {
        ffmpeg: FFMPEG,
        threads: 1,
        cancelled: NEVER,
        folder,
        onProgress: (s) => seen.push(s),
      }),
      original: media,
    }))
    const copy = await opened(proxy.file, (media) => Promise.resolve(media))
    expect(copy.facts.playsInBrowser).toBe(true)
    expect(proxy.bytes).toBe(statSync(path(proxy.file)).size)
    const [from, to] = [original, copy].map(({ packets }) => [...packets.pts].sort((a, b) => a - b))
    expect(to).toHaveLength(from!.length)
    const shift = to![0]! - from![0]!
    expect(to!.every((time, i) => Math.abs(time - shift - from![i]!) < 0.0015)).toBe(true)
    // A key frame at least every half second: stepping back never decodes far.
    const keys = [...copy.packets.pts].filter((_, i) => copy.packets.key[i] === 1)
    expect(keys.length).toBeGreaterThanOrEqual(Math.floor(copy.facts.container.duration! / 0.5))
    expect(copy.facts.video[0]).toMatchObject({ rotation: 0, pixelAspect: 1, chroma: '4:2:0', bitDepth: 8 })
    expect(copy.facts.audio).toHaveLength(original.facts.audio.length)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
  })
})

describe.skipIf(!ODD_FILES.length)(`odd and malformed files collected elsewhere${DATA ? '' : ` (${NO_DATA})`}`, () => {
  // `npm run soak` takes all of them.
  it('each give facts and frames, or a failure with a code; none hangs, none crashes', async () => {
    const decoded = await lookAtOdd(ODD_FILES.filter((_, at) => at % 4 === 0))
    expect(decoded).toBeGreaterThan(15)
  }, 600_000)
})
