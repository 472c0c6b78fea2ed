/** Analysis of competing hypotheses: one matrix for each question that hypotheses of a case answer. */
import type { z } from 'zod'
import type { Sourcing } from '../../contract/common.ts'
import type { AchMatrix, AchRow } from '../../contract/tradecraft.ts'
import type { Cell, CellSubject, Consistency } from '../../contract/values.ts'
import { Failure } from '../../errors.ts'
import { assertionById, assertionsOf, standingOf } from '../../store/assertions.ts'
import { caseById } from '../../store/cases.ts'
import { bumpEntity, caseEntityHeads, entityById, namesOf, type EntityHead } from '../../store/entities.ts'
import { signalsOf } from '../../signals/models/added.ts'
import { findingById } from '../../store/findings.ts'
import type { Actor, Library } from '../../store/library.ts'
import { operate } from '../../store/operations.ts'
import { relationById } from '../../store/relations.ts'
import { say, unsay, wordsOf } from '../assert.ts'
import { fieldOf } from '../entities/list.ts'
import { readValue, viewAll } from '../view.ts'
import { diagnosticity, inconsistencies, leadersOf, METHOD, ranks, weightOf, type WeighedRow } from './score.ts'
import { Sourcing as SourcingSchema } from '../../contract/common.ts'

type Subject = z.infer<typeof CellSubject>
type Row = AchMatrix['rows'][number]

const CELLS = fieldOf('hypothesis', 'cells')

/** @throws Failure record.not-found */
export function achMatrices(lib: Library, caseId: string): AchMatrix[] {
  const { question } = caseById(lib, caseId)
  const hypotheses = viewAll(
    lib,
    caseEntityHeads(lib, caseId).filter((head) => head.kind === 'hypothesis'),
  )
  const groups = Map.groupBy(hypotheses, ({ attributes }) => String(attributes['question'] ?? '').trim() || question)
  return [...groups].map(([asked, members]) =>
    matrix(
      lib,
      asked,
      members.map(({ id, name, revision, attributes }) => ({
        id,
        name,
        revision,
        state: attributes['state'] === 'set aside' ? ('set aside' as const) : ('open' as const),
      })),
    ),
  )
}

interface Hypothesis {
  readonly id: string
  readonly name: string
  readonly revision: number
  readonly state: 'open' | 'set aside'
}

function matrix(lib: Library, question: string, hypotheses: readonly Hypothesis[]): AchMatrix {
  const rows = new Map<string, Row>()
  for (const { id, revision } of hypotheses)
    for (const said of assertionsOf(lib, id)) {
      if (said.field !== CELLS.name || said.withdrawnAt !== null) continue
      const { of, ref, rating, note } = readValue('hypothesis', CELLS, said.untrustedValue) as Cell
      const row = rows.get(ref) ?? subjectRow(lib, of, ref)
      if (!row) continue
      rows.set(ref, row)
      const known = row.cells[id]
      row.cells[id] = known
        ? { ...known, conflict: known.conflict || known.rating !== rating }
        : { rating, note, assertionId: said.id, entityRevision: revision, conflict: false }
    }
  const open = hypotheses.filter((one) => one.state === 'open').map((one) => one.id)
  const ratingsOf = (row: Row): Map<string, Consistency> =>
    new Map(open.flatMap((id) => (row.cells[id] ? [[id, row.cells[id].rating] as const] : [])))
  const weighed = [...rows.values()].map((row): Row & WeighedRow => {
    const ratings = ratingsOf(row)
    return { ...row, ratings, diagnosticity: diagnosticity([...ratings.values()]) }
  })
  const scores = inconsistencies(open, weighed)
  const rank = ranks(scores)
  const leaders = leadersOf(open, weighed)
  return {
    question,
    hypotheses: hypotheses.map(({ id, name, state }) => ({
      id,
      name,
      state,
      inconsistency:
        scores.get(id) ??
        inconsistencies(
          [id],
          [...rows.values()].map((row) => all(row)),
        ).get(id)!,
      rank: rank.get(id) ?? null,
    })),
    rows: weighed
      .toSorted((a, b) => (b.diagnosticity ?? -1) - (a.diagnosticity ?? -1) || (a.name < b.name ? -1 : 1))
      .map(({ ratings, ...row }) => ({ ...row, diagnosticity: diagnosticity([...ratings.values()]) })),
    sensitivity: sensitivity(open, weighed, leaders, new Map(hypotheses.map((one) => [one.id, one.name]))),
    leaders,
    method: METHOD,
  }
}

const all = (row: Row): WeighedRow => ({
  weight: row.weight,
  ratings: new Map(Object.entries(row.cells).map(([id, cell]) => [id, cell.rating])),
})

