/** What the lanes of the axis look like. Each function fills a canvas of `width` × `height` CSS pixels. */
import { ticks, xOf, type View } from './view.ts'
import { timeCode } from '../../../text/format.ts'

export interface Palette {
  (name: string): string
}
export type Draw = (
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  view: View,
  colour: Palette,
) => void

export const drawRuler: Draw = (context, width, height, view, colour) => {
  const { times, digits } = ticks(view, width)
  context.font = `11px ${colour('--font')}`
  context.textBaseline = 'middle'
  for (const time of times) {
    const x = Math.round(xOf(time, view, width)) + 0.5
    context.strokeStyle = colour('--line-strong')
    context.beginPath()
    context.moveTo(x, height - 5)
    context.lineTo(x, height)
    context.stroke()
    const label = timeCode(time, digits)
    const wide = context.measureText(label).width
    context.fillStyle = colour('--dim')
    context.fillText(label, Math.min(width - wide - 2, Math.max(2, x - wide / 2)), height / 2 - 2)
  }
}

export interface Strip {
  readonly image: CanvasImageSource
  readonly tileWidth: number
  readonly tileHeight: number
  readonly times: readonly number[]
}

/** As many tiles as fit, each the one nearest to the middle of its place. */
export const drawStrip =
  ({ image, tileWidth, tileHeight, times }: Strip): Draw =>
  (context, width, height, view) => {
    const wide = Math.max(8, (height * tileWidth) / tileHeight)
    const count = Math.ceil(width / wide)
    for (let i = 0; i < count; i += 1) {
      const middle = view.from + ((i + 0.5) * wide * (view.to - view.from)) / width
      let best = 0
      for (let k = 1; k < times.length; k += 1)
        if (Math.abs(times[k]! - middle) < Math.abs(times[best]! - middle)) best = k
      context.drawImage(image, best * tileWidth, 0, tileWidth, tileHeight, i * wide, 0, wide - 1, height)
    }
  }

/** A curve with the area under it and its highest value; where several values share a pixel, their spread is drawn. */
export const drawTrack =
  (values: readonly (number | null)[], start: number, step: number, low: number, high: number, highest: string): Draw =>
  (context, width, height, view, colour) => {
    const span = high - low || 1
    const y = (value: number): number => height - 3 - ((value - low) / span) * (height - 6)
    const first = Math.max(0, Math.floor((view.from - start) / step) - 1)
    const last = Math.min(values.length - 1, Math.ceil((view.to - start) / step) + 1)
    const tops = new Map<number, { least: number; most: number }>()
    context.strokeStyle = colour('--track')
    context.fillStyle = colour('--track-fill')
    context.lineWidth = 1.25
    context.lineJoin = 'round'
    let run: [number, number][] = []
    const flush = (): void => {
      if (run.length === 1) context.fillRect(run[0]![0] - 1, run[0]![1] - 1, 3, 3)
      if (run.length > 1) {
        context.beginPath()
        for (const [x, at] of run) context.lineTo(x, at)
        context.stroke()
        context.lineTo(run.at(-1)![0], height)
        context.lineTo(run[0]![0], height)
        context.fill()
      }
      run = []
    }
    for (let i = first; i <= last; i += 1) {
      const value = values[i]
      if (value === null || value === undefined) {
        flush()
        continue
      }
      const x = xOf(start + i * step, view, width)
      const pixel = Math.round(x)
      const known = tops.get(pixel)
      if (known && run.length) {
        known.least = Math.min(known.least, value)
        known.most = Math.max(known.most, value)
        run[run.length - 1] = [run.at(-1)![0], y(known.most)]
        continue
      }
      tops.set(pixel, { least: value, most: value })
      run.push([x, y(value)])
    }
    flush()
    for (const [pixel, { least, most }] of tops)
      if (y(least) - y(most) > 2) {
        context.beginPath()
        context.moveTo(pixel, y(least))
        context.lineTo(pixel, y(most))
        context.stroke()
      }
    context.font = `10px ${colour('--font')}`
    context.textBaseline = 'top'
    const wide = context.measureText(highest).width
    context.fillStyle = colour('--surface')
    context.globalAlpha = 0.8
    context.fillRect(width - wide - 6, 1, wide + 6, 13)
    context.globalAlpha = 1
    context.fillStyle = colour('--dim')
    context.fillText(highest, width - wide - 3, 2)
  }

export interface Packets {
  readonly time: readonly number[]
  readonly size: readonly number[]
  readonly key: readonly boolean[]
}

/** Packet sizes as bars, on a square-root scale: key packets are tens of times larger. They reach the top as a line. */
export const drawPackets =
  ({ time, size, key }: Packets): Draw =>
  (context, width, height, view, colour) => {
    const most = Math.sqrt(size.reduce((a, b) => Math.max(a, b), 1))
    const bar = Math.max(
      1,
      Math.min(6, (width / Math.max(1, (view.to - view.from) * (time.length / span(time)))) * 0.7),
    )
    for (const keys of [false, true])
      for (let i = 0; i < time.length; i += 1) {
        if (key[i] !== keys) continue
        const x = xOf(time[i]!, view, width)
        if (x < -bar || x > width) continue
        if (keys) {
          context.fillStyle = colour('--track-fill')
          context.fillRect(x, 0, bar, height)
        }
        context.fillStyle = colour(keys ? '--packet-key' : '--packet')
        const tall = Math.max(1, (Math.sqrt(size[i]!) / most) * (height - 4))
        context.fillRect(x, height - tall, bar, tall)
      }
  }

const span = (times: readonly number[]): number => Math.max(0.04, Math.max(...ends(times)) - Math.min(...ends(times)))
const ends = (times: readonly number[]): number[] => [times[0] ?? 0, times.at(-1) ?? 1]

/** Peak level, mirrored about the middle. */
export const drawWave =
  (peaks: readonly number[], bucketSeconds: number): Draw =>
  (context, width, height, view, colour) => {
    context.fillStyle = colour('--wave')
    const middle = height / 2
    for (let x = 0; x < width; x += 1) {
      const from = Math.floor((view.from + (x / width) * (view.to - view.from)) / bucketSeconds)
      const to = Math.floor((view.from + ((x + 1) / width) * (view.to - view.from)) / bucketSeconds)
      let peak = 0
      for (let i = Math.max(0, from); i <= Math.min(peaks.length - 1, Math.max(from, to)); i += 1)
        peak = Math.max(peak, peaks[i]!)
      const tall = Math.max(0.5, peak * (middle - 2))
      context.fillRect(x, middle - tall, 1, tall * 2)
    }
  }
