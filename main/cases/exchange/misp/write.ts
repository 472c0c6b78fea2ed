/**
 * MISP events (MISP core format, JSON): one per case, or one for a library without cases. MISP has no sourced values and no
 * relations between attributes: those stand in comments and in notes of the event. STIX carries everything.
 */
import type { Tlp } from '../../../contract/common.ts'
import { canonical } from '../../../store/audit.ts'
import type { EntityRow } from '../../../store/exchange/rows.ts'
import { techniqueById } from '../../disarm/disarm.ts'
import { ruleOf } from '../../relations.ts'
import { foreignId } from '../foreign.ts'
import { attribution, factsOf, textOf, valueOf, type NameOf } from '../plain.ts'
import type { Exported } from '../scope.ts'
import { attributesOf, commentOf } from './attributes.ts'

type Json = Record<string, unknown>
const seconds = (at: string): string => String(Math.floor(Date.parse(at) / 1000))
const tlpTag = (tlp: Tlp): Json => ({ name: `tlp:${tlp.toLowerCase()}` })

export function writeEvents(from: Exported): Buffer {
  const rows = [...from.entities.values()].filter(({ mergedInto }) => mergedInto === null)
  const events = from.cases.map((one) => {
    const members = new Set(one.entities.map(({ id }) => id))
    const items = new Set(one.evidence.map(({ id }) => id))
    // Sources are cited from everywhere; they go with each event that cites them.
    return eventOf(from, {
      uuid: one.id,
      info: one.fields.title,
      tlp: one.fields.tlp,
      createdAt: one.createdAt,
      updatedAt: one.updatedAt,
      closed: one.fields.status === 'closed',
      rows: rows.filter(({ id, kind }) => members.has(id) || (from.cases.length === 1 && kind === 'source')),
      items,
    })
  })
  if (!events.length)
    events.push(
      eventOf(from, {
        uuid: foreignId(`library ${rows.map(({ id }) => id).join(' ')}`),
        info: 'Records of a library',
        tlp: from.tlp,
        createdAt: rows[0]?.createdAt ?? '1970-01-01T00:00:00.000Z',
        updatedAt: rows[0]?.updatedAt ?? '1970-01-01T00:00:00.000Z',
        closed: false,
        rows,
        items: new Set(from.evidence.keys()),
      }),
    )
  const [only] = events
  return Buffer.from(`${canonical(events.length === 1 ? only : { response: events })}\n`)
}

interface Contents {
  readonly uuid: string
  readonly info: string
  readonly tlp: Tlp
  readonly createdAt: string
  readonly updatedAt: string
  readonly closed: boolean
  readonly rows: readonly EntityRow[]
  readonly items: ReadonlySet<string>
}

function eventOf(from: Exported, contents: Contents): Json {
  const { rows, items, tlp } = contents
  const nameOf: NameOf = (id) => from.entities.get(id)?.name ?? from.evidence.get(id)?.name
  const timestamp = seconds(contents.updatedAt)
  const attribute = (
    uuid: string,
    type: string,
    category: string,
    value: string,
    comment: string,
    mark: Tlp,
  ): Json => ({
    uuid,
    type,
    category,
    value,
    comment,
    to_ids: false,
    distribution: '5',
    timestamp,
    ...(mark === tlp ? {} : { Tag: [tlpTag(mark)] }),
  })
  const techniques = rows.filter(isDisarm)
  const records = rows
    .filter((row) => !isDisarm(row))
    .flatMap((row) =>
      attributesOf(row).map(({ type, category, value }, n) =>
        n === 0
          ? attribute(row.id, type, category, value, commentOf(row, '', factsOf(row, nameOf)), row.tlp)
          : attribute(
              foreignId(`misp ${row.id} ${n}`),
              type,
              category,
              value,
              commentOf(row, 'also', row.name),
              row.tlp,
            ),
      ),
    )
  const inside = new Set([...rows.map(({ id }) => id), ...items])
  const relations = from.relations
    .filter((one) => one.withdrawnAt === null && inside.has(one.from.id) && inside.has(one.to.id))
    .map((one) =>
      attribute(
        one.id,
        'text',
        'Other',
        `${nameOf(one.from.id)} ${ruleOf(one.type).label} ${nameOf(one.to.id)}`,
        `relation: ${attribution(one, nameOf)}${one.note ? `; ${one.note}` : ''}`,
        tlp,
      ),
    )
  const media = [...items].flatMap((id) => from.evidence.get(id) ?? [])
  return {
    Event: {
      uuid: contents.uuid,
      info: contents.info,
      date: contents.createdAt.slice(0, 10),
      timestamp,
      publish_timestamp: '0',
      published: false,
      // Undefined: it is not for the exporter to say how bad it is.
      threat_level_id: '4',
      analysis: contents.closed ? '2' : '1',
      distribution: '0',
      Tag: [tlpTag(tlp), ...techniques.map((row) => ({ name: `misp-galaxy:disarm-techniques="${disarmName(row)}"` }))],
      Galaxy: techniques.length
        ? [
            {
              type: 'disarm-techniques',
              name: 'Techniques',
              description: 'DISARM Framework, DISARM Foundation, CC BY-SA 4.0: ids and names',
              GalaxyCluster: techniques.map((row) => ({
                type: 'disarm-techniques',
                value: disarmName(row),
                tag_name: `misp-galaxy:disarm-techniques="${disarmName(row)}"`,
                meta: { external_id: [textOf(row, 'techniqueId')] },
              })),
            },
          ]
        : [],
      Attribute: [
        ...records,
        ...relations,
        ...media.map((item) =>
          attribute(
            foreignId(`misp ${item.sha256}`),
            'sha256',
            'External analysis',
            item.sha256,
            `media: ${item.name}`,
            item.tlp,
          ),
        ),
      ],
    },
  }
}

const isDisarm = (row: EntityRow): boolean =>
  row.kind === 'technique' &&
  valueOf(row, 'framework') === 'DISARM' &&
  techniqueById(textOf(row, 'techniqueId')) !== undefined
const disarmName = (row: EntityRow): string => techniqueById(textOf(row, 'techniqueId'))!.name
