/** Keys that seal bundles, as rows. The private half is stored only as the box that `reports/keys.ts` makes of it. */
import { z } from 'zod'
import { Failure } from '../errors.ts'
import type { Actor, Library } from './library.ts'

const Bytes64 = z.base64()
/** A private key at rest: AES-256-GCM under a key that scrypt (RFC 7914) derives from the passphrase. */
export const PrivateBox = z.object({
  kdf: z.literal('scrypt'),
  N: z.number().int().positive(),
  r: z.number().int().positive(),
  p: z.number().int().positive(),
  salt: Bytes64,
  cipher: z.literal('aes-256-gcm'),
  iv: Bytes64,
  tag: Bytes64,
  data: Bytes64,
})
export type PrivateBox = z.infer<typeof PrivateBox>

const Row = z.object({
  fingerprint: z.string(),
  public_key: z.instanceof(Uint8Array),
  private_key: z.string().nullable(),
  created_at: z.string(),
  retired_at: z.string().nullable(),
})

export interface SigningKey {
  readonly fingerprint: string
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  readonly createdAt: string
  readonly retiredAt: string | null
  /** Null once another took its place. */
  readonly box: PrivateBox | null
}

/** The one in use first, then those before it, newest first. */
export function signingKeys(lib: Library): SigningKey[] {
  return lib.db
    .prepare('SELECT * FROM signing_key ORDER BY retired_at IS NOT NULL, created_at DESC, rowid DESC')
    .all()
    .map((untrustedRow) => {
      const row = Row.parse(untrustedRow)
      return {
        fingerprint: row.fingerprint,
        publicKey: row.public_key,
        createdAt: row.created_at,
        retiredAt: row.retired_at,
        box: row.private_key === null ? null : PrivateBox.parse(JSON.parse(row.private_key)),
      }
    })
}

/**
 * Puts a key in use. One that was in use before is retired: its private half is gone, its public half stays.
 *
 * @throws Failure key.exists where one is in use and may not be replaced
 */
export function putSigningKey(
  lib: Library,
  actor: Actor,
  key: { fingerprint: string; publicKey: Uint8Array; box: PrivateBox },
  replace: boolean,
): void {
  const now = new Date().toISOString()
  lib.change(actor, (record) => {
    const inUse = lib.db.prepare('SELECT fingerprint FROM signing_key WHERE retired_at IS NULL').pluck().get() as
      string | undefined
    if (inUse !== undefined && !replace) throw new Failure('key.exists', `Its fingerprint is ${inUse}.`)
    lib.db.prepare('UPDATE signing_key SET private_key = NULL, retired_at = ? WHERE retired_at IS NULL').run(now)
    lib.db
      .prepare('INSERT INTO signing_key (fingerprint, public_key, private_key, created_at) VALUES (?, ?, ?, ?)')
      .run(key.fingerprint, Buffer.from(key.publicKey), JSON.stringify(key.box), now)
    record('key.created', key.fingerprint, {
      publicKey: Buffer.from(key.publicKey).toString('base64'),
      replaces: inUse ?? null,
    })
  })
}

/** True where a bundle that was sealed with this key of another library was merged before. */
export const wasMerged = (lib: Library, fingerprint: string): boolean =>
  lib.db
    .prepare("SELECT 1 FROM audit WHERE action = 'bundle.merged' AND json_extract(body, '$.key') = ? LIMIT 1")
    .get(fingerprint) !== undefined
