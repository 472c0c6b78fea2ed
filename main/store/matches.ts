/** Matches between items as rows: what was found, and what an analyst decided about it. Nothing that was decided is lost. */
import { z } from 'zod'
import { Match, MatchState, type MatchedItem } from '../contract/matching.ts'
import { Failure } from '../errors.ts'
import { canonical } from './audit.ts'
import { uuid5 } from './findings.ts'
import type { Library } from './library.ts'

/** Namespace of match ids (RFC 9562, section 5.5): a random UUID, fixed for ever. */
const NAMESPACE = '0c0d3f0e-58a2-4b0e-8f0c-6d5e3a8c7b19'

const Found = Match.pick({
  kind: true,
  mirrored: true,
  strength: true,
  seconds: true,
  segments: true,
  words: true,
})
type Found = z.infer<typeof Found>

const Row = z.object({
  id: z.string(),
  fresh_id: z.string(),
  known_id: z.string(),
  body: z.string(),
  state: MatchState,
  reason: z.string(),
  decided_at: z.string().nullable(),
  actor: z.string(),
  relation_id: z.string().nullable(),
  found_at: z.string(),
  fresh: z.string(),
  known: z.string(),
})
const Item = z.object({ name: z.string(), duration: z.number(), filmstrip: z.string().nullable() })

const item = (column: string): string => `(
  SELECT json_object(
    'name', coalesce((SELECT name FROM acquisition a WHERE a.evidence_id = m.${column} ORDER BY acquired_at, a.rowid LIMIT 1), ''),
    'duration', coalesce((SELECT f.duration FROM fingerprint f WHERE f.evidence_id = m.${column}), 0),
    'filmstrip', (SELECT json_extract(d.filmstrip, '$.sha256') FROM media d WHERE d.evidence_id = m.${column})))`
/** An acceptance stands as long as its relation does: withdrawn, or taken back with its step, it leaves the match open. */
const MATCHES = `(
  SELECT id, fresh_id, known_id, body, current, found_at,
    CASE WHEN void THEN 'open' ELSE state END AS state,
    CASE WHEN void THEN '' ELSE reason END AS reason,
    CASE WHEN void THEN NULL ELSE decided_at END AS decided_at,
    CASE WHEN void THEN '' ELSE actor END AS actor,
    CASE WHEN void THEN NULL ELSE relation_id END AS relation_id
  FROM (SELECT *, state = 'accepted' AND NOT EXISTS (
          SELECT 1 FROM relation r WHERE r.id = relation_id AND r.withdrawn_at IS NULL) AS void
        FROM footage_match))`
const SELECT = `SELECT m.*, ${item('fresh_id')} AS fresh, ${item('known_id')} AS known FROM ${MATCHES} m`

function match(untrustedRow: unknown): Match {
  const row = Row.parse(untrustedRow)
  const side = (evidenceId: string, text: string): MatchedItem => {
    const { name, duration, filmstrip } = Item.parse(JSON.parse(text))
    return { evidenceId, name, duration, filmstripUrl: filmstrip && `/file/derived/${filmstrip}` }
  }
  return {
    ...Found.parse(JSON.parse(row.body)),
    id: row.id,
    fresh: side(row.fresh_id, row.fresh),
    known: side(row.known_id, row.known),
    state: row.state,
    reason: row.reason,
    decidedAt: row.decided_at,
    actor: row.actor,
    relationId: row.relation_id,
    foundAt: row.found_at,
  }
}

/** @throws Failure record.not-found */
export function matchById(lib: Library, id: string): Match {
  const row = lib.db.prepare(`${SELECT} WHERE m.id = ?`).get(id)
  if (!row) throw new Failure('record.not-found', `There is no match ${id}.`)
  return match(row)
}

const STANDING = `(m.current = 1 OR m.state <> 'open')`

/** Of one item: those decided upon stay, also where they are no longer found; rejected ones come last. */
export function matchesOf(lib: Library, evidenceId: string): Match[] {
  return lib.db
    .prepare(
      `${SELECT} WHERE ? IN (m.fresh_id, m.known_id) AND ${STANDING}
       ORDER BY m.state = 'rejected', json_extract(m.body, '$.kind') = 'scene',
                json_extract(m.body, '$.seconds') DESC, m.id`,
    )
    .all(evidenceId)
    .map(match)
}

