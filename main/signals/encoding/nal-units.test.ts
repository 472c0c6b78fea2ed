import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryFile } from '../../../test/fixtures/clip.ts'
import { readIsoFacts } from '../provenance/iso-facts.ts'
import { keySamples } from './key-samples.ts'
import { parseConfiguration, readSampleHead } from './nal-units.ts'

const entry = (format: string, configuration: string) => ({
  format,
  configuration,
  width: 0,
  height: 0,
  compressor: '',
})
// avcC of vectors/vpdq/chair-20-sd-bar.mp4
const AVCC = '014d401effe10016674d401eeca0f02dd080000003008000001e078b16cb01000468ef8fc8'
const unit = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes])

describe('parameter sets', () => {
  it('reads the configuration of an H.264 track', () => {
    expect(parseConfiguration(entry('avc1', AVCC))).toMatchObject({
      codec: 'h264',
      lengthSize: 4,
      sequenceSets: [expect.stringMatching(/^[0-9a-f]{16}$/)],
    })
    expect(parseConfiguration(entry('vp09', AVCC))).toBeNull()
    expect(parseConfiguration(entry('avc1', '01'))).toBeNull()
  })

  it('recognises the same parameter set inside the stream, another one, and an encoder introducing itself', () => {
    const configuration = parseConfiguration(entry('avc1', AVCC))!
    const same = Buffer.from('674d401eeca0f02dd080000003008000001e078b16cb', 'hex')
    const other = Buffer.from('674d401feca0f02dd080000003008000001e078b16cb', 'hex')
    const sei = Buffer.concat([Buffer.from([6, 5, 100]), Buffer.from('x264 - core 164 - H.264')])
    const head = readSampleHead(
      Buffer.concat([unit(sei), unit(same), unit(other), unit(Buffer.from([0x65, 1, 2]))]),
      configuration,
    )
    expect(head.encoder).toBe('x264 - core 164')
    expect(head.sequenceSets[0]).toBe(configuration.sequenceSets[0])
    expect(head.sequenceSets[1]).not.toBe(configuration.sequenceSets[0])
  })

  it('never throws, whatever the bytes', async () => {
    const configuration = parseConfiguration(entry('avc1', AVCC))!
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom('avc1', 'hvc1', 'hev1'),
        async (bytes, format) => {
          parseConfiguration(entry(format, Buffer.from(bytes).toString('hex')))
          readSampleHead(bytes, configuration)
          const file = memoryFile(bytes)
          expect(await keySamples(file, await readIsoFacts(file), 10)).toEqual([])
        },
      ),
    )
  })
})
