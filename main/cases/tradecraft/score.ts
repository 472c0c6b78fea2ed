/**
 * Numbers of the competing-hypotheses matrix. The method is R. Heuer, “Psychology of Intelligence Analysis” (1999), ch. 8:
 * hypotheses are ranked by what speaks against them, and evidence that says the same of all of them tells nothing. Heuer
 * gives no numbers; these are stated here and printed with the matrix.
 */
import type { Consistency } from '../../contract/values.ts'

/** What one rating adds to the inconsistency of a hypothesis. What is consistent adds nothing: it rarely excludes others. */
const AGAINST: Readonly<Record<Consistency, number>> = { CC: 0, C: 0, N: 0, I: 1, II: 2 }
/** The scale from against to for, for telling how far apart ratings are. */
const SCALE: Readonly<Record<Consistency, number>> = { II: -2, I: -1, N: 0, C: 1, CC: 2 }

/** Weight of an item by its Admiralty code: credibility 1 to 5 and reliability A to E, each from 1 down to 0.2. */
const STEPS: Readonly<Record<string, number>> = {
  '1': 1, '2': 0.8, '3': 0.6, '4': 0.4, '5': 0.2, A: 1, B: 0.8, C: 0.6, D: 0.4, E: 0.2,
} // prettier-ignore
/** What cannot be judged (6, F) weighs as the middle: not knowing is no reason to leave it out. */
const UNJUDGED = 0.6

export const METHOD =
  'Heuer (1999), ch. 8. Inconsistency of a hypothesis: the sum over its items of 1 for I and 2 for II, each times the weight of the item; lower is better. Weight: the product of the steps of its Admiralty code (A or 1: 1; B or 2: 0.8; C or 3: 0.6; D or 4: 0.4; E or 5: 0.2; F or 6: 0.6). Diagnosticity: the mean absolute difference of the ratings of an item over all pairs of hypotheses on the scale II −2 to CC +2, divided by 4. It orders hypotheses for a reader; it is no probability.'

export const weightOf = (reliability: string, credibility: string): number =>
  (STEPS[reliability] ?? UNJUDGED) * (STEPS[credibility] ?? UNJUDGED)

/** 0 where the item says the same of every hypothesis that it was rated against, 1 where it is as far apart as can be. */
export function diagnosticity(ratings: readonly Consistency[]): number | null {
  if (ratings.length < 2) return null
  let [sum, pairs] = [0, 0]
  for (const [n, a] of ratings.entries())
    for (const b of ratings.slice(n + 1)) {
      sum += Math.abs(SCALE[a] - SCALE[b])
      pairs++
    }
  return sum / pairs / 4
}

export interface WeighedRow {
  readonly weight: number
  /** By hypothesis. */
  readonly ratings: ReadonlyMap<string, Consistency>
}

/** Inconsistency by hypothesis, rounded so that sums in another order are equal. */
export function inconsistencies(hypotheses: readonly string[], rows: readonly WeighedRow[]): Map<string, number> {
  return new Map(
    hypotheses.map((id) => {
      const sum = rows.reduce((total, row) => total + AGAINST[row.ratings.get(id) ?? 'N'] * row.weight, 0)
      return [id, Math.round(sum * 1e9) / 1e9]
    }),
  )
}

/** The least inconsistent ones; none while nothing is rated. */
export function leadersOf(hypotheses: readonly string[], rows: readonly WeighedRow[]): string[] {
  if (!rows.some((row) => row.ratings.size > 0)) return []
  const scores = inconsistencies(hypotheses, rows)
  const least = Math.min(...scores.values())
  return hypotheses.filter((id) => scores.get(id) === least)
}

/** Equal scores share a rank: 1, 1, 3. */
export function ranks(scores: ReadonlyMap<string, number>): Map<string, number> {
  const sorted = [...scores.values()].sort((a, b) => a - b)
  return new Map([...scores].map(([id, score]) => [id, sorted.indexOf(score) + 1]))
}
