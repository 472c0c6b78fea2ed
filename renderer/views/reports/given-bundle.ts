/** A bundle that a person chose, as the workbench takes it: by its path, or sent from a browser. */
import { desktop } from '../../client.ts'
import { sendFile } from '../../upload.ts'

export interface GivenBundle {
  readonly source: { readonly path: string } | { readonly upload: string; readonly name: string }
  readonly passphrase: string | null
  readonly fingerprint: string | null
}

/** Sends the file where the workbench cannot read it by its path. Throws what the door says where it is refused. */
export async function giveBundle(file: File, passphrase: string, fingerprint: string): Promise<GivenBundle> {
  const [path] = desktop?.pathsFor([file]) ?? []
  const source = path ? { path } : { upload: await sendFile(file), name: file.name }
  return { source, passphrase: passphrase || null, fingerprint: fingerprint.trim() || null }
}
