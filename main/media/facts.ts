/** What MediaInfo and ffmpeg say about a file, as one set of facts. */
import type { AudioStream, MediaFacts, VideoStream } from '../contract/media.ts'
import type { UntrustedReport, UntrustedTrack } from './mediainfo.ts'
import type { ScannedStream } from './packet-scan.ts'
import { playsInBrowser } from './plays-in-browser.ts'
import type { UntrustedTags } from './tags.ts'
import { neutralise } from './untrusted.ts'

export interface FactSources {
  readonly size: number
  /** Null where MediaInfo gave up: the facts are then those of ffmpeg alone. */
  readonly report: UntrustedReport | null
  readonly tags: UntrustedTags
  /** Input stream index of each stream in `tags.streams`. */
  readonly tagIndexes: readonly number[]
  /** The streams that ffmpeg will decode; undefined where there is none. */
  readonly video: ScannedStream | undefined
  readonly audio: ScannedStream | undefined
}

/** Most tags kept of one file. */
const MAX_TAGS = 1000

const text = (track: UntrustedTrack, ...keys: string[]): string => {
  const value = keys.map((key) => track[key]).find((found) => found !== undefined && found !== '')
  return neutralise(value ?? '')
}
/** MediaInfo joins several sources with ` / `; the first is the container's. Null where it is no finite number. */
const number = (track: UntrustedTrack, key: string): number | null => {
  const value = Number.parseFloat(track[key]?.split(' / ')[0] ?? '')
  return Number.isFinite(value) ? value : null
}
const whole = (track: UntrustedTrack, key: string): number | null => {
  const value = number(track, key)
  return value === null || Math.abs(value) > Number.MAX_SAFE_INTEGER ? null : Math.round(value)
}

/** Index of a track in the file: MediaInfo writes `0`, `0-1` (program and stream), or nothing. */
function streamIndex(track: UntrustedTrack, fallback: number): number {
  const last = /(\d+)$/.exec(track['StreamOrder'] ?? '')?.[1]
  return last ? Number(last) : fallback
}

/** Clockwise degrees, to the nearest quarter turn: what players apply. */
export function quarterTurn(untrustedDegrees: number | null): number {
  const turn = Math.round((untrustedDegrees ?? 0) / 90) * 90
  return ((turn % 360) + 360) % 360
}

function videoStream(track: UntrustedTrack, position: number, scanned: ScannedStream | undefined): VideoStream {
  const mode = track['FrameRate_Mode']
  return {
    index: streamIndex(track, position),
    codec: text(track, 'Format') || (scanned?.codec ?? ''),
    profile: [text(track, 'Format_Profile'), text(track, 'Format_Level')].filter(Boolean).join('@L'),
    width: scanned?.width || (whole(track, 'Width') ?? 0),
    height: scanned?.height || (whole(track, 'Height') ?? 0),
    rotation: quarterTurn(number(track, 'Rotation')),
    pixelAspect: scanned?.pixelAspect ?? number(track, 'PixelAspectRatio') ?? 1,
    frameRate: number(track, 'FrameRate') ?? averageRate(scanned),
    frameRateMode: mode === 'CFR' ? 'constant' : mode === 'VFR' ? 'variable' : 'unknown',
    bitDepth: whole(track, 'BitDepth'),
    chroma: text(track, 'ChromaSubsampling') || text(track, 'ColorSpace'),
    colour: ['colour_range', 'colour_primaries', 'transfer_characteristics', 'matrix_coefficients']
      .map((key) => text(track, key))
      .filter(Boolean)
      .join(', '),
    bitRate: number(track, 'BitRate') ?? bitRate(scanned),
    frames: scanned?.packets ?? whole(track, 'FrameCount'),
    encoder: text(track, 'Encoded_Library', 'Encoded_Application'),
    encoderSettings: text(track, 'Encoded_Library_Settings'),
    language: text(track, 'Language'),
  }
}

function audioStream(track: UntrustedTrack, position: number, scanned: ScannedStream | undefined): AudioStream {
  return {
    index: streamIndex(track, position),
    codec: text(track, 'Format') || (scanned?.codec ?? ''),
    profile: text(track, 'Format_Profile', 'Format_AdditionalFeatures', 'Format_Commercial_IfAny'),
    channels: whole(track, 'Channels') ?? 0,
    sampleRate: whole(track, 'SamplingRate') ?? 0,
    bitRate: number(track, 'BitRate') ?? bitRate(scanned),
    duration: number(track, 'Duration') ?? extent(scanned),
    encoder: text(track, 'Encoded_Library', 'Encoded_Application'),
    language: text(track, 'Language'),
  }
}

