/** Redaction, held against the bytes: what is withheld stands in no format, not in a name, a number or a pixel. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync, inflateSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ReportFormat, ReportOptions } from '../../main/contract/reports.ts'
import { exportReport } from '../../main/reports/export.ts'
import { RECORD_FORMATS } from '../../main/reports/records.ts'
import { prepareReport, reportPictures } from '../../main/reports/render.ts'
import { lettersOf } from '../../main/reports/redaction/skeleton.ts'
import { currentFindings } from '../../main/store/findings.ts'
import { custodyOf, evidenceById } from '../../main/store/evidence.ts'
import { derivedFile, filmstripOf } from '../../main/store/media.ts'
import { NAMES, putFindings, putPicture, sampleCase, signalOutput, type SampleCase } from '../fixtures/sample-case.ts'
import { hasProgram } from '../fixtures/has-program.ts'

/** A photograph whose left half shows nothing but stripes of two colours that stand nowhere else. */
const SECRET = { r: 250, g: 20, b: 200 }
const PLAIN = { r: 30, g: 120, b: 60 }

let sample: SampleCase
let secretPicture = ''
let scratch = ''
const files = new Map<ReportFormat, Buffer>()
let person = ''

beforeAll(async () => {
  sample = await sampleCase()
  scratch = mkdtempSync(join(tmpdir(), 'assay-redaction-'))
  const { lib, caseId, items } = sample
  const [first] = items
  const half = { width: 160, height: 180, channels: 3 as const }
  const photo = await sharp({ create: { ...half, width: 320, background: PLAIN } })
    .composite([{ input: { create: { ...half, background: SECRET } }, left: 0, top: 0 }])
    .withExifMerge({ IFD0: { Artist: 'A. Analyst', ImageDescription: NAMES.persian } })
    .webp({ lossless: true })
    .toBuffer()
  secretPicture = putPicture(lib, first!, photo, 'image/webp', 'exhibit')
  const { sha256 } = evidenceById(lib, first!)
  putFindings(lib, first!, [
    ...currentFindings(lib, first!).map(({ output }) => output),
    signalOutput('added-model', {
      explanation: `Tag of the file: ${sha256.slice(0, 20)} by ali_khamenei, علی خامنه‌ای.`,
      evidence: [
        {
          kind: 'image',
          caption: `A frame with ${NAMES.persian} in it`,
          sha256: secretPicture,
          mime: 'image/webp',
          width: 320,
          height: 180,
        },
      ],
    }),
  ])
  person = lib.db.prepare('SELECT id FROM entity WHERE name = ?').pluck().get(NAMES.persian) as string
  const options = ReportOptions.parse({
    caseId,
    title: `About ${NAMES.persian}`,
    redaction: {
      names: [
        { recordId: person, texts: ['خامنه‌ای', 'Khamenei'], reason: 'a private matter' },
        { texts: [NAMES.cyrillic], label: 'Channel A', reason: 'source protection' },
      ],
      analysts: true,
      hashes: 'withhold',
      regions: [{ picture: secretPicture, region: { x: 0, y: 0, width: 0.5, height: 1 }, reason: 'a bystander' }],
      reason: 'protection of staff',
    },
  })
  const { render } = await prepareReport(lib, options, ReportFormat.options)
  for (const format of ReportFormat.options)
    if (!RECORD_FORMATS.includes(format)) files.set(format, Buffer.from(await render(format)))
    else await expect(render(format)).rejects.toMatchObject({ code: 'report.withheld' })
})
afterAll(() => {
  sample.remove()
  rmSync(scratch, { recursive: true, force: true })
})

/** Files of a zip, and compressed streams of a PDF, opened. */
function opened(format: ReportFormat, bytes: Buffer): Buffer[] {
  if (format === 'docx') return zipped(bytes)
  if (format !== 'pdf') return [bytes]
  const text = bytes.toString('latin1')
  return [
    bytes,
    ...[...text.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].map(([, body]) => {
      const raw = Buffer.from(body!, 'latin1')
      try {
        return inflateSync(raw)
      } catch {
        return raw
      }
    }),
  ]
}

