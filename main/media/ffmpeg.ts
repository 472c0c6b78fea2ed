/** Which ffmpeg is used, and what is known about that build. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, isAbsolute, join } from 'node:path'
import { promisify } from 'node:util'
import { Failure } from '../errors.ts'
import { BARE_ENVIRONMENT } from './process-limits.ts'
import { neutralise } from './untrusted.ts'

export interface FfmpegInfo {
  readonly path: string
  /** As the build names itself: `5.1.9-0+deb12u1`. */
  readonly version: string
  /** First line of `ffmpeg -version` and the first 12 hex digits of the SHA-256 of its configuration line. */
  readonly build: string
  /** True where the `fd:` protocol can be read (ffmpeg 6.0 and later). */
  readonly hasFd: boolean
  /** True from 5.1 on, where `-fps_mode` took the place of `-vsync`. */
  readonly hasFpsMode: boolean
  /** Names of the encoders built in. */
  readonly encoders: ReadonlySet<string>
  /** What to tell the user about a build with known holes; null where none is known. */
  readonly notice: string | null
}

const EXE = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg'

function executable(path: string): boolean {
  try {
    if (!statSync(path).isFile()) return false
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Path of ffmpeg-static's binary, whether or not it was fetched; null where the package is not installed. */
function packagedPath(): string | null {
  try {
    const manifest = createRequire(import.meta.url).resolve('ffmpeg-static/package.json')
    // A program cannot be started from inside an asar archive; electron-builder unpacks this one beside it.
    return join(dirname(manifest).replace(/\bapp\.asar\b/, 'app.asar.unpacked'), EXE)
  } catch {
    return null
  }
}

/**
 * The ffmpeg to use: `FFMPEG_BIN` where that is set (and nothing else then, so that a wrong setting shows), otherwise
 * ffmpeg-static's binary, otherwise the first `ffmpeg` on the PATH. Null where there is none.
 */
export function findFfmpeg(): string | null {
  const chosen = process.env['FFMPEG_BIN']
  if (chosen) return executable(chosen) ? chosen : null
  const packaged = packagedPath()
  if (packaged && executable(packaged)) return packaged
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder))
  return folders.map((folder) => join(folder, EXE)).find(executable) ?? null
}

const known = new Map<string, Promise<FfmpegInfo>>()

/** One file in one modification. @throws Error where there is none */
function stampOf(path: string): string {
  const { mtimeMs, size } = statSync(path)
  return `${path}\0${mtimeMs}\0${size}`
}

/** Takes what another process of ours found out about the build, a moment ago: asking again would take half a second. */
export function rememberFfmpeg(info: FfmpegInfo): void {
  try {
    known.set(stampOf(info.path), Promise.resolve(info))
  } catch {
    // Gone meanwhile: whoever asks is told so.
  }
}

/** Asks the build about itself; once per file and modification. @throws Failure media.no-ffmpeg */
export function ffmpegInfo(path: string): Promise<FfmpegInfo> {
  let stamp: string
  try {
    stamp = stampOf(path)
  } catch {
    return Promise.reject(new Failure('media.no-ffmpeg', neutralise(path)))
  }
  let info = known.get(stamp)
  if (!info) {
    info = ask(path)
    known.set(stamp, info)
    // A machine that was out of memory for a moment must not be without ffmpeg for good.
    info.catch(() => known.delete(stamp))
  }
  return info
}

async function ask(path: string): Promise<FfmpegInfo> {
  const run = async (option: string): Promise<string> => {
    try {
      const options = { timeout: 20_000, maxBuffer: 4 << 20, env: BARE_ENVIRONMENT, windowsHide: true }
      return (await promisify(execFile)(path, ['-hide_banner', option], options)).stdout
    } catch (error) {
      throw new Failure('media.no-ffmpeg', `${neutralise(path)} does not run.`, { cause: error })
    }
  }
  const [about, protocols, encoders] = await Promise.all([run('-version'), run('-protocols'), run('-encoders')])
  const { version, build } = parseVersion(about)
  if (!version) throw new Failure('media.no-ffmpeg', `${neutralise(path)} is not ffmpeg.`)
  const release = parseRelease(version)
  return {
    path,
    version,
    build,
    hasFd: /^Input:$[^]*?^\s+fd$[^]*?^Output:$/m.test(protocols),
    hasFpsMode: !release || release[0] > 5 || (release[0] === 5 && release[1] >= 1),
    encoders: parseEncoders(encoders),
    notice: buildNotice(version),
  }
}

/** Reads the output of `ffmpeg -version`. `version` is empty where it is not ffmpeg's. */
export function parseVersion(output: string): { version: string; build: string } {
  const lines = output.split(/\r?\n/)
  const first = neutralise(lines[0] ?? '', 200)
  const version = /^ffmpeg version (\S+)/.exec(first)?.[1] ?? ''
  const configuration = lines.find((line) => line.startsWith('configuration:')) ?? ''
  const hash = createHash('sha256').update(configuration).digest('hex').slice(0, 12)
  return { version, build: `${first} [${hash}]` }
}

/** Names in the table that `ffmpeg -encoders` prints. */
export function parseEncoders(output: string): Set<string> {
  const names = output.split(/\r?\n/).map((line) => /^ [VAS][F.][S.][X.][B.][D.] (\S+)/.exec(line)?.[1])
  return new Set(names.filter((name): name is string => name !== undefined && name !== '='))
}

/** `[major, minor, patch]` of a release; null for a build from the development branch (`N-…`, a git hash). */
export function parseRelease(version: string): [number, number, number] | null {
  const found = /^n?(\d{1,2})\.(\d{1,2})(?:\.(\d{1,2}))?(?!\d)/.exec(version)
  return found ? [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)] : null
}

/**
 * First release of each branch without the two holes that a crafted video file could use to write outside memory:
 * CVE-2026-8461 (MagicYUV decoder; fixed in 5.1.10, 6.1.6, 7.1.5, 8.0.3, 8.1.2) and CVE-2026-125244 (VVC decoder; fixed
 * in 8.1.3 and 9.0.2). Assay never runs either decoder (DECODERS in whitelist.ts); the notice is still due, because a
 * build that misses these misses others of its age.
 */
const SAFE: readonly [major: number, minor: number, patch: number][] = [
  [5, 1, 10],
  [6, 1, 6],
  [7, 1, 5],
  [8, 0, 3],
  [8, 1, 3],
  [9, 0, 2],
]

/** What to tell the user about this version; null where nothing is known against it. */
export function buildNotice(version: string): string | null {
  const release = parseRelease(version)
  if (!release) return null
  const [major, minor, patch] = release
  const branch = SAFE.find(([m, n]) => m === major && n === minor)
  const newest = SAFE.at(-1)!
  if (branch ? patch >= branch[2] : major > newest[0] || (major === newest[0] && minor > newest[1])) return null
  const advice = branch
    ? `update to ${branch.join('.')} or later`
    : `update to one of ${SAFE.map((s) => s.join('.')).join(', ')} or later`
  const hole = major >= 9 || (major === 8 && minor === 1 && patch === 2) ? 'CVE-2026-125244' : 'CVE-2026-8461'
  return (
    `ffmpeg ${neutralise(version, 60)} lacks security fixes (among them ${hole}: a crafted video file can write outside memory). ` +
    `Assay keeps that decoder switched off, but ${advice}, or install a package that carries the fixes.`
  )
}
