import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AcquisitionDetails, type IntakeItem } from '../../main/contract/intake.ts'
import { Failure } from '../../main/errors.ts'
import { createIntake, type Intake, type IntakeOptions, type IntakeOrder } from '../../main/intake/intake.ts'
import { findFfmpeg } from '../../main/media/ffmpeg.ts'
import { custodyOf, evidenceById, evidenceFile, listEvidence, vaultFile } from '../../main/store/evidence.ts'
import { insertIntake, intakeById, markMoving } from '../../main/store/intake.ts'
import { createLibrary, openLibrary, type Library } from '../../main/store/library.ts'
import { verifyLibrary } from '../../main/store/verify.ts'

const HOST = join(import.meta.dirname, 'fixtures', 'intake-host.ts')
const MEDIA = {
  'clip.mp4': ['mp4', '-c:v', 'mpeg4'],
  'clip.mov': ['mov', '-c:v', 'mjpeg'],
  'clip.mkv': ['matroska', '-c:v', 'mpeg4'],
  'clip.webm': ['webm', '-c:v', 'libvpx', '-deadline', 'realtime', '-c:a', 'libvorbis'],
  'clip.avi': ['avi', '-c:v', 'mpeg4'],
  'clip.ts': ['mpeg-ts', '-c:v', 'mpeg2video'],
  'clip.mpg': ['mpeg-ps', '-c:v', 'mpeg2video'],
  'clip.flv': ['flv', '-c:v', 'flv', '-ar', '44100'],
  'clip.wmv': ['asf', '-c:v', 'wmv2'],
  'clip.ogg': ['ogg', '-vn', '-c:a', 'flac'],
  'clip.wav': ['wav', '-vn'],
  'clip.mp3': ['mp3', '-vn', '-c:a', 'libmp3lame'],
  'clip.flac': ['flac', '-vn'],
} as const

let media: string
let root: string
let lib: Library
let intake: Intake
let told: IntakeItem[]
let admitted: { evidenceId: string; duplicate: boolean; caseId: string | null }[]
let defects: unknown[]
let mounts: string[]

beforeAll(() => {
  media = mkdtempSync(join(tmpdir(), 'assay-intake-media-'))
  const sources = ['-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=5:d=1', '-f', 'lavfi', '-i', 'sine=d=1']
  for (const [name, [, ...coding]] of Object.entries(MEDIA))
    execFileSync(findFfmpeg()!, ['-nostdin', '-v', 'error', ...sources, ...coding, join(media, name)])
})
afterAll(() => rmSync(media, { recursive: true, force: true }))
beforeEach(() => {
  mounts = []
  root = mkdtempSync(join(tmpdir(), 'assay-intake-'))
  lib = createLibrary(join(root, 'library'), 'Test')
  start()
})
afterEach(async () => {
  await intake.close()
  lib.close()
  // Lazily, since a failed test may still have something open there.
  for (const folder of mounts) spawnSync('umount', ['-l', folder])
  rmSync(root, { recursive: true, force: true })
})

/** Begins anew, as a host would after it opened the library. */
function start(options: Partial<IntakeOptions> = {}): void {
  told = []
  admitted = []
  defects = []
  intake = createIntake(lib, {
    actor: 'analyst',
    onItem: (item) => told.push(item),
    onAdmitted: (one) => void admitted.push(one),
    uploadPath: (id) => join(lib.paths.staging, `${id}.part`),
    onDefect: (error) => defects.push(error),
    ...options,
  })
}
const order = (files: IntakeOrder['files'], rest: Partial<IntakeOrder> = {}): IntakeOrder => ({
  files,
  storage: 'copy',
  details: AcquisitionDetails.parse({ source: 'a friend', tlp: 'GREEN' }),
  caseId: null,
  ...rest,
})
/** Adds paths, waits, and answers with how each ended, in the order they were queued. */
async function take(paths: string[], rest: Partial<IntakeOrder> = {}): Promise<IntakeItem[]> {
  const items = await intake.add(
    order(
      paths.map((path) => ({ path })),
      rest,
    ),
  )
  await intake.idle()
  const ended = new Map(intake.list().map((item) => [item.id, item]))
  expect(defects).toEqual([])
  return items.map((item) => ended.get(item.id)!)
}
const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')
const clip = (name: keyof typeof MEDIA = 'clip.mp4') => join(media, name)
/** A file of that size that starts like a video. */
function bulky(name: string, mebibytes: number): string {
  const file = join(root, name)
  copyFileSync(clip(), file)
  appendFileSync(file, name)
  truncateSync(file, mebibytes * 2 ** 20)
  return file
}
const sound = async () => expect(await verifyLibrary(lib)).toMatchObject({ ok: true, problems: [] })

