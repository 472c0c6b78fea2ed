/** Every entity kind, in the order in which it is shown. A new kind is one file in this folder and one line here. */
import type { EntityKind, FieldInfo, KindInfo } from '../../contract/cases.ts'
import { Failure } from '../../errors.ts'
import { account } from './account.ts'
import { actor } from './actor.ts'
import { channel } from './channel.ts'
import { claim } from './claim.ts'
import { designation } from './designation.ts'
import { enforcement } from './enforcement.ts'
import { forecast } from './forecast.ts'
import { hypothesis } from './hypothesis.ts'
import { identity } from './identity.ts'
import { incident } from './incident.ts'
import type { Kind } from './kind.ts'
import { location } from './location.ts'
import { metric } from './metric.ts'
import { narrative } from './narrative.ts'
import { operation } from './operation.ts'
import { source } from './source.ts'
import { technique } from './technique.ts'

// prettier-ignore
export const KINDS: readonly Kind[] = [
  operation, actor, identity, account, channel, enforcement, designation, incident, narrative, claim, hypothesis,
  forecast, metric, location, technique, source,
]

const BY_NAME = new Map(KINDS.map((one) => [one.kind, one]))

export function kindOf(kind: EntityKind): Kind {
  return BY_NAME.get(kind)!
}

/** @throws Failure request.invalid where the kind has no such field */
export function fieldOf(kind: EntityKind, name: string): FieldInfo {
  const { label, fields } = kindOf(kind)
  const found = fields.find((field) => field.name === name)
  if (found) return found
  const known = fields.map((field) => field.name).join(', ')
  throw new Failure('request.invalid', `${label} has no field “${name}”; it has ${known}.`)
}

/** What the contract tells about each kind. */
export const kindInfos = (): KindInfo[] =>
  KINDS.map(({ kind, label, plural, stix, help, fields }) => ({ kind, label, plural, stix, help, fields }))

/** Checks attributes against their kind. @throws Failure request.invalid, naming each field by its label */
export function parseAttributes(kind: EntityKind, untrustedAttributes: unknown): Record<string, unknown> {
  const known = kindOf(kind)
  const parsed = known.attributes.safeParse(untrustedAttributes)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0] ?? '')
    const label = known.fields.find((field) => field.name === name)?.label ?? known.label
    const place = issue.path.length > 1 ? ` (${issue.path.slice(1).join('.')})` : ''
    return `${label}${place}: ${issue.message}`
  })
  throw new Failure('request.invalid', problems.join('; '))
}
