/** A file that is there whole or not at all. */
import { open, rename, rm } from 'node:fs/promises'
import { storeFailure } from './database.ts'

/**
 * Writes beside the target, syncs, and renames into place.
 *
 * @param draft a path in the same file system as `target` that nothing else uses
 * @throws Failure store.full | store.readonly; any other error of the system unchanged
 */
export async function writeWhole(draft: string, target: string, bytes: Uint8Array): Promise<void> {
  try {
    const file = await open(draft, 'wx', 0o644)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, target)
  } catch (error) {
    await rm(draft, { force: true })
    throw storeFailure(error)
  }
}
