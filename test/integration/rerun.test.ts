/** Findings repeated: a case that was really triaged, sealed, and run again by the workers of a triage. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Finding } from '../../main/contract/findings.ts'
import type { Told } from '../../main/jobs/told.ts'
import type { Rerun } from '../../main/contract/rerun.ts'
import { followed } from '../../main/hosts/cli/told.ts'
import { inLibrary, type Client } from '../../main/hosts/cli/session.ts'
import { clipFolder, type ClipFolder } from '../fixtures/clip.ts'
import { resealed } from '../fixtures/resealed.ts'
import { PASSPHRASE, unpack, unzip } from '../fixtures/sealed-case.ts'

let clips: ClipFolder
let root = ''
let clip = ''
let library = ''
let files: Map<string, Uint8Array>
const bundle = (): string => join(root, 'sealed.zip')
const silent = { write: () => true }

const rerun = (client: Client, path: string, folder: string | null = null): Promise<Rerun> =>
  client.bundles.rerun({ source: { path }, folder }).then((work) => followed(work, silent))

beforeAll(async () => {
  clips = clipFolder()
  root = mkdtempSync(join(tmpdir(), 'assay-rerun-'))
  library = join(root, 'library')
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=2']
  const sound = ['-f', 'lavfi', '-i', 'sine=frequency=330:duration=2']
  clip = clips.make('clip.mp4', ...picture, ...sound, '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-c:a', 'aac')
  await inLibrary({ folder: library, create: true }, async ({ client, bench }) => {
    const made = await client.cases.create({ title: 'Clips to repeat' })
    await client.intake.add({ files: [{ path: clip }], caseId: made.id, storage: 'copy' })
    await bench.current().intake.idle()
    await bench.current().queue.idle()
    const out = { path: bundle(), overwrite: false }
    await followed(
      await client.bundles.seal({ caseId: made.id, formats: ['method'], evidence: 'all', passphrase: PASSPHRASE, out }),
      silent,
    )
  })
  files = await unzip(readFileSync(bundle()))
}, 240_000)
afterAll(() => {
  clips?.remove()
  rmSync(root, { recursive: true, force: true })
})

describe('a re-run', () => {
  it('of a real triaged case gives the same findings to the byte, in a library that knows nothing of it', async () => {
    const made = await inLibrary('ephemeral', ({ client }) => rerun(client, bundle()))
    const { counts, items, lines } = made
    expect(made.items.flatMap(({ findings }) => findings.filter(({ state }) => state === 'differs'))).toEqual([])
    expect(made).toMatchObject({ ok: true, from: 'bundle', problems: [] })
    expect(items).toMatchObject([{ original: 'bundle', filmstripSame: true }])
    expect(counts).toMatchObject({ differs: 0, otherMeans: 0 })
    expect(counts.same).toBeGreaterThan(4)
    // What rests on the library is said to; nothing else is left out.
    expect(items[0]!.findings.filter(({ state }) => state === 'not-repeated').map(({ signal }) => signal)).toEqual([
      'known-footage',
    ])
    expect(lines.at(-1)).toContain('Nothing that was repeated differs')
    expect(made.fingerprint).toMatch(/^[0-9a-f]{64}$/)
  }, 240_000)

  it('names one altered score, other parameters, another decoder and a missing model, however well sealed', async () => {
    const altered = resealed(files, (all) => {
      const path = 'data/findings.json'
      const findings = JSON.parse(Buffer.from(all.get(path)!).toString()) as Finding[]
      const of = (id: string): Finding['output'] => findings.find(({ output }) => output.id === id)!.output
      of('encoding').score = 0.987
      of('temporal').provenance.ffmpeg = 'ffmpeg version 0.1'
      of('provenance').provenance.parameters['extra'] = 1
      findings.push({ ...findings[0]!, output: { ...findings[0]!.output, id: 'model:gone' } })
      all.set(path, Buffer.from(JSON.stringify(findings)))
      // Only its hash is left: the original is found by it in the library, or in a folder under another name.
      const contents = JSON.parse(Buffer.from(all.get('data/bundle.json')!).toString()) as {
        evidence: { file: string | null }[]
        findings: { count: number }
      }
      all.delete(contents.evidence[0]!.file!)
      contents.evidence[0]!.file = null
      contents.findings.count += 1
      all.set('data/bundle.json', Buffer.from(JSON.stringify(contents)))
    })
    const folder = join(root, 'altered')
    unpack(altered, folder)
    const stick = join(root, 'stick')
    mkdirSync(join(stick, 'deep'), { recursive: true })
    writeFileSync(join(stick, 'deep', 'renamed.bin'), readFileSync(clip))

    const [without, made] = await inLibrary('ephemeral', async ({ client }) => [
      await rerun(client, folder),
      await rerun(client, folder, stick),
    ])
    expect(without).toMatchObject({ ok: false, counts: { same: 0, differs: 0 } })
    expect(without!.items[0]).toMatchObject({ original: 'missing' })

    const of = (signal: string) => made!.items[0]!.findings.find((one) => one.signal === signal)!
    expect(made).toMatchObject({ ok: false, problems: [], counts: { differs: 1, otherMeans: 2 } })
    expect(made!.items[0]!.original).toBe('folder')
    expect(of('encoding').state).toBe('differs')
    expect(of('encoding').differences).toEqual([{ field: 'score', was: '0.987', now: expect.any(String) }])
    expect(of('temporal')).toMatchObject({ state: 'other-means', differences: [] })
    expect(of('temporal').reasons[0]).toContain('Another decoder: ffmpeg version 0.1 then')
    expect(of('provenance').reasons).toEqual(['Parameter extra: 1 then, none here.'])
    expect(of('model:gone')).toMatchObject({ state: 'not-repeated', reasons: [expect.stringContaining('model:gone')] })
    expect(made!.lines.join('\n')).toContain('score: 0.987 then')
  }, 240_000)

  it('reads the method appendix of a report, and finds the originals in the library', async () => {
    const file = join(root, 'report.method.json')
    writeFileSync(file, files.get('data/report/report.method.json')!)
    const made = await inLibrary({ folder: library }, ({ client }) => rerun(client, file))
    expect(made).toMatchObject({ ok: true, from: 'method', fingerprint: null, counts: { differs: 0, otherMeans: 0 } })
    expect(made.items[0]).toMatchObject({ original: 'library', filmstripSame: true })
  }, 240_000)

  it('is what a merged bundle allows as well: the original and its findings come in, once, and go again', async () => {
    const silently = async <T>(work: Promise<AsyncIterable<Told<T>>>): Promise<T> => followed(await work, silent)
    await inLibrary('ephemeral', async ({ client }) => {
      const input = { source: { path: bundle() }, fingerprint: null }
      const preview = await silently(client.bundles.previewMerge(input))
      expect(preview).toMatchObject({ key: { known: 'new' }, conflictCount: 0, left: [] })
      const count = (kind: string) => preview.counts.find((one) => one.kind === kind)
      expect(count('evidence')).toMatchObject({ added: 1, same: 0 })
      const merged = await silently(client.bundles.merge({ ...input, seal: preview.seal }))
      expect(merged.evidenceIds).toHaveLength(1)
      const { findings } = await client.findings.forEvidence({ evidenceId: merged.evidenceIds[0]! })
      expect(findings.length).toBe(count('finding')!.added)
      const again = await silently(client.bundles.previewMerge(input))
      expect(again.key.known).toBe('seen')
      expect(again.counts.filter(({ added, differs }) => added + differs > 0)).toEqual([])
      expect(await silently(client.bundles.merge({ ...input, seal: preview.seal }))).toMatchObject({ operation: null })
      // The same bytes run again here, with the findings that came along to compare with.
      expect(await client.library.verify()).toMatchObject({ ok: true, evidenceChecked: 1 })
      await client.records.undo({ operationId: merged.operation!.id })
      expect(await client.library.verify()).toMatchObject({ ok: true, evidenceChecked: 0, problems: [] })
      await expect(silently(client.bundles.merge({ ...input, seal: '0'.repeat(64) }))).rejects.toMatchObject({
        code: 'merge.changed',
      })
    })
    const altered = join(root, 'not-whole')
    unpack(new Map(files).set('data/records.json', Buffer.from('{}')), altered)
    await inLibrary('ephemeral', async ({ client }) => {
      const look = client.bundles.previewMerge({ source: { path: altered } })
      await expect(silently(look)).rejects.toMatchObject({ code: 'bundle.altered' })
    })
  }, 240_000)

  it('refuses what tells of no findings', async () => {
    const file = join(root, 'letter.json')
    writeFileSync(file, '{"format":"letter"}')
    await inLibrary('ephemeral', async ({ client }) => {
      await expect(rerun(client, file)).rejects.toMatchObject({ code: 'rerun.nothing' })
      await expect(rerun(client, join(root, 'nowhere.zip'))).rejects.toMatchObject({ code: 'bundle.not-found' })
    })
  })
})
