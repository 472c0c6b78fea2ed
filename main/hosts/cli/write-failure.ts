/** What a file could not be written for, as the user is told. */
import { Failure } from '../../errors.ts'

/** @param taken made where the file has come to exist meanwhile */
export function writeFailure(error: unknown, out: string, taken: () => Failure): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EEXIST') return taken()
  if (code === 'ENOSPC' || code === 'EDQUOT') return new Failure('store.full', undefined, { cause: error })
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR' || code === 'EROFS' || code === 'ENOTDIR')
    return new Failure('request.invalid', `${out} cannot be written (${code}).`, { cause: error })
  return error
}
