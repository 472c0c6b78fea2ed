/** Whether Chromium plays a file as it is. */
import type { MediaFacts } from '../contract/media.ts'

/** Containers by MediaInfo's names. Chromium opens Matroska by its own demuxer for WebM, codecs permitting. */
const CONTAINERS = /^(MPEG-4|QuickTime|WebM|Matroska|MPEG Audio|Wave|FLAC|Ogg|ADTS)$/
const VIDEO = /^(AVC|VP8|VP9|AV1)$/
const AUDIO = /^(AAC|Opus|Vorbis|MPEG Audio|FLAC|PCM)$/

/**
 * True for 8-bit 4:2:0 h264, VP8, VP9 and AV1 with sound that Chromium decodes, in MP4, QuickTime, WebM or Matroska;
 * tried with Chromium, not read from a table. Anything else is played through a proxy.
 */
export function playsInBrowser(facts: Omit<MediaFacts, 'playsInBrowser'>): boolean {
  const [video] = facts.video
  const [audio] = facts.audio
  if (!CONTAINERS.test(facts.container.format)) return false
  // VP8 knows no other (RFC 6386, section 2), and MediaInfo does not say so.
  const chroma = video?.codec === 'VP8' ? '4:2:0' : video?.chroma
  if (video && !(VIDEO.test(video.codec) && video.bitDepth === 8 && chroma === '4:2:0')) return false
  // Layer 1 and 2 share MediaInfo's name with MP3, which alone is decoded.
  if (audio && !(AUDIO.test(audio.codec) && !/Layer [12]\b/.test(audio.profile))) return false
  return Boolean(video ?? audio)
}
