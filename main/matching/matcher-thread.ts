/**
 * Holds the library's catalogue in a thread of its own: looking a video up takes a tenth of a second among a hundred and
 * more among many, and the host must stay awake. It lives as long as the library is open, since loading the index takes
 * longer than most look-ups. It opens no database: fingerprints that it wants to compare closely it gets from the host.
 */
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads'
import { Catalogue } from './catalogue.ts'
import { readCatalogue, writeCatalogue, type CatalogueEntry } from './catalogue-file.ts'
import { decodePrints, FingerprintDamage, type Prints } from './prints-bytes.ts'
import type { Fingerprint } from './fingerprint.ts'
import { ListIndex } from './list-index.ts'
import { findMatches } from './match.ts'
import { usableSeconds } from './usable.ts'
import type { Answers, FromThread, Hold, Opening, PairFound, Request, ToThread, Video } from './matcher-protocol.ts'

/** What is given to the thread: how to open, and how fingerprints come while it waits. */
export interface ThreadData {
  readonly opening: Opening
  readonly port: MessagePort
  /** One 32-bit number: 0 while the thread waits, 1 when the host has sent what it wanted. */
  readonly bell: SharedArrayBuffer
}

/** Bytes of fingerprints that are kept at hand for comparing closely, and how long the host may take to give one. */
const KEPT_BYTES = 96 * 2 ** 20
const WAIT_MS = 30_000

const { opening, port, bell } = workerData as ThreadData
const flag = new Int32Array(bell)
// A thread's port has no origin; the rule takes it for a window.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
const tell = (message: FromThread): void => parentPort?.postMessage(message)

let entries: CatalogueEntry[] = []
let notice: string | null = null
let changed = false
const lists = new ListIndex()
const kept = new Map<number, { print: Fingerprint; bytes: number }>()
let keptBytes = 0

/** Waits for the host: `findMatches` wants it at once, and this thread has nothing else to do. */
function load(video: number): Fingerprint {
  const known = kept.get(video)
  if (known) {
    kept.delete(video)
    kept.set(video, known)
    return known.print
  }
  const entry = entries[video]
  if (!entry) throw new Error('a video that was removed was found')
  Atomics.store(flag, 0, 0)
  tell({ kind: 'need', id: entry.id })
  if (Atomics.wait(flag, 0, 0, WAIT_MS) === 'timed-out') throw new Error('the host gave no fingerprint')
  const bytes = (receiveMessageOnPort(port) as { message: Uint8Array | null } | undefined)?.message
  if (!bytes) throw new FingerprintDamage(`the fingerprint of ${entry.id} is missing or damaged`)
  const print = decodePrints(bytes).picture
  keep(video, print, bytes.length)
  return print
}

function keep(video: number, print: Fingerprint, bytes: number): void {
  kept.set(video, { print, bytes })
  keptBytes += bytes
  for (const [oldest, { bytes: size }] of kept) {
    if (keptBytes <= KEPT_BYTES || oldest === video) break
    kept.delete(oldest)
    keptBytes -= size
  }
}

let catalogue = new Catalogue(load)

async function begin(): Promise<void> {
  const read = await readCatalogue(opening.folder, opening.library)
  if (read.state === 'damaged') notice = `The index was damaged (${read.reason}) and was made again.`
  if (read.state === 'read') {
    catalogue = new Catalogue(load, read.stored.parts)
    entries = [...read.stored.entries]
  }
  // The database says what there is; what else is in the index goes, and what is missing comes.
  const known = new Map(opening.videos.map(({ id, sha256 }) => [id, sha256]))
  entries.forEach((entry, video) => {
    if (entry && known.get(entry.id) !== entry.sha256) forget(video)
  })
  // More holes than videos: what was removed takes memory until it is built again.
  if (entries.filter((entry) => !entry).length > Math.max(16, opening.videos.length)) {
    catalogue = new Catalogue(load)
    entries = []
  }
  const held = new Set(entries.map((entry) => entry?.id))
  tell({ kind: 'open', missing: opening.videos.flatMap(({ id }) => (held.has(id) ? [] : [id])), hold: hold() })
}

function forget(video: number): void {
  catalogue.remove(video)
  entries[video] = null
  const known = kept.get(video)
  if (known) keptBytes -= known.bytes
  kept.delete(video)
  changed = true
}

const numberOf = (id: string): number => entries.findIndex((entry) => entry?.id === id)

const hold = (): Hold => ({
  videos: entries.filter(Boolean).length,
  hashes: catalogue.parts.frames.count,
  corners: catalogue.parts.corners.count,
  listed: lists.listed,
  notice,
})

function add(video: Video, bytes: Uint8Array): Hold {
  const { picture } = decodePrints(bytes)
  const before = numberOf(video.id)
  if (before >= 0 && entries[before]?.sha256 === video.sha256) return hold()
  if (before >= 0) forget(before)
  const room = catalogue.parts.corners.count < opening.mostCorners
  if (!room) notice = 'The library is larger than the index may grow: items that came later are found by whole frames only, not after cropping or under a logo.' // prettier-ignore
  const number = catalogue.add(picture, room)
  entries[number] = { id: video.id, sha256: video.sha256 }
  keep(number, picture, bytes.length)
  changed = true
  return hold()
}

function lookUp({ picture }: Prints, self: string | null, only: string | null): Answers['look-up'] {
  const found = catalogue.without(self === null ? -1 : numberOf(self), () => findMatches(picture, catalogue))
  const byVideo = Map.groupBy(found, (match) => entries[match.video]?.id ?? '')
  const pairs = [...byVideo].map(([id, stretches]): PairFound => ({ id, stretches }))
  return {
    found: pairs.filter(({ id }) => only === null || id === only),
    against: entries.filter((entry) => entry !== null).filter(({ id }) => id !== self),
    usable: usableSeconds(picture),
  }
}

async function answer(request: Request): Promise<Answers[keyof Answers]> {
  switch (request.kind) {
    case 'add':
      return add(request.video, request.bytes)
    case 'look-up':
      return lookUp(decodePrints(request.bytes), request.self, request.only)
    case 'look-up-lists':
      return { hits: lists.lookUp(decodePrints(request.bytes)) }
    case 'add-list':
      lists.add(request.list, request.first, request.hashes)
      return hold()
    case 'remove-list':
      lists.remove(request.list)
      return hold()
    case 'save':
      if (changed) await writeCatalogue(opening.folder, opening.library, { entries, parts: catalogue.parts })
      changed = false
      return hold()
    case 'state':
      return hold()
  }
}

// One after the other: an index is changed by one caller.
let last = begin()
parentPort?.on('message', ({ id, request }: ToThread) => {
  last = last.then(async () => {
    try {
      tell({ kind: 'answer', id, value: await answer(request) })
    } catch (error) {
      const why = error instanceof FingerprintDamage ? 'damage' : 'defect'
      tell({
        kind: 'refused',
        id,
        why,
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      })
    }
  })
})
await last
