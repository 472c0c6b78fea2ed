/**
 * What the temporal signal keeps of each thumbnail: a reduced picture, block motion and a few numbers, some 2.6 KB a
 * frame, so that memory stays bounded for hours of video.
 */

/** Side of a thumbnail in pixels. */
export const SIDE = 256
/** Side of the reduced picture; each cell is the mean of 8 × 8 pixels. */
export const GRID = 32
export const CELLS = GRID * GRID
/** Side of the motion and texture maps; each block is 16 × 16 pixels. */
export const BLOCKS = 16
export const BLOCK_COUNT = BLOCKS * BLOCKS
/** Stored values are fixed-point: grey levels times this. */
const SCALE = 64
/** Frames per chunk of storage. */
const CHUNK = 512
/** Grey levels per histogram bin, and regions per side (Yeo & Liu compare whole pictures; regions keep position). */
const BINS = 16
const REGIONS = 4

/** Differences of a frame from the one before; all zero for the first. */
export interface FrameStep {
  /** Mean absolute pixel difference, grey levels. */
  readonly pixels: number
  /** Mean and largest absolute difference of the reduced pictures' cells, grey levels. */
  readonly cells: number
  readonly peak: number
  /** Mean share of pixels that changed histogram bin, over 4 × 4 regions; 0 to 1. */
  readonly histogram: number
  /** Correlation of the two reduced pictures, -1 to 1; 1 for the first frame and for plain pictures. */
  readonly correlation: number
}

export class FrameRecord {
  readonly steps: FrameStep[] = []
  readonly #cells: Uint16Array[] = []
  readonly #motion: Uint16Array[] = []
  readonly #texture: Uint16Array[] = []
  readonly #limit: number
  #previous: Uint8Array | undefined
  #histogram: Uint16Array = new Uint16Array(REGIONS * REGIONS * BINS)
  #seen = 0

  /** Frames beyond `limit` are counted and otherwise ignored. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Frames kept. */
  get count(): number {
    return this.steps.length
  }

  /** Frames offered, kept or not. */
  get seen(): number {
    return this.#seen
  }

