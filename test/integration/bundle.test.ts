/** Sealed bundles: what is in them, that every alteration is caught and named, and that all three verifiers agree. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BundleCheck, BundleProblem } from '../../main/contract/bundles.ts'
import { createKey, listKeys, unlockKey } from '../../main/reports/keys.ts'
import { verifyBundle } from '../../main/reports/verify-bundle.ts'
import { checkBundle } from '../../main/reports/verify/check.ts'
import type { Contents } from '../../main/reports/verify/contents.ts'
import { nodeTools } from '../../main/reports/verify/node-tools.ts'
import { custodyOf, evidenceById, vaultFile } from '../../main/store/evidence.ts'
import { suitableNode } from '../../scripts/node24.mjs'
import { PASSPHRASE, sealedCase, unpack, unzip, type SealedCase } from '../fixtures/sealed-case.ts'
import { relist } from '../fixtures/resealed.ts'
import { emptyLibrary, NAMES } from '../fixtures/sample-case.ts'
import { zip as writeZip } from '../fixtures/zip.ts'
import { hasProgram } from '../fixtures/has-program.ts'

let sealed: SealedCase
let whole: Map<string, Uint8Array>
let scratch = ''
beforeAll(async () => {
  sealed = await sealedCase()
  whole = await unzip(readFileSync(sealed.zipFile))
  scratch = mkdtempSync(join(tmpdir(), 'assay-bundle-'))
})
afterAll(() => {
  sealed.remove()
  rmSync(scratch, { recursive: true, force: true })
})

const text = (files: ReadonlyMap<string, Uint8Array>, path: string): string => Buffer.from(files.get(path)!).toString()
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const inMemory = (files: ReadonlyMap<string, Uint8Array>): Promise<BundleCheck> =>
  checkBundle(
    {
      files: [...files].map(([path, bytes]) => ({
        path,
        size: bytes.length,
        async *read() {
          yield bytes
        },
      })),
    },
    nodeTools,
  )
const contents = (): Contents => JSON.parse(text(whole, 'data/bundle.json')) as Contents

describe('a sealed bundle', () => {
  it('is whole, says so, and names its key', async () => {
    const { check, lines } = await verifyBundle(sealed.zipFile, sealed.fingerprint)
    expect(check.problems).toEqual([])
    expect(check).toMatchObject({ ok: true, tlp: 'AMBER', signature: { state: 'holds', keyMatches: true } })
    expect(lines.at(-1)).toContain('The bundle is whole')
    expect(check.evidence).toEqual({ included: sealed.originals.length, hashesOnly: sealed.items.length })
  })

  it('is a BagIt 1.0 bag by the letter of RFC 8493', () => {
    expect(text(whole, 'bagit.txt')).toBe('BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n')
    const payload = [...whole].filter(([path]) => path.startsWith('data/'))
    const oxum = `${payload.reduce((sum, [, bytes]) => sum + bytes.length, 0)}.${payload.length}`
    expect(text(whole, 'bag-info.txt')).toContain(`\nPayload-Oxum: ${oxum}\n`)
    const listed = (path: string) =>
      new Map(
        text(whole, path)
          .trimEnd()
          .split('\n')
          .map((line) => [line.slice(66), line.slice(0, 64)] as const),
      )
    expect(listed('manifest-sha256.txt')).toEqual(new Map(payload.map(([path, bytes]) => [path, sha256(bytes)])))
    const tags = [...whole].filter(
      ([path]) => !path.startsWith('data/') && !['tagmanifest-sha256.txt', 'signature.json'].includes(path),
    )
    expect(listed('tagmanifest-sha256.txt')).toEqual(new Map(tags.map(([path, bytes]) => [path, sha256(bytes)])))
  })

  it('carries originals, derivatives, findings with what made them, custody and the audit chain', () => {
    const { evidence, derivatives, models, decoders, audit } = contents()
    for (const item of evidence)
      if (item.file) expect(sha256(whole.get(item.file)!)).toBe(item.sha256)
      else expect(sealed.originals).not.toContain(item.id)
    expect(derivatives.filter((one) => one.file).length).toBe(15)
    expect(models).toEqual([expect.objectContaining({ id: 'noise-spectrum' })])
    expect(decoders).toEqual(['ffmpeg version 5.1.9 (configuration 3f2a)'])
    const findings = JSON.parse(text(whole, 'data/findings.json')) as { output: { provenance: object } }[]
    expect(findings).toHaveLength(20)
    expect(findings.map((one) => one.output.provenance)).toContainEqual(
      expect.objectContaining({ parameters: { frames: 60, bins: 32, threshold: 0.5 }, seed: 7 }),
    )
    const links = text(whole, audit.file).trimEnd().split('\n')
    expect(links).toHaveLength(audit.links)
    expect(links.join('\n')).toContain('judgement.recorded')
    expect(text(whole, 'data/report/report.html')).toContain(NAMES.persian)
  })

  it('gives every file a name that any system takes, and no two the same', () => {
    const names = [...whole.keys()]
    for (const name of names) {
      expect(name).not.toMatch(/[\p{Cc}\p{Cf}\\:*?"<>|]|\.\.|^\//u)
      expect(Buffer.byteLength(name.split('/').at(-1)!)).toBeLessThan(200)
    }
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length)
    expect(names.filter((name) => name.startsWith('data/evidence/'))).toHaveLength(sealed.originals.length)
  })

  it('lists its files in an order that does not depend on chance', async () => {
    const again = await unzip(readFileSync(await sealed.seal()))
    expect([...again.keys()]).toEqual([...whole.keys()])
  })

  it('tells nothing of what another case is about', async () => {
    const chain = text(whole, 'data/audit.jsonl')
    expect(chain).toContain('"withheld":true')
    expect(chain).not.toContain('library.created')
    const without = await unzip(readFileSync(await sealed.seal({ omit: ['entities', 'judgements', 'findings'] })))
    const all = [...without.values()].map((bytes) => Buffer.from(bytes).toString()).join('\n')
    expect(all).not.toContain('For Humanity')
    expect(all).not.toContain('The video was manipulated')
    expect(JSON.parse(text(without, 'data/findings.json'))).toEqual([])
    expect((await inMemory(without)).problems).toEqual([])
  })

  it('records the sealing, and in the custody log which bytes left', () => {
    const of = (id: string) => custodyOf(sealed.lib, id).find((entry) => entry.action === 'exported')?.detail
    expect(of(sealed.originals[0]!)).toMatch(/^with its bytes in the sealed bundle/)
    expect(of(sealed.items[0]!)).toMatch(/^by its hashes in the sealed bundle/)
  })

  it('is not made from an original that was altered, and leaves nothing behind', async () => {
    const { sha256: hash } = evidenceById(sealed.lib, sealed.originals[1]!)
    const file = vaultFile(sealed.lib, hash)
    const bytes = readFileSync(file)
    const before = readdirSync(sealed.lib.paths.exports)
    writeFileSync(file, Buffer.from(bytes).fill(1, 7, 8))
    try {
      await expect(sealed.seal()).rejects.toMatchObject({ code: 'vault.altered' })
    } finally {
      writeFileSync(file, bytes)
    }
    expect(readdirSync(sealed.lib.paths.exports)).toEqual(before)
    expect(readdirSync(sealed.lib.paths.staging)).toEqual([])
  })
})

/** One way to alter a bundle, and what the check must then say. */
interface Alteration {
  readonly name: string
  readonly apply: (files: Map<string, Uint8Array>) => void
  readonly expects: (problems: readonly BundleProblem[]) => boolean
}

