/**
 * The workbench: opens a library and wires the stages to it. With `router.ts` and `worker.ts` the only place that sees
 * every stage; the doors in `hosts/` see only this.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Change, Health, LibraryInfo } from './contract/library.ts'
import { addEvidence } from './cases/cases.ts'
import type { Follow } from './cases/exchange/aside.ts'
import { Failure } from './errors.ts'
import { createIntake, type Intake } from './intake/intake.ts'
import { fingerprintOf } from './jobs/fingerprint-run.ts'
import { createQueue, type Queue } from './jobs/queue.ts'
import type { Tell } from './jobs/told.ts'
import type { Spawner } from './jobs/spawner.ts'
import { ffmpegInfo, findFfmpeg, type FfmpegInfo } from './media/ffmpeg.ts'
import type { CatalogueEntry, ModelDetail, ModelInfo, ModelSource } from './contract/models.ts'
import { exportFingerprints } from './matching/export-fingerprints.ts'
import { renewFootage } from './matching/footage-finding.ts'
import { clearStrayParts, importHashList } from './matching/import-list.ts'
import { createMatching, type LibraryMatching } from './matching/matching.ts'
import { outsideFile } from './matching/outside.ts'
import type { ExportedFingerprints, FileMatches, FingerprintFormat, HashList } from './contract/matching.ts'
import { rerun, type RerunOrder } from './reports/rerun/rerun.ts'
import type { Rerun } from './contract/rerun.ts'
import { listModels } from './signals/model-card.ts'
import { addedFolder } from './signals/models/added.ts'
import { createModelStore } from './signals/models/store.ts'
import { signalsUsing } from './signals/models/used-by.ts'
import { counts } from './store/counts.ts'
import { deleteHashList, hashListById } from './store/hash-lists.ts'
import { matchById } from './store/matches.ts'
import { createLibrary, openLibrary, type Actor, type Library } from './store/library.ts'
import { remember } from './store/recent.ts'
import { backupDaily, restoreLibrary } from './store/restore.ts'
import { servedFile, type ServedFile } from './store/served.ts'

/** Folder of model folders: beside the program, or among an installed app's resources. */
const MODELS = process.env['ASSAY_MODELS'] ?? join(import.meta.dirname, '..', 'models')
const PACKAGE = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as {
  version: string
  dependencies: Record<string, string>
}
/** Components whose version can change what a finding says; shown in Health and in the method appendix. */
const COMPONENTS = ['onnxruntime-node', 'mediainfo.js', '@contentauth/c2pa-wasm', 'sharp', 'hash-wasm']

/** Worker processes at once, however many cores there are: each may hold some 300 MB, and its ffmpeg as much again. */
const MAX_WORKERS = 6

export interface WorkbenchOptions {
  readonly host: Health['host']
  readonly spawner: Spawner
  /** Who changes are recorded under. */
  readonly actor: Actor
  /** Worker processes at once; by default one per core, at most six. */
  readonly concurrency?: number
  /** Decoder threads of a worker that runs alone; several share the cores. */
  readonly threads?: number
  /** True for a library that is thrown away afterwards: it is not remembered or backed up. */
  readonly ephemeral?: boolean
  /** True to make no fingerprints: for measuring what they cost. */
  readonly leaveOutFingerprint?: boolean
  /** Told of defects in background work, which the user sees only as `internal` or `worker.crashed`. */
  readonly logBug?: (defect: unknown) => void
}

/** A library that is open, with the stages that work in the background on it. */
export interface OpenedLibrary {
  readonly lib: Library
  readonly intake: Intake
  readonly queue: Queue
  readonly matching: LibraryMatching
}

export interface Workbench {
  readonly options: WorkbenchOptions
  open(folder: string): Promise<LibraryInfo>
  create(folder: string, name: string): Promise<LibraryInfo>
  /** Puts a backup in place and opens the library. */
  restore(folder: string, file: string): Promise<LibraryInfo>
  /** Stops background work cleanly; what is unfinished is taken up at the next opening. */
  close(): Promise<void>
  /** @throws Failure store.none */
  current(): OpenedLibrary
  info(): LibraryInfo | null
  subscribe(listener: (change: Change) => void): () => void
  publish(change: Change): void
  /** What the doors may serve: `evidence/<id>`, `derived/<sha256>`, `export/<id>`. Null: no such thing. */
  file(ref: string): Promise<ServedFile | null>
  /** A place in the library for bytes that arrive through a door; `intake.add` takes its id. */
  beginUpload(): { id: string; path: string }
  abortUpload(id: string): Promise<void>
  /** Where the bytes of an upload lie. @throws Failure store.none */
  uploadPath(id: string): string
  /** The bundled models and those of the open library. */
  readonly models: ModelDesk
  /** What matching does beside holding items against each other. */
  readonly footage: FootageDesk
  readonly exchange: ExchangeDesk
  /** Repeats findings with the workers and models of the open library. @throws Failure store.none | media.no-ffmpeg */
  rerun(order: RerunOrder, tell: Tell, cancelled: AbortSignal): Promise<Rerun>
  health(): Promise<Health>
}

