/** Libraries opened before on this machine, in one small file of the user's own configuration folder. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { RecentLibrary } from '../contract/library.ts'

const Entry = z.object({ folder: z.string().min(1), name: z.string(), openedAt: z.iso.datetime() })
type Entry = z.infer<typeof Entry>

/** How many are remembered. */
const MOST = 12

/**
 * `ASSAY_CONFIG_DIR`, or where the system keeps configuration: `%APPDATA%`, `~/Library/Application Support`, or the XDG
 * base directory (an XDG path that is not absolute is to be ignored: Base Directory Specification 0.8).
 */
export function configFolder(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (env['ASSAY_CONFIG_DIR']) return resolve(env['ASSAY_CONFIG_DIR'])
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Assay')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Assay')
  const xdg = env['XDG_CONFIG_HOME']
  return join(xdg?.startsWith('/') ? xdg : join(homedir(), '.config'), 'assay')
}

const file = (): string => join(configFolder(), 'recent.json')

/** What can be read of the list. A damaged entry is left out, a damaged file is an empty list: it holds no evidence. */
function entries(): Entry[] {
  try {
    const untrusted: unknown = JSON.parse(readFileSync(file(), 'utf8'))
    if (!Array.isArray(untrusted)) return []
    return untrusted.flatMap((one) => Entry.safeParse(one).data ?? [])
  } catch {
    return []
  }
}

/** Puts a library at the top of the list. Where the list cannot be written the library opens all the same. */
export function remember(folder: string, name: string): void {
  const path = resolve(folder)
  const others = entries().filter((one) => one.folder !== path)
  const list: Entry[] = [{ folder: path, name, openedAt: new Date().toISOString() }, ...others].slice(0, MOST)
  try {
    mkdirSync(configFolder(), { recursive: true })
    const partial = `${file()}.${process.pid}`
    writeFileSync(partial, JSON.stringify(list, null, 2) + '\n')
    renameSync(partial, file())
  } catch {
    // A read-only home is no reason to refuse work.
  }
}

/** Last opened first; `present` says whether the folder still holds a library. */
export function recents(): z.infer<typeof RecentLibrary>[] {
  return entries().map((one) => ({
    folder: one.folder,
    name: one.name,
    openedAt: one.openedAt,
    present: existsSync(join(one.folder, 'library.json')),
  }))
}

/** A folder that does not exist yet, where a first library would be looked for: in Documents, or else at home. */
export function suggestedFolder(): string {
  const documents = join(homedir(), 'Documents')
  const base = join(existsSync(documents) ? documents : homedir(), 'Assay Library')
  for (let number = 1; ; number += 1) {
    const folder = number === 1 ? base : `${base} ${number}`
    if (!existsSync(folder)) return folder
  }
}
