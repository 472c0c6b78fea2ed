import { predictiveValue, type Finding, type Priority } from '../../contract/findings.ts'
import type { Observation } from '../../contract/signals.ts'
import type { Block, Picture } from '../document.ts'
import type { ReportItem, ReportSnapshot } from '../snapshot.ts'
import { MOST_TRACKS, tracksDrawing } from '../drawing/tracks.ts'
import { limited, mediaTime, score } from './words.ts'

const SEGMENTS = 20
const TABLE_ROWS = 15
const PICTURES = 6

/** Everything that detectors measured on one item, and the review priority drawn from it. */
export function machinePanel(snapshot: ReportSnapshot, item: ReportItem): Block {
  const title = 'Machine findings: what was measured'
  if (!item.findings.length)
    return {
      type: 'panel',
      by: 'machine',
      title,
      blocks: [{ type: 'paragraph', tone: 'note', text: 'Nothing has been measured on this item yet.' }],
    }
  const titles = new Map(snapshot.signals.map((signal) => [signal.id, signal.title]))
  return {
    type: 'panel',
    by: 'machine',
    title,
    blocks: [
      ...(item.priority ? priorityBlocks(item.priority, titles) : []),
      ...item.findings.flatMap((finding) => findingBlocks(finding, titles, item, snapshot)),
    ],
  }
}

function priorityBlocks(priority: Priority, titles: ReadonlyMap<string, string>): Block[] {
  const title = (signal: string): string => titles.get(signal) ?? signal
  const blocks: Block[] = [
    {
      type: 'band',
      band: priority.band,
      words: priority.words,
      note: `Review priority ${score(priority.score)} of 1. It says what to look at first; it is not a verdict and not a probability.`,
    },
  ]
  if (priority.likelihood) blocks.push({ type: 'paragraph', text: likelihoodWords(priority.likelihood, title) })
  const lists: [string, { text: string; detail?: string }[]][] = [
    [
      'What carried it',
      priority.reasons.map(({ signal, text, contribution }) => ({
        text,
        detail: `${title(signal)}, ${score(contribution)}`,
      })),
    ],
    ['What did not count', priority.notCounted.map(({ signal, reason }) => ({ text: `${title(signal)}: ${reason}` }))],
    ['What would change it', priority.wouldChange.map((text) => ({ text }))],
  ]
  for (const [caption, items] of lists) if (items.length) blocks.push({ type: 'list', caption, items })
  return blocks
}

/** Shares of manipulated videos for which a reader of the report is told what the ratio means. */
const PREVALENCES = [0.01, 0.05, 0.2]

function likelihoodWords(
  { ratio, low, high, signals }: NonNullable<Priority['likelihood']>,
  title: (signal: string) => string,
): string {
  const digits = (value: number): string => String(Number(value.toPrecision(2)))
  const shares = PREVALENCES.map(
    (share) => `${digits(100 * predictiveValue(share, ratio))} of 100 where ${100 * share} of 100 are manipulated`,
  )
  return `Findings like these were ${digits(ratio)} times (95 % interval ${digits(low)} to ${digits(high)}) as frequent among the manipulated videos of the calibration data as among the others (${signals.map(title).join(', ')}). Of videos with such findings are manipulated: ${shares.join(', ')}.`
}

function findingBlocks(
  { output }: Finding,
  titles: ReadonlyMap<string, string>,
  item: ReportItem,
  snapshot: ReportSnapshot,
): Block[] {
  const { applicability, calibration } = output
  const blocks: Block[] = [
    { type: 'heading', level: 3, text: titles.get(output.id) ?? output.id, tag: `${output.id} ${output.version}` },
  ]
  if (applicability.state !== 'ran')
    blocks.push({ type: 'paragraph', text: `This signal ${applicability.state}: ${applicability.reason}` })
  else if (output.explanation) blocks.push({ type: 'paragraph', text: output.explanation })
  if (output.score !== null)
    blocks.push({
      type: 'paragraph',
      tone: 'note',
      text: calibration
        ? `Score ${score(output.score)}. Likelihood ratio ${calibration.likelihoodRatio.toPrecision(3)} (95 % interval ${calibration.low.toPrecision(3)} to ${calibration.high.toPrecision(3)}), fitted on ${calibration.basis}.`
        : `Score ${score(output.score)} of 1, by the rule of this signal. It is uncalibrated: not a probability.`,
    })
  if (output.observations.length)
    blocks.push({
      type: 'list',
      caption: 'Observed',
      items: output.observations.map((observation) => ({
        text: observation.text,
        badge: observation.weight,
        detail: observed(observation),
      })),
    })
  blocks.push(
    ...trackBlocks(output, item),
    ...segmentBlocks(output.segments),
    ...exhibitBlocks(output.evidence, !snapshot.omit.includes('pictures')),
  )
  if (output.knownFailures.length)
    blocks.push({
      type: 'list',
      caption: 'Known failures that apply to this input',
      items: output.knownFailures.map((text) => ({ text })),
    })
  return blocks
}

