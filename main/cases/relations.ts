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
  rule('part-of', 'is part of', ['evidence', 'incident', 'account', 'channel', 'narrative', 'operation', 'enforcement', 'claim', 'metric', 'location', 'actor', 'identity', 'technique'], ['operation', 'incident', 'narrative', 'location', 'actor', 'identity', 'enforcement', 'technique']),
  rule('attributed-to', 'is attributed to', ['evidence', 'operation', 'incident', 'account', 'channel', 'narrative'], ['actor', 'identity', 'operation']),
  rule('publishes', 'publishes', ['account', 'channel', 'identity', 'actor'], ['evidence', 'narrative', 'source', 'claim']),
  rule('depicts', 'depicts', ['evidence'], ['identity', 'actor', 'incident', 'channel', 'account', 'location']),
  rule('amplifies', 'amplifies', ['account', 'channel', 'identity', 'actor', 'operation', 'evidence'], ['narrative', 'evidence', 'account', 'channel', 'operation', 'claim']),
  rule('impersonates', 'impersonates', ['evidence', 'account', 'channel', 'actor', 'operation'], ['identity', 'account', 'channel']),
  rule('controls', 'controls', ['actor', 'identity', 'operation'], ['account', 'channel']),
  rule('belongs-to', 'belongs to', ['account', 'channel', 'actor', 'identity'], ['identity', 'actor', 'operation']),
  rule('uses', 'uses', ['operation', 'actor', 'incident', 'evidence', 'account', 'channel', 'narrative'], ['technique', 'account', 'channel', 'narrative']),
  rule('targets', 'targets', ['operation', 'actor', 'incident', 'narrative', 'evidence'], ['identity', 'account', 'channel', 'location']),
  rule('compromises', 'compromises', ['actor', 'operation', 'incident'], ['channel', 'account', 'identity']),
  rule('located-at', 'is located at', ['actor', 'identity', 'account', 'channel', 'incident', 'evidence', 'operation'], ['location']),
  rule('enforced-against', 'was enforced against', ['enforcement'], ['account', 'channel', 'identity', 'actor', 'operation', 'narrative', 'evidence']),
  rule('designated-by', 'is designated by', ['identity', 'actor', 'channel', 'account', 'operation'], ['designation']),
  rule('sponsored-by', 'is sponsored by', ['actor', 'operation', 'account', 'channel', 'identity'], ['identity', 'actor']),
  rule('cooperates-with', 'cooperates with', ['actor', 'identity'], ['actor', 'identity']),
  rule('supports', 'supports', ['actor', 'identity', 'operation', 'narrative', 'claim'], ['actor', 'identity', 'operation', 'narrative', 'claim', 'hypothesis']),
  rule('denies', 'denies', ['identity', 'actor', 'account', 'channel', 'source', 'evidence', 'claim'], ['incident', 'operation', 'narrative', 'evidence', 'source', 'claim']),
  rule('contradicts', 'contradicts', ['source', 'evidence', 'narrative', 'incident', 'claim'], ['source', 'evidence', 'narrative', 'incident', 'claim', 'hypothesis']),
  rule('corroborates', 'corroborates', ['source', 'evidence', 'incident', 'claim', 'metric'], ANY),
  rule('derived-from', 'is derived from', ['evidence', 'narrative', 'source', 'claim', 'metric', 'hypothesis', 'forecast'], ['evidence', 'narrative', 'source', 'claim', 'metric']),
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
