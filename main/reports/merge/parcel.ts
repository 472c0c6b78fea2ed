/** What a bundle brings for a library, read and parsed; nothing here is trusted beyond its form. */
import { z } from 'zod'
import { CustodyEntry } from '../../contract/intake.ts'
import { Finding } from '../../contract/findings.ts'
import { Failure } from '../../errors.ts'
import { openReceived, type OpenOptions, type ReceivedBundle } from '../received/open.ts'
import { BundleRecords } from '../received/records.ts'
import { TAGS } from '../verify/bag.ts'
import { wholeText } from '../verify/package.ts'
import { createHash } from 'node:crypto'
import { problemLine } from '../verify/words.ts'

/** Where what is merged comes from. */
export interface Origin {
  readonly title: string
  readonly tlp: string
  readonly libraryId: string
  readonly libraryName: string
  readonly sealedAt: string
  readonly fingerprint: string
  /** SHA-256 of the tag manifest. */
  readonly seal: string
}

export interface Parcel {
  readonly origin: Origin
  readonly records: BundleRecords
  readonly findings: readonly Finding[]
  readonly custody: ReadonlyMap<string, readonly CustodyEntry[]>
  /** SHA-256 of originals whose bytes are inside. */
  readonly inside: ReadonlySet<string>
}

const Custody = z.array(z.object({ evidenceId: z.string(), entries: z.array(CustodyEntry).max(100_000) })).max(100_000)

export interface OpenedParcel extends Parcel {
  readonly bundle: ReceivedBundle
}

/**
 * Opens a bundle that is as it was sealed, and no other.
 *
 * @throws Failure bundle.*; bundle.altered, naming what differs; merge.nothing for one without records
 */
export async function openParcel(path: string, options: OpenOptions): Promise<OpenedParcel> {
  const bundle = await openReceived(path, options)
  try {
    const { check, contents, files, json } = bundle
    if (!check.ok) {
      const lines = check.problems.slice(0, 5).map(problemLine)
      throw new Failure('bundle.altered', `${lines.join('; ')}${check.problems.length > 5 ? '; and more' : ''}.`)
    }
    if (!contents.records) throw new Failure('merge.nothing')
    const tags = await wholeText(files.get(TAGS)!)
    const custody = await json(contents.custody.file, Custody)
    return {
      bundle,
      origin: {
        title: contents.title,
        tlp: contents.tlp,
        libraryId: contents.libraryId,
        libraryName: contents.libraryName,
        sealedAt: contents.sealedAt,
        fingerprint: check.signature.fingerprint!,
        seal: createHash('sha256').update(tags).digest('hex'),
      },
      records: await json(contents.records.file, BundleRecords),
      findings: await json(contents.findings.file, z.array(Finding).max(1_000_000)),
      custody: new Map(custody.map(({ evidenceId, entries }) => [evidenceId, entries])),
      inside: new Set(contents.evidence.filter(({ file }) => file !== null).map(({ sha256 }) => sha256)),
    }
  } catch (error) {
    await bundle.close()
    throw error
  }
}