describe('what is taken in', () => {
  it('is every container on the list, known by its bytes, stored whole and read-only', async () => {
    const names = Object.keys(MEDIA) as (keyof typeof MEDIA)[]
    const items = await take(names.map((name) => clip(name)))
    expect(items.map((item) => item.state)).toEqual(names.map(() => 'admitted'))
    for (const [index, name] of names.entries()) {
      const evidence = evidenceById(lib, items[index]!.evidenceId!)
      expect(evidence).toMatchObject({ container: MEDIA[name][0], name, tlp: 'GREEN', sha256: sha256(clip(name)) })
      const stored = vaultFile(lib, evidence.sha256)
      expect(sha256(stored)).toBe(evidence.sha256)
      expect(statSync(stored).mode & 0o777).toBe(0o444)
      expect(custodyOf(lib, evidence.id).map((step) => step.action)).toEqual(['acquired', 'hashed', 'stored'])
    }
    expect(readdirSync(lib.paths.staging)).toEqual([])
    await sound()
  })

  it('may have a date that no calendar has', async () => {
    const file = join(root, 'old.mp4')
    copyFileSync(clip(), file)
    utimesSync(file, -70_000_000_000, -70_000_000_000)
    expect((await take([file]))[0]!.state).toBe('admitted')
  })

  it('leaves the source exactly as it was', async () => {
    const before = statSync(clip(), { bigint: true })
    await take([clip()])
    const after = statSync(clip(), { bigint: true })
    expect([after.mode, after.mtimeNs, after.ino, after.nlink]).toEqual([
      before.mode,
      before.mtimeNs,
      before.ino,
      before.nlink,
    ])
  })

  it('is 40 files at once, each told as it goes', async () => {
    for (let i = 0; i < 40; i += 1) {
      copyFileSync(clip(), join(root, `${i}.mp4`))
      appendFileSync(join(root, `${i}.mp4`), `tail ${i}`)
    }
    const items = await take(Array.from({ length: 40 }, (_, i) => join(root, `${i}.mp4`)))
    expect(items.every((item) => item.state === 'admitted' && item.done === item.size)).toBe(true)
    expect(new Set(items.map((item) => item.evidenceId)).size).toBe(40)
    expect(admitted).toHaveLength(40)
    for (const { id } of items) {
      const states = told.filter((item) => item.id === id).map((item) => item.state)
      expect([...new Set(states)]).toEqual(['waiting', 'reading', 'admitted'])
    }
    await sound()
  })

  it('is a folder, in order, and names that are not text', async () => {
    const folder = Buffer.from(join(root, 'card'))
    mkdirSync(folder)
    copyFileSync(clip(), Buffer.concat([folder, Buffer.from('/b'), Buffer.from([0xff, 0xfe]), Buffer.from('.mp4')]))
    writeFileSync(join(root, 'card', 'a.json'), '{"title": "not a video"}')
    const items = await take([folder.toString()])
    expect(items.map((item) => [item.name, item.state, item.error?.code])).toEqual([
      ['a.json', 'refused', 'intake.not-video'],
      ['b\\xff\\xfe.mp4', 'admitted', undefined],
    ])
  })

  it('is read with flat memory, however long', async () => {
    const file = bulky('long.mp4', 400)
    let most = 0
    await intake.close()
    start({ onItem: () => (most = Math.max(most, process.memoryUsage().rss)) })
    const before = process.memoryUsage().rss
    const [item] = await take([file], { storage: 'reference' })
    expect(item).toMatchObject({ state: 'admitted', size: 400 * 2 ** 20 })
    expect(most - before).toBeLessThan(100 * 2 ** 20)
  })
})

