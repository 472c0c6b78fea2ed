import { aliases, choice, country, description, kind, text, url } from './kind.ts'

const TYPES = ['broadcaster', 'streaming service', 'website', 'chat group', 'other'] as const

/** A way by which content reaches people: broadcaster, streaming service, website, chat group (STIX `infrastructure`). */
export const channel = kind({
  kind: 'channel',
  label: 'Channel',
  plural: 'Channels',
  stix: 'infrastructure',
  help: 'A broadcaster, streaming service, website or chat group by which content reaches people.',
  fields: [
    choice('type', 'Type', TYPES, 'What it is.'),
    aliases('Other spellings and scripts, one per line.'),
    url('url', 'Address', 'Shown as text; Assay never opens it.'),
    text('operator', 'Operator', 'Who runs it.'),
    country('country', 'Country', 'Where it is run from or licensed: a name or a two-letter code.'),
    text('language', 'Language', 'Main language.'),
    description(),
  ],
})
