import { LIKELIHOODS } from '../../contract/common.ts'
import { BAND_WORDS, THRESHOLDS } from '../../findings/priority.ts'
import type { Block, DocumentSection } from '../document.ts'
import type { ReportSnapshot } from '../snapshot.ts'

/** How everything in the report was made, so that somebody else can make it again. */
export function methodSection(snapshot: ReportSnapshot): DocumentSection {
  const outputs = snapshot.items.flatMap((item) => item.findings.map((finding) => finding.output))
  const models = new Map(
    outputs.flatMap(({ provenance: { model } }) =>
      model ? [[`${model.id} ${model.version} ${model.sha256}`, model] as const] : [],
    ),
  )
  const builds = [...new Set(outputs.map((output) => output.provenance.ffmpeg))].filter(Boolean).sort()
  const titles = new Map(snapshot.signals.map((signal) => [signal.id, signal]))
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
        ...builds.map((build) => ({ label: 'Decoder', value: build })),
        { label: 'Library', value: snapshot.library.id, mono: true },
        { label: 'Audit chain head', value: snapshot.auditHead ?? 'empty', mono: true },
      ],
    },
    {
      type: 'paragraph',
      tone: 'note',
      text: 'Every change to the library appends a link to its audit chain: the hash of the link before it and of what changed. The head above fixes everything up to this report; “assay verify” on the library walks the chain and hashes every original again.',
    },
    { type: 'heading', level: 2, text: 'Signals' },
    {
      type: 'table',
      columns: [
        { label: 'Signal', share: 22 },
        { label: 'Version', share: 10 },
        { label: 'Measures', share: 60 },
        { label: 'Counted', share: 22 },
      ],
      rows: snapshot.signals.map((signal) => [
        signal.title,
        signal.version,
        signal.measures,
        signal.counted ? 'yes' : 'no: uncalibrated',
      ]),
    },
  ]
  if (runs.size)
    blocks.push({
      type: 'table',
      caption: 'Parameters of the runs in this report',
      columns: [
        { label: 'Signal', share: 22 },
        { label: 'Version', share: 10 },
        { label: 'Parameters', share: 82 },
      ],
      rows: [...runs.values()].map(([id, version, text]) => [titles.get(id!)?.title ?? id!, version!, text!]),
    })
  if (models.size)
    blocks.push({
      type: 'table',
      caption: 'Models',
      columns: [
        { label: 'Model', share: 22 },
        { label: 'Version', share: 10 },
        { label: 'SHA-256', share: 82, mono: true },
      ],
      rows: [...models.values()].map((model) => [model.id, model.version, model.sha256]),
    })
  blocks.push(...readingGuide())
  return { id: 'method', title: 'Method', blocks }
}

function readingGuide(): Block[] {
  return [
    { type: 'heading', level: 2, text: 'How to read this report' },
    {
      type: 'list',
      caption: 'Review priority',
      items: [
        { text: `From ${THRESHOLDS.strong}, and only with at least one strong observation: ${BAND_WORDS.strong}.` },
        { text: `From ${THRESHOLDS.some}: ${BAND_WORDS.some}.` },
        { text: `Below that, where at least half of the counted signals ran: ${BAND_WORDS.none}.` },
        { text: `Otherwise: ${BAND_WORDS.inconclusive}.` },
        {
          text: 'Indicators of one signal are capped; signals that read the same bytes (provenance and encoding) share one cap. A signal that abstained, failed or is uncalibrated counts as nothing. Nothing that was measured lowers a priority.',
        },
      ],
    },
    {
      type: 'paragraph',
      tone: 'note',
      text: 'Compression, editing for broadcast and passing through platforms cause many of the same traces as manipulation. An indicator is a reason to look, by itself never a conclusion. No detector says who made or spread a video; every attribution here was recorded by an analyst.',
    },
    {
      type: 'table',
      caption: 'Likelihood terms (ICD 203, D.6.e.2); confidence is a separate statement',
      columns: [
        { label: 'Term', share: 30 },
        { label: 'Probability', share: 30 },
      ],
      rows: LIKELIHOODS.map(({ label, low, high }) => [
        label,
        `${Math.round(low * 100)} % to ${Math.round(high * 100)} %`,
      ]),
    },
    {
      type: 'list',
      caption: 'Admiralty code (NATO AJP-2.1): letter for the source, digit for the information',
      items: [
        {
          text: 'A completely reliable, B usually reliable, C fairly reliable, D not usually reliable, E unreliable, F cannot be judged.',
        },
        {
          text: '1 confirmed by other sources, 2 probably true, 3 possibly true, 4 doubtful, 5 improbable, 6 cannot be judged.',
        },
      ],
    },
  ]
}
