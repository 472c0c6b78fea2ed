import { choice, description, kind, observations, reference, text } from './kind.ts'

const WINDOWS = ['day', 'week', 'month', 'quarter', 'year', 'other'] as const

/** A quantity that somebody reports over time (extension `metric`). Never turned into that many records. */
export const metric = kind({
  kind: 'metric',
  label: 'Metric',
  plural: 'Metrics',
  stix: 'metric',
  help: 'A quantity as somebody reports it, over time: operations per month, views per post. It stands for no records.',
  fields: [
    text('measures', 'What is counted', 'In the words of who counts it.'),
    text('unit', 'Unit', 'operations, views, accounts, …'),
    choice('window', 'Window', WINDOWS, 'The stretch of time that one value covers.'),
    observations('values', 'Values', 'One per line: number; date; source. For example 11; 2023-10; threat report.'),
    text('baseline', 'Baseline', 'What it is compared with, as reported: “sporadic before July 2023”.'),
    reference('reportedBy', 'Reported by', ['source', 'identity'], 'Who counts.'),
    description('How it was counted, and what was left out.'),
  ],
})
