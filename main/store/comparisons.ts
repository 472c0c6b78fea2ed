/** Comparisons of matched items as rows: what differs inside the footage that they share. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Comparison, type Differences } from '../contract/differences.ts'
import type { Job } from '../contract/jobs.ts'
import type { Match } from '../contract/matching.ts'
import { canonical } from './audit.ts'
import { addCustody } from './evidence.ts'
import { newestJobOf } from './jobs.ts'
import type { Library, RecordChange } from './library.ts'
import { matchById } from './matches.ts'

const Row = z.object({ segments: z.string(), body: z.string(), made_at: z.string() })

const fingerprintOf = ({ segments }: Match): string => createHash('sha256').update(canonical(segments)).digest('hex')

/** Makes it the comparison of the match, and says so in the custody log of both items. Call it in a change. */
export function putComparison(lib: Library, record: RecordChange, matchId: string, comparison: Comparison): void {
  const match = matchById(lib, matchId)
  const body = canonical(comparison)
  lib.db
    .prepare(
      `INSERT INTO comparison (match_id, segments, body, made_at) VALUES (@matchId, @segments, @body, @at)
       ON CONFLICT (match_id) DO UPDATE SET segments = @segments, body = @body, made_at = @at`,
    )
    .run({ matchId, segments: fingerprintOf(match), body, at: new Date().toISOString() })
  record('match.compared', matchId, {
    version: comparison.version,
    sha256: createHash('sha256').update(body).digest('hex'),
    differences: comparison.differences.map(({ kind }) => kind),
  })
  for (const { evidenceId } of [match.fresh, match.known])
    addCustody(lib, evidenceId, 'assay', 'compared', `match ${matchId}: ${comparison.words}`)
}

/** The comparison of a match as it was found now; null where there is none, or its segments were found anew since. */
export function comparisonOf(lib: Library, match: Match): Comparison | null {
  const found = read(lib, match)
  return found?.current ? found.comparison : null
}

function read(lib: Library, match: Match): { comparison: Comparison; madeAt: string; current: boolean } | null {
  const untrustedRow = lib.db.prepare('SELECT segments, body, made_at FROM comparison WHERE match_id = ?').get(match.id)
  if (!untrustedRow) return null
  const row = Row.parse(untrustedRow)
  const comparison = Comparison.parse(JSON.parse(row.body))
  return { comparison, madeAt: row.made_at, current: row.segments === fingerprintOf(match) }
}

/**
 * @param live jobs of an item, with the progress of those that run
 * @throws Failure record.not-found
 */
export function differencesOf(lib: Library, live: (evidenceId?: string) => Job[], matchId: string): Differences {
  const match = matchById(lib, matchId)
  const found = read(lib, match)
  const job = newestJobOf(lib, 'compare', matchId)
  return {
    matchId,
    job: job && (live(job.evidenceId).find(({ id }) => id === job.id) ?? job),
    comparison: found?.comparison ?? null,
    comparedAt: found?.madeAt ?? null,
    current: found?.current ?? false,
  }
}