  add(pixels: Uint8Array): void {
    if (pixels.length !== SIDE * SIDE) throw new Error('A thumbnail has 256 × 256 pixels.')
    this.#seen++
    if (this.count >= this.#limit) return
    const index = this.count
    const slot = index % CHUNK
    if (slot === 0) {
      this.#cells.push(new Uint16Array(CHUNK * CELLS))
      this.#motion.push(new Uint16Array(CHUNK * BLOCK_COUNT))
      this.#texture.push(new Uint16Array(CHUNK * BLOCK_COUNT))
    }
    reduce(pixels, this.cells(index))
    measureTexture(pixels, this.texture(index))
    const histogram = regionHistogram(pixels)
    this.steps.push(
      this.#previous
        ? {
            pixels: measureMotion(this.#previous, pixels, this.motion(index)),
            ...cellDifference(this.cells(index - 1), this.cells(index)),
            histogram: histogramDifference(this.#histogram, histogram),
            correlation: correlation(this.cells(index - 1), this.cells(index)),
          }
        : { pixels: 0, cells: 0, peak: 0, histogram: 0, correlation: 1 },
    )
    this.#histogram = histogram
    this.#previous ??= new Uint8Array(SIDE * SIDE)
    this.#previous.set(pixels)
  }

  /** The reduced picture, in `SCALE`ths of a grey level. */
  cells(index: number): Uint16Array {
    return slice(this.#cells, index, CELLS)
  }

  /** Mean absolute difference of each block from the frame before, in `SCALE`ths of a grey level. */
  motion(index: number): Uint16Array {
    return slice(this.#motion, index, BLOCK_COUNT)
  }

  /** Mean absolute gradient in each block, in `SCALE`ths of a grey level per pixel. */
  texture(index: number): Uint16Array {
    return slice(this.#texture, index, BLOCK_COUNT)
  }

  /** Mean and largest absolute difference between two reduced pictures, in grey levels. */
  difference(a: number, b: number): { cells: number; peak: number } {
    return cellDifference(this.cells(a), this.cells(b))
  }

  /** Mean of a per-block map over frames `from` to `to` (exclusive), in grey levels. */
  meanMap(kind: 'motion' | 'texture', from: number, to: number): Float64Array {
    const mean = new Float64Array(BLOCK_COUNT)
    for (let i = from; i < to; i++) {
      const map = kind === 'motion' ? this.motion(i) : this.texture(i)
      for (let b = 0; b < BLOCK_COUNT; b++) mean[b]! += map[b]!
    }
    const divisor = Math.max(1, to - from) * SCALE
    return mean.map((sum) => sum / divisor)
  }

  /** The reduced picture as grey pixels. */
  picture(index: number): Uint8Array {
    return Uint8Array.from(this.cells(index), (v) => Math.round(v / SCALE))
  }
}

export const LEVEL = SCALE

const slice = (chunks: Uint16Array[], index: number, size: number): Uint16Array => {
  const at = (index % CHUNK) * size
  return chunks[Math.floor(index / CHUNK)]!.subarray(at, at + size)
}

function reduce(pixels: Uint8Array, cells: Uint16Array): void {
  const step = SIDE / GRID
  for (let y = 0; y < SIDE; y++) {
    const row = Math.floor(y / step) * GRID
    for (let x = 0; x < SIDE; x++) cells[row + ((x / step) | 0)]! += pixels[y * SIDE + x]!
  }
  // 64 pixels per cell: the sum is the mean in 64ths of a level.
}

function measureMotion(before: Uint8Array, now: Uint8Array, motion: Uint16Array): number {
  const step = SIDE / BLOCKS
  const sums = new Uint32Array(BLOCK_COUNT)
  let total = 0
  for (let y = 0; y < SIDE; y++) {
    const row = Math.floor(y / step) * BLOCKS
    for (let x = 0; x < SIDE; x++) {
      const i = y * SIDE + x
      const difference = Math.abs(now[i]! - before[i]!)
      sums[row + ((x / step) | 0)]! += difference
    }
  }
  for (let b = 0; b < BLOCK_COUNT; b++) {
    total += sums[b]!
    motion[b] = Math.round((sums[b]! * SCALE) / (step * step))
  }
  return total / (SIDE * SIDE)
}

function measureTexture(pixels: Uint8Array, texture: Uint16Array): void {
  const step = SIDE / BLOCKS
  const sums = new Uint32Array(BLOCK_COUNT)
  for (let y = 1; y < SIDE; y++) {
    const row = Math.floor(y / step) * BLOCKS
    for (let x = 1; x < SIDE; x++) {
      const i = y * SIDE + x
      const value = pixels[i]!
      sums[row + ((x / step) | 0)]! += Math.abs(value - pixels[i - 1]!) + Math.abs(value - pixels[i - SIDE]!)
    }
  }
  for (let b = 0; b < BLOCK_COUNT; b++) texture[b] = Math.round((sums[b]! * SCALE) / (step * step))
}

function regionHistogram(pixels: Uint8Array): Uint16Array {
  const histogram = new Uint16Array(REGIONS * REGIONS * BINS)
  const step = SIDE / REGIONS
  for (let y = 0; y < SIDE; y++) {
    const row = Math.floor(y / step) * REGIONS
    for (let x = 0; x < SIDE; x++) histogram[(row + ((x / step) | 0)) * BINS + (pixels[y * SIDE + x]! >> 4)]!++
  }
  return histogram
}

function histogramDifference(a: Uint16Array, b: Uint16Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!)
  return sum / (2 * SIDE * SIDE)
}

function cellDifference(a: Uint16Array, b: Uint16Array): { cells: number; peak: number } {
  let sum = 0
  let peak = 0
  for (let i = 0; i < CELLS; i++) {
    const difference = Math.abs(a[i]! - b[i]!)
    sum += difference
    if (difference > peak) peak = difference
  }
  return { cells: sum / CELLS / SCALE, peak: peak / SCALE }
}

function correlation(a: Uint16Array, b: Uint16Array): number {
  let [sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0]
  for (let i = 0; i < CELLS; i++) {
    const x = a[i]!
    const y = b[i]!
    sa += x
    sb += y
    saa += x * x
    sbb += y * y
    sab += x * y
  }
  const spread = (saa - (sa * sa) / CELLS) * (sbb - (sb * sb) / CELLS)
  return spread > 0 ? (sab - (sa * sb) / CELLS) / Math.sqrt(spread) : 1
}
