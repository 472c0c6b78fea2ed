/** Files that a person chose in the page, as the verifier reads them. */
import { requireSafeNames, type Package, type Source } from '../../main/reports/verify/package.ts'

const CHUNK = 1 << 20

export const blobSource = (blob: Blob): Source => ({
  size: blob.size,
  read: async (at, length) => new Uint8Array(await blob.slice(at, at + length).arrayBuffer()),
})

/** Files as a folder chooser gives them: each with its path below the chosen folder's parent. */
export function folderPackage(files: readonly File[]): Package {
  const packed = files.map((file) => ({
    path: file.webkitRelativePath.split('/').slice(1).join('/') || file.name,
    size: file.size,
    read: () => parts(blobSource(file)),
  }))
  requireSafeNames(packed.map((file) => file.path))
  return { files: packed }
}

async function* parts({ size, read }: Source): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; at += CHUNK) yield read(at, Math.min(CHUNK, size - at))
}
