import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { clipFolder, DATA, NO_DATA, openClip } from '../fixtures/clip.ts'
import { signedCopy } from '../fixtures/signed-clip.ts'
import { WHOLE } from '../../main/signals/provenance/c2pa-protocol.ts'
import { readCredentials, type Credentials } from '../../main/signals/provenance/c2pa-read.ts'
import { looksIso, readBoxes } from '../../main/signals/provenance/iso-boxes.ts'

const folder = clipFolder()
afterAll(() => folder.remove())

async function read(path: string, options = {}): Promise<Credentials> {
  const file = await openClip(path)
  try {
    const tree = (await looksIso(file)) ? await readBoxes(file) : null
    return await readCredentials(file, tree, new AbortController().signal, options)
  } finally {
    await file.close()
  }
}
const failuresOf = (credentials: Credentials) =>
  credentials.state === 'present'
    ? (credentials.store.validation_results?.activeManifest?.failure ?? []).map(({ code }) => code)
    : credentials.state

const GENERATED = {
  claim_generator_info: [{ name: 'Test Generator', version: '1.0' }],
  title: 'clip',
  assertions: [
    {
      label: 'c2pa.actions',
      data: {
        actions: [
          {
            action: 'c2pa.created',
            digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
          },
        ],
      },
    },
  ],
}
const clip = folder.make('clip.mp4', '-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=15', '-t', '1', '-c:v', 'mpeg4')

describe('Content Credentials of files made here', () => {
  it('says that a plain clip has none without starting the reader', async () => {
    expect(await read(clip)).toEqual({ state: 'none' })
  })

  it('verifies a signed clip, and notices one changed byte of its pictures', async () => {
    const signed = await signedCopy(readFileSync(clip), 'video/mp4', GENERATED)
    const path = folder.write('signed.mp4', signed)
    expect(failuresOf(await read(path))).toEqual([])
    const changed = new Uint8Array(signed)
    changed[Buffer.from(changed).lastIndexOf('mdat') + 500]! ^= 1
    expect(failuresOf(await read(folder.write('changed.mp4', changed)))).toContain('assertion.bmffHash.mismatch')
  })

  it('verifies a file that is too large to be read as a whole', async () => {
    const padding = Buffer.alloc(WHOLE + 1000)
    padding.writeUInt32BE(padding.length, 0)
    padding.write('mdat', 4)
    const signed = await signedCopy(Buffer.concat([readFileSync(clip), padding]), 'video/mp4', GENERATED)
    expect(failuresOf(await read(folder.write('large.mp4', signed)))).toEqual([])
    signed[signed.length - 5_000_000]! ^= 1
    expect(failuresOf(await read(folder.write('large.mp4', signed)))).toContain('assertion.bmffHash.mismatch')
  })

  it('gives up on time and says so', async () => {
    const path = folder.write('slow.mp4', await signedCopy(readFileSync(clip), 'video/mp4', GENERATED))
    const credentials = await read(path, { graceSeconds: 0 })
    expect(credentials).toMatchObject({ state: 'unreadable', reason: expect.stringContaining('stopped after') })
  })

  it('ends with the job when it is cancelled', async () => {
    const path = folder.write('cancelled.mp4', await signedCopy(readFileSync(clip), 'video/mp4', GENERATED))
    const file = await openClip(path)
    const abort = new AbortController()
    const reading = readCredentials(file, await readBoxes(file), abort.signal)
    abort.abort()
    await expect(reading).rejects.toMatchObject({ code: 'job.cancelled' })
    await file.close()
  })

  it('says which formats it cannot look into', async () => {
    const mkv = folder.make('clip.mkv', '-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=15', '-t', '0.3', '-c:v', 'mpeg4')
    expect(await read(mkv)).toEqual({ state: 'not-carried' })
  })
})

const vector = (name: string) => join(DATA ?? '', 'vectors/c2pa', name)

describe.skipIf(!DATA)(`Content Credentials of the published vectors${DATA ? '' : ` (${NO_DATA})`}`, () => {
  it.each(['C.jpg', 'CA.jpg', 'CACAE-uri-CA.jpg', 'update_manifest.jpg', 'legacy.mp4', 'video1.mp4'])(
    'finds %s intact',
    async (name) => {
      expect(failuresOf(await read(vector(name)))).toEqual([])
    },
  )

  it.each([
    ['E-sig-CA.jpg', 'claimSignature.mismatch'],
    ['XCA.jpg', 'assertion.dataHash.mismatch'],
  ])('finds %s altered: %s', async (name, code) => {
    expect(failuresOf(await read(vector(name)))).toContain(code)
  })

  it('reads where remote credentials are said to lie, and fetches nothing', async () => {
    expect(await read(vector('cloud.jpg'))).toMatchObject({
      state: 'remote',
      address: expect.stringMatching(/^https:\/\/cai-manifests\.adobe\.com\//),
    })
  })

  it.each(['no_manifest.jpg', 'video1_no_manifest.mp4', 'test.avi'])('finds none in %s', async (name) => {
    expect(await read(vector(name))).toEqual({ state: 'none' })
  })

  it.each([
    ['nested_moov_1000.mp4', 'unreadable'],
    ['riff_bomb_1000.wav', 'none'],
  ])('survives the container bomb %s', async (name, state) => {
    expect(await read(vector(name))).toMatchObject({ state })
  })
})
