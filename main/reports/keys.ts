/**
 * The desk's signing key: Ed25519, one in use per library. At rest the private half is encrypted with AES-256-GCM under
 * a key that scrypt derives from a passphrase; it is in the clear only while a bundle is being sealed. The additional
 * data of the box is the fingerprint, so that a box cannot be put beside another public key.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  scrypt,
  type KeyObject,
} from 'node:crypto'
import type { DeskKey } from '../contract/bundles.ts'
import { Failure } from '../errors.ts'
import { putSigningKey, signingKeys, type PrivateBox, type SigningKey } from '../store/keys.ts'
import type { Actor, Library } from '../store/library.ts'

/** 128 MiB and about half a second for each guess (OWASP Password Storage Cheat Sheet, 2024: N = 2^17, r = 8, p = 1). */
const COST = { N: 2 ** 17, r: 8, p: 1 }
/** SubjectPublicKeyInfo of an Ed25519 key (RFC 8410, section 10.1) up to its 32 bytes. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

export const listKeys = (lib: Library): DeskKey[] => signingKeys(lib).map(publicPart)

const publicPart = ({ fingerprint, publicKey, createdAt, retiredAt }: SigningKey): DeskKey => ({
  fingerprint,
  pem: createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' })
    .export({ type: 'spki', format: 'pem' })
    .toString(),
  createdAt,
  retiredAt,
})

/** @throws Failure key.exists */
export async function createKey(
  lib: Library,
  { passphrase, replace }: { passphrase: string; replace: boolean },
  actor: Actor,
): Promise<DeskKey> {
  const [inUse] = signingKeys(lib)
  if (inUse && !replace) throw new Failure('key.exists', `Its fingerprint is ${inUse.fingerprint}.`)
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(SPKI.length)
  const fingerprint = createHash('sha256').update(raw).digest('hex')
  const box = await lock(privateKey, passphrase, fingerprint)
  putSigningKey(lib, actor, { fingerprint, publicKey: raw, box }, replace)
  return listKeys(lib)[0]!
}

export interface UnlockedKey {
  readonly fingerprint: string
  readonly publicKey: Uint8Array
  readonly privateKey: KeyObject
}

/** The key in use; the first one is made where there is none. @throws Failure key.passphrase */
export async function unlockKey(lib: Library, passphrase: string, actor: Actor): Promise<UnlockedKey> {
  if (!signingKeys(lib).length) await createKey(lib, { passphrase, replace: false }, actor)
  const [inUse] = signingKeys(lib)
  if (!inUse?.box) throw new Error('no signing key is in use')
  const { fingerprint, publicKey } = inUse
  return { fingerprint, publicKey, privateKey: await unlock(inUse.box, passphrase, fingerprint) }
}

async function lock(key: KeyObject, passphrase: string, fingerprint: string): Promise<PrivateBox> {
  const salt = randomBytes(16)
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', await derive(passphrase, salt, COST), iv)
  cipher.setAAD(Buffer.from(fingerprint))
  const data = Buffer.concat([cipher.update(key.export({ type: 'pkcs8', format: 'der' })), cipher.final()])
  const [text, tag] = [data, cipher.getAuthTag()].map((bytes) => bytes.toString('base64')) as [string, string]
  return {
    kdf: 'scrypt',
    ...COST,
    salt: salt.toString('base64'),
    cipher: 'aes-256-gcm',
    iv: iv.toString('base64'),
    tag,
    data: text,
  }
}

async function unlock(box: PrivateBox, passphrase: string, fingerprint: string): Promise<KeyObject> {
  const [salt, iv, tag, data] = [box.salt, box.iv, box.tag, box.data].map((text) => Buffer.from(text, 'base64')) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ]
  const decipher = createDecipheriv('aes-256-gcm', await derive(passphrase, salt, box), iv, { authTagLength: 16 })
  decipher.setAAD(Buffer.from(fingerprint))
  decipher.setAuthTag(tag)
  try {
    const der = Buffer.concat([decipher.update(data), decipher.final()])
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  } catch (error) {
    throw new Failure('key.passphrase', undefined, { cause: error })
  }
}

/** The same characters however a keyboard composes them (NFKC, as in RFC 8265). */
function derive(passphrase: string, salt: Buffer, { N, r, p }: { N: number; r: number; p: number }): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    scrypt(passphrase.normalize('NFKC'), salt, 32, { N, r, p, maxmem: 256 * N * r }, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  )
}
