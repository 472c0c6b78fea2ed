/**
 * Reads the noise-residual spectrum: isolated peaks, which up-sampling leaves (Frank et al., "Leveraging Frequency
 * Analysis for Deep Fake Image Recognition", ICML 2020), and how the radial profile ends (Durall et al., "Watch your
 * Up-Convolution", CVPR 2020). Spectra are half planes: rows 0 to 255 in DFT order, columns 0 to 128, in dB.
 */

export const TILE = 256
export const HALF = TILE / 2 + 1
const SIZE = TILE * HALF

export const SPECTRUM = {
  /** Peaks are sought off both axes by this many steps: edges of 8 × 8 coding blocks lie on the axes. */
  offAxis: 6,
  /** And from this ring outwards: below it lies the content. */
  ring: 40,
  /** Background of a cell: mean of the square of this half-width, without the square of the inner half-width. */
  background: 4,
  inner: 1,
  /** Height over the background, in robust standard deviations: lowest peak, and where the score begins and ends. */
  peak: 7,
  scoreFrom: 6,
  scoreTo: 18,
  /** Rings of the straight line fitted to the profile over log frequency, and those compared with it. */
  fitFrom: 40,
  fitTo: 88,
  endFrom: 112,
  endTo: 126,
} as const

export interface Peak {
  /** Cycles per pixel, -0.5 to 0.5 and 0 to 0.5. */
  readonly vertical: number
  readonly horizontal: number
  /** Robust standard deviations over the local background. */
  readonly height: number
}

export interface PeakReading {
  /** Isolated peaks of at least `SPECTRUM.peak`, highest first, at most 20. */
  readonly peaks: Peak[]
  /** Height of the highest cell looked at, peak or not. */
  readonly highest: number
}

/** Local background over summed areas, then a robust scale of what stands out of it. */
export function findPeaks(spectrum: Float64Array): PeakReading {
  const excess = overBackground(spectrum)
  const cells: number[] = []
  for (let u = 0; u < TILE; u++)
    for (let v = SPECTRUM.offAxis; v < HALF; v++) {
      const up = Math.min(u, TILE - u)
      if (up >= SPECTRUM.offAxis && up * up + v * v >= SPECTRUM.ring ** 2) cells.push(u * HALF + v)
    }
  const values = Float64Array.from(cells, (cell) => excess[cell]!).sort()
  const middle = values[values.length >> 1]!
  const deviations = values.map((v) => Math.abs(v - middle)).sort()
  const sigma = Math.max(1e-6, 1.4826 * deviations[deviations.length >> 1]!)
  const height = (cell: number) => (excess[cell]! - middle) / sigma
  const peaks = cells
    .filter((cell) => height(cell) >= SPECTRUM.peak && isLargestAround(excess, cell))
    .map((cell) => {
      const u = Math.floor(cell / HALF)
      return { vertical: (u <= TILE / 2 ? u : u - TILE) / TILE, horizontal: (cell % HALF) / TILE, height: height(cell) }
    })
    .sort((a, b) => b.height - a.height)
    .slice(0, 20)
  return { peaks, highest: (values.at(-1)! - middle) / sigma }
}

/** 0 to 1 from the height of the highest cell: a stated rule, not a probability. */
export const peakScore = ({ highest }: PeakReading): number =>
  Math.min(1, Math.max(0, (highest - SPECTRUM.scoreFrom) / (SPECTRUM.scoreTo - SPECTRUM.scoreFrom)))

/** Value at any signed frequency: a real picture's spectrum is periodic and point-symmetric. */
function at(spectrum: Float64Array, u: number, v: number): number {
  let [row, column] = [u, v]
  if (column < 0) [row, column] = [-row, -column]
  if (column > TILE / 2) [row, column] = [-row, TILE - column]
  return spectrum[(((row % TILE) + TILE) % TILE) * HALF + column]!
}

