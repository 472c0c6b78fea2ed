import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { verifyChain } from '../store/audit.ts'
import { hashLists, listDetails, listsState, nextListPart, putListPart } from '../store/hash-lists.ts'
import { scratch, type Scratch } from '../store/fixtures/scratch.ts'
import { LIST_LIMITS } from './hash-list.ts'
import { clearStrayParts, importHashList } from './import-list.ts'

let at: Scratch
beforeEach(() => void (at = scratch()))
afterEach(() => at.remove())

const hex = (n: number): string => n.toString(16).padStart(64, '0')
function file(name: string, text: string): string {
  const path = join(at.folder, name)
  writeFileSync(path, text)
  return path
}
const take = (path: string, name = '', limits = LIST_LIMITS) =>
  importHashList(at.lib, { path, name }, 'analyst', limits)
const parts = (): number => at.lib.db.prepare('SELECT count(*) FROM hash_list_part').pluck().get() as number

describe('a hash list', () => {
  test('is taken in whole, what is wrong left out and told, and joins the audit chain', async () => {
    const lines = Array.from({ length: 2500 }, (_, n) => `${hex(n + 1)},90,entry ${n}`)
    const list = await take(
      file('list.csv', `hash,quality,id\n${lines.join('\n')}\nabc,50,short\n${hex(1)},90,entry 0\n`),
    )
    expect(list).toMatchObject({ name: 'list.csv', entries: 2500, leftOut: 2 })
    expect(list.reasons).toEqual({ 'no hash of 64 hex digits': 1, 'the same hash with the same id again': 1 })
    expect(list.first[0]).toMatchObject({ line: 2502 })
    expect(hashLists(at.lib)).toEqual([list])
    expect(nextListPart(at.lib, list.id, 1)!.hashes).toHaveLength((2500 - 2048) * 32)
    expect(listDetails(at.lib, list.id, 2)[0]).toEqual({ id: 'entry 2048', tags: [] })
    expect(verifyChain(at.lib.db).brokenAt).toBeNull()
  })

  test('with a hostile name or ids shows them harmlessly', async () => {
    const path = file('x.csv', `${hex(1)},90,\u202egpj.exe\u001b[31m\n`)
    const list = await take(path, 'list\u202e\u001b]0;x\u0007')
    expect(list.name).not.toMatch(/[\u202e\u001b\u0007]/)
    expect(JSON.stringify(listDetails(at.lib, list.id, 0))).not.toMatch(/\u202e|\u001b/)
  })

  test('that is too long, empty, broken or here already is refused with its code, and leaves nothing', async () => {
    const some = Array.from({ length: 3000 }, (_, n) => `${hex(n + 1)},90,e${n}`).join('\n')
    const before = listsState(at.lib)
    for (const [text, limits, code] of [
      [some, { ...LIST_LIMITS, lines: 2500 }, 'matching.list-limit'],
      [some, { ...LIST_LIMITS, entries: 2900 }, 'matching.list-limit'],
      [some, { ...LIST_LIMITS, bytes: 1000 }, 'matching.list-limit'],
      ['hash,quality\n', LIST_LIMITS, 'matching.list'],
      ['{"data": [{"indicator": "no"}]}', LIST_LIMITS, 'matching.list'],
    ] as const)
      await expect(take(file('bad.csv', text), '', limits as typeof LIST_LIMITS)).rejects.toMatchObject({ code })
    mkdirSync(join(at.folder, 'folder'))
    await expect(take(join(at.folder, 'folder'))).rejects.toMatchObject({ code: 'intake.not-regular' })
    await expect(take(join(at.folder, 'absent'))).rejects.toMatchObject({ code: 'intake.not-found' })
    expect(listsState(at.lib)).toBe(before)
    expect(parts()).toBe(0)
    await take(file('good.csv', some))
    await expect(take(file('again.csv', some))).rejects.toMatchObject({ code: 'matching.list' })
    expect(parts()).toBe(3)
  })

  test('whose reading a kill interrupted leaves parts that the next opening removes', async () => {
    putListPart(at.lib, crypto.randomUUID(), 0, new Uint8Array(32), [{ id: null, tags: [] }])
    const kept = await take(file('good.csv', `${hex(5)},90,x`))
    await clearStrayParts(at.lib)
    expect(parts()).toBe(1)
    expect(nextListPart(at.lib, kept.id, -1)).not.toBeNull()
  })
})
