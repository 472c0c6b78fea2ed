/** A file that is not in the library and is only looked up: opened by the rules of intake, and left as it is. */
import { openRegular, requireUnchanged } from '../intake/admit.ts'
import { toBytes } from '../intake/path.ts'
import { readAt, sniff } from '../intake/sniff.ts'
import type { EvidenceFile } from '../jobs/protocol.ts'
import { digestFile } from '../store/digest.ts'

/**
 * What a worker needs to open it and nothing else in its place.
 * @throws Failure intake.*
 */
export async function outsideFile(untrustedPath: string): Promise<EvidenceFile> {
  const path = await toBytes(untrustedPath)
  const file = await openRegular(path)
  try {
    const { handle, stat, size } = file
    await sniff(readAt(handle), size)
    const { sha256, bytes } = await digestFile(handle, { limit: size })
    await requireUnchanged(file, bytes)
    const identity = { dev: String(stat.dev), ino: String(stat.ino), mtimeNs: String(stat.mtimeNs) }
    return { path: path.toString(), sha256, size, identity }
  } finally {
    await file.handle.close()
  }
}
