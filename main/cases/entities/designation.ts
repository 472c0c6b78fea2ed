import { dated, description, kind, longText, text, url } from './kind.ts'

/**
 * One stretch of time on one list (extension `designation`). A subject that was taken off a list and put on it again has
 * two. “Is designated by” links the subject.
 */
export const designation = kind({
  kind: 'designation',
  label: 'Designation',
  plural: 'Designations',
  stix: 'designation',
  help: 'One listing: on which list, by whom, from when until when. Listed again is a second one. “Is designated by” links the subject.',
  fields: [
    text(
      'list',
      'List',
      'As its authority names it: “Foreign Terrorist Organization”, “Specially Designated Global Terrorist”.',
    ),
    text('authority', 'Authority', 'Who keeps the list.'),
    dated('validFrom', 'In force from', 'The day on which it took effect.', { endsWith: 'validUntil' }),
    dated('validUntil', 'In force until', 'The first day on which it no longer held; empty while it stands.'),
    text('basis', 'Legal basis', 'Act, order or regulation, with its number.'),
    url('reference', 'Reference', 'Address or identifier of the notice. Shown as text.'),
    longText('wording', 'Wording', 'What the notice says, quoted.'),
    description(),
  ],
})
