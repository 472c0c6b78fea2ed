/** The stand-alone verifiers as `npm run build` makes them; they go into every bundle. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../../errors.ts'

/** Beside the sources, and beside dist/electron in an installed program. */
const FOLDERS = ['../../../dist/verifier', '../../../../verifier'].map((path) => join(import.meta.dirname, path))
const FILES = ['verify.html', 'verify.mjs'] as const

/** @throws Failure report.no-verifier */
export async function readVerifiers(): Promise<{ path: string; bytes: Uint8Array }[]> {
  const folder = FOLDERS.find((one) => FILES.every((file) => existsSync(join(one, file))))
  if (!folder) throw new Failure('report.no-verifier')
  return Promise.all(FILES.map(async (path) => ({ path, bytes: await readFile(join(folder, path)) })))
}
