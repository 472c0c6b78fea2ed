/** Charts, tables and tracks of the encoding signal. */
import type { Track } from '../../contract/signals.ts'
import { pictureExhibit } from '../exhibit.ts'
import { drawChart, niceTicks } from '../exhibit-plot.ts'
import type { ExhibitImage, ExhibitTable } from '../signal.ts'
import { isTime, type Frames } from './frame-types.ts'
import type { GopStructure } from './gop.ts'
import { LONGEST, MAX_FALSE_ALARMS, SHORTEST, type Periodicity, type Row } from './periodicity.ts'

const SIZE = { width: 900, height: 320 }
const BLUE = [58, 110, 190] as const
const RED = [200, 60, 50] as const
const GREY = [150, 155, 168] as const
const GREEN = [70, 150, 90] as const

/** Evidence for a regular row of peaks, per period: how much rarer than chance. */
export function periodogram({ profile }: Periodicity): Promise<ExhibitImage> {
  const best = profile.reduce<Row | null>((low, row) => (!low || row.logNfa < low.logNfa ? row : low), null)
  const strengths = profile.map(({ logNfa }) => Math.max(0, -logNfa))
  const high = Math.max(4, ...strengths) * 1.05
  const last = Math.max(SHORTEST + 10, profile.at(-1)?.period ?? LONGEST)
  const raster = drawChart({
    ...SIZE,
    x: { low: SHORTEST - 1, high: last + 1, label: 'period in frames', ticks: niceTicks(SHORTEST - 1, last + 1, 10) },
    y: { low: 0, high, label: '-log10 of false alarms', ticks: niceTicks(0, high, 5) },
    series: [{ kind: 'bars', x: profile.map(({ period }) => period), y: strengths, colour: BLUE }],
    rule: { at: -Math.log10(MAX_FALSE_ALARMS), colour: RED },
  })
  return pictureExhibit(raster, {
    caption:
      `How regular the peaks of frame size are, by period in frames; above the red line fewer than ${MAX_FALSE_ALARMS} false alarms per stream are expected. ` +
      (best ? `Highest at ${best.period} frames: ${best.peaks} of ${best.tested} places hold a peak.` : ''),
  })
}

/** Frame sizes in display order, the places of the row in red: `MOST` frames in the middle of its piece, or of all. */
export function sizeChart(frames: Frames, row: Row | null): Promise<ExhibitImage> {
  const MOST = 420
  const [start, end] = row ? [row.from, row.to] : [0, frames.size.length]
  const from = Math.max(0, Math.floor((start + end - MOST) / 2))
  const to = Math.min(frames.size.length, from + MOST)
  const index = Array.from({ length: to - from }, (_, i) => from + i)
  const inter = index.filter((i) => frames.type[i] !== 'I').map((i) => frames.size[i]! / 1000)
  const high = Math.max(0.1, ...inter) * 1.1
  const pick = (keep: (i: number) => boolean) => {
    const kept = index.filter(keep)
    return { x: kept, y: kept.map((i) => frames.size[i]! / 1000) }
  }
  // A B picture in the row is told by the predicted picture after it.
  const told = new Set<number>()
  if (row)
    for (let n = row.from + row.offset; n < row.to; n += row.period) {
      let at = n
      while (at < row.to && frames.type[at] === 'B') at += 1
      told.add(at)
    }
  const inRow = (i: number) => told.has(i)
  const raster = drawChart({
    ...SIZE,
    x: { low: from, high: Math.max(from + 1, to), label: 'frame in display order', ticks: niceTicks(from, to, 10) },
    y: { low: 0, high, label: 'kilobytes', ticks: niceTicks(0, high, 5) },
    series: [
      { kind: 'bars', ...pick((i) => frames.type[i] === 'I'), colour: GREEN },
      { kind: 'bars', ...pick((i) => frames.type[i] === 'B' && !inRow(i)), colour: GREY },
      { kind: 'bars', ...pick((i) => frames.type[i] === 'P' && !inRow(i)), colour: BLUE },
      { kind: 'bars', ...pick((i) => frames.type[i] !== 'I' && inRow(i)), colour: RED },
    ],
  })
  return pictureExhibit(raster, {
    caption:
      'Coded size of each frame: key frames green (cut off at the top), predicted blue, bidirectional grey' +
      (row ? `; red: every ${row.period}th frame, where an earlier encoding seems to have had its key frames.` : '.'),
  })
}

export function gopTable(gop: GopStructure): ExhibitTable {
  const counts = [...Map.groupBy(gop.intervals, (interval) => interval)].toSorted((a, b) => b[1].length - a[1].length)
  return {
    kind: 'table',
    caption: 'Distances between key frames',
    columns: ['Frames', 'Times', 'Share'],
    rows: [
      ...counts
        .slice(0, 20)
        .map(([interval, list]) => [
          String(interval),
          String(list.length),
          `${Math.round((100 * list.length) / gop.intervals.length)} %`,
        ]),
      ...(counts.length > 20
        ? [['other', String(counts.slice(20).reduce((n, [, list]) => n + list.length, 0)), '']]
        : []),
    ],
  }
}

/** Kilobits per second in half-second steps, and the distance between key frames at each moment. */
export function sizeTracks(frames: Frames, step = 0.5): Track[] {
  const first = frames.time[0] ?? 0
  const last = frames.time.at(-1) ?? 0
  const slots = Math.min(200_000, Math.max(1, Math.floor((last - first) / step) + 1))
  const bytes = new Float64Array(slots)
  const gop: (number | null)[] = Array.from({ length: slots }, () => null)
  const slot = (at: number) => Math.min(slots - 1, Math.max(0, Math.floor((at - first) / step)))
  let key = -1
  for (let i = 0; i < frames.size.length; i += 1) {
    if (!isTime(frames.time[i]!)) return []
    bytes[slot(frames.time[i]!)]! += frames.size[i]!
    if (frames.type[i] !== 'I') continue
    if (key >= 0) for (let s = slot(frames.time[key]!); s <= slot(frames.time[i]!); s += 1) gop[s] = i - key
    key = i
  }
  // Media time starts with the first frame shown.
  return [
    {
      label: 'Bit rate',
      unit: 'kbit/s',
      start: 0,
      step,
      values: Array.from(bytes, (sum) => Math.round((sum * 8) / step / 100) / 10),
    },
    { label: 'Distance of key frames', unit: 'frames', start: 0, step, values: gop },
  ]
}
