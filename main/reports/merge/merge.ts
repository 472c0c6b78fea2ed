/** Merging a colleague's bundle, without a network: the verifier first, then a look at what would change, then one step. */
import type { Merged, MergePreview } from '../../contract/bundle-merge.ts'
import { Failure } from '../../errors.ts'
import { discard } from '../../intake/vault.ts'
import { wasMerged } from '../../store/keys.ts'
import type { Actor, Library } from '../../store/library.ts'
import { listKeys } from '../keys.ts'
import { openParcel } from './parcel.ts'
import { planMerge } from './plan.ts'
import { stageOriginals, stagePictures } from './stage.ts'
import { writeMerge } from './write.ts'

export interface MergeSource {
  readonly path: string
  readonly passphrase: string | null
  /** The key that must have sealed it. */
  readonly fingerprint: string | null
}

export interface MergeHooks {
  readonly cancelled: AbortSignal
  onProgress(words: string, done: number, total: number): void
}

/** Conflicts that are listed by name. */
const LISTED = 200

const checking = ({ cancelled, onProgress }: MergeHooks) => ({
  onProgress(done: number, total: number) {
    if (cancelled.aborted) throw new Failure('job.cancelled')
    onProgress('checking the bundle', done, total)
  },
})

/** What merging would do; nothing is written. @throws Failure bundle.* | merge.nothing | job.cancelled */
export async function previewMerge(lib: Library, source: MergeSource, hooks: MergeHooks): Promise<MergePreview> {
  const parcel = await openParcel(source.path, { ...source, ...checking(hooks) })
  try {
    const { origin, bundle } = parcel
    const plan = planMerge(lib, parcel)
    return {
      title: origin.title,
      tlp: origin.tlp,
      caseId: parcel.records.case.id,
      libraryName: origin.libraryName,
      sealedAt: origin.sealedAt,
      key: {
        fingerprint: origin.fingerprint,
        known: knownKey(lib, origin.fingerprint),
        matches: bundle.check.signature.keyMatches,
      },
      seal: origin.seal,
      counts: [...plan.counts].map(([kind, count]) => ({ kind, ...count })).sort((a, b) => (a.kind < b.kind ? -1 : 1)),
      bytes: plan.evidence.reduce((sum, { size }) => sum + size, 0),
      conflicts: plan.conflicts.slice(0, LISTED),
      conflictCount: plan.conflicts.length,
      left: [...plan.left],
    }
  } finally {
    await parcel.bundle.close()
  }
}

function knownKey(lib: Library, fingerprint: string): MergePreview['key']['known'] {
  if (listKeys(lib).some((key) => key.fingerprint === fingerprint)) return 'own'
  return wasMerged(lib, fingerprint) ? 'seen' : 'new'
}

/**
 * Merges the bundle that was looked at. Originals enter the vault first, under their hash; all rows follow in one step, and
 * where that fails the vault is as it was.
 *
 * @param seal of the bundle that was looked at
 * @throws Failure bundle.* | merge.changed | merge.nothing | store.full | job.cancelled
 */
export async function mergeBundle(
  lib: Library,
  source: MergeSource & { readonly seal: string },
  hooks: MergeHooks,
  actor: Actor,
): Promise<Merged> {
  const parcel = await openParcel(source.path, { ...source, ...checking(hooks) })
  const placed: string[] = []
  try {
    const { origin, bundle } = parcel
    if (origin.seal !== source.seal) throw new Failure('merge.changed')
    const before = planMerge(lib, parcel)
    const total = before.evidence.reduce((sum, { size }) => sum + size, 0)
    let done = 0
    const left: string[] = []
    const originals = await stageOriginals(
      lib,
      bundle,
      before,
      {
        cancelled: hooks.cancelled,
        onBytes: (count) => hooks.onProgress('bringing originals into the vault', (done += count), total),
      },
      placed,
      left,
    )
    hooks.onProgress('writing the records', 0, 0)
    const pictures = await stagePictures(lib, bundle, before)
    if (hooks.cancelled.aborted) throw new Failure('job.cancelled')
    // Once more: the library may have changed while originals were copied.
    const plan = planMerge(lib, parcel)
    const merged = writeMerge(lib, plan, origin, { originals, pictures }, actor)
    return { ...merged, left: [...merged.left, ...left] }
  } catch (error) {
    for (const path of placed) await discard(path)
    throw error
  } finally {
    await parcel.bundle.close()
  }
}
