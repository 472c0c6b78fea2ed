import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { report } from '../errors.ts'
import { expand, type Offer } from './expand.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-expand-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

async function all(file: Parameters<typeof expand>[0], skip = { dev: 0n, ino: 0n }): Promise<Offer[]> {
  const list: Offer[] = []
  for await (const one of expand(file, skip)) list.push(one)
  return list
}
const offers = (path: string, skip?: { dev: bigint; ino: bigint }) => all({ path }, skip)
const put = (name: string | Buffer) => {
  const path = Buffer.concat([Buffer.from(root + '/'), Buffer.from(name as string)])
  mkdirSync(join(path.toString('latin1'), '..'), { recursive: true })
  writeFileSync(path, 'x')
}
const names = async (path: string) => (await offers(path)).map((one) => one.path.slice(root.length + 1))

describe('a folder', () => {
  it('becomes the files inside it, and inside its folders, in the order of their names', async () => {
    for (const name of ['b/2.mp4', 'b/10.mp4', 'a.mp4', 'b.txt', 'b/c/d.mov', '.hidden']) put(name)
    expect(await names(root)).toEqual(['.hidden', 'a.mp4', 'b/10.mp4', 'b/2.mp4', 'b/c/d.mov', 'b.txt'])
    expect(await names(root + '///')).toHaveLength(6)
  })

  it('offers what is not a regular file too, so that it gets its line, and follows no link', async () => {
    put('real/inside.mp4')
    symlinkSync(join(root, 'real'), join(root, 'link'))
    symlinkSync(root, join(root, 'real', 'up'))
    execFileSync('mkfifo', [join(root, 'pipe')])
    expect(await names(root)).toEqual(['link', 'pipe', 'real/inside.mp4', 'real/up'])
  })

  it('offers names that are not text', async () => {
    put(Buffer.from([0x62, 0xff, 0xfe]))
    const [only] = await offers(root)
    expect(only).toMatchObject({ name: 'b\\xff\\xfe', error: null })
    expect((only!.source as { path: Buffer }).path.subarray(-3)).toEqual(Buffer.from([0x62, 0xff, 0xfe]))
  })

  it('with nothing in it says so', async () => {
    mkdirSync(join(root, 'empty.mp4'))
    const [only] = await offers(join(root, 'empty.mp4'))
    expect(report(only!.error)).toMatchObject({ code: 'intake.not-regular', detail: expect.stringContaining('folder') })
  })

  it('that is the library itself is not taken in', async () => {
    put('library/vault/original')
    put('clip.mp4')
    const list = await offers(root, statSync(join(root, 'library'), { bigint: true }))
    expect(list.map((one) => [one.name, one.error ? report(one.error).code : null])).toEqual([
      ['clip.mp4', null],
      ['library', 'intake.not-regular'],
    ])
  })

  it.skipIf(process.getuid?.() === 0)('that may not be read is refused by itself', async () => {
    put('closed/clip.mp4')
    put('open.mp4')
    chmodSync(join(root, 'closed'), 0)
    const list = await offers(root)
    chmodSync(join(root, 'closed'), 0o755)
    expect(list.map((one) => one.error && report(one.error).code)).toEqual(['intake.unreadable', null])
  })
})

describe('a file', () => {
  it('is offered as it is, whether or not it is there', async () => {
    put('clip.mp4')
    expect(await offers(join(root, 'clip.mp4'))).toMatchObject([{ name: 'clip.mp4', size: 1, error: null }])
    expect(await offers(join(root, 'absent.mp4'))).toMatchObject([{ name: 'absent.mp4', size: null, error: null }])
    expect(await offers('bad\0name')).toMatchObject([{ name: 'bad\\x00name' }])
  })

  it('is found by a name that lost its bytes on the command line, unless two read alike', async () => {
    put(Buffer.from([0x62, 0xff]))
    const asSeen = join(root, 'b\ufffd')
    const [only] = await offers(asSeen)
    expect((only!.source as { path: Buffer }).path.at(-1)).toBe(0xff)
    put(Buffer.from([0x62, 0xfe]))
    const [refused] = await offers(asSeen)
    expect(report(refused!.error).code).toBe('intake.path-encoding')
  })

  it('behind a link and two dots is the one the system means', async () => {
    put('far/away/clip.mp4')
    put('far/here.mp4')
    symlinkSync(join(root, 'far', 'away'), join(root, 'near'))
    const [only] = await offers(`${root}/near/../here.mp4`)
    expect(only!.size).toBe(1)
  })

  it('uploaded is shown by the last part of the name that was sent', async () => {
    const upload = { upload: '6f0f7f5c-3ff0-4b3e-8e50-1a2b3c4d5e6f', name: 'C:\\fakepath\\a\u202eb.mp4' }
    const [only] = await all(upload)
    expect(only).toMatchObject({ name: 'a\\u202eb.mp4', path: '' })
  })
})
