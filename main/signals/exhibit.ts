/** Pictures that let a person see what a signal saw: PNG from raw pixels, the same bytes for the same pixels. */
import type { ExhibitImage } from './signal.ts'

/** Pixels in rows from top to bottom; 1 byte (grey) or 3 bytes (RGB) each. */
export interface Raster {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  readonly data: Uint8Array
}

/** Encodes a raster as an exhibit. No metadata and no time stamp go into the file. */
export async function pictureExhibit(
  raster: Raster,
  about: Pick<ExhibitImage, 'caption' | 'at' | 'region'>,
): Promise<ExhibitImage> {
  // Loaded here, so that the host process, which lists signals but draws nothing, never loads the image library.
  const { default: sharp } = await import('sharp')
  const { width, height, channels } = raster
  const bytes = await sharp(raster.data, { raw: { width, height, channels } })
    .png({ compressionLevel: 9, adaptiveFiltering: false, palette: false })
    .toBuffer()
  return { kind: 'image', mime: 'image/png', width, height, bytes: new Uint8Array(bytes), ...about }
}

/** Enlarges by a whole factor, each pixel becoming a square. */
export function enlarge(raster: Raster, factor: number): Raster {
  const { width, height, channels } = raster
  const data = new Uint8Array(width * height * channels * factor * factor)
  for (let y = 0; y < height * factor; y++)
    for (let x = 0; x < width * factor; x++)
      for (let c = 0; c < channels; c++)
        data[(y * width * factor + x) * channels + c] =
          raster.data[(Math.floor(y / factor) * width + Math.floor(x / factor)) * channels + c]!
  return { width: width * factor, height: height * factor, channels, data }
}

/** Sets two grey rasters of one height side by side with a gap of `gap` white pixels. */
export function sideBySide(left: Raster, right: Raster, gap: number): Raster {
  if (left.channels !== 1 || right.channels !== 1 || left.height !== right.height) throw new Error('Rasters differ.')
  const width = left.width + gap + right.width
  const data = new Uint8Array(width * left.height).fill(255)
  for (let y = 0; y < left.height; y++) {
    data.set(left.data.subarray(y * left.width, (y + 1) * left.width), y * width)
    data.set(right.data.subarray(y * right.width, (y + 1) * right.width), y * width + left.width + gap)
  }
  return { width, height: left.height, channels: 1, data }
}

/** Anchors of the colour scale, dark blue over magenta to yellow: lightness rises evenly, so it also reads in grey. */
const ANCHORS: readonly (readonly [number, number, number])[] = [
  [8, 10, 40],
  [60, 20, 110],
  [130, 35, 120],
  [200, 65, 90],
  [245, 130, 50],
  [252, 240, 150],
]

/** Colour of a value from 0 to 1; values outside are clamped. */
export function heat(value: number): [number, number, number] {
  const position = Math.min(1, Math.max(0, value)) * (ANCHORS.length - 1)
  const index = Math.min(ANCHORS.length - 2, Math.floor(position))
  const low = ANCHORS[index]!
  const high = ANCHORS[index + 1]!
  const mix = (c: 0 | 1 | 2) => Math.round(low[c] + (high[c] - low[c]) * (position - index))
  return [mix(0), mix(1), mix(2)]
}

/** Colours a map of values; `low` is drawn darkest and `high` brightest. */
export function colourMap(values: ArrayLike<number>, width: number, low: number, high: number): Raster {
  const data = new Uint8Array(values.length * 3)
  const span = high > low ? high - low : 1
  for (let i = 0; i < values.length; i++) data.set(heat((values[i]! - low) / span), i * 3)
  return { width, height: values.length / width, channels: 3, data }
}

/**
 * Lays a coarse map of 0 to 1 over a grey picture: cells keep the picture's brightness and take the map's colour by
 * their value, so that cells of value 0 stay grey.
 */
export function heatOver(grey: Raster, map: ArrayLike<number>, columns: number): Raster {
  const rows = map.length / columns
  const data = new Uint8Array(grey.width * grey.height * 3)
  for (let y = 0; y < grey.height; y++)
    for (let x = 0; x < grey.width; x++) {
      const cell = Math.floor((y * rows) / grey.height) * columns + Math.floor((x * columns) / grey.width)
      const value = Math.min(1, Math.max(0, map[cell]!))
      const light = grey.data[y * grey.width + x]!
      const colour = heat(0.35 + 0.65 * value)
      const share = 0.65 * value
      for (let c = 0; c < 3; c++)
        data[(y * grey.width + x) * 3 + c] = Math.round(light * (1 - share) + colour[c as 0 | 1 | 2] * share)
    }
  return { width: grey.width, height: grey.height, channels: 3, data }
}
