import { aliases, choice, country, description, kind, text } from './kind.ts'

const TYPES = ['state', 'state-aligned', 'commercial', 'hacktivist', 'political', 'individual', 'unknown'] as const

/** A threat actor or intrusion set: who runs operations, as named by those who track it (STIX `intrusion-set`). */
export const actor = kind({
  kind: 'actor',
  label: 'Actor',
  plural: 'Actors',
  stix: 'intrusion-set',
  help: 'A group that runs operations, under the names that its trackers give it. Linking one is your statement: no signal ever names an actor.',
  fields: [
    aliases('One per naming vendor: “Name (vendor)”.'),
    choice('type', 'Type', TYPES, 'What kind of actor it is taken to be.'),
    text(
      'sponsor',
      'Sponsor as reported',
      'Who is said to direct or pay it, in words; “is sponsored by” links the record.',
    ),
    country('country', 'Country', 'Where it is said to work from: a name or a two-letter code.'),
    description('What is known of it.'),
  ],
})