const at = <T>(list: readonly T[], n: number): T => list[n % list.length]!
const named = (kind: BundleProblem['kind'], path: string) => (problems: readonly BundleProblem[]) =>
  problems.some((problem) => problem.kind === kind && problem.path === path)

function flipped(bytes: Uint8Array, place: number, by: number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy[place % copy.length]! ^= (by % 255) + 1
  return copy
}

/** The signature is over the tag manifest; everything else that can be flipped is a listed file. */
const byteFlip = (path: string, place: number, by: number): Alteration => ({
  name: `flip byte ${place} of ${path}`,
  apply: (files) => files.set(path, flipped(files.get(path)!, place, by)),
  expects: (problems) =>
    problems.some((problem) =>
      path === 'signature.json' || path === 'tagmanifest-sha256.txt'
        ? ['signature.json', path].includes(problem.path)
        : problem.path === path && ['altered', 'malformed', 'chain', 'incomplete'].includes(problem.kind),
    ),
})

const alteration = (paths: readonly string[]): fc.Arbitrary<Alteration> => {
  const n = fc.nat(1_000_000)
  const listed = paths.filter((path) => path !== 'signature.json' && path !== 'tagmanifest-sha256.txt')
  const free = listed.filter((path) => !['bagit.txt', 'manifest-sha256.txt'].includes(path))
  const audit = 'data/audit.jsonl'
  const lines = (files: ReadonlyMap<string, Uint8Array>): string[] => text(files, audit).trimEnd().split('\n')
  const put = (files: Map<string, Uint8Array>, all: string[]): void =>
    void files.set(audit, Buffer.from(all.join('\n') + '\n'))
  return fc.oneof(
    { weight: 4, arbitrary: fc.tuple(n, n, n).map(([a, b, c]) => byteFlip(at(paths, a), b, c)) },
    fc.tuple(n, n).map(([a, b]) => {
      const path = at(free, a)
      return {
        name: `cut ${path} short`,
        apply: (files) => files.set(path, files.get(path)!.subarray(0, b % files.get(path)!.length)),
        expects: named('altered', path),
      } satisfies Alteration
    }),
    n.map((a): Alteration => {
      const path = at(free, a)
      return { name: `remove ${path}`, apply: (files) => void files.delete(path), expects: named('missing', path) }
    }),
    fc.tuple(n, fc.uint8Array({ maxLength: 50 })).map(([a, bytes]): Alteration => {
      const path = `data/evidence/X${a}.mp4`
      return { name: `add ${path}`, apply: (files) => void files.set(path, bytes), expects: named('added', path) }
    }),
    n.map((a): Alteration => {
      const path = at(free, a)
      const now = `${path}.bak`
      return {
        name: `rename ${path}`,
        apply(files) {
          files.set(now, files.get(path)!)
          files.delete(path)
        },
        expects: (problems) =>
          problems.some((one) => one.kind === 'renamed' && one.path === path && one.message.includes(now)),
      } satisfies Alteration
    }),
    fc.tuple(n, n).map(([a, b]) => {
      const one = at(free, a)
      const other = at(free, b) === one ? at(free, b + 1) : at(free, b)
      return {
        name: `swap ${one} and ${other}`,
        apply(files) {
          const kept = files.get(one)!
          files.set(one, files.get(other)!)
          files.set(other, kept)
        },
        expects: (problems) => named('altered', one)(problems) && named('altered', other)(problems),
      } satisfies Alteration
    }),
    n.map((a): Alteration => ({
      name: 'swap two links of the audit chain',
      apply(files) {
        const all = lines(files)
        const place = a % (all.length - 1)
        ;[all[place], all[place + 1]] = [all[place + 1]!, all[place]!]
        put(files, all)
      },
      expects: (problems) =>
        problems.some((one) => one.kind === 'chain' && one.message.startsWith('The chain is re-ordered')),
    })),
    n.map((a): Alteration => ({
      name: 'leave out a link of the audit chain',
      apply(files) {
        const all = lines(files)
        all.splice(a % all.length, 1)
        put(files, all)
      },
      expects: (problems) => problems.some((one) => one.kind === 'chain' && one.path === audit),
    })),
    fc.tuple(n, n, n).map(([a, b, c]) => {
      const path = at(
        free.filter((one) => one.startsWith('data/')),
        a,
      )
      return {
        name: `alter ${path} and write its new hash into the manifests`,
        apply(files) {
          files.set(path, flipped(files.get(path)!, b, c))
          relist(files)
        },
        expects: (problems) => problems.some((one) => one.kind === 'signature' && one.path === 'signature.json'),
      } satisfies Alteration
    }),
  )
}

