/** Which relations a form may offer between two kinds of record. */
import type { z } from 'zod'
import type { NodeKind, RelationRule } from '../../../main/contract/cases.ts'

export type Rule = z.infer<typeof RelationRule>

/** The rules that allow `from` → `to`, in the order in which they are declared. */
export function offeredRelations(rules: readonly Rule[], from: NodeKind, to: NodeKind): Rule[] {
  return rules.filter((rule) => rule.from.includes(from) && rule.to.includes(to))
}

/** The relation that a form starts with. Never an attribution: that has to be chosen. */
export function suggestedRelation(offered: readonly Rule[]): Rule['type'] | null {
  return (offered.find((rule) => rule.type !== 'attributed-to') ?? offered[0])?.type ?? null
}
