import type { Block, DocumentSection } from '../document.ts'
import type { ReportItem, ReportSnapshot } from '../snapshot.ts'
import type { Words } from '../words/words.ts'
import { likelihood, mediaTime } from './words.ts'

/** Reference of an item inside the report: E1, E2, … in the order of filing. */
export const itemTag = (place: number): string => `E${place + 1}`

/** The first page after the title block: the case in words, and every item in one table. */
export function glance(snapshot: ReportSnapshot, words: Words): DocumentSection {
  const { omit } = snapshot
  const { summary } = words
  const columns = [
    { label: '', share: 6, value: (_: ReportItem, place: number) => itemTag(place) },
    { label: summary.evidence, share: 42, value: (item: ReportItem) => item.evidence.name },
    { label: summary.mark, share: 16, value: (item: ReportItem) => `TLP:${item.evidence.tlp}` },
    { label: summary.length, share: 14, value: (item: ReportItem) => length(item, words) },
    ...(omit.includes('findings')
      ? []
      : [{ label: summary.machine, share: 23, value: (item: ReportItem) => machine(item, words) }]),
    ...(omit.includes('judgements')
      ? []
      : [{ label: summary.analyst, share: 23, value: (item: ReportItem) => analyst(item, words) }]),
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
  blocks.push({ type: 'paragraph', tone: 'note', text: snapshot.items.length ? summary.apart : summary.nothingFiled })
  return { id: 'summary', title: summary.title, blocks }
}

/** Text that a person typed, as paragraphs. */
export const paragraphs = (text: string): string[] =>
  text
    .split(/\n\s*\n|\n/)
    .map((part) => part.trim())
    .filter(Boolean)

const length = ({ facts }: ReportItem, { summary }: Words): string =>
  facts?.container.duration == null ? summary.lengthUnknown : mediaTime(facts.container.duration)

const machine = ({ priority }: ReportItem, { summary }: Words): string =>
  priority ? summary.band[priority.band] : summary.notMeasured

function analyst({ judgements }: ReportItem, words: Words): string {
  const [newest] = judgements
  if (!newest) return words.summary.noJudgement
  const said = likelihood(newest.likelihood, words)
  return judgements.length > 1 ? words.summary.newestOf(said, judgements.length) : said
}
