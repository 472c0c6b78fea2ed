/** Which kinds of record each relation type may link, from where to where. Analysts say these; no signal does. */
import { type NodeKind, NodeKind as NodeKinds, type RelationRule, type RelationType } from '../contract/cases.ts'

const ANY: NodeKind[] = [...NodeKinds.options]

const rule = (type: RelationType, label: string, from: NodeKind[], to: NodeKind[]): RelationRule => ({
  type,
  label,
  from,
  to,
})

/** In the order in which forms offer them. */
// prettier-ignore
export const RELATION_RULES: RelationRule[] = [
  rule('part-of', 'is part of', ['evidence', 'incident', 'account', 'channel', 'narrative', 'operation'], ['operation', 'incident', 'narrative']),
  rule('attributed-to', 'is attributed to', ['evidence', 'operation', 'incident', 'account', 'channel', 'narrative'], ['actor', 'identity', 'operation']),
  rule('publishes', 'publishes', ['account', 'channel', 'identity', 'actor'], ['evidence', 'narrative', 'source']),
  rule('depicts', 'depicts', ['evidence'], ['identity', 'actor', 'incident', 'channel', 'account']),
  rule('amplifies', 'amplifies', ['account', 'channel', 'identity', 'actor', 'operation', 'evidence'], ['narrative', 'evidence', 'account', 'channel', 'operation']),
  rule('impersonates', 'impersonates', ['evidence', 'account', 'channel', 'actor', 'operation'], ['identity', 'account', 'channel']),
  rule('controls', 'controls', ['actor', 'identity', 'operation'], ['account', 'channel']),
  rule('belongs-to', 'belongs to', ['account', 'channel', 'actor', 'identity'], ['identity', 'actor', 'operation']),
  rule('targets', 'targets', ['operation', 'actor', 'incident', 'narrative', 'evidence'], ['identity', 'account', 'channel']),
  rule('compromises', 'compromises', ['actor', 'operation', 'incident'], ['channel', 'account', 'identity']),
  rule('sponsored-by', 'is sponsored by', ['actor', 'operation', 'account', 'channel'], ['identity', 'actor']),
  rule('cooperates-with', 'cooperates with', ['actor', 'identity'], ['actor', 'identity']),
  rule('supports', 'supports', ['actor', 'identity', 'operation', 'narrative'], ['actor', 'identity', 'operation', 'narrative']),
  rule('denies', 'denies', ['identity', 'actor', 'account', 'channel', 'source', 'evidence'], ['incident', 'operation', 'narrative', 'evidence', 'source']),
  rule('contradicts', 'contradicts', ['source', 'evidence', 'narrative', 'incident'], ['source', 'evidence', 'narrative', 'incident']),
  rule('corroborates', 'corroborates', ['source', 'evidence', 'incident'], ANY),
  rule('derived-from', 'is derived from', ['evidence', 'narrative', 'source'], ['evidence', 'narrative', 'source']),
  rule('same-footage-as', 'shows the same footage as', ['evidence'], ['evidence']),
  rule('related-to', 'is related to', ANY, ANY),
]

/** Relations that say the same in both directions. */
export const SYMMETRIC: ReadonlySet<RelationType> = new Set([
  'cooperates-with',
  'contradicts',
  'same-footage-as',
  'related-to',
])

export const ruleOf = (type: RelationType): RelationRule => RELATION_RULES.find((known) => known.type === type)!

export const isAllowed = (type: RelationType, from: NodeKind, to: NodeKind): boolean =>
  ruleOf(type).from.includes(from) && ruleOf(type).to.includes(to)
