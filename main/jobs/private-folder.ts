/** The folders in which workers leave their files: in staging/, so that moving a file into derived/ is one rename. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Library } from '../store/library.ts'

const PREFIX = 'job-'

/** Makes a folder that only this user can enter. */
export function makePrivateFolder(lib: Library): Promise<string> {
  return mkdtemp(join(lib.paths.staging, PREFIX))
}

/** A worker that does not end may still hold files in it: what stays is removed at the next opening. */
export async function removePrivateFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => {})
}

/** Removes what a host that was killed left behind. Call it while no worker runs. */
export function removeStrayFolders(lib: Library): void {
  mkdirSync(lib.paths.staging, { recursive: true })
  for (const name of readdirSync(lib.paths.staging))
    if (name.startsWith(PREFIX)) rmSync(join(lib.paths.staging, name), { recursive: true, force: true, maxRetries: 3 })
}
