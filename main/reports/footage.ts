/** What a report may say of known footage: other items are named only under a mark that carries them. */
import { TLP_LEVELS, type Tlp } from '../contract/common.ts'
import type { Finding } from '../contract/findings.ts'
import { seenFrom, type Match, type SeenSegment } from '../contract/matching.ts'
import { KNOWN_FOOTAGE } from '../signals/library-signals.ts'
import { evidenceById } from '../store/evidence.ts'
import type { Library } from '../store/library.ts'
import { matchesOf } from '../store/matches.ts'
import { en } from './words/en.ts'

/** A match that an analyst accepted, from the side of the item of the report. */
export interface SharedFootage {
  readonly other: { readonly name: string; readonly sha256: string; readonly tlp: Tlp }
  readonly words: string
  readonly reason: string
  readonly decidedAt: string | null
  readonly segments: readonly SeenSegment[]
}

export interface ItemFootage {
  readonly shared: readonly SharedFootage[]
  /** Accepted matches with items that the report's mark may not carry. */
  readonly withheld: number
  /** Items, matches nobody has judged yet among them, that the finding was kept from telling of. */
  readonly unsaid: number
  /** The finding, without a word about items that the mark may not carry; in English, as findings are stored. */
  readonly reduce: (finding: Finding) => Finding
}

/** @param mark of the report */
export function itemFootage(lib: Library, evidenceId: string, mark: Tlp): ItemFootage {
  const matches = matchesOf(lib, evidenceId).filter(({ state }) => state !== 'rejected')
  const told = matches.map((match) => ({
    match,
    other: evidenceById(lib, seenFrom(match, evidenceId).other.evidenceId),
  }))
  const carries = ({ tlp }: { tlp: Tlp }): boolean => TLP_LEVELS.indexOf(tlp) <= TLP_LEVELS.indexOf(mark)
  const accepted = told.filter(({ match }) => match.state === 'accepted')
  const above = told.filter(({ other }) => !carries(other)).length
  return {
    shared: accepted
      .filter(({ other }) => carries(other))
      .map(({ match, other: { name, sha256, tlp } }) => ({
        other: { name, sha256, tlp },
        ...saidOf(match, evidenceId),
      })),
    withheld: accepted.filter(({ other }) => !carries(other)).length,
    unsaid: above,
    reduce: (finding) => (above && finding.output.id === KNOWN_FOOTAGE.id ? reduced(finding, above) : finding),
  }
}

const saidOf = (match: Match, evidenceId: string): Omit<SharedFootage, 'other'> => ({
  words: match.words,
  reason: match.reason,
  decidedAt: match.decidedAt,
  segments: seenFrom(match, evidenceId).segments,
})

function reduced(finding: Finding, above: number): Finding {
  const explanation = en.evidence.footageFinding(above)
  return { ...finding, output: { ...finding.output, segments: [], observations: [], evidence: [], explanation } }
}
