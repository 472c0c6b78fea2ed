/**
 * Matching in an open library: whatever has a fingerprint and was not held against the library as it is now, is; one item
 * after the other, in the order in which they came in. What is due is read from the database each time, so that a kill at
 * any moment loses nothing: the next opening goes on.
 */
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import type { FileMatches, MatchingState } from '../contract/matching.ts'
import { Failure } from '../errors.ts'
import { storeFailure } from '../store/database.ts'
import {
  countWithoutFingerprint,
  dueForMatching,
  fingerprintBytes,
  fingerprintRow,
  fingerprints,
  type Due,
} from '../store/fingerprints.ts'
import { hashLists, listsState, nextListPart } from '../store/hash-lists.ts'
import type { Library } from '../store/library.ts'
import { listHitsOf } from './list-hits.ts'
import { lookUpFile } from './look-up-file.ts'
import { foundOf, type Found } from './found.ts'
import { failFootage } from './footage-finding.ts'
import { MatcherRefusal, startMatcher, type Matcher } from './matcher.ts'
import { decodePrints, FingerprintDamage, type Prints } from './prints-bytes.ts'
import { usableSeconds } from './usable.ts'
import { MATCHING_VERSION } from './version.ts'
import { writeListHits, writeMatches, type ItemMatches } from './write-matches.ts'

/** Entries of the index of corners: 96 bytes each, 48 a second of video; 1.9 GB, or 115 hours. */
const MOST_CORNERS = 20_000_000
/** Times that the thread may end by itself before no new one is started. */
const MOST_CRASHES = 3
/** Items after which the index is written to the disk while the library stays open. */
const SAVE_EVERY = 500
/** Longest time that closing waits for the look-up under way, and for the index to be written, milliseconds. */
const CLOSE_MS = { work: 2000, save: 20_000 }

export interface MatchingOptions {
  /** Told of items whose matches changed. */
  onItems(evidenceIds: readonly string[]): void
  /** Told when the state of the matching changed. */
  onState(): void
  /** For the log. */
  onDefect(error: unknown): void
}

export interface LibraryMatching {
  /** Takes up what is due. Call it after anything was fingerprinted, imported or removed. */
  wake(): void
  /** Resolves when nothing is due; never rejects. */
  idle(): Promise<void>
  state(): MatchingState
  /** Holds a file that is not in the library against it. @throws Failure matching.stopped | media.unreadable */
  lookUp(sha256: string, prints: { bytes: Uint8Array; duration: number } | null): Promise<FileMatches>
  /** Hash lists came or went. */
  listsChanged(removed?: string): Promise<void>
  close(): Promise<void>
}

