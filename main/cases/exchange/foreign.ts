/** Records made from what somebody else's file says: each value an assertion, sourced to that file. */
import type { EntityKind } from '../../contract/cases.ts'
import { Sourcing, type Tlp } from '../../contract/common.ts'
import { canonical } from '../../store/audit.ts'
import type { AssertionRow, EntityRow } from '../../store/exchange/rows.ts'
import { kindOf } from '../entities/list.ts'
import type { Trouble } from './incoming.ts'
import { uuid5 } from './stix/ids.ts'

/** Namespace of assertions made from others' files: the same file gives the same ids, so that it is known again. */
const FOREIGN = '8f2d4c66-0b5e-4b7f-9d3e-2a1c5e7f9b30'

export const foreignId = (key: string): string => uuid5(FOREIGN, key)

/** The file that was read, as the source of what it says. Its reliability is for the analyst to say. */
export function fileSource(name: string, sha256: string, at: string, tlp: Tlp, what: string): EntityRow {
  const id = foreignId(`file ${sha256}`)
  return foreignEntity(
    {
      id,
      kind: 'source',
      name: name.slice(0, 300) || 'Imported file',
      at,
      updatedAt: at,
      tlp,
      sourceId: null,
      credibility: '6',
    },
    { archiveSha256: sha256, description: what },
    () => {},
  )
}

export interface ForeignHead {
  readonly id: string
  readonly kind: EntityKind
  readonly name: string
  readonly at: string
  readonly updatedAt: string
  readonly tlp: Tlp
  readonly sourceId: string | null
  readonly credibility: Sourcing['credibility']
}

/** @param fields values or lists of values, in the text form or as the field has them; what a field refuses is told */
export function foreignEntity(
  head: ForeignHead,
  fields: Record<string, unknown>,
  tell: (trouble: Trouble) => void,
): EntityRow {
  const { id, kind, name, at, updatedAt, tlp, sourceId, credibility } = head
  const sourcing = Sourcing.parse({ sourceId, credibility })
  const known = kindOf(kind)
  const assertions: AssertionRow[] = []
  for (const info of known.fields) {
    const given = [fields[info.name] ?? []].flat().filter((value) => value !== '' && value !== undefined)
    for (const untrusted of info.many ? given : given.slice(0, 1)) {
      const read = known.values.get(info.name)!.safeParse(untrusted)
      if (!read.success) {
        tell({
          code: 'value',
          text: `${known.label}, ${info.label.toLowerCase()}: a value that it cannot hold`,
          id,
          example: exampleOf(untrusted),
        })
        continue
      }
      assertions.push({
        id: foreignId(`${id} ${info.name} ${canonical(read.data)}`),
        statedOf: id,
        field: info.name,
        value: read.data,
        sourcing,
        validFrom: null,
        validUntil: null,
        disputed: false,
        note: '',
        place: assertions.length,
        createdAt: updatedAt,
        withdrawnAt: null,
        supersededBy: null,
      })
    }
  }
  return {
    id,
    kind,
    name: name.trim().slice(0, 300) || id,
    sourcing,
    tlp,
    revision: 1,
    createdAt: at,
    updatedAt,
    mergedInto: null,
    mergedAt: null,
    assertions: [...new Map(assertions.map((one) => [one.id, one])).values()],
  }
}

/** The beginning of a value, as one line of text. */
const exampleOf = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).replaceAll(/\s+/g, ' ').slice(0, 80)
