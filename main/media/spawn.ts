/** Runs ffmpeg on evidence: the only place that starts it on anything a stranger made. */
import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { Failure } from '../errors.ts'
import { ffmpegInfo, type FfmpegInfo } from './ffmpeg.ts'
import { parseLogLine, type FfmpegExit } from './ffmpeg-messages.ts'
import { MAX_DURATION, MAX_PAUSE, MAX_PIXELS, MAX_STREAMS, maxMemory, wallSeconds } from './limits.ts'
import { lineSplitter } from './lines.ts'
import { BARE_ENVIRONMENT, endGroup, watchMemory } from './process-limits.ts'
import { reopen } from './open.ts'
import type { FileOnDisk } from './types.ts'
import { DECODERS, FORMATS } from './whitelist.ts'
import { words } from './words.ts'

/** Still pictures, one behind the other in one file; the containers of evidence stay the only other inputs. */
export type PictureFormat = 'jpeg' | 'png'

export interface FfmpegTask {
  /** Path of the binary. */
  readonly ffmpeg: string
  /** What `ffmpegInfo` says of it, where that is known; asked for otherwise. */
  readonly info?: FfmpegInfo
  readonly file: FileOnDisk
  /** Seconds of media where known; bounds the wall clock. */
  readonly duration: number | null
  readonly threads: number
  /** Where the file holds still pictures: their format, and how many are shown a second. */
  readonly picture?: { readonly format: PictureFormat; readonly rate: number }
  /** From `ProbedMedia.timeOffset`. */
  readonly timeOffset?: number
  /**
   * Seconds of ffmpeg's own time (media time less `timeOffset`) to begin at: it goes to the key frame before, decodes from
   * there, and hands out what comes after. Times in the output count from here, and `timeOffset` is left out.
   */
  readonly seek?: number
  /** Filters, `-map` and outputs. Outputs go to `pipe:1`, `pipe:3`, `pipe:4`, … or to a plain name in `folder`. */
  readonly output: readonly string[]
  /** How many output pipes: 1 is `pipe:1`, 2 adds `pipe:3`, and so on (2 is standard error). */
  readonly pipes: number
  /** Private folder of this run, its working directory. */
  readonly folder: string
  /** Largest file it may write there, bytes; none without. */
  readonly fileBytes?: number
  readonly cancelled?: AbortSignal
  /** Every line that is not an error, for runs that read the log (`-loglevel info`). */
  readonly onLine?: (line: string) => void
}

export interface RunningFfmpeg {
  /** In the order of the pipe numbers. Every one must be read to its end or destroyed. */
  readonly pipes: readonly Readable[]
  readonly exit: Promise<FfmpegExit>
  stop(why: NonNullable<FfmpegExit['stopped']>): void
}

/** Number of the nth output pipe inside ffmpeg. */
export const pipeNumber = (index: number): number => (index === 0 ? 1 : index + 2)

const MAX_ERRORS = 50

/** util-linux: `prlimit` sets limits before it becomes ffmpeg, `setpriv` makes ffmpeg die with the worker that read it. */
const PRLIMIT = '/usr/bin/prlimit'
const SETPRIV = '/usr/bin/setpriv'
let wrappers: { limits: boolean; deathSignal: boolean } | undefined
function available(): { limits: boolean; deathSignal: boolean } {
  wrappers ??= {
    limits: process.platform === 'linux' && existsSync(PRLIMIT),
    // Older versions do not know the option; they would refuse to start anything.
    deathSignal:
      process.platform === 'linux' &&
      existsSync(SETPRIV) &&
      spawnSync(SETPRIV, ['--pdeathsig', 'KILL', '/bin/true'], { env: BARE_ENVIRONMENT, timeout: 5000 }).status === 0,
  }
  return wrappers
}

/**
 * Starts ffmpeg with every limit on: no network or second file, no format or decoder off the lists, bounded memory,
 * descriptors, CPU and wall time, an empty environment, a process group of its own. The evidence is handed over as an
 * open descriptor; a path that came with it never reaches a command line.
 *
 * @throws Failure media.no-ffmpeg
 */
