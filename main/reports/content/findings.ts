import type { Finding } from '../../contract/findings.ts'
import type { Observation } from '../../contract/signals.ts'
import type { Block, Picture } from '../document.ts'
import type { ReportItem, ReportSnapshot } from '../snapshot.ts'
import { MOST_TRACKS, tracksDrawing } from '../drawing/tracks.ts'
import { KNOWN_FOOTAGE } from '../../signals/library-signals.ts'
import type { Words } from '../words/words.ts'
import { priorityBlocks } from './priority.ts'
import { signalWords } from './signal-words.ts'
import { limited, mediaTime, score, stored } from './words.ts'

const SEGMENTS = 20
const TABLE_ROWS = 15
const PICTURES = 6

/** Everything that detectors measured on one item, and the review priority drawn from it. */
export function machinePanel(snapshot: ReportSnapshot, item: ReportItem, words: Words): Block {
  const { panel: title, nothing } = words.findings
  if (!item.findings.length)
    return { type: 'panel', by: 'machine', title, blocks: [{ type: 'paragraph', tone: 'note', text: nothing }] }
  return {
    type: 'panel',
    by: 'machine',
    title,
    blocks: [
      ...(item.priority ? priorityBlocks(item.priority, item, snapshot.signals, words) : []),
      ...item.findings.flatMap((finding) => findingBlocks(finding, item, snapshot, words)),
    ],
  }
}

function findingBlocks({ output }: Finding, item: ReportItem, snapshot: ReportSnapshot, words: Words): Block[] {
  const { calibration } = output
  const { findings: own, write } = words
  const { title } = signalWords(output.id, snapshot.signals, words)
  const blocks: Block[] = [{ type: 'heading', level: 3, text: title, tag: `${output.id} ${output.version}` }]
  const said = saidOf(output, item, words)
  if (said) blocks.push({ type: 'paragraph', text: said })
  if (output.score !== null)
    blocks.push({
      type: 'paragraph',
      tone: 'note',
      text: calibration
        ? own.calibrated(
            score(output.score, words),
            write.significant(calibration.likelihoodRatio, 3),
            write.significant(calibration.low, 3),
            write.significant(calibration.high, 3),
            stored(calibration.basis, words),
          )
        : own.score(score(output.score, words)),
    })
  if (output.observations.length)
    blocks.push({
      type: 'list',
      caption: own.observed,
      items: output.observations.map((observation) => ({
        text: stored(observation.text, words),
        badge: observation.weight,
        detail: observed(observation, words),
      })),
    })
  blocks.push(
    ...trackBlocks(output, item, words),
    ...segmentBlocks(output.segments, words),
    ...exhibitBlocks(output.evidence, !snapshot.omit.includes('pictures'), words),
  )
  if (output.knownFailures.length)
    blocks.push({
      type: 'list',
      caption: own.knownFailures,
      items: output.knownFailures.map((text) => ({ text: stored(text, words) })),
    })
  return blocks
}

/** The one sentence of a finding; where it was kept to what the mark carries, it is the report that speaks. */
function saidOf({ id, applicability, explanation }: Finding['output'], { footage }: ReportItem, words: Words): string {
  const { state, reason } = applicability
  if (state !== 'ran') return words.findings[state](stored(reason, words))
  if (id === KNOWN_FOOTAGE.id && footage.unsaid) return words.evidence.footageFinding(footage.unsaid)
  return stored(explanation, words)
}

const observed = ({ at, reference, code }: Observation, words: Words): string =>
  [code, at === undefined ? '' : words.findings.at(mediaTime(at)), stored(reference ?? '', words)]
    .filter(Boolean)
    .join(' · ')

function segmentBlocks(segments: Finding['output']['segments'], words: Words): Block[] {
  if (!segments.length) return []
  const { findings: own, write } = words
  const { rows, more } = limited(segments, SEGMENTS, words)
  return [
    {
      type: 'table',
      caption: own.segments,
      columns: [
        { label: own.from, share: 14 },
        { label: own.to, share: 14 },
        { label: own.scoreHead, share: 10 },
        { label: own.seen, share: 46 },
        { label: own.region, share: 30 },
      ],
      rows: rows.map((segment) => [
        mediaTime(segment.start),
        mediaTime(segment.end),
        score(segment.score, words),
        stored(segment.label, words),
        segment.region
          ? [segment.region.x, segment.region.y, segment.region.width, segment.region.height]
              .map((part) => write.percent(part))
              .join(', ')
          : own.wholePicture,
      ]),
    },
    ...(more ? [{ type: 'paragraph' as const, tone: 'note' as const, text: more }] : []),
  ]
}

/** Columns of a table whose contents are not known beforehand: wider for longer texts, but not in proportion. */
const widthOf = (cells: readonly string[]): number =>
  Math.min(60, Math.max(6, ...cells.map((cell) => cell.length))) ** 0.75

/** Curves are drawn only where they show something: one that is the same all along says no more than the sentence above. */
function trackBlocks({ tracks, segments }: Finding['output'], { facts }: ReportItem, words: Words): Block[] {
  const { findings: own, figures, write } = words
  const duration = facts?.container.duration ?? null
  const telling = tracks.filter(({ values }) => new Set(values.filter((value) => value !== null)).size > 1)
  const drawing = tracksDrawing(telling, segments, duration, {
    clock: mediaTime,
    range: (low, high, unit) => figures.range(write.significant(low, 3), write.significant(high, 3), unit),
    description: own.curves,
  })
  if (!drawing) return []
  const left = telling.length - MOST_TRACKS
  const caption = [
    own.overTime,
    ...(segments.length ? [own.shaded] : []),
    ...(left > 0 ? [own.moreCurves(left)] : []),
  ].join(' ')
  return [{ type: 'drawing', drawing, caption }]
}

function exhibitBlocks(exhibits: Finding['output']['evidence'], withPictures: boolean, words: Words): Block[] {
  const blocks: Block[] = []
  const images = withPictures ? exhibits.filter((exhibit) => exhibit.kind === 'image') : []
  const shown = limited(images, PICTURES, words)
  if (shown.rows.length)
    blocks.push({
      type: 'pictures',
      pictures: shown.rows.map(({ sha256, caption, width, height, at }): Picture => ({
        sha256,
        caption:
          at === undefined ? stored(caption, words) : words.findings.captionAt(stored(caption, words), mediaTime(at)),
        width,
        height,
      })),
    })
  if (shown.more) blocks.push({ type: 'paragraph', tone: 'note', text: shown.more })
  for (const exhibit of exhibits) {
    if (exhibit.kind !== 'table') continue
    const { rows, more } = limited(exhibit.rows, TABLE_ROWS, words)
    blocks.push({
      type: 'table',
      caption: stored(exhibit.caption, words),
      columns: exhibit.columns.map((label, column) => ({
        label: stored(label, words),
        share: widthOf([label, ...rows.map((row) => row[column] ?? '')]),
      })),
      rows,
    })
    if (more) blocks.push({ type: 'paragraph', tone: 'note', text: more })
  }
  return blocks
}
