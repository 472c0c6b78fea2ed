/**
 * The verifier's tools in a browser. SHA-256 must go on over files of any length, which WebCrypto cannot; Ed25519 is
 * WebCrypto's where it has it (Chromium 137, Firefox 129, Safari 17), and else the one that comes with the page.
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { Tools } from '../../main/reports/verify/package.ts'

type Bytes = Uint8Array<ArrayBuffer>

export const browserTools: Tools = {
  sha256() {
    const hash = sha256.create()
    return { update: (bytes) => void hash.update(bytes), hex: () => bytesToHex(hash.digest()) }
  },
  async ed25519(publicKey, message, signature) {
    try {
      const key = await crypto.subtle.importKey('raw', publicKey as Bytes, 'Ed25519', false, ['verify'])
      return await crypto.subtle.verify('Ed25519', key, signature as Bytes, message as Bytes)
    } catch {
      return verifyWithoutWebCrypto(publicKey, message, signature)
    }
  },
  unlock: async (source, passphrase) =>
    (await import('../../main/reports/verify/locked.ts')).unlock(source, passphrase),
}

/** RFC 8032, 5.1.7, as strictly as WebCrypto. */
export function verifyWithoutWebCrypto(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false })
  } catch {
    return false
  }
}