const extent = (stream: ScannedStream | undefined): number | null =>
  stream && stream.end > stream.start ? stream.end - stream.start : null
const averageRate = (stream: ScannedStream | undefined): number | null => {
  const seconds = extent(stream)
  return stream && seconds ? stream.packets / seconds : null
}
const bitRate = (stream: ScannedStream | undefined): number | null => {
  const seconds = extent(stream)
  return stream && seconds ? (stream.bytes * 8) / seconds : null
}

/** Seconds from media time 0 to the end of the last packet of picture or sound; null where no packet has a time. */
export function measuredDuration(...streams: readonly (ScannedStream | undefined)[]): number | null {
  const ends = streams.map((stream) => stream?.end ?? Number.NaN).filter((end) => end > 0)
  // To the microsecond: sums of ticks end in rounding noise.
  return ends.length > 0 ? Math.round(Math.max(...ends) * 1e6) / 1e6 : null
}

/**
 * One set of facts. What is there to decode is what ffmpeg found, its sizes and counts included, because that is what
 * the signals will see; the rest is MediaInfo's. A header may claim any duration: the packets' own extent is used.
 */
export function mediaFacts(sources: FactSources): MediaFacts {
  const { report, video, audio, size } = sources
  const general = report?.general ?? {}
  const tracks = { video: report?.video ?? [], audio: report?.audio ?? [] }
  const videos = video ? (tracks.video.length > 0 ? tracks.video : [{}]) : []
  const audios = audio ? (tracks.audio.length > 0 ? tracks.audio : [{}]) : []
  const duration = measuredDuration(video, audio) ?? number(general, 'Duration')
  const facts: MediaFacts = {
    container: {
      format: text(general, 'Format'),
      profile: text(general, 'Format_Profile'),
      duration,
      size,
      bitRate: duration ? (size * 8) / duration : number(general, 'OverallBitRate'),
      writingApplication: text(general, 'Encoded_Application'),
      writingLibrary: text(general, 'Encoded_Library'),
      encodedDate: text(general, 'Encoded_Date'),
      taggedDate: text(general, 'Tagged_Date'),
      tags: allTags(sources),
    },
    video: videos.map((track, i) => videoStream(track, i, i === 0 ? video : undefined)),
    audio: audios.map((track, i) => audioStream(track, videos.length + i, i === 0 ? audio : undefined)),
    otherStreams: (report?.others ?? 0) + (video ? 0 : tracks.video.length) + (audio ? 0 : tracks.audio.length),
    playsInBrowser: false,
  }
  return { ...facts, playsInBrowser: playsInBrowser(facts) }
}

/** MediaInfo's names of what every file has; they are facts of their own or say nothing about its making. */
const NOT_TAGS =
  /^ID$|^(Video|Audio|Text|Menu|Image|Other)Count$|^(Format|FileSize|Duration|OverallBitRate|FrameRate|FrameCount|StreamSize|HeaderSize|DataSize|FooterSize|IsStreamable|UniqueID|CodecID)|^(Encoded|Tagged)_Date$|^Encoded_(Application|Library)_(Name|Version|Url|CompanyName)$/

/**
 * Tags of the container under their own names, then those of each stream as `index:name`. MediaInfo's come after
 * ffmpeg's: the ones with a name of their own fill what ffmpeg does not read (`encoder`, XMP and maker fields).
 */
function allTags({ report, tags, tagIndexes }: FactSources): Record<string, string> {
  const all = new Map<string, string>(tags.container)
  const add = (name: string, value: string): void => {
    if (value && !all.has(name) && all.size < MAX_TAGS) all.set(name, value)
  }
  const general = report?.general ?? {}
  add('encoder', text(general, 'Encoded_Application', 'Encoded_Library'))
  const seen = new Set(all.values())
  const named = new Set([...all.keys()].map((name) => name.toLowerCase()))
  for (const [name, value] of Object.entries(general)) {
    const shown = neutralise(value)
    if (!NOT_TAGS.test(name) && !seen.has(shown) && !named.has(name.toLowerCase())) add(neutralise(name, 100), shown)
  }
  tags.streams.forEach((stream, position) => {
    const index = tagIndexes[position] ?? position
    for (const [name, value] of stream) add(`${index}:${name}`, value)
  })
  return Object.fromEntries(all)
}
