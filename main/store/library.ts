/** An open library: its folder, its database, and the one way to change it. */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { Failure } from '../errors.ts'
import { append, head } from './audit.ts'
import { writeBackup } from './backup.ts'
import {
  guarded,
  isBusy,
  joinDatabase,
  latestVersion,
  letOthersIn,
  openDatabase,
  shutOthersOut,
  storeFailure,
  type Sqlite,
} from './database.ts'
import { indexStale } from './search/index-rows.ts'

/** `library.json`: what the folder is, readable without opening the database. */
const Manifest = z.object({ format: z.literal('assay-library'), id: z.uuid(), name: z.string(), createdAt: z.string() })
export type Manifest = z.infer<typeof Manifest>

/** Who a change is recorded under. */
export type Actor = 'analyst' | 'assay' | 'cli'

/** Appends a link to the audit chain, inside the running transaction. */
export type RecordChange = (action: string, subject: string, body?: unknown) => void

export interface Library {
  readonly folder: string
  readonly manifest: Manifest
  readonly schemaVersion: number
  /** For queries in `store/`; no other stage uses it directly. */
  readonly db: Sqlite
  readonly paths: { vault: string; derived: string; exports: string; staging: string; backups: string }
  /**
   * Runs `work` in one transaction; whatever it records joins the audit chain with it, or not at all.
   *
   * @throws Failure store.busy while a thread writes
   */
  change<T>(actor: Actor, work: (record: RecordChange) => T): T
  /** True while a thread of this process writes: everything can be read, as it was before, and nothing changed. */
  readonly busy: boolean
  /** Resolves when no thread writes; at once where none does. What changes the library in the background asks first. */
  free(): Promise<void>
  /** Lets a thread join the library for as long as `work` takes; with `writes`, it alone changes it. */
  share<T>(writes: boolean, work: () => Promise<T>): Promise<T>
  auditHead(): string | null
  close(): void
}

const paths = (folder: string): Library['paths'] => ({
  vault: join(folder, 'vault'),
  derived: join(folder, 'derived'),
  exports: join(folder, 'exports'),
  staging: join(folder, 'staging'),
  backups: join(folder, 'backups'),
})

/** Makes a library in an empty or absent folder. @throws Failure store.exists | store.readonly | store.full */
export function createLibrary(folder: string, name: string): Library {
  const root = resolve(folder)
  const file = join(root, 'library.db')
  /** Folders that this call made, outermost first: half a library would only be in the way of the next try. */
  const made: string[] = []
  let ours = false
  let db: Sqlite | undefined
  try {
    const first = mkdirSync(root, { recursive: true })
    if (first) made.push(root)
    if (readdirSync(root).length) throw new Failure('store.exists', root)
    for (const path of Object.values(paths(root))) {
      mkdirSync(path)
      made.push(path)
    }
    ours = true
    const manifest: Manifest = { format: 'assay-library', id: randomUUID(), name, createdAt: new Date().toISOString() }
    db = openDatabase(file, { create: true })
    const library = wrap(root, manifest, db)
    library.change('analyst', (record) =>
      record('library.created', manifest.id, { name, createdAt: manifest.createdAt }),
    )
    // Written last: a folder without it was never a finished library.
    writeFileSync(join(root, 'library.json'), JSON.stringify(manifest, null, 2) + '\n', { flag: 'wx' })
    return library
  } catch (error) {
    db?.close()
    if (ours) for (const part of ['', '-wal', '-journal']) rmSync(file + part, { force: true })
    for (const path of made.reverse()) removeEmpty(path)
    const { code } = error as { code?: string }
    throw code === 'EEXIST' || code === 'ENOTDIR' ? new Failure('store.exists', root) : storeFailure(error)
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // Somebody else has put something there; it stays.
  }
}

/** @throws Failure store.not-library | store.locked | store.newer | store.corrupt | store.readonly */
export function openLibrary(folder: string): Library {
  const root = resolve(folder)
  const manifest = readManifest(root)
  const db = openDatabase(join(root, 'library.db'), {
    backup: (db) => void writeBackup(db, paths(root).backups, 'before-migration'),
  })
  // Rebuildable or empty folders may have been left behind by a copy; make them again rather than fail later.
  for (const path of Object.values(paths(root))) mkdirSync(path, { recursive: true })
  // After a migration that brought the search index, everything is still to be indexed.
  guarded(() => db.transaction(() => indexStale(db))())
  return wrap(root, manifest, db)
}

/**
 * The library through a connection of its own, for a thread while the host shares it.
 *
 * @param onIndexed told after every page of the search index; what it throws undoes the change
 */
export function joinLibrary(folder: string, onIndexed: (done: number) => void): Library {
  return wrap(folder, readManifest(folder), joinDatabase(join(folder, 'library.db')), onIndexed)
}

export function readManifest(folder: string): Manifest {
  const file = join(folder, 'library.json')
  if (!existsSync(file)) throw new Failure('store.not-library', folder)
  try {
    return Manifest.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    throw new Failure('store.corrupt', 'library.json cannot be read.', { cause: error })
  }
}

/**
 * The lock for this connection alone. A thread that is still about to go may have it: other processes are kept out by the
 * shared lock then, and the next change here takes it back; what the work came to must not be lost for that.
 */
function takeBack(db: Sqlite): void {
  try {
    shutOthersOut(db)
  } catch (error) {
    if (!isBusy(error)) throw storeFailure(error)
  }
}

function wrap(folder: string, manifest: Manifest, db: Sqlite, onIndexed?: (done: number) => void): Library {
  /** Changes inside one another: the outermost brings the search index up to date before it commits. */
  let depth = 0
  /** Threads that have the library; and the one that writes, as a promise of its end. */
  let guests = 0
  let writing: Promise<void> | null = null
  return {
    folder,
    manifest,
    schemaVersion: latestVersion(),
    db,
    paths: paths(folder),
    get busy() {
      return writing !== null
    },
    async free() {
      while (writing) await writing
    },
    async share(writes, work) {
      if (writes) await this.free()
      const { promise, resolve } = Promise.withResolvers<void>()
      if (writes) writing = promise
      try {
        if (guests++ === 0) letOthersIn(db)
        return await work()
      } finally {
        guests -= 1
        if (writes) {
          writing = null
          resolve()
        }
        if (guests === 0 && db.open) takeBack(db)
      }
    },
    change(actor, work) {
      if (writing) throw new Failure('store.busy')
      return guarded(() =>
        db
          .transaction(() => {
            const outermost = depth++ === 0
            try {
              const done = work((action, subject, body) => void append(db, { actor, action, subject, body }))
              if (outermost) indexStale(db, onIndexed)
              return done
            } finally {
              depth--
            }
          })
          .immediate(),
      )
    },
    auditHead: () => head(db),
    close: () => db.close(),
  }
}
