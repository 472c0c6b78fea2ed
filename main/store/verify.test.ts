import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addAcquisition, addCustody, describeEvidence, insertEvidence, setStored } from './evidence.ts'
import { arrival, scratch, type Scratch } from './fixtures/scratch.ts'
import { derivedFile, putDerivative } from './media.ts'
import { verifyLibrary } from './verify.ts'

let at: Scratch
beforeEach(() => {
  at = scratch()
})
afterEach(() => at.remove())

const problems = async () => (await verifyLibrary(at.lib)).problems.map(({ kind, subject }) => [kind, subject])

function overwrite(file: string, text: string): void {
  chmodSync(file, 0o644)
  writeFileSync(file, text)
}

describe('verifying a library', () => {
  it('finds nothing wrong with one that was only used as it should be', async () => {
    const { id } = await at.item('one')
    await at.item('another')
    addAcquisition(at.lib, 'analyst', id, arrival({ source: 'second' }))
    describeEvidence(at.lib, [id], {
      claimedPlace: 'Minsk',
      claimedDate: { value: '2024-02', precision: 'month', zone: 'UTC' },
    })
    addCustody(at.lib, id, 'assay', 'analysed', 'all signals')
    setStored(at.lib, 'analyst', id, 'reflinked', { at: new Date().toISOString(), action: 'stored', detail: '' })
    const seen: number[] = []
    const verification = await verifyLibrary(at.lib, ({ done, total }) => seen.push(done / total))
    expect(verification).toMatchObject({ ok: true, problems: [], evidenceChecked: 2, bytesChecked: 10 })
    expect(verification.audit).toEqual({ length: 7, head: at.lib.auditHead() })
    expect(seen.at(-1)).toBe(1)
  })

  it('names the original whose bytes changed, even by one bit and with its date put back', async () => {
    const { file, sha256 } = await at.item('the original')
    await at.item('untouched')
    const { atime, mtime } = statSync(file)
    overwrite(file, 'the originam')
    utimesSync(file, atime, mtime)
    expect(await problems()).toEqual([['vault-altered', `clip.mp4 (sha256:${sha256})`]])
  })

  it('names originals that are missing, cut, or replaced by a link', async () => {
    const [gone, cut, linked] = [await at.item('one'), await at.item('two'), await at.item('three')]
    rmSync(gone.file)
    overwrite(cut.file, 'tw')
    rmSync(linked.file)
    symlinkSync('/etc/hostname', linked.file)
    const found = await problems()
    expect(found).toContainEqual(['vault-missing', `clip.mp4 (sha256:${gone.sha256})`])
    expect(found).toContainEqual(['vault-altered', `clip.mp4 (sha256:${cut.sha256})`])
    expect(found).toContainEqual(['vault-altered', `clip.mp4 (sha256:${linked.sha256})`])
    expect(found).toHaveLength(3)
  })

  it('checks files left in place where they lie', async () => {
    const file = join(at.folder, 'left.mp4')
    writeFileSync(file, 'hello')
    const { dev, ino, mtimeNs } = statSync(file, { bigint: true })
    const hashes = {
      sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
      blake3: 'ea8f163db38682925e4491c5e58d4bb3506ef8c14eb78a86e908c5624a67200f',
    }
    const reference = { path: file, dev: `${dev}`, ino: `${ino}`, size: 5, mtimeNs: `${mtimeNs}` }
    const left = { ...hashes, size: 5, container: 'mp4', storage: 'referenced', reference } as const
    insertEvidence(at.lib, 'analyst', { ...left, acquisition: arrival() })
    expect(await problems()).toEqual([])
    utimesSync(file, 1, 1)
    expect((await verifyLibrary(at.lib)).problems[0]).toMatchObject({
      kind: 'vault-altered',
      message: expect.stringContaining('touched'),
    })
    rmSync(file)
    expect((await verifyLibrary(at.lib)).problems[0]).toMatchObject({ kind: 'vault-missing' })
  })

  it('names files in the vault that no item has', async () => {
    mkdirSync(join(at.lib.paths.vault, 'zz'), { recursive: true })
    writeFileSync(join(at.lib.paths.vault, 'zz', 'stray'), 'x')
    expect(await problems()).toEqual([['vault-stray', 'vault/zz/stray']])
  })

  it.each([
    ['evidence', "UPDATE evidence SET sha256 = replace(sha256, substr(sha256, 1, 1), 'e')", 'sha256'],
    ['evidence', "UPDATE evidence SET container = 'avi'", 'container'],
    ['acquisition', "UPDATE acquisition SET name = 'other.mp4'", 'name'],
    ['acquisition', `UPDATE acquisition SET details = json_set(details, '$.source', 'nobody')`, 'details'],
    ['custody', "UPDATE custody SET at = '2020-01-01T00:00:00.000Z'", 'at'],
    ['custody', 'DELETE FROM custody', 'gone'],
    ['acquisition', 'DELETE FROM acquisition', 'gone'],
    [
      'custody',
      "INSERT INTO custody SELECT 99, evidence_id, at, actor, 'forged', '' FROM custody",
      'not written by Assay',
    ],
  ])('finds the row of %s that was changed behind its back: %s', async (table, sql, words) => {
    await at.item('x')
    at.lib.db.exec(sql)
    const { problems } = await verifyLibrary(at.lib)
    const found = problems.filter((one) => one.kind === 'database' && one.subject.startsWith(`${table} row`))
    expect(found).toEqual([expect.objectContaining({ message: expect.stringContaining(words) })])
  })

  it('names the exact broken row of the audit chain', async () => {
    await at.item('x')
    at.lib.db.exec("DROP TRIGGER audit_append_only_update; UPDATE audit SET at = '2020' WHERE seq = 2")
    expect(await problems()).toEqual([['audit-broken', 'audit row 2']])
  })

  it('says which derived file is missing, since it can be made again', async () => {
    const { id, sha256 } = await at.item('x')
    at.lib.change('assay', () => putDerivative(at.lib, id, { sha256, role: 'exhibit', mime: 'image/png', bytes: 3 }))
    expect(await problems()).toEqual([['derived-missing', `derived/${sha256.slice(0, 2)}/${sha256}`]])
    mkdirSync(join(derivedFile(at.lib, sha256), '..'), { recursive: true })
    writeFileSync(derivedFile(at.lib, sha256), 'png')
    expect(await problems()).toEqual([])
  })

  it('reports a database that breaks while it is open, and still checks the rest', async () => {
    const { file } = await at.item('x')
    at.lib.db.pragma('wal_checkpoint(TRUNCATE)')
    const path = join(at.lib.folder, 'library.db')
    const page = at.lib.db
      .prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'custody_evidence'")
      .pluck()
      .get() as number
    const bytes = readFileSync(path).fill(0, (page - 1) * 4096 + 100, page * 4096)
    writeFileSync(path, bytes, { flag: 'r+' })
    at.lib.db.pragma('shrink_memory')
    rmSync(file)
    const found = await problems()
    expect(found.map(([kind]) => kind)).toContain('database')
    expect(found.map(([kind]) => kind)).toContain('vault-missing')
  })
})
