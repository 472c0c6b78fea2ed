/** The frame streams one decode can deliver, and the ffmpeg filters that make them. */
import type { MediaFacts } from '../contract/media.ts'
import { maxGap } from './limits.ts'
import type { FrameStream, FrameStreamId } from './types.ts'

/**
 * Presets at full size. What a given file yields, `streamsFor` says: `detail` and `motion` are smaller for small
 * pictures, and have the picture's shape.
 */
export const FRAME_STREAMS: Readonly<Record<FrameStreamId, FrameStream>> = {
  thumb: { id: 'thumb', rate: 5, width: 256, height: 256, format: 'gray' },
  face: { id: 'face', rate: 2, width: 640, height: 360, format: 'rgb24' },
  detail: { id: 'detail', rate: 2, width: 1280, height: 720, format: 'rgb24' },
  motion: { id: 'motion', rate: 12.5, width: 480, height: 480, format: 'gray' },
}

export interface StreamOptions {
  /** Frames a second of `face`, for a decode that only draws the filmstrip. */
  readonly faceRate?: number
}

const even = (pixels: number): number => Math.max(2, pixels - (pixels % 2))

/** Width and height as shown: turned upright, before pixel aspect. */
export function uprightSize(facts: MediaFacts): { width: number; height: number } {
  const [video] = facts.video
  if (!video) return { width: 0, height: 0 }
  const { width, height } = video
  return video.rotation % 180 === 0 ? { width, height } : { width: height, height: width }
}

/** Width over height as shown on a screen; 1 without picture. */
export function displayAspect(facts: MediaFacts): number {
  const [video] = facts.video
  const { width, height } = uprightSize(facts)
  if (!video || width === 0 || height === 0) return 1
  const aspect = (width / height) * (video.rotation % 180 === 0 ? video.pixelAspect : 1 / video.pixelAspect)
  return Number.isFinite(aspect) && aspect > 0 ? aspect : 1
}

/** The streams of these ids for this file, in their actual size; none where it holds no picture. */
export function streamsFor(
  ids: readonly FrameStreamId[],
  facts: MediaFacts,
  options: StreamOptions = {},
): FrameStream[] {
  if (facts.video.length === 0) return []
  return [...new Set(ids)].map((id) => {
    const preset = FRAME_STREAMS[id]
    if (id === 'detail') return { ...preset, ...shrunk(facts, preset), rate: detailRate(facts) }
    if (id === 'motion') return { ...preset, ...shrunk(facts, preset) }
    return id === 'face' ? { ...preset, rate: options.faceRate ?? preset.rate } : preset
  })
}

/** Seconds from which `detail` comes once a second: finding faces twice a second would cost a quarter of the decode. */
const LONG = 30
const detailRate = ({ container }: MediaFacts): number =>
  (container?.duration ?? 0) > LONG ? FRAME_STREAMS.detail.rate / 2 : FRAME_STREAMS.detail.rate

/** Where the picture lies inside a letterboxed frame of the `face` stream, pixels. */
export function pictureArea(
  stream: FrameStream,
  facts: MediaFacts,
): { x: number; y: number; width: number; height: number } {
  const { width, height } = fitted(displayAspect(facts), stream)
  return { x: Math.floor((stream.width - width) / 2), y: Math.floor((stream.height - height) / 2), width, height }
}

/** The picture as shown, shrunk into the box but never enlarged: enlarging adds pixels and no detail. */
function shrunk(facts: MediaFacts, box: { width: number; height: number }): { width: number; height: number } {
  const coded = uprightSize(facts)
  const aspect = displayAspect(facts)
  // Pixels that are not square are stretched along their longer side, so that none is lost.
  const width = Math.max(coded.width, coded.height * aspect)
  const height = width / aspect
  const scale = Math.min(1, box.width / width, box.height / height)
  return { width: even(Math.round(width * scale)), height: even(Math.round(height * scale)) }
}

function fitted(aspect: number, box: { width: number; height: number }): { width: number; height: number } {
  return aspect > box.width / box.height
    ? { width: box.width, height: Math.min(box.height, Math.max(2, 2 * Math.round(box.width / aspect / 2))) }
    : { width: Math.min(box.width, Math.max(2, 2 * Math.round((box.height * aspect) / 2))), height: box.height }
}

/**
 * The filter chain of one stream. Frame n is the picture shown at n / rate: `round=up` keeps the last one whose time is
 * not later. No `start_time` here: when the picture size changes inside a file, ffmpeg builds the chain anew, and would
 * fill the time from 0 again; the constant frame rate of the output fills the start instead.
 */
export function filterChain(stream: FrameStream): string {
  const { id, rate, width: w, height: h } = stream
  const sampled = `fps=${rate}:round=up`
  if (id === 'thumb') return `${sampled},scale=${w}:${h}:flags=area,format=gray`
  if (id === 'face') {
    const wide = `gt(dar,${w}/${h})`
    const fit =
      `scale=w='if(${wide},${w},min(${w},max(2,2*round(${h}*dar/2))))':` +
      `h='if(${wide},min(${h},max(2,2*round(${w}/dar/2))),${h})':flags=bilinear`
    return `${sampled},${fit},setsar=1,pad=${w}:${h}:(ow-iw)/2:(oh-ih)/2:black,format=rgb24`
  }
  return `${sampled},scale=${w}:${h}:flags=area,setsar=1,format=${id === 'detail' ? 'rgb24' : 'gray'}`
}

/** Drops frames (or sound, as `aselect`) with a time far ahead of all others; see `maxGap`. */
export const dropWrongTimes = (longestPause: number, filter: 'select' | 'aselect'): string =>
  `${filter}='isnan(t)+isnan(prev_selected_t)+lte(t-prev_selected_t,${maxGap(longestPause)})'`

/** Bytes of one frame. */
export const frameBytes = ({ width, height, format }: FrameStream): number =>
  width * height * (format === 'gray' ? 1 : 3)
