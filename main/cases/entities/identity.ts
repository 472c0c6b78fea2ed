import { z } from 'zod'
import { attributes, list, longText, text, type Kind } from './kind.ts'

const CLASSES = ['person', 'organisation', 'government body', 'outlet', 'group'] as const

/** A person, organisation, government body or outlet (STIX `identity`). */
export const identity: Kind = {
  kind: 'identity',
  label: 'Identity',
  plural: 'Identities',
  stix: 'identity',
  help: 'A person, organisation, government body or outlet: shown, speaking, targeted or impersonated.',
  attributes: attributes({ class: z.enum(CLASSES), aliases: list, country: text, role: text, description: longText }),
  fields: [
    { name: 'class', label: 'Class', type: 'choice', choices: [...CLASSES], help: 'What it is.' },
    { name: 'aliases', label: 'Other names', type: 'list', help: 'Other spellings and scripts, one per line.' },
    { name: 'country', label: 'Country', type: 'text', help: 'Nationality or seat.' },
    { name: 'role', label: 'Role', type: 'text', help: 'Office or function, with its dates where they matter.' },
    { name: 'description', label: 'Description', type: 'long-text', help: 'What a reader must know.' },
  ],
}