const observed = ({ at, reference, code }: Observation): string =>
  [code, at === undefined ? '' : `at ${mediaTime(at)}`, reference ?? ''].filter(Boolean).join(' · ')

function segmentBlocks(segments: Finding['output']['segments']): Block[] {
  if (!segments.length) return []
  const { rows, more } = limited(segments, SEGMENTS)
  return [
    {
      type: 'table',
      caption: 'Segments',
      columns: [
        { label: 'From', share: 14 },
        { label: 'To', share: 14 },
        { label: 'Score', share: 10 },
        { label: 'What was seen', share: 46 },
        { label: 'Region (left, top, width, height)', share: 30 },
      ],
      rows: rows.map((segment) => [
        mediaTime(segment.start),
        mediaTime(segment.end),
        score(segment.score),
        segment.label,
        segment.region
          ? [segment.region.x, segment.region.y, segment.region.width, segment.region.height]
              .map((part) => `${(part * 100).toFixed(0)} %`)
              .join(', ')
          : 'whole picture',
      ]),
    },
    ...(more ? [{ type: 'paragraph' as const, tone: 'note' as const, text: more }] : []),
  ]
}

/** Columns of a table whose contents are not known beforehand: wider for longer texts, but not in proportion. */
const widthOf = (cells: readonly string[]): number =>
  Math.min(60, Math.max(6, ...cells.map((cell) => cell.length))) ** 0.75

/** Curves are drawn only where they show something: one that is the same all along says no more than the sentence above. */
function trackBlocks({ tracks, segments }: Finding['output'], { facts }: ReportItem): Block[] {
  const duration = facts?.container.duration ?? null
  const telling = tracks.filter(({ values }) => new Set(values.filter((value) => value !== null)).size > 1)
  const drawing = tracksDrawing(telling, segments, duration, mediaTime)
  if (!drawing) return []
  const left = telling.length - MOST_TRACKS
  const marked = segments.length ? ' Shaded: the segments below.' : ''
  const more = left > 0 ? ` ${left} more in the library.` : ''
  return [{ type: 'drawing', drawing, caption: `What was measured over time.${marked}${more}` }]
}

function exhibitBlocks(exhibits: Finding['output']['evidence'], withPictures: boolean): Block[] {
  const blocks: Block[] = []
  const images = withPictures ? exhibits.filter((exhibit) => exhibit.kind === 'image') : []
  const shown = limited(images, PICTURES)
  if (shown.rows.length)
    blocks.push({
      type: 'pictures',
      pictures: shown.rows.map(({ sha256, caption, width, height, at }): Picture => ({
        sha256,
        caption: at === undefined ? caption : `${caption} (at ${mediaTime(at)})`,
        width,
        height,
      })),
    })
  if (shown.more) blocks.push({ type: 'paragraph', tone: 'note', text: shown.more })
  for (const exhibit of exhibits) {
    if (exhibit.kind !== 'table') continue
    const { rows, more } = limited(exhibit.rows, TABLE_ROWS)
    blocks.push({
      type: 'table',
      caption: exhibit.caption,
      columns: exhibit.columns.map((label, column) => ({
        label,
        share: widthOf([label, ...rows.map((row) => row[column] ?? '')]),
      })),
      rows,
    })
    if (more) blocks.push({ type: 'paragraph', tone: 'note', text: more })
  }
  return blocks
}
