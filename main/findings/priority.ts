/**
 * Review priority: what a person should look at first, and why. Rules, not a verdict; every constant stands here.
 *
 * Indicators are added as weights in log space and turned into a score by `1 − e^(−sum / 2)`:
 * - each distinct observation counts its weight once, however often it was seen (`STRONG`, `SOME`, context nothing);
 * - a calibrated likelihood ratio counts the logarithm of the lower end of its interval, and only where that speaks for
 *   manipulation: nothing measured lowers a priority, since no detector shows that a video was left alone;
 * - an uncalibrated score counts as nothing, whatever its height;
 * - one signal counts at most `SIGNAL_CAP`;
 * - signals that read the same bytes depend on each other (`DEPENDENT`): the strongest of them counts in full, the
 *   others half, and together they share one `SIGNAL_CAP`;
 * - what abstained, failed or is uncalibrated counts as nothing.
 * Without a strong observation, or a ratio whose cautious end weighs as much, the score stays below the `strong` band, however much is added up.
 */
import type { Band, Priority } from '../contract/findings.ts'
import type { SignalInfo, SignalOutput } from '../contract/signals.ts'
import { combine, DEPENDENT, DEPENDENT_SHARE } from './combine.ts'

const STRONG = 2
const SOME = 0.7
const SIGNAL_CAP = 3
/** Lowest score of each band: one strong observation gives 0.63, one weaker observation 0.30. */
export const THRESHOLDS = { strong: 0.6, some: 0.25 } as const
const BELOW_STRONG = 0.59

/** Bands in words. The words of `none` are the only place where Assay says "authentic". */
export const BAND_WORDS: Readonly<Record<Band, string>> = {
  strong: 'strong indicators of manipulation',
  some: 'some indicators of manipulation',
  none: 'no indicators found: this does not make it authentic',
  inconclusive: 'inconclusive: too little could be measured',
}

interface Indicator {
  readonly text: string
  readonly weight: number
}

/** What one signal brings, before caps: its indicators, strongest first, in an order that depends on nothing else. */
function indicators(output: SignalOutput): Indicator[] {
  if (output.applicability.state !== 'ran') return []
  const byCode = new Map<string, Indicator>()
  for (const { code, text, weight } of output.observations) {
    const next = { text, weight: weight === 'strong' ? STRONG : weight === 'some' ? SOME : 0 }
    const known = byCode.get(code)
    if (!next.weight || (known && !comesBefore(next, known))) continue
    byCode.set(code, next)
  }
  const found = [...byCode.values()]
  if (output.calibration && output.calibration.low > 1)
    found.push({ text: output.explanation, weight: Math.log(output.calibration.low) })
  return found.sort((a, b) => (comesBefore(a, b) ? -1 : 1))
}

const comesBefore = (a: Indicator, b: Indicator): boolean =>
  a.weight === b.weight ? a.text < b.text : a.weight > b.weight

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0)
const saturate = (weight: number): number => 1 - Math.exp(-weight / 2)
const isStrong = (output: SignalOutput): boolean =>
  output.applicability.state === 'ran' &&
  (output.observations.some((o) => o.weight === 'strong') || Math.log(output.calibration?.low ?? 1) >= STRONG)

/** Whether anything may be concluded from it: not from a model's score that nobody calibrated, nor from mere context. */
const speaks = (output: SignalOutput | undefined, info: SignalInfo): output is SignalOutput =>
  output?.applicability.state === 'ran' &&
  ((output.provenance.model === null && !info.context) || output.calibration !== null || indicators(output).length > 0)

/** Weight of each signal after its cap and the dependence discount. */
function weights(capped: ReadonlyMap<string, number>): Map<string, number> {
  const result = new Map(capped)
  for (const group of DEPENDENT) {
    const members = group
      .filter((id) => capped.has(id))
      .sort((a, b) => capped.get(b)! - capped.get(a)! || (a < b ? -1 : 1))
    const discounted = members.map((id, place) => capped.get(id)! * (place === 0 ? 1 : DEPENDENT_SHARE))
    const share = Math.min(1, SIGNAL_CAP / (sum(discounted) || 1))
    members.forEach((id, place) => result.set(id, discounted[place]! * share))
  }
  return result
}

const bandOf = (score: number): Band =>
  score >= THRESHOLDS.strong ? 'strong' : score >= THRESHOLDS.some ? 'some' : 'none'

/** The band that one signal would give alone, for its lane on the board. Null where nothing may be said. */
export function laneBand(output: SignalOutput, info: SignalInfo | undefined): Band | null {
  if (!info?.counted || !speaks(output, info)) return null
  const score = saturate(Math.min(SIGNAL_CAP, sum(indicators(output).map((i) => i.weight))))
  return bandOf(isStrong(output) ? score : Math.min(score, BELOW_STRONG))
}

