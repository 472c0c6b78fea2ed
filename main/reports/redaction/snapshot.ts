/** A snapshot without what a report must not say: done once, before any format sees it. */
import { redacts, type Redaction } from '../../contract/redaction.ts'
import type { FieldView } from '../../contract/records.ts'
import { kindOf } from '../../cases/entities/list.ts'
import type { Library } from '../../store/library.ts'
import type { ReportItem, ReportSnapshot } from '../snapshot.ts'
import { wordsIn } from '../words/words.ts'
import { coveredNames, isPlain, replacing, type CoveredName, type NameKind } from './names.ts'

/** What a report tells of its redaction: kinds, numbers and reasons, never what was covered. */
export interface RedactionNote {
  readonly names: readonly { readonly label: string; readonly kind: NameKind; readonly reason: string }[]
  /** Hashes and exact sizes of the originals are withheld. */
  readonly hashes: boolean
  /** Null until the pictures were looked at. */
  readonly pictures: PictureNote | null
  readonly faces: boolean
  readonly regions: number
  readonly fill: Redaction['fill']
  /** Why analysts, faces and hashes are withheld. */
  readonly reason: string
}

export interface PictureNote {
  /** Pictures in which faces were covered, and how many places in them. */
  readonly faces: { readonly pictures: number; readonly places: number }
  /** Pictures covered whole because they show a face more than once, in grey and under a map. */
  readonly whole: number
  readonly regions: readonly { readonly reason: string; readonly places: number; readonly pictures: number }[]
}

export interface RedactedSnapshot {
  readonly snapshot: ReportSnapshot
  /** With every spelling: stays in the process that reads the library. */
  readonly names: readonly CoveredName[]
}

/** @throws Failure report.redaction */
export function redactedSnapshot(lib: Library, snapshot: ReportSnapshot, redaction: Redaction): RedactedSnapshot {
  if (!redacts(redaction)) return { snapshot, names: [] }
  const words = wordsIn(snapshot.language)
  const names = coveredNames(lib, redaction, peopleIn(snapshot), words)
  const withheld = redaction.hashes === 'withhold'
  const shared = snapshot.items.flatMap((item) => item.footage.shared.map(({ other }) => other.sha256))
  const hashes = withheld
    ? [...snapshot.items.flatMap(({ evidence }) => [evidence.sha256, evidence.blake3]), ...shared]
    : []
  const pass = replacing(names, hashes, words)
  const records = new Set(names.flatMap(({ recordId }) => recordId ?? []))
  for (const id of records) pass.cover(id)
  if (withheld)
    for (const { evidence, findings } of snapshot.items)
      for (const { id } of [evidence, ...evidence.acquisitions, ...findings]) pass.cover(id)

  const { title, library, case: fields, analysis, figures } = snapshot
  const entities = snapshot.entities.map((entity) =>
    records.has(entity.id)
      ? { ...entity, attributes: plainOnly(entity.kind, entity.attributes), conflicts: [] }
      : entity,
  )
  const values = Object.fromEntries(
    Object.entries(analysis.values).map(([id, views]) => [
      id,
      records.has(id) ? plainViews(snapshot, id, views) : views,
    ]),
  )
  return {
    names,
    snapshot: {
      ...snapshot,
      title: pass.apply(title),
      library: pass.apply(library),
      case: pass.apply(fields),
      items: pass.apply(withheld ? snapshot.items.map(withoutHashes) : snapshot.items),
      entities: pass.apply(entities),
      relations: pass.apply(snapshot.relations),
      analysis: pass.apply({ ...analysis, values }),
      figures: pass.apply(figures),
      redaction: {
        names: names.map(({ label, kind, reason }) => ({ label, kind, reason: pass.apply(reason) })),
        hashes: withheld,
        pictures: null,
        faces: redaction.faces === 'cover',
        regions: redaction.regions.length,
        fill: redaction.fill,
        reason: pass.apply(redaction.reason),
      },
    },
  }
}

/** Everybody who worked on the case. */
const peopleIn = ({ case: { owner }, items, analysis }: ReportSnapshot): string[] => [
  owner,
  ...items.flatMap((item) => [
    ...item.custody.map((entry) => entry.actor),
    ...item.judgements.map((judgement) => judgement.author),
  ]),
  ...analysis.tasks.map((task) => task.assignee),
]

function plainOnly(kind: Parameters<typeof kindOf>[0], attributes: Record<string, unknown>): Record<string, unknown> {
  const plain = new Set(
    kindOf(kind)
      .fields.filter(isPlain)
      .map(({ name }) => name),
  )
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => plain.has(name)))
}

function plainViews({ entities }: ReportSnapshot, id: string, views: readonly FieldView[]): readonly FieldView[] {
  const entity = entities.find((known) => known.id === id)
  if (!entity) return []
  const plain = new Set(
    kindOf(entity.kind)
      .fields.filter(isPlain)
      .map(({ name }) => name),
  )
  return views.filter(({ field }) => plain.has(field))
}

/** Two digits are left of sizes: more would tell the file from others. */
const rounded = (n: number): number => Number(n.toPrecision(2))

function withoutHashes(item: ReportItem): ReportItem {
  const { evidence, facts, footage } = item
  return {
    ...item,
    evidence: { ...evidence, sha256: '', blake3: '', size: rounded(evidence.size) },
    facts: facts && { ...facts, container: { ...facts.container, size: rounded(facts.container.size) } },
    footage: {
      ...footage,
      shared: footage.shared.map((one) => ({ ...one, other: { ...one.other, sha256: '' } })),
    },
  }
}
