/** Series for trends, map and matrix: what is reported, and what is counted from the records themselves. */
import type { Entity, NodeRef, Relation } from '../../contract/cases.ts'
import type { DatedValue } from '../../contract/common.ts'
import type { CountBy, CountryCount, MetricSeries, MonthlyCounts, TechniqueUse } from '../../contract/graph.ts'
import { boundsOf } from '../../contract/time.ts'
import { countryName, type Observation } from '../../contract/values.ts'
import type { z } from 'zod'
import { assertionsOf } from '../../store/assertions.ts'
import { caseById } from '../../store/cases.ts'
import { caseEntityHeads, entityHeads, namesOf } from '../../store/entities.ts'
import type { Library } from '../../store/library.ts'
import { caseRelations, relationsOfTypes } from '../../store/relations.ts'
import { fieldOf } from '../entities/list.ts'
import { readValue, viewAll } from '../view.ts'

type Scope = string | undefined

function recordsIn(lib: Library, caseId: Scope, ...kinds: string[]): Entity[] {
  if (caseId) caseById(lib, caseId)
  const heads = caseId ? caseEntityHeads(lib, caseId) : kinds.flatMap((kind) => entityHeads(lib, kind))
  return viewAll(
    lib,
    heads.filter((head) => kinds.includes(head.kind)),
  )
}

const relationsIn = (lib: Library, caseId: Scope, types: readonly string[]): Relation[] =>
  (caseId ? caseRelations(lib, caseId) : relationsOfTypes(lib, types)).filter(({ type }) => types.includes(type))

/** Metrics as reported, each with its points in time; two sources with two values of one month are two points. */
export function metrics(lib: Library, caseId: Scope): MetricSeries[] {
  return recordsIn(lib, caseId, 'metric').map(({ id, name, attributes }) => {
    const said = assertionsOf(lib, id).filter((one) => one.field === 'values' && one.withdrawnAt === null)
    const names = namesOf(
      lib,
      said.flatMap((one) => one.sourcing.sourceId ?? []),
    )
    const text = (field: string): string => (typeof attributes[field] === 'string' ? attributes[field] : '')
    return {
      metricId: id,
      name,
      unit: text('unit'),
      window: text('window'),
      baseline: text('baseline'),
      points: said
        .flatMap((one) => {
          const value = readValue('metric', fieldOf('metric', 'values'), one.untrustedValue)
          if (typeof value !== 'object') return []
          const { value: number, at, by } = value as Observation
          const source = one.sourcing.sourceId ? names.get(one.sourcing.sourceId) : undefined
          return { assertionId: one.id, at, value: number, by: by || (source ?? ''), disputed: one.disputed }
        })
        .sort((a, b) => boundsOf(a.at).earliest - boundsOf(b.at).earliest || a.value - b.value),
    }
  })
}

/** The field with the date that a record of each counted kind is counted by. */
const COUNTED_BY: Readonly<Record<string, string>> = {
  operation: 'start', incident: 'start', enforcement: 'date', claim: 'date', designation: 'validFrom',
} // prettier-ignore

/** Records of one kind by the month in which they began. One with several actors, countries … counts once for each. */
export function monthly(lib: Library, caseId: Scope, kind: string, by: CountBy): MonthlyCounts {
  const records = recordsIn(lib, caseId, kind)
  const keys = keysBy(lib, caseId, by)
  const found = new Map<string, Map<string, string[]>>()
  const undated: MonthlyCounts['undated'] = []
  for (const record of records) {
    const month = monthOf(record.attributes[COUNTED_BY[kind]!] as DatedValue | undefined)
    if (!month) {
      undated.push({ id: record.id, name: record.name })
      continue
    }
    for (const key of keys(record)) {
      const months = found.get(key) ?? new Map<string, string[]>()
      found.set(key, months)
      months.set(month, [...(months.get(month) ?? []), record.id])
    }
  }
  const months = between([...found.values()].flatMap((known) => [...known.keys()]).sort())
  const names = namesOf(lib, found.keys())
  const series = [...found].map(([key, known]) => ({
    key,
    label: by === 'country' ? countryName(key) : (names.get(key) ?? key),
    counts: months.map((month) => known.get(month)?.length ?? 0),
    ids: months.map((month) => known.get(month) ?? []),
  }))
  const total = ({ counts }: { counts: number[] }): number => counts.reduce((sum, n) => sum + n, 0)
  return { months, series: series.sort((a, b) => total(b) - total(a) || (a.label < b.label ? -1 : 1)), undated }
}

/** The one month in which the moment lies; none where it can be in several. */
function monthOf(dated: DatedValue | undefined): string | null {
  if (typeof dated !== 'object') return null
  const { earliest, latest } = boundsOf(dated)
  if (!Number.isFinite(earliest)) return null
  const zone = /T/.test(dated.value) ? new Date(earliest).toISOString().slice(0, 7) : dated.value.slice(0, 7)
  return dated.precision !== 'approximate' && latest - earliest <= 32 * 86_400_000 ? zone : null
}

