import { choice, dated, description, kind, longText, reference, text } from './kind.ts'

const ACTIONS = [
  'account removal',
  'content removal',
  'restriction',
  'label',
  'demotion',
  'demonetisation',
  'takedown of infrastructure',
  'broadcast ban',
  'other',
] as const
const PERMANENCE = ['permanent', 'temporary', 'reversed', 'unknown'] as const

/** What a platform, a regulator or a court did about something (STIX `course-of-action`). Against whom is a relation. */
export const enforcement = kind({
  kind: 'enforcement',
  label: 'Enforcement',
  plural: 'Enforcement',
  stix: 'course-of-action',
  help: 'What a platform, a regulator or a court did: a removal, a label, a ban. “Was enforced against” links what it hit.',
  fields: [
    reference('by', 'Who acted', ['identity', 'channel'], 'The platform, regulator or court.'),
    choice('action', 'Action', ACTIONS, 'What was done.'),
    text('policy', 'Policy', 'The rule, as the enforcer names it: “Dangerous Organizations & Individuals”.'),
    text('clause', 'Clause', 'The part of it that was applied, where it is known.'),
    choice('permanence', 'Permanence', PERMANENCE, 'Whether it was meant to last.'),
    dated('date', 'Date', 'When it took effect.', { endsWith: 'until' }),
    dated('until', 'Until', 'When it was lifted or ran out; empty while it holds.'),
    longText('wording', 'The enforcer’s wording', 'What it said about it, quoted.'),
    description(),
  ],
})
