/** What the encoding signal saw, in sentences. */
import type { Observation, SignalSegment } from '../../contract/signals.ts'
import type { IsoFacts } from '../provenance/iso-facts.ts'
import type { GopStructure } from './gop.ts'
import type { EncoderSettings } from './settings.ts'
import type { StreamParameters } from './stream-parameters.ts'
import type { Cadence, TimeStamps } from './timestamps.ts'

export interface Seen {
  readonly observations: Observation[]
  readonly segments: SignalSegment[]
}

export const observation = (
  code: string,
  text: string,
  weight: Observation['weight'],
  more: Partial<Pick<Observation, 'at' | 'reference'>> = {},
): Observation => ({ code: `encoding.${code}`, text, weight, ...more })

const seconds = (value: number) => `${value.toFixed(2)} s`
const plural = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`

/** @param ordered false where the container does not say when pictures are shown, so that B pictures cannot be told */
export function gopObservation(gop: GopStructure, ordered: boolean): Observation {
  const kinds = ordered
    ? `${gop.keys} key, ${gop.predicted} predicted, ${gop.bidirectional} bidirectional frames`
    : `${gop.keys} key and ${gop.frames - gop.keys} other frames`
  if (gop.allIntra)
    return observation('gop', `Every frame is a key frame (${gop.frames}): an editing or camera format.`, 'context')
  if (gop.intervals.length === 0) return observation('gop', `One group of pictures: ${kinds}.`, 'context')
  return observation(
    'gop',
    gop.regularity >= 0.8
      ? `Key frames stand ${gop.usual} frames apart (${Math.round(gop.regularity * 100)} % of ${plural(gop.intervals.length, 'interval')}): ${kinds}.`
      : `Key frames stand ${Math.min(...gop.intervals)} to ${gop.longest} frames apart, placed by the encoder at changes of the picture: ${kinds}.`,
    'context',
  )
}

/** Frames missing at one place from which a gap is more than a dropped frame, as every phone has them now and then. */
const LONG_GAP = 3

/** Gaps and repeats of time; odd frames at the very start or end are how many recorders begin and stop. */
export function timeObservations(stamps: TimeStamps, frames: { readonly time: ArrayLike<number> }): Seen {
  const observations: Observation[] = []
  const segments: SignalSegment[] = []
  const first = frames.time[0] ?? 0
  const last = frames.time[frames.time.length - 1] ?? 0
  const steady = stamps.regular >= 0.95
  const inner = stamps.gaps.filter(({ start, end }) => start - first > 0.5 && last - end > 0.5)
  if (steady && inner.length > 0) {
    observations.push(
      observation(
        'gap',
        `${plural(inner.length, 'gap')} in otherwise even time stamps, the longest of ${plural(Math.max(...inner.map((g) => g.missing)), 'frame')}: frames were dropped while recording or streaming, or cut out without re-encoding.`,
        inner.length <= 5 && inner.some(({ missing }) => missing >= LONG_GAP) ? 'some' : 'context',
        { at: Math.max(0, inner[0]!.start - first), reference: 'ISO/IEC 14496-12, 8.6.1 (decoding time to sample)' },
      ),
    )
    for (const gap of inner.slice(0, 50))
      segments.push({
        start: Math.max(0, gap.start - first),
        end: Math.max(0, gap.end - first),
        score: 0.2,
        label: `gap of ${plural(gap.missing, 'frame')}`,
      })
  } else if (!steady)
    observations.push(
      observation(
        'variable-rate',
        `${Math.round((1 - stamps.regular) * 100)} % of the frames do not stand at the usual distance of ${seconds(stamps.usual)}: variable frame rate, as phones, screen recorders and video calls write it.`,
        'context',
      ),
    )
  if (stamps.duplicates.length > 0)
    observations.push(
      observation(
        'duplicate-times',
        `${plural(stamps.duplicates.length, 'frame')} share${stamps.duplicates.length === 1 ? 's' : ''} the presentation time of another, first at ${seconds(stamps.duplicates[0]! - first)}: a faulty writer, or parts joined without care.`,
        'some',
        { at: Math.max(0, stamps.duplicates[0]! - first) },
      ),
    )
  if (stamps.disordered.length > 0)
    observations.push(
      observation(
        'time-disorder',
        `Decoding times step back ${plural(stamps.disordered.length, 'time')}: parts of different recordings were joined, or packets were lost.`,
        'some',
        { at: Math.max(0, stamps.disordered[0]! - first), reference: 'ISO/IEC 13818-1, 2.4.3.7' },
      ),
    )
  return { observations, segments }
}

export function cadenceObservation(cadence: Cadence, rate: number): Observation {
  const before =
    rate > 0 ? ` (about ${((rate * (cadence.period - 1)) / cadence.period).toFixed(2)} frames a second before)` : ''
  return observation(
    'cadence',
    `One frame in ${cadence.period} repeats the frame before it (${cadence.repeats} repeats, ${Math.round(cadence.steadiness * 100)} % at that beat): the frame rate was converted${before}. Broadcasters, editors and platforms do this.`,
    'context',
  )
}

export function settingsObservations(settings: EncoderSettings, mismatches: readonly string[]): Observation[] {
  if (!settings.encoder) return []
  const parts = [
    settings.rate,
    settings.keyint === null ? '' : `key frames at most ${settings.keyint} apart`,
    settings.bframes === null ? '' : `${settings.bframes} bidirectional frames in a row`,
  ].filter(Boolean)
  const found = [
    observation(
      'settings',
      `${settings.encoder} left its settings in the stream${parts.length > 0 ? `: ${parts.join(', ')}` : ''}.`,
      'context',
      {
        reference: 'ITU-T H.264, D.2.6 (user data unregistered SEI)',
      },
    ),
  ]
  if (mismatches.length > 0)
    found.push(
      observation(
        'settings-mismatch',
        `The stream does not keep to the settings in it: ${mismatches.join('; ')}. Parts of several encodings were joined or frames removed without re-encoding, or the settings were carried over.`,
        'some',
        { reference: 'x264 --fullhelp: keyint, min-keyint, bframes' },
      ),
    )
  return found
}

/** Edit lists, joined streams, and tracks of different length. */
export function containerObservations(
  iso: IsoFacts | null,
  parameters: StreamParameters | null,
  frameTime: number,
): Observation[] {
  const observations: Observation[] = []
  if (!iso) return observations
  const video = iso.tracks.find(({ handler }) => handler === 'vide')
  const audio = iso.tracks.find(({ handler }) => handler === 'soun')
  const real = video?.edits.filter(({ start, duration }) => start !== null && duration > 0) ?? []
  if (real.length > 1)
    observations.push(
      observation(
        'edit-list',
        `The edit list plays ${real.length} pieces of the video track one after another: the file was cut without re-encoding, and what is skipped may still be in it.`,
        'some',
        { reference: 'ISO/IEC 14496-12, 8.6.6' },
      ),
    )
  else {
    const skipped = real[0]?.start ?? 0
    // Up to half a second is the delay that B frames and sound encoders need.
    if (skipped > 0.5)
      observations.push(
        observation(
          'edit-list-trim',
          `The edit list hides the first ${seconds(skipped)} of the video track: it was trimmed without re-encoding, as phones do, and the hidden part may still be in the file.`,
          'some',
          { reference: 'ISO/IEC 14496-12, 8.6.6' },
        ),
      )
    const shown = real[0]?.duration ?? null
    const held = video?.duration ?? null
    if (shown !== null && held !== null && held - skipped - shown > Math.max(0.5, 3 * frameTime))
      observations.push(
        observation(
          'edit-list-tail',
          `The edit list stops ${seconds(held - skipped - shown)} before the video track ends: the end is hidden and may still be in the file.`,
          'some',
          { reference: 'ISO/IEC 14496-12, 8.6.6' },
        ),
      )
  }
  if (real.some(({ rate }) => rate !== 1))
    observations.push(
      observation('edit-list-rate', 'The edit list changes the playing speed.', 'some', {
        reference: 'ISO/IEC 14496-12, 8.6.6',
      }),
    )
  const [v, a] = [video?.duration ?? null, audio?.duration ?? null]
  if (v !== null && a !== null && Math.abs(v - a) > Math.max(1, 0.02 * Math.max(v, a)))
    observations.push(
      observation(
        'track-lengths',
        `Picture and sound differ in length by ${seconds(Math.abs(v - a))} (${seconds(v)} and ${seconds(a)}): one of them was cut, replaced, or stopped early.`,
        'some',
      ),
    )
  if (parameters) observations.push(...parameterObservations(parameters))
  return observations
}

function parameterObservations({ entries, changedAt, encodings, samplesRead }: StreamParameters): Observation[] {
  const found: Observation[] = []
  if (entries > 1)
    found.push(
      observation(
        'sample-entries',
        `The video track has ${entries} sets of coding parameters: pieces that were encoded apart were joined without re-encoding.`,
        'some',
        { reference: 'ISO/IEC 14496-12, 8.5.2 (sample description)' },
      ),
    )
  if (changedAt !== null)
    found.push(
      observation(
        'parameters-change',
        `The coding parameters inside the stream change at ${seconds(changedAt)} (${samplesRead} key frames read): pieces that were encoded apart were joined, or a live stream changed its quality.`,
        'some',
        { at: changedAt, reference: 'ITU-T H.264, 7.3.2.1; ITU-T H.265, 7.3.2.2' },
      ),
    )
  if (encodings.length > 1)
    found.push(
      observation(
        'joined-encodings',
        `The encoder introduces itself ${encodings.length} times, at ${encodings.slice(0, 8).map(seconds).join(', ')}: as many pieces were encoded apart and joined. Editors that cut without re-encoding and platforms that encode in pieces do this.`,
        'some',
        {
          at: encodings[1]!,
          reference: 'x264, encoder/encoder.c: the version SEI is written with the first frame only',
        },
      ),
    )
  return found
}
