import type { ReportDocument } from '../document.ts'
import type { ReportSnapshot } from '../snapshot.ts'
import { HANDLING, instant, name } from './words.ts'

const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`

/** The title block: what the report is about, under which mark, from which state of the library. */
export function cover(snapshot: ReportSnapshot): Omit<ReportDocument, 'sections'> {
  const { case: record } = snapshot
  return {
    title: snapshot.title,
    tlp: snapshot.tlp,
    handling: HANDLING[snapshot.tlp],
    question: record.question,
    generatedAt: snapshot.generatedAt,
    producer: `Assay ${snapshot.versions.assay}`,
    facts: [
      ...(snapshot.title === record.title ? [] : [{ label: 'Case', value: record.title }]),
      { label: 'Status', value: record.status },
      ...(record.owner ? [{ label: 'Owner', value: record.owner }] : []),
      { label: 'Report made', value: instant(snapshot.generatedAt) },
      { label: 'Case opened', value: instant(record.createdAt) },
      { label: 'Last changed', value: `${instant(record.updatedAt)}, revision ${record.revision}` },
      {
        label: 'Contents',
        value: [
          count(snapshot.items.length, 'evidence item', 'evidence items'),
          count(snapshot.items.flatMap((item) => item.judgements).length, 'judgement', 'judgements'),
          ...(snapshot.omit.includes('entities') ? [] : [count(snapshot.entities.length, 'record', 'records')]),
        ].join(', '),
      },
      { label: 'Library', value: name(snapshot.library.name) },
      { label: 'Audit chain head', value: snapshot.auditHead ?? 'empty', mono: true },
    ],
  }
}
