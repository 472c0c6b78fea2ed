/** Where in a text the words stand that were asked for, and the stretch around the first of them. */
import type { Excerpt } from '../../contract/search.ts'
import { fold, indexed } from './fold.ts'

const WORD = /[\p{L}\p{M}\p{N}\u0640\u200c\u200d]+/gu
/** UTF-16 units shown before the first word found, and in all. */
const BEFORE = 40
const LENGTH = 160

/** @param tokens folded words, of which the beginning is enough */
function marksIn(text: string, tokens: readonly string[]): [number, number][] {
  const marks: [number, number][] = []
  for (const match of text.matchAll(WORD)) {
    const parts = indexed(match[0]).split(' ')
    if (parts.some((part) => tokens.some((token) => part.startsWith(token))))
      marks.push([match.index, match.index + match[0].length])
  }
  return marks
}

/** The whole text, cut where it is longer than a line, with every word found marked. */
export function marked(text: string, tokens: readonly string[], longest = 300): Excerpt {
  const shown = text.length > longest ? `${text.slice(0, longest)}…` : text
  return { text: shown, marks: marksIn(shown, tokens) }
}

/** The stretch around the first word found in any of the texts; null where none of them holds one. */
export function excerpt(texts: readonly string[], tokens: readonly string[]): Excerpt | null {
  for (const text of texts) {
    const first = marksIn(text, tokens)[0]
    if (!first) continue
    const begin = cutAt(text, Math.max(0, first[0] - BEFORE))
    const end = Math.min(text.length, Math.max(begin + LENGTH, first[1]))
    const shown = `${begin > 0 ? '…' : ''}${text.slice(begin, end).replaceAll(/\s/g, ' ')}${end < text.length ? '…' : ''}`
    return { text: shown, marks: marksIn(shown, tokens) }
  }
  return null
}

/** The beginning of the word at or after which the excerpt starts. */
function cutAt(text: string, at: number): number {
  if (at === 0) return 0
  const space = text.indexOf(' ', at)
  return space < 0 || space > at + BEFORE ? at : space + 1
}

/** The folded words of a query, for marking. */
export const tokensOf = (text: string): string[] => [...new Set(fold(text).split(' ').filter(Boolean))]
