import { z } from 'zod'
import { attributes, longText, text, type Kind } from './kind.ts'

/** The 5Ds by which disinformation works (B. Nimmo, “Anatomy of an info-war”, 2015; dismay to divide: EU DisinfoLab). */
const FIVE_DS = ['dismiss', 'distort', 'distract', 'dismay', 'divide'] as const

/** What is to be believed: one claim and its audience (STIX extension `narrative`). */
export const narrative: Kind = {
  kind: 'narrative',
  label: 'Narrative',
  plural: 'Narratives',
  stix: 'narrative',
  help: 'A claim that content carries to an audience, in one sentence, with what speaks against it.',
  attributes: attributes({ claim: text, audience: text, aims: z.array(z.enum(FIVE_DS)).max(5), rebuttal: longText }),
  fields: [
    { name: 'claim', label: 'Claim', type: 'text', help: 'In one sentence, as its audience would repeat it.' },
    { name: 'audience', label: 'Audience', type: 'text', help: 'Whom it is meant for.' },
    { name: 'aims', label: 'Aims', type: 'list', choices: [...FIVE_DS], help: 'Which of the five Ds it serves.' },
    {
      name: 'rebuttal',
      label: 'Rebuttal',
      type: 'long-text',
      help: 'What is known that speaks against it, with sources.',
    },
  ],
}
