/** The large case of `npm run bench:report`: items as triage leaves them, with pictures that hold detail. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import sharp from 'sharp'
import { addEvidence, createCase } from '../main/cases/cases.ts'
import { CaseFields } from '../main/contract/cases.ts'
import { AcquisitionDetails } from '../main/contract/intake.ts'
import { MediaFacts } from '../main/contract/media.ts'
import { SignalOutput } from '../main/contract/signals.ts'
import { SIGNALS } from '../main/signals/list.ts'
import { insertEvidence } from '../main/store/evidence.ts'
import { replaceFindings } from '../main/store/findings.ts'
import { createLibrary, type Library } from '../main/store/library.ts'
import { derivedFile, putDerivative, putDrawings, putProbe } from '../main/store/media.ts'

export interface LargeCase {
  readonly caseId: string
  readonly findings: number
  readonly pictures: number
}

const FACTS = MediaFacts.parse({
  container: {
    format: 'MPEG-4',
    profile: 'Base Media',
    duration: 60,
    size: 12_345_678,
    bitRate: null,
    writingApplication: 'Lavf60.16.100',
    writingLibrary: '',
    encodedDate: '',
    taggedDate: '',
    tags: {},
  },
  video: [],
  audio: [],
  otherStreams: 0,
  playsInBrowser: true,
})

const sha = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')

/** @param size per item: findings, and pictures with the filmstrip among them */
export async function makeLargeCase(
  folder: string,
  size: { items: number; findings: number; pictures: number },
): Promise<LargeCase> {
  const lib = createLibrary(folder, 'analyst')
  const { id: caseId } = createCase(
    lib,
    CaseFields.parse({ title: 'A large case', summary: 'Made to measure.' }),
    'analyst',
  )
  const items: string[] = []
  for (let n = 0; n < size.items; n++) {
    const { id, sha256 } = addItem(lib, n)
    items.push(id)
    const strip = await putPicture(lib, id, 'filmstrip', 1920, 90, n * 100)
    const times = Array.from({ length: 12 }, (_, tile) => tile * 5)
    lib.change('analyst', () => {
      putProbe(lib, id, FACTS, new Uint8Array())
      putDrawings(lib, id, {
        waveform: null,
        filmstrip: { sha256: strip, tiles: 12, tileWidth: 160, tileHeight: 90, times },
      })
    })
    const exhibits: string[] = []
    for (let k = 1; k < size.pictures; k++) exhibits.push(await putPicture(lib, id, 'exhibit', 960, 540, n * 100 + k))
    const outputs = Array.from({ length: size.findings }, (_, k) =>
      output(
        k,
        n,
        exhibits.filter((_, e) => e % size.findings === k),
      ),
    )
    lib.change('analyst', () => replaceFindings(lib.db, { id, sha256 }, outputs))
  }
  addEvidence(lib, caseId, items, 'analyst')
  lib.close()
  return { caseId, findings: size.items * size.findings, pictures: size.items * size.pictures }
}

function addItem(lib: Library, n: number): { id: string; sha256: string } {
  const at = new Date(Date.UTC(2024, 1, 9, 12, 0, n)).toISOString()
  const sha256 = sha(`item ${n}`)
  const name = `clip-${n}-of-a-stream.mp4`
  const id = insertEvidence(lib, 'analyst', {
    sha256,
    blake3: sha(`blake ${n}`),
    size: 12_345_678 + n,
    container: 'mp4',
    storage: 'copied',
    reference: null,
    acquisition: {
      id: crypto.randomUUID(),
      name,
      path: '',
      acquiredAt: at,
      modifiedAt: null,
      details: AcquisitionDetails.parse({ source: 'a channel', claimedPlace: 'a city', tlp: 'GREEN' }),
      custody: ['acquired', 'hashed', 'stored'].map((action) => ({
        at,
        action: action as 'hashed',
        detail: 'as usual',
      })),
    },
  })
  return { id, sha256 }
}

/** A gradient with noise in it: neither empty nor hopeless for an encoder, as a frame of a video. */
async function putPicture(
  lib: Library,
  evidenceId: string,
  role: 'exhibit' | 'filmstrip',
  width: number,
  height: number,
  seed: number,
): Promise<string> {
  let state = seed * 2654435761 + 1
  const noise = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
  const data = new Uint8Array(width * height * 3)
  for (let y = 0, p = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++, p++)
        data[p] = 60 + (90 * x) / width + 50 * Math.sin((y + seed) / (9 + 7 * c)) + 24 * noise()
  const bytes = await sharp(data, { raw: { width, height, channels: 3 } })
    .webp({ quality: 80 })
    .toBuffer()
  const sha256 = sha(bytes)
  const path = derivedFile(lib, sha256)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
  lib.change('analyst', () => putDerivative(lib, evidenceId, { sha256, role, mime: 'image/webp', bytes: bytes.length }))
  return sha256
}

function output(k: number, item: number, exhibits: readonly string[]): SignalOutput {
  const known = SIGNALS[k]
  return SignalOutput.parse({
    id: known?.id ?? `added-model-${k}`,
    version: known?.version ?? '1.0.0',
    applicability: { state: 'ran', reason: '' },
    score: ((k * 7 + item) % 100) / 100,
    calibration: null,
    segments: Array.from({ length: 4 }, (_, s) => ({
      start: s * 12,
      end: s * 12 + 5,
      score: 0.5,
      label: 'a stretch in which the measure was high',
      region: { x: 0.1, y: 0.2, width: 0.3, height: 0.4 },
    })),
    observations: Array.from({ length: 3 }, (_, o) => ({
      code: `signal.code-${o}`,
      text: 'What was seen there, in a sentence that is about as long as those that signals write in earnest.',
      weight: (['strong', 'some', 'context'] as const)[o],
      at: o * 7,
      reference: 'An Author et al., A Conference 2020',
    })),
    tracks: [
      {
        label: 'reading',
        unit: '',
        start: 0,
        step: 0.04,
        values: Array.from({ length: 1500 }, (_, i) => (i % 97 === 0 ? null : Math.abs(Math.sin(i / 40 + k)))),
      },
    ],
    evidence: exhibits.map((sha256) => ({
      kind: 'image',
      caption: 'The picture where the reading is highest, as it is.',
      sha256,
      mime: 'image/webp',
      width: 960,
      height: 540,
      at: 12,
    })),
    explanation: 'Measured the pictures of the whole video and found the reading high in four stretches of it.',
    knownFailures: ['Platforms re-encode what is uploaded: this alone is likely caused by a re-upload.'],
    provenance: {
      model: null,
      parameters: { frames: 60, bins: 32, threshold: 0.5 },
      ffmpeg: 'ffmpeg version 5.1',
      seed: 0,
    },
  })
}
