/** The container as tables an analyst can read. */
import type { ExhibitTable } from '../signal.ts'
import { C2PA_UUID } from './c2pa-carrier.ts'
import { boxesAt, type Box } from './iso-boxes.ts'
import type { IsoFacts } from './iso-facts.ts'
import { XMP_UUID } from './iso-tags.ts'
import type { FoundMark } from './find-marks.ts'
import type { StatedDate } from './dates.ts'

const KNOWN_UUIDS = new Map([
  [C2PA_UUID, ' (Content Credentials)'],
  [XMP_UUID, ' (XMP)'],
])

/** Rows of the box table; long fragment runs are folded into one row. */
const MAX_ROWS = 120

export function boxTable(iso: IsoFacts): ExhibitTable {
  const rows: string[][] = []
  const walk = (boxes: readonly Box[], depth: number) => {
    for (let i = 0; i < boxes.length && rows.length < MAX_ROWS;) {
      const box = boxes[i]!
      const childless = (b: Box | undefined) =>
        b?.children.length === 0 && (b.type === 'moof' || b.type === 'mdat' || b.type === box.type)
      let run = 1
      if (depth === 0 && childless(box)) while (childless(boxes[i + run])) run += 1
      const fold = run > 3 ? run : 1
      rows.push([
        `${'· '.repeat(depth)}${box.type}${fold > 1 ? ` … ×${fold}` : ''}`,
        String(box.offset),
        String(boxes.slice(i, i + fold).reduce((sum, b) => sum + b.size, 0)),
        noteOf(box, iso),
      ])
      if (fold === 1) walk(box.children, depth + 1)
      i += fold
    }
  }
  walk(iso.tree.boxes, 0)
  if (rows.length >= MAX_ROWS) rows.push(['…', '', '', `only the first ${MAX_ROWS} rows are shown`])
  return { kind: 'table', caption: 'Container: box tree', columns: ['Box', 'Offset', 'Bytes', 'Content'], rows }
}

function noteOf(box: Box, iso: IsoFacts): string {
  if (box.type === 'ftyp') return `${iso.majorBrand} ${iso.minorVersion}; ${iso.compatibleBrands.join(' ')}`
  if (box.type === 'uuid') return `${box.uuid ?? ''}${KNOWN_UUIDS.get(box.uuid ?? '') ?? ''}`
  if (box.type === 'mvhd' && iso.movie?.created) return `created ${new Date(iso.movie.created).toISOString()}`
  const trak = boxesAt(iso.tree.boxes, 'moov', 'trak').indexOf(box)
  const track = trak >= 0 ? iso.tracks[trak] : undefined
  return track
    ? `track ${track.id}: ${track.handler} "${track.handlerName}" ${track.entries.map((e) => e.format).join(', ')}`
    : ''
}

export const markTable = (marks: readonly FoundMark[]): ExhibitTable => ({
  kind: 'table',
  caption: 'Marks of the programs, devices and platforms that wrote this file',
  columns: ['Mark', 'Kind', 'Found', 'Where', 'How sure', 'Source'],
  rows: marks.map(({ mark, found, place }) => [
    mark.name,
    mark.kind,
    found,
    place,
    mark.certainty === 'explicit' ? 'names itself (anybody can write it)' : 'typical, others possible',
    mark.source,
  ]),
})

/** One row for all places that state the same moment. */
export const dateTable = (dates: readonly StatedDate[]): ExhibitTable => ({
  kind: 'table',
  caption: 'Dates that the file states',
  columns: ['In UTC', 'What', 'Where', 'As written'],
  rows: [...Map.groupBy(dates, ({ kind, at }) => `${at} ${kind}`).values()].map((same) => [
    new Date(same[0]!.at).toISOString().replace('.000Z', 'Z'),
    same[0]!.kind,
    same.map(({ place }) => place).join(', '),
    [...new Set(same.map(({ text }) => text))].join(', '),
  ]),
})
