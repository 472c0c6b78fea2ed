/** Runs what the subjects need on every file and copy, through the cache and the worker processes. */
import { createHash } from 'node:crypto'
import { createReadStream, constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Failure, report, type FailureReport } from '../errors.ts'
import { ffmpegInfo } from '../media/ffmpeg.ts'
import type { Calibration } from '../signals/calibration.ts'
import { readCalibration } from '../signals/calibration-file.ts'
import { gated } from '../signals/gate.ts'
import { CLEAN, COPIES } from './copies.ts'
import type { LabelledFile } from './labelled.ts'
import { openPool, type Pool } from './pool.ts'
import type { Reading } from './protocol.ts'
import { modelPrints, readingCache, type Key, type Prints, type ReadingCache } from './reading-cache.ts'
import type { Needed } from './subjects.ts'

export interface ReadOptions {
  /** Folder of the bundled models: faces are found with those. */
  readonly models: string
  readonly ffmpeg: string
  /** Folder for results and copies. */
  readonly cache: string
  /** Also measure the re-compressed copies: of all files, or of those that it names. */
  readonly copies: boolean | ((file: LabelledFile) => boolean)
  /** True to leave every score as it was read, before any calibration: for fitting one. */
  readonly raw: boolean
  /** Measure again what is in the cache. */
  readonly fresh: boolean
  readonly workers: number
  readonly cancelled: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

/** How many copies are made of a file: as many of a video as of sound. */
const COPIES_EACH = COPIES.filter(({ of }) => of === 'video').length
const copied = (file: LabelledFile, { copies }: ReadOptions): boolean =>
  typeof copies === 'function' ? copies(file) : copies

/** One file as it is, or one copy of it. */
export interface ReadFile {
  readonly file: LabelledFile
  /** `clean`, or the id of a copy. */
  readonly copy: string
  /** By signal id; missing where `error` says why. */
  readonly readings: ReadonlyMap<string, Reading>
  readonly error: FailureReport | null
}

/** In the order of the files; each as it is, then its copies. @throws Failure job.cancelled | media.no-ffmpeg */
export async function readFiles(
  files: readonly LabelledFile[],
  needs: readonly Needed[],
  options: ReadOptions,
): Promise<ReadFile[]> {
  const reader = await openReader(needs, options)
  try {
    let done = 0
    const total = files.length + COPIES_EACH * files.filter((file) => copied(file, options)).length
    const out: ReadFile[][] = files.map(() => [])
    let next = 0
    const lane = async (): Promise<void> => {
      for (let i = next++; i < files.length; i = next++) {
        const file = files[i]!
        for await (const one of reader.read(file)) {
          if (options.cancelled.aborted) throw new Failure('job.cancelled')
          out[i]!.push(one)
          options.onProgress(++done, total)
        }
      }
    }
    await Promise.all(Array.from({ length: options.workers }, lane))
    return out.flat()
  } finally {
    await reader.close()
  }
}

async function openReader(needs: readonly Needed[], options: ReadOptions) {
  const { build } = await ffmpegInfo(options.ffmpeg)
  const unique = [...new Map(needs.map((need) => [need.signal.id, need])).values()]
  const prints = new Map<string, Prints>()
  for (const folder of new Set([options.models, ...unique.map((need) => need.folder)]))
    prints.set(folder, await modelPrints(folder))
  const calibrations = new Map<string, Calibration | undefined>()
  if (!options.raw)
    for (const { signal, folder } of unique)
      calibrations.set(signal.id, await readCalibration(join(folder, signal.id.replace(/^model:/, ''))))
  const cache = readingCache(`${options.cache}/results`, build)
  const pool = await openPool(options.workers)
  const context: Context = { unique, prints, calibrations, cache, pool, options }
  return {
    read: (file: LabelledFile) => readOne(file, context),
    close: () => pool.close(),
  }
}

/** Models of the face finder. */
const FINDER = /^face-(detector|landmarks)/

interface Context {
  readonly unique: readonly Needed[]
  readonly prints: ReadonlyMap<string, Prints>
  /** What is stored for each signal; none where scores are wanted as they were read. */
  readonly calibrations: ReadonlyMap<string, Calibration | undefined>
  readonly cache: ReadingCache
  readonly pool: Pool
  readonly options: ReadOptions
}

async function* readOne(file: LabelledFile, context: Context): AsyncGenerator<ReadFile> {
  const none: ReadonlyMap<string, Reading> = new Map()
  let about: Hashed
  try {
    about = await hashFile(file.path)
  } catch (error) {
    yield { file, copy: CLEAN, readings: none, error: report(error) }
    return
  }
  const clean = await readCopy(file, about, CLEAN, context)
  yield clean
  if (!copied(file, context.options) || !clean.kind) return
  for (const copy of COPIES) if (copy.of === clean.kind) yield readCopy(file, about, copy.id, context)
}

interface Hashed {
  readonly sha256: string
  readonly size: number
}

/** @throws Failure intake.not-found | intake.not-regular | intake.unreadable | intake.empty */
async function hashFile(path: string): Promise<Hashed> {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
  const handle = await open(path, flags).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') throw new Failure('intake.not-found', undefined, { cause })
    throw new Failure(cause.code === 'ELOOP' ? 'intake.not-regular' : 'intake.unreadable', undefined, { cause })
  })
  try {
    const stat = await handle.stat()
    if (!stat.isFile()) throw new Failure('intake.not-regular')
    if (!stat.size) throw new Failure('intake.empty')
    const hash = createHash('sha256')
    await pipeline(createReadStream('', { fd: handle.fd, autoClose: false, start: 0 }), hash)
    return { sha256: hash.digest('hex'), size: stat.size }
  } finally {
    await handle.close()
  }
}

