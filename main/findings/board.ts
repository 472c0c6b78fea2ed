/** The triage board: every item with one small lane per signal and its review priority. */
import type { BoardRow, Lane } from '../contract/findings.ts'
import type { Job } from '../contract/jobs.ts'
import type { SignalInfo, SignalOutput } from '../contract/signals.ts'
import { boardItems } from '../store/board.ts'
import type { Library } from '../store/library.ts'
import { footageNotes } from './footage.ts'
import { measuredOn, outputs } from './measured.ts'
import { laneBand, priority } from './priority.ts'

/**
 * All rows, newest item first.
 *
 * @param jobs newest first, as the queue lists them
 * @param signals in the order of the lanes
 */
export function board(lib: Library, jobs: readonly Job[], signals: readonly SignalInfo[]): BoardRow[] {
  const findings = measuredOn(lib)
  const jobOf = new Map<string, Job>()
  const triaging = new Set<string>()
  for (const job of jobs) {
    const pending = job.state === 'queued' || job.state === 'running'
    if (job.kind === 'triage' && pending) triaging.add(job.evidenceId)
    if (job.kind === 'triage' && !jobOf.has(job.evidenceId)) jobOf.set(job.evidenceId, job)
  }
  const items = boardItems(lib)
  const footage = footageNotes(lib, new Map(items.map(({ id, name }) => [id, name])))
  return items.map(({ filmstrip, ...item }) => {
    const found = outputs(findings.get(item.id) ?? [])
    return {
      evidenceId: item.id,
      name: item.name,
      sha256: item.sha256,
      container: item.container,
      size: item.size,
      duration: item.duration,
      width: item.width,
      height: item.height,
      hasAudio: item.hasAudio,
      tlp: item.tlp,
      source: item.source,
      addedAt: item.addedAt,
      acquisitions: item.acquisitions,
      filmstripUrl: filmstrip ? `/file/derived/${filmstrip}` : null,
      lanes: signals.map((signal) =>
        lane(
          signal,
          found.find((output) => output.id === signal.id),
        ),
      ),
      priority: found.length && !triaging.has(item.id) ? priority(found, signals) : null,
      job: jobOf.get(item.id) ?? null,
      caseIds: item.caseIds,
      judged: item.judged,
      footage: footage(item.id),
    }
  })
}

function lane(signal: SignalInfo, output: SignalOutput | undefined): Lane {
  if (!output) return { signal: signal.id, state: 'waiting', band: null, score: null, reason: '' }
  const { state, reason } = output.applicability
  const strongest =
    output.observations.find((o) => o.weight === 'strong') ?? output.observations.find((o) => o.weight === 'some')
  return {
    signal: signal.id,
    state,
    band: laneBand(output, signal),
    score: output.score,
    reason: state === 'ran' ? (strongest?.text ?? output.explanation) : reason,
  }
}
