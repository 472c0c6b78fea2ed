/** One record as a STIX 2.1 object that a tool without our extension can use. */
import { countryCode } from '../../../contract/values.ts'
import { boundsOf } from '../../../contract/time.ts'
import type { DatedValue, Sourcing } from '../../../contract/common.ts'
import type { EntityRow } from '../../../store/exchange/rows.ts'
import { disarm, KILL_CHAINS, tacticsOf } from '../../disarm/disarm.ts'
import { aliasesOf, datedText, factsOf, standing, textOf, textsOf, valueOf, type NameOf } from '../plain.ts'
import { compact } from './extension.ts'
import { TYPES } from './ids.ts'

type Json = Record<string, unknown>

/** Appendix A of STIX 2.1: the Admiralty credibility scale as `confidence`; 6 has none. */
const CONFIDENCE: Readonly<Record<string, number | undefined>> = { '1': 90, '2': 70, '3': 50, '4': 30, '5': 10 }
export const confidenceOf = ({ credibility }: Sourcing): number | undefined => CONFIDENCE[credibility]

/** The first moment that is meant, as STIX writes it; undefined where nothing is known. */
export function instantOf(dated: DatedValue | null | undefined): string | undefined {
  if (!dated?.value) return undefined
  const { earliest } = boundsOf(dated)
  // Years that STIX cannot write, and dates that are none.
  return Number.isFinite(earliest) && earliest >= -62_135_596_800_000 && earliest < 253_402_300_800_000
    ? new Date(earliest).toISOString()
    : undefined
}

const dated = (row: EntityRow, field: string): DatedValue | undefined => {
  const value = valueOf(row, field)
  return value && typeof value === 'object' ? (value as DatedValue) : undefined
}

/** A pair of times that STIX allows: the second not before the first. */
function span(first: string, firstAt: string | undefined, last: string, lastAt: string | undefined): Json {
  return compact({ [first]: firstAt, [last]: firstAt && lastAt && lastAt <= firstAt ? undefined : lastAt })
}

const IDENTITY_CLASS: Readonly<Record<string, string>> = {
  person: 'individual',
  organisation: 'organization',
  'government body': 'organization',
  outlet: 'organization',
  group: 'group',
}
const ACTOR_LEVEL: Readonly<Record<string, string>> = {
  state: 'government',
  'state-aligned': 'organization',
  commercial: 'organization',
  hacktivist: 'team',
  individual: 'individual',
}

/** `type`, `id` and what the standard has for this kind; without marks, times and our extension. */
export function properties(row: EntityRow, nameOf: NameOf): Json {
  const description = textOf(row, 'description') || undefined
  const aliases = aliasesOf(row)
  const named = { name: row.name, description }
  const text = (field: string): string => textOf(row, field, nameOf)
  switch (row.kind) {
    case 'operation':
      return compact({
        ...named,
        aliases,
        objective: text('objective') || undefined,
        ...span('first_seen', instantOf(dated(row, 'start')), 'last_seen', instantOf(dated(row, 'end'))),
      })
    case 'actor':
      return compact({
        ...named,
        aliases,
        resource_level: ACTOR_LEVEL[String(valueOf(row, 'type'))],
        ...span('first_seen', instantOf(row.sourcing.firstSeen), 'last_seen', instantOf(row.sourcing.lastSeen)),
      })
    case 'identity':
      return compact({
        ...named,
        identity_class: IDENTITY_CLASS[String(valueOf(row, 'class'))] ?? 'unknown',
        roles: textsOf(row, 'role'),
      })
    case 'account':
      return compact({
        account_type: text('platform').toLowerCase() || undefined,
        account_login: text('handle') || undefined,
        display_name: row.name,
        is_disabled: valueOf(row, 'state') === 'removed' ? true : undefined,
        account_created: instantOf(dated(row, 'created')),
      })
    case 'channel':
      return compact({ ...named, aliases, infrastructure_types: text('type') ? [text('type')] : undefined })
    case 'location': {
      const country = valueOf(row, 'country')
      const code = typeof country === 'string' ? (countryCode(country) ?? country) : undefined
      const region = text('region') || undefined
      return compact({ ...named, country: code, region: region ?? (code ? undefined : row.name), city: text('place') || undefined }) // prettier-ignore
    }
    case 'technique':
      return compact({ ...named, ...technique(row) })
    case 'source':
      return compact({
        ...named,
        report_types: ['threat-report'],
        published: instantOf(dated(row, 'date')) ?? row.createdAt,
        external_references: [
          compact({
            source_name: text('publisher') || row.name,
            description: [text('author'), row.name, datedText(row, 'date')].filter(Boolean).join(', '),
            url: isUri(text('reference')) ? text('reference') : undefined,
            hashes: text('archiveSha256') ? { 'SHA-256': text('archiveSha256') } : undefined,
          }),
        ],
      })
    case 'enforcement':
    case 'incident':
      return compact({
        ...named,
        description: [description, factsOf(row, nameOf)].filter(Boolean).join('\n\n') || undefined,
      })
    case 'narrative':
      return compact({ ...named, description: text('claim') || description })
    case 'claim':
      return compact({ ...named, description: text('paraphrase') || text('quote') || description })
    default:
      return compact(named)
  }
}

const isUri = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\S+$/i.test(text) && URL.canParse(text)

/** DISARM's own bundle calls its kill chain `mitre-attack`; what Assay writes is named for what it is. */
function technique(row: EntityRow): Json {
  const id = textOf(row, 'techniqueId')
  const framework = valueOf(row, 'framework')
  const tactics = id && framework !== 'other' ? tacticsOf(id) : []
  const named = standing(row, 'tactics').flatMap(({ value }) => {
    const asked = String(value).toLowerCase()
    return disarm().tactics.filter((one) => [one.id, one.name, one.phase].some((name) => name.toLowerCase() === asked))
  })
  const phases = [...new Set([...tactics, ...named].map(({ phase }) => phase))].sort()
  return {
    kill_chain_phases: phases.map((phase) => ({ kill_chain_name: KILL_CHAINS[0], phase_name: phase })),
    external_references: id
      ? [
          framework === 'DISARM'
            ? {
                source_name: 'DISARM',
                external_id: id,
                description: 'DISARM Framework, DISARM Foundation, CC BY-SA 4.0',
              }
            : { source_name: framework === 'local' ? 'local' : 'other', external_id: id },
        ]
      : [],
  }
}

export const isNew = (row: EntityRow): boolean => TYPES[row.kind].new === true
