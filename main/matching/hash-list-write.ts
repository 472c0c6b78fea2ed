/** Writes hash lists in the forms that `hash-list.ts` reads, piece by piece, one piece for each hash. */
import type { ListedHash } from './hash-list-entry.ts'
import { toHex } from './pdq.ts'

type Entries = Iterable<ListedHash>

/** `hash,quality,id`: tags, times and frames have no place in it. */
export function* writePdqCsv(entries: Entries): Generator<string> {
  yield 'hash,quality,id\n'
  for (const { hash, quality, id } of entries) yield `${toHex(hash)},${quality ?? ''},${csvField(id ?? '')}\n`
}

/** `frame,quality,hash,seconds`, for the frames of one video. Frames without a number are counted. */
export function* writeVpdqText(entries: Entries): Generator<string> {
  let count = 0
  for (const { hash, quality, frame, seconds } of entries)
    yield `${frame ?? count++},${quality ?? 0},${toHex(hash)},${(seconds ?? 0).toFixed(3)}\n`
}

/** `{"data": [...]}` with one entry a line and everything that is known of it. */
export function* writeExchangeJson(entries: Entries): Generator<string> {
  yield '{"data":['
  let between = '\n'
  for (const { hash, quality, id, tags, addedOn, frame, seconds } of entries) {
    const known = {
      ...(id !== null && { id }),
      indicator: toHex(hash),
      type: 'HASH_PDQ',
      ...(quality !== null && { quality }),
      ...(tags.length > 0 && { tags }),
      ...(addedOn !== null && { added_on: addedOn }),
      ...(frame !== null && { frame }),
      ...(seconds !== null && { seconds }),
    }
    yield `${between}${JSON.stringify(known)}`
    between = ',\n'
  }
  yield '\n]}\n'
}

const csvField = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
