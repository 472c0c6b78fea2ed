/** Keeps what the page shows in step with the library: one stream of changes, patched into the query cache. */
import { notifyManager } from '@tanstack/react-query'
import type { Differences } from '../main/contract/differences.ts'
import type { BoardRow } from '../main/contract/findings.ts'
import type { IntakeItem } from '../main/contract/intake.ts'
import type { Job } from '../main/contract/jobs.ts'
import type { Change } from '../main/contract/library.ts'
import { api, client, queryClient } from './client.ts'
import { importProgress } from './views/exchange/importing.ts'

export type Connection = 'connecting' | 'live' | 'lost'

let state: Connection = 'connecting'
const listeners = new Set<() => void>()
export const connection = {
  get: (): Connection => state,
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
}
function become(next: Connection): void {
  if (state === next) return
  state = next
  for (const listener of listeners) listener()
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Listens until `stop` is aborted; after a lost connection it comes back by itself and reloads what may be stale. */
export async function followChanges(stop: AbortSignal): Promise<void> {
  for (let attempt = 0; !stop.aborted; attempt += 1) {
    try {
      for await (const change of await client.library.changes(undefined, { signal: stop })) {
        become('live')
        attempt = 0
        take(change)
      }
    } catch {
      // The reason does not matter: queries report it where it concerns somebody; here we only come back.
    }
    if (stop.aborted) return
    become('lost')
    await pause(Math.min(5000, 250 * 2 ** Math.min(attempt, 5)))
  }
}

/** Ten changes a second from each of many jobs are drawn together, a few times a second. */
const TOGETHER_MS = 120
let waiting: Change[] = []
function take(change: Change): void {
  if (waiting.push(change) > 1) return
  setTimeout(() => {
    const changes = waiting
    waiting = []
    notifyManager.batch(() => {
      for (const one of changes) apply(one)
    })
  }, TOGETHER_MS)
}

function apply(change: Change): void {
  if (change.kind === 'library') void queryClient.invalidateQueries()
  else if (change.kind === 'models') applyModels()
  else if (change.kind === 'matching') void queryClient.invalidateQueries({ queryKey: api.matching.key() })
  else if (change.kind === 'exchange') importProgress(change.id, change.progress)
  else if (change.kind === 'intake') applyItem(change.item)
  else if (change.kind === 'job') applyJob(change.job)
  else if (change.kind === 'case') {
    void queryClient.invalidateQueries({ queryKey: api.cases.get.key({ input: { id: change.id } }) })
    soon('cases', () => {
      void queryClient.invalidateQueries({ queryKey: api.cases.list.key() })
      void queryClient.invalidateQueries({ queryKey: api.cases.entities.key() })
      void queryClient.invalidateQueries({ queryKey: api.reports.key() })
      void queryClient.invalidateQueries({ queryKey: api.library.activity.key() })
    })
    applyRecords()
  } else if (change.kind === 'record') {
    void queryClient.invalidateQueries({ queryKey: api.cases.key() })
    applyRecords()
  } else applyEvidence(change.id)
}

/** One record can show in many places: its own page, the graph, a matrix, a list of disagreements. */
function applyRecords(): void {
  soon('records', () => {
    for (const queryKey of [api.records.key(), api.graph.key(), api.tradecraft.key()])
      void queryClient.invalidateQueries({ queryKey })
  })
}

/** What is added may run as a signal, so that the lanes of the board change with it. */
function applyModels(): void {
  for (const queryKey of [api.models.key(), api.signals.key(), api.findings.board.key(), api.library.activity.key()])
    void queryClient.invalidateQueries({ queryKey })
}

function applyItem(item: IntakeItem): void {
  queryClient.setQueryData<IntakeItem[]>(api.intake.list.queryKey(), (known) => {
    if (!known) return known
    const at = known.findIndex((k) => k.id === item.id)
    return at < 0 ? [item, ...known] : known.with(at, item)
  })
}

function applyJob(job: Job): void {
  const replace = (known: Job[] | undefined): Job[] | undefined => {
    if (!known) return known
    const at = known.findIndex((k) => k.id === job.id)
    return at < 0 ? [job, ...known] : known.with(at, job)
  }
  queryClient.setQueryData<Job[]>(api.jobs.list.queryKey({ input: {} }), replace)
  queryClient.setQueryData<Job[]>(api.jobs.list.queryKey({ input: { evidenceId: job.evidenceId } }), replace)
  if (job.kind === 'triage')
    queryClient.setQueryData<BoardRow[]>(api.findings.board.queryKey(), (rows) => {
      const at = rows?.findIndex((row) => row.evidenceId === job.evidenceId) ?? -1
      const row = rows?.[at]
      return rows && row ? rows.with(at, { ...row, job }) : rows
    })
  if (job.kind === 'compare') applyCompare(job)
  if (job.state !== 'running' && job.state !== 'queued') applyEvidence(job.evidenceId)
}

/** A comparison says how far it is; when it has ended, there is something new to show. */
function applyCompare(job: Job): void {
  const input = { id: job.matchId ?? '' }
  queryClient.setQueryData<Differences>(
    api.matching.differences.queryKey({ input }),
    (known) => known && { ...known, job },
  )
  if (job.state !== 'running' && job.state !== 'queued')
    void queryClient.invalidateQueries({ queryKey: api.matching.differences.key({ input }) })
}

function applyEvidence(evidenceId: string): void {
  soon(`evidence ${evidenceId}`, () => {
    const input = { evidenceId }
    for (const queryKey of [
      api.intake.evidence.key({ input: { id: evidenceId } }),
      api.findings.forEvidence.key({ input }),
      api.matching.forEvidence.key({ input }),
      api.media.facts.key({ input }),
      api.media.playback.key({ input }),
      api.media.filmstrip.key({ input }),
      api.media.packets.key({ input }),
      api.media.waveform.key({ input }),
    ])
      void queryClient.invalidateQueries({ queryKey })
  })
  soon('board', () => {
    void queryClient.invalidateQueries({ queryKey: api.findings.board.key() })
    void queryClient.invalidateQueries({ queryKey: api.matching.key({ type: 'query' }) })
    void queryClient.invalidateQueries({ queryKey: api.library.state.key() })
    void queryClient.invalidateQueries({ queryKey: api.library.activity.key() })
  })
}

/** A queue of forty reports many changes a second; each list is fetched again at most twice a second. */
const pending = new Map<string, ReturnType<typeof setTimeout>>()
function soon(key: string, run: () => void): void {
  if (pending.has(key)) return
  pending.set(
    key,
    setTimeout(() => {
      pending.delete(key)
      run()
    }, 400),
  )
}