function overBackground(spectrum: Float64Array): Float64Array {
  const pad = SPECTRUM.background
  const width = HALF + 2 * pad + 1
  // Summed-area table of the spectrum, padded by its own symmetry.
  const sums = new Float64Array(width * (TILE + 2 * pad + 1))
  for (let y = 0; y < TILE + 2 * pad; y++) {
    let row = 0
    for (let x = 0; x < HALF + 2 * pad; x++) {
      row += at(spectrum, y - pad, x - pad)
      sums[(y + 1) * width + x + 1] = sums[y * width + x + 1]! + row
    }
  }
  const box = (y: number, x: number, half: number) => {
    const [top, bottom, left, right] = [y + pad - half, y + pad + half + 1, x + pad - half, x + pad + half + 1]
    return (
      sums[bottom * width + right]! -
      sums[top * width + right]! -
      sums[bottom * width + left]! +
      sums[top * width + left]!
    )
  }
  const outer = (2 * pad + 1) ** 2
  const inner = (2 * SPECTRUM.inner + 1) ** 2
  const excess = new Float64Array(SIZE)
  for (let u = 0; u < TILE; u++)
    for (let v = 0; v < HALF; v++) {
      const background = (box(u, v, pad) - box(u, v, SPECTRUM.inner)) / (outer - inner)
      excess[u * HALF + v] = spectrum[u * HALF + v]! - background
    }
  return excess
}

function isLargestAround(values: Float64Array, cell: number): boolean {
  const u = Math.floor(cell / HALF)
  const v = cell % HALF
  for (let du = -2; du <= 2; du++)
    for (let dv = -2; dv <= 2; dv++) if (at(values, u + du, v + dv) > values[cell]!) return false
  return true
}

export interface ProfileEnd {
  /** Slope of the fitted line, dB per octave. */
  readonly slope: number
  /** Mean of the last rings over the line carried on to them, dB: above 0 more high frequencies than expected. */
  readonly excess: number
  /** The line at every ring, dB; NaN at ring 0. */
  readonly line: Float64Array
}

/**
 * Fits a power law (a straight line over log frequency) to the middle of the profile and compares its end.
 * @param profile of the picture itself: the residual's, less the response of the residual filter
 */
export function readProfileEnd(profile: Float64Array): ProfileEnd {
  let [n, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0]
  for (let ring = SPECTRUM.fitFrom; ring <= SPECTRUM.fitTo; ring++) {
    const x = Math.log2(ring)
    const y = profile[ring]!
    n++
    sx += x
    sy += y
    sxx += x * x
    sxy += x * y
  }
  const slope = (n * sxy - sx * sy) / (n * sxx - sx * sx)
  const offset = (sy - slope * sx) / n
  const line = profile.map((_, ring) => (ring ? offset + slope * Math.log2(ring) : Number.NaN))
  let excess = 0
  for (let ring = SPECTRUM.endFrom; ring <= SPECTRUM.endTo; ring++) excess += profile[ring]! - line[ring]!
  return { slope, excess: excess / (SPECTRUM.endTo - SPECTRUM.endFrom + 1), line }
}

/** The 5 × 5 "KV" kernel of the graph, in twelfths. */
const KERNEL = [
  [-1, 2, -2, 2, -1],
  [2, -6, 8, -6, 2],
  [-2, 8, -12, 8, -2],
  [2, -6, 8, -6, 2],
  [-1, 2, -2, 2, -1],
]

/** As in the graph: rings from the first on leave out so many steps along either axis. */
const WHOLE_RINGS = 24
const AXIS = 16

/** Mean log response of the residual filter over each ring, dB: what it takes from a picture's profile. */
export function filterProfile(rings: number): Float64Array {
  const sums = new Float64Array(rings)
  const counts = new Float64Array(rings)
  for (let u = 0; u < TILE; u++)
    for (let v = 0; v < TILE; v++) {
      const [vertical, horizontal] = [Math.min(u, TILE - u), Math.min(v, TILE - v)]
      const ring = Math.floor(Math.sqrt(vertical ** 2 + horizontal ** 2))
      if (ring >= rings || (ring >= WHOLE_RINGS && (vertical < AXIS || horizontal < AXIS))) continue
      let response = 0
      for (let y = -2; y <= 2; y++)
        for (let x = -2; x <= 2; x++)
          response += (KERNEL[y + 2]![x + 2]! / 12) * Math.cos((2 * Math.PI * (u * y + v * x)) / TILE)
      sums[ring]! += 10 * Math.log10(response * response + 1e-6)
      counts[ring]!++
    }
  return sums.map((sum, ring) => sum / counts[ring]!)
}

/** The whole plane with zero frequency in the middle, for the eye. */
export function centred(spectrum: Float64Array): Float64Array {
  const plane = new Float64Array(TILE * TILE)
  for (let y = 0; y < TILE; y++)
    for (let x = 0; x < TILE; x++) plane[y * TILE + x] = at(spectrum, y - TILE / 2, x - TILE / 2)
  return plane
}
