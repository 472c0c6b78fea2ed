/** The worker's side of files: left in the private folder under their hash, for the host to check and take. */
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MadeFile } from './protocol.ts'

export async function leaveFile(
  folder: string,
  bytes: Uint8Array,
  mime: MadeFile['mime'],
  role: MadeFile['role'],
): Promise<MadeFile> {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const file = `${role}-${sha256}`
  await writeFile(join(folder, file), bytes)
  return { file, sha256, mime, role }
}
