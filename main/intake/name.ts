/**
 * File names for display. A name is untrusted bytes: it can hold line breaks, terminal escapes, or characters that turn
 * the text around so that `gpj.exe` reads as `exe.jpg`. Nothing is dropped: what cannot be shown safely is spelled out.
 */
import { isUtf8 } from 'node:buffer'

/**
 * Controls, format characters (bidi overrides, zero-width space, tags), line separators, lone surrogates, and whatever
 * is invisible by default (Unicode `Default_Ignorable_Code_Point`).
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{DI}]/gu

/**
 * Of those, the ones that ordinary names need: zero-width joiner and non-joiner (Persian, emoji), variation selectors
 * (emoji), and the Arabic and Syriac number signs, which are format characters only in name and have a glyph.
 */
const NEEDED = /^(?:\u200c|\u200d|[\ufe00-\ufe0f]|[\u0600-\u0605]|\u06dd|\u070f|[\u0890\u0891]|\u08e2)$/u

const escape = (char: string): string => {
  const point = char.codePointAt(0) ?? 0
  if (point <= 0xff) return `\\x${point.toString(16).padStart(2, '0')}`
  if (point <= 0xffff) return `\\u${point.toString(16).padStart(4, '0')}`
  return `\\u{${point.toString(16)}}`
}

/** Decodes UTF-8 (RFC 3629) and spells out each byte that does not belong to it as `\xNN`. */
function decode(untrusted: Uint8Array): string {
  const bytes = Buffer.from(untrusted.buffer, untrusted.byteOffset, untrusted.byteLength)
  if (isUtf8(bytes)) return bytes.toString()
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at]!
    const character = bytes.subarray(at, at + (lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4))
    const valid = isUtf8(character)
    text += valid ? character.toString() : `\\x${lead.toString(16).padStart(2, '0')}`
    at += valid ? character.length : 1
  }
  return text
}

/** One line of text that shows an untrusted name or path as it is, and can do nothing else. Not reversible. */
export function displayName(untrusted: Uint8Array | string): string {
  const text = typeof untrusted === 'string' ? untrusted : decode(untrusted)
  return text.replaceAll(UNSAFE, (char) => (NEEDED.test(char) ? char : escape(char)))
}

/** The last part of a name that a browser sent, whichever separator its system uses. */
export function baseName(untrustedName: string): string {
  return untrustedName.split(/[/\\]/).findLast((part) => part !== '') ?? 'unnamed'
}
