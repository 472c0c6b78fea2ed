import type { Judgement } from '../../contract/findings.ts'
import type { Block, DocumentSection } from '../document.ts'
import type { ReportItem, ReportSnapshot } from '../snapshot.ts'
import type { Words } from '../words/words.ts'
import { itemTag, paragraphs } from './glance.ts'
import { signalWords } from './signal-words.ts'
import { likelihood } from './words.ts'

/** What analysts concluded. A section of its own, after everything that was measured. */
export function judgementSection(snapshot: ReportSnapshot, words: Words): DocumentSection {
  const blocks = snapshot.items.flatMap((item, place): Block[] =>
    item.judgements.length
      ? [
          { type: 'heading', level: 2, tag: itemTag(place), text: item.evidence.name },
          ...item.judgements.map((judgement) => panel(judgement, item, snapshot, words)),
        ]
      : [],
  )
  const { title, none } = words.judgements
  return { id: 'judgements', title, blocks: blocks.length ? blocks : [{ type: 'paragraph', tone: 'note', text: none }] }
}

function panel(judgement: Judgement, item: ReportItem, snapshot: ReportSnapshot, words: Words): Block {
  const { judgements: own, write } = words
  const cited = judgement.findingIds.map((id) => {
    const finding = item.findings.find((known) => known.id === id)
    return finding ? signalWords(finding.output.id, snapshot.signals, words).title : own.replaced
  })
  return {
    type: 'panel',
    by: 'analyst',
    title: judgement.statement,
    blocks: [
      {
        type: 'facts',
        rows: [
          { label: own.likelihood, value: likelihood(judgement.likelihood, words) },
          {
            label: own.confidence,
            value: judgement.confidence ? words.confidence[judgement.confidence] : words.notStated,
          },
          { label: own.by, value: judgement.author },
          { label: own.when, value: write.instant(judgement.at) },
          ...(cited.length ? [{ label: own.cited, value: [...new Set(cited)].join('; ') }] : []),
          ...(snapshot.omit.includes('findings')
            ? []
            : [{ label: own.machine, value: words.priority.band[judgement.machineBand] }]),
        ],
      },
      ...paragraphs(judgement.reasoning).map((text): Block => ({ type: 'paragraph', text })),
      ...(judgement.disagrees ? [{ type: 'paragraph' as const, tone: 'note' as const, text: own.opposite }] : []),
    ],
  }
}
