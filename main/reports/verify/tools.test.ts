import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nodeTools } from './node-tools.ts'
import { browserTools, verifyWithoutWebCrypto } from '../../../renderer/verifier/browser-tools.ts'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const raw = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32))

describe('the tools of the verifier in a browser', () => {
  it('hash like Node, however the bytes come in parts', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), (parts) => {
        const hash = browserTools.sha256()
        for (const part of parts) hash.update(part)
        expect(hash.hex()).toBe(createHash('sha256').update(Buffer.concat(parts)).digest('hex'))
      }),
    )
  })

  it('hold a signature for good exactly where Node does, with and without WebCrypto', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), fc.option(fc.nat(63)), async (message, broken) => {
        const signature = new Uint8Array(sign(null, message, privateKey))
        if (broken !== null) signature[broken]! ^= 1
        const answers = [
          await nodeTools.ed25519(raw, message, signature),
          await browserTools.ed25519(raw, message, signature),
          verifyWithoutWebCrypto(raw, message, signature),
        ]
        expect(answers).toEqual(answers.map(() => broken === null))
      }),
      { numRuns: 30 },
    )
  })

  it('take nothing that is no key for one', async () => {
    expect(await browserTools.ed25519(new Uint8Array(5), new Uint8Array(), new Uint8Array(64))).toBe(false)
    expect(verifyWithoutWebCrypto(new Uint8Array(32).fill(255), new Uint8Array(), new Uint8Array(64))).toBe(false)
  })
})