describe('the verifier', () => {
  it('catches and names each of 100 random alterations', async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(alteration([...whole.keys()]), async (one) => {
        seen.add(one.name.split(' ')[0]!)
        const files = new Map(whole)
        one.apply(files)
        const { ok, problems } = await inMemory(files)
        expect(ok, one.name).toBe(false)
        expect(one.expects(problems), `${one.name}: ${JSON.stringify(problems)}`).toBe(true)
      }),
      { numRuns: 100, seed: 20240209 },
    )
    expect(seen.size).toBeGreaterThan(6)
  })

  it('catches every flipped byte in the files of the zip itself, or refuses the zip', async () => {
    const bytes = readFileSync(sealed.zipFile)
    const file = join(scratch, 'flipped.zip')
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (place, by) => {
        const copy = Buffer.from(bytes)
        copy[place]! ^= by
        writeFileSync(file, copy)
        const outcome = await verifyBundle(file, null).then(
          ({ check }) => (check.ok ? 'passed' : 'caught'),
          (error: { code: string }) => error.code,
        )
        // What a zip says twice, or about the system that made it, holds nothing of the bundle.
        if (outcome === 'passed') expect(await unzip(copy)).toEqual(whole)
        else expect(outcome).toMatch(/^(caught|bundle\.(damaged|unsafe|encrypted|not-bundle))$/)
      }),
      { numRuns: 60, seed: 20240209 },
    )
  })

  it('knows a bundle that somebody else sealed, whole as it is, by the fingerprint', async () => {
    const { check } = await verifyBundle(sealed.zipFile, 'ab'.repeat(32))
    expect(check.ok).toBe(false)
    expect(check.problems).toEqual([expect.objectContaining({ kind: 'signature' })])
    expect(check.signature).toMatchObject({ state: 'holds', keyMatches: false })
  })

  it('says the same of the folder that a bundle was unpacked into', async () => {
    const folder = join(scratch, 'unpacked')
    unpack(whole, folder)
    expect((await verifyBundle(folder, null)).check).toEqual((await verifyBundle(sealed.zipFile, null)).check)
    rmSync(join(folder, 'data/custody.json'))
    expect((await verifyBundle(folder, null)).check.problems).toContainEqual(
      expect.objectContaining({ kind: 'missing', path: 'data/custody.json' }),
    )
  })

  it('says the same as a script without dependencies, taken out of the bundle', async () => {
    const folder = join(scratch, 'script')
    unpack(whole, folder)
    const script = (path: string, ...more: string[]) =>
      spawnSync(suitableNode(), [join(folder, 'verify.mjs'), path, '--json', ...more], { encoding: 'utf8' })
    const said = script(sealed.zipFile)
    expect(said.status).toBe(0)
    expect(JSON.parse(said.stdout)).toEqual((await verifyBundle(sealed.zipFile, null)).check)
    writeFileSync(join(folder, 'data/case.json'), '{}')
    const alone = spawnSync(suitableNode(), [join(folder, 'verify.mjs')], { encoding: 'utf8' })
    expect(alone.status).toBe(1)
    expect(alone.stdout).toContain('altered: data/case.json')
    expect(script(join(scratch, 'nowhere')).status).toBe(2)
  })

  it('agrees with sha256sum, which knows nothing of Assay', () => {
    const folder = join(scratch, 'sums')
    unpack(whole, folder)
    for (const manifest of ['manifest-sha256.txt', 'tagmanifest-sha256.txt'])
      execFileSync('sha256sum', ['--quiet', '-c', manifest], { cwd: folder })
  })
})

