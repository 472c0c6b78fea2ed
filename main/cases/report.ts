/** What a report says of a case's records beyond the records themselves: every value with its source, and the analysis. */
import type { FieldView } from '../contract/records.ts'
import type { AchMatrix, Disagreement, ForecastView, Task } from '../contract/tradecraft.ts'
import { caseAssertions } from '../store/assertions.ts'
import { caseEntityHeads } from '../store/entities.ts'
import type { Library } from '../store/library.ts'
import { replacedAmong } from '../store/supports.ts'
import { kindOf } from './entities/list.ts'
import { achMatrices } from './tradecraft/ach.ts'
import { disagreements } from './tradecraft/disagreements.ts'
import { forecasts } from './tradecraft/forecasts.ts'
import { listTasks } from './tradecraft/tasks.ts'
import { citedFindings, fieldView, viewAssertion } from './view.ts'

export interface CaseAnalysis {
  /** By record id: each field that something is said of. */
  readonly values: Readonly<Record<string, readonly FieldView[]>>
  readonly disagreements: readonly Disagreement[]
  readonly matrices: readonly AchMatrix[]
  readonly forecasts: {
    readonly forecasts: readonly ForecastView[]
    readonly resolved: number
    readonly meanBrier: number | null
  }
  readonly tasks: readonly Task[]
}

/** @param now milliseconds; what is due is due then */
export function caseAnalysis(lib: Library, caseId: string, now: number): CaseAnalysis {
  const said = caseAssertions(lib, caseId)
  const replaced = replacedAmong(lib, said.flatMap(citedFindings))
  const byRecord = Map.groupBy(said, (one) => one.entityId)
  const values = caseEntityHeads(lib, caseId).map(({ id, kind }): [string, FieldView[]] => {
    const own = (byRecord.get(id) ?? []).map((one) => viewAssertion(kind, one, replaced))
    const views = kindOf(kind).fields.map((field) =>
      fieldView(
        field,
        own.filter((one) => one.field === field.name),
      ),
    )
    return [id, views.filter((view) => view.standing.length > 0)]
  })
  return {
    values: Object.fromEntries(values),
    disagreements: disagreements(lib, caseId),
    matrices: achMatrices(lib, caseId),
    forecasts: forecasts(lib, caseId, now),
    tasks: listTasks(lib, caseId),
  }
}
