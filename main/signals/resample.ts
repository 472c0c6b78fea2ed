/** Sound at another sampling rate, by a windowed sinc: band-limited, without a delay. */

/** Zero crossings of the sinc on each side of a sample. */
const REACH = 16

/** @returns `Math.round(samples.length · to / from)` samples; equal rates give the input itself */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples
  const cutoff = Math.min(1, to / from)
  const half = REACH / cutoff
  const out = new Float32Array(Math.round((samples.length * to) / from))
  for (let i = 0; i < out.length; i++) {
    const at = (i * from) / to
    const first = Math.max(0, Math.ceil(at - half))
    const last = Math.min(samples.length - 1, Math.floor(at + half))
    let sum = 0
    for (let j = first; j <= last; j++) sum += samples[j]! * kernel(j - at, cutoff, half)
    out[i] = sum
  }
  return out
}

/** Sinc under a Hann window. */
function kernel(distance: number, cutoff: number, half: number): number {
  const x = Math.PI * distance * cutoff
  const sinc = Math.abs(x) < 1e-9 ? 1 : Math.sin(x) / x
  return cutoff * sinc * (0.5 + 0.5 * Math.cos((Math.PI * distance) / half))
}
