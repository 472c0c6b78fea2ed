/**
 * Paths as bytes. On Linux a file name is any bytes but `/` and NUL; a string cannot hold all of them, and a file that
 * cannot be named must not be a file that cannot be examined.
 */
import { lstat, readdir } from 'node:fs/promises'
import { isAbsolute, resolve, sep } from 'node:path'
import { Failure } from '../errors.ts'
import { displayName } from './name.ts'

const SEPARATOR = Buffer.from(sep)

/** Bytes of one entry in a folder. */
export function child(folder: Uint8Array, name: Uint8Array): Buffer {
  const closed = folder.at(-1) === SEPARATOR[0]
  return Buffer.concat(closed ? [folder, name] : [folder, SEPARATOR, name])
}

/** The part after the last separator. */
export function lastPart(path: Uint8Array): Uint8Array {
  const bytes = Buffer.from(path.buffer, path.byteOffset, path.byteLength)
  const trimmed = bytes.length > 1 && bytes.at(-1) === SEPARATOR[0] ? bytes.subarray(0, -1) : bytes
  return trimmed.subarray(trimmed.lastIndexOf(SEPARATOR) + 1)
}

const exists = (path: Buffer): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  )

/** Tidied only where that cannot change its meaning: behind a link, `..` is not the folder that the text says. */
function absolute(path: string): string {
  const whole = isAbsolute(path) ? path : process.cwd() + sep + path
  return whole.split(/[/\\]/).includes('..') ? whole.replace(/(?<=.)[/\\]+$/, '') : resolve(whole)
}

/**
 * The absolute path that a string names. A program that was given a name of invalid UTF-8 on its command line only
 * ever sees it with U+FFFD in the place of the bad bytes; such a part is looked up among the names that read that way.
 *
 * @throws Failure intake.path-encoding where several files read alike
 */
export async function toBytes(untrustedPath: string): Promise<Buffer> {
  const text = absolute(untrustedPath)
  const bytes = Buffer.from(text)
  if (process.platform === 'win32' || !text.includes('\ufffd') || (await exists(bytes))) return bytes
  let path: Buffer = SEPARATOR
  for (const part of text.split(sep).filter((part) => part !== '')) {
    const plain = child(path, Buffer.from(part))
    if (!part.includes('\ufffd') || (await exists(plain))) {
      path = plain
      continue
    }
    const names = await readdir(path, { encoding: 'buffer' }).catch(() => [])
    const alike = names.filter((name) => name.toString() === part)
    if (alike.length > 1)
      throw new Failure('intake.path-encoding', `${alike.length} files read alike: ${displayName(alike[0]!)}, …`)
    path = child(path, alike[0] ?? Buffer.from(part))
  }
  return path
}
