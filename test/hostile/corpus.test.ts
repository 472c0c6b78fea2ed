/** Hostile files on the way that every file goes: in through intake, through ffmpeg, out as frames or a refusal. */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { displayName } from '../../main/intake/name.ts'
import { FAILURES } from '../../main/errors.ts'
import { makeCorpus, type Family, type HostileFile } from './corpus.ts'
import { decodeAll, listen, receiveAll, type Canary, type Outcome } from './receive.ts'

let folder: string
let work: string
let canary: Canary
let before: string[]
let leftovers: string[]
let results: { file: HostileFile; outcome: Outcome }[]

beforeAll(async () => {
  canary = await listen()
  folder = join(mkdtempSync(join(tmpdir(), 'assay-corpus-')), 'files')
  work = mkdtempSync(join(folder, '..', 'work-'))
  const files = makeCorpus({ folder, canary: canary.address })
  before = readdirSync(folder).sort()
  const received = await receiveAll(files.map(({ path }) => path))
  leftovers = received.leftovers
  results = files.map((file, i) => ({ file, outcome: received.outcomes[i]! }))
}, 600_000)
afterAll(async () => {
  await canary.close()
  rmSync(join(folder, '..'), { recursive: true, force: true })
})

const named = (file: HostileFile): string => displayName(basename(file.path.toString()))
const all = (family: Family): typeof results => results.filter(({ file }) => file.family === family)

/** What went otherwise than it should, as lines to read; none is a pass. */
function wrong(family: Family): string[] {
  return all(family).flatMap(({ file, outcome: { code, detail, frames } }) => {
    const seen = `${named(file)}: ${code ?? 'decoded'}, ${frames} frames${detail ? ` (${detail})` : ''}`
    if (code === 'internal' || (code && !(code in FAILURES))) return [`a defect: ${seen}`]
    if (file.fate === 'refused' && (!code || frames > 0)) return [`not refused: ${seen}`]
    if (file.fate === 'decoded' && (code || frames === 0)) return [`refused: ${seen}`]
    if (code && file.codes && !file.codes.includes(code)) return [`refused for another reason: ${seen}`]
    if (code && !/^(intake|media)\./.test(code)) return [`not about the file: ${seen}`]
    return []
  })
}

/** Characters that could act on a terminal or turn text around, where only text is due. */
const ACTIVE = /[\p{Cc}\u202a-\u202e\u2066-\u2069\u200e\u200f]/u

describe('files that name other files and addresses', () => {
  it('are refused, or give nothing but what lies in themselves', () => {
    expect(all('reference').length).toBeGreaterThan(40)
    expect(wrong('reference')).toEqual([])
  })

  it('are refused by the media stage as well, were intake to let them through', async () => {
    const playlists = all('reference').filter(({ outcome }) => outcome.code === 'intake.not-video')
    const passed: string[] = []
    for (const { file } of playlists) {
      const path = file.path.toString()
      const evidence = { path, sha256: '0'.repeat(64), size: statSync(path).size, identity: null }
      const { code, frames, secret } = await decodeAll(evidence, work)
      if (code !== 'media.unreadable' || frames > 0 || secret)
        passed.push(`${named(file)}: ${code ?? 'decoded'}, ${frames} frames`)
    }
    expect(passed).toEqual([])
    // The canary is looked at below; the secret itself would have been seen.
    const secret = join(folder, 'secret.mp4')
    const seen = await decodeAll(
      { path: secret, sha256: '0'.repeat(64), size: statSync(secret).size, identity: null },
      work,
    )
    expect(seen.secret).toBe(true)
  })
})

describe('damaged files', () => {
  it('are decoded as far as that goes, or refused with a reason', () => expect(wrong('corrupt')).toEqual([]))
  it('are not believed: a claim of 49 days is one second of video', () => {
    const claim = all('corrupt').find(({ file }) => named(file) === 'long-claim.mp4')
    expect(claim?.outcome.facts?.container.duration).toBeCloseTo(1, 1)
  })
})

describe('files that cost more than they weigh', () => {
  it('are refused as beyond a limit, or decoded within the limits', () => expect(wrong('bomb')).toEqual([]))
  it('do not bring their ten megabytes of title along', () => {
    for (const { outcome } of results) expect(JSON.stringify(outcome.facts ?? {}).length).toBeLessThan(400_000)
  })
  it('leave the program at its size', () => {
    expect(process.memoryUsage().rss).toBeLessThan(900 * 2 ** 20)
  })
})

describe('names that mean something elsewhere', () => {
  it('are names only', () => expect(wrong('name')).toEqual([]))
  it('are shown as plain text', () => {
    expect(all('name').filter(({ outcome }) => ACTIVE.test(outcome.item.name + outcome.item.path))).toEqual([])
  })
})

describe('tags that mean something elsewhere', () => {
  it('do no harm to the decode', () => expect(wrong('metadata')).toEqual([]))
  it('are there, as plain text', () => {
    for (const { outcome, file } of all('metadata')) {
      const texts: string[] = []
      const collect = (value: unknown): void => {
        if (typeof value === 'string') texts.push(value)
        else if (value && typeof value === 'object')
          for (const [key, inner] of Object.entries(value)) {
            texts.push(key)
            collect(inner)
          }
      }
      collect(outcome.facts)
      expect([named(file), texts.filter((text) => ACTIVE.test(text))]).toEqual([named(file), []])
      expect(Object.keys(outcome.facts!.container.tags).map((key) => key.toLowerCase())).toContain('title')
    }
  })
})

describe.skipIf(process.platform === 'win32')('links, pipes and devices', () => {
  it('are refused for what they are', () => {
    expect(all('object').length).toBeGreaterThan(6)
    expect(wrong('object')).toEqual([])
  })
})

describe('whatever came', () => {
  it('nothing asked an address for anything', () => expect(canary.heard).toEqual([]))
  it('no frame shows a file that nobody gave', () => {
    expect(results.filter(({ outcome }) => outcome.secret).map(({ file }) => named(file))).toEqual([])
  })
  it('nothing was run, written or left behind', () => {
    expect(existsSync(join(folder, 'ran'))).toBe(false)
    expect(existsSync('ran')).toBe(false)
    expect(readdirSync(folder).sort()).toEqual(before)
    expect([...leftovers, ...readdirSync(work)]).toEqual([])
  })
})
