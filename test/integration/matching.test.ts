/**
 * Known footage on real encoded clips: fingerprinted by the worker, matched in a real library, whatever the order, the
 * damage or the moment of a kill.
 */
import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { decideMatch } from '../../main/cases/decide-match.ts'
import { unrelate } from '../../main/cases/relate.ts'
import { undo } from '../../main/cases/undo.ts'
import { seenFrom } from '../../main/contract/matching.ts'
import { duplicateGroups, footageNotes, footageOf } from '../../main/findings/footage.ts'
import { fingerprintOf } from '../../main/jobs/fingerprint-run.ts'
import { ffmpegInfo } from '../../main/media/ffmpeg.ts'
import { forkSpawner } from '../../main/jobs/spawn-node.ts'
import { exportFingerprints } from '../../main/matching/export-fingerprints.ts'
import { importHashList } from '../../main/matching/import-list.ts'
import { createMatching, type LibraryMatching } from '../../main/matching/matching.ts'
import { outsideFile } from '../../main/matching/outside.ts'
import { verifyChain } from '../../main/store/audit.ts'
import { currentFinding } from '../../main/store/findings.ts'
import { putFingerprint, type NewFingerprint } from '../../main/store/fingerprints.ts'
import { scratch, type Scratch } from '../../main/store/fixtures/scratch.ts'
import { deleteHashList } from '../../main/store/hash-lists.ts'
import { lastOperation } from '../../main/store/operations.ts'
import { clipFolder, ffmpegPath, type ClipFolder } from '../fixtures/clip.ts'

const CLIPS = ['original', 'altered', 'boxed', 'other'] as const
type Clip = (typeof CLIPS)[number]

let clips: ClipFolder
let work: Scratch
const prints = new Map<Clip, NewFingerprint>()

/** A camera that wanders over a fractal by fits and starts, for 10 s. */
const SCENE = `mandelbrot=s=640x360:r=12:start_scale=0.08:end_scale=0.02:end_pts=120,crop=320:180:x='160+150*sin(2.1*t)*sin(0.53*t)':y='90+85*sin(1.3*t)*cos(0.9*t)',eq=contrast=1.4`