const hasBagit = hasProgram('python3', '-c', 'import bagit')
/** Packages of Debian call it 7zz, others 7z. */
const sevenZip = ['7zz', '7z'].find((name) => hasProgram(name, 'i'))

describe('other programs', () => {
  it.skipIf(!hasBagit)(
    `validate the bag (skipped where python3 has no module bagit: ${hasBagit ? 'it has' : 'none here'})`,
    () => {
      const folder = join(scratch, 'bagit')
      unpack(whole, folder)
      const check = 'import bagit, sys; bagit.Bag(sys.argv[1]).validate()'
      execFileSync('python3', ['-c', check, folder], { stdio: 'pipe' })
      writeFileSync(join(folder, 'data/case.json'), '{}')
      expect(spawnSync('python3', ['-c', check, folder]).status).not.toBe(0)
    },
  )

  it('read the records in it: STIX and a MISP event, and tables', () => {
    const { exchange } = contents()
    expect(exchange).toContain('data/exchange/case.stix.json')
    const stix = JSON.parse(text(whole, 'data/exchange/case.stix.json')) as { objects: { type: string }[] }
    expect(stix.objects.map(({ type }) => type)).toContain('grouping')
    expect(JSON.parse(text(whole, 'data/exchange/case.misp.json'))).toHaveProperty('Event.info')
    expect(text(whole, 'data/exchange/tables/evidence.csv').split('\r\n').length).toBeGreaterThan(sealed.items.length)
  })
})

