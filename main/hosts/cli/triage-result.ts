/** What `assay triage` prints about one file: a JSON document, or the same for a person to read. */
import type { IntakeItem } from '../../contract/intake.ts'
import type { Evidence } from '../../contract/intake.ts'
import type { Job } from '../../contract/jobs.ts'
import { seenFrom, type ListMatch, type Match, type MatchedItem } from '../../contract/matching.ts'
import type { MediaFacts } from '../../contract/media.ts'
import type { Priority } from '../../contract/findings.ts'
import type { SignalOutput } from '../../contract/signals.ts'
import type { Session } from './session.ts'
import { bytes, clock, visible } from './terminal.ts'

export interface Refusal {
  readonly code: string
  readonly message: string
  readonly remedy: string
  readonly detail?: string | undefined
}

/** Segments are those of the pair: `from` and `to` are times of the item that came later, `knownFrom` of the other. */
export type TriageMatch = Pick<Match, 'id' | 'kind' | 'mirrored' | 'strength' | 'seconds' | 'words' | 'state'> & {
  readonly other: MatchedItem
  readonly segments: { start: number; end: number; otherStart: number; otherEnd: number; words: string }[]
}

/** A file that could not be triaged has `error`; how far it got stands beside it. */
export interface TriageResult {
  /** As it was given on the command line; for a file inside a folder its path. */
  readonly file: string
  readonly evidence?: Pick<Evidence, 'id' | 'sha256' | 'blake3' | 'name' | 'size' | 'container' | 'storage' | 'tlp'>
  /** The same bytes were in the library before. */
  readonly duplicate?: boolean
  readonly media?: ReturnType<typeof brief> | null
  readonly signals?: SignalOutput[]
  /** Null where nothing could be measured. */
  readonly priority?: Priority | null
  /** Items of the library that show the same footage, and hash lists that have frames of it. */
  readonly matches?: TriageMatch[]
  readonly lists?: ListMatch[]
  readonly case?: { id: string; title: string } | null
  /** Seconds by part; empty where the results were in the library already. */
  readonly timings?: Record<string, number>
  readonly error?: Refusal
}

export function refusal(file: string, item: IntakeItem): TriageResult {
  const { code, message, remedy, detail } = item.error ?? {
    code: 'internal',
    message: 'The file was refused without a reason.',
    remedy: 'Report this.',
  }
  return { file, error: { code, message, remedy, detail } }
}

/** @param job the triage of this item, ended */
export async function result(
  session: Session,
  file: string,
  item: IntakeItem,
  job: Job,
  filedInto: { id: string; title: string } | null,
): Promise<TriageResult> {
  const { client, bench } = session
  const evidenceId = job.evidenceId
  const { evidence } = await client.intake.evidence({ id: evidenceId })
  const { id, sha256, blake3, name, size, container, storage, tlp } = evidence
  if (job.state === 'succeeded') await bench.current().matching.idle()
  const [facts, found, footage] = await Promise.all([
    client.media.facts({ evidenceId }),
    client.findings.forEvidence({ evidenceId }),
    client.matching.forEvidence({ evidenceId }),
  ])
  return {
    file,
    evidence: { id, sha256, blake3, name, size, container, storage, tlp },
    duplicate: item.state === 'duplicate',
    media: facts && brief(facts),
    signals: found.findings.map((finding) => finding.output),
    priority: found.priority,
    matches: footage.matches.filter(({ state }) => state !== 'rejected').map((match) => matchFrom(match, evidenceId)),
    lists: footage.lists,
    case: filedInto,
    timings: bench.current().queue.timings(job.id),
    ...(job.state === 'succeeded' ? {} : { error: jobError(job) }),
  }
}

function matchFrom(match: Match, evidenceId: string): TriageMatch {
  const { id, kind, mirrored, strength, seconds, words, state } = match
  const { other, segments } = seenFrom(match, evidenceId)
  const told = segments.map(({ segment, ...times }) => ({ ...times, words: segment.words }))
  return { id, kind, mirrored, strength, seconds, words, state, other, segments: told }
}

function jobError(job: Job): Refusal {
  if (!job.error)
    return { code: 'job.cancelled', message: 'The job was cancelled.', remedy: 'Give the file again to triage it.' }
  const { code, message, remedy, detail } = job.error
  return { code, message, remedy, detail }
}

function brief({ container, video, audio }: MediaFacts) {
  return {
    format: container.format,
    duration: container.duration,
    bitRate: container.bitRate,
    writingApplication: container.writingApplication,
    video: video.map(({ codec, profile, width, height, rotation, frameRate, bitDepth, encoder }) => ({
      codec,
      profile,
      width,
      height,
      rotation,
      frameRate,
      bitDepth,
      encoder,
    })),
    audio: audio.map(({ codec, channels, sampleRate, bitRate }) => ({ codec, channels, sampleRate, bitRate })),
  }
}

/** Several lines for a person; every text from the file made harmless. */
export function readable(result: TriageResult): string {
  const lines: string[] = [result.file]
  const { evidence, media, priority, error } = result
  if (evidence) {
    const video = media?.video[0]
    const facts = [
      media?.format || evidence.container,
      video ? `${video.codec} ${video.width}×${video.height}` : 'no picture',
      media?.audio.length ? media.audio[0]?.codec : 'no sound',
      media?.duration === null || media?.duration === undefined ? '' : clock(media.duration),
      bytes(evidence.size),
      result.duplicate ? 'already in the library' : '',
    ]
    lines.push(`  ${facts.filter(Boolean).join(', ')}`, `  sha256 ${evidence.sha256}`, `  blake3 ${evidence.blake3}`)
  }
  if (error) {
    lines.push(`  ${error.code}: ${error.message}${error.detail ? ` ${error.detail}` : ''}`, `  → ${error.remedy}`)
    return lines.map(visible).join('\n')
  }
  if (priority) {
    lines.push(`  review priority ${priority.score.toFixed(2)}: ${priority.words}`)
    for (const { text } of priority.reasons) lines.push(`    because: ${text}`)
  } else lines.push('  review priority: none, nothing could be measured')
  for (const { id, applicability, score, explanation } of result.signals ?? []) {
    const outcome =
      applicability.state === 'ran'
        ? `${score === null ? '' : `score ${score.toFixed(2)}. `}${explanation}`
        : `${applicability.state}: ${applicability.reason}`
    lines.push(`  ${id}: ${outcome}`)
  }
  for (const { other, words, strength, segments } of result.matches ?? []) {
    lines.push(`  also in “${other.name}”: ${words} (${strength} support)`)
    for (const { start, end, otherStart, otherEnd, words: why } of segments)
      lines.push(`    ${clock(start)} to ${clock(end)} is ${clock(otherStart)} to ${clock(otherEnd)} there: ${why}`)
  }
  for (const { listName, entryId, frames } of result.lists ?? [])
    lines.push(`  on the hash list “${listName}”${entryId ? ` as “${entryId}”` : ''}: ${frames} frames`)
  if (result.case) lines.push(`  filed into “${result.case.title}”`)
  return lines.map(visible).join('\n')
}
