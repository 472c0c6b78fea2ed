import { cells, choice, description, kind, text } from './kind.ts'

const STATES = ['open', 'set aside'] as const

/** One possible answer, weighed against the others (extension `hypothesis`, and a STIX `opinion`). */
export const hypothesis = kind({
  kind: 'hypothesis',
  label: 'Hypothesis',
  plural: 'Hypotheses',
  stix: 'hypothesis',
  help: 'One possible answer to a question of the case. Hypotheses with the same question are weighed in one matrix.',
  fields: [
    text('question', 'Question', 'What it would answer; empty: the question of the case.'),
    choice('state', 'State', STATES, 'Set aside: no longer weighed, and kept.'),
    cells('cells', 'Consistency', 'How each item bears on it, on the scale CC, C, N, I, II. The matrix writes these.'),
    description('What would have to be true, and what one would then expect to see.'),
  ],
})
