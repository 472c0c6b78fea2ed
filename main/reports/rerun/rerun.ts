/**
 * Repeats findings from the evidence and compares them, score by score and byte by byte. The signals run in the worker that
 * triage uses; a bundle says what is to come out, never what is to be run.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Rerun, RerunFinding, RerunItem } from '../../contract/rerun.ts'
import { Failure } from '../../errors.ts'
import { makePrivateFolder, removePrivateFolder } from '../../jobs/private-folder.ts'
import type { EvidenceFile } from '../../jobs/protocol.ts'
import type { Spawner } from '../../jobs/spawner.ts'
import { triageOutputs, type TriageMeans, type TriageOutputs } from '../../jobs/triage-run.ts'
import { LIBRARY_SIGNALS } from '../../signals/library-signals.ts'
import type { Library } from '../../store/library.ts'
import { extract } from '../received/open.ts'
import { readAccount, type Account, type AccountItem } from './account.ts'
import { compareOutputs, notRepeated } from './compare.ts'
import { inFolder, inLibrary } from './originals.ts'
import { rerunLines } from './words.ts'

export interface RerunOrder {
  /** Of a bundle or a method appendix. */
  readonly path: string
  /** Of an encrypted bundle. */
  readonly passphrase: string | null
  /** Where else originals may lie. */
  readonly folder: string | null
}

export interface RerunMeans extends TriageMeans {
  readonly spawner: Spawner
  readonly cancelled: AbortSignal
  /** @param done of `total`, in shares of an item */
  onProgress(words: string, done: number, total: number): void
}

/**
 * @param lib in whose staging/ workers have their folders, and where originals are looked for
 * @throws Failure bundle.* | rerun.nothing | store.full | job.cancelled
 */
export async function rerun(lib: Library, order: RerunOrder, means: RerunMeans): Promise<Rerun> {
  const { cancelled, onProgress } = means
  const stopped = (): void => {
    if (cancelled.aborted) throw new Failure('job.cancelled')
  }
  const account = await readAccount(order.path, {
    passphrase: order.passphrase,
    onProgress(done, total) {
      stopped()
      onProgress('checking the bundle', done, total)
    },
  })
  const folder = await makePrivateFolder(lib)
  try {
    const elsewhere = account.items.filter((item) => !item.file && !inLibrary(lib, item.sha256))
    if (order.folder !== null && elsewhere.length) onProgress('looking for the originals', 0, 0)
    const found = order.folder === null ? new Map() : await inFolder(order.folder, elsewhere, cancelled)
    const items: RerunItem[] = []
    for (const [place, item] of account.items.entries()) {
      stopped()
      const tell = (words: string, share: number): void =>
        onProgress(`${item.tag}: ${words}`, place + share, account.items.length)
      tell('starting', 0)
      items.push(await rerunItem(lib, account, item, { folder, found, means, tell }))
    }
    return result(account, items)
  } finally {
    await removePrivateFolder(folder)
    await account.close()
  }
}

interface ItemContext {
  readonly folder: string
  readonly found: ReadonlyMap<string, EvidenceFile>
  readonly means: RerunMeans
  tell(words: string, share: number): void
}

async function rerunItem(
  lib: Library,
  account: Account,
  item: AccountItem,
  { folder, found, means, tell }: ItemContext,
): Promise<RerunItem> {
  const { id: evidenceId, tag, name, sha256 } = item
  const about = { evidenceId, tag, name, sha256 }
  const each = (
    compare: (finding: AccountItem['findings'][number]) => ReturnType<typeof notRepeated>,
  ): RerunFinding[] =>
    item.findings.map((finding) => {
      const { id: signal, version } = finding.output
      return { evidenceId, signal, version, ...compare(finding) }
    })
  const unpacked = join(folder, sha256)
  const places: [RerunItem['original'], () => Promise<EvidenceFile | null>][] = [
    ['library', async () => inLibrary(lib, sha256)],
    ['bundle', async () => item.file && extract(item.file, unpacked, sha256)],
    ['folder', async () => found.get(sha256) ?? null],
  ]
  let original: RerunItem['original'] = 'missing'
  try {
    let outputs: TriageOutputs | null = null
    const wanted = item.findings.some((one) => !restsOnLibrary(one.output.id))
    for (const [place, look] of wanted ? places : []) {
      const file = await look()
      if (!file) continue
      original = place
      outputs = await triageOutputs(lib, means.spawner, file, means, {
        cancelled: means.cancelled,
        onProgress: (share, words) => tell(words, share),
      })
      break
    }
    if (!outputs)
      return {
        ...about,
        original,
        filmstripSame: null,
        findings: each(({ output }) =>
          restsOnLibrary(output.id) ? libraryBound() : notRepeated('The original is not here.'),
        ),
      }
    const now = new Map(outputs.signals.map((output) => [output.id, output]))
    return {
      ...about,
      original,
      filmstripSame: item.filmstrip === null ? null : item.filmstrip === outputs.filmstrip,
      findings: each(({ output }) =>
        restsOnLibrary(output.id)
          ? libraryBound()
          : compareOutputs(output, now.get(output.id) ?? null, account.withTracks),
      ),
    }
  } catch (error) {
    // What is wrong with one original says nothing about the others.
    if (!(error instanceof Failure) || ['job.cancelled', 'store.full', 'media.no-ffmpeg'].includes(error.code))
      throw error
    return {
      ...about,
      original,
      filmstripSame: null,
      findings: each(() => notRepeated(`${error.message} (${error.code})`)),
    }
  } finally {
    await rm(unpacked, { force: true })
  }
}

const restsOnLibrary = (signal: string): boolean => LIBRARY_SIGNALS.some(({ id }) => id === signal)
const libraryBound = () => notRepeated('It rests on the whole library in which it was made.')

function result(account: Account, items: readonly RerunItem[]): Rerun {
  const all = items.flatMap((item) => item.findings)
  const count = (state: RerunFinding['state']): number => all.filter((one) => one.state === state).length
  const problems = account.check?.problems ?? []
  const counts = {
    same: count('same'),
    differs: count('differs'),
    otherMeans: count('other-means'),
    notRepeated: count('not-repeated'),
  }
  const { check, from, title, tlp } = account
  const made: Omit<Rerun, 'lines'> = {
    ok: problems.length === 0 && counts.differs === 0 && !items.some(filmstripDiffers) && counts.same > 0,
    from,
    title,
    tlp,
    problems,
    fingerprint: check?.signature.state === 'holds' ? check.signature.fingerprint : null,
    items: [...items],
    counts,
  }
  return { ...made, lines: rerunLines(made) }
}

/** By the same means: another decoder draws another strip. */
const filmstripDiffers = ({ filmstripSame, findings }: RerunItem): boolean =>
  filmstripSame === false && !findings.some(({ state }) => state === 'other-means')
