/**
 * What a comparison adds to the finding `known-footage` of either item. A face that differs inside otherwise identical footage
 * is the strongest indicator there is, on both items: one of the two was altered, and which of them is not known.
 */
import type { Comparison, Difference } from '../contract/differences.ts'
import type { Match } from '../contract/matching.ts'
import type { EvidenceExhibit, Observation, SignalSegment, Track } from '../contract/signals.ts'
import { NOT_KNOWN, WORDS } from './differ/words.ts'

export interface DifferenceEvidence {
  readonly observations: Observation[]
  readonly segments: SignalSegment[]
  readonly exhibits: EvidenceExhibit[]
  readonly tracks: Track[]
  readonly knownFailures: string[]
}

/** From this strength and length on, a difference in a face is a reason to look by itself. */
const STRONG = { strength: 0.4, seconds: 1 } as const

/** Stations have logos and translators replace sound: those add to a reason at most, borders and crops to none. */
function weightOf({ kind, strength, seconds }: Difference): Observation['weight'] {
  if (kind === 'face' || kind === 'mouth')
    return strength >= STRONG.strength && seconds >= STRONG.seconds ? 'strong' : 'some'
  return kind === 'part' || kind === 'sound' ? 'some' : 'context'
}

const time = (seconds: number): string => `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(1).padStart(4, '0')}`

/** @param evidenceId the item that the finding is about: one of the two */
export function differenceEvidence(match: Match, comparison: Comparison, evidenceId: string): DifferenceEvidence {
  const fresh = match.fresh.evidenceId === evidenceId
  const other = `“${(fresh ? match.known : match.fresh).name}”`
  const told = comparison.differences.filter(({ kind }) => kind !== 'borders' && kind !== 'cropped').slice(0, 20)
  const range = (difference: Difference) => (fresh ? difference.fresh : difference.known)
  return {
    observations: [
      ...told.map((difference): Observation => ({
        code: `known-footage.differs-${difference.kind}`,
        text: `Against ${other}, from ${time(range(difference).start)} to ${time(range(difference).end)}: ${difference.kind in WORDS ? WORDS[difference.kind as keyof typeof WORDS] : difference.words} ${NOT_KNOWN}`,
        weight: weightOf(difference),
        at: range(difference).start,
        reference: `Comparison ${comparison.version} of aligned, registered frames`,
      })),
      ...(told.length
        ? []
        : [
            {
              code: 'known-footage.compared',
              text: `Against ${other}: ${comparison.words}`,
              weight: 'context' as const,
            },
          ]),
    ],
    segments: told.map((difference): SignalSegment => {
      const region = fresh ? difference.freshRegion : difference.knownRegion
      return {
        ...range(difference),
        score: difference.strength,
        label: `${LABELS[difference.kind]} ${other}`,
        ...(region && { region }),
      }
    }),
    exhibits: comparison.pairs.map(({ sha256, mime, width, height, time: at, known, caption }) => ({
      kind: 'image',
      sha256,
      mime,
      width,
      height,
      at: Math.max(0, fresh ? at : known),
      caption,
    })),
    tracks: fresh
      ? comparison.segments
          .filter(({ state, times }) => state === 'compared' && times.length > 1)
          .map((segment) => trackOf(segment, other))
      : [],
    knownFailures: comparison.knownFailures,
  }
}

const LABELS: Readonly<Record<Difference['kind'], string>> = {
  face: 'face differs from',
  mouth: 'mouth differs from',
  overlay: 'logo or caption differs from',
  part: 'part differs from',
  everywhere: 'differs nearly everywhere from',
  sound: 'sound differs from',
  borders: 'borders against',
  cropped: 'cropped against',
}

/** Evenly spaced over the whole segment: parts that were not looked at say nothing. */
function trackOf({ times, share, step }: Comparison['segments'][number], other: string): Track {
  const start = times[0]!
  const values: (number | null)[] = Array.from({ length: Math.round((times.at(-1)! - start) / step) + 1 }, () => null)
  times.forEach((at, i) => (values[Math.round((at - start) / step)] = share[i]!))
  return { label: `Differs from ${other}`, unit: 'share of the picture', start, step, values }
}
