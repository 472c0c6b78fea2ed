/** Text fields of a container, from bytes to something that may be shown. */
import { neutralise } from '../../media/untrusted.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })
// QuickTime's own strings are in a Macintosh or Latin script where they are not UTF-8.
const latin1 = new TextDecoder('latin1')

/** UTF-8 where it is valid UTF-8, Latin-1 otherwise, up to the first NUL; one harmless line of at most `limit` characters. */
export function plainBytes(untrusted: Uint8Array, limit = 200): string {
  const end = untrusted.indexOf(0)
  const bytes = end < 0 ? untrusted : untrusted.subarray(0, end)
  try {
    return neutralise(utf8.decode(bytes), limit)
  } catch {
    return neutralise(latin1.decode(bytes), limit)
  }
}