/** All months from the first to the last. */
function between(sorted: readonly string[]): string[] {
  if (!sorted.length) return []
  const months: string[] = []
  const [year = 0, month = 0] = sorted[0]!.split('-').map(Number)
  for (let n = year * 12 + month - 1; ; n++) {
    const text = `${Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}`
    months.push(text)
    if (text >= sorted.at(-1)!) return months
  }
}

const NONE = 'none'
const LINKS: Partial<Record<CountBy, readonly string[]>> = {
  actor: ['attributed-to', 'part-of'],
  technique: ['uses'],
  platform: ['enforced-against', 'compromises', 'uses'],
  country: ['located-at', 'targets', 'part-of'],
}

/** The keys under which a record counts: ids of actors and techniques, names of platforms, codes of countries. */
function keysBy(lib: Library, caseId: Scope, by: CountBy): (record: Entity) => string[] {
  const own = (record: Entity, field: string): string[] => [record.attributes[field] ?? []].flat().map(String)
  if (by === 'kind') return (record) => [record.kind]
  if (by === 'phase' || by === 'action') return (record) => orNone(own(record, by))
  const linked = Map.groupBy(relationsIn(lib, caseId, LINKS[by] ?? []), (relation) => relation.from.id)
  const targets = (record: Entity, kinds: readonly string[]): NodeRef[] =>
    (linked.get(record.id) ?? []).map((relation) => relation.to).filter((to) => kinds.includes(to.kind))
  if (by === 'actor' || by === 'technique') return (record) => orNone(targets(record, [by]).map((to) => to.id))
  const kinds = by === 'platform' ? ['account', 'channel'] : ['location', 'identity', 'channel']
  const ends = [...linked.values()].flat().map((relation) => relation.to)
  const heads = kinds.flatMap((kind) => entityHeads(lib, kind)).filter((head) => ends.some((end) => end.id === head.id))
  const views = new Map(viewAll(lib, heads).map((entity) => [entity.id, entity]))
  return (record) => {
    const there = targets(record, kinds).flatMap((to) => views.get(to.id) ?? [])
    if (by === 'platform')
      return orNone(there.map((one) => String(one.attributes['platform'] ?? one.name)).concat(own(record, 'services')))
    return orNone([...own(record, 'countries'), ...there.flatMap((one) => own(one, 'country'))])
  }
}
const orNone = (keys: readonly string[]): string[] => (keys.length ? [...new Set(keys)] : [NONE])

/** Records that name a country, by country; most first. */
export function countries(lib: Library, caseId: Scope): z.infer<typeof CountryCount>[] {
  const kinds = ['incident', 'identity', 'actor', 'channel', 'location']
  const found = new Map<string, { counts: Record<string, number>; ids: string[] }>()
  for (const { id, kind, attributes } of recordsIn(lib, caseId, ...kinds))
    for (const country of new Set([attributes['country'] ?? [], attributes['countries'] ?? []].flat().map(String))) {
      const known = found.get(country) ?? { counts: {}, ids: [] }
      found.set(country, known)
      known.counts[kind] = (known.counts[kind] ?? 0) + 1
      known.ids.push(id)
    }
  return [...found]
    .map(([country, known]) => ({ country, ...known }))
    .sort((a, b) => b.ids.length - a.ids.length || (a.country < b.country ? -1 : 1))
}

/** Techniques with who uses them; of one actor with what is attributed to it, where given. */
export function techniques(lib: Library, caseId: Scope, actorId: string | undefined): z.infer<typeof TechniqueUse>[] {
  const uses = relationsIn(lib, caseId, ['uses']).filter((relation) => relation.to.kind === 'technique')
  const users = actorId ? new Set([actorId, ...attributedTo(lib, caseId, actorId)]) : null
  const names = namesOf(
    lib,
    uses.map((relation) => relation.from.id),
  )
  return recordsIn(lib, caseId, 'technique')
    .map(({ id, name, attributes }) => ({
      technique: {
        id,
        name,
        techniqueId: String(attributes['techniqueId'] ?? ''),
        framework: String(attributes['framework'] ?? ''),
        tactics: (attributes['tactics'] as string[] | undefined) ?? [],
      },
      users: uses
        .filter(({ from, to }) => to.id === id && (!users || users.has(from.id)))
        .map(({ from, disputed, id: relationId }) => ({
          ...from,
          name: names.get(from.id) ?? '',
          relationId,
          disputed,
        })),
    }))
    .filter((one) => !users || one.users.length > 0)
    .sort((a, b) => (a.technique.techniqueId < b.technique.techniqueId ? -1 : 1))
}

const attributedTo = (lib: Library, caseId: Scope, actorId: string): string[] =>
  relationsIn(lib, caseId, ['attributed-to'])
    .filter((relation) => relation.to.id === actorId)
    .map((relation) => relation.from.id)