/** A match in short, for lists of all items. */
export interface Pair {
  readonly id: string
  readonly freshId: string
  readonly knownId: string
  readonly kind: Match['kind']
  readonly seconds: number
  readonly words: string
  readonly state: 'open' | 'accepted'
  /** Seconds of the shorter of the two items. */
  readonly shorter: number
}

/** All matches that were not rejected and are of the same footage or may be, the longest first. */
export function standingPairs(lib: Library): Pair[] {
  return lib.db
    .prepare(
      `SELECT m.id, m.fresh_id AS freshId, m.known_id AS knownId, json_extract(m.body, '$.kind') AS kind,
              json_extract(m.body, '$.seconds') AS seconds, json_extract(m.body, '$.words') AS words, m.state,
              min(a.duration, b.duration) AS shorter
       FROM ${MATCHES} m
       JOIN fingerprint a ON a.evidence_id = m.fresh_id JOIN fingerprint b ON b.evidence_id = m.known_id
       WHERE ${STANDING} AND m.state <> 'rejected' AND json_extract(m.body, '$.kind') <> 'scene'
       ORDER BY m.state = 'accepted' DESC, seconds DESC, m.id`,
    )
    .all() as Pair[]
}

export interface NewMatch {
  /** The item that came into the library later, and the one before it. */
  readonly fresh: { readonly id: string; readonly sha256: string }
  readonly known: { readonly id: string; readonly sha256: string }
  readonly found: Found
}

/** The same pair has the same id in every library. */
export const matchId = (fresh: { sha256: string }, known: { sha256: string }): string =>
  uuid5(NAMESPACE, `${fresh.sha256} ${known.sha256}`)

/**
 * Writes what was found of a pair; a decision about it stands. Call it in a change.
 * @returns whether anything is other than before
 */
export function putMatch(lib: Library, { fresh, known, found }: NewMatch): { id: string; changed: boolean } {
  const id = matchId(fresh, known)
  const body = canonical(Found.parse(found))
  const { changes } = lib.db
    .prepare(
      `INSERT INTO footage_match (id, fresh_id, known_id, body, found_at) VALUES (@id, @fresh, @known, @body, @at)
       ON CONFLICT (id) DO UPDATE SET body = @body, current = 1, found_at = @at
       WHERE body <> @body OR current = 0`,
    )
    .run({ id, fresh: fresh.id, known: known.id, body, at: new Date().toISOString() })
  return { id, changed: changes > 0 }
}

/**
 * Takes away what is no longer found of an item; what was decided upon stays, marked so. Call it in a change.
 * @param among items whose pairs with this one were looked for
 * @param found ids of the matches that were found
 * @returns the other items concerned
 */
export function dropOthers(
  lib: Library,
  evidenceId: string,
  among: (otherId: string) => boolean,
  found: ReadonlySet<string>,
): string[] {
  const rows = lib.db
    .prepare(
      `SELECT id, state, CASE WHEN fresh_id = @it THEN known_id ELSE fresh_id END AS other
       FROM ${MATCHES} WHERE @it IN (fresh_id, known_id) AND current = 1`,
    )
    .all({ it: evidenceId }) as { id: string; state: string; other: string }[]
  return rows.flatMap(({ id, state, other }) => {
    if (found.has(id) || !among(other)) return []
    if (state === 'open') lib.db.prepare('DELETE FROM footage_match WHERE id = ?').run(id)
    else lib.db.prepare('UPDATE footage_match SET current = 0 WHERE id = ?').run(id)
    return [other]
  })
}

/** Writes a decision. Call it in a change. */
export function putDecision(
  lib: Library,
  id: string,
  decided: { state: Match['state']; reason: string; at: string | null; actor: string; relationId: string | null },
): void {
  lib.db
    .prepare(
      `UPDATE footage_match SET state = @state, reason = @reason, decided_at = @at, actor = @actor,
         relation_id = @relationId WHERE id = @id`,
    )
    .run({ id, ...decided })
}

/** The match whose acceptance made this relation, standing or not; null for any other. */
export function matchOfRelation(lib: Library, relationId: string): string | null {
  const row = lib.db.prepare('SELECT id FROM footage_match WHERE relation_id = ?').get(relationId)
  return row ? (row as { id: string }).id : null
}
