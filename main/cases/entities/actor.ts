import { z } from 'zod'
import { attributes, list, longText, text, type Kind } from './kind.ts'

const TYPES = ['state', 'state-aligned', 'commercial', 'hacktivist', 'political', 'individual', 'unknown'] as const

/** A threat actor or intrusion set: who runs operations, as named by those who track it (STIX `intrusion-set`). */
export const actor: Kind = {
  kind: 'actor',
  label: 'Actor',
  plural: 'Actors',
  stix: 'intrusion-set',
  help: 'A group that runs operations, under the names that its trackers give it. Linking one is your statement: no signal ever names an actor.',
  attributes: attributes({ aliases: list, type: z.enum(TYPES), sponsor: text, country: text, description: longText }),
  fields: [
    { name: 'aliases', label: 'Aliases', type: 'list', help: 'One per naming vendor: “Name (vendor)”.' },
    { name: 'type', label: 'Type', type: 'choice', choices: [...TYPES], help: 'What kind of actor it is taken to be.' },
    { name: 'sponsor', label: 'Sponsor', type: 'text', help: 'Who is said to direct or pay it.' },
    { name: 'country', label: 'Country', type: 'text', help: 'Where it is said to work from.' },
    { name: 'description', label: 'Description', type: 'long-text', help: 'What is known of it.' },
  ],
}
