/**
 * A bundle as its verifier sees it: named files that can be read as streams, and the few tools of the machine that
 * checking needs. This folder runs in Assay, in a plain Node script and in a browser: it imports nothing but itself.
 */

/** Bytes that can be read from any place. */
export interface Source {
  readonly size: number
  /** Exactly `length` bytes from `at`. */
  read(at: number, length: number): Promise<Uint8Array>
}

export interface PackedFile {
  /** Inside the bag, with forward slashes: `data/bundle.json`. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Its bytes in order, in parts of at most a few MiB. */
  read(): AsyncIterable<Uint8Array>
}

export interface Package {
  readonly files: readonly PackedFile[]
}

export interface Hash {
  update(bytes: Uint8Array): void
  /** Lower-case hex; nothing may follow. */
  hex(): string
}

export interface Tools {
  sha256(): Hash
  /** RFC 8032. False for a wrong signature and for keys and signatures that are none. */
  ed25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>
  /** How each file of an encrypted zip is read, by name (`locked.ts`). @throws BundleRefused for another passphrase */
  unlock(source: Source, passphrase: string): Promise<ReadonlyMap<string, () => AsyncIterable<Uint8Array>>>
}

/** Why a package was not looked into. The first three mean that somebody made it to do harm, or that it is damaged. */
export type Refusal = 'bundle.unsafe' | 'bundle.damaged' | 'bundle.encrypted' | 'bundle.not-bundle'

export class BundleRefused extends Error {
  readonly code: Refusal

  constructor(code: Refusal, message: string) {
    super(message)
    this.name = 'BundleRefused'
    this.code = code
  }
}

/** Largest file that is read as a whole: manifests and the JSON that is looked into. Bytes. */
const WHOLE = 256 * 2 ** 20

/** @throws BundleRefused where it is too large to be what it says it is */
export async function wholeText(file: PackedFile): Promise<string> {
  if (file.size > WHOLE) throw new BundleRefused('bundle.unsafe', `${file.path} has ${file.size} bytes.`)
  const parts: Uint8Array[] = []
  for await (const part of file.read()) parts.push(part)
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return new TextDecoder().decode(bytes)
}

/**
 * Names that must not be in a bundle, whoever made it: absolute, leading out, with controls or characters that turn text
 * around, or that some system keeps for itself.
 *
 * @returns why, or null for a good name
 */
export function unsafeName(path: string): string | null {
  if (path === '' || path.startsWith('/') || /^[a-z]:/i.test(path)) return 'is absolute'
  if (path.includes('\\')) return 'holds a backslash'
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(path)) return 'holds a character that is not shown'
  if (path.includes('\ufffd')) return 'is not valid UTF-8'
  for (const part of path.split('/')) {
    if (part === '' || part === '.' || part === '..') return 'leads out of its folder'
    if (/^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i.test(part))
      return 'is kept by a system for a device'
    if (/[<>:"|?*]/.test(part) || /[. ]$/.test(part)) return 'cannot be written on every system'
  }
  return null
}

/** Two names that are one on some file system have the same key. */
export const nameKey = (path: string): string => path.normalize('NFC').toLowerCase()

/** The name with everything that is not shown spelled out, for messages. */
export const shown = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16).padStart(4, '0')}}`,
  )

/** @throws BundleRefused for the first name that is unsafe or there twice */
export function requireSafeNames(paths: readonly string[]): void {
  const known = new Map<string, string>()
  for (const path of paths) {
    const why = unsafeName(path)
    if (why) throw new BundleRefused('bundle.unsafe', `The name “${shown(path)}” ${why}.`)
    const key = nameKey(path)
    const other = known.get(key)
    if (other !== undefined)
      throw new BundleRefused('bundle.unsafe', `“${shown(path)}” is there twice, or only its case differs.`)
    known.set(key, path)
  }
}
