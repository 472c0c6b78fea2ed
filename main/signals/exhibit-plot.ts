/**
 * Small charts as pixels: bars, lines and dots in a frame with labelled ticks. Letters come from a font of its own below,
 * so that the same numbers give the same bytes on every machine (system fonts differ).
 */
import type { Raster } from './exhibit.ts'

type Colour = readonly [red: number, green: number, blue: number]

export interface Series {
  /** Bars are as wide as one unit of the horizontal axis allows. */
  readonly kind: 'bars' | 'line' | 'dots'
  readonly x: ArrayLike<number>
  /** NaN leaves a gap. */
  readonly y: ArrayLike<number>
  readonly colour: Colour
}
export interface Axis {
  readonly low: number
  readonly high: number
  /** Shown in capitals; letters, digits and `. - : / % ( )` can be drawn. */
  readonly label: string
  readonly ticks: readonly number[]
}
export interface Chart {
  readonly width: number
  readonly height: number
  readonly x: Axis
  readonly y: Axis
  readonly series: readonly Series[]
  /** A horizontal line across the chart: a threshold. */
  readonly rule?: { readonly at: number; readonly colour: Colour }
}

/** 3 × 5 pixel letters: the letter, then one octal digit per row from the top. */
const FONT: ReadonlyMap<string, string> = new Map(
  [
    '075557 126227 271747 371717 455711 574717 674757 771122 875757 975717 A25755 B65656 C34443 D65556',
    'E74647 F74644 G34553 H55755 I72227 J11152 K55655 L44447 M57755 N65555 O25552 P65644 Q25563 R65655',
    'S34216 T72222 U55557 V55552 W55775 X55255 Y55222 Z71247 .00002 -00700 :02020 /11244 %51245 (12221',
    ')42224',
  ]
    .join(' ')
    .split(' ')
    .map((entry) => [entry.slice(0, 1), entry.slice(1)]),
)

const SCALE = 2
const LETTER = 4 * SCALE
const LINE = 5 * SCALE
const INK: Colour = [60, 64, 74]
const GRID: Colour = [226, 228, 234]
const GROUND = 252
const MARGIN = { left: 58, right: 14, top: 24, bottom: 38 }

/** Draws a chart; values outside an axis are clipped. */
export function drawChart(chart: Chart): Raster {
  const { width, height, x, y } = chart
  const data = new Uint8Array(width * height * 3).fill(GROUND)
  const dot = (px: number, py: number, colour: Colour) => {
    if (px >= 0 && py >= 0 && px < width && py < height) data.set(colour, (py * width + px) * 3)
  }
  const right = width - 1 - MARGIN.right
  const bottom = height - 1 - MARGIN.bottom
  const across = (value: number) =>
    Math.round(MARGIN.left + ((value - x.low) / (x.high - x.low || 1)) * (right - MARGIN.left))
  const up = (value: number) => Math.round(bottom - ((value - y.low) / (y.high - y.low || 1)) * (bottom - MARGIN.top))
  const bar = Math.max(1, Math.floor((0.6 * (right - MARGIN.left)) / (x.high - x.low || 1)))
  const horizontal = (py: number, from: number, to: number, colour: Colour) => {
    for (let px = from; px <= to; px += 1) dot(px, py, colour)
  }
  const vertical = (px: number, from: number, to: number, colour: Colour) => {
    for (let py = from; py <= to; py += 1) dot(px, py, colour)
  }
  const write = (text: string, left: number, top: number) => {
    for (const [i, letter] of [...text.toUpperCase()].entries()) {
      const rows = FONT.get(letter) ?? '00000'
      for (let row = 0; row < 5; row += 1)
        for (let column = 0; column < 3; column += 1)
          if ((Number(rows[row]) >> (2 - column)) & 1)
            for (let s = 0; s < SCALE * SCALE; s += 1)
              dot(left + i * LETTER + column * SCALE + (s % SCALE), top + row * SCALE + Math.floor(s / SCALE), INK)
    }
  }
  for (const tick of y.ticks) {
    horizontal(up(tick), MARGIN.left, right, GRID)
    const text = String(tick)
    write(text, MARGIN.left - 6 - text.length * LETTER, up(tick) - SCALE * 2)
  }
  for (const tick of x.ticks) {
    vertical(across(tick), MARGIN.top, bottom, GRID)
    const text = String(tick)
    write(text, across(tick) - (text.length * LETTER) / 2, bottom + 6)
  }
  for (const series of chart.series) {
    let before: readonly [number, number] | null = null
    for (let i = 0; i < series.x.length; i += 1) {
      const [vx, vy] = [series.x[i]!, series.y[i]!]
      if (!Number.isFinite(vy) || vx < x.low || vx > x.high) {
        before = null
        continue
      }
      const at = [across(vx), up(Math.min(y.high, Math.max(y.low, vy)))] as const
      if (series.kind === 'bars')
        for (let w = 0; w < bar; w += 1) vertical(at[0] - (bar >> 1) + w, at[1], up(Math.max(y.low, 0)), series.colour)
      else if (series.kind === 'dots')
        for (let d = 0; d < 25; d += 1) dot(at[0] - 2 + (d % 5), at[1] - 2 + Math.floor(d / 5), series.colour)
      else if (before) stroke(before, at, (px, py) => dot(px, py, series.colour))
      before = at
    }
  }
  if (chart.rule) horizontal(up(chart.rule.at), MARGIN.left, right, chart.rule.colour)
  vertical(MARGIN.left, MARGIN.top, bottom, INK)
  horizontal(bottom, MARGIN.left, right, INK)
  write(y.label, 6, 6)
  write(x.label, right - x.label.length * LETTER, height - LINE - 4)
  return { width, height, channels: 3, data }
}

/** Bresenham 1965, "Algorithm for computer control of a digital plotter". */
function stroke(from: readonly [number, number], to: readonly [number, number], dot: (x: number, y: number) => void) {
  let [x, y] = from
  const [dx, dy] = [Math.abs(to[0] - x), -Math.abs(to[1] - y)]
  const [sx, sy] = [Math.sign(to[0] - x), Math.sign(to[1] - y)]
  let error = dx + dy
  for (let steps = dx - dy; steps >= 0; steps -= 1) {
    dot(x, y)
    if (x === to[0] && y === to[1]) return
    const double = 2 * error
    if (double >= dy) {
      error += dy
      x += sx
    }
    if (double <= dx) {
      error += dx
      y += sy
    }
  }
}

/** About `count` round numbers from `low` to `high`: steps of 1, 2 or 5 times a power of ten. */
export function niceTicks(low: number, high: number, count: number): number[] {
  const raw = (high - low) / Math.max(1, count)
  if (!(raw > 0) || !Number.isFinite(raw)) return [low]
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw) ?? raw
  const ticks: number[] = []
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-9; i += 1)
    ticks.push(Number((i * step).toPrecision(6)))
  return ticks
}
