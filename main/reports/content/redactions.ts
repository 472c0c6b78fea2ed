import type { Block, DocumentSection } from '../document.ts'
import type { RedactionNote } from '../redaction/snapshot.ts'
import type { ReportSnapshot } from '../snapshot.ts'
import type { Words } from '../words/words.ts'

/**
 * What this report withholds: kind, number and reason of each, never what it was.
 * @param rest everything else that the report says, to count labels in
 * @returns no section where nothing is withheld
 */
export function redactionSection({ redaction }: ReportSnapshot, words: Words, rest: unknown): DocumentSection[] {
  if (!redaction) return []
  const { redactions: own } = words
  const said = JSON.stringify(rest)
  const rows = [
    ...redaction.names.map(({ label, kind, reason }) => [
      kindWord(kind, words),
      label,
      own.places(said.split(JSON.stringify(label).slice(1, -1)).length - 1),
      reason,
    ]),
    ...(redaction.hashes ? [[own.hashes, own.leftOut, own.allOriginals, redaction.reason]] : []),
    ...pictureRows(redaction, words),
  ].map(([what, how, where, reason]) => [what!, how!, where!, reason || words.notStated])
  const blocks: Block[] = [
    { type: 'paragraph', text: own.lead },
    {
      type: 'table',
      columns: [
        { label: own.what, share: 30 },
        { label: own.shownAs, share: 26 },
        { label: own.where, share: 28 },
        { label: own.reason, share: 40 },
      ],
      rows,
    },
  ]
  const note = (text: string): Block => ({ type: 'paragraph', tone: 'note', text })
  if (redaction.names.some(({ kind }) => kind !== 'analyst')) blocks.push(note(own.records))
  if (redaction.faces) blocks.push(note(own.detector))
  return [{ id: 'redactions', title: own.title, blocks }]
}

/** What stands in a label, and in the account of what is withheld. */
export const kindWord = (kind: RedactionNote['names'][number]['kind'], { kinds, redactions }: Words): string =>
  kind === 'person' || kind === 'name' || kind === 'analyst' ? redactions[kind] : kinds[kind].one

function pictureRows({ pictures, faces, fill, reason }: RedactionNote, { redactions: own }: Words): string[][] {
  if (!pictures) return []
  const how = fill === 'solid' ? own.black : own.mosaic
  return [
    ...(faces ? [[own.faces, how, own.placesIn(pictures.faces.places, pictures.faces.pictures), reason]] : []),
    ...(pictures.whole ? [[own.closeUps, how, own.wholePictures(pictures.whole), reason]] : []),
    ...pictures.regions.map((one) => [own.regions, how, own.placesIn(one.places, one.pictures), one.reason]),
  ]
}
