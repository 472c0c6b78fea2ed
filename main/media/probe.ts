/** Everything about a file that can be known without decoding its frames. */
import { Failure } from '../errors.ts'
import { mediaFacts } from './facts.ts'
import { ffmpegInfo } from './ffmpeg.ts'
import { failureOf, type FfmpegExit } from './ffmpeg-messages.ts'
import { MAX_DURATION, MAX_PAUSE, MAX_PIXELS } from './limits.ts'
import { lineSplitter } from './lines.ts'
import { mediaInfoReport } from './mediainfo.ts'
import { PacketScan } from './packet-scan.ts'
import { spawnFfmpeg } from './spawn.ts'
import { parseTags } from './tags.ts'
import type { OpenFile, ProbedMedia } from './types.ts'
import { words } from './words.ts'

export interface ProbeOptions {
  /** Decoder threads; a probe decodes a few frames at most. */
  readonly threads: number
  readonly cancelled: AbortSignal
  /** Private folder, ffmpeg's working directory. Nothing is written there. */
  readonly folder: string
  /** Called once ffmpeg and MediaInfo read by themselves: whoever waits for them may work a fraction of a second. */
  readonly meanwhile?: () => void
}

/** Most text of the tags that is parsed, bytes. */
const MAX_TAG_BYTES = 2 * 2 ** 20

const EXCEEDED: Readonly<Record<NonNullable<PacketScan['exceeded']>, string>> = {
  duration: `It is longer than ${MAX_DURATION / 3600} hours.`,
  packets: 'It has more packets than a day of video has.',
  pause: `It pauses for more than ${MAX_PAUSE / 3600} hour between two pictures.`,
}

interface Scan {
  /** False where ffmpeg did not even recognise the container: trying again with fewer streams cannot help. */
  readonly opened: boolean
  readonly packets: PacketScan
  readonly exit: FfmpegExit
  readonly tagText: string
  /** Input stream index of each stream section in `tagText`. */
  readonly tagIndexes: readonly number[]
}

/** What one run maps; when a damaged stream spoils the run, the next tries without it. */
const ATTEMPTS: readonly { packets: string[]; tags: string[] }[] = [
  { packets: ['0:V:0?', '0:a:0?'], tags: ['0:V?', '0:a?'] },
  { packets: ['0:V:0?', '0:a:0?'], tags: [] },
  { packets: ['0:V:0'], tags: [] },
  { packets: ['0:a:0'], tags: [] },
]

/**
 * Reads facts, tags and the packet table. One pass of ffmpeg over the file without decoding it; MediaInfo beside it.
 *
 * @throws Failure media.unreadable | media.limit | media.timeout | media.no-ffmpeg | job.cancelled
 */
export async function probe(
  file: OpenFile,
  sha256: string,
  ffmpeg: string,
  options: ProbeOptions,
): Promise<ProbedMedia> {
  const info = await ffmpegInfo(ffmpeg)
  const reporting = mediaInfoReport(file, options.cancelled)
  // Awaited below; a failure of the scan must not leave this one unhandled.
  reporting.catch(() => {})
  const scan = await firstReadable(file, ffmpeg, options)
  const { packets } = scan
  const { video, audio } = packets
  if (packets.exceeded) throw new Failure('media.limit', EXCEEDED[packets.exceeded])
  if (video && video.width * video.height > MAX_PIXELS)
    throw new Failure('media.limit', `Its pictures have ${video.width} × ${video.height} pixels.`)
  const facts = mediaFacts({
    size: file.size,
    report: await reporting,
    tags: parseTags(scan.tagText),
    tagIndexes: scan.tagIndexes,
    video,
    audio,
  })
  const soundStart = audio && audio.start > 0 ? audio.start : 0
  return {
    file,
    sha256,
    facts,
    packets: packets.table(),
    soundStart,
    timeOffset: packets.offset,
    ffmpegBuild: info.build,
  }
}

async function firstReadable(file: OpenFile, ffmpeg: string, options: ProbeOptions): Promise<Scan> {
  let failure: Failure | undefined
  for (const attempt of ATTEMPTS) {
    const scan = await scanPackets(file, ffmpeg, options, attempt)
    const { packets, exit } = scan
    const some = [...packets.streams.values()].some((stream) => stream.packets > 0)
    if (packets.exceeded || (some && (exit.stopped === null || exit.stopped === 'quota'))) return scan
    const why = failureOf(exit)
    if (why.code !== 'media.unreadable' || !scan.opened) throw why
    failure ??= why
  }
  throw failure ?? new Failure('media.unreadable')
}

const map = (specifiers: readonly string[]): string[] => specifiers.flatMap((specifier) => ['-map', specifier])

async function scanPackets(
  file: OpenFile,
  ffmpeg: string,
  { threads, cancelled, folder, meanwhile }: ProbeOptions,
  attempt: (typeof ATTEMPTS)[number],
): Promise<Scan> {
  const packets = new PacketScan()
  const tagIndexes: number[] = []
  let opened = false
  const copy = words('-c copy -sn -dn -map_chapters -1 -fflags +bitexact')
  const running = await spawnFfmpeg({
    ffmpeg,
    file,
    duration: null,
    threads,
    output: [
      ...map(attempt.packets),
      ...copy,
      // Packets before the first key packet belong to the table; ffmpeg would drop them.
      ...words('-copyinkf -f framecrc pipe:1'),
      ...map(attempt.tags),
      ...copy,
      ...words('-map_metadata 0 -t 0 -f ffmetadata pipe:3'),
    ],
    pipes: 2,
    folder,
    cancelled,
    onLine(line) {
      opened ||= /^(?:\[info\] )?Input #0, /.test(line)
      // A file that starts before 0 starts with priming; ffmpeg would count from there.
      const start = /^(?:\[info\] )? {2}Duration: [^,]+, start: (-0\.\d+)/.exec(line)
      if (start) packets.offset = Number(start[1])
      const mapped = /^(?:\[info\] )?\s*Stream #0:(\d+) -> #1:\d+ \(copy\)/.exec(line)
      if (mapped) tagIndexes.push(Number(mapped[1]))
    },
  })
  const lines = lineSplitter((line) => {
    packets.line(line)
    if (packets.exceeded) running.stop('quota')
  })
  const tags: Buffer[] = []
  let tagBytes = 0
  running.pipes[0]!.on('data', (chunk: Buffer) => lines.push(chunk))
  running.pipes[1]!.on('data', (chunk: Buffer) => {
    if (tagBytes < MAX_TAG_BYTES) tags.push(chunk)
    tagBytes += chunk.length
  })
  meanwhile?.()
  const [exit] = await Promise.all([running.exit, ...running.pipes.map(closed)])
  lines.end()
  packets.finish()
  return { opened, packets, exit, tagText: Buffer.concat(tags).toString('utf8'), tagIndexes }
}

const closed = (stream: NodeJS.ReadableStream & { readonly closed: boolean }): Promise<void> =>
  new Promise((resolve) => {
    if (stream.closed) resolve()
    else stream.once('close', () => resolve())
  })
