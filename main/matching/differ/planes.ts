/** Pictures as planes of numbers: what registration and comparison work on. */

/** Rows top to bottom; values are grey levels or chroma, 0 to 255. */
export interface Plane {
  readonly width: number
  readonly height: number
  readonly data: Float32Array
}

/** Brightness at full size and the two colour differences at half the size (4:2:0). */
export interface Picture {
  readonly y: Plane
  readonly u: Plane
  readonly v: Plane
}

/** Bytes of one 4:2:0 frame; width and height are even. */
export const yuvBytes = (width: number, height: number): number => (width * height * 3) / 2

/** @param yuv one frame as ffmpeg's `yuv420p` @param width even @param height even */
export function pictureOf(yuv: Uint8Array, width: number, height: number): Picture {
  const [full, quarter] = [width * height, (width * height) / 4]
  const half = { width: width / 2, height: height / 2 }
  return {
    y: { width, height, data: Float32Array.from(yuv.subarray(0, full)) },
    u: { ...half, data: Float32Array.from(yuv.subarray(full, full + quarter)) },
    v: { ...half, data: Float32Array.from(yuv.subarray(full + quarter, full + 2 * quarter)) },
  }
}

/** Mean of every 2 × 2 pixels; an odd last row or column is left out. */
export function halved({ width, height, data }: Plane): Plane {
  const [w, h] = [width >> 1, height >> 1]
  const out = new Float32Array(w * h)
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const at = 2 * y * width + 2 * x
      out[y * w + x] = (data[at]! + data[at + 1]! + data[at + width]! + data[at + width + 1]!) / 4
    }
  return { width: w, height: h, data: out }
}

/** Binomial filter over 3 × 3 pixels (1 2 1 in either direction); the border repeats. */
export function softened({ width, height, data }: Plane): Plane {
  const rows = new Float32Array(data.length)
  for (let y = 0; y < height; y++) {
    const line = y * width
    for (let x = 0; x < width; x++) {
      const left = data[line + (x ? x - 1 : 0)]!
      const right = data[line + (x + 1 < width ? x + 1 : x)]!
      rows[line + x] = (left + 2 * data[line + x]! + right) / 4
    }
  }
  const out = new Float32Array(data.length)
  for (let y = 0; y < height; y++) {
    const [above, line, below] = [(y ? y - 1 : 0) * width, y * width, (y + 1 < height ? y + 1 : y) * width]
    for (let x = 0; x < width; x++) out[line + x] = (rows[above + x]! + 2 * rows[line + x]! + rows[below + x]!) / 4
  }
  return { width, height, data: out }
}

/** Central differences; 0 at the border. */
export function gradients({ width, height, data }: Plane): { x: Float32Array; y: Float32Array } {
  const x = new Float32Array(data.length)
  const y = new Float32Array(data.length)
  for (let row = 1; row < height - 1; row++)
    for (let at = row * width + 1, end = (row + 1) * width - 1; at < end; at++) {
      x[at] = (data[at + 1]! - data[at - 1]!) / 2
      y[at] = (data[at + width]! - data[at - width]!) / 2
    }
  return { x, y }
}

/** The value that `share` of the numbers do not exceed; NaN without numbers. Sorts its argument. */
export function quantile(values: Float32Array, share: number): number {
  if (!values.length) return Number.NaN
  values.sort()
  return values[Math.min(values.length - 1, Math.floor(share * values.length))]!
}
