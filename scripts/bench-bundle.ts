/**
 * `npm run bench:bundle`: how fast a sealed bundle is written beside a plain copy of the same bytes onto the same disk, in
 * turns, and how much memory that takes. `--gigabytes N` (default 1), `--rounds N` (default 3). Both are synced to disk.
 */
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { addEvidence, createCase } from '../main/cases/cases.ts'
import { CaseFields } from '../main/contract/cases.ts'
import { SealInput } from '../main/contract/bundles.ts'
import { AcquisitionDetails } from '../main/contract/intake.ts'
import { sealCase } from '../main/reports/bundle/seal.ts'
import { insertEvidence, vaultFile } from '../main/store/evidence.ts'
import { createLibrary } from '../main/store/library.ts'
import { ensureBuilt } from './built.mjs'

const { values } = parseArgs({
  options: { gigabytes: { type: 'string', default: '1' }, rounds: { type: 'string', default: '3' } },
})
const size = Math.round(Number(values.gigabytes) * 1e9)
if ((await ensureBuilt('verifier')) !== 0) process.exit(1)
const root = mkdtempSync(join(tmpdir(), 'assay-bench-'))
try {
  const lib = createLibrary(join(root, 'library'), 'bench')
  const draft = join(root, 'original')
  const sha256 = await writeNoise(draft, size)
  mkdirSync(dirname(vaultFile(lib, sha256)), { recursive: true })
  await rename(draft, vaultFile(lib, sha256))
  const at = new Date().toISOString()
  const details = AcquisitionDetails.parse({})
  const arrival = { name: 'noise.mp4', path: '', acquiredAt: at, modifiedAt: null, details, custody: [] }
  const item = insertEvidence(lib, 'analyst', {
    sha256,
    blake3: sha256,
    size,
    container: 'mp4',
    storage: 'copied',
    reference: null,
    acquisition: { id: crypto.randomUUID(), ...arrival },
  })
  const { id: caseId } = createCase(lib, CaseFields.parse({ title: 'bench' }), 'analyst')
  addEvidence(lib, caseId, [item], 'analyst')
  const input = { caseId, formats: ['md'], evidence: 'all', passphrase: 'only for the bench' }

  const ratios: number[] = []
  for (let round = 1; round <= Number(values.rounds); round++) {
    const copied = await timed(() => copy(vaultFile(lib, sha256), join(root, 'copy')))
    rmSync(join(root, 'copy'))
    // Only the writing: the report and the key have their own time, which does not grow with the evidence.
    let began = 0
    const whole = await timed(async () => {
      const made = await sealCase(lib, SealInput.parse(input), 'analyst', {
        onProgress: (words, done) => void (done > 0 && words === 'writing the bundle' && (began ||= performance.now())),
      })
      rmSync(join(lib.paths.exports, made.file))
    })
    const sealed = (performance.now() - began) / 1000
    ratios.push(copied / sealed)
    console.log(
      `round ${round}: copy ${rate(copied)}, sealing ${rate(sealed)}, ratio ${(copied / sealed).toFixed(2)}; with report and key ${whole.toFixed(1)} s`,
    )
  }
  ratios.sort((a, b) => a - b)
  const [lowest, median, highest] = [0, Math.floor(ratios.length / 2), ratios.length - 1].map((n) =>
    ratios[n]!.toFixed(2),
  )
  console.log(`n = ${ratios.length}, ${size} bytes, median ratio ${median} (${lowest} to ${highest})`)
  console.log(`highest resident size ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`)
  lib.close()
} finally {
  rmSync(root, { recursive: true, force: true })
}

function rate(seconds: number): string {
  return `${Math.round(size / 1e6 / seconds)} MB/s`
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}

/** As `cp` does it, with the bytes on the disk at the end; never a clone. */
async function copy(from: string, to: string): Promise<void> {
  const part = { highWaterMark: 1 << 20 }
  await pipeline(createReadStream(from, part), createWriteStream(to, { ...part, flags: 'wx', flush: true }))
  if (statSync(to).size !== size) throw new Error('the copy is not whole')
}

/** Bytes that no disk and no archive can make smaller. @returns SHA-256 */
async function writeNoise(file: string, bytes: number): Promise<string> {
  const hash = createHash('sha256')
  const block = randomBytes(1 << 20)
  async function* blocks(): AsyncGenerator<Uint8Array> {
    for (let done = 0; done < bytes; done += block.length) {
      block.writeUInt32LE(done / block.length, 0)
      const part = Uint8Array.from(block.subarray(0, Math.min(block.length, bytes - done)))
      hash.update(part)
      yield part
    }
  }
  await pipeline(blocks, createWriteStream(file, { flush: true }))
  return hash.digest('hex')
}