/** What the ranking hangs on: sources, and single items, without which another hypothesis would lead. */
function sensitivity(
  open: readonly string[],
  rows: readonly (Row & WeighedRow)[],
  leaders: readonly string[],
  names: ReadonlyMap<string, string>,
): AchMatrix['sensitivity'] {
  if (open.length < 2) return []
  const told = (drop: AchMatrix['sensitivity'][number]['drop'], name: string, left: readonly WeighedRow[]) => {
    const without = leadersOf(open, left)
    if (without.length === leaders.length && without.every((id) => leaders.includes(id))) return []
    // A source may be an item too: what is dropped is said.
    const dropped = 'sourceId' in drop ? `all that “${name}” says` : `the item “${name}”`
    const words = without.length
      ? `Without ${dropped}, the least inconsistent ${without.length > 1 ? 'are' : 'is'} ${without.map((id) => `“${names.get(id)}”`).join(' and ')}.`
      : `Without ${dropped}, nothing is rated.`
    return { drop, name, leaders: without, words }
  }
  const sources = Map.groupBy(
    rows.filter((row) => row.sourceId),
    (row) => row.sourceId!,
  )
  return [
    ...[...sources].flatMap(([sourceId, held]) =>
      told(
        { sourceId },
        held[0]!.sourceName,
        rows.filter((row) => row.sourceId !== sourceId),
      ),
    ),
    ...rows.flatMap((row) =>
      told(
        { of: row.of, ref: row.ref },
        row.name,
        rows.filter((other) => other !== row),
      ),
    ),
  ]
}

/** The item of a row with the weight of its sourcing; null where it is gone. */
function subjectRow(lib: Library, of: Subject, ref: string): Row | null {
  try {
    const { name, about, sourcing } = subjectOf(lib, of, ref)
    const { reliability, credibility, sourceId } = sourcing
    const seen = of === 'evidence' || of === 'finding'
    return {
      of,
      ref,
      name,
      about,
      grade: seen ? '' : `${reliability}${credibility}`,
      // A video in the vault is itself the item, and what was measured on it can be measured again: nobody has to be believed.
      weight: seen ? 1 : weightOf(reliability, credibility),
      sourceId,
      sourceName: sourceId ? (namesOf(lib, [sourceId]).get(sourceId) ?? '') : '',
      cells: {},
      diagnosticity: null,
    } satisfies z.infer<typeof AchRow>
  } catch (error) {
    if (error instanceof Failure && error.code === 'record.not-found') return null
    throw error
  }
}

interface Weighed {
  readonly name: string
  readonly about: Row['about']
  readonly sourcing: Sourcing
}

/** @throws Failure record.not-found */
function subjectOf(lib: Library, of: Subject, ref: string): Weighed {
  const own = SourcingSchema.parse({})
  const nameOf = (id: string): string => namesOf(lib, [id]).get(id) ?? id
  if (of === 'evidence') return { name: nameOf(ref), about: { kind: 'evidence', id: ref }, sourcing: own }
  if (of === 'finding') {
    const finding = findingById(lib, ref)
    if (!finding) throw new Failure('record.not-found', 'There is no such finding.')
    const { evidenceId, output } = finding
    return { name: `${nameOf(evidenceId)}: ${signalsOf(lib).find(({ id }) => id === output.id)?.title ?? output.id}`, about: { kind: 'evidence', id: evidenceId }, sourcing: own } // prettier-ignore
  }
  if (of === 'assertion') {
    const { entityId, sourcing } = assertionById(lib, ref)
    const { kind, id } = entityById(lib, entityId)
    return { name: wordsOf(lib, { assertionId: ref }).words, about: { kind, id }, sourcing }
  }
  if (of === 'relation') {
    const { from, sourcing } = relationById(lib, ref)
    return { name: wordsOf(lib, { relationId: ref }).words, about: from, sourcing }
  }
  const head: EntityHead = entityById(lib, ref)
  const about = { kind: head.kind, id: head.id }
  // A source that is itself weighed counts by what it is.
  return head.kind === 'source'
    ? { name: head.name, about, sourcing: { ...head.sourcing, ...reliabilityOf(lib, head), sourceId: head.id } }
    : { name: head.name, about, sourcing: head.sourcing }
}

function reliabilityOf(lib: Library, { id }: EntityHead): Partial<Sourcing> {
  const said = standingOf(lib, id, 'reliability')[0]?.untrustedValue
  return typeof said === 'string' ? { reliability: said as Sourcing['reliability'] } : {}
}

/**
 * Rates one item against one hypothesis, or takes the rating out. It is the analyst who says so; what it was before stays
 * in the history.
 *
 * @throws Failure record.not-found; request.invalid where the record is no hypothesis
 */
export function rate(
  lib: Library,
  input: { hypothesisId: string; of: Subject; ref: string; rating: Consistency | null; note: string },
  actor: Actor,
): void {
  const { of, ref, rating, note } = input
  const head = entityById(lib, input.hypothesisId)
  if (head.kind !== 'hypothesis') throw new Failure('request.invalid', `“${head.name}” is no hypothesis.`)
  const { name } = subjectOf(lib, of, ref)
  const title = rating
    ? `rated ${name} ${rating} against “${head.name}”`
    : `took the rating of ${name} off “${head.name}”`
  operate(
    lib,
    actor,
    () => ({ action: 'hypothesis.rated', title, subject: head.id }),
    (record) => {
      const at = new Date().toISOString()
      if (rating) {
        const sourcing = SourcingSchema.parse({})
        const value = { of, ref, rating, note }
        say(lib, {
          entityId: head.id,
          kind: 'hypothesis',
          field: CELLS,
          value,
          sourcing,
          validFrom: null,
          validUntil: null,
          note: '',
          at,
        })
      } else
        for (const said of standingOf(lib, head.id, CELLS.name))
          if (
            (readValue('hypothesis', CELLS, said.untrustedValue) as Cell).ref === ref &&
            said.sourcing.sourceId === null
          )
            unsay(lib, said.id, at)
      bumpEntity(lib, head.id, at)
      record('hypothesis.rated', head.id, { of, ref, rating, note })
    },
  )
}
