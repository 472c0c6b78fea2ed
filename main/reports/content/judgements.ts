import type { Judgement } from '../../contract/findings.ts'
import { BAND_WORDS } from '../../findings/priority.ts'
import type { Block, DocumentSection } from '../document.ts'
import type { ReportItem, ReportSnapshot } from '../snapshot.ts'
import { itemTag, paragraphs } from './glance.ts'
import { instant, likelihood } from './words.ts'

/** What analysts concluded. A section of its own, after everything that was measured. */
export function judgementSection(snapshot: ReportSnapshot): DocumentSection {
  const blocks = snapshot.items.flatMap((item, place): Block[] =>
    item.judgements.length
      ? [
          { type: 'heading', level: 2, tag: itemTag(place), text: item.evidence.name },
          ...item.judgements.map((judgement) => panel(judgement, item, snapshot)),
        ]
      : [],
  )
  const none: Block = { type: 'paragraph', tone: 'note', text: 'No analyst has recorded a judgement in this case yet.' }
  return { id: 'judgements', title: 'Analytic judgements', blocks: blocks.length ? blocks : [none] }
}

function panel(judgement: Judgement, item: ReportItem, snapshot: ReportSnapshot): Block {
  const cited = judgement.findingIds.map((id) => {
    const finding = item.findings.find((known) => known.id === id)
    if (!finding) return 'a finding since replaced by a later run'
    return snapshot.signals.find((signal) => signal.id === finding.output.id)?.title ?? finding.output.id
  })
  return {
    type: 'panel',
    by: 'analyst',
    title: judgement.statement,
    blocks: [
      {
        type: 'facts',
        rows: [
          { label: 'Likelihood', value: likelihood(judgement.likelihood) },
          { label: 'Analytic confidence', value: judgement.confidence ?? 'not stated' },
          { label: 'Judged by', value: judgement.author },
          { label: 'When', value: instant(judgement.at) },
          ...(cited.length ? [{ label: 'Findings cited', value: [...new Set(cited)].join('; ') }] : []),
          ...(snapshot.omit.includes('findings')
            ? []
            : [{ label: 'Machine showed', value: BAND_WORDS[judgement.machineBand] }]),
        ],
      },
      ...paragraphs(judgement.reasoning).map((text): Block => ({ type: 'paragraph', text })),
      ...(judgement.disagrees
        ? [
            {
              type: 'paragraph' as const,
              tone: 'note' as const,
              text: 'Judgement and machine point opposite ways here. Both are kept as they were.',
            },
          ]
        : []),
    ],
  }
}
