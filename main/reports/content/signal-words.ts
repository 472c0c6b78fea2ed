/** What a signal is called and what it measures. */
import type { SignalInfo } from '../../contract/signals.ts'
import type { Words } from '../words/words.ts'
import { stored } from './words.ts'

interface SignalWords {
  readonly title: string
  readonly measures: string
}

/** Those of the program by their id; one that a desk added speaks for itself, as its card has it. */
export function signalWords(id: string, signals: readonly SignalInfo[], words: Words): SignalWords {
  const own: Readonly<Record<string, SignalWords>> = words.signals
  if (Object.hasOwn(own, id)) return own[id]!
  const added = signals.find((signal) => signal.id === id)
  return { title: added ? stored(added.title, words) : id, measures: stored(added?.measures ?? '', words) }
}
