/**
 * Takes a hash list into the library: read as it streams in, in pieces that hold the host for a few milliseconds each,
 * and written in parts that count for nothing until the list is whole. A kill in between leaves parts that the next
 * opening removes.
 */
import { createHash, randomUUID } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { Failure } from '../errors.ts'
import type { HashList } from '../contract/matching.ts'
import { openRegular } from '../intake/admit.ts'
import { displayName } from '../intake/name.ts'
import { lastPart, toBytes } from '../intake/path.ts'
import { hashLists, putHashList, putListPart, removeStrayParts, type ListDetail } from '../store/hash-lists.ts'
import type { Actor, Library } from '../store/library.ts'
import { HashListReader, LEFT_OUT, LIST_LIMITS, type LeftOut, type ListedHash, type ListLimits } from './hash-list.ts'
import { PART } from './list-hits.ts'
import { HASH_BYTES } from './pdq.ts'

/** Hashes of all lists of a library: 96 bytes of memory each while it is open. */
export const MOST_LISTED = 4_000_000
/** Bytes read and parsed in one go. */
const CHUNK = 1 << 16
/** Parts written in one transaction: each transaction waits for the disk. */
const TOGETHER = 8
const NAME_LENGTH = 200

/** Lists that are being read, whose parts are not stray. */
const reading = new Set<string>()

/**
 * @param name shown for it; the name of the file where empty
 * @throws Failure intake.not-found, intake.not-regular … for the file; matching.list, matching.list-limit for what is in it
 */
export async function importHashList(
  lib: Library,
  source: { path: string; name: string },
  actor: Actor,
  limits: ListLimits = LIST_LIMITS,
): Promise<HashList> {
  const path = await toBytes(source.path)
  const { handle, size } = await openRegular(path)
  const id = randomUUID()
  reading.add(id)
  try {
    if (size > limits.bytes) throw new Failure('matching.list-limit', `It has ${size.toLocaleString('en')} bytes; ${limits.bytes.toLocaleString('en')} are read.`) // prettier-ignore
    const before = hashLists(lib)
    const room = MOST_LISTED - before.reduce((sum, { entries }) => sum + entries, 0)
    const parts = partWriter(lib, id)
    const reader = new HashListReader((entry) => parts.add(entry), { ...limits, entries: Math.min(limits.entries, Math.max(0, room)) }) // prettier-ignore
    const digest = createHash('sha256')
    const buffer = new Uint8Array(CHUNK)
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK)
      if (!bytesRead) break
      digest.update(buffer.subarray(0, bytesRead))
      reader.push(buffer.subarray(0, bytesRead))
      parts.write()
      await turn()
    }
    const { accepted, leftOut, reasons, first } = reader.end()
    parts.finish()
    const sha256 = digest.digest('hex')
    const same = before.find((list) => list.sha256 === sha256)
    if (same) throw new Failure('matching.list', `The very same list is here already, as “${same.name}”.`)
    if (!accepted) throw new Failure('matching.list', why(leftOut, first))
    const list: HashList = {
      id,
      name: displayName(source.name || lastPart(path)).slice(0, NAME_LENGTH),
      sha256,
      entries: accepted,
      leftOut,
      reasons: Object.fromEntries(Object.entries(reasons).map(([key, n]) => [LEFT_OUT[key as LeftOut], n])),
      first: first.map(({ line, reason, text }) => ({ line, reason: LEFT_OUT[reason], text })),
      importedAt: new Date().toISOString(),
    }
    lib.change(actor, (record) => {
      putHashList(lib, list)
      record('hash-list.imported', id, { name: list.name, sha256, entries: accepted, leftOut })
    })
    return list
  } finally {
    reading.delete(id)
    await handle.close()
    await clearStrayParts(lib)
  }
}

/** Removes what lists left that were not finished or were removed, a little at a time. */
export async function clearStrayParts(lib: Library): Promise<void> {
  while (lib.db.open && removeStrayParts(lib, reading)) await turn()
}

function why(leftOut: number, first: readonly { line: number; reason: LeftOut }[]): string {
  const [one] = first
  if (!one) return 'It is empty.'
  return `None of its ${leftOut.toLocaleString('en')} entries could be read; line ${one.line}: ${LEFT_OUT[one.reason]}.`
}

/** Gathers entries and writes them, `PART` to a row. */
function partWriter(lib: Library, listId: string) {
  let [hashes, details]: [Uint8Array[], ListDetail[]] = [[], []]
  let waiting: { hashes: Uint8Array; details: ListDetail[] }[] = []
  let number = 0
  const close = (): void => {
    if (!hashes.length) return
    const joined = new Uint8Array(hashes.length * HASH_BYTES)
    hashes.forEach((hash, i) => joined.set(hash, i * HASH_BYTES))
    waiting.push({ hashes: joined, details })
    hashes = []
    details = []
  }
  const flush = (): void => {
    lib.change('assay', () => {
      for (const part of waiting) putListPart(lib, listId, number++, part.hashes, part.details)
    })
    waiting = []
  }
  return {
    add({ hash, id, tags }: ListedHash): void {
      hashes.push(hash)
      details.push({ id, tags: [...tags] })
      if (hashes.length === PART) close()
    },
    write(): void {
      if (waiting.length >= TOGETHER) flush()
    },
    finish(): void {
      close()
      if (waiting.length) flush()
    },
  }
}