/**
 * Combines what the signals found on one item. Pure, and independent of the order of both lists.
 *
 * @param findings at most one output per signal; of several the last counts
 * @param signals every signal of this build, with whether it is counted
 */
export function priority(findings: readonly SignalOutput[], signals: readonly SignalInfo[]): Priority {
  const outputs = new Map(findings.map((output) => [output.id, output]))
  const counted = signals.filter(
    (signal) => signal.counted && (!signal.context || speaks(outputs.get(signal.id), signal)),
  )
  const ran = counted.filter((signal) => speaks(outputs.get(signal.id), signal))

  const found = new Map(ran.map((signal) => [signal.id, indicators(outputs.get(signal.id)!)]))
  const raw = new Map([...found].map(([id, list]) => [id, sum(list.map((i) => i.weight))]))
  const effective = weights(new Map([...raw].map(([id, weight]) => [id, Math.min(SIGNAL_CAP, weight)])))
  const total = sum([...effective.values()].sort((a, b) => a - b))
  const strong = ran.some((signal) => isStrong(outputs.get(signal.id)!))
  const score = strong ? saturate(total) : Math.min(saturate(total), BELOW_STRONG)

  const reasons = [...found]
    .flatMap(([signal, list]) =>
      list.map(({ text, weight }) => ({
        signal,
        text,
        contribution: (weight / raw.get(signal)!) * (effective.get(signal)! / total) * score,
      })),
    )
    .sort((a, b) => b.contribution - a.contribution || (a.signal + a.text < b.signal + b.text ? -1 : 1))

  // "None" is a statement about what was looked at: it takes two counted signals, and as many as fell silent. Those that depend
  // on each other, as all that look at faces, fall silent as one.
  const lookOf = ({ id }: SignalInfo) => DEPENDENT.find((group) => group.includes(id)) ?? id
  const heard = new Set(ran.map(lookOf))
  const silent = new Set(counted.map(lookOf).filter((look) => !heard.has(look)))
  const enough = ran.length >= Math.min(2, counted.length) && ran.length >= silent.size && ran.length > 0
  const band = bandOf(score) === 'none' && !enough ? 'inconclusive' : bandOf(score)
  return {
    score,
    band,
    words: BAND_WORDS[band],
    reasons,
    notCounted: notCounted(outputs, signals),
    wouldChange: wouldChange(band, reasons[0]?.text, outputs, counted),
    likelihood: combine(counted.flatMap((signal) => outputs.get(signal.id) ?? [])),
  }
}

function notCounted(
  outputs: ReadonlyMap<string, SignalOutput>,
  signals: readonly SignalInfo[],
): Priority['notCounted'] {
  const order = signals.map((signal) => signal.id)
  const unknown = [...outputs.keys()].filter((id) => !order.includes(id)).sort()
  return [...[...order].sort(), ...unknown].flatMap((id) => {
    const reason = whyNot(
      outputs.get(id),
      signals.find((signal) => signal.id === id),
    )
    return reason ? [{ signal: id, reason }] : []
  })
}

function whyNot(output: SignalOutput | undefined, info: SignalInfo | undefined): string {
  if (!info) return 'this version does not have that signal'
  if (!output) return 'has not run yet'
  const { state, reason } = output.applicability
  if (state === 'abstained') return `abstained: ${reason}`
  if (state === 'failed') return `failed: ${reason}`
  if (info.context && !speaks(output, info)) return 'context: it speaks neither for nor against manipulation'
  return info.counted && speaks(output, info) ? '' : 'uncalibrated: its score is listed but never counted'
}

function wouldChange(
  band: Band,
  strongest: string | undefined,
  outputs: ReadonlyMap<string, SignalOutput>,
  counted: readonly SignalInfo[],
): string[] {
  const sentences: string[] = []
  if (band === 'strong' || band === 'some') {
    sentences.push(`A harmless explanation of what carries it most would lower it: ${strongest ?? ''}`)
    sentences.push('A copy closer to the recording would show whether the indicators come from a later re-encode.')
  } else {
    sentences.push('A copy closer to the recording (less re-encoded, larger picture) would let the signals see more.')
  }
  if (band === 'some') sentences.push('One strong observation by any counted signal would raise it.')
  for (const signal of [...counted].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const output = outputs.get(signal.id)
    if (!output) sentences.push(`${signal.title} has not run yet; its indicators would count.`)
    else if (output.applicability.state !== 'ran')
      sentences.push(`${signal.title} would count if it could measure (${output.applicability.reason}).`)
  }
  return sentences
}