export async function spawnFfmpeg(task: FfmpegTask): Promise<RunningFfmpeg> {
  const info = task.info ?? (await ffmpegInfo(task.ffmpeg))
  if (task.cancelled?.aborted) throw new Failure('job.cancelled')
  const wall = wallSeconds(task.duration, task.file.size)
  const byDescriptor = process.platform === 'linux' || (info.hasFd && process.platform !== 'win32')
  const source = byDescriptor ? await reopen(task.file) : null
  try {
    const number = pipeNumber(task.pipes)
    const input = !source
      ? ['-i', `file:${task.file.path ?? ''}`]
      : info.hasFd
        ? ['-fd', String(number), '-i', 'fd:']
        : ['-i', `file:/proc/self/fd/${number}`]
    const { picture } = task
    const formats = picture ? [`${picture.format}_pipe`] : FORMATS
    // Longer than the longest item by two pauses: the packet that goes beyond the limit must still be seen.
    const args = [
      ...words('-nostdin -hide_banner -nostats -filter_threads 1 -filter_complex_threads 1'),
      ...words(`-loglevel ${task.onLine ? 'level+info' : 'level+error'} -max_alloc ${512 * 2 ** 20}`),
      ...words(`-protocol_whitelist ${source && info.hasFd ? 'fd' : 'file'} -format_whitelist ${formats.join(',')}`),
      ...words(`-codec_whitelist ${DECODERS.join(',')} -max_streams ${MAX_STREAMS} -max_pixels ${MAX_PIXELS}`),
      ...words(`-probesize 20M -analyzeduration 20M -t ${MAX_DURATION + 2 * MAX_PAUSE} -threads ${task.threads}`),
      ...(picture ? words(`-f ${picture.format}_pipe -framerate ${picture.rate}`) : []),
      ...(task.seek ? ['-ss', task.seek.toFixed(6)] : []),
      ...(task.timeOffset && !task.seek ? ['-itsoffset', String(task.timeOffset)] : []),
      ...input,
      ...task.output,
    ]
    const child = start(task, args, wall, source)
    return supervise(task, child, wall)
  } finally {
    await source?.close()
  }
}

function start(task: FfmpegTask, args: readonly string[], wall: number, source: FileHandle | null): ChildProcess {
  const { limits, deathSignal } = available()
  const command = [
    ...(deathSignal ? [SETPRIV, '--pdeathsig', 'KILL'] : []),
    ...(limits
      ? [PRLIMIT, `--as=${maxMemory(task.threads)}`, `--fsize=${task.fileBytes ?? 0}`, '--nofile=64', '--core=0']
      : []),
    // A second of CPU per thread and second of wall clock is the most that an honest run can use.
    ...(limits ? [`--cpu=${Math.ceil(wall * (task.threads + 2))}`, '--'] : []),
    task.ffmpeg,
    ...args,
  ]
  const stdio: StdioOptions = [
    'ignore',
    'pipe',
    'pipe',
    ...Array.from({ length: task.pipes - 1 }, () => 'pipe' as const),
  ]
  if (task.pipes === 0) stdio[1] = 'ignore'
  if (source) stdio[pipeNumber(task.pipes)] = source.fd
  return spawn(command[0]!, command.slice(1), {
    stdio,
    cwd: task.folder,
    env: BARE_ENVIRONMENT,
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
}

function supervise(task: FfmpegTask, child: ChildProcess, wall: number): RunningFfmpeg {
  const errors = new Set<string>()
  let stopped: FfmpegExit['stopped'] = null
  const pipes = Array.from({ length: task.pipes }, (_, index) => child.stdio[pipeNumber(index)] as Readable)
  // A pipe that breaks because ffmpeg was killed is no news: the exit says why.
  for (const pipe of pipes) pipe.on('error', () => {})

  const log = lineSplitter((line) => {
    const parsed = parseLogLine(line)
    if (parsed && (parsed.severity === 'error' || parsed.severity === 'fatal')) {
      if (errors.size < MAX_ERRORS) errors.add(parsed.text)
    } else task.onLine?.(line)
  })
  child.stderr?.on('data', (chunk: Buffer) => log.push(chunk))

  const stop = (why: NonNullable<FfmpegExit['stopped']>): void => {
    if (stopped) return
    stopped = why
    endGroup(child)
    for (const pipe of pipes) pipe.destroy()
  }
  const timer = setTimeout(() => stop('timeout'), wall * 1000)
  const unwatch = available().limits ? () => {} : watchMemory(child.pid, maxMemory(task.threads), () => stop('memory'))
  const cancel = (): void => stop('cancelled')
  task.cancelled?.addEventListener('abort', cancel, { once: true })
  if (task.cancelled?.aborted) cancel()

  const exit = new Promise<FfmpegExit>((resolve, reject) => {
    let ended: Pick<FfmpegExit, 'code' | 'signal'> | undefined
    let logEnded = false
    const settle = (): void => {
      if (!ended || !logEnded) return
      log.end()
      resolve({ ...ended, stopped, errors: [...errors] })
    }
    child.once('error', (cause) => reject(new Failure('media.no-ffmpeg', undefined, { cause })))
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      unwatch()
      task.cancelled?.removeEventListener('abort', cancel)
      ended = { code, signal }
      settle()
    })
    child.stderr?.once('close', () => {
      logEnded = true
      settle()
    })
  })
  // Whoever asks for `exit` gets the rejection; until then it must not count as unhandled.
  exit.catch(() => {})
  return { pipes, exit, stop }
}
