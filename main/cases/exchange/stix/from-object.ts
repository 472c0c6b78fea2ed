/** A STIX object of somebody else as a record: which kind it is, and what each of its properties says. */
import type { EntityKind, RelationType } from '../../../contract/cases.ts'
import { fold } from '../../../store/search/fold.ts'
import { DISARM_ID, isLocal, KILL_CHAINS, techniqueById } from '../../disarm/disarm.ts'

import { objectsIn } from './extension.ts'

type Json = Record<string, unknown>

/** Which kind a type becomes; types that are not here are kept as they came. */
export const KINDS: Readonly<Record<string, EntityKind>> = {
  campaign: 'operation',
  'intrusion-set': 'actor',
  'threat-actor': 'actor',
  identity: 'identity',
  'user-account': 'account',
  channel: 'channel',
  infrastructure: 'channel',
  'course-of-action': 'enforcement',
  incident: 'incident',
  narrative: 'narrative',
  location: 'location',
  'attack-pattern': 'technique',
  report: 'source',
}

/** Of every object: read for the record itself, or of no meaning for it. */
const COMMON = new Set([
  'type', 'spec_version', 'id', 'created', 'modified', 'created_by_ref', 'name', 'object_marking_refs', 'confidence', 'revoked',
]) // prettier-ignore
/** Read for each kind, besides. */
const READ: Readonly<Record<EntityKind, readonly string[]>> = {
  operation: ['description', 'aliases', 'objective', 'first_seen', 'last_seen'],
  actor: ['description', 'aliases', 'first_seen', 'last_seen'],
  identity: ['description', 'identity_class', 'roles'],
  account: ['account_type', 'account_login', 'user_id', 'display_name', 'is_disabled', 'account_created'],
  channel: ['description', 'aliases', 'infrastructure_types', 'first_seen', 'last_seen'],
  enforcement: ['description'],
  designation: [],
  incident: ['description'],
  narrative: ['description'],
  claim: [],
  hypothesis: [],
  forecast: [],
  metric: [],
  location: ['description', 'country', 'region', 'city', 'administrative_area'],
  technique: ['description', 'kill_chain_phases', 'external_references', 'aliases'],
  source: ['description', 'published', 'external_references', 'object_refs', 'report_types'],
}

export const isRead = (kind: EntityKind, property: string): boolean =>
  COMMON.has(property) || READ[kind].includes(property)

const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(text).filter(Boolean) : [])

/** What the record is called; never empty. */
export function nameOf(object: Json): string {
  const candidates = [
    object['name'],
    object['display_name'],
    object['account_login'],
    object['user_id'],
    object['value'],
  ]
  return (candidates.map(text).find(Boolean) ?? text(object['id'])).slice(0, 300)
}

/** `2024-02-08` rather than a midnight that nobody meant; with its time where there is one. */
export function datedText(untrusted: unknown): string {
  const given = text(untrusted)
  return /^\d{4}-\d{2}-\d{2}T00:00:00(\.0+)?Z$/.test(given) ? given.slice(0, 10) : given.replace(/\.\d+Z$/, 'Z')
}

/** Values by field, in their text forms, which the schema of the field reads: lists for fields with many. */
export function fieldsOf(kind: EntityKind, object: Json): Record<string, unknown> {
  const description = text(object['description'])
  const aliases = texts(object['aliases'])
  switch (kind) {
    case 'operation':
      return {
        description,
        aliases,
        objective: text(object['objective']),
        start: datedText(object['first_seen']),
        end: datedText(object['last_seen']),
      }
    case 'identity': {
      const kinds: Record<string, string> = { individual: 'person', organization: 'organisation', group: 'group' }
      return { description, class: kinds[text(object['identity_class'])], role: texts(object['roles'])[0] }
    }
    case 'account':
      return {
        platform: text(object['account_type']),
        handle: text(object['account_login']) || text(object['user_id']),
        state: object['is_disabled'] === true ? 'removed' : undefined,
        created: datedText(object['account_created']),
      }
    case 'channel': {
      const [type = ''] = texts(object['infrastructure_types'])
      const known = ['broadcaster', 'streaming service', 'website', 'chat group']
      return { description, aliases, type: known.includes(type) ? type : type ? 'other' : undefined }
    }
    case 'incident':
      return { what: description }
    case 'narrative':
      return { claim: description.slice(0, 500) }
    case 'location':
      return {
        description,
        country: text(object['country']),
        region: text(object['administrative_area']) || text(object['region']),
        place: text(object['city']),
      }
    case 'technique':
      return { description, ...techniqueFields(object) }
    case 'source':
      return { description, date: datedText(object['published']), ...reference(object) }
    default:
      return { description, aliases }
  }
}

/** DISARM's own bundle and others' call its kill chain `mitre-attack` or `disarm`; its ids tell it from ATT&CK. */
function techniqueFields(object: Json): Record<string, unknown> {
  const references = objectsIn(object['external_references'])
  const ids = references.map((one) => text(one['external_id'])).filter(Boolean)
  const phases = objectsIn(object['kill_chain_phases'])
  const chains = new Set(phases.map((one) => text(one['kill_chain_name'])))
  const own = ids.find((id) => DISARM_ID.test(id) && techniqueById(id))
  const name = fold(nameOf(object))
  const sameName = own !== undefined && fold(techniqueById(own)!.name) === name
  // ATT&CK has ids of the same form (T1566): only one whose name is DISARM's too, or a chain of that name, is DISARM's.
  const isDisarm = own !== undefined && (chains.has(KILL_CHAINS[0]) || sameName || !chains.has(KILL_CHAINS[1]))
  const id = isDisarm ? own : (ids.find((one) => one.startsWith('T')) ?? ids[0])
  return {
    framework: isDisarm ? 'DISARM' : id && isLocal(id) ? 'local' : 'other',
    techniqueId: id,
    tactics: [...new Set(phases.map((one) => text(one['phase_name'])).filter(Boolean))],
  }
}

function reference(object: Json): Record<string, unknown> {
  const [first] = objectsIn(object['external_references'])
  const hashes = (first?.['hashes'] ?? {}) as Json
  return {
    publisher: text(first?.['source_name']),
    reference: text(first?.['url']),
    archiveSha256: text(hashes['SHA-256']).toLowerCase(),
  }
}

/** Relationship types of STIX and of those who extend it, where ours has another name. */
export const RELATIONS: Readonly<Record<string, RelationType>> = {
  'subtechnique-of': 'part-of',
  'exfiltrates-to': 'related-to',
  'communicates-with': 'related-to',
  'consists-of': 'related-to',
  'originates-from': 'located-at',
  'owns': 'controls',
  'hosts': 'controls',
  'variant-of': 'derived-from',
  'duplicate-of': 'related-to',
  'remediates': 'enforced-against',
  'mitigates': 'enforced-against',
  'affiliated-with': 'cooperates-with',
  'employed-by': 'belongs-to',
  'member-of': 'belongs-to',
} // prettier-ignore
