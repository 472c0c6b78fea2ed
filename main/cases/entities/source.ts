import { choice, dated, description, hash, kind, text, url } from './kind.ts'

/** Admiralty (NATO AJP-2.1) source reliability. */
const RELIABILITY = ['A', 'B', 'C', 'D', 'E', 'F'] as const

/** Where an assertion comes from: a report, an article, a dataset, a person (STIX `report` with an external reference). */
export const source = kind({
  kind: 'source',
  label: 'Source',
  plural: 'Sources',
  stix: 'report',
  help: 'A report, article, dataset or person that says something; other records cite it.',
  fields: [
    text('publisher', 'Publisher', 'Who published it.'),
    text('author', 'Author', 'Who wrote or said it.'),
    dated('date', 'Date', 'Of publication, as far as it is known.'),
    url('reference', 'Reference', 'Address or identifier. Shown as text; Assay never opens it.'),
    hash('archiveSha256', 'Archived copy (SHA-256)', 'Hash of the copy that was read, so that it can be found again.'),
    choice(
      'reliability',
      'Reliability',
      RELIABILITY,
      'Admiralty code: A completely reliable, B usually, C fairly, D not usually, E unreliable, F cannot be judged.',
    ),
    text('language', 'Language', 'In which it is written or spoken.'),
    description('What it says that matters here.'),
  ],
})
