import { z } from 'zod'
import { Sha256 } from '../../contract/common.ts'
import { attributes, date, longText, text, url, type Kind } from './kind.ts'

/** Admiralty (NATO AJP-2.1) source reliability. */
const RELIABILITY = ['A', 'B', 'C', 'D', 'E', 'F'] as const

/** Where an assertion comes from: a report, an article, a dataset, a person (STIX `report` with an external reference). */
export const source: Kind = {
  kind: 'source',
  label: 'Source',
  plural: 'Sources',
  stix: 'report',
  help: 'A report, article, dataset or person that says something; other records cite it.',
  attributes: attributes({
    publisher: text,
    author: text,
    date,
    reference: url,
    archiveSha256: Sha256,
    reliability: z.enum(RELIABILITY),
    description: longText,
  }),
  fields: [
    { name: 'publisher', label: 'Publisher', type: 'text', help: 'Who published it.' },
    { name: 'author', label: 'Author', type: 'text', help: 'Who wrote or said it.' },
    { name: 'date', label: 'Date', type: 'date', help: 'Of publication, as far as it is known.' },
    {
      name: 'reference',
      label: 'Reference',
      type: 'url',
      help: 'Address or identifier. Shown as text; Assay never opens it.',
    },
    {
      name: 'archiveSha256',
      label: 'Archived copy (SHA-256)',
      type: 'text',
      help: 'Hash of the copy that was read, so that it can be found again.',
    },
    {
      name: 'reliability',
      label: 'Reliability',
      type: 'choice',
      choices: [...RELIABILITY],
      help: 'Admiralty code: A completely reliable, B usually, C fairly, D not usually, E unreliable, F cannot be judged.',
    },
    { name: 'description', label: 'Description', type: 'long-text', help: 'What it says that matters here.' },
  ],
}
