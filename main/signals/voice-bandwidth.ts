/** Where the spectrum of a voice ends: telephone lines, old vocoders and low bit rates cut it off steeply. */

export const BANDWIDTH = {
  /** Hz per bin of the long-term spectrum. */
  bin: 31.25,
  /** Fall in dB over some 300 Hz that counts as an edge. */
  fall: 15,
  /** Lowest and highest edge looked for, Hz. */
  lowest: 1900,
  highest: 7700,
} as const

const mean = (values: Float64Array, from: number, to: number) => {
  let sum = 0
  for (let k = from; k < to; k++) sum += values[k]!
  return sum / (to - from)
}

/** The edge in Hz, or null where the spectrum has none below 7.7 kHz. @param spectrum dB by bin, 0 to 8 kHz */
export function bandwidthEdge(spectrum: Float64Array): number | null {
  let best = { fall: BANDWIDTH.fall as number, bin: -1 }
  const last = Math.floor(BANDWIDTH.highest / BANDWIDTH.bin)
  for (let k = Math.ceil(BANDWIDTH.lowest / BANDWIDTH.bin); k <= last && k + 8 < spectrum.length; k++) {
    const fall = mean(spectrum, k - 8, k) - mean(spectrum, k + 3, Math.min(spectrum.length, k + 9))
    if (fall > best.fall && neverAgain(spectrum, k)) best = { fall, bin: k }
  }
  return best.bin < 0 ? null : best.bin * BANDWIDTH.bin
}

/** Above an edge the spectrum stays down. */
function neverAgain(spectrum: Float64Array, edge: number): boolean {
  const limit = mean(spectrum, edge - 8, edge) - 10
  for (let k = edge + 6; k < spectrum.length - 1; k++) if (spectrum[k]! > limit) return false
  return true
}
