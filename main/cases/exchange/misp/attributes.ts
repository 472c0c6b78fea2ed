/** Which attribute of a MISP event (MISP core format) a record becomes, and which kind an attribute becomes here. */
import { EntityKind } from '../../../contract/cases.ts'
import type { EntityRow } from '../../../store/exchange/rows.ts'
import { aliasesOf, textOf } from '../plain.ts'

export interface Attribute {
  readonly type: string
  readonly category: string
  readonly value: string
}

const TYPES: Partial<Record<EntityKind, readonly [type: string, category: string]>> = {
  actor: ['threat-actor', 'Attribution'],
  operation: ['campaign-name', 'Attribution'],
}

/** The first attribute stands for the record itself; further ones give its other names and addresses. */
export function attributesOf(row: EntityRow): Attribute[] {
  const [type, category] = TYPES[row.kind] ?? ['text', 'Other']
  const address = ['account', 'channel'].includes(row.kind) ? textOf(row, 'url') : ''
  const reference = row.kind === 'source' || row.kind === 'designation' ? textOf(row, 'reference') : ''
  return [
    { type, category, value: row.name },
    ...aliasesOf(row).map((value) => ({ type, category, value })),
    ...(address ? [{ type: 'url', category: 'Network activity', value: address }] : []),
    ...(reference ? [{ type: 'link', category: 'External analysis', value: reference }] : []),
  ]
}

/** `actor: what is recorded of it` in the comment says which kind a text stands for. */
export const commentOf = (row: EntityRow, what: string, facts: string): string =>
  [`${row.kind}${what ? ` (${what})` : ''}`, facts].filter(Boolean).join(': ').slice(0, 60_000)

/** Null for an attribute that stands for no record of its own. */
export function kindOfAttribute(type: string, comment: string): EntityKind | 'also' | null {
  const [, word = '', what] = /^([a-z]+)(?: \((\w+)\))?(?::|$)/.exec(comment) ?? []
  const said = EntityKind.safeParse(word).data
  if (said) return what ? 'also' : said
  switch (type) {
    case 'threat-actor':
      return 'actor'
    case 'campaign-name':
    case 'campaign-id':
      return 'operation'
    case 'url':
    case 'uri':
    case 'domain':
    case 'hostname':
      return 'channel'
    case 'link':
      return 'source'
    case 'twitter-id':
    case 'github-username':
    case 'jabber-id':
      return 'account'
    case 'target-org':
    case 'target-user':
      return 'identity'
    case 'target-location':
      return 'location'
    default:
      return null
  }
}
