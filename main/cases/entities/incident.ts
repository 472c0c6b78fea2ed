import { country, dated, kind, longText, text } from './kind.ts'

/** Something that happened at a time: an interruption, a hijacking, a removal (STIX `incident`). */
export const incident = kind({
  kind: 'incident',
  label: 'Incident',
  plural: 'Incidents',
  stix: 'incident',
  help: 'Something that happened, such as the interruption of streaming services in several countries.',
  fields: [
    longText('what', 'What happened', 'In a few sentences.'),
    dated('start', 'Start', 'As far as it is known: 2023, 2023-12 or 2023-12-10.', { endsWith: 'end' }),
    dated('end', 'End', 'Empty where it is not known.'),
    text('services', 'Services hit', 'One per line.', { many: true }),
    country('countries', 'Countries', 'Names or two-letter codes, one per line.', { many: true }),
    text('method', 'Method', 'How it was done, as far as it is known.'),
    longText('effect', 'Effect', 'Who saw it, and what followed.'),
  ],
})
