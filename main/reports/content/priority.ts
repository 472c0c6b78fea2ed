import { predictiveValue, type Priority } from '../../contract/findings.ts'
import type { SignalInfo } from '../../contract/signals.ts'
import type { Block } from '../document.ts'
import type { ReportItem } from '../snapshot.ts'
import type { Words } from '../words/words.ts'
import { signalWords } from './signal-words.ts'
import { score, stored } from './words.ts'

interface Item {
  quote: (text: string) => string
  title: (signal: string) => string
  output: (signal: string) => ReportItem['findings'][number]['output'] | undefined
  signals: readonly SignalInfo[]
  words: Words
}

/** The review priority of one item and what it rests on: which rule spoke is told from the findings, in any language. */
export function priorityBlocks(
  priority: Priority,
  { findings }: ReportItem,
  signals: readonly SignalInfo[],
  words: Words,
): Block[] {
  const { priority: own } = words
  const item: Item = {
    quote: (text) => stored(text, words),
    title: (signal) => signalWords(signal, signals, words).title,
    output: (signal) => findings.findLast(({ output }) => output.id === signal)?.output,
    signals,
    words,
  }
  const blocks: Block[] = [
    { type: 'band', band: priority.band, words: own.band[priority.band], note: own.note(score(priority.score, words)) },
  ]
  if (priority.likelihood) blocks.push({ type: 'paragraph', text: likelihoodWords(priority.likelihood, item) })
  const lists: [string, { text: string; detail?: string }[]][] = [
    [
      own.carried,
      priority.reasons.map(({ signal, text, contribution }) => ({
        text: stored(text, words),
        detail: own.contribution(item.title(signal), score(contribution, words)),
      })),
    ],
    [
      own.didNotCount,
      priority.notCounted.map(({ signal }) => ({ text: words.label(item.title(signal), whyNot(signal, item)) })),
    ],
    [own.wouldChange, wouldChange(priority, item).map((text) => ({ text }))],
  ]
  for (const [caption, items] of lists) if (items.length) blocks.push({ type: 'list', caption, items })
  return blocks
}

/** Of a signal that did not count. The order of reasons is that of `findings/priority.ts`. */
function whyNot(signal: string, { output, signals, quote, words: { priority: own } }: Item): string {
  const info = signals.find(({ id }) => id === signal)
  const found = output(signal)
  if (!info) return own.unknownSignal
  if (!found) return own.notRun
  const { state, reason } = found.applicability
  if (state === 'abstained') return own.abstained(quote(reason))
  if (state === 'failed') return own.failed(quote(reason))
  return info.context ? own.context : own.uncalibrated
}

/** The same sentences as `findings/priority.ts` has, in the same order; a test holds the English ones against it. */
function wouldChange({ band, reasons }: Priority, item: Item): string[] {
  const { output, signals, quote, title, words } = item
  const { priority: own } = words
  const indicators = band === 'strong' || band === 'some'
  const sentences = indicators ? [own.explanation(quote(reasons[0]?.text ?? '')), own.closerCopy] : [own.betterCopy]
  if (band === 'some') sentences.push(own.oneStrong)
  for (const { id, counted, context } of [...signals].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    // What only gives context is no gap where it is silent.
    if (!counted || context) continue
    const found = output(id)
    if (!found) sentences.push(own.signalNotRun(title(id)))
    else if (found.applicability.state !== 'ran')
      sentences.push(own.signalCould(title(id), quote(found.applicability.reason)))
  }
  return sentences
}

/** Shares of manipulated videos for which a reader of the report is told what the ratio means. */
const PREVALENCES = [0.01, 0.05, 0.2]

function likelihoodWords(
  { ratio, low, high, signals }: NonNullable<Priority['likelihood']>,
  { title, words: { priority: own, write } }: Item,
): string {
  const digits = (value: number): string => write.significant(value, 2)
  const shares = PREVALENCES.map((share) =>
    own.share(digits(100 * predictiveValue(share, ratio)), write.plain(100 * share)),
  )
  return own.likelihood(digits(ratio), digits(low), digits(high), signals.map(title), shares)
}
