/** Reports for other programs: STIX 2.1, MISP, and a set of tables; written as the exchange of records writes them. */
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { writeBundle } from '../cases/exchange/stix/export.ts'
import { writeEvents } from '../cases/exchange/misp/write.ts'
import type { Exported } from '../cases/exchange/scope.ts'
import { csvSet } from './csv-set.ts'
import { escaped } from './neutralised.ts'
import type { RenderInput } from './formats.ts'

function recordsOf({ records }: RenderInput): Exported {
  if (!records) throw new Error('a format of records was asked for without them')
  return records
}

/** The same JSON values, with what prints nothing or turns text around spelled out. */
const seen = (json: Buffer): Uint8Array => Buffer.from(escaped(json.toString('utf8')))

export const stixReport = (input: RenderInput): Uint8Array => seen(writeBundle(recordsOf(input)))
export const mispReport = (input: RenderInput): Uint8Array => seen(writeEvents(recordsOf(input)))

/** One zip of tables. Equal cases give equal bytes: the time in it is that of the report. */
export async function csvReport(input: RenderInput): Promise<Uint8Array> {
  const zip = new ZipFile()
  const mtime = new Date(input.snapshot.generatedAt)
  for (const [name, bytes] of csvSet(input.snapshot, recordsOf(input)))
    zip.addBuffer(bytes, name, { mtime, mode: 0o100644, forceDosTimestamp: true })
  zip.end()
  const parts: Buffer[] = []
  await pipeline(zip.outputStream, new Writable({ write: (part: Buffer, _, done) => (parts.push(part), done()) }))
  return Buffer.concat(parts)
}
