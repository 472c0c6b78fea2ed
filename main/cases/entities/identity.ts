import { aliases, choice, country, description, kind, text } from './kind.ts'

const CLASSES = ['person', 'organisation', 'government body', 'outlet', 'group'] as const

/** A person, organisation, government body or outlet (STIX `identity`). */
export const identity = kind({
  kind: 'identity',
  label: 'Identity',
  plural: 'Identities',
  stix: 'identity',
  help: 'A person, organisation, government body or outlet: shown, speaking, targeted or impersonated.',
  fields: [
    choice('class', 'Class', CLASSES, 'What it is.'),
    aliases('Other spellings and scripts, one per line.'),
    country('country', 'Country', 'Nationality or seat: a name or a two-letter code.'),
    text('role', 'Role', 'Office or function; its dates go into the validity of the value.'),
    description(),
  ],
})
