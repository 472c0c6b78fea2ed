import type { Tlp } from '../../contract/common.ts'
import type { FrameWords, ReportDocument } from '../document.ts'
import type { ReportSnapshot } from '../snapshot.ts'
import type { Words } from '../words/words.ts'
import { name } from './words.ts'

/** The title block: what the report is about, under which mark, from which state of the library. */
export function cover(snapshot: ReportSnapshot, words: Words): Omit<ReportDocument, 'sections'> {
  const { case: record } = snapshot
  const { cover: own, write } = words
  const producer = `Assay ${snapshot.versions.assay}`
  const made = write.instant(snapshot.generatedAt)
  return {
    title: snapshot.title,
    tlp: snapshot.tlp,
    handling: words.handling[snapshot.tlp],
    question: record.question,
    generatedAt: snapshot.generatedAt,
    producer,
    words: frameWords(words, snapshot.tlp, producer, snapshot.generatedAt),
    facts: [
      ...(snapshot.title === record.title ? [] : [{ label: own.case, value: record.title }]),
      { label: own.status, value: own.statuses[record.status] },
      ...(record.owner ? [{ label: own.owner, value: record.owner }] : []),
      { label: own.made, value: made },
      { label: own.opened, value: write.instant(record.createdAt) },
      { label: own.changed, value: own.revision(write.instant(record.updatedAt), record.revision) },
      {
        label: own.contents,
        value: [
          own.items(snapshot.items.length),
          own.judgements(snapshot.items.flatMap((item) => item.judgements).length),
          ...(snapshot.omit.includes('entities') ? [] : [own.records(snapshot.entities.length)]),
        ].join(', '),
      },
      { label: own.library, value: name(snapshot.library.name) },
      { label: own.auditHead, value: snapshot.auditHead ?? own.auditEmpty, mono: true },
    ],
  }
}

/** What formats write around the contents of a report. @param at when it was made, ISO 8601 */
export function frameWords({ frame, language, write }: Words, tlp: Tlp, producer: string, at: string): FrameWords {
  const { subject, made, ...fixed } = frame
  return { ...fixed, language, subject: subject(`TLP:${tlp}`), made: made(producer, write.instant(at)) }
}
