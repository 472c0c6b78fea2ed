/** Ids of STIX objects (STIX 2.1, section 2.9). */
import { createHash } from 'node:crypto'
import type { EntityKind } from '../../../contract/cases.ts'
import { canonical } from '../../../store/audit.ts'

/** Namespace of deterministic ids of cyber-observable objects (section 2.9). */
const OBSERVABLES = '00abedb4-aa42-466c-9c01-fed23315a9b7'
/** Namespace of what Assay derives from records: notes, opinions, sightings, reports. Made once at random. */
const DERIVED = '6d1a3c0e-7f0a-4c39-9c1c-0b7c5d1f2a84'

/** RFC 9562, section 5.5. */
export function uuid5(namespace: string, name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
  hash[6] = (hash[6]! & 0x0f) | 0x50
  hash[8] = (hash[8]! & 0x3f) | 0x80
  const hex = hash.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}

/** From the contributing properties of an observable, in canonical JSON. */
export const observableId = (type: string, contributing: Record<string, unknown>): string =>
  `${type}--${uuid5(OBSERVABLES, canonical(contributing))}`

export const fileId = (sha256: string): string => observableId('file', { hashes: { 'SHA-256': sha256 } })

/** Of an object that says again, for other tools, what a record says. */
export const derivedId = (type: string, key: string): string => `${type}--${uuid5(DERIVED, `${type} ${key}`)}`

/** The object type of each kind of record. `new` ones are defined by our extension. */
export const TYPES: Readonly<Record<EntityKind, { type: string; new?: true }>> = {
  operation: { type: 'campaign' },
  actor: { type: 'intrusion-set' },
  identity: { type: 'identity' },
  account: { type: 'user-account' },
  channel: { type: 'infrastructure' },
  enforcement: { type: 'course-of-action' },
  designation: { type: 'designation', new: true },
  incident: { type: 'incident' },
  narrative: { type: 'narrative', new: true },
  claim: { type: 'claim', new: true },
  hypothesis: { type: 'hypothesis', new: true },
  forecast: { type: 'forecast', new: true },
  metric: { type: 'metric', new: true },
  location: { type: 'location' },
  technique: { type: 'attack-pattern' },
  source: { type: 'report' },
}

/** `campaign--…` without its type; null for what is no STIX id. */
export const uuidOf = (id: unknown): string | null =>
  typeof id === 'string'
    ? (/^[a-z][a-z0-9-]*--([0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})$/i
        .exec(id)?.[1]
        ?.toLowerCase() ?? null)
    : null

export const typeOf = (id: string): string => id.slice(0, id.indexOf('--'))