export function createMatching(lib: Library, options: MatchingOptions): LibraryMatching {
  let matcher: Promise<Matcher> | null = null
  let working: Promise<void> | null = null
  let [closing, again, crashes, unsaved] = [false, false, 0, 0]
  let last: Matcher | null = null
  let problem: string | null = null
  /** Fingerprints that could not be matched since the library was opened: they are not tried for ever. */
  const failed = new Set<string>()
  const loadedLists = new Set<string>()
  let loading = Promise.resolve()

  const due = (): Due[] =>
    dueForMatching(lib, MATCHING_VERSION, listsState(lib)).filter(({ sha256 }) => !failed.has(sha256))

  function open(): Promise<Matcher> {
    matcher ??= begin().catch((error: unknown) => {
      matcher = null
      throw error
    })
    return matcher
  }

  async function begin(): Promise<Matcher> {
    if (crashes >= MOST_CRASHES) throw new Failure('matching.stopped')
    const started = await startMatcher(
      {
        folder: join(lib.paths.derived, 'matching'),
        library: lib.manifest.id,
        videos: fingerprints(lib).map(({ evidenceId, sha256 }) => ({ id: evidenceId, sha256 })),
        mostCorners: MOST_CORNERS,
      },
      (id) => (closing ? null : fingerprintBytes(lib, id)),
      (error) => {
        crashes++
        matcher = null
        options.onDefect(error)
      },
    )
    last = started
    loadedLists.clear()
    for (const id of started.missing) {
      if (closing) break
      await take(started, id)
    }
    await loadLists(started)
    options.onState()
    return started
  }

  /** Takes an item's fingerprint into the index; a damaged one is left out, and said so when the item is matched. */
  async function take(into: Matcher, id: string): Promise<void> {
    const row = fingerprintRow(lib, id)
    const bytes = row && fingerprintBytes(lib, id)
    if (!row || !bytes) return
    try {
      await into.ask('add', { video: { id, sha256: row.sha256 }, bytes })
      unsaved++
    } catch (error) {
      if (!(error instanceof MatcherRefusal)) throw error
    }
  }

  /** Gives the thread the lists that it does not have yet; whoever waits for it finds them all there. */
  function loadLists(into: Matcher): Promise<void> {
    loading = loading
      .catch(() => {})
      .then(async () => {
        for (const { id } of hashLists(lib)) {
          if (loadedLists.has(id)) continue
          let first = 0
          for (let part = nextListPart(lib, id, -1); part && !closing; part = nextListPart(lib, id, part.part)) {
            await into.ask('add-list', { list: id, first, hashes: part.hashes })
            first += part.hashes.length / 32
          }
          loadedLists.add(id)
        }
      })
    return loading
  }

  async function work(): Promise<void> {
    for (;;) {
      if (closing) return
      const [next] = due()
      if (!next) break
      try {
        await matchOne(next)
        if (unsaved >= SAVE_EVERY) await save(await open())
      } catch (error) {
        if (closing) return
        const failure = storeFailure(error)
        // A full disk or a library that went away: nothing is lost, the next change or opening tries again.
        if (failure instanceof Failure && failure.code !== 'matching.stopped') {
          problem = failure.message
          options.onDefect(error)
          break
        }
        failed.add(next.sha256)
        if (!(failure instanceof Failure)) options.onDefect(error)
        if (crashes >= MOST_CRASHES) {
          problem = 'Comparing footage has ended by itself several times.'
          break
        }
      }
      await turn()
    }
    options.onState()
  }

  async function save(thread: Matcher): Promise<void> {
    unsaved = 0
    await thread.ask('save', {}).catch(options.onDefect)
  }

  async function matchOne(item: Due): Promise<void> {
    const bytes = fingerprintBytes(lib, item.evidenceId)
    try {
      if (!bytes) throw new MatcherRefusal('damage', 'its checksum does not match')
      if (isAlone()) {
        await lib.free()
        return noteAlone(item, bytes)
      }
      const thread = await open()
      await (item.whole ? matchWhole(thread, item, bytes) : matchLists(thread, item, bytes))
    } catch (error) {
      if (!(error instanceof MatcherRefusal)) throw error
      options.onDefect(error)
      failed.add(item.sha256)
      await lib.free()
      if (error.why === 'damage') lib.change('assay', (record) => failFootage(lib, record, item.evidenceId))
      options.onItems([item.evidenceId])
    }
  }

  const isAlone = (): boolean => !matcher && fingerprints(lib).length === 1 && hashLists(lib).length === 0

  /** The first item, with no list to hold it against: there is nothing to start the thread for. */
  function noteAlone({ evidenceId, sha256 }: Due, bytes: Uint8Array): void {
    const nothing = { pairs: [], looked: () => true, against: [], lists: listsState(lib), listed: new Map() }
    const usable = usableSeconds(readPrints(bytes).picture)
    options.onItems(writeMatches(lib, { item: { id: evidenceId, sha256 }, usable, ...nothing }))
  }

  /** @throws MatcherRefusal */
  function readPrints(bytes: Uint8Array): Prints {
    try {
      return decodePrints(bytes)
    } catch (error) {
      if (error instanceof FingerprintDamage) throw new MatcherRefusal('damage', error.message)
      throw error
    }
  }

  async function matchWhole(thread: Matcher, item: Due, bytes: Uint8Array): Promise<void> {
    const { evidenceId, sha256 } = item
    const looked = await thread.ask('look-up', { bytes, self: evidenceId, only: null })
    await thread.ask('add', { video: { id: evidenceId, sha256 }, bytes })
    unsaved++
    // Of two, the one that came in later is looked up in the earlier, whichever was fingerprinted first.
    const order = new Map(fingerprints(lib).map((row, place) => [row.evidenceId, place]))
    const waiting = new Set(due().flatMap((one) => (one.whole ? [one.evidenceId] : [])))
    const isOlder = (id: string): boolean => order.get(id)! < order.get(evidenceId)!
    const pairs: { fresh: string; known: string; found: Found }[] = []
    for (const { id, stretches } of looked.found) {
      if (!order.has(id)) continue
      if (isOlder(id)) pairs.push({ fresh: evidenceId, known: id, found: foundOf(stretches) })
      else if (!waiting.has(id)) {
        const theirs = fingerprintBytes(lib, id)
        const back = theirs && (await thread.ask('look-up', { bytes: theirs, self: id, only: evidenceId }))
        const [pair] = back?.found ?? []
        if (pair) pairs.push({ fresh: id, known: evidenceId, found: foundOf(pair.stretches) })
      }
    }
    const shown = await listed(thread, bytes)
    await lib.free()
    if (closing) return
    const looksAt = (id: string): boolean => !order.has(id) || isOlder(id) || !waiting.has(id)
    const found = { pairs, looked: looksAt, against: looked.against, usable: looked.usable }
    options.onItems(writeMatches(lib, { item: { id: evidenceId, sha256 }, ...found, ...shown }))
  }

  /** What a fingerprint shows of the hash lists, and which lists there were. */
  async function listed(thread: Matcher, bytes: Uint8Array): Promise<Pick<ItemMatches, 'lists' | 'listed'>> {
    const lists = listsState(lib)
    await loadLists(thread)
    const { hits } = await thread.ask('look-up-lists', { bytes })
    return { lists, listed: await listHitsOf(lib, hits) }
  }

  async function matchLists(thread: Matcher, { evidenceId, sha256 }: Due, bytes: Uint8Array): Promise<void> {
    const shown = await listed(thread, bytes)
    await lib.free()
    if (closing) return
    writeListHits(lib, { item: { id: evidenceId, sha256 }, ...shown })
    options.onItems([evidenceId])
  }

  const api: LibraryMatching = {
    wake() {
      if (closing) return
      problem = null
      if (working) {
        again = true
        return
      }
      again = false
      working = work()
        .catch(options.onDefect)
        .finally(() => {
          working = null
          if (again) api.wake()
        })
    },
    async idle() {
      while (working) await working
    },
    state() {
      const rows = fingerprints(lib)
      const hold = last?.alive ? last.hold() : null
      const pending = due().length
      return {
        state: crashes >= MOST_CRASHES ? 'stopped' : working ? 'preparing' : 'ready',
        videos: hold?.videos ?? rows.length,
        hashes: hold?.hashes ?? rows.reduce((sum, { hashes }) => sum + hashes, 0),
        corners: hold?.corners ?? 0,
        listed: hashLists(lib).reduce((sum, { entries }) => sum + entries, 0),
        pending,
        withoutFingerprint: countWithoutFingerprint(lib),
        notice: problem ?? hold?.notice ?? null,
      }
    },
    async lookUp(sha256, prints) {
      await api.idle()
      return lookUpFile(lib, open, sha256, prints)
    },
    async listsChanged(removed) {
      if (removed) loadedLists.delete(removed)
      const thread = await matcher?.catch(() => null)
      if (thread?.alive) {
        if (removed) await thread.ask('remove-list', { list: removed })
        await loadLists(thread)
      }
      options.onState()
      api.wake()
    },
    async close() {
      closing = true
      const thread = await within(matcher?.catch(() => null) ?? Promise.resolve(null), CLOSE_MS.work)
      await within(working ?? Promise.resolve(), CLOSE_MS.work)
      if (thread?.alive && !working) await within(save(thread), CLOSE_MS.save)
      await last?.end()
    },
  }
  return api
}

/** Waits, but not for ever; undefined where it took too long. */
async function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
