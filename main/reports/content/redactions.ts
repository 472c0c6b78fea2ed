import type { Block, DocumentSection } from '../document.ts'
import type { RedactionNote } from '../redaction/snapshot.ts'
import type { ReportSnapshot } from '../snapshot.ts'

const times = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`

/**
 * What this report withholds: kind, number and reason of each, never what it was.
 * @param rest everything else that the report says, to count labels in
 * @returns no section where nothing is withheld
 */
export function redactionSection({ redaction }: ReportSnapshot, rest: unknown): DocumentSection[] {
  if (!redaction) return []
  const said = JSON.stringify(rest)
  const rows = [
    ...redaction.names.map(({ label, kind, reason }) => [
      kind,
      label,
      times(said.split(JSON.stringify(label).slice(1, -1)).length - 1, 'place', 'places'),
      reason,
    ]),
    ...(redaction.hashes ? [['Hashes and exact sizes', 'left out', 'all originals', redaction.reason]] : []),
    ...pictureRows(redaction),
  ].map(([what, how, where, reason]) => [what!, how!, where!, reason || 'not stated'])
  const blocks: Block[] = [
    {
      type: 'paragraph',
      text: 'Parts of this report were withheld before it was made. In every format the same is withheld. The originals and the records in the library are as they were.',
    },
    {
      type: 'table',
      columns: [
        { label: 'What', share: 30 },
        { label: 'Shown as', share: 26 },
        { label: 'Where', share: 28 },
        { label: 'Reason', share: 40 },
      ],
      rows,
    },
  ]
  if (redaction.names.some(({ kind }) => kind !== 'Analyst'))
    blocks.push({
      type: 'paragraph',
      tone: 'note',
      text: 'Of records whose name is withheld, addresses, other names, descriptions and free texts are left out as well.',
    })
  if (redaction.faces)
    blocks.push({
      type: 'paragraph',
      tone: 'note',
      text: 'Faces were looked for by a detector, which can miss some and can take other things for faces.',
    })
  return [{ id: 'redactions', title: 'Withheld in this report', blocks }]
}

function pictureRows({ pictures, faces, fill, reason }: RedactionNote): string[][] {
  if (!pictures) return []
  const how = fill === 'solid' ? 'black areas' : 'coarse mosaic'
  return [
    ...(faces
      ? [
          [
            'Faces',
            how,
            `${times(pictures.faces.places, 'place', 'places')} in ${times(pictures.faces.pictures, 'picture', 'pictures')}`,
            reason,
          ],
        ]
      : []),
    ...(pictures.whole
      ? [
          [
            'Pictures that show a face from close by',
            how,
            times(pictures.whole, 'whole picture', 'whole pictures'),
            reason,
          ],
        ]
      : []),
    ...pictures.regions.map((one) => [
      'Regions chosen by an analyst',
      how,
      `${times(one.places, 'place', 'places')} in ${times(one.pictures, 'picture', 'pictures')}`,
      one.reason,
    ]),
  ]
}
