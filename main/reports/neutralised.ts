/** What comes from outside a report, made harmless for every format at once: nothing in it acts, and nothing is lost. */

/**
 * Controls, characters that turn text around (UAX #9: embeddings, overrides, isolates), separators, lone surrogates and
 * the byte order mark: they print nothing, or make a name read as another. Tabs and line breaks are left.
 */
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\p{Cs}]/gu

/** Each of them written out, as the PDF writes characters that no font has. */
export const visible = (untrustedText: string): string =>
  untrustedText.replace(
    UNSEEN,
    (character) => `[U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`,
  )

/** The same value with every text in it, keys among them, made harmless. */
export function neutralised<T>(value: T): T {
  if (typeof value === 'string') return visible(value) as T
  if (Array.isArray(value)) return value.map(neutralised) as T
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [visible(key), neutralised(one)])) as T
  return value
}

/** JSON text in which nothing is unseen, and which still says the same: such characters as `\u202e` (RFC 8259, section 7). */
export const escaped = (json: string): string =>
  json.replace(UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
