/** The order of mixed scripts in a line: the Unicode Bidirectional Algorithm (UAX #9). */
import factory, { type Bidi } from 'bidi-js'

// Its types are those of a module, the package is none.
const bidi = (factory as unknown as () => Bidi)()

/** Letters and marks that make a text anything but plain left to right. */
const TURNING = /[\u0590-\u08ff\u200f\u202b\u202e\u2067\u2068\ufb1d-\ufdff\ufe70-\ufefc\ud802\ud803\ud83a\ud83b]/

/** The embedding level of every UTF-16 unit: odd where it reads from right to left. */
export const levelsOf = (text: string, base: 'ltr' | 'rtl'): Uint8Array =>
  base === 'ltr' && !TURNING.test(text) ? new Uint8Array(text.length) : bidi.getEmbeddingLevels(text, base).levels

/** `(` for `)` and the like, in a stretch that reads from right to left (rule L4). */
export const mirrored = (character: string): string => bidi.getMirroredCharacter(character) ?? character

/** Places as they stand from left to right, of parts of a line in the order in which they are read (rule L2). */
export function visualOrder(levels: readonly number[]): number[] {
  const order = levels.map((_, place) => place)
  for (let level = Math.max(0, ...levels); level > 0; level--)
    for (let from = 0; from < order.length; from++) {
      let to = from
      while (to < order.length && levels[order[to]!]! >= level) to++
      if (to === from) continue
      order.splice(from, to - from, ...order.slice(from, to).reverse())
      from = to
    }
  return order
}
