/** Sourcing and times as they stand in rows. */
import { DatedValue, Sourcing } from '../contract/common.ts'

/** Texts whose sourcing is kept at hand, and how long they may be: in a case thousands of rows say the same. */
const MOST = 4096
const LONGEST = 1024
const known = new Map<string, Sourcing>()

/** Several rows may share the object, so it is frozen all the way down. */
function parse(text: string): Sourcing {
  const found = known.get(text)
  if (found) return found
  const made = freeze(Sourcing.parse(JSON.parse(text)))
  if (text.length > LONGEST) return made
  if (known.size >= MOST) known.clear()
  known.set(text, made)
  return made
}

function freeze<T>(value: T): T {
  if (value && typeof value === 'object') Object.values(Object.freeze(value)).forEach(freeze)
  return value
}

/** @param roots from each merged record to the one that stands for it, where a merged source is to be named by that one */
export function sourcingOf(text: string, roots?: ReadonlyMap<string, string>): Sourcing {
  const sourcing = parse(text)
  const root = sourcing.sourceId && roots?.get(sourcing.sourceId)
  return root ? { ...sourcing, sourceId: root } : sourcing
}

export const datedOf = (text: string | null): DatedValue | null =>
  text === null ? null : DatedValue.parse(JSON.parse(text))
