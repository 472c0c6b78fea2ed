/** `assay verify BUNDLE` and the same behind the other doors: the shared verifier, with failures that have a code. */
import type { BundleCheck } from '../contract/bundle-check.ts'
import { asFailure } from './received/open.ts'
import { checkBundle } from './verify/check.ts'
import { nodeTools, openPackage } from './verify/node-tools.ts'
import { checkLines } from './verify/words.ts'

/** @throws Failure bundle.not-found | bundle.not-bundle | bundle.unsafe | bundle.damaged | bundle.encrypted */
export async function verifyBundle(
  path: string,
  fingerprint: string | null,
  passphrase: string | null = null,
): Promise<{ check: BundleCheck; lines: string[] }> {
  try {
    const opened = await openPackage(path, passphrase)
    try {
      const check = await checkBundle(opened.contents, nodeTools, { fingerprint })
      return { check, lines: checkLines(check) }
    } finally {
      await opened.close()
    }
  } catch (error) {
    throw asFailure(error)
  }
}
