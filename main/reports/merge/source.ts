/** The source record that stands for a bundle, and what is stated on its account. */
import type { Tlp } from '../../contract/common.ts'
import { foreignEntity, foreignId } from '../../cases/exchange/foreign.ts'
import type { AssertionRow, EntityRow } from '../../store/exchange/rows.ts'
import type { Parcel } from './parcel.ts'

/** The bundle as a source record: the same bundle is the same record in every library. */
export function sourceOf({ origin }: Parcel): EntityRow {
  const { title, tlp, libraryName, sealedAt, fingerprint, seal } = origin
  return foreignEntity(
    {
      id: foreignId(`bundle ${seal}`),
      kind: 'source',
      name: `Sealed bundle “${title.slice(0, 200)}”`,
      at: sealedAt,
      updatedAt: sealedAt,
      tlp: tlp as Tlp,
      sourceId: null,
      credibility: '6',
    },
    {
      publisher: libraryName,
      date: { value: sealedAt.slice(0, 10), precision: 'day', zone: 'UTC' },
      archiveSha256: seal,
      description: `A sealed bundle that was merged. Sealed by the library “${libraryName}” with the key ${fingerprint}.`,
    },
    () => {},
  )
}

/** A statement whose source is the bundle. */
export function statement(
  id: string,
  statedOfId: string,
  field: string,
  value: unknown,
  at: string,
  source: EntityRow,
): AssertionRow {
  return {
    id,
    statedOf: statedOfId,
    field,
    value,
    sourcing: { ...source.sourcing, sourceId: source.id },
    validFrom: null,
    validUntil: null,
    disputed: false,
    note: '',
    place: 0,
    createdAt: at,
    withdrawnAt: null,
    supersededBy: null,
  }
}
