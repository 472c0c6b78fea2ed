import { z } from 'zod'
import { attributes, date, list, longText, text, type Kind } from './kind.ts'

const PHASES = ['suspected', 'prepared', 'active', 'paused', 'ended', 'unknown'] as const

/** An influence operation: a coordinated effort over time (STIX `campaign`). */
export const operation: Kind = {
  kind: 'operation',
  label: 'Operation',
  plural: 'Operations',
  stix: 'campaign',
  help: 'A coordinated effort over time, such as a series of stream hijackings under one name.',
  attributes: attributes({
    aliases: list,
    phase: z.enum(PHASES),
    start: date,
    end: date,
    objective: longText,
    countAsReported: text,
  }),
  fields: [
    { name: 'aliases', label: 'Aliases', type: 'list', help: 'Other names, each with who uses it: “Name (vendor)”.' },
    { name: 'phase', label: 'Phase', type: 'choice', choices: [...PHASES], help: 'How far it has come.' },
    { name: 'start', label: 'Start', type: 'date', help: 'As far as it is known: 2023, 2023-10 or 2023-10-07.' },
    { name: 'end', label: 'End', type: 'date', help: 'Empty while it goes on or is not known.' },
    { name: 'objective', label: 'Objective', type: 'long-text', help: 'What it appears to be for, and who says so.' },
    {
      name: 'countAsReported',
      label: 'Count as reported',
      type: 'text',
      help: 'A number that a source gives, in its own words: “11 operations in October 2023”.',
    },
  ],
}
