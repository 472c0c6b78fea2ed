import { aliases, choice, dated, description, kind, longText, text } from './kind.ts'

const PHASES = ['suspected', 'prepared', 'active', 'paused', 'ended', 'unknown'] as const

/** An influence operation: a coordinated effort over time (STIX `campaign`). */
export const operation = kind({
  kind: 'operation',
  label: 'Operation',
  plural: 'Operations',
  stix: 'campaign',
  help: 'A coordinated effort over time, such as a series of stream hijackings under one name.',
  fields: [
    aliases('Each with who uses it: “Name (vendor)”.'),
    choice('phase', 'Phase', PHASES, 'How far it has come.'),
    dated('start', 'Start', 'As far as it is known: 2023, 2023-10 or 2023-10-07.', { endsWith: 'end' }),
    dated('end', 'End', 'Empty while it goes on or is not known.'),
    longText('objective', 'Objective', 'What it appears to be for, and who says so.'),
    text(
      'countAsReported',
      'Count as reported',
      'A number that a source gives, in its own words: “11 operations in October 2023”.',
    ),
    description(),
  ],
})
