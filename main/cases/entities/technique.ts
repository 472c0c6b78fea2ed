import { choice, description, kind, text } from './kind.ts'

const FRAMEWORKS = ['DISARM', 'local', 'other'] as const

/** A way of working (STIX `attack-pattern`, kill chain `disarm`). Only ids and names come from the framework. */
export const technique = kind({
  kind: 'technique',
  label: 'Technique',
  plural: 'Techniques',
  stix: 'attack-pattern',
  help: 'A way of working, by its DISARM id and name, or one of your own, marked local.',
  fields: [
    choice(
      'framework',
      'Framework',
      FRAMEWORKS,
      'Local: not of DISARM; a finer part of one of its techniques, or your own.',
    ),
    text('techniqueId', 'Id', 'Such as T0086.001; for a local one the id that it refines, with an ending of your own.'),
    text('tactics', 'Tactics', 'Ids or names of the tactics that it serves, one per line.', { many: true }),
    description('What it is here. The framework’s own text is not part of Assay.'),
  ],
})