function zipped(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = []
  // From the central directory, so that nothing in the archive is passed over.
  for (
    let at = bytes.lastIndexOf('PK\x05\x06'), next = bytes.readUInt32LE(at + 16);
    bytes.readUInt32LE(next) === 0x02014b50;
  ) {
    const [method, size] = [bytes.readUInt16LE(next + 10), bytes.readUInt32LE(next + 20)]
    const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(next + field))
    const local = bytes.readUInt32LE(next + 42)
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const body = bytes.subarray(start, start + size)
    parts.push(bytes.subarray(next + 46, next + 46 + name!), method ? inflateRawSync(body) : body)
    next += 46 + name! + extra! + comment!
  }
  return parts
}

const inText = (part: Buffer, text: string): boolean =>
  [text, text.normalize('NFD')].some(
    (form) => part.includes(Buffer.from(form)) || part.includes(Buffer.from(form, 'utf16le')),
  )

describe('what is withheld', () => {
  it.each(ReportFormat.options.filter((format) => !RECORD_FORMATS.includes(format)))(
    'stands nowhere in the %s, not in metadata and not in a file name',
    (format) => {
      const { lib, items } = sample
      const secrets = [
        NAMES.persian,
        'خامنه',
        'خامنئي',
        'Khamenei',
        'khamenei',
        NAMES.cyrillic,
        'A. Analyst',
        'B. Analyst',
        person,
        secretPicture,
        ...items.flatMap((id) => {
          const { sha256, blake3, size } = evidenceById(lib, id)
          return [id, sha256, sha256.slice(0, 16), blake3, String(size), filmstripOf(lib, id)?.sha256 ?? sha256]
        }),
        ...items.flatMap((id) => currentFindings(lib, id).map((finding) => finding.id)),
      ]
      const parts = opened(format, files.get(format)!)
      for (const secret of secrets)
        expect(
          parts.some((part) => inText(part, secret)),
          secret,
        ).toBe(false)
    },
  )

  it.skipIf(!hasProgram('pdftotext', '-v'))('cannot be copied out of the PDF either', () => {
    const file = join(scratch, 'report.pdf')
    writeFileSync(file, files.get('pdf')!)
    const text = execFileSync('pdftotext', ['-enc', 'UTF-8', file, '-'], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    const letters = lettersOf(text)
    for (const secret of [NAMES.persian, 'خامنه', 'Khamenei', NAMES.cyrillic, 'B. Analyst'])
      expect(letters.includes(lettersOf(secret)), secret).toBe(false)
    expect(text).toContain('[Person 1]')
    expect(text).toContain('[Channel A]')
  })

  it('is told of by kind, number and reason, in a section that cannot be left out', () => {
    const md = files.get('md')!.toString('utf8').replaceAll('\\', '')
    const told = md.slice(md.indexOf('## Withheld in this report'))
    expect(told).toMatch(/\| Person \| \[Person 1\] \| \d+ places \| a private matter \|/)
    expect(told).toMatch(/\| Name \| \[Channel A\] \| \d+ places \| source protection \|/)
    expect(told).toMatch(/\| Analyst \| \[Analyst 2\] \| \d+ places? \| protection of staff \|/)
    expect(told).toContain('| Hashes and exact sizes | left out | all originals | protection of staff |')
    expect(told).toContain('| Regions chosen by an analyst | black areas | 1 place in 1 picture | a bystander |')
    expect(md).toContain('# About [Person 1]')
  })
})

describe('a name', () => {
  it.each([
    ['fr', '[Personne 1]', '[Analyste 1]', 'Éléments occultés dans ce rapport'],
    ['de', '[Person 1]', '[Analyst 1]', 'In diesem Bericht zurückgehalten'],
    ['es', '[Persona 1]', '[Analista 1]', 'Reservado en este informe'],
  ])(
    'is covered in a report in the language %s as well, and told of in it',
    async (language, label, analyst, title) => {
      const redaction = { names: [{ recordId: person, texts: ['Khamenei'] }], analysts: true, hashes: 'withhold' }
      const options = { caseId: sample.caseId, language, omit: ['pictures'], redaction }
      const { snapshot, render } = await prepareReport(sample.lib, ReportOptions.parse(options))
      const md = Buffer.from(await render('md'))
        .toString('utf8')
        .replaceAll('\\', '')
      for (const secret of [NAMES.persian, 'Khamenei', 'khamenei', 'A. Analyst', 'B. Analyst', person])
        expect(md.includes(secret), secret).toBe(false)
      for (const said of [label, analyst, title]) expect(md).toContain(said)
      expect(snapshot.redaction!.names.map(({ kind }) => kind)).toEqual(['person', 'analyst', 'analyst'])
    },
  )
})

describe('a covered region', () => {
  /** Pixels of the secret colour, and of blends of it that are half as strong. */
  async function secretPixels(picture: Uint8Array): Promise<number> {
    const { data, info } = await sharp(picture)
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true })
    let found = 0
    for (let at = 0; at < data.length; at += info.channels)
      if (data[at]! - data[at + 1]! > 100 && data[at + 2]! - data[at + 1]! > 80) found++
    return found
  }
  const isPicture = (part: Buffer): boolean =>
    /^(\xff\xd8\xff|\x89PNG|RIFF)/.test(part.subarray(0, 4).toString('latin1'))

  it('is gone from the pixels of every format that shows pictures, and the rest of the picture is there', async () => {
    const html = files.get('html')!.toString('utf8')
    const inHtml = [...html.matchAll(/src="data:image\/\w+;base64,([^"]+)"/g)].map(([, data]) =>
      Buffer.from(data!, 'base64'),
    )
    const pictures = [
      inHtml,
      zipped(files.get('docx')!).filter(isPicture),
      opened('pdf', files.get('pdf')!).filter(isPicture),
    ]
    for (const all of pictures) expect(all.length).toBeGreaterThanOrEqual(1)
    const original = readFileSync(derivedFile(sample.lib, secretPicture))
    expect(await secretPixels(original)).toBe(160 * 180)
    for (const picture of pictures.flat()) {
      expect(await secretPixels(picture)).toBe(0)
      const { exif } = await sharp(picture).metadata()
      expect(exif).toBeUndefined()
    }
    const [shown] = await Promise.all(
      inHtml.map(async (picture) => ({ picture, ...(await sharp(picture).metadata()) })),
    ).then((all) => all.filter(({ width, height }) => width === 320 && height === 180))
    const { data } = await sharp(shown!.picture).raw().toBuffer({ resolveWithObject: true })
    const pixel = (x: number, y: number) => [...data.subarray((y * 320 + x) * 3, (y * 320 + x) * 3 + 3)]
    for (const channel of pixel(60, 90)) expect(channel).toBeLessThan(12)
    expect(Math.abs(pixel(250, 90)[1]! - PLAIN.g)).toBeLessThan(12)
  })

  it('leaves the original in the library as it was', () => {
    const bytes = readFileSync(derivedFile(sample.lib, secretPicture))
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(secretPicture)
    const pictures = reportPictures(sample.lib, ReportOptions.parse({ caseId: sample.caseId }))
    expect(pictures.map(({ sha256 }) => sha256)).toContain(secretPicture)
  })
})

