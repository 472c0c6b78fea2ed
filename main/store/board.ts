/**
 * What lists of many items need, in few queries: no row is fetched one by one, and of a finding only what a list reads
 * is parsed (its curves alone would be most of the bytes).
 */
import { z } from 'zod'
import { TLP_LEVELS, type Tlp } from '../contract/common.ts'
import type { Finding } from '../contract/findings.ts'
import { SignalOutput, Track } from '../contract/signals.ts'
import type { Library } from './library.ts'

const ItemRow = z.object({
  id: z.string(),
  sha256: z.string(),
  container: z.string(),
  size: z.number(),
  addedAt: z.string(),
  name: z.string(),
  source: z.string(),
  marks: z.string(),
  acquisitions: z.number().int(),
  duration: z.number().nullable(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  sounds: z.number().int().nullable(),
  filmstrip: z.string().nullable(),
  cases: z.string(),
  judged: z.number().int(),
})

/** One evidence item as lists show it. */
export interface BoardItem {
  readonly id: string
  readonly sha256: string
  readonly container: string
  readonly size: number
  readonly addedAt: string
  readonly name: string
  readonly source: string
  /** The strictest mark of its acquisitions. */
  readonly tlp: Tlp
  readonly acquisitions: number
  readonly duration: number | null
  readonly width: number | null
  readonly height: number | null
  readonly hasAudio: boolean | null
  /** SHA-256 of the filmstrip image. */
  readonly filmstrip: string | null
  readonly caseIds: string[]
  readonly judged: boolean
}

/** Every item of the library, newest first. */
export function boardItems(lib: Library): BoardItem[] {
  return lib.db
    .prepare(
      `WITH arrival AS (
         SELECT evidence_id, name, json_extract(details, '$.source') AS source,
                row_number() OVER (PARTITION BY evidence_id ORDER BY acquired_at, rowid) AS place,
                count(*) OVER (PARTITION BY evidence_id) AS acquisitions
         FROM acquisition
       ), mark AS (
         SELECT evidence_id, group_concat(DISTINCT json_extract(details, '$.tlp')) AS marks
         FROM acquisition GROUP BY evidence_id
       ), filed AS (
         SELECT evidence_id, group_concat(case_id) AS cases FROM case_evidence GROUP BY evidence_id
       ), judged AS (
         SELECT DISTINCT evidence_id FROM judgement
       )
       SELECT e.id, e.sha256, e.container, e.size, e.added_at AS addedAt,
              coalesce(a.name, '') AS name, coalesce(a.source, '') AS source, coalesce(a.acquisitions, 0) AS acquisitions,
              coalesce(mark.marks, '') AS marks,
              json_extract(m.facts, '$.container.duration') AS duration,
              json_extract(m.facts, '$.video[0].width') AS width,
              json_extract(m.facts, '$.video[0].height') AS height,
              json_array_length(m.facts, '$.audio') AS sounds,
              json_extract(m.filmstrip, '$.sha256') AS filmstrip,
              coalesce(filed.cases, '') AS cases,
              judged.evidence_id IS NOT NULL AS judged
       FROM evidence e
       LEFT JOIN arrival a ON a.evidence_id = e.id AND a.place = 1
       LEFT JOIN mark ON mark.evidence_id = e.id
       LEFT JOIN media m ON m.evidence_id = e.id
       LEFT JOIN filed ON filed.evidence_id = e.id
       LEFT JOIN judged ON judged.evidence_id = e.id
       ORDER BY e.added_at DESC, e.rowid DESC`,
    )
    .all()
    .map((untrustedRow) => {
      const { marks, sounds, cases, judged, ...row } = ItemRow.parse(untrustedRow)
      const present = marks.split(',')
      return {
        ...row,
        tlp: TLP_LEVELS.findLast((level) => present.includes(level)) ?? 'AMBER',
        hasAudio: sounds === null ? null : sounds > 0,
        caseIds: cases ? cases.split(',') : [],
        judged: judged === 1,
      }
    })
}

/** Current findings by item, as ids only. Ids are made from content, so what was read under one never changes. */
export function currentFindingIds(lib: Library, evidenceIds?: readonly string[]): { id: string; evidenceId: string }[] {
  const columns = 'SELECT id, evidence_id AS evidenceId FROM finding WHERE current = 1'
  return (
    evidenceIds
      ? lib.db
          .prepare(`${columns} AND evidence_id IN (SELECT value FROM json_each(?)) ORDER BY signal`)
          .all(JSON.stringify(evidenceIds))
      : lib.db.prepare(`${columns} ORDER BY signal`).all()
  ) as { id: string; evidenceId: string }[]
}

const FindingRow = z.object({ id: z.string(), evidenceId: z.string(), createdAt: z.string(), output: z.string() })

/** Findings without their curves: enough for lists, priorities and reports. */
export function findingsWithoutTracks(lib: Library, ids: readonly string[]): Finding[] {
  return lib.db
    .prepare(
      `SELECT id, evidence_id AS evidenceId, created_at AS createdAt, json_set(output, '$.tracks', json('[]')) AS output
       FROM finding WHERE id IN (SELECT value FROM json_each(?))`,
    )
    .all(JSON.stringify(ids))
    .map((untrustedRow) => {
      const row = FindingRow.parse(untrustedRow)
      return { ...row, output: SignalOutput.parse(JSON.parse(row.output)) }
    })
}

const TracksRow = z.object({ id: z.string(), tracks: z.string() })

/** The curves of findings, one after the other: all at once they can be most of a library. */
export function* findingTracks(lib: Library, ids: readonly string[]): Generator<{ id: string; tracks: Track[] }> {
  const rows = lib.db
    .prepare(
      `SELECT id, json_extract(output, '$.tracks') AS tracks FROM finding
       WHERE id IN (SELECT value FROM json_each(?)) AND json_array_length(output, '$.tracks') > 0`,
    )
    .iterate(JSON.stringify(ids))
  for (const untrustedRow of rows) {
    const { id, tracks } = TracksRow.parse(untrustedRow)
    yield { id, tracks: z.array(Track).parse(JSON.parse(tracks)) }
  }
}
