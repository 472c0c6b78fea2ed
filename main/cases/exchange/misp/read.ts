/** MISP events (MISP core format, JSON) as a case and its records. */
import { createHash } from 'node:crypto'
import { CaseFields, type EntityKind } from '../../../contract/cases.ts'
import { TLP_LEVELS, type Tlp } from '../../../contract/common.ts'
import { Failure } from '../../../errors.ts'
import { strictest } from '../../../store/evidence.ts'
import type { EntityRow } from '../../../store/exchange/rows.ts'
import { disarm, techniqueByName } from '../../disarm/disarm.ts'
import { fileSource, foreignEntity, foreignId } from '../foreign.ts'
import type { Incoming, Reading, Trouble } from '../incoming.ts'
import { bundleParts, countOf, LIMITS, objectAt } from '../json-objects.ts'
import { objectsIn } from '../stix/extension.ts'
import { uuidOf } from '../stix/ids.ts'
import { kindOfAttribute } from './attributes.ts'

type Json = Record<string, unknown>
type Tell = (trouble: Trouble) => void

/** @throws Failure exchange.unreadable | exchange.limit */
export function readEvents(bytes: Uint8Array, name: string): Reading {
  const events = eventsOf(bytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const at = new Date().toISOString()
  const source = fileSource(name, sha256, at, 'AMBER', 'A MISP event that was imported.')
  return {
    format: 'misp',
    size: events.reduce((sum, { attributes }) => sum + attributes.size, 0),
    *read(tell, part = 'all') {
      // An event has no relations and no judgements.
      if (part === 'links') return
      yield { as: 'entity', row: source }
      for (const event of events) yield* readEvent(event, source, at, tell)
    },
  }
}

interface Event {
  readonly head: Json
  readonly attributes: { readonly size: number; at(place: number): Json }
}

/** One event with its attributes apart, or a list of whole events. */
function eventsOf(bytes: Uint8Array): Event[] {
  for (const path of [['Event', 'Attribute'], ['response'], []]) {
    let parts
    try {
      parts = bundleParts(bytes, path)
    } catch (error) {
      if (error instanceof Failure && error.code === 'exchange.limit') throw error
      continue
    }
    const head = parts.envelope['Event'] as Json | undefined
    if (path.length === 2 && head)
      return [{ head, attributes: { size: countOf(parts), at: (place) => objectAt(bytes, parts, place) } }]
    const whole = Array.from(
      { length: countOf(parts) },
      (_, n) => objectAt(bytes, parts, n)['Event'] as Json | undefined,
    )
    const found = whole.filter((one) => one !== undefined && typeof one === 'object')
    if (found.length)
      return found.map((one) => {
        const attributes = objectsIn(one['Attribute'])
        return { head: one, attributes: { size: attributes.length, at: (place: number) => attributes[place]! } }
      })
  }
  throw new Failure('exchange.unreadable', `It holds no event with attributes (of at most ${LIMITS.objects}).`)
}

const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')

function tagsOf(holder: Json): string[] {
  const tags = objectsIn(holder['Tag'])
  return tags.map((tag) => text(tag['name']))
}

function tlpOf(tags: readonly string[]): Tlp | null {
  const marks = tags.flatMap((tag) => {
    const mark = /^tlp:(.+)$/i.exec(tag)?.[1]?.toUpperCase().replace('WHITE', 'CLEAR')
    return TLP_LEVELS.filter((level) => level === mark)
  })
  return marks.length ? strictest(marks) : null
}

/** MISP counts in seconds since 1970. */
const instant = (untrusted: unknown, otherwise: string): string => {
  const at = Number(untrusted) * 1000
  return Number.isFinite(at) && at > 0 && at < 253_402_300_800_000 ? new Date(at).toISOString() : otherwise
}

function* readEvent({ head, attributes }: Event, source: EntityRow, at: string, tell: Tell): Generator<Incoming> {
  const uuid = uuidOf(`x--${text(head['uuid']).toLowerCase()}`) ?? foreignId(`misp event ${text(head['info'])}`)
  const tags = tagsOf(head)
  const tlp = tlpOf(tags) ?? 'AMBER'
  const created = Number.isNaN(Date.parse(text(head['date']))) ? at : new Date(text(head['date'])).toISOString()
  const members: string[] = []
  const entity = (kind: EntityKind, id: string, name: string, fields: Json, mark: Tlp, when: string): Incoming => {
    members.push(id)
    const made = {
      id,
      kind,
      name,
      at: when,
      updatedAt: when,
      tlp: mark,
      sourceId: source.id,
      credibility: '6' as const,
    }
    return { as: 'entity', row: foreignEntity(made, fields, tell) }
  }
  for (let n = 0; n < attributes.size; n++) {
    const one = attributes.at(n)
    const type = text(one['type'])
    const comment = text(one['comment'])
    const value = text(one['value'])
    const kind = kindOfAttribute(type, comment)
    const id = uuidOf(`x--${text(one['uuid']).toLowerCase()}`)
    if (kind === 'also') continue
    if (!kind || !value || !id) {
      tell({
        code: 'attribute',
        text: `Attribute of type ${type.slice(0, 40) || '(none)'}: no record here is of this type; left out`,
      })
      continue
    }
    const description = comment.replace(/^[a-z]+: ?/, '').slice(0, 20_000)
    const field = kind === 'channel' || kind === 'account' ? 'url' : kind === 'source' ? 'reference' : ''
    const isAddress = ['url', 'uri', 'link', 'domain', 'hostname'].includes(type)
    yield entity(
      kind,
      id,
      value,
      { description, ...(field && isAddress ? { [field]: value } : {}) },
      tlpOf(tagsOf(one)) ?? tlp,
      instant(one['timestamp'], created),
    )
  }
  for (const technique of techniquesOf(head, tags))
    yield entity(
      'technique',
      foreignId(`disarm ${technique.id}`),
      technique.name,
      { framework: 'DISARM', techniqueId: technique.id, tactics: technique.tactics },
      'CLEAR',
      created,
    )
  for (const name of Object.keys(head))
    if (name === 'Object' && (head[name] as unknown[])?.length)
      tell({ code: 'object', text: 'Objects of the event: not read; only its attributes, tags and galaxies are' })
  const status = text(head['analysis']) === '2' ? 'closed' : 'open'
  yield {
    as: 'case',
    row: {
      id: uuid,
      fields: CaseFields.parse({ title: (text(head['info']) || 'MISP event').slice(0, 300), tlp, status }),
      revision: 1,
      createdAt: created,
      updatedAt: instant(head['timestamp'], created),
      entities: [...new Set([source.id, ...members])].map((id) => ({ id, addedAt: created, via: null })),
      evidence: [],
      tasks: [],
    },
  }
}

/** DISARM techniques by their galaxy's clusters and tags; the event may give either or both. */
function techniquesOf(head: Json, tags: readonly string[]): ReturnType<typeof disarm>['techniques'] {
  const galaxies = objectsIn(head['Galaxy'])
  const names = [
    ...tags.flatMap((tag) => /^misp-galaxy:disarm-techniques="(.+)"$/.exec(tag)?.[1] ?? []),
    ...galaxies
      .filter((galaxy) => text(galaxy['type']) === 'disarm-techniques')
      .flatMap((galaxy) => objectsIn(galaxy['GalaxyCluster']).map((cluster) => text(cluster['value']))),
  ]
  const found = names.flatMap((name) => techniqueByName(name) ?? [])
  return [...new Map(found.map((one) => [one.id, one])).values()]
}