describe('an encrypted bundle', () => {
  const SECRET = 'told another way entirely'
  let file = ''
  beforeAll(async () => {
    file = await sealed.seal({ encrypt: SECRET })
  })

  it('opens with its passphrase and no other, and is then the same bundle', async () => {
    await expect(verifyBundle(file, null)).rejects.toMatchObject({ code: 'bundle.encrypted' })
    await expect(verifyBundle(file, null, 'another passphrase')).rejects.toMatchObject({ code: 'bundle.encrypted' })
    const { check } = await verifyBundle(file, sealed.fingerprint, SECRET)
    expect(check.problems).toEqual([])
    expect(check).toMatchObject({ ok: true, evidence: { included: sealed.originals.length } })
    const bytes = readFileSync(file)
    for (const plain of ['bytes 3 bytes 3', 'assay-records', NAMES.persian]) expect(bytes.includes(plain)).toBe(false)
    // Nothing that is not encrypted is left behind.
    expect(readdirSync(sealed.lib.paths.staging)).toEqual([])
  })

  it('opens in the script that lies in each bundle', () => {
    const folder = join(scratch, 'encrypted-script')
    unpack(whole, folder)
    const said = spawnSync(suitableNode(), [join(folder, 'verify.mjs'), file], {
      encoding: 'utf8',
      env: { ...process.env, ASSAY_BUNDLE_PASSPHRASE: SECRET },
    })
    expect(said.stdout).toContain('The bundle is whole')
  })

  it('is caught where a byte of it is flipped', async () => {
    const bytes = readFileSync(file)
    const flippedFile = join(scratch, 'encrypted.zip')
    for (const place of [200, Math.floor(bytes.length / 3), Math.floor(bytes.length / 2)]) {
      const copy = Buffer.from(bytes)
      copy[place]! ^= 0x40
      writeFileSync(flippedFile, copy)
      const outcome = await verifyBundle(flippedFile, null, SECRET).then(
        ({ check }) => (check.ok ? 'passed' : 'caught'),
        ({ code }: { code: string }) => code,
      )
      expect(outcome).toMatch(/^(caught|bundle\.(damaged|unsafe|encrypted))$/)
    }
  })

  it.skipIf(!sevenZip)(`opens in 7-Zip (${sevenZip ? 'it is here' : 'skipped: neither 7zz nor 7z here'})`, () => {
    const folder = join(scratch, 'seven')
    // Its own reading of letters in paths depends on the locale; the names inside are UTF-8 by the zip.
    writeFileSync(join(scratch, 'locked.zip'), readFileSync(file))
    const env = { ...process.env, LC_ALL: 'C.UTF-8' }
    execFileSync(sevenZip!, ['x', `-p${SECRET}`, `-o${folder}`, join(scratch, 'locked.zip')], { stdio: 'ignore', env })
    const [top] = readdirSync(folder)
    execFileSync('sha256sum', ['--quiet', '-c', 'manifest-sha256.txt'], { cwd: join(folder, top!) })
  })
})

