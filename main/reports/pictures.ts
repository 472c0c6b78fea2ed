/** The pictures of a report, made into what both formats can hold. */
import sharp, { type Sharp } from 'sharp'
import type { Picture } from './document.ts'

/** Bytes as they lie in the library, by SHA-256. */
export type OriginalPictures = ReadonlyMap<string, Uint8Array>

export interface RenderedPicture {
  readonly bytes: Uint8Array
  readonly mime: 'image/png' | 'image/jpeg'
  readonly width: number
  readonly height: number
}
export type RenderedPictures = ReadonlyMap<string, RenderedPicture>

// Each picture is read once: what the library would keep of it is only in the way.
sharp.cache(false)
// One picture after the other: threads of the library beside ours would only take memory.
sharp.concurrency(1)

/** Longest side in a report, in pixels: 180 mm at 200 dots an inch. */
const LONGEST = 1400
/** Rows are read once, from the top: a whole picture need not lie in memory. */
const READING = { sequentialRead: true } as const
/** Tiles in one row of a strip. */
const ROW = 6

/**
 * Makes PNG (drawings, transparency) or JPEG (photographs) of at most 1400 pixels; strips are set in rows. Equal input
 * gives equal bytes. What cannot be decoded is left out, and the report names it in its place.
 */
export async function renderPictures(
  wanted: readonly Picture[],
  originals: OriginalPictures,
): Promise<RenderedPictures> {
  const made = new Map<string, RenderedPicture>()
  // One after the other: two at once take a third less time and 30 MiB more.
  for (const picture of wanted) {
    const bytes = originals.get(picture.sha256)
    const rendered = bytes ? await renderPicture(picture, bytes).catch(() => null) : null
    if (rendered) made.set(picture.sha256, rendered)
  }
  return made
}

async function renderPicture(picture: Picture, bytes: Uint8Array): Promise<RenderedPicture> {
  const { format, hasAlpha } = await sharp(bytes, READING).metadata()
  const drawn = format === 'png' || hasAlpha === true
  const image = picture.tiles && picture.tiles > ROW ? await inRows(bytes, picture.tiles) : sharp(bytes, READING)
  const sized = image.resize({ width: LONGEST, height: LONGEST, fit: 'inside', withoutEnlargement: true })
  // Without transparency: pages are white, and a mask would be one more picture.
  const opaque = sized.flatten({ background: '#ffffff' })
  const encoded = drawn ? opaque.png() : opaque.jpeg({ quality: 85 })
  const { data, info } = await encoded.toBuffer({ resolveWithObject: true })
  return { bytes: data, mime: drawn ? 'image/png' : 'image/jpeg', width: info.width, height: info.height }
}

/** Cuts a strip between tiles and stacks the parts. */
async function inRows(bytes: Uint8Array, tiles: number): Promise<Sharp> {
  const { data, info } = await sharp(bytes, READING)
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  const tile = Math.floor(width / tiles)
  const rows = Math.ceil(tiles / ROW)
  const across = ROW * tile * channels
  const sheet = Buffer.alloc(across * rows * height, 255)
  for (let row = 0; row < rows; row++) {
    const length = Math.min(ROW, tiles - row * ROW) * tile * channels
    for (let y = 0; y < height; y++) {
      const from = (y * width + row * ROW * tile) * channels
      data.copy(sheet, (row * height + y) * across, from, from + length)
    }
  }
  return sharp(sheet, { raw: { width: ROW * tile, height: rows * height, channels } })
}
