/**
 * What merging a bundle would add to this library, and where the two differ. Nothing that stands here is changed: another
 * value becomes a statement of its own beside ours, with the bundle as its source.
 */
import type { MergeConflict } from '../../contract/bundle-merge.ts'
import type { Tlp } from '../../contract/common.ts'
import type { Finding, Judgement } from '../../contract/findings.ts'
import type { Evidence } from '../../contract/intake.ts'
import { foreignId } from '../../cases/exchange/foreign.ts'
import type { CustodyStep } from '../../store/evidence.ts'
import {
  statedOf,
  type AssertionRow,
  type CaseRow,
  type EntityRow,
  type RelationRow,
} from '../../store/exchange/rows.ts'
import type { Library } from '../../store/library.ts'
import { groundOf, type Outcome } from './ground.ts'
import type { Parcel } from './parcel.ts'
import { planCase } from './plan-case.ts'
import { planCustody, planFindings, planJudgements } from './plan-findings.ts'
import { planItems } from './plan-items.ts'
import { planRecords } from './plan-records.ts'
import { planRelations } from './plan-relations.ts'
import { statement } from './source.ts'

/** A statement to be added, and the record that is to carry it. */
export interface AddedStatement {
  readonly holder: string
  readonly row: AssertionRow
}

export interface Plan {
  /** The source that stands for the bundle. It is written only where something else is. */
  readonly source: EntityRow
  /** Without their statements. */
  readonly entities: readonly EntityRow[]
  readonly statements: readonly AddedStatement[]
  /** Records here whose mark is lower than theirs. */
  readonly marks: readonly { readonly id: string; readonly tlp: Tlp }[]
  readonly relations: readonly RelationRow[]
  /** The case itself where it is not here; its members and tasks that are not. */
  readonly dossier: { readonly row: CaseRow; readonly isNew: boolean }
  readonly judgements: readonly Judgement[]
  readonly evidence: readonly Evidence[]
  readonly findings: readonly { readonly evidenceId: string; readonly sha256: string; readonly finding: Finding }[]
  readonly custody: readonly {
    readonly evidenceId: string
    readonly steps: readonly (CustodyStep & { actor: string })[]
  }[]
  readonly counts: ReadonlyMap<string, Record<Outcome, number>>
  readonly conflicts: readonly MergeConflict[]
  readonly left: readonly string[]
}

export function planMerge(lib: Library, parcel: Parcel): Plan {
  const ground = groundOf(lib, parcel)
  const { source, counts, conflicts, left } = ground
  const beside: AssertionRow[] = []
  /** What has no place of its own here is kept with the bundle's own source. */
  const keepBeside = (key: string, text: string): void => {
    const id = foreignId(`${parcel.origin.seal} ${key}`)
    if (statedOf(lib, id) === undefined)
      beside.push(statement(id, source.id, 'description', text, parcel.origin.sealedAt, source))
  }
  // Items first: what is said of one that stays out stays out with it.
  const evidence = planItems(ground)
  const { entities, statements, marks } = planRecords(ground, keepBeside)
  const relations = planRelations(ground)
  const dossier = planCase(ground, keepBeside)
  const judgements = planJudgements(ground)
  const findings = planFindings(ground)
  const custody = planCustody(ground)
  return {
    source: { ...source, assertions: [...source.assertions, ...beside] },
    entities,
    statements,
    marks,
    relations,
    dossier,
    judgements,
    evidence,
    findings,
    custody,
    counts,
    conflicts,
    left: [...left],
  }
}