describe('hostile zips', () => {
  const refused = async (bytes: Uint8Array): Promise<string> => {
    const file = join(scratch, 'hostile.zip')
    writeFileSync(file, bytes)
    return verifyBundle(file, null).then(
      ({ check }) => `answered: ${JSON.stringify(check.problems.slice(0, 3))}`,
      (error: { code: string }) => error.code,
    )
  }
  const entries = (extra: Parameters<typeof writeZip>[0][number][]) =>
    writeZip([...[...whole].map(([path, bytes]) => ({ name: `bag/${path}`, bytes })), ...extra])
  const small = Buffer.from('x')

  it('are refused with a code for each kind', async () => {
    expect(await refused(entries([]))).toBe('answered: []')
    expect(await refused(entries([{ name: 'bag/../../evil', bytes: small }]))).toBe('bundle.unsafe')
    expect(await refused(entries([{ name: '/etc/passwd', bytes: small }]))).toBe('bundle.unsafe')
    expect(await refused(entries([{ name: 'bag\\evil', bytes: small }]))).toBe('bundle.unsafe')
    expect(await refused(entries([{ name: 'bag/photo\u202egpj.exe', bytes: small }]))).toBe('bundle.unsafe')
    expect(await refused(entries([{ name: 'bag/data/NUL.txt', bytes: small }]))).toBe('bundle.unsafe')
    expect(await refused(entries([{ name: 'bag/data/case.json', bytes: small }]))).toBe('bundle.unsafe')
    expect(await refused(entries([{ name: 'bag/data/CASE.json', bytes: small }]))).toBe('bundle.unsafe')
    expect(await refused(entries([{ name: 'bag/link', bytes: small, mode: 0o120777 }]))).toBe('bundle.unsafe')
    expect(await refused(entries([{ name: 'bag/secret', bytes: small, encrypted: true }]))).toBe('bundle.encrypted')
    expect(await refused(entries([{ name: 'bag/bomb', bytes: Buffer.alloc(64 * 2 ** 20) }]))).toBe('bundle.unsafe')
    expect(await refused(entries([{ name: 'bag/lie', bytes: Buffer.alloc(5000), claims: 10 }]))).toBe('bundle.unsafe')
    expect(await refused(entries([{ name: 'bag/lie', bytes: small, claims: 5000 }]))).toBe('bundle.unsafe')
    expect(await refused(writeZip([{ name: 'a.txt', bytes: small }]))).toBe('bundle.not-bundle')
    expect(await refused(Buffer.from('not a zip at all'))).toBe('bundle.not-bundle')
    expect(await refused(readFileSync(sealed.zipFile).subarray(0, 20_000))).toBe('bundle.not-bundle')
  })

  it('are refused where their zip64 parts lie, where files share bytes and where bytes belong to none', async () => {
    const good = Buffer.from(entries([]))
    const end = good.length - 22
    const patched = (change: (copy: Buffer) => void): Buffer => {
      const copy = Buffer.from(good)
      change(copy)
      return copy
    }
    expect(await refused(patched((zip) => zip.writeUInt32LE(0xffffffff, end + 16)))).toBe('bundle.unsafe')
    expect(await refused(patched((zip) => zip.writeUInt16LE(0xffff, end + 8).valueOf()))).toBe('bundle.damaged')
    const directory = good.readUInt32LE(end + 16)
    expect(await refused(patched((zip) => zip.writeUInt32LE(0xffffffff, directory + 24)))).toBe('bundle.unsafe')
    const second = directory + 46 + good.readUInt16LE(directory + 28)
    expect(await refused(patched((zip) => zip.writeUInt32LE(0, second + 42)))).toBe('bundle.unsafe')
    const locator = Buffer.alloc(20)
    locator.writeUInt32LE(0x07064b50, 0)
    locator.writeBigUInt64LE(2n ** 60n, 8)
    locator.writeUInt32LE(1, 16)
    expect(await refused(Buffer.concat([good.subarray(0, end), locator, good.subarray(end)]))).toBe('bundle.unsafe')
    expect(await refused(Buffer.concat([Buffer.from('MZ'), good]))).toBe('bundle.unsafe')
    expect(await refused(Buffer.concat([good, Buffer.from('more')]))).toBe('bundle.damaged')
  })
})

