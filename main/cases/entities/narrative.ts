import { choice, kind, longText, text } from './kind.ts'

/** The 5Ds by which disinformation works (B. Nimmo, “Anatomy of an info-war”, 2015; dismay to divide: EU DisinfoLab). */
const FIVE_DS = ['dismiss', 'distort', 'distract', 'dismay', 'divide'] as const

/** What is to be believed: one claim and its audience (STIX extension `narrative`). */
export const narrative = kind({
  kind: 'narrative',
  label: 'Narrative',
  plural: 'Narratives',
  stix: 'narrative',
  help: 'A claim that content carries to an audience, in one sentence, with what speaks against it.',
  fields: [
    text('claim', 'Claim', 'In one sentence, as its audience would repeat it.'),
    text('audience', 'Audience', 'Whom it is meant for.'),
    choice('aims', 'Aims', FIVE_DS, 'Which of the five Ds it serves.', { many: true }),
    longText('rebuttal', 'Rebuttal', 'What is known that speaks against it, with sources.'),
  ],
})
