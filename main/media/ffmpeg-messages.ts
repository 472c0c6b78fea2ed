/** What ffmpeg says, read by pure functions: severity of a line, progress, and which failure an ending means. */
import { Failure } from '../errors.ts'
import { neutralise } from './untrusted.ts'

/**
 * How a run ended. `stopped` says why we ended it ourselves; null where ffmpeg did.
 * `quota`: a limit of ours was reached by what came out (packets, media time).
 */
export interface FfmpegExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stopped: 'cancelled' | 'timeout' | 'memory' | 'quota' | null
  /** Lines of severity error or worse, neutralised, in order, without repetition, at most 50. */
  readonly errors: readonly string[]
}

export type Severity = 'fatal' | 'error' | 'warning' | 'info'

/**
 * Splits a line written under `-loglevel level+…`: `[mov,mp4 @ 0x55d0] [error] moov atom not found`. Addresses differ
 * from run to run and paths are ours, so both are cut: equal input gives equal lines. Null for anything else, such as
 * a continued line of metadata.
 */
export function parseLogLine(line: string): { severity: Severity; text: string } | null {
  const found = /^((?:\[[^\]]* @ [^\]]*\] )*)\[(panic|fatal|error|warning|info|verbose|debug|trace)\] (.*)$/.exec(line)
  if (!found) return null
  const [, contexts, level, rest] = found as unknown as [string, string, string, string]
  const severity = level === 'panic' ? 'fatal' : /^(verbose|debug|trace)$/.test(level) ? 'info' : (level as Severity)
  const names = [...contexts.matchAll(/\[([^\]]*?) @ [^\]]*\]/g)]
    .map((context) => context[1])
    .filter((name) => name !== 'NULL')
  const text = rest.replaceAll(/(?:file:\/proc\/self\/fd\/\d+|\bfd:\d*)/g, 'input').replaceAll(/ @ 0x[0-9a-f]+/g, '')
  return { severity, text: neutralise([...names, text].join(': ')) }
}

/** One `key=value` block of `-progress`; null for a line that carries no time. @returns seconds of media time done */
export function parseProgress(line: string): number | null {
  const found = /^out_time_(?:us|ms)=(-?\d+)$/.exec(line)
  // Both keys count microseconds, whatever the older one is called (ffmpeg trac ticket 7345).
  return found ? Math.max(0, Number(found[1]) / 1e6) : null
}

const LIMITS: readonly [pattern: RegExp, words: string][] = [
  [/exceeds max_streams parameter/, 'It has more than 64 streams.'],
  [
    /exceeds specified max pixel count|[Pp]icture size \S+ is invalid|Invalid frame dimensions/,
    'Its pictures are too large (8192 × 4320 at most).',
  ],
  [
    /Cannot allocate memory|Out of memory|Error while opening decoder.*Cannot alloc/,
    'Decoding it takes too much memory.',
  ],
  [/File too large/, 'The copy for viewing grows too large.'],
]

const REASONS: readonly [pattern: RegExp, words: string][] = [
  [/Codec \((\S+)\) not on whitelist/, 'It is coded with %1, which Assay does not decode.'],
  [/Format not on whitelist|Unable to find a suitable.*input format/, 'Its container is none that Assay opens.'],
  [/moov atom not found/, 'Its index (moov) is missing: the recording or the download ended early.'],
  [/does not contain any stream|matches no streams/, 'It holds neither picture nor sound.'],
  [/Decoder .*not found/, 'This ffmpeg has no decoder for it.'],
  [/partial file/, 'It ends early: data that its index promises are missing.'],
  [/Cannot determine format of input stream/, 'None of its pictures can be decoded.'],
  [/Invalid data found/, 'Its data are invalid.'],
]

const find = (table: typeof LIMITS, lines: readonly string[]): string | undefined => {
  for (const [pattern, words] of table) {
    const hit = lines.map((line) => pattern.exec(line)).find(Boolean)
    if (hit) return words.replace('%1', hit[1] ?? '')
  }
  return undefined
}

/** The failure that an ending without usable output means. Total: every ending means one. */
export function failureOf(exit: FfmpegExit): Failure {
  const { code, signal, stopped, errors } = exit
  if (stopped === 'cancelled') return new Failure('job.cancelled')
  if (stopped === 'timeout' || signal === 'SIGXCPU') return new Failure('media.timeout')
  if (stopped === 'memory' || signal === 'SIGKILL')
    return new Failure('media.limit', 'Decoding it takes too much memory.')
  if (signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGHUP') return new Failure('worker.crashed')
  if (stopped === 'quota') return new Failure('media.limit')
  if (errors.some((line) => line.includes('No space left on device'))) return new Failure('store.full')
  if (signal === 'SIGXFSZ') return new Failure('media.limit', 'The copy for viewing grows too large.')
  const limit = find(LIMITS, errors)
  if (limit) return new Failure('media.limit', limit)
  const crashed = signal ? `ffmpeg crashed on it (${signal}).` : undefined
  const last = errors.at(-1) ?? (code ? `ffmpeg ended with code ${code}.` : undefined)
  return new Failure('media.unreadable', find(REASONS, errors) ?? crashed ?? last)
}