describe('the signing key', () => {
  it('opens with its passphrase only, lies encrypted in the library, and is made once', async () => {
    const test = emptyLibrary()
    try {
      const made = await createKey(test.lib, { passphrase: PASSPHRASE, replace: false }, 'analyst')
      expect(made.pem).toContain('BEGIN PUBLIC KEY')
      await expect(unlockKey(test.lib, 'some other words', 'analyst')).rejects.toMatchObject({ code: 'key.passphrase' })
      const { privateKey } = await unlockKey(test.lib, PASSPHRASE, 'analyst')
      const raw = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32)
      const row = test.lib.db.prepare('SELECT private_key FROM signing_key').pluck().get() as string
      expect(row).not.toContain(raw.toString('base64').slice(0, 20))
      await expect(createKey(test.lib, { passphrase: PASSPHRASE, replace: false }, 'analyst')).rejects.toMatchObject({
        code: 'key.exists',
      })
    } finally {
      test.remove()
    }
  })

  it('is replaced by a new one; old bundles stay checkable and the old private half is gone', async () => {
    const test = emptyLibrary()
    try {
      const old = await createKey(test.lib, { passphrase: PASSPHRASE, replace: false }, 'analyst')
      const next = await createKey(test.lib, { passphrase: `new ${PASSPHRASE}`, replace: true }, 'analyst')
      expect(listKeys(test.lib)).toEqual([next, { ...old, retiredAt: expect.any(String) }])
      const rows = test.lib.db.prepare('SELECT private_key FROM signing_key WHERE retired_at IS NOT NULL').pluck().all()
      expect(rows).toEqual([null])
      await expect(unlockKey(test.lib, PASSPHRASE, 'analyst')).rejects.toMatchObject({ code: 'key.passphrase' })
    } finally {
      test.remove()
    }
  })
})

describe('the stand-alone verifiers', () => {
  it('are small, self-contained and barred from the network', () => {
    const page = text(whole, 'verify.html')
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe|https?:|connect-src/)
    expect(page).not.toMatch(/ (src|href)=/)
    const script = /<script type="module">([\s\S]*)<\/script>/.exec(page)?.[1] ?? ''
    expect(policy).toContain(createHash('sha256').update(script).digest('base64'))
    expect(text(whole, 'verify.mjs').match(/^import .* from "(?!node:)/gm)).toBeNull()
    expect(statSync(sealed.zipFile).size).toBeGreaterThan(0)
    expect(existsSync(sealed.zipFile)).toBe(true)
  })
})
