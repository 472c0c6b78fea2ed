/** Takes files in as a user would drop them, decodes what was admitted, and notes everything that happened meanwhile. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AcquisitionDetails, type IntakeItem } from '../../main/contract/intake.ts'
import type { MediaFacts } from '../../main/contract/media.ts'
import { report } from '../../main/errors.ts'
import { createIntake } from '../../main/intake/intake.ts'
import type { EvidenceFile } from '../../main/jobs/protocol.ts'
import { decode } from '../../main/media/decode.ts'
import { openEvidence } from '../../main/media/open.ts'
import { probe } from '../../main/media/probe.ts'
import { streamsFor } from '../../main/media/streams.ts'
import type { Frame } from '../../main/media/types.ts'
import { evidenceFile } from '../../main/store/evidence.ts'
import { createLibrary, type Library } from '../../main/store/library.ts'
import { ffmpegPath } from '../fixtures/clip.ts'

/** What became of one file. */
export interface Outcome {
  readonly item: IntakeItem
  /** Code of the failure that ended it; undefined where it was decoded. `internal` is a bug. */
  readonly code: string | undefined
  readonly detail: string
  readonly facts: MediaFacts | undefined
  readonly frames: number
  /** True where a frame showed the colour that only the secret file has. */
  readonly secret: boolean
}

/** A listener that nobody has a reason to speak to. */
export interface Canary {
  readonly address: string
  /** First line of everything that was said to it. */
  readonly heard: string[]
  close(): Promise<void>
}

/** @param port 0 for any */
export async function listen(port = 0): Promise<Canary> {
  const heard: string[] = []
  const server: Server = createServer((socket) => {
    const index = heard.push('a connection') - 1
    socket.on('data', (chunk) => {
      heard[index] = chunk.toString('latin1').split('\r\n', 1)[0] ?? ''
      socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')
    })
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  const bound = server.address() as { port: number }
  return {
    address: `http://127.0.0.1:${bound.port}`,
    heard,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** Pure red in the middle of the picture. */
function isSecret({ stream, data }: Frame): boolean {
  if (stream.format !== 'rgb24') return false
  const at = ((stream.height >> 1) * stream.width + (stream.width >> 1)) * 3
  return data[at]! > 200 && data[at + 1]! < 60 && data[at + 2]! < 60
}

/**
 * Adds all files at once to a new library and decodes what it admits, two at a time. The library and everything written
 * are gone afterwards; `leftovers` names what ffmpeg left in its private folders.
 */
export async function receiveAll(paths: readonly Buffer[]): Promise<{ outcomes: Outcome[]; leftovers: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-hostile-'))
  const lib = createLibrary(join(folder, 'library'), 'Hostile')
  const work = mkdtempSync(join(folder, 'work-'))
  const intake = createIntake(lib, { actor: 'analyst', onItem() {}, onAdmitted() {}, uploadPath: () => undefined })
  try {
    const files = paths.map((path) => ({ path: path.toString() }))
    const added = await intake.add({ files, storage: 'copy', details: AcquisitionDetails.parse({}), caseId: null })
    await intake.idle()
    const ended = new Map(intake.list().map((item) => [item.id, item]))
    const queue = added.map(({ id }, index) => ({ index, item: ended.get(id)! }))
    const outcomes: Outcome[] = []
    const lane = async (): Promise<void> => {
      for (let next = queue.shift(); next; next = queue.shift())
        outcomes[next.index] = await examine(lib, next.item, work)
    }
    await Promise.all([lane(), lane()])
    return { outcomes, leftovers: readdirSync(work) }
  } finally {
    await intake.close()
    lib.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function examine(lib: Library, item: IntakeItem, folder: string): Promise<Outcome> {
  if (item.evidenceId) return { item, ...(await decodeAll(evidenceFile(lib, item.evidenceId), folder)) }
  const { code = item.state, detail = '' } = item.error ?? {}
  return { item, code, detail, facts: undefined, frames: 0, secret: false }
}

/** Decodes a file into everything, whatever it is: what stands between it and ffmpeg is the media stage alone. */
export async function decodeAll(evidence: EvidenceFile, folder: string): Promise<Omit<Outcome, 'item'>> {
  const ffmpeg = ffmpegPath()
  const options = { threads: 1, cancelled: new AbortController().signal, folder }
  let facts: MediaFacts | undefined
  let frames = 0
  let secret = false
  try {
    const file = await openEvidence(evidence)
    try {
      const media = await probe(file, evidence.sha256, ffmpeg, options)
      facts = media.facts
      await decode(media, {
        ...options,
        ffmpeg,
        streams: streamsFor(['thumb', 'face', 'detail', 'motion'], facts),
        sound: true,
        onFrame(frame) {
          frames += 1
          secret ||= isSecret(frame)
        },
      })
    } finally {
      await file.close()
    }
    return { code: undefined, detail: '', facts, frames, secret }
  } catch (error) {
    const { code, detail = '' } = report(error)
    return { code, detail: code === 'internal' ? String(error) : detail, facts, frames, secret }
  }
}
