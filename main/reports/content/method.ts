import { LIKELIHOODS } from '../../contract/common.ts'
import { THRESHOLDS } from '../../findings/priority.ts'
import type { Block, DocumentSection } from '../document.ts'
import type { ReportSnapshot } from '../snapshot.ts'
import type { Words } from '../words/words.ts'
import { signalWords } from './signal-words.ts'
import { rangeOf } from './words.ts'

/** How everything in the report was made, so that somebody else can make it again. */
export function methodSection(snapshot: ReportSnapshot, words: Words): DocumentSection {
  const { method: own } = words
  const titleOf = (id: string): string => signalWords(id, snapshot.signals, words).title
  const outputs = snapshot.items.flatMap((item) => item.findings.map((finding) => finding.output))
  const models = new Map(
    outputs.flatMap(({ provenance: { model } }) =>
      model ? [[`${model.id} ${model.version} ${model.sha256}`, model] as const] : [],
    ),
  )
  const builds = [...new Set(outputs.map((output) => output.provenance.ffmpeg))].filter(Boolean).sort()
  const runs = new Map(
    outputs
      .filter((output) => output.applicability.state === 'ran')
      .map((output) => {
        const { parameters, model, seed } = output.provenance
        const text = [
          ...Object.entries(parameters).map(([key, value]) => `${key} = ${value}`),
          ...(model ? [`model = ${model.id} ${model.version}`] : []),
          `seed = ${seed}`,
        ].join('; ')
        return [`${output.id} ${output.version} ${text}`, [output.id, output.version, text]] as const
      }),
  )
  const blocks: Block[] = [
    {
      type: 'facts',
      rows: [
        { label: 'Assay', value: snapshot.versions.assay },
        { label: 'Node', value: snapshot.versions.node },
        ...builds.map((build) => ({ label: own.decoder, value: build })),
        { label: own.library, value: snapshot.library.id, mono: true },
        { label: words.cover.auditHead, value: snapshot.auditHead ?? words.cover.auditEmpty, mono: true },
      ],
    },
    {
      type: 'paragraph',
      tone: 'note',
      text: own.chain,
    },
    { type: 'heading', level: 2, text: own.signals },
    {
      type: 'table',
      columns: [
        { label: own.signal, share: 22 },
        { label: own.version, share: 10 },
        { label: own.measures, share: 60 },
        { label: own.counted, share: 22 },
      ],
      rows: snapshot.signals.map(({ id, version, counted }) => {
        const { title, measures } = signalWords(id, snapshot.signals, words)
        return [title, version, measures, counted ? own.yes : own.uncalibrated]
      }),
    },
  ]
  if (runs.size)
    blocks.push({
      type: 'table',
      caption: own.runs,
      columns: [
        { label: own.signal, share: 22 },
        { label: own.version, share: 10 },
        { label: own.parameters, share: 82 },
      ],
      rows: [...runs.values()].map(([id, version, text]) => [titleOf(id!), version!, text!]),
    })
  if (models.size)
    blocks.push({
      type: 'table',
      caption: own.models,
      columns: [
        { label: own.model, share: 22 },
        { label: own.version, share: 10 },
        { label: 'SHA-256', share: 82, mono: true },
      ],
      rows: [...models.values()].map((model) => [model.id, model.version, model.sha256]),
    })
  blocks.push(...readingGuide(words))
  return { id: 'method', title: own.title, blocks }
}

function readingGuide(words: Words): Block[] {
  const { method: own, priority, write } = words
  return [
    { type: 'heading', level: 2, text: own.reading },
    {
      type: 'list',
      caption: own.priority,
      items: [
        { text: own.fromStrong(write.plain(THRESHOLDS.strong), priority.band.strong) },
        { text: own.from(write.plain(THRESHOLDS.some), priority.band.some) },
        { text: own.below(priority.band.none) },
        { text: own.otherwise(priority.band.inconclusive) },
        { text: own.caps },
      ],
    },
    { type: 'paragraph', tone: 'note', text: own.traces },
    {
      type: 'table',
      caption: own.likelihood,
      columns: [
        { label: own.term, share: 30 },
        { label: own.probability, share: 30 },
      ],
      rows: LIKELIHOODS.map((term) => [words.likelihood[term.id], rangeOf(term, words)]),
    },
    { type: 'list', caption: own.admiralty, items: [{ text: own.reliability }, { text: own.credibility }] },
  ]
}
