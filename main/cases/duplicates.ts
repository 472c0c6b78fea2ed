/** Records that may be one, with the reasons. Suggestions only: merging is a person's step. */
import type { Entity } from '../contract/cases.ts'
import type { DuplicateSuggestion } from '../contract/records.ts'
import type { Alias } from '../contract/values.ts'
import { caseEntityHeads, entityHeads } from '../store/entities.ts'
import type { Library } from '../store/library.ts'
import { relationsOfTypes } from '../store/relations.ts'
import { viewAll } from './view.ts'

type Reason = DuplicateSuggestion['reasons'][number]

/** Values by which more records than this agree tell nothing (“unknown”, a shared link page). */
const CROWD = 20
/** Names of fewer letters are shared by chance. */
const NAME_LENGTH = 4

/** Case, marks, width and Arabic letter variants folded; punctuation and spaces dropped. */
export const foldName = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[يى]/g, 'ی')
    .replaceAll('ك', 'ک')
    .replaceAll(/[\u200c\u200d]/g, '')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')

/** Scheme, `www.`, trailing slash, fragment and tracking parameters dropped, host in lower case. */
export function foldAddress(text: string): string {
  const [, host = '', rest = ''] = /^(?:[a-z][a-z\d+.-]*:\/\/)?(?:www\.|m\.)?([^/?#]+)([^#]*)/i.exec(text.trim()) ?? []
  const [path = '', query = ''] = rest.split('?')
  const kept = query.split('&').filter((part) => part && !/^(utm_\w+|fbclid|gclid|igsh|si|ref)=/i.test(part))
  return `${host.toLowerCase()}${path.replace(/\/+$/, '')}${kept.length ? `?${kept.sort().join('&')}` : ''}`
}

/** Pairs with the most reasons first. */
export function duplicates(
  lib: Library,
  filter: { caseId?: string | undefined; limit: number },
): DuplicateSuggestion[] {
  const heads = filter.caseId ? caseEntityHeads(lib, filter.caseId) : entityHeads(lib)
  const entities = viewAll(lib, heads, filter.caseId ? { caseId: filter.caseId } : undefined)
  const byId = new Map(entities.map((entity) => [entity.id, entity]))
  const pairs = new Map<string, Reason[]>()
  const keys = Map.groupBy(entities.flatMap(keysOf), ({ key }) => key)
  for (const found of keys.values()) {
    const ids = [...new Set(found.map(({ id }) => id))].sort()
    if (ids.length < 2 || ids.length > CROWD) continue
    for (const [n, a] of ids.entries())
      for (const b of ids.slice(n + 1)) {
        const said = found.filter(({ id }) => id === a || id === b)
        note(pairs, a, b, said[0]!.reason(said.map(({ shown }) => shown)))
      }
  }
  for (const [a, b] of sameFootage(lib, byId))
    note(pairs, a, b, { code: 'same-footage', text: 'They publish the same footage.' })
  return [...pairs]
    .map(([pair, reasons]) => {
      const [a, b] = pair.split(' ').map((id) => byId.get(id)!)
      return { a: brief(a!), b: brief(b!), reasons }
    })
    .sort((x, y) => y.reasons.length - x.reasons.length || (x.a.name < y.a.name ? -1 : 1))
    .slice(0, filter.limit)
}

const brief = ({ id, kind, name }: Entity): DuplicateSuggestion['a'] => ({ id, kind, name })

function note(pairs: Map<string, Reason[]>, a: string, b: string, reason: Reason): void {
  const pair = a < b ? `${a} ${b}` : `${b} ${a}`
  const reasons = pairs.get(pair) ?? []
  if (!reasons.some((known) => known.code === reason.code && known.text === reason.text)) reasons.push(reason)
  pairs.set(pair, reasons)
}

interface Key {
  readonly key: string
  readonly id: string
  readonly shown: string
  readonly reason: (shown: readonly string[]) => Reason
}

/** What two records of one kind may share. */
function keysOf({ id, kind, name, attributes }: Entity): Key[] {
  const keys: Key[] = []
  const add = (by: string, folded: string, shown: string, reason: Key['reason']): void => {
    if (folded) keys.push({ key: `${kind} ${by} ${folded}`, id, shown, reason })
  }
  const text = (field: string): string => (typeof attributes[field] === 'string' ? attributes[field] : '')
  const aliases = ((attributes['aliases'] as Alias[] | undefined) ?? []).map((alias) => alias.name ?? '')
  if (kind !== 'source' && kind !== 'claim')
    for (const shown of [name, ...aliases]) {
      const folded = foldName(shown)
      if (folded.length >= NAME_LENGTH)
        add('name', folded, shown, (all) => ({
          code: 'same-name',
          text: `Both are called “${all[0]}”${all[1] && all[1] !== all[0] ? ` (“${all[1]}”)` : ''}.`,
        }))
    }
  if (kind === 'account' && text('platform') && text('handle')) {
    const handle = text('handle').replace(/^@/, '')
    add('handle', `${foldName(text('platform'))}/${handle.toLowerCase()}`, `@${handle}`, (all) => ({
      code: 'same-handle',
      text: `Both are ${all[0]} on ${text('platform')}.`,
    }))
  }
  for (const field of ['url', 'reference'])
    if (text(field))
      add('address', foldAddress(text(field)), text(field), (all) => ({
        code: 'same-address',
        text: `Both have the address ${foldAddress(all[0]!)}.`,
      }))
  if (kind === 'source')
    add('id', text('archiveSha256'), text('archiveSha256'), () => ({
      code: 'same-id',
      text: 'Both have the same archived copy.',
    }))
  if (kind === 'technique')
    add('id', text('techniqueId').toUpperCase(), text('techniqueId'), (all) => ({
      code: 'same-id',
      text: `Both have the id ${all[0]}.`,
    }))
  return keys
}

/** Accounts or channels of one kind that publish one item, or items that show the same footage. */
function sameFootage(lib: Library, byId: ReadonlyMap<string, Entity>): [string, string][] {
  const relations = relationsOfTypes(lib, ['publishes', 'same-footage-as'])
  const same = new Map<string, Set<string>>()
  const publishers = new Map<string, Set<string>>()
  const into = (map: Map<string, Set<string>>, key: string, value: string): void => {
    const known = map.get(key)
    if (known) known.add(value)
    else map.set(key, new Set([value]))
  }
  for (const { type, from, to } of relations)
    if (type === 'same-footage-as') {
      into(same, from.id, to.id)
      into(same, to.id, from.id)
    } else if (to.kind === 'evidence' && byId.has(from.id)) into(publishers, to.id, from.id)
  const pairs: [string, string][] = []
  for (const [item, by] of publishers) {
    const all = new Set([...by, ...[...(same.get(item) ?? [])].flatMap((other) => [...(publishers.get(other) ?? [])])])
    if (all.size > CROWD) continue
    for (const a of by)
      for (const b of all)
        if (a < b && byId.get(a)!.kind === byId.get(b)!.kind && ['account', 'channel'].includes(byId.get(a)!.kind))
          pairs.push([a, b])
  }
  return pairs
}
