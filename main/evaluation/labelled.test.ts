import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Failure } from '../errors.ts'
import { parseManifest, readLabelled } from './labelled.ts'

const parse = (text: string) => parseManifest(new TextEncoder().encode(text), '/set')
const refused = (detail: RegExp) =>
  expect.objectContaining({ code: 'evaluation.material', detail: expect.stringMatching(detail) })

describe('a table of labelled files', () => {
  test('names columns in any order, and files in any of the four labels', () => {
    const text =
      '# made by hand\nnotes\tlabel\tgroup\tpath\tsource\nx\tfake\tann\ta.mp4\tGHOST\n\n\treal\tbob\t/b/c.mp4\t\r\n'
    expect(parse(text)).toEqual([
      { path: join('/set', 'a.mp4'), name: 'a.mp4', manipulated: true, source: 'GHOST', group: 'ann' },
      { path: '/b/c.mp4', name: '/b/c.mp4', manipulated: false, source: 'b', group: 'bob' },
    ])
  })

  test('a file without a group stands for itself', () => {
    const [first, second] = parse('path\tlabel\na.mp4\tgenuine\nb.mp4\tManipulated\n')
    expect(first!.group).not.toBe(second!.group)
    expect(second!.manipulated).toBe(true)
  })

  test.each([
    ['no columns', 'a.mp4\tfake\n', /no "path"/],
    ['no label column', 'path\nx\n', /no "label"/],
    ['an unknown label', 'path\tlabel\na.mp4\tdoctored\n', /Line 2: the label/],
    ['a missing cell', 'path\tlabel\na.mp4\n', /Line 2: the label/],
    ['an empty path', 'path\tlabel\n\tfake\n', /Line 2 names no file/],
    ['a path that ends early', 'path\tlabel\na\0.mp4\tfake\n', /names no file/],
    ['an endless path', `path\tlabel\n${'a'.repeat(5000)}\tfake\n`, /longer than/],
    ['a file twice', 'path\tlabel\na.mp4\tfake\n./a.mp4\treal\n', /twice/],
  ])('is refused with the line that is wrong: %s', (_, text, detail) => {
    expect(() => parse(text)).toThrow(refused(detail))
  })

  test('is refused where it is not text', () => {
    expect(() => parseManifest(Uint8Array.of(0xff, 0xfe, 0x00), '/set')).toThrow(refused(/UTF-8/))
  })

  test('whatever it holds, it is read or refused', () => {
    const cell = fc.oneof(fc.constantFrom('path', 'label', 'fake', 'real', '\t', '\n', '#', '\r\n'), fc.string())
    fc.assert(
      fc.property(fc.array(cell), (cells) => {
        try {
          for (const { path, group } of parse(`path\tlabel\n${cells.join('')}`)) expect(path && group).toBeTruthy()
        } catch (error) {
          expect(error).toBeInstanceOf(Failure)
        }
      }),
    )
  })
})

describe('a labelled folder', () => {
  let home: string
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'assay-labelled-'))
  })
  afterAll(() => rm(home, { recursive: true, force: true }))

  test('takes its labels from genuine/ and manipulated/, and sources from the folders in them', async () => {
    await mkdir(join(home, 'set', 'manipulated', 'GHOST'), { recursive: true })
    await mkdir(join(home, 'set', 'genuine'))
    await mkdir(join(home, 'set', 'notes'))
    for (const name of ['manipulated/GHOST/a.mp4', 'genuine/b.mp4', 'genuine/.hidden', 'notes/c.mp4'])
      await writeFile(join(home, 'set', name), 'x')
    await symlink('/etc/passwd', join(home, 'set', 'genuine', 'link')).catch(() => {})
    const { name, files } = await readLabelled(join(home, 'set'))
    expect(name).toBe('set')
    expect(files.map((file) => [file.name, file.manipulated, file.source])).toEqual([
      [join('genuine', 'b.mp4'), false, 'set'],
      [join('manipulated', 'GHOST', 'a.mp4'), true, 'GHOST'],
    ])
  })

  test('a table in the folder goes first', async () => {
    await mkdir(join(home, 'tabled', 'genuine'), { recursive: true })
    await writeFile(join(home, 'tabled', 'genuine', 'b.mp4'), 'x')
    await writeFile(join(home, 'tabled', 'manifest.tsv'), 'path\tlabel\na.mp4\tfake\n')
    expect((await readLabelled(join(home, 'tabled'))).files.map(({ name }) => name)).toEqual(['a.mp4'])
  })

  test('is refused where there is nothing to read', async () => {
    await mkdir(join(home, 'empty'))
    await expect(readLabelled(join(home, 'empty'))).rejects.toEqual(refused(/neither manifest/))
    await expect(readLabelled(join(home, 'nowhere'))).rejects.toEqual(refused(/nothing at/))
  })
})
