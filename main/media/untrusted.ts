/** Text out of a media file on its way to a screen, a record or a log. */
import { displayName } from '../intake/name.ts'

/** Longest text kept of one tag or field, characters. A title of 10 MB is an attack, not a title. */
export const MAX_TEXT = 1000

/** One line that shows the text and can do nothing else: controls, escapes and bidi overrides spelled out, cut to length. */
export function neutralise(untrustedText: string, length = MAX_TEXT): string {
  const shown = displayName(untrustedText.slice(0, length)).trim()
  return shown.length > length || untrustedText.length > length ? `${shown.slice(0, length - 1)}…` : shown
}