describe('a duplicate', () => {
  it('is one item with one more arrival, and is not stored twice, even when both are read at once', async () => {
    const other = join(root, 'other name.mp4')
    copyFileSync(clip(), other)
    const items = await take([clip(), other, clip()])
    expect(items.map((item) => item.state).sort()).toEqual(['admitted', 'duplicate', 'duplicate'])
    expect(admitted.map((one) => one.duplicate).sort()).toEqual([false, true, true])
    const [item, ...more] = listEvidence(lib)
    expect(more).toEqual([])
    expect(item!.acquisitions.map((one) => one.name).sort()).toEqual(['clip.mp4', 'clip.mp4', 'other name.mp4'])
    expect(custodyOf(lib, item!.id).filter((step) => step.action === 'duplicate-received')).toHaveLength(2)
    expect(readdirSync(lib.paths.vault, { recursive: true })).toHaveLength(2)
    await sound()
  })

  it('of an original that the vault has lost puts it back', async () => {
    const [item] = await take([clip()])
    const stored = evidenceFile(lib, item!.evidenceId!).path
    rmSync(stored)
    expect((await take([clip()])).map((one) => one.state)).toEqual(['duplicate'])
    expect(sha256(stored)).toBe(sha256(clip()))
    await sound()
  })

  it('added as a copy frees an item that was left in place from its file', async () => {
    const file = join(root, 'left.mp4')
    copyFileSync(clip(), file)
    const [item] = await take([file], { storage: 'reference' })
    await take([file])
    rmSync(file)
    expect(evidenceById(lib, item!.evidenceId!).storage).toBe('copied')
    await sound()
  })
})

describe('storage by choice', () => {
  it('links to the very file, and leaves its mode alone', async () => {
    const file = join(root, 'mine.mp4')
    copyFileSync(clip(), file)
    chmodSync(file, 0o640)
    const [item] = await take([file], { storage: 'link' })
    const evidence = evidenceById(lib, item!.evidenceId!)
    expect(evidence.storage).toBe('linked')
    expect(statSync(vaultFile(lib, evidence.sha256)).ino).toBe(statSync(file).ino)
    expect(statSync(file).mode & 0o777).toBe(0o640)
    await sound()
  })

  it('copies where a link is not possible', async () => {
    const elsewhere = existsSync('/dev/shm') ? mkdtempSync('/dev/shm/assay-') : null
    if (!elsewhere || statSync(elsewhere).dev === statSync(root).dev) return
    copyFileSync(clip(), join(elsewhere, 'far.mp4'))
    const [item] = await take([join(elsewhere, 'far.mp4')], { storage: 'link' })
    rmSync(elsewhere, { recursive: true })
    expect(evidenceById(lib, item!.evidenceId!).storage).toBe('copied')
  })

  it('clones instead of copying where the file system can, so that it takes no room', async () => {
    const disk = mountImage('mkfs.btrfs', 300)
    if (!disk) return
    const file = join(disk, 'clip.mp4')
    copyFileSync(bulky('big.mp4', 8), file)
    const cloned = createLibrary(join(disk, 'library'), 'Clones')
    const one = createIntake(cloned, { actor: 'cli', onItem() {}, onAdmitted() {}, uploadPath: () => undefined })
    await one.add(order([{ path: file }]))
    await one.idle()
    const [item] = listEvidence(cloned)
    expect(item).toMatchObject({ storage: 'reflinked', sha256: sha256(file) })
    expect(statSync(vaultFile(cloned, item!.sha256)).mode & 0o777).toBe(0o444)
    writeFileSync(file, 'the source changes')
    expect((await verifyLibrary(cloned)).ok).toBe(true)
    await one.close()
    cloned.close()
  })

  it('leaves a file in place, with its identity, and finds out when it is replaced', async () => {
    const file = join(root, 'left.mp4')
    copyFileSync(clip(), file)
    const [item] = await take([file], { storage: 'reference' })
    const { ino, mtimeNs } = statSync(file, { bigint: true })
    expect(evidenceFile(lib, item!.evidenceId!)).toMatchObject({
      path: file,
      identity: { ino: `${ino}`, mtimeNs: `${mtimeNs}` },
    })
    expect(readdirSync(lib.paths.vault)).toEqual([])
    await sound()
    writeFileSync(file, 'something else')
    expect((await verifyLibrary(lib)).problems).toMatchObject([{ kind: 'vault-altered' }])
  })

  it('says clearly that a name which is not text cannot be left in place', async () => {
    const file = Buffer.concat([Buffer.from(root + '/'), Buffer.from([0xff]), Buffer.from('.mp4')])
    copyFileSync(clip(), file)
    mkdirSync(join(root, 'x'))
    renameSync(file, Buffer.concat([Buffer.from(join(root, 'x/')), Buffer.from([0xff])]))
    const [item] = await take([join(root, 'x')], { storage: 'reference' })
    expect(item!.error).toMatchObject({ code: 'intake.path-encoding', detail: expect.stringContaining('copy') })
  })
})

