import type { MediaFacts } from '../../contract/media.ts'
import type { Block, DocumentSection, Fact } from '../document.ts'
import type { ReportItem, ReportSnapshot } from '../snapshot.ts'
import type { Words } from '../words/words.ts'
import { machinePanel } from './findings.ts'
import { itemTag, paragraphs } from './glance.ts'
import { dated, mediaTime, stored, wordOf } from './words.ts'

/** Every item: what it is, how it came in, what was measured on it, who did what to it. */
export function evidenceSection(snapshot: ReportSnapshot, words: Words): DocumentSection {
  const { evidence, frame } = words
  const title = snapshot.omit.includes('findings') ? evidence.title : evidence.titleWithFindings
  const quoted: Block[] =
    frame.quoted && snapshot.items.length ? [{ type: 'paragraph', tone: 'note', text: frame.quoted }] : []
  return {
    id: 'evidence',
    title,
    newPage: true,
    blocks: [...quoted, ...snapshot.items.flatMap((item, place) => itemBlocks(snapshot, item, place, words))],
  }
}

function itemBlocks(snapshot: ReportSnapshot, item: ReportItem, place: number, words: Words): Block[] {
  const { evidence, filmstrip } = item
  const { evidence: own, write } = words
  return [
    { type: 'heading', level: 2, tag: itemTag(place), text: evidence.name, newPage: place > 0 },
    ...(filmstrip && !snapshot.omit.includes('pictures')
      ? [
          {
            type: 'strip' as const,
            picture: {
              sha256: filmstrip.sha256,
              caption: stripCaption(filmstrip.times, words),
              width: filmstrip.tiles * filmstrip.tileWidth,
              height: filmstrip.tileHeight,
              tiles: filmstrip.tiles,
            },
          },
        ]
      : []),
    { type: 'facts', rows: identity(item, snapshot, words) },
    {
      type: 'table',
      caption: own.cameIn,
      columns: [
        { label: own.received, share: 27 },
        { label: own.fileName, share: 30 },
        { label: own.source, share: 24 },
        { label: own.claimed, share: 27 },
        { label: own.language, share: 12 },
        { label: own.mark, share: 16 },
      ],
      rows: evidence.acquisitions.map(({ acquiredAt, name, details }) => [
        write.instant(acquiredAt),
        name,
        details.source || words.notStated,
        [dated(details.claimedDate, words), details.claimedPlace].filter(Boolean).join(', ') || words.none,
        details.language || words.notStated,
        `TLP:${details.tlp}`,
      ]),
    },
    ...paragraphs(item.note).map((text): Block => ({ type: 'paragraph', tone: 'quote', text })),
    ...footage(item, words),
    ...(snapshot.omit.includes('findings') ? [] : [machinePanel(snapshot, item, words)]),
    ...(snapshot.omit.includes('custody') || !item.custody.length ? [] : [custodyTable(item, words)]),
  ]
}

function stripCaption(times: readonly number[], { evidence }: Words): string {
  const [first = 0] = times
  return times.length === 1
    ? evidence.oneFrame(mediaTime(first))
    : evidence.frames(times.length, mediaTime(first), mediaTime(times.at(-1) ?? first))
}

function identity({ evidence, facts, filedAt }: ReportItem, { redaction }: ReportSnapshot, words: Words): Fact[] {
  const { evidence: own, write } = words
  return [
    ...(redaction?.hashes
      ? [
          { label: own.hashes, value: own.withheld },
          { label: own.size, value: own.about(write.bytes(evidence.size, false)) },
        ]
      : [
          { label: 'SHA-256', value: evidence.sha256, mono: true },
          { label: 'BLAKE3', value: evidence.blake3, mono: true },
          { label: own.size, value: write.bytes(evidence.size) },
        ]),
    { label: own.container, value: facts?.container.format || evidence.container },
    ...(facts ? media(facts, words) : []),
    { label: own.filed, value: write.instant(filedAt) },
    { label: own.mark, value: `TLP:${evidence.tlp}` },
  ]
}

function media(facts: MediaFacts, { evidence: own, write }: Words): Fact[] {
  const { container } = facts
  const rows: Fact[] = []
  if (container.duration !== null) rows.push({ label: own.duration, value: mediaTime(container.duration) })
  for (const stream of facts.video)
    rows.push({
      label: own.picture,
      value: [
        `${stream.width} × ${stream.height}`,
        [stream.codec, stream.profile].filter(Boolean).join(' '),
        stream.frameRate === null ? '' : own.frameRate(write.plain(Number(stream.frameRate.toFixed(3)))),
        stream.frameRateMode === 'variable' ? own.variableRate : '',
        stream.bitDepth === null ? '' : own.bits(stream.bitDepth),
        stream.rotation ? own.rotated(stream.rotation) : '',
      ]
        .filter(Boolean)
        .join(', '),
    })
  for (const stream of facts.audio)
    rows.push({
      label: own.sound,
      value: [
        [stream.codec, stream.profile].filter(Boolean).join(' '),
        own.channels(stream.channels),
        `${stream.sampleRate} Hz`,
        stream.language,
      ]
        .filter(Boolean)
        .join(', '),
    })
  if (!facts.audio.length) rows.push({ label: own.sound, value: own.noSound })
  const written = [container.writingApplication, container.writingLibrary].filter(Boolean).join('; ')
  if (written) rows.push({ label: own.writtenBy, value: own.asTheFileSays(written) })
  return rows
}

/** Same footage in other items, as an analyst accepted it. */
function footage({ footage: { shared, withheld } }: ReportItem, words: Words): Block[] {
  const { evidence: own } = words
  const blocks: Block[] = []
  if (shared.length)
    blocks.push({
      type: 'table',
      caption: own.sameFootage,
      columns: [
        { label: own.item, share: 30 },
        { label: own.here, share: 18 },
        { label: own.there, share: 18 },
        { label: own.shared, share: 30 },
        { label: own.reason, share: 24 },
      ],
      rows: shared.flatMap(({ other, segments, words: said, reason }) =>
        segments.map(({ start, end, otherStart, otherEnd }, i) => [
          i ? '' : other.sha256 ? `${other.name} (sha256 ${other.sha256.slice(0, 16)}…)` : other.name,
          `${mediaTime(start)} – ${mediaTime(end)}`,
          `${mediaTime(otherStart)} – ${mediaTime(otherEnd)}`,
          i ? '' : stored(said, words),
          i ? '' : reason,
        ]),
      ),
    })
  if (withheld)
    blocks.push({
      type: 'paragraph',
      text: own.footageWithheld(withheld),
    })
  return blocks
}

function custodyTable({ custody }: ReportItem, words: Words): Block {
  const { evidence: own, write } = words
  return {
    type: 'table',
    caption: own.custody,
    columns: [
      { label: own.when, share: 26 },
      { label: own.by, share: 12 },
      { label: own.what, share: 20 },
      { label: own.detail, share: 60, own: true },
    ],
    rows: custody.map((entry) => [
      write.instant(entry.at),
      entry.actor,
      wordOf(own.action, entry.action),
      stored(entry.detail, words),
    ]),
  }
}
