/**
 * The worked example as a case: every fact with its source and grade, made by the same functions that an analyst's own
 * entries go through. Described in docs/cases.md.
 */
import { CaseFields, EntityInput, RelationInput } from '../../contract/cases.ts'
import { Sourcing } from '../../contract/common.ts'
import { AssertionInput } from '../../contract/records.ts'
import { datedOf } from '../../contract/time.ts'
import { TaskFields } from '../../contract/tradecraft.ts'
import { entityById } from '../../store/entities.ts'
import type { Actor, Library } from '../../store/library.ts'
import { operate } from '../../store/operations.ts'
import { assertValue } from '../assert.ts'
import { createCase, createEntity, relate } from '../cases.ts'
import { foreignId } from '../exchange/foreign.ts'
import { addTask } from '../tradecraft/tasks.ts'
import { CELLS, LINKS, RECORDS } from './records.ts'
import { SOURCES } from './sources.ts'

const CASE = CaseFields.parse({
  title: 'Worked example: Iran-linked influence, October 2023 to February 2024',
  question:
    'What is known of the removal of Khamenei’s accounts and of the interrupted streams, by whom, and how well?',
  status: 'closed',
  owner: 'Assay',
  tlp: 'CLEAR',
  summary:
    'An example of how records are kept, from a public news report of February 2024 and known public record. Look every source up before you cite it.',
  abcde: {
    actor: 'Cotton Sandstorm, by Microsoft’s attribution; said to be sponsored by the IRGC.',
    behaviour: 'Hijacking of streaming services; a fake newscast.',
    content: 'A news video with an apparently AI-generated anchor.',
    degree: 'Viewers in the United Arab Emirates, the United Kingdom and Canada; how many is not known.',
    effect: 'Not known beyond the interruption itself.',
  },
})

/** Ids follow from the keys: two libraries with the example hold the same records. */
const idOf = (key: string): string => foreignId(`worked example ${key}`)

/** Puts the example into the library, as one operation that can be taken back. Answers with the case. */
export function makeSample(lib: Library, actor: Actor): string {
  return operate(
    lib,
    actor,
    (caseId) => ({ action: 'sample.made', title: 'made the worked example', subject: caseId }),
    () => {
      const { id: caseId } = createCase(lib, CASE, actor)
      for (const { key, name, attributes, reliability, credibility } of SOURCES)
        createEntity(
          lib,
          EntityInput.parse({ kind: 'source', name, attributes, sourcing: { reliability, credibility }, tlp: 'CLEAR' }),
          caseId,
          actor,
          idOf(key),
        )
      for (const { key, kind, name, attributes = {}, references = {}, by, credibility, confidence } of RECORDS) {
        const refs = Object.fromEntries(Object.entries(references).map(([field, to]) => [field, { ref: idOf(to) }]))
        const sourcing = { ...said(by, credibility), confidence: confidence ?? null }
        const input = EntityInput.parse({ kind, name, attributes: { ...attributes, ...refs }, sourcing, tlp: 'CLEAR' })
        createEntity(lib, input, caseId, actor, idOf(key))
      }
      for (const { from, type, to, by, note, credibility, validFrom } of LINKS)
        relate(
          lib,
          RelationInput.parse({
            type,
            from: nodeOf(lib, from),
            to: nodeOf(lib, to),
            note,
            sourcing: said(by, credibility),
            validFrom: validFrom ? datedOf(validFrom) : null,
          }),
          caseId,
          actor,
          idOf(`${from} ${type} ${to}`),
        )
      disagree(lib, actor)
      for (const { hypothesis, of, rating, note } of CELLS)
        state(lib, hypothesis, 'cells', { of: 'entity', ref: idOf(of), rating, note }, null, actor)
      for (const text of [
        'Which streaming services were hit, and how was access gained?',
        'How many viewers saw the newscast?',
        'Was the anchor’s voice made by a machine too?',
      ])
        addTask(lib, caseId, TaskFields.parse({ text }), actor)
      return caseId
    },
  )
}

/** Two sources with two values stand side by side; and what came of the forecast, by who said so. */
function disagree(lib: Library, actor: Actor): void {
  state(
    lib,
    'houthi-sdgt',
    'validFrom',
    '2024-01-17',
    'press',
    actor,
    'the day of the announcement, given as that of the listing',
  )
  const wording =
    'We have removed these accounts for repeatedly violating our Dangerous Organizations & Individuals policy.'
  state(lib, 'removal', 'wording', wording, 'news', actor, 'as quoted in the press')
  state(lib, 'forecast', 'outcome', 'occurred', 'odni', actor)
  state(lib, 'forecast', 'resolvedOn', '2024-08-19', 'odni', actor)
}

const nodeOf = (lib: Library, key: string) => {
  const { id, kind } = entityById(lib, idOf(key))
  return { id, kind }
}

function said(by: string | null, credibility?: Sourcing['credibility']): Sourcing {
  const source = SOURCES.find(({ key }) => key === by)
  return Sourcing.parse({
    sourceId: by ? idOf(by) : null,
    reliability: source?.reliability ?? 'F',
    credibility: credibility ?? source?.credibility ?? '6',
  })
}

function state(
  lib: Library,
  key: string,
  field: string,
  value: unknown,
  by: string | null,
  actor: Actor,
  note = '',
): void {
  const { id, revision } = entityById(lib, idOf(key))
  const assertion = AssertionInput.parse({ field, value, sourcing: said(by), note })
  assertValue(lib, { entityId: id, revision, assertion, supersedes: null }, actor)
}