describe('a redaction', () => {
  const options = (redaction: object) => ReportOptions.parse({ caseId: sample.caseId, redaction })

  it('says which words of a covered name the report still says', async () => {
    const { leftover } = await prepareReport(sample.lib, options({ names: [{ texts: ['Cotton Sandstorm Group'] }] }))
    expect(leftover.map(({ text }) => text)).toEqual(expect.arrayContaining(['Cotton', 'Sandstorm']))
    const { leftover: none } = await prepareReport(
      sample.lib,
      options({ names: [{ texts: ['Cotton Sandstorm Group', 'Cotton Sandstorm'] }] }),
    )
    expect(none).toEqual([])
  })

  it('refuses a label that says the name', async () => {
    await expect(
      prepareReport(sample.lib, options({ names: [{ texts: ['Cotton Sandstorm'], label: 'cotton-sandstorm' }] })),
    ).rejects.toMatchObject({ code: 'report.redaction' })
  })

  it('names the exported file without the name, too', async () => {
    const made = await exportReport(
      sample.lib,
      { ...options({ names: [{ texts: ['Hijacked streams'] }], hashes: 'withhold' }), format: 'md' },
      'analyst',
    )
    expect(made.file).toMatch(/^Name-1-/)
    // The library itself keeps who was told of what.
    for (const id of sample.items) expect(custodyOf(sample.lib, id).at(-1)).toMatchObject({ action: 'exported' })
  })
})
