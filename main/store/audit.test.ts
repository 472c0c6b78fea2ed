import { assert, array, integer, jsonValue, property, string, tuple } from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { append, canonical, entries, head, verifyChain } from './audit.ts'
import { scratch, type Scratch } from './fixtures/scratch.ts'

let at: Scratch
beforeEach(() => {
  at = scratch()
})
afterEach(() => at.remove())

/** Somebody with a database tool, who removes what is in the way. */
function tamper(sql: string, ...values: unknown[]): void {
  at.lib.db.exec('DROP TRIGGER IF EXISTS audit_append_only_update; DROP TRIGGER IF EXISTS audit_append_only_delete')
  at.lib.db.prepare(sql).run(...values)
}
function fill(rows: number): void {
  for (let i = 0; i < rows; i += 1)
    append(at.lib.db, { actor: 'analyst', action: 'test', subject: `s${i}`, body: { i } })
}

describe('the audit chain', () => {
  it('is whole after any changes, and its head moves with each', () => {
    assert(
      property(array(tuple(string(), string(), jsonValue()), { minLength: 1, maxLength: 20 }), (changes) => {
        for (const [action, subject, body] of changes) {
          const before = head(at.lib.db)
          append(at.lib.db, { actor: 'analyst', action, subject, body })
          expect(head(at.lib.db)).not.toBe(before)
        }
        expect(verifyChain(at.lib.db)).toMatchObject({ brokenAt: null, head: head(at.lib.db) })
      }),
      { numRuns: 10 },
    )
  })

  it('names the exact row that was edited, whichever it is and whichever column', () => {
    fill(600)
    assert(
      property(integer({ min: 1, max: 601 }), integer({ min: 0, max: 4 }), (seq, which) => {
        const column = ['at', 'actor', 'action', 'subject', 'body'][which]!
        const before = at.lib.db.prepare(`SELECT ${column} FROM audit WHERE seq = ?`).pluck().get(seq)
        tamper(`UPDATE audit SET ${column} = ? WHERE seq = ?`, column === 'body' ? '{"forged":1}' : 'forged', seq)
        expect(verifyChain(at.lib.db)).toMatchObject({ brokenAt: seq, head: null })
        tamper(`UPDATE audit SET ${column} = ? WHERE seq = ?`, before, seq)
        expect(verifyChain(at.lib.db).brokenAt).toBeNull()
      }),
      { numRuns: 6 },
    )
  })

  it('notices a row that was taken out', () => {
    fill(20)
    tamper('DELETE FROM audit WHERE seq = 7')
    expect(verifyChain(at.lib.db)).toMatchObject({ brokenAt: 8, why: 'row 7 is missing' })
  })

  it('notices a row put in before the first', () => {
    fill(3)
    tamper(
      "INSERT INTO audit SELECT 0, at, actor, action, subject, body, previous, 'f' || substr(hash, 2) FROM audit LIMIT 1",
    )
    expect(verifyChain(at.lib.db).brokenAt).toBe(0)
  })

  it('refuses to change or remove a row through Assay itself', () => {
    expect(() => at.lib.db.exec("UPDATE audit SET actor = 'x'")).toThrow('append-only')
    expect(() => at.lib.db.exec('DELETE FROM audit')).toThrow('append-only')
  })

  it('keeps nothing of a change that failed', () => {
    const before = verifyChain(at.lib.db).length
    expect(() =>
      at.lib.change('analyst', (record) => {
        record('half', 'done')
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(verifyChain(at.lib.db)).toMatchObject({ length: before, brokenAt: null })
  })

  it('lists the newest first, of one subject where asked', () => {
    fill(5)
    expect(entries(at.lib.db, 2).map((one) => one.subject)).toEqual(['s4', 's3'])
    expect(entries(at.lib.db, 9, 's1').map((one) => one.subject)).toEqual(['s1'])
  })

  it('gives equal values equal bytes, whatever the order of their keys', () => {
    expect(canonical({ b: 1, a: [{ d: 2, c: 3 }] })).toBe(canonical({ a: [{ c: 3, d: 2 }], b: 1 }))
  })
})
