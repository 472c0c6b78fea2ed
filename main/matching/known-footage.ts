/**
 * The finding `known-footage`: where else in the library this footage is shown. Made by the host after an item was held
 * against the library, and again whenever that changes. Context, never an accusation: that footage was shown before says
 * nothing against it.
 */
import { seenFrom, type ListMatch, type Match, type SeenSegment } from '../contract/matching.ts'
import type { Observation, SignalOutput, SignalSegment } from '../contract/signals.ts'
import type { Comparison } from '../contract/differences.ts'
import { KNOWN_FOOTAGE } from '../signals/library-signals.ts'
import { differenceEvidence } from './difference-evidence.ts'
import { FOUND, shownWords } from './found.ts'
import { MATCHING } from './match.ts'
import { LEAST_QUALITY } from './pdq.ts'
import { MATCHING_VERSION } from './version.ts'

export interface FootageSeen {
  readonly evidenceId: string
  /** Of the item itself, those rejected left out. */
  readonly matches: readonly Match[]
  /** What differs inside them, by match, as far as they were compared. */
  readonly comparisons: ReadonlyMap<string, Comparison>
  readonly lists: readonly ListMatch[]
  /** Other items that it was held against, and the SHA-256 of their fingerprints together. */
  readonly videos: number
  readonly library: string
  /** Hash lists that it was held against. */
  readonly hashLists: number
  readonly ffmpeg: string
  /** Frames of it that were hashed, and how many of those show enough to be told apart. */
  readonly frames: number
  readonly usable: number
}

/** Matches that are told one by one; the rest is counted. */
const TOLD = 20
/** Frames with enough to tell apart, below which nothing is concluded: less than two seconds. */
const LEAST_FRAMES = 4

export function knownFootage(seen: FootageSeen): SignalOutput {
  const { evidenceId, lists, videos, usable } = seen
  const shared = seen.matches.filter(({ kind }) => kind !== 'scene')
  const scenes = seen.matches.length - shared.length
  if (!shared.length && !lists.length) {
    if (usable < LEAST_FRAMES)
      return abstained(seen, 'too little picture and sound: hardly anything in it can be told apart')
    if (!videos && !seen.hashLists) return abstained(seen, 'there is no other footage in the library to compare with')
  }
  const told = shared.slice(0, TOLD)
  const differing = told.flatMap((match) => {
    const comparison = seen.comparisons.get(match.id)
    return comparison ? [differenceEvidence(match, comparison, evidenceId)] : []
  })
  return {
    ...base(seen),
    applicability: { state: 'ran', reason: '' },
    segments: [
      ...told.flatMap((match) => segmentsOf(match, evidenceId)),
      ...differing.flatMap(({ segments }) => segments),
    ].sort((a, b) => a.start - b.start || a.end - b.end),
    tracks: differing.flatMap(({ tracks }) => tracks),
    observations: [
      ...differing.flatMap(({ observations }) => observations),
      ...told.map((match) => observationOf(match, evidenceId)),
      ...lists.slice(0, TOLD).map(listed),
    ],
    evidence: [...differing.flatMap(({ exhibits }) => exhibits), ...(told.length ? [tableOf(told, evidenceId)] : [])],
    explanation: explain(shared, lists.length, scenes, evidenceId),
    knownFailures: [
      ...new Set([...failures(seen, shared), ...differing.flatMap(({ knownFailures }) => knownFailures)]),
    ],
  }
}

const base = (seen: FootageSeen): SignalOutput => ({
  id: KNOWN_FOOTAGE.id,
  version: KNOWN_FOOTAGE.version,
  applicability: { state: 'abstained', reason: '' },
  // Sharing footage is no indicator of anything: there is no scale on which it could stand.
  score: null,
  calibration: null,
  segments: [],
  observations: [],
  tracks: [],
  evidence: [],
  explanation: '',
  knownFailures: [],
  provenance: {
    model: null,
    parameters: {
      matching: MATCHING_VERSION,
      'hash-radius': MATCHING.hashRadius,
      'corner-radius': MATCHING.lookUpRadius,
      'least-quality': LEAST_QUALITY,
      'same-footage-correlation': MATCHING.sameFootage,
      'strong-frames': FOUND.strong.frames,
      'strong-share': FOUND.strong.share,
      'library-videos': seen.videos,
      'library-state': seen.library,
      'hash-lists': seen.hashLists,
    },
    ffmpeg: seen.ffmpeg,
    seed: 0,
  },
})

