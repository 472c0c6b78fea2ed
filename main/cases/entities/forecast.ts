import { LIKELIHOODS } from '../../contract/common.ts'
import { choice, dated, kind, longText, text } from './kind.ts'

const OUTCOMES = ['open', 'occurred', 'did not occur', 'void'] as const

/** What is expected, until when, and what came of it (extension `forecast`). */
export const forecast = kind({
  kind: 'forecast',
  label: 'Forecast',
  plural: 'Forecasts',
  stix: 'forecast',
  help: 'An event that is expected or feared, by a date, in an ICD 203 band; resolved when the date has come.',
  fields: [
    text('event', 'Event', 'What would have to happen, so that anybody can later tell whether it did.'),
    dated('horizon', 'Horizon', 'Until when.'),
    choice(
      'likelihood',
      'Likelihood',
      LIKELIHOODS.map(({ id }) => id),
      'ICD 203 band. How sure you are of it goes into the sourcing, apart.',
    ),
    dated('madeOn', 'Made on', 'When it was stated.'),
    longText('basis', 'Basis', 'What it rests on.'),
    longText('criterion', 'Resolution criterion', 'What will count as having happened, and who says so.'),
    choice('outcome', 'Outcome', OUTCOMES, 'Void: it can no longer be told.'),
    dated('resolvedOn', 'Resolved on', 'When the outcome was known.'),
  ],
})
