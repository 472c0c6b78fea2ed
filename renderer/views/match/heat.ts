/** Draws the difference map that belongs to a time. */
import type { ComparedSegment } from '../../../main/contract/differences.ts'

/** Grey level of a map under which nothing is drawn: noise that is a little louder than expected. */
const SHOWN = 24

/** Anchors of the colours, from weak to strong: lightness rises evenly, so that they also read in grey. */
const COLOURS: readonly (readonly [number, number, number])[] = [
  [130, 35, 120],
  [200, 65, 90],
  [245, 130, 50],
  [252, 240, 150],
]

/** Colour and opacity, 0 to 255 each, of one grey level of a map. */
export function heatOf(level: number): [number, number, number, number] {
  if (level < SHOWN) return [0, 0, 0, 0]
  const position = ((level - SHOWN) / (255 - SHOWN)) * (COLOURS.length - 1)
  const i = Math.min(COLOURS.length - 2, Math.floor(position))
  const mix = (c: 0 | 1 | 2): number =>
    Math.round(COLOURS[i]![c] + (COLOURS[i + 1]![c] - COLOURS[i]![c]) * (position - i))
  return [mix(0), mix(1), mix(2), Math.round(110 + 110 * (level / 255))]
}

/** Number of the map nearest to a time; -1 where none is near. */
export function mapAt({ times, step }: Pick<ComparedSegment, 'times' | 'step'>, time: number): number {
  let [low, high] = [0, times.length - 1]
  if (high < 0) return -1
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! < time) low = middle + 1
    else high = middle
  }
  const near = low > 0 && time - times[low - 1]! < times[low]! - time ? low - 1 : low
  return Math.abs(times[near]! - time) <= step * 1.5 ? near : -1
}

/** Paints tile `n` of the sheet into a canvas of one pixel per block. */
export function paint(
  context: CanvasRenderingContext2D,
  sheet: CanvasImageSource,
  maps: NonNullable<ComparedSegment['maps']>,
  n: number,
): void {
  const { across, columns, rows } = maps
  context.clearRect(0, 0, columns, rows)
  if (n < 0) return
  context.drawImage(sheet, (n % across) * columns, Math.floor(n / across) * rows, columns, rows, 0, 0, columns, rows)
  const image = context.getImageData(0, 0, columns, rows)
  for (let i = 0; i < image.data.length; i += 4) image.data.set(heatOf(image.data[i]!), i)
  context.putImageData(image, 0, 0)
}
