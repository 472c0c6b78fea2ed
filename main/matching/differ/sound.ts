/**
 * Does a stretch of sound agree with another? Energy in bands over time, each band about its own mean, correlated over time and
 * band together: encoders, volume and equalisers leave that nearly as it was; other words do not.
 */
import { FrameSpectrum } from '../../signals/voice-fft.ts'
import { SOUND_RATE } from '../../media/types.ts'
import type { SoundAgreement } from '../../contract/differences.ts'

export const SOUND = {
  /** Samples of a transform and from one to the next: 64 and 32 ms. */
  frame: 1024,
  hop: 512,
  /** Bands, evenly spaced in logarithm of the frequency, Hz. */
  bands: 16,
  lowest: 120,
  highest: 5500,
  /** Seconds of a part that is decided by itself, and by which sound may be displaced against the picture. */
  part: 3,
  reach: 0.6,
  /** Root mean square of a part under which it is silence. */
  silence: 0.001,
  /** Correlations from which it agrees, and under which it does not. */
  agrees: 0.6,
  differs: 0.4,
} as const

export interface SoundRange {
  /** Seconds from the start of the stretch. */
  readonly start: number
  readonly end: number
  readonly correlation: number
}

export interface ComparedSound extends SoundAgreement {
  /** Parts in which it does not agree. */
  readonly differing: readonly SoundRange[]
}

/**
 * @param fresh 16 kHz mono @param known the stretch that should be the same, `lead` seconds before it and as much after
 * @param speed known seconds per new second
 */
export function compareSound(fresh: Float32Array, known: Float32Array, speed: number, lead: number): ComparedSound {
  const none = { correlation: null, seconds: 0, lag: null, differing: [] }
  if (fresh.length < SOUND_RATE || known.length < SOUND_RATE) return { state: 'none', ...none }
  const step = SOUND.hop / SOUND_RATE
  const [a, b] = [bandsOf(fresh), bandsOf(known)]
  const each = Math.round(SOUND.part / step)
  const reach = Math.round(SOUND.reach / step)
  const parts: (SoundRange & { lag: number })[] = []
  for (let from = 0; from + each / 2 < a.length; from += each) {
    const to = Math.min(a.length, from + each)
    if (to - from < each / 2) continue
    const there = (i: number): number => lead / step + speed * i
    const heard = [isHeard(fresh, from, to), isHeard(known, there(from), there(to))]
    if (!heard[0] && !heard[1]) continue
    // Sound on one side only: there is nothing to correlate, and yet it is not the same.
    let best = { correlation: 0, lag: 0 }
    if (heard[0] && heard[1])
      for (let d = -reach; d <= reach; d++) {
        const correlation = correlate(a, b, from, to, (i) => there(i) + d)
        if (correlation > best.correlation) best = { correlation, lag: d * step }
      }
    parts.push({ start: from * step, end: to * step, ...best })
  }
  if (!parts.length) return { state: 'undecided', ...none }
  const agreeing = parts.filter(({ correlation }) => correlation >= SOUND.agrees)
  const differing = parts.filter(({ correlation }) => correlation < SOUND.differs)
  const state = verdict(agreeing.length / parts.length, differing.length / parts.length)
  return {
    state,
    correlation: middle(parts.map(({ correlation }) => correlation)),
    seconds: parts.reduce((sum, { start, end }) => sum + end - start, 0),
    lag: agreeing.length ? middle(agreeing.map(({ lag }) => lag)) : null,
    differing: state === 'differs' || state === 'partly' ? differing : [],
  }
}

function verdict(agreeing: number, differing: number): SoundAgreement['state'] {
  if (agreeing > 0.8) return 'agrees'
  if (differing > 0.6) return 'differs'
  return agreeing > 0 && differing > 0 ? 'partly' : 'undecided'
}

const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!

/** @param from first step @param to last step, not included */
function isHeard(samples: Float32Array, from: number, to: number): boolean {
  const part = samples.subarray(Math.max(0, Math.floor(from * SOUND.hop)), Math.max(0, Math.ceil(to * SOUND.hop)))
  let sum = 0
  for (const value of part) sum += value * value
  return part.length > 0 && Math.sqrt(sum / part.length) >= SOUND.silence
}

/** Logarithm of the power in each band, per step. */
function bandsOf(samples: Float32Array): Float32Array[] {
  const spectrum = new FrameSpectrum(SOUND.frame)
  const power = new Float64Array(SOUND.frame / 2 + 1)
  const edges = Array.from({ length: SOUND.bands + 1 }, (_, i) =>
    Math.round((SOUND.lowest * (SOUND.highest / SOUND.lowest) ** (i / SOUND.bands) * SOUND.frame) / SOUND_RATE),
  )
  const out: Float32Array[] = []
  for (let at = 0; at + SOUND.frame <= samples.length; at += SOUND.hop) {
    spectrum.power(samples, at, power)
    const row = new Float32Array(SOUND.bands)
    for (let band = 0; band < SOUND.bands; band++) {
      let sum = 1e-9
      for (let k = edges[band]!; k < Math.max(edges[band]! + 1, edges[band + 1]!); k++) sum += power[k]!
      row[band] = Math.log(sum)
    }
    out.push(row)
  }
  return out
}

/** Pearson's correlation over all steps and bands of a part, each band about its own mean. */
function correlate(
  a: readonly Float32Array[],
  b: readonly Float32Array[],
  from: number,
  to: number,
  at: (i: number) => number,
): number {
  let [ab, aa, bb] = [0, 0, 0]
  for (let band = 0; band < SOUND.bands; band++) {
    let [n, sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0, 0]
    for (let i = from; i < to; i++) {
      const there = Math.round(at(i))
      if (there < 0 || there >= b.length) continue
      const [x, y] = [a[i]![band]!, b[there]![band]!]
      n++
      sa += x
      sb += y
      saa += x * x
      sbb += y * y
      sab += x * y
    }
    if (n < 10) return 0
    ab += sab - (sa * sb) / n
    aa += saa - (sa * sa) / n
    bb += sbb - (sb * sb) / n
  }
  return aa > 1e-6 && bb > 1e-6 ? ab / Math.sqrt(aa * bb) : 0
}