async function readCopy(
  file: LabelledFile,
  { sha256, size }: Hashed,
  copy: string,
  context: Context,
): Promise<ReadFile & { kind: 'video' | 'sound' | null }> {
  const { unique, prints, cache, pool, options } = context
  const readings = new Map<string, Reading>()
  let kind: 'video' | 'sound' | null = null
  const keyOf = ({ signal }: Needed): Key => ({ sha256, copy, signal: signal.id, version: signal.version })
  const missing: Needed[] = []
  for (const need of unique) {
    const kept = options.fresh ? null : await cache.get(keyOf(need), joined(prints, need, options.models))
    if (kept) {
      readings.set(need.signal.id, weighed(need, kept.reading, context))
      kind = kept.kind
    } else missing.push(need)
  }
  if (!missing.length) return { file, copy, readings, kind, error: null }
  const answer = await pool.run({
    file: { path: file.path, sha256, size, identity: null },
    copy,
    run: missing.map(({ runnable }) => runnable),
    models: options.models,
    ffmpeg: options.ffmpeg,
    keep: `${options.cache}/recompressed`,
  })
  if ('error' in answer) return { file, copy, readings, kind, error: answer.error as FailureReport }
  for (const [i, need] of missing.entries()) {
    const reading = answer.readings[i]
    if (!reading) continue
    // Faces are found with models of their own, which the signal does not open itself.
    const opened = need.signal.needsFaces
      ? [...new Set([...reading.models, ...[...prints.get(options.models)!.keys()].filter((id) => FINDER.test(id))])]
      : reading.models
    readings.set(need.signal.id, weighed(need, reading, context))
    const kept = { kind: answer.kind, reading: { ...reading, models: opened } }
    await cache.put(keyOf(need), joined(prints, need, options.models), kept)
  }
  return { file, copy, readings, kind: answer.kind, error: null }
}

const weighed = ({ signal }: Needed, reading: Reading, { calibrations }: Context): Reading => ({
  ...reading,
  output: gated(signal, reading.output, reading.domain, calibrations.get(signal.id)),
})

/** Prints of the signal's own models, and of those that find faces. */
const joined = (prints: ReadonlyMap<string, Prints>, need: Needed, bundled: string): Prints =>
  new Map([...prints.get(bundled)!, ...prints.get(need.folder)!])
