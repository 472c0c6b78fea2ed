import { z } from 'zod'
import { attributes, longText, text, url, type Kind } from './kind.ts'

const TYPES = ['broadcaster', 'streaming service', 'website', 'chat group', 'other'] as const

/** A way by which content reaches people: broadcaster, streaming service, website, chat group (STIX `infrastructure`). */
export const channel: Kind = {
  kind: 'channel',
  label: 'Channel',
  plural: 'Channels',
  stix: 'infrastructure',
  help: 'A broadcaster, streaming service, website or chat group by which content reaches people.',
  attributes: attributes({
    type: z.enum(TYPES),
    url,
    operator: text,
    country: text,
    language: text,
    description: longText,
  }),
  fields: [
    { name: 'type', label: 'Type', type: 'choice', choices: [...TYPES], help: 'What it is.' },
    { name: 'url', label: 'Address', type: 'url', help: 'Shown as text; Assay never opens it.' },
    { name: 'operator', label: 'Operator', type: 'text', help: 'Who runs it.' },
    { name: 'country', label: 'Country', type: 'text', help: 'Where it is run from or licensed.' },
    { name: 'language', label: 'Language', type: 'text', help: 'Main language.' },
    { name: 'description', label: 'Description', type: 'long-text', help: 'What a reader must know.' },
  ],
}
