/** What the disk says while a bundle is written, as a failure of ours. */
import { Failure } from '../../errors.ts'

/** Null for what nobody expects. */
export function failureOf(error: unknown): Failure | null {
  if (error instanceof Failure) return error
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') return new Failure('store.full')
  if (code && ['EACCES', 'EROFS', 'ENOENT', 'EISDIR', 'ENOTDIR', 'EEXIST'].includes(code))
    return new Failure('request.invalid', `The bundle cannot be written there (${code}).`)
  return null
}
