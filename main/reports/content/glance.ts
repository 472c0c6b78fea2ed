import type { Block, DocumentSection } from '../document.ts'
import type { ReportItem, ReportSnapshot } from '../snapshot.ts'
import { BAND_SHORT, likelihood, mediaTime } from './words.ts'

/** Reference of an item inside the report: E1, E2, … in the order of filing. */
export const itemTag = (place: number): string => `E${place + 1}`

/** The first page after the title block: the case in words, and every item in one table. */
export function glance(snapshot: ReportSnapshot): DocumentSection {
  const { omit } = snapshot
  const columns = [
    { label: '', share: 6, value: (_: ReportItem, place: number) => itemTag(place) },
    { label: 'Evidence', share: 42, value: (item: ReportItem) => item.evidence.name },
    { label: 'Mark', share: 16, value: (item: ReportItem) => `TLP:${item.evidence.tlp}` },
    { label: 'Length', share: 14, value: length },
    ...(omit.includes('findings') ? [] : [{ label: 'Machine: indicators', share: 23, value: machine }]),
    ...(omit.includes('judgements') ? [] : [{ label: 'Analyst: likelihood', share: 23, value: analyst }]),
  ]
  const blocks: Block[] = snapshot.case.summary.trim()
    ? paragraphs(snapshot.case.summary).map((text) => ({ type: 'paragraph', text }))
    : []
  if (snapshot.items.length)
    blocks.push({
      type: 'table',
      columns: columns.map(({ label, share }) => ({ label, share })),
      rows: snapshot.items.map((item, place) => columns.map((column) => column.value(item, place))),
    })
  blocks.push({
    type: 'paragraph',
    tone: 'note',
    text: snapshot.items.length
      ? 'Findings are what detectors measured; judgements are what analysts concluded. The two are kept apart in this report, and neither follows from the other.'
      : 'No evidence has been filed into this case yet.',
  })
  return { id: 'summary', title: 'Summary', blocks }
}

/** Text that a person typed, as paragraphs. */
export const paragraphs = (text: string): string[] =>
  text
    .split(/\n\s*\n|\n/)
    .map((part) => part.trim())
    .filter(Boolean)

const length = ({ facts }: ReportItem): string =>
  facts?.container.duration == null ? 'not known' : mediaTime(facts.container.duration)

const machine = ({ priority }: ReportItem): string => (priority ? BAND_SHORT[priority.band] : 'not measured yet')

function analyst({ judgements }: ReportItem): string {
  const [newest] = judgements
  if (!newest) return 'no judgement'
  const others = judgements.length - 1
  return `${likelihood(newest.likelihood)}${others ? ` (newest of ${judgements.length})` : ''}`
}
