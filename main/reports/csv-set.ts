/** A case as tables for spreadsheets. Every cell is text: what a spreadsheet would execute is disarmed (`writeTable`). */
import { writeTable } from '../cases/exchange/csv/table.ts'
import { writeRecords } from '../cases/exchange/csv/write.ts'
import type { Exported } from '../cases/exchange/scope.ts'
import { itemTag } from './content/glance.ts'
import { visible } from './neutralised.ts'
import type { ReportSnapshot } from './snapshot.ts'

type Cell = string | number | boolean | null | undefined

const table = (headings: readonly string[], rows: readonly (readonly Cell[])[]): Buffer =>
  writeTable({
    headings,
    rows: rows.map((row) => row.map((cell) => (cell === null || cell === undefined ? '' : visible(String(cell))))),
  })

/** File names with their bytes, in a fixed order. What the report leaves out is no table. */
export function csvSet(snapshot: ReportSnapshot, records: Exported): Map<string, Buffer> {
  const { items, omit } = snapshot
  const set = new Map<string, Buffer>()
  set.set(
    'evidence.csv',
    table(
      ['tag', 'name', 'sha256', 'blake3', 'bytes', 'container', 'seconds', 'mark', 'added', 'filed', 'note'],
      items.map(({ evidence, facts, filedAt, note }, place) => [
        itemTag(place),
        evidence.name,
        evidence.sha256,
        evidence.blake3,
        evidence.size,
        evidence.container,
        facts?.container.duration,
        evidence.tlp,
        evidence.addedAt,
        filedAt,
        note,
      ]),
    ),
  )
  if (!omit.includes('findings')) {
    set.set('findings.csv', findings(snapshot))
    set.set('observations.csv', observations(snapshot))
  }
  if (!omit.includes('judgements'))
    set.set(
      'judgements.csv',
      table(
        ['tag', 'statement', 'likelihood', 'confidence', 'reasoning', 'author', 'at', 'machine band', 'disagrees'],
        items.flatMap(({ judgements }, place) =>
          judgements.map((one) => [
            itemTag(place),
            one.statement,
            one.likelihood,
            one.confidence,
            one.reasoning,
            one.author,
            one.at,
            one.machineBand,
            one.disagrees,
          ]),
        ),
      ),
    )
  if (!omit.includes('entities')) {
    set.set('records.csv', writeRecords(records))
    set.set('relations.csv', relations(records))
  }
  if (!omit.includes('custody'))
    set.set(
      'custody.csv',
      table(
        ['tag', 'at', 'actor', 'action', 'detail'],
        items.flatMap(({ custody }, place) =>
          custody.map(({ at, actor, action, detail }) => [itemTag(place), at, actor, action, detail]),
        ),
      ),
    )
  return set
}

function findings({ items }: ReportSnapshot): Buffer {
  return table(
    [
      'tag', 'signal', 'version', 'state', 'reason', 'score', 'likelihood ratio', 'low', 'high', 'explanation', 'model',
      'model sha256', 'parameters', 'decoder', 'seed', 'id',
    ], // prettier-ignore
    items.flatMap(({ findings: own }, place) =>
      own.map(({ id, output }) => [
        itemTag(place),
        output.id,
        output.version,
        output.applicability.state,
        output.applicability.reason,
        output.score,
        output.calibration?.likelihoodRatio,
        output.calibration?.low,
        output.calibration?.high,
        output.explanation,
        output.provenance.model && `${output.provenance.model.id} ${output.provenance.model.version}`,
        output.provenance.model?.sha256,
        Object.entries(output.provenance.parameters)
          .map(([key, value]) => `${key}=${value}`)
          .join('; '),
        output.provenance.ffmpeg,
        output.provenance.seed,
        id,
      ]),
    ),
  )
}

function observations({ items }: ReportSnapshot): Buffer {
  return table(
    ['tag', 'signal', 'weight', 'code', 'at', 'text', 'reference'],
    items.flatMap(({ findings: own }, place) =>
      own.flatMap(({ output }) =>
        output.observations.map(({ weight, code, at, text, reference }) => [
          itemTag(place),
          output.id,
          weight,
          code,
          at,
          text,
          reference,
        ]),
      ),
    ),
  )
}

/** Standing ones; withdrawn relations are history, which STIX carries. */
function relations({ relations: rows, entities, evidence }: Exported): Buffer {
  const nameOf = (id: string): string => entities.get(id)?.name ?? evidence.get(id)?.name ?? id
  return table(
    ['type', 'from', 'from kind', 'from id', 'to', 'to kind', 'to id', 'disputed', 'note', 'source', 'likelihood',
      'confidence', 'first seen', 'last seen', 'id'], // prettier-ignore
    rows
      .filter(({ withdrawnAt }) => withdrawnAt === null)
      .map(({ id, type, from, to, disputed, note, sourcing }) => [
        type,
        nameOf(from.id),
        from.kind,
        from.id,
        nameOf(to.id),
        to.kind,
        to.id,
        disputed,
        note,
        sourcing.sourceId && nameOf(sourcing.sourceId),
        sourcing.likelihood,
        sourcing.confidence,
        sourcing.firstSeen?.value,
        sourcing.lastSeen?.value,
        id,
      ]),
  )
}
