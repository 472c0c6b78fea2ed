/**
 * Finding a name however it is written: letters are compared, and neither case, accents, joiners, spaces, underscores,
 * dots nor the several ways to write one Arabic letter. `Ali Khamenei`, `ali_khamenei` and `@AliKhamenei` are one name.
 */

/** Letters that are typed for each other in Arabic, Persian and Urdu; NFKD has made plain alef and waw before. */
const ALIKE: Readonly<Record<string, string>> = {
  ي: 'ی',
  ى: 'ی',
  ك: 'ک',
  ة: 'ه',
  ...Object.fromEntries([...'٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹'].map((digit, n) => [digit, String(n % 10)])),
}
/** What stands between the letters of a name, or inside them, and is not compared. */
const BETWEEN = /[\s\p{Z}\p{M}\p{Cf}\p{Cc}_\-‐-―.·'’`´@ـ]/u

interface Skeleton {
  readonly letters: string
  /** Where each code unit of `letters` begins and ends in the text. */
  readonly from: readonly number[]
  readonly to: readonly number[]
}

function skeletonOf(text: string): Skeleton {
  let letters = ''
  const from: number[] = []
  const to: number[] = []
  let at = 0
  for (const character of text) {
    const end = at + character.length
    for (const part of character.normalize('NFKD').toLowerCase()) {
      if (BETWEEN.test(part)) continue
      const letter = ALIKE[part] ?? part
      letters += letter
      for (let unit = 0; unit < letter.length; unit++) {
        from.push(at)
        to.push(end)
      }
    }
    at = end
  }
  return { letters, from, to }
}

export const lettersOf = (text: string): string => skeletonOf(text).letters

/** Names of fewer letters are found as whole words only; longer ones also inside words, such as with a prefix. */
const WHOLE_WORD = 5

export interface Found {
  /** Index into the terms. */
  readonly term: number
  readonly start: number
  readonly end: number
}

/** Letters as `lettersOf` gives them. */
export type Terms = readonly string[]

/** Where the terms stand in a text, from first to last, the longest of those that overlap. */
export function findTerms(text: string, terms: Terms): Found[] {
  const { letters, from, to } = skeletonOf(text)
  const found: Found[] = []
  for (const [term, wanted] of terms.entries()) {
    if (!wanted) continue
    for (let at = letters.indexOf(wanted); at >= 0; at = letters.indexOf(wanted, at + 1)) {
      const start = from[at]!
      const end = withMarks(text, to[at + wanted.length - 1]!)
      if (wanted.length >= WHOLE_WORD || (!joined(text, start, -1) && !joined(text, end, 1)))
        found.push({ term, start, end })
    }
  }
  found.sort((a, b) => a.start - b.start || b.end - a.end)
  const kept: Found[] = []
  for (const one of found) {
    const last = kept.at(-1)
    if (!last || one.start >= last.end) kept.push(one)
    // Two names that overlap in part are covered as one.
    else if (one.end > last.end) kept[kept.length - 1] = { ...last, end: one.end }
  }
  return kept
}

/** Marks and joiners after the last letter belong to it. */
function withMarks(text: string, end: number): number {
  return end + (/^[\p{M}\p{Cf}]+/u.exec(text.slice(end, end + 16))?.[0].length ?? 0)
}

const joined = (text: string, at: number, side: 1 | -1): boolean => {
  const beside = side === 1 ? text.slice(at, at + 2) : text.slice(Math.max(0, at - 2), at)
  return side === 1 ? /^[\p{L}\p{N}]/u.test(beside) : /[\p{L}\p{N}]$/u.test(beside)
}

/** The text with each term replaced by its label. Addresses that hide one behind percent signs are replaced whole. */
export function replaceTerms(text: string, terms: Terms, labels: readonly string[]): string {
  let made = ''
  let at = 0
  for (const { term, start, end } of findTerms(text, terms)) {
    made += text.slice(at, start) + labels[term]!
    at = end
  }
  made += text.slice(at)
  if (!/%[0-9a-f]{2}/i.test(made)) return made
  return made.replace(/\S*%[0-9a-f]{2}\S*/gi, (word) => {
    const [hidden] = findTerms(decoded(word), terms)
    return hidden ? labels[hidden.term]! : word
  })
}

function decoded(word: string): string {
  try {
    return decodeURIComponent(word.replace(/%(?![0-9a-f]{2})/gi, '%25'))
  } catch {
    return ''
  }
}
