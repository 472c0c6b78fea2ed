/** The spectrogram that shows where a voice signal found something. */
import { pictureExhibit, colourMap } from './exhibit.ts'
import type { ExhibitImage } from './signal.ts'
import { FRAME_RATE, FRAMES, type VoiceFrames } from './voice-frames.ts'
import type { Span } from './voice-silence.ts'

const PICTURE = { width: 960, row: 10, strip: 12, low: -90, high: -15 } as const

/** Level by time and band, 0 at the bottom to 8 kHz at the top; a strip above shows marked places in yellow. */
export async function spectrogram(
  frames: VoiceFrames,
  marks: readonly Span[],
  caption: string,
): Promise<ExhibitImage | null> {
  if (frames.count < 2) return null
  const { width, row, strip, low, high } = PICTURE
  const height = strip + FRAMES.bands * row
  const values = new Float32Array(width * height).fill(low)
  for (let x = 0; x < width; x++) {
    const from = Math.floor((x * frames.count) / width)
    const to = Math.max(from + 1, Math.floor(((x + 1) * frames.count) / width))
    for (let b = 0; b < FRAMES.bands; b++) {
      let loudest: number = FRAMES.silence
      for (let i = from; i < to; i++) loudest = Math.max(loudest, frames.bands[i * FRAMES.bands + b]!)
      const top = strip + (FRAMES.bands - 1 - b) * row
      for (let y = top; y < top + row; y++) values[y * width + x] = loudest
    }
  }
  const seconds = frames.count / FRAME_RATE
  for (const { start, end } of marks) {
    const from = Math.max(0, Math.floor((start / seconds) * width) - 1)
    const to = Math.min(width, Math.ceil((end / seconds) * width) + 1)
    for (let y = 0; y < strip - 3; y++) values.fill(high, y * width + from, y * width + to)
  }
  return pictureExhibit(colourMap(values, width, low, high), { caption })
}