describe('a refusal', () => {
  it('has its own reason for each kind of bad input, is kept, and the queue goes on', async () => {
    const at = (name: string, text = '') => {
      writeFileSync(join(root, name), text)
      return join(root, name)
    }
    symlinkSync(clip(), join(root, 'link.mp4'))
    execFileSync('mkfifo', [join(root, 'fifo.mp4')])
    mkdirSync(join(root, 'folder.mp4'))
    truncateSync(at('sparse.mp4'), 2 ** 40)
    const cases: [path: string, code: string][] = [
      [at('text.mp4', 'This is no video.\n'), 'intake.not-video'],
      [at('playlist.mp4', '#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:9/x.ts\n'), 'intake.not-video'],
      [at('empty.mp4'), 'intake.empty'],
      [join(root, 'sparse.mp4'), 'intake.too-large'],
      [join(root, 'link.mp4'), 'intake.not-regular'],
      [join(root, 'fifo.mp4'), 'intake.not-regular'],
      [join(root, 'folder.mp4'), 'intake.not-regular'],
      ['/dev/zero', 'intake.not-regular'],
      [join(root, 'absent.mp4'), 'intake.not-found'],
      [join(root, 'x'.repeat(300)), 'intake.unreadable'],
      ['nul\0byte.mp4', 'intake.not-found'],
    ]
    const items = await take([...cases.map(([path]) => path), clip()])
    expect(items.slice(0, -1).map((item) => item.error?.code)).toEqual(cases.map(([, code]) => code))
    expect(items.at(-1)!.state).toBe('admitted')
    expect(items.slice(0, -1).every((item) => item.state === 'refused' && item.error!.remedy !== '')).toBe(true)
    const refused = lib.db.prepare("SELECT count(*) FROM audit WHERE action = 'intake.refused'").pluck().get()
    expect(refused).toBe(cases.length)
    expect(readdirSync(lib.paths.staging)).toEqual([])
    await sound()
  })

  it.each<[string, (file: string) => void]>([
    ['grows', (file) => appendFileSync(file, 'more')],
    ['shrinks', (file) => truncateSync(file, 2 ** 20)],
    ['is written to', (file) => writeSync(openSync(file, 'r+'), 'x', 100)],
  ])('comes for a file that %s while it is read', async (_, meddle) => {
    const file = bulky('busy.mp4', 24)
    await intake.close()
    let meddled = false
    start({
      onItem(item) {
        if (item.done > 0 && !meddled) meddle(file)
        meddled ||= item.done > 0
      },
    })
    const [item] = await take([file, clip()])
    expect(meddled).toBe(true)
    expect(item).toMatchObject({ state: 'refused', error: { code: 'intake.changed', retryable: true } })
    expect(listEvidence(lib)).toHaveLength(1)
    expect(readdirSync(lib.paths.staging)).toEqual([])
    await sound()
  })

  it('comes before anything is written where the disk has too little room', async () => {
    // Sparse, so that only the library's disk would be too small.
    const file = join(root, 'huge.mp4')
    copyFileSync(clip(), file)
    truncateSync(file, 60 * 2 ** 30)
    const full = mount('16m')
    if (!full) return
    const small = createLibrary(join(full, 'library'), 'Small')
    const one = createIntake(small, { actor: 'cli', onItem() {}, onAdmitted() {}, uploadPath: () => undefined })
    await one.add(order([{ path: file }]))
    await one.idle()
    expect(one.list()[0]!.error).toMatchObject({ code: 'store.full', detail: expect.stringContaining('free') })
    await one.close()
    small.close()
  })

  it('comes for a disk that fills while a file is copied, and the rest of the library is safe', async () => {
    const full = mount('64m')
    if (!full) return
    const file = bulky('big.mp4', 40)
    const small = createLibrary(join(full, 'library'), 'Small')
    let filled = false
    const one = createIntake(small, {
      actor: 'cli',
      onItem(item) {
        // Somebody else fills the disk while the copy is under way.
        if (item.done > 0 && !filled)
          spawnSync('dd', ['if=/dev/zero', `of=${join(full, 'filler')}`, 'bs=1M'], { stdio: 'ignore' })
        filled ||= item.done > 0
      },
      onAdmitted() {},
      uploadPath: () => undefined,
    })
    await one.add(order([{ path: file }]))
    await one.idle()
    expect(one.list()[0]).toMatchObject({ state: 'refused', error: { code: 'store.full' } })
    expect(readdirSync(small.paths.staging)).toEqual([])
    rmSync(join(full, 'filler'))
    await one.add(order([{ path: file }, { path: clip() }]))
    await one.idle()
    expect(one.list().map((item) => item.state)).toEqual(['admitted', 'admitted', 'refused'])
    expect((await verifyLibrary(small)).ok).toBe(true)
    await one.close()
    small.close()
  })

  it('comes where this user may write no file that large, and the library stays whole', async () => {
    await intake.close()
    lib.close()
    const file = bulky('big.mp4', 8)
    // In blocks of 512 bytes (POSIX): 4 MiB.
    const limited = spawnSync('sh', [
      '-c',
      'ulimit -f 8192; exec "$@"',
      'sh',
      process.execPath,
      HOST,
      lib.folder,
      file,
      clip(),
    ])
    expect(limited.stderr.toString()).toBe('')
    const ended = limited.stdout
      .toString()
      .trim()
      .split('\n')
      .slice(-2)
      .map((line) => JSON.parse(line) as IntakeItem)
    expect(ended).toMatchObject([
      { name: 'clip.mp4', state: 'admitted' },
      { name: 'big.mp4', state: 'refused', error: { code: 'store.full' } },
    ])
    lib = openLibrary(lib.folder)
    start()
    expect(readdirSync(lib.paths.staging)).toEqual([])
    await sound()
  })

  it('of more files than one order may have refuses the whole order', async () => {
    mkdirSync(join(root, 'many'))
    for (let i = 0; i <= 10_000; i += 1) linkSync(clip(), join(root, 'many', `${i}`))
    await expect(intake.add(order([{ path: join(root, 'many') }]))).rejects.toMatchObject({ code: 'request.invalid' })
    expect(intake.list()).toEqual([])
  })
})

