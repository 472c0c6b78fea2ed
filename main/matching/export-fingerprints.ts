/** The published hashes of items, for other desks: a file in exports/ that appears whole or not at all. */
import { createHash, randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import type { ExportedFingerprints, FingerprintFormat } from '../contract/matching.ts'
import { Failure } from '../errors.ts'
import { storeFailure } from '../store/database.ts'
import { addCustody, evidenceById } from '../store/evidence.ts'
import { putExportedFingerprints } from '../store/fingerprint-exports.ts'
import { fingerprintBytes, fingerprints } from '../store/fingerprints.ts'
import type { Actor, Library } from '../store/library.ts'
import { hashAt } from './catalogue.ts'
import { decodePrints, FingerprintDamage } from './prints-bytes.ts'
import type { ListedHash } from './hash-list-entry.ts'
import { writeExchangeJson, writePdqCsv, writeVpdqText } from './hash-list-write.ts'
import { LEAST_QUALITY } from './pdq.ts'

const WRITERS = { 'pdq-csv': writePdqCsv, vpdq: writeVpdqText, 'exchange-json': writeExchangeJson } as const
const ENDINGS: Readonly<Record<FingerprintFormat, string>> = { 'pdq-csv': 'csv', vpdq: 'txt', 'exchange-json': 'json' }

/**
 * Writes every hash whose quality is worth comparing, under the SHA-256 of its video; names stay here.
 *
 * @param evidenceIds all items where null
 * @throws Failure record.not-found | matching.no-fingerprint | request.invalid (vPDQ is of one video) | store.full
 */
export async function exportFingerprints(
  lib: Library,
  format: FingerprintFormat,
  evidenceIds: readonly string[] | null,
  actor: Actor,
): Promise<ExportedFingerprints> {
  const known = new Set(fingerprints(lib).map(({ evidenceId }) => evidenceId))
  const wanted = [...new Set(evidenceIds ?? known)]
  for (const id of wanted)
    if (!known.has(id)) throw new Failure('matching.no-fingerprint', `“${evidenceById(lib, id).name}”`)
  if (!wanted.length) throw new Failure('matching.no-fingerprint')
  if (format === 'vpdq' && wanted.length !== 1)
    throw new Failure('request.invalid', 'A vPDQ file holds the frames of one video: name one item.')

  const id = randomUUID()
  const at = new Date().toISOString()
  const file = `fingerprints-${at.slice(0, 19).replaceAll(':', '-')}-${id.slice(0, 8)}.${ENDINGS[format]}`
  const staged = join(lib.paths.staging, `${id}.fingerprints`)
  const digest = createHash('sha256')
  let [bytes, hashes] = [0, 0]
  try {
    const handle = await open(staged, 'wx', 0o600)
    try {
      let waiting = ''
      const put = async (): Promise<void> => {
        const text = Buffer.from(waiting)
        waiting = ''
        digest.update(text)
        bytes += text.length
        await handle.writeFile(text)
        await turn()
      }
      function* entries(): Generator<ListedHash> {
        for (const item of wanted)
          for (const entry of hashesOf(lib, item)) {
            hashes++
            yield entry
          }
      }
      for (const text of WRITERS[format](entries())) {
        waiting += text
        if (waiting.length > 1 << 16) await put()
      }
      await put()
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(staged, join(lib.paths.exports, file))
  } catch (error) {
    await rm(staged, { force: true }).catch(() => {})
    throw storeFailure(error)
  }
  const made = { id, format, file, bytes, sha256: digest.digest('hex'), at }
  lib.change(actor, (record) => {
    putExportedFingerprints(lib, made)
    record('fingerprints.exported', id, { ...made, evidenceIds: wanted })
    for (const item of wanted) addCustody(lib, item, actor, 'exported', `fingerprints ${file}`)
  })
  return { file, url: `/file/export/${id}`, bytes, sha256: made.sha256, items: wanted.length, hashes }
}

/** A damaged fingerprint is left out; its item says so on its own page. */
function* hashesOf(lib: Library, evidenceId: string): Generator<ListedHash> {
  const { sha256, tlp } = evidenceById(lib, evidenceId)
  const stored = fingerprintBytes(lib, evidenceId)
  if (!stored) return
  let prints
  try {
    prints = decodePrints(stored)
  } catch (error) {
    if (error instanceof FingerprintDamage) return
    throw error
  }
  const { picture, inside } = prints
  for (const [i, seconds] of picture.times.entries()) {
    const quality = picture.quality[i]!
    if (quality < LEAST_QUALITY) continue
    yield {
      hash: hashAt(inside?.hashes ?? picture.published, i),
      quality,
      id: `sha256:${sha256}`,
      tags: [`tlp:${tlp.toLowerCase()}`],
      addedOn: null,
      frame: i,
      seconds,
    }
  }
}
