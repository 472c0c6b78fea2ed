import { attributes, date, list, longText, text, type Kind } from './kind.ts'

/** Something that happened at a time: an interruption, a hijacking, a removal (STIX `incident`). */
export const incident: Kind = {
  kind: 'incident',
  label: 'Incident',
  plural: 'Incidents',
  stix: 'incident',
  help: 'Something that happened, such as the interruption of streaming services in several countries.',
  attributes: attributes({
    what: longText,
    start: date,
    end: date,
    services: list,
    countries: list,
    method: text,
    effect: longText,
  }),
  fields: [
    { name: 'what', label: 'What happened', type: 'long-text', help: 'In a few sentences.' },
    { name: 'start', label: 'Start', type: 'date', help: 'As far as it is known: 2023, 2023-12 or 2023-12-10.' },
    { name: 'end', label: 'End', type: 'date', help: 'Empty where it is not known.' },
    { name: 'services', label: 'Services hit', type: 'list', help: 'One per line.' },
    { name: 'countries', label: 'Countries', type: 'list', help: 'One per line.' },
    { name: 'method', label: 'Method', type: 'text', help: 'How it was done, as far as it is known.' },
    { name: 'effect', label: 'Effect', type: 'long-text', help: 'Who saw it, and what followed.' },
  ],
}