describe('an upload', () => {
  const id = '0b5e4d1e-52d3-4b0a-9c59-0f3a3a1f7d11'
  const part = () => join(lib.paths.staging, `${id}.part`)

  it('is moved into the vault, not copied', async () => {
    copyFileSync(clip(), part())
    const { ino } = statSync(part())
    await intake.add(order([{ upload: id, name: 'C:\\fakepath\\dropped.mp4' }]))
    await intake.idle()
    const [item] = intake.list()
    expect(item).toMatchObject({ state: 'admitted', name: 'dropped.mp4', path: '' })
    const stored = evidenceFile(lib, item!.evidenceId!).path
    expect(statSync(stored)).toMatchObject({ ino })
    expect(statSync(stored).mode & 0o777).toBe(0o444)
    expect(readdirSync(lib.paths.staging)).toEqual([])
    await sound()
  })

  it('that is refused or known leaves nothing in staging', async () => {
    await take([clip()])
    copyFileSync(clip(), part())
    await intake.add(order([{ upload: id, name: 'again.mp4' }]))
    await intake.idle()
    expect(intake.list()[0]).toMatchObject({ state: 'duplicate' })
    writeFileSync(part(), 'text')
    await intake.add(order([{ upload: id, name: 'text.mp4' }]))
    await intake.idle()
    expect(intake.list()[0]!.error!.code).toBe('intake.not-video')
    await intake.add(order([{ upload: id, name: 'gone.mp4' }]))
    await intake.idle()
    expect(intake.list()[0]!.error!.code).toBe('intake.not-found')
    expect(readdirSync(lib.paths.staging)).toEqual([])
    await sound()
  })

  it.each([false, true])('caught by a kill between its move and its row is found where it went', async (first) => {
    copyFileSync(clip(), part())
    const hash = sha256(clip())
    const at = new Date().toISOString()
    const item: IntakeItem = {
      id,
      name: 'up.mp4',
      path: '',
      size: null,
      state: 'waiting',
      done: 0,
      evidenceId: null,
      error: null,
      at,
    }
    const file = { upload: id, name: 'up.mp4' }
    const { storage, details, caseId } = order([])
    insertIntake(lib, 'analyst', [{ item, request: { file, storage, details, caseId, movedTo: null } }])
    markMoving(lib, 'analyst', id, hash)
    mkdirSync(join(lib.paths.vault, hash.slice(0, 2)))
    renameSync(part(), vaultFile(lib, hash))
    // The same bytes may even come in by another way first.
    if (first) await take([clip()])
    intake.resume()
    await intake.idle()
    expect(intakeById(lib, id).item.state).toBe(first ? 'duplicate' : 'admitted')
    await sound()
  })
})