beforeAll(async () => {
  clips = clipFolder()
  const x264 = (crf: number): string[] => ['-an', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(crf), '-pix_fmt', 'yuv420p'] // prettier-ignore
  const original = clips.make('original.mp4', '-f', 'lavfi', '-i', SCENE, '-t', '10', ...x264(20))
  const logo = 'drawbox=x=iw*0.7:y=ih*0.06:w=iw*0.2:h=ih*0.14:color=white@0.9:t=fill'
  clips.make('altered.mp4', '-ss', '2', '-t', '7', '-i', original, '-vf', `hflip,crop=iw*0.9:ih*0.9,${logo}`, ...x264(30)) // prettier-ignore
  clips.make('boxed.mp4', '-i', original, '-vf', 'pad=iw:ih*4/3:0:ih/6', ...x264(24))
  clips.make('other.mp4', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=12:d=8', ...x264(24))
  work = scratch()
  const ffmpeg = await ffmpegInfo(ffmpegPath())
  const spawner = forkSpawner(new URL('../../main/worker.ts', import.meta.url))
  for (const clip of CLIPS) {
    const evidence = await outsideFile(join(clips.path, `${clip}.mp4`))
    const made = await fingerprintOf(work.lib, spawner, evidence, { models: '/none', ffmpeg, threads: 1 })
    prints.set(clip, made!)
  }
}, 600_000)
afterAll(() => {
  work?.remove()
  clips?.remove()
})

let at: Scratch
let matching: LibraryMatching
const defects: unknown[] = []
const ids = new Map<Clip, string>()

const start = (): LibraryMatching => createMatching(at.lib, { onItems: () => {}, onState: () => {}, onDefect: (error) => defects.push(error) }) // prettier-ignore

beforeEach(() => {
  at = scratch()
  defects.length = 0
  ids.clear()
  matching = start()
})
afterEach(async () => {
  await matching.close()
  at.remove()
})

async function arrive(...wanted: Clip[]): Promise<void> {
  for (const clip of wanted) ids.set(clip, (await at.item(clip)).id)
}
function fingerprinted(clip: Clip): void {
  at.lib.change('assay', () => putFingerprint(at.lib, ids.get(clip)!, prints.get(clip)!))
}
/** Each is there, fingerprinted and matched before the next comes. */
async function admit(...wanted: Clip[]): Promise<void> {
  for (const clip of wanted) {
    await arrive(clip)
    fingerprinted(clip)
    matching.wake()
    await matching.idle()
  }
}
const of = (clip: Clip) => footageOf(at.lib, ids.get(clip)!)
const finding = (clip: Clip) => currentFinding(at.lib, ids.get(clip)!, 'known-footage')?.output
const actions = () => at.lib.db.prepare('SELECT action FROM audit').pluck().all() as string[]
const inIndex = (name: string): string => join(at.lib.paths.derived, 'matching', name)

describe('a mirrored, cropped copy with a logo', () => {
  test('is reported with the stretch that it shows, on both items, as context', async () => {
    await admit('original')
    expect(finding('original')?.applicability).toMatchObject({ state: 'abstained' })
    expect(finding('original')?.applicability.reason).toContain('no other footage in the library')
    await admit('other', 'altered')
    const [match, ...more] = of('altered').matches
    expect(more).toEqual([])
    expect(match).toMatchObject({ kind: 'footage', mirrored: true, strength: 'strong', state: 'open' })
    const { other, segments } = seenFrom(match!, ids.get('altered')!)
    expect(other.evidenceId).toBe(ids.get('original'))
    expect(segments[0]!.start).toBeLessThan(1.1)
    expect(segments[0]!.end).toBeGreaterThan(4.9)
    expect(segments[0]!.otherStart - segments[0]!.start).toBeCloseTo(2, 0)

    for (const clip of ['altered', 'original'] as const) {
      const output = finding(clip)!
      expect(output).toMatchObject({ applicability: { state: 'ran' }, score: null })
      expect(output.observations).toMatchObject([{ code: 'known-footage.footage', weight: 'context' }])
      expect(output.segments).toHaveLength(1)
      expect(output.explanation).toContain('no manipulation by itself')
    }
    expect(finding('other')).toMatchObject({ applicability: { state: 'ran' }, segments: [], observations: [] })
    expect(footageNotes(at.lib, new Map())(ids.get('other')!)).toMatchObject({ matches: 0, best: null })
    expect(defects).toEqual([])
  })

  test('is the same pair when the copy came first', async () => {
    await admit('altered', 'original')
    const [match] = of('original').matches
    expect(match).toMatchObject({ kind: 'footage', mirrored: true })
    expect(match!.fresh.evidenceId).toBe(ids.get('original'))
    const [segment] = match!.segments
    expect(segment!.from - segment!.knownFrom).toBeCloseTo(2, 0)
  })

  test('is the same match whichever of two was fingerprinted first', async () => {
    await admit('original', 'altered')
    const [first] = of('altered').matches
    await matching.close()
    at.remove()
    at = scratch()
    matching = start()
    await arrive('original', 'altered')
    for (const clip of ['altered', 'original'] as const) {
      fingerprinted(clip)
      matching.wake()
      await matching.idle()
    }
    const [second] = of('altered').matches
    const what = ({ id, segments, kind, words }: NonNullable<typeof first>) => ({ id, segments, kind, words })
    expect(what(second!)).toEqual(what(first!))
  })
})

describe('copies of each other', () => {
  test('are one group on the board, and say so on each row', async () => {
    await admit('original', 'boxed', 'other')
    expect(duplicateGroups(at.lib)).toEqual([
      { id: expect.any(String) as string, evidenceIds: [ids.get('original')!, ids.get('boxed')!].sort() },
    ])
    const note = footageNotes(at.lib, new Map([[ids.get('original')!, 'the name']]))(ids.get('boxed')!)
    expect(note.best).toMatchObject({ otherName: 'the name', nearDuplicate: true, state: 'open' })
  })
})

describe('what an analyst decides', () => {
  test('accepting makes the relation with the times in both; withdrawing it opens the match again', async () => {
    await admit('original', 'altered')
    const [match] = of('altered').matches
    const accepted = decideMatch(at.lib, { id: match!.id, decision: 'accept', reason: 'The same street.', caseId: null }, 'analyst') // prettier-ignore
    expect(accepted).toMatchObject({ state: 'accepted', reason: 'The same street.', actor: 'analyst' })
    const relation = at.lib.db.prepare('SELECT * FROM relation').get() as Record<string, string>
    expect(relation).toMatchObject({ type: 'same-footage-as', from_id: ids.get('altered'), to_id: ids.get('original') })
    const { supports } = JSON.parse(relation['sourcing']!) as { supports: { evidenceId: string; start: number }[] }
    expect(new Set(supports.map(({ evidenceId }) => evidenceId))).toEqual(new Set([ids.get('altered'), ids.get('original')])) // prettier-ignore
    expect(finding('altered')?.observations[0]?.text).toContain('An analyst has confirmed it.')

    unrelate(at.lib, relation['id']!, 'analyst')
    expect(of('altered').matches[0]).toMatchObject({ state: 'open', relationId: null })
    expect(actions().filter((action) => action.startsWith('match.'))).toEqual(['match.accepted', 'match.reopened'])
    expect(finding('altered')?.observations[0]?.text).not.toContain('An analyst has confirmed it.')

    // Taking the withdrawal back makes the acceptance stand again.
    undo(at.lib, lastOperation(at.lib).id, 'analyst')
    expect(of('altered').matches[0]).toMatchObject({ state: 'accepted', relationId: relation['id'] })
    expect(finding('altered')?.observations[0]?.text).toContain('An analyst has confirmed it.')
    expect(verifyChain(at.lib.db).brokenAt).toBeNull()
  })

  test('a rejection needs a reason, is remembered, and the pair is not offered again', async () => {
    await admit('original', 'altered')
    const [match] = of('altered').matches
    const reject = (reason: string) => decideMatch(at.lib, { id: match!.id, decision: 'reject', reason, caseId: null }, 'analyst') // prettier-ignore
    expect(() => reject('')).toThrow('rejected')
    reject('Another street.')
    // Triaged again: fingerprinted and matched once more.
    at.lib.db.prepare('DELETE FROM matched').run()
    matching.wake()
    await matching.idle()
    expect(of('altered').matches).toMatchObject([{ id: match!.id, state: 'rejected', reason: 'Another street.' }])
    expect(footageNotes(at.lib, new Map())(ids.get('altered')!)).toMatchObject({ matches: 0 })
    expect(finding('altered')?.observations).toEqual([])
  })
})

describe('nothing is lost', () => {
  test('when the host goes away between the fingerprint and the match', async () => {
    await arrive('original', 'altered')
    fingerprinted('original')
    fingerprinted('altered')
    expect(of('altered').state).toBe('waiting')
    matching.wake()
    await matching.idle()
    expect(of('altered')).toMatchObject({ state: 'matched', matches: [{ kind: 'footage' }] })
  })

  test('when the index on disk is damaged, stale or of another library: it is made again, and said so', async () => {
    // One item alone needs no index.
    await admit('original', 'other')
    await matching.close()
    const name = readIndexName()
    truncateSync(inIndex(name), 500)
    matching = start()
    await admit('altered')
    expect(of('altered').matches).toHaveLength(1)
    expect(matching.state().notice).toContain('damaged')

    await matching.close()
    const catalogue = readFileSync(inIndex('catalogue'), 'utf8')
    writeFileSync(inIndex('catalogue'), catalogue.replace(at.lib.manifest.id, crypto.randomUUID()))
    matching = start()
    await admit('boxed')
    expect(of('boxed').matches).toHaveLength(2)
    expect(matching.state().notice).toContain('damaged')
    expect(defects).toEqual([])
  })

  test('when an index knows what the database does not: it is never trusted over it', async () => {
    await admit('original', 'other')
    await matching.close()
    // Triaged again by another version: the fingerprint is another one now.
    at.lib.change('assay', () => putFingerprint(at.lib, ids.get('original')!, prints.get('other')!))
    matching = start()
    await admit('altered')
    expect(of('altered').matches).toEqual([])
    expect(matching.state()).toMatchObject({ videos: 3, pending: 0, notice: null })
  })

  test('when a fingerprint in the database is damaged: its item says so, the others are matched', async () => {
    await admit('original')
    await arrive('other', 'altered')
    fingerprinted('other')
    at.lib.db.prepare('UPDATE fingerprint SET body = zeroblob(100) WHERE evidence_id = ?').run(ids.get('other'))
    fingerprinted('altered')
    matching.wake()
    await matching.idle()
    expect(finding('other')?.applicability).toMatchObject({ state: 'failed' })
    expect(finding('other')?.applicability.reason).toContain('run the triage again')
    expect(of('altered').matches).toHaveLength(1)
  })

  test('when the library is moved while it is open: no folder is made in its old place', async () => {
    await admit('original', 'other')
    const moved = join(at.folder, 'moved')
    renameSync(at.lib.folder, moved)
    await matching.close()
    expect(existsSync(at.lib.folder)).toBe(false)
    renameSync(moved, at.lib.folder)
    expect(existsSync(inIndex('catalogue'))).toBe(false)
    matching = start()
    await admit('altered')
    expect(of('altered').matches).toHaveLength(1)
  })
})

const readIndexName = (): string => `frames-${(JSON.parse((JSON.parse(readFileSync(inIndex('catalogue'), 'utf8')) as { body: string }).body) as { generation: string }).generation}` // prettier-ignore

describe('hash lists', () => {
  test('exported here and imported there, find the same footage, inside its borders too', async () => {
    await admit('original')
    const made = await exportFingerprints(at.lib, 'exchange-json', null, 'cli')
    expect(made).toMatchObject({ items: 1 })
    const text = readFileSync(join(at.lib.paths.exports, made.file), 'utf8')
    expect(text).not.toContain('clip.mp4')
    const theirs = clips.write('theirs.json', Buffer.from(text))
    await matching.close()
    at.remove()
    at = scratch()
    matching = start()
    await admit('boxed', 'other')
    const list = await importHashList(at.lib, { path: theirs, name: 'Their list' }, 'analyst')
    await matching.listsChanged()
    await matching.idle()
    expect(of('other').lists).toEqual([])
    expect(of('boxed').lists).toMatchObject([{ listName: 'Their list', entryId: expect.stringMatching(/^sha256:/) as string }]) // prettier-ignore
    expect(of('boxed').lists[0]!.frames).toBeGreaterThan(10)
    expect(finding('boxed')?.observations).toMatchObject([{ code: 'known-footage.listed', weight: 'context' }])
    // What comes later is held against it too; and when it goes, what was found goes with it.
    await admit('original')
    expect(of('original').lists).toHaveLength(1)
    at.lib.change('analyst', () => deleteHashList(at.lib, list.id))
    await matching.listsChanged(list.id)
    await matching.idle()
    expect(of('boxed').lists).toEqual([])
    expect(finding('boxed')?.observations.map(({ code }) => code)).toEqual(['known-footage.footage'])
  })
})

// Each runs whole programs, one of them a triage with every signal.
describe('assay', { timeout: 300_000 }, () => {
  const root = mkdtempSync(join(tmpdir(), 'assay-match-'))
  const library = join(root, 'library')
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  function assay(...args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
    const env = { ...process.env, ASSAY_CONFIG_DIR: join(root, 'config'), ASSAY_LOG: join(root, 'assay.log') }
    const script = join(import.meta.dirname, '..', '..', 'scripts', 'assay.mjs')
    return new Promise((done, fail) => {
      const child = spawn(process.execPath, [script, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
      let [stdout, stderr] = ['', '']
      child.stdout.on('data', (chunk: Buffer) => (stdout += String(chunk)))
      child.stderr.on('data', (chunk: Buffer) => (stderr += String(chunk)))
      child.on('error', fail)
      child.on('close', (status) => done({ status, stdout, stderr }))
    })
  }

  test('triage keeps the fingerprint; match finds the copy without taking it in', async () => {
    const triaged = await assay('triage', join(clips.path, 'original.mp4'), '--library', library, '--json')
    expect(triaged.status, triaged.stderr).toBe(0)
    const found = await assay('match', join(clips.path, 'altered.mp4'), join(clips.path, 'other.mp4'), '--library', library, '--json') // prettier-ignore
    expect(found.status, found.stderr).toBe(0)
    const [altered, other] = found.stdout.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>) // prettier-ignore
    expect(altered).toMatchObject({
      evidenceId: null,
      videos: 1,
      matches: [{ kind: 'footage', mirrored: true, known: { name: 'original.mp4' } }],
    })
    expect(other).toMatchObject({ matches: [], lists: [], reason: '' })
  })

  test('match refuses what is no video, with its reason, and goes on', async () => {
    const text = clips.write('notes.mp4', Buffer.from('not a video at all'))
    const ran = await assay('match', text, join(clips.path, 'altered.mp4'), '--library', library)
    expect(ran.status).toBe(2)
    expect(ran.stdout).toContain('intake.not-video')
    expect(ran.stdout).toMatch(/“original\.mp4”: same footage, \d+ s, mirrored \(strong support\)/)
  })

  test('fingerprints go out and come in', async () => {
    const out = join(root, 'ours.csv')
    const exported = await assay('fingerprints', 'export', '--library', library, '--out', out)
    expect(exported.status, exported.stderr).toBe(0)
    expect(readFileSync(out, 'utf8')).toMatch(/^hash,quality,id\n[0-9a-f]{64},\d+,sha256:[0-9a-f]{64}\n/)
    expect((await assay('fingerprints', 'export', '--library', library, '--out', out)).status).toBe(2)
    const imported = await assay('fingerprints', 'import', out, '--library', library, '--name', 'Own list')
    expect(imported.stdout).toContain('1 of 1 items show something of the lists')
    const again = await assay('fingerprints', 'import', out, '--library', library)
    expect(again).toMatchObject({ status: 2 })
    expect(again.stderr).toContain('matching.list')
    const broken = join(root, 'broken.csv')
    writeFileSync(broken, 'hash,quality\nabc,50\n')
    const refused = await assay('fingerprints', 'import', broken, '--library', library)
    expect(refused.stderr).toContain('no hash of 64 hex digits')
    mkdirSync(join(root, 'folder'))
    expect((await assay('fingerprints', 'import', join(root, 'folder'), '--library', library)).stderr).toContain('intake.not-regular') // prettier-ignore
    expect((await assay('fingerprints', 'lists', '--library', library)).stdout).toContain('Own list')
  })
})
