/**
 * The desk's signature over a bundle: Ed25519 (RFC 8032) over a short statement that names the bundle and the SHA-256 of
 * its tag manifest, which lists the payload manifest, which lists every file. What is signed begins with a line of its
 * own, so that no signature made for something else can stand in for it.
 */
import type { Hash, Tools } from './package.ts'

const PURPOSE = 'assay-bundle-signature-v1\n'

/** What the desk says about the bundle. */
export interface Statement {
  readonly bundle: string
  readonly caseId: string
  readonly libraryId: string
  /** ISO 8601, UTC, by the clock of the machine that sealed it. */
  readonly sealedAt: string
  /** SHA-256 of tagmanifest-sha256.txt. */
  readonly tagManifest: string
}

export interface SignatureFile {
  readonly format: 'assay-signature'
  readonly version: 1
  readonly algorithm: 'Ed25519'
  /** 32 bytes, base64. */
  readonly publicKey: string
  /** SHA-256 of those 32 bytes, hex. */
  readonly fingerprint: string
  /** A `Statement` as text: exactly these characters are signed. */
  readonly statement: string
  /** 64 bytes, base64. */
  readonly signature: string
}

/** The bytes that are signed. */
export const signedBytes = (statement: string): Uint8Array => new TextEncoder().encode(PURPOSE + statement)

export const writeSignature = (file: SignatureFile): string => JSON.stringify(file, null, 2) + '\n'

export function hexOf(hash: Hash, bytes: Uint8Array): string {
  hash.update(bytes)
  return hash.hex()
}

export interface CheckedSignature {
  readonly fingerprint: string | null
  readonly statement: Statement | null
  /** What is wrong, in sentences; empty for a signature that holds. */
  readonly problems: readonly string[]
}

const FIELDS = ['format', 'version', 'algorithm', 'publicKey', 'fingerprint', 'statement', 'signature'] as const

/** @param tagManifest SHA-256 of the tag manifest as it now is; null where there is none */
export async function checkSignature(
  text: string,
  tagManifest: string | null,
  tools: Tools,
): Promise<CheckedSignature> {
  const problems: string[] = []
  const file = parse(text)
  if (!file) return { fingerprint: null, statement: null, problems: ['The signature file cannot be read.'] }
  // Any other spelling of the same values is a change as well.
  if (writeSignature(file) !== text) problems.push('The signature file is not written as Assay writes it.')
  const key = fromBase64(file.publicKey)
  const fingerprint = hexOf(tools.sha256(), key)
  if (file.fingerprint !== fingerprint) problems.push('The fingerprint in the signature file is not that of its key.')
  const signature = fromBase64(file.signature)
  const holds =
    key.length === 32 && signature.length === 64 && (await tools.ed25519(key, signedBytes(file.statement), signature))
  if (!holds) problems.push('The signature does not belong to its statement and key.')
  const statement = parseStatement(file.statement)
  if (!statement) problems.push('The signed statement cannot be read.')
  else if (tagManifest !== null && statement.tagManifest !== tagManifest)
    problems.push('What was signed is another tag manifest than the one here.')
  return { fingerprint, statement, problems }
}

function parse(text: string): SignatureFile | null {
  try {
    const value = JSON.parse(text) as Record<string, unknown>
    const strings = ['publicKey', 'fingerprint', 'statement', 'signature']
    if (value['format'] !== 'assay-signature' || value['version'] !== 1 || value['algorithm'] !== 'Ed25519') return null
    if (strings.some((field) => typeof value[field] !== 'string')) return null
    return Object.fromEntries(FIELDS.map((field) => [field, value[field]])) as unknown as SignatureFile
  } catch {
    return null
  }
}

function parseStatement(text: string): Statement | null {
  try {
    const value = JSON.parse(text) as Record<string, unknown>
    const fields = ['bundle', 'caseId', 'libraryId', 'sealedAt', 'tagManifest']
    return fields.every((field) => typeof value[field] === 'string') ? (value as unknown as Statement) : null
  } catch {
    return null
  }
}

/** Empty for what is no base64. */
export function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return new Uint8Array()
  }
}
