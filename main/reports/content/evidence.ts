import type { MediaFacts } from '../../contract/media.ts'
import type { Block, DocumentSection, Fact } from '../document.ts'
import type { ReportItem, ReportSnapshot } from '../snapshot.ts'
import { machinePanel } from './findings.ts'
import { itemTag, paragraphs } from './glance.ts'
import { bytes, dated, instant, mediaTime } from './words.ts'

/** Every item: what it is, how it came in, what was measured on it, who did what to it. */
export function evidenceSection(snapshot: ReportSnapshot): DocumentSection {
  const title = snapshot.omit.includes('findings') ? 'Evidence' : 'Evidence and findings'
  return {
    id: 'evidence',
    title,
    newPage: true,
    blocks: snapshot.items.flatMap((item, place) => itemBlocks(snapshot, item, place)),
  }
}

function itemBlocks(snapshot: ReportSnapshot, item: ReportItem, place: number): Block[] {
  const { evidence, filmstrip } = item
  return [
    { type: 'heading', level: 2, tag: itemTag(place), text: evidence.name, newPage: place > 0 },
    ...(filmstrip && !snapshot.omit.includes('pictures')
      ? [
          {
            type: 'strip' as const,
            picture: {
              sha256: filmstrip.sha256,
              caption: stripCaption(filmstrip.times),
              width: filmstrip.tiles * filmstrip.tileWidth,
              height: filmstrip.tileHeight,
              tiles: filmstrip.tiles,
            },
          },
        ]
      : []),
    { type: 'facts', rows: identity(item, snapshot) },
    {
      type: 'table',
      caption: 'How it came in',
      columns: [
        { label: 'Received', share: 27 },
        { label: 'File name', share: 30 },
        { label: 'Source', share: 24 },
        { label: 'Claimed date and place', share: 27 },
        { label: 'Language', share: 12 },
        { label: 'Mark', share: 16 },
      ],
      rows: evidence.acquisitions.map(({ acquiredAt, name, details }) => [
        instant(acquiredAt),
        name,
        details.source || 'not stated',
        [dated(details.claimedDate), details.claimedPlace].filter(Boolean).join(', ') || 'none',
        details.language || 'not stated',
        `TLP:${details.tlp}`,
      ]),
    },
    ...paragraphs(item.note).map((text): Block => ({ type: 'paragraph', tone: 'quote', text })),
    ...footage(item),
    ...(snapshot.omit.includes('findings') ? [] : [machinePanel(snapshot, item)]),
    ...(snapshot.omit.includes('custody') || !item.custody.length ? [] : [custodyTable(item)]),
  ]
}

function stripCaption(times: readonly number[]): string {
  const [first = 0] = times
  return times.length === 1
    ? `One frame, at ${mediaTime(first)}`
    : `${times.length} frames, evenly spaced from ${mediaTime(first)} to ${mediaTime(times.at(-1) ?? first)}`
}

function identity({ evidence, facts, filedAt }: ReportItem, { redaction }: ReportSnapshot): Fact[] {
  return [
    ...(redaction?.hashes
      ? [
          { label: 'Hashes', value: 'withheld in this report' },
          { label: 'Size', value: `about ${bytes(evidence.size).replace(/ \(.*/, '')}` },
        ]
      : [
          { label: 'SHA-256', value: evidence.sha256, mono: true },
          { label: 'BLAKE3', value: evidence.blake3, mono: true },
          { label: 'Size', value: bytes(evidence.size) },
        ]),
    { label: 'Container', value: facts?.container.format || evidence.container },
    ...(facts ? media(facts) : []),
    { label: 'Filed', value: instant(filedAt) },
    { label: 'Mark', value: `TLP:${evidence.tlp}` },
  ]
}

function media(facts: MediaFacts): Fact[] {
  const { container } = facts
  const rows: Fact[] = []
  if (container.duration !== null) rows.push({ label: 'Length', value: mediaTime(container.duration) })
  for (const stream of facts.video)
    rows.push({
      label: 'Picture',
      value: [
        `${stream.width} × ${stream.height}`,
        [stream.codec, stream.profile].filter(Boolean).join(' '),
        stream.frameRate === null ? '' : `${Number(stream.frameRate.toFixed(3))} frames a second`,
        stream.frameRateMode === 'variable' ? 'variable frame rate' : '',
        stream.bitDepth === null ? '' : `${stream.bitDepth} bit`,
        stream.rotation ? `rotated ${stream.rotation}°` : '',
      ]
        .filter(Boolean)
        .join(', '),
    })
  for (const stream of facts.audio)
    rows.push({
      label: 'Sound',
      value: [
        [stream.codec, stream.profile].filter(Boolean).join(' '),
        `${stream.channels} ${stream.channels === 1 ? 'channel' : 'channels'}`,
        `${stream.sampleRate} Hz`,
        stream.language,
      ]
        .filter(Boolean)
        .join(', '),
    })
  if (!facts.audio.length) rows.push({ label: 'Sound', value: 'none' })
  const written = [container.writingApplication, container.writingLibrary].filter(Boolean).join('; ')
  if (written) rows.push({ label: 'Written by', value: `${written} (as the file says)` })
  return rows
}

/** Same footage in other items, as an analyst accepted it. */
function footage({ footage: { shared, withheld } }: ReportItem): Block[] {
  const blocks: Block[] = []
  if (shared.length)
    blocks.push({
      type: 'table',
      caption: 'Shows the same footage as (accepted by an analyst)',
      columns: [
        { label: 'Item', share: 30 },
        { label: 'Here', share: 18 },
        { label: 'There', share: 18 },
        { label: 'What is shared', share: 30 },
        { label: 'Reason', share: 24 },
      ],
      rows: shared.flatMap(({ other, segments, words, reason }) =>
        segments.map(({ start, end, otherStart, otherEnd }, i) => [
          i ? '' : other.sha256 ? `${other.name} (sha256 ${other.sha256.slice(0, 16)}…)` : other.name,
          `${mediaTime(start)} – ${mediaTime(end)}`,
          `${mediaTime(otherStart)} – ${mediaTime(otherEnd)}`,
          i ? '' : words,
          i ? '' : reason,
        ]),
      ),
    })
  if (withheld)
    blocks.push({
      type: 'paragraph',
      text: `It also shows the same footage as ${withheld === 1 ? 'an item' : `${withheld} items`} that the mark of this report does not carry.`,
    })
  return blocks
}

function custodyTable({ custody }: ReportItem): Block {
  return {
    type: 'table',
    caption: 'Chain of custody',
    columns: [
      { label: 'When', share: 26 },
      { label: 'By', share: 12 },
      { label: 'What', share: 20 },
      { label: 'Detail', share: 60, own: true },
    ],
    rows: custody.map((entry) => [instant(entry.at), entry.actor, entry.action, entry.detail]),
  }
}