const abstained = (seen: FootageSeen, reason: string): SignalOutput => ({
  ...base(seen),
  applicability: { state: 'abstained', reason },
  explanation: `Not compared: ${reason}.`,
})

/** A fingerprint that cannot be read; running the triage again makes it anew. */
export const footageFailed = (seen: Pick<FootageSeen, 'ffmpeg'>): SignalOutput => ({
  ...base({
    ...seen,
    evidenceId: '',
    matches: [],
    comparisons: new Map(),
    lists: [],
    videos: 0,
    library: '',
    hashLists: 0,
    frames: 0,
    usable: 0,
  }),
  applicability: { state: 'failed', reason: 'its fingerprint is damaged: run the triage again' },
  explanation: 'Known footage failed: nothing was compared.',
})

const about = (match: Match, evidenceId: string): string => `“${seenFrom(match, evidenceId).other.name}”`

/** What the match is called, from the side of this item: what is done to the other's picture is said on the other side. */
function labelOf(match: Match, evidenceId: string): string {
  const what = { footage: 'same footage as', undecided: 'frames like', scene: 'same scene as', sound: 'same sound as' }[
    match.kind
  ]
  return `${what} ${about(match, evidenceId)}`
}

const SCORES = { strong: 0.9, moderate: 0.6, weak: 0.3 } as const

const segmentsOf = (match: Match, evidenceId: string): SignalSegment[] =>
  seenFrom(match, evidenceId).segments.flatMap(({ start, end, segment }) =>
    segment.kind === 'scene'
      ? []
      : [{ start, end: Math.max(start, end), score: SCORES[segment.strength], label: labelOf(match, evidenceId) }],
  )

function observationOf(match: Match, evidenceId: string): Observation {
  const { segments } = seenFrom(match, evidenceId)
  const [first] = segments
  const decided = match.state === 'accepted' ? ' An analyst has confirmed it.' : ''
  return {
    code: `known-footage.${match.kind}`,
    text: `${capital(labelOf(match, evidenceId))}: ${match.words}; ${match.strength} support.${decided}`,
    weight: 'context',
    ...(first && { at: first.start }),
  }
}

const listed = (hit: ListMatch): Observation => ({
  code: 'known-footage.listed',
  text: `The hash list “${hit.listName}” has frames of it${hit.entryId ? ` as “${hit.entryId}”` : ''}${hit.labels.length ? ` (${hit.labels.join(', ')})` : ''}: ${hit.frames} within ${MATCHING.hashRadius} bits, the nearest at ${hit.distance}.`,
  weight: 'context',
  at: hit.from,
})

const time = (seconds: number): string => `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(1).padStart(4, '0')}`

function tableOf(matches: readonly Match[], evidenceId: string): SignalOutput['evidence'][number] {
  const row = (match: Match, { start, end, otherStart, otherEnd, segment }: SeenSegment): string[] => [
    seenFrom(match, evidenceId).other.name,
    `${time(start)} – ${time(end)}`,
    `${time(otherStart)} – ${time(otherEnd)}`,
    shownWords(segment) || 'as it is',
    `${segment.strength}: ${segment.words}`,
  ]
  return {
    kind: 'table',
    caption: 'Stretches that are shown elsewhere in the library; how one is shown is said of the item that came later',
    columns: ['Other item', 'Here', 'There', 'Shown', 'Support'],
    rows: matches.flatMap((match) => seenFrom(match, evidenceId).segments.map((segment) => row(match, segment))),
  }
}

function explain(shared: readonly Match[], lists: number, scenes: number, evidenceId: string): string {
  const [best] = shared
  const others = shared.length - 1
  const parts = []
  if (best)
    parts.push(`${capital(labelOf(best, evidenceId))} (${best.words})${others > 0 ? ` and ${others} more` : ''}.`)
  if (lists) parts.push(`Frames of it are on hash lists (${lists} ${lists === 1 ? 'entry' : 'entries'}).`)
  if (!best) parts.push('No other item of the library shows the same footage, as far as pictures tell.')
  if (scenes) parts.push(`${scenes} ${scenes === 1 ? 'item shows' : 'items show'} the same scene in another take.`)
  if (best) parts.push('That footage is shown elsewhere is no manipulation by itself.')
  return parts.join(' ')
}

function failures({ frames, usable }: FootageSeen, shared: readonly Match[]): string[] {
  const found = []
  if (frames > 0 && usable < frames / 2)
    found.push('Most frames are too plain to be told apart: footage in them may have been missed.')
  if (shared.some(({ kind }) => kind === 'undecided'))
    found.push('Where nothing moves, a copy cannot be told from another picture of the same thing.')
  return found
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
