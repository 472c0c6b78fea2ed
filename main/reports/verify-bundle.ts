/** `assay verify BUNDLE` and the same behind the other doors: the shared verifier, with failures that have a code. */
import type { BundleCheck } from '../contract/bundles.ts'
import { Failure } from '../errors.ts'
import { checkBundle } from './verify/check.ts'
import { nodeTools, openPackage } from './verify/node-tools.ts'
import { BundleRefused } from './verify/package.ts'
import { checkLines } from './verify/words.ts'

/** @throws Failure bundle.not-found | bundle.not-bundle | bundle.unsafe | bundle.damaged | bundle.encrypted */
export async function verifyBundle(
  path: string,
  fingerprint: string | null,
): Promise<{ check: BundleCheck; lines: string[] }> {
  try {
    const opened = await openPackage(path)
    try {
      const check = await checkBundle(opened.contents, nodeTools, { fingerprint })
      return { check, lines: checkLines(check) }
    } finally {
      await opened.close()
    }
  } catch (error) {
    if (error instanceof BundleRefused) throw new Failure(error.code, error.message, { cause: error })
    const { code } = error as NodeJS.ErrnoException
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'EPERM', 'EIO'].includes(code ?? ''))
      throw new Failure('bundle.not-found', code, { cause: error })
    throw error
  }
}