describe('what comes after admission', () => {
  it('is told with the case it was for, and its failure is kept with the file', async () => {
    const caseId = '7c9e6679-7425-40de-944b-e07fc1f90ae7'
    await intake.close()
    start({
      onAdmitted() {
        throw new Failure('record.not-found', 'case')
      },
    })
    const [item, next] = await take([clip(), clip('clip.mkv')], { caseId })
    expect(item).toMatchObject({ state: 'admitted', error: { code: 'record.not-found' } })
    expect(next!.state).toBe('admitted')
  })
})

describe('a host that goes away', () => {
  it('by closing puts what is unfinished back, and the next one finishes it', async () => {
    const files = [bulky('one.mp4', 64), bulky('two.mp4', 64), clip()]
    await intake.add(order(files.map((path) => ({ path }))))
    await intake.close()
    expect(intake.list().some((item) => item.state === 'waiting')).toBe(true)
    expect(intake.list().some((item) => item.state === 'refused')).toBe(false)
    expect(readdirSync(lib.paths.staging)).toEqual([])
    await expect(intake.add(order([{ path: clip() }]))).rejects.toMatchObject({ code: 'store.none' })
    start()
    intake.resume()
    await intake.idle()
    expect(intake.list().map((item) => item.state)).toEqual(['admitted', 'admitted', 'admitted'])
    await sound()
  })

  it('by kill -9 at any moment loses nothing and takes nothing twice', async () => {
    await intake.close()
    lib.close()
    const files = Array.from({ length: 8 }, (_, i) => bulky(`${i}.mp4`, 6))
    let adding = files
    for (const delay of [0, 40, 90, 150, 400]) {
      const host = spawn(process.execPath, [HOST, lib.folder, ...adding], { stdio: ['ignore', 'pipe', 'inherit'] })
      const exited = once(host, 'exit')
      host.stdout.on('data', (data: Buffer) => {
        if (data.includes('adding')) setTimeout(() => host.kill('SIGKILL'), delay)
      })
      await exited
      adding = []
    }
    lib = openLibrary(lib.folder)
    start()
    intake.resume()
    await intake.idle()
    expect(intake.list().map((item) => [item.name, item.state])).toEqual(
      files.map((_, i) => [`${7 - i}.mp4`, 'admitted']),
    )
    expect(listEvidence(lib).map((item) => item.acquisitions.length)).toEqual(files.map(() => 1))
    expect(readdirSync(lib.paths.staging)).toEqual([])
    await sound()
  })
})

/** A small disk of its own, where this user may mount one. */
function mount(size: string): string | null {
  return mounted(`disk-${size}`, ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs'])
}

/** A small disk of the file system that this program makes. */
function mountImage(mkfs: string, mebibytes: number): string | null {
  const image = join(root, 'image')
  writeFileSync(image, '')
  truncateSync(image, mebibytes * 2 ** 20)
  if (spawnSync(mkfs, ['-q', image]).status === 0) return mounted('image-disk', ['-o', 'loop', image])
  console.warn(`skipped: ${mkfs} is not on this machine`)
  return null
}

function mounted(name: string, how: string[]): string | null {
  const folder = join(root, name)
  mkdirSync(folder)
  if (spawnSync('mount', [...how, folder]).status !== 0) {
    console.warn('skipped: this user may not mount a small disk')
    return null
  }
  mounts.push(folder)
  return folder
}
