/** One finding beside what came out when it was made again: the means first, then every field of the output. */
import type { RerunDifference, RerunFinding } from '../../contract/rerun.ts'
import type { SignalOutput } from '../../contract/signals.ts'
import { canonical } from '../../store/audit.ts'

/** Listed by name; more say nothing more. */
const MOST = 20
/** Characters of a value. */
const LONGEST = 160

export type Compared = Pick<RerunFinding, 'state' | 'reasons' | 'differences' | 'more'>

export const notRepeated = (...reasons: string[]): Compared => ({
  state: 'not-repeated',
  reasons,
  differences: [],
  more: 0,
})

/**
 * @param now what the signal of that id says now; null where this Assay has none of it
 * @param withTracks false where the curves were not written down
 */
export function compareOutputs(was: SignalOutput, now: SignalOutput | null, withTracks: boolean): Compared {
  if (!now) return notRepeated(`This Assay has no signal “${was.id}”.`)
  const ran = was.applicability.state === 'ran'
  if (ran && now.applicability.state === 'failed') {
    const { model } = was.provenance
    const which = model ? `The model ${model.id} ${model.version} (${model.sha256}) could not be run: ` : ''
    return notRepeated(`${which}${now.applicability.reason}`)
  }
  const reasons = otherMeans(was, now)
  const found = differences(comparable(was, withTracks), comparable(now, withTracks))
  return {
    state: reasons.length ? 'other-means' : found.length ? 'differs' : 'same',
    reasons,
    differences: found.slice(0, MOST),
    more: Math.max(0, found.length - MOST),
  }
}

/** What is not as it was when the finding was made: then another output is no wonder. */
function otherMeans(was: SignalOutput, now: SignalOutput): string[] {
  const reasons: string[] = []
  const then = was.provenance
  const here = now.provenance
  if (was.version !== now.version) reasons.push(`Version ${was.version} made it; here is ${now.version}.`)
  if (then.ffmpeg !== here.ffmpeg)
    reasons.push(`Another decoder: ${then.ffmpeg || 'none'} then, ${here.ffmpeg || 'none'} here.`)
  if (then.seed !== here.seed) reasons.push(`Seed ${then.seed} then, ${here.seed} here.`)
  const [old, current] = [then.model, here.model]
  if (old?.sha256 !== current?.sha256)
    reasons.push(
      current
        ? `Another model: ${old ? modelName(old) : 'none'} then, ${modelName(current)} here.`
        : `The model ${modelName(old!)} did not run here.`,
    )
  const names = new Set([...Object.keys(then.parameters), ...Object.keys(here.parameters)])
  for (const name of [...names].sort())
    if (then.parameters[name] !== here.parameters[name])
      reasons.push(
        `Parameter ${name}: ${then.parameters[name] ?? 'none'} then, ${here.parameters[name] ?? 'none'} here.`,
      )
  return reasons
}

const modelName = ({ id, version, sha256 }: NonNullable<SignalOutput['provenance']['model']>): string =>
  `${id} ${version} (${sha256.slice(0, 16)}…)`

/** Without what `otherMeans` names. */
function comparable(output: SignalOutput, withTracks: boolean): object {
  const { applicability, score, calibration, segments, observations, evidence, explanation, knownFailures } = output
  const said = { applicability, score, calibration, segments, observations, evidence, explanation, knownFailures }
  return withTracks ? { ...said, tracks: output.tracks } : said
}

/** Leaves that are not equal, in the order of the first value. */
export function differences(was: unknown, now: unknown, field = ''): RerunDifference[] {
  if (was !== undefined && now !== undefined && canonical(was) === canonical(now)) return []
  if (Array.isArray(was) && Array.isArray(now))
    return Array.from({ length: Math.max(was.length, now.length) }).flatMap((_, n) =>
      differences(was[n] as unknown, now[n] as unknown, `${field}[${n}]`),
    )
  if (isObject(was) && isObject(now))
    return [...new Set([...Object.keys(was), ...Object.keys(now)])].flatMap((key) =>
      differences(was[key], now[key], field ? `${field}.${key}` : key),
    )
  return [{ field, was: shortened(was), now: shortened(now) }]
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function shortened(value: unknown): string | null {
  if (value === undefined) return null
  const text = typeof value === 'string' ? value : canonical(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
