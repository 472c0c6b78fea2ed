/** What can be evaluated: a signal, a model of a model folder, or the whole pipeline's review priority. */
import type { SignalOutput } from '../contract/signals.ts'
import { Failure } from '../errors.ts'
import { laneBand, priority } from '../findings/priority.ts'
import { cardClassifier, isClassifier } from '../signals/card-classifier.ts'
import { signalInfos, SIGNALS } from '../signals/list.ts'
import { listModels, readModel } from '../signals/model-card.ts'
import type { Signal } from '../signals/signal.ts'
import type { Runnable } from './protocol.ts'

/** One signal to run, with the folder of its models. */
export interface Needed {
  readonly signal: Signal
  readonly runnable: Runnable
  readonly folder: string
}

/** What a subject says of one file. */
export type Said =
  | {
      readonly state: 'scored'
      readonly score: number
      readonly flagged: boolean
      readonly likelihoodRatio: number | null
    }
  | { readonly state: 'abstained' | 'failed'; readonly reason: string }

export interface Subject {
  readonly id: string
  readonly title: string
  /** What counts as a false positive there. */
  readonly threshold: string
  readonly needs: readonly Needed[]
  /** @param outputs those of `needs`, in order */
  read(outputs: readonly SignalOutput[]): Said
}

export const PIPELINE = 'pipeline'
const LANE = 'the signal alone would show at least some indicators'

/**
 * Finds what `id` names: `pipeline`, a signal, or a model of one of the folders (the first one counts).
 * @throws Failure evaluation.subject
 */
export async function findSubject(id: string, folders: readonly [string, ...string[]]): Promise<Subject> {
  const [bundled] = folders
  if (id === PIPELINE) return pipeline(bundled)
  const signal = SIGNALS.find((one) => one.id === id)
  if (signal) return signalSubject(signal, bundled)
  const reasons: string[] = []
  for (const folder of folders) {
    const about = (await listModels(folder)).find((one) => one.id === id)
    if (!about) continue
    if (!about.ok) {
      reasons.push(about.detail)
      continue
    }
    const { card } = await readModel(folder, id)
    if (isClassifier(card)) return modelSubject(cardClassifier(card), card.classifier.threshold, id, folder)
    const user = SIGNALS.find((one) => Object.values(one.parameters).includes(id))
    if (user) return signalSubject(user, bundled)
    reasons.push('Its card has no classifier block, and no signal of this build uses it.')
  }
  throw new Failure(
    'evaluation.subject',
    reasons.length
      ? `"${id}": ${reasons.join(' ')}`
      : `"${id}" is none of: ${[PIPELINE, ...SIGNALS.map((s) => s.id)].join(', ')}.`,
  )
}

/** Ids of the models with a classifier block in a folder. */
export async function classifierIds(folder: string): Promise<string[]> {
  const ids: string[] = []
  for (const { id, ok } of await listModels(folder))
    if (ok && isClassifier((await readModel(folder, id)).card)) ids.push(id)
  return ids
}

const needed = (signal: Signal, folder: string): Needed => ({
  signal,
  runnable: { kind: 'signal', id: signal.id },
  folder,
})

const notRun = ({ applicability }: SignalOutput): Said | null =>
  applicability.state === 'ran' ? null : { state: applicability.state, reason: applicability.reason }

function signalSubject(signal: Signal, folder: string): Subject {
  const info = { ...signalInfos([signal])[0]!, counted: true }
  return {
    id: signal.id,
    title: signal.title,
    threshold: LANE,
    needs: [needed(signal, folder)],
    read([output]) {
      if (!output) return { state: 'failed', reason: 'it was not run' }
      const band = laneBand(output, info)
      return (
        notRun(output) ?? {
          state: 'scored',
          score: output.score ?? 0,
          flagged: band === 'some' || band === 'strong',
          likelihoodRatio: output.calibration?.likelihoodRatio ?? null,
        }
      )
    },
  }
}

function modelSubject(signal: Signal, threshold: number, id: string, folder: string): Subject {
  return {
    id,
    title: signal.title,
    threshold: `its score is ${threshold} or more`,
    needs: [{ signal, runnable: { kind: 'model', id, folder }, folder }],
    read([output]) {
      if (!output) return { state: 'failed', reason: 'it was not run' }
      const score = output.score ?? 0
      const likelihoodRatio = output.calibration?.likelihoodRatio ?? null
      return notRun(output) ?? { state: 'scored', score, flagged: score >= threshold, likelihoodRatio }
    },
  }
}

function pipeline(folder: string): Subject {
  const counted = SIGNALS.filter((signal) => signal.counted)
  return {
    id: PIPELINE,
    title: 'Review priority of all counted signals',
    threshold: 'the band is some or strong',
    needs: counted.map((signal) => needed(signal, folder)),
    read(outputs) {
      const { score, band, words } = priority(outputs, signalInfos(counted))
      if (band === 'inconclusive') return { state: 'abstained', reason: words }
      return { state: 'scored', score, flagged: band !== 'none', likelihoodRatio: null }
    },
  }
}