/** Large files that are looked at or imported in a thread, by the caller's name for the call. */
export interface ExchangeDesk {
  follow<T>(run: string | undefined, work: (follow: Follow) => Promise<T>): Promise<T>
  cancel(run: string): void
}

/** The model store with the library that is open; see `signals/models/store.ts`. */
export interface ModelDesk {
  list(): Promise<ModelInfo[]>
  get(id: string): Promise<ModelDetail>
  /** Uploads are gone afterwards, whatever came of them. @throws Failure store.none */
  add(source: ModelSource): Promise<{ model: ModelInfo; leftOut: string[] }>
  remove(id: string): Promise<void>
  verify(ids?: readonly string[]): Promise<ModelInfo[]>
  catalogue(): Promise<CatalogueEntry[]>
}

/** Files and lists that are held against the open library. @throws Failure store.none */
export interface FootageDesk {
  matchFile(path: string): Promise<FileMatches>
  importList(source: { file: ListFile; name: string }): Promise<HashList>
  removeList(id: string): Promise<void>
  export(format: FingerprintFormat, evidenceIds: readonly string[] | null): Promise<ExportedFingerprints>
}
type ListFile = { path: string } | { upload: string; name: string }

export function createWorkbench(options: WorkbenchOptions): Workbench {
  const listeners = new Set<(change: Change) => void>()
  const publish = (change: Change): void => {
    for (const listener of listeners) listener(change)
  }
  const threads = options.threads ?? 4
  const concurrency = options.concurrency ?? Math.min(MAX_WORKERS, availableParallelism())
  let opened: OpenedLibrary | null = null

  const store = createModelStore({
    bundled: MODELS,
    spawner: options.spawner,
    actor: options.actor,
    usedBy: ({ info, card }) => signalsUsing(info.id, card),
    onChange: () => publish({ kind: 'models' }),
  })
  const open = (): Library => {
    if (!opened) throw new Failure('store.none')
    return opened.lib
  }
  const models: ModelDesk = {
    list: () => store.list(opened?.lib ?? null),
    get: (id) => store.get(opened?.lib ?? null, id),
    async add(source) {
      const lib = open()
      if ('path' in source) return store.add(lib, source)
      const files = source.files.map(({ upload, name }) => ({ name, path: uploadPath(lib, upload) }))
      try {
        return await store.add(lib, { files })
      } finally {
        for (const { path } of files) await rm(path, { force: true })
      }
    },
    remove: async (id) => store.remove(open(), id),
    verify: (ids) => store.verify(opened?.lib ?? null, ids),
    catalogue: () => store.catalogue(),
  }

  const footage: FootageDesk = {
    async matchFile(path) {
      const lib = open()
      const evidence = await outsideFile(path)
      const made = await fingerprintOf(lib, options.spawner, evidence, {
        models: MODELS,
        ffmpeg: await ffmpeg(),
        threads,
      })
      return opened!.matching.lookUp(evidence.sha256, made)
    },
    async importList({ file, name }) {
      const lib = open()
      const upload = 'upload' in file ? uploadPath(lib, file.upload) : null
      try {
        const source = 'upload' in file ? { path: upload!, name: name || file.name } : { path: file.path, name }
        const list = await importHashList(lib, source, options.actor)
        await opened?.matching.listsChanged()
        return list
      } finally {
        if (upload) await rm(upload, { force: true })
      }
    },
    async removeList(id) {
      const lib = open()
      const { name, sha256 } = hashListById(lib, id)
      lib.change(options.actor, (record) => {
        deleteHashList(lib, id)
        record('hash-list.removed', id, { name, sha256 })
      })
      await clearStrayParts(lib)
      await opened?.matching.listsChanged(id)
    },
    export: async (format, evidenceIds) => exportFingerprints(open(), format, evidenceIds, options.actor),
  }

  /** What is under way; closing the library ends all of it. */
  const runs = new Map<AbortController, { id: string | undefined; ended: Promise<unknown> }>()
  const exchange: ExchangeDesk = {
    async follow(id, work) {
      const control = new AbortController()
      const ended = work({
        signal: control.signal,
        onProgress: (progress) => id && publish({ kind: 'exchange', id, progress }),
      })
      runs.set(control, { id, ended })
      try {
        return await ended
      } finally {
        runs.delete(control)
      }
    },
    cancel(run) {
      for (const [control, { id }] of runs) if (id === run) control.abort()
    },
  }

  const ffmpeg = async (): Promise<FfmpegInfo> => {
    const path = findFfmpeg()
    if (!path) throw new Failure('media.no-ffmpeg')
    return ffmpegInfo(path)
  }
  const uploadPath = (lib: Library, id: string): string => join(lib.paths.staging, `${id}.part`)

  function start(lib: Library): LibraryInfo {
    const matching = createMatching(lib, {
      onItems(ids) {
        for (const id of ids) publish({ kind: 'evidence', id })
      },
      onState: () => publish({ kind: 'matching' }),
      onDefect: (error) => options.logBug?.(error),
    })
    const queue = createQueue(lib, {
      spawner: options.spawner,
      concurrency,
      threads,
      models: MODELS,
      added: addedFolder(lib),
      ffmpeg,
      ...(options.leaveOutFingerprint && { leaveOutFingerprint: true }),
      inCommit(record, { matchId }, step) {
        if (step !== 'compare' || !matchId) return
        const { fresh, known } = matchById(lib, matchId)
        for (const { evidenceId } of [fresh, known]) renewFootage(lib, record, evidenceId)
      },
      onJob: (job) => publish({ kind: 'job', job }),
      onStep({ evidenceId, step }) {
        publish({ kind: 'evidence', id: evidenceId })
        if (step === 'decode-signals') matching.wake()
      },
      onTrouble: (trouble) => options.logBug?.(trouble),
    })
    const intake = createIntake(lib, {
      actor: options.actor,
      onItem(item) {
        // Known by the time that the file is hashed, and its triage begins.
        ffmpeg().catch(() => {})
        publish({ kind: 'intake', item })
      },
      onAdmitted({ evidenceId, caseId }) {
        if (caseId) {
          addEvidence(lib, caseId, [evidenceId], options.actor)
          publish({ kind: 'case', id: caseId })
        }
        if (!queue.list(evidenceId).some((job) => job.kind === 'triage')) queue.enqueue('triage', evidenceId)
        publish({ kind: 'evidence', id: evidenceId })
      },
      uploadPath: (id) => uploadPath(lib, id),
      onDefect: (error) => options.logBug?.(error),
    })
    opened = { lib, intake, queue, matching }
    queue.resume()
    intake.resume()
    matching.wake()
    clearStrayParts(lib).catch((error: unknown) => options.logBug?.(error))
    store.clear(lib).catch((error: unknown) => options.logBug?.(error))
    if (!options.ephemeral) remember(lib.folder, lib.manifest.name)
    publish({ kind: 'library' })
    return info()!
  }

  function info(): LibraryInfo | null {
    if (!opened) return null
    const { lib } = opened
    return {
      id: lib.manifest.id,
      name: lib.manifest.name,
      folder: lib.folder,
      createdAt: lib.manifest.createdAt,
      schemaVersion: lib.schemaVersion,
      counts: counts(lib),
    }
  }

  async function close(): Promise<void> {
    if (!opened) return
    const { lib, intake, queue, matching } = opened
    opened = null
    for (const control of runs.keys()) control.abort()
    await Promise.allSettled([...runs.values()].map(({ ended }) => ended))
    await intake.close()
    await queue.close()
    await matching.close()
    if (!options.ephemeral) backupDaily(lib)
    lib.close()
    publish({ kind: 'library' })
  }

  /** Closes what is open first, and only once the new one is known to open: a refusal leaves the old one as it was. */
  async function swap(folder: string, next: () => Library): Promise<LibraryInfo> {
    if (opened?.lib.folder === folder) return info()!
    const lib = next()
    await close()
    return start(lib)
  }

  return {
    options,
    open: (folder) => swap(folder, () => openLibrary(folder)),
    create: (folder, name) => swap('', () => createLibrary(folder, name)),
    async restore(folder, file) {
      if (opened?.lib.folder === folder) await close()
      return swap('', () => restoreLibrary(folder, file))
    },
    close,
    current() {
      if (!opened) throw new Failure('store.none')
      return opened
    },
    info,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    publish,
    async file(ref) {
      if (!opened) return null
      const found = servedFile(opened.lib, ref)
      if (!found) return null
      const bytes = await stat(found.path).then(
        (s) => s.size,
        () => null,
      )
      return bytes === null ? null : { ...found, bytes }
    },
    beginUpload() {
      if (!opened) throw new Failure('store.none')
      const id = randomUUID()
      return { id, path: uploadPath(opened.lib, id) }
    },
    async abortUpload(id) {
      if (opened) await rm(uploadPath(opened.lib, id), { force: true })
    },
    uploadPath: (id) => uploadPath(open(), id),
    models,
    footage,
    exchange,
    async rerun(order, onProgress, cancelled) {
      const lib = open()
      const { spawner } = options
      const means = { spawner, models: MODELS, added: addedFolder(lib), ffmpeg: await ffmpeg(), threads }
      return rerun(lib, order, { ...means, cancelled, onProgress })
    },
    async health() {
      const path = findFfmpeg()
      return {
        version: PACKAGE.version,
        host: options.host,
        node: process.version,
        ffmpeg: path ? await ffmpegInfo(path) : null,
        models: await listModels(MODELS),
        components: COMPONENTS.map((name) => ({ name, version: PACKAGE.dependencies[name] ?? '' })),
      }
    },
  }
}
