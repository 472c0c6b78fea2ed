/**
 * Readings kept from one evaluation to the next, before any calibration: one small file per file hash, copy, signal and
 * version. What was read with another model or ffmpeg is no longer valid; a new calibration needs nothing read again.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { listModels } from '../signals/model-card.ts'
import { Reading } from './protocol.ts'

const Entry = z.object({
  format: z.literal('assay-reading-1'),
  /** The ffmpeg build that decoded. */
  ffmpeg: z.string(),
  /** Prints of the models it opened. */
  models: z.record(z.string(), z.string()),
  kind: z.enum(['video', 'sound']),
  reading: Reading,
})

/** What the models on disk are now: id → hash. */
export type Prints = ReadonlyMap<string, string>

export async function modelPrints(folder: string): Promise<Prints> {
  return new Map((await listModels(folder)).map(({ id, sha256 }) => [id, sha256]))
}

export interface Key {
  /** Of the original. */
  readonly sha256: string
  readonly copy: string
  readonly signal: string
  readonly version: string
}

export interface Kept {
  readonly kind: 'video' | 'sound'
  readonly reading: Reading
}

export interface ReadingCache {
  get(key: Key, prints: Prints): Promise<Kept | null>
  put(key: Key, prints: Prints, kept: Kept): Promise<void>
}

export function readingCache(folder: string, ffmpeg: string): ReadingCache {
  const pathOf = ({ sha256, copy, signal, version }: Key): string => {
    const name = `${signal}@${version}`.replaceAll(/[^A-Za-z0-9@.+-]/g, '_')
    return join(folder, sha256.slice(0, 2), sha256, copy, `${name}.json`)
  }
  return {
    async get(key, prints) {
      let value: unknown
      try {
        value = JSON.parse(await readFile(pathOf(key), 'utf8'))
      } catch {
        return null
      }
      const entry = Entry.safeParse(value)
      if (!entry.success || entry.data.ffmpeg !== ffmpeg) return null
      const { models, reading, kind } = entry.data
      const valid = Object.entries(models).every(([id, print]) => (prints.get(id) ?? '') === print)
      return valid && reading.output.applicability.state !== 'failed' ? { kind, reading } : null
    },
    async put(key, prints, { kind, reading }) {
      if (reading.output.applicability.state === 'failed') return
      const models = Object.fromEntries(reading.models.map((id) => [id, prints.get(id) ?? '']))
      const path = pathOf(key)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(`${path}.part`, JSON.stringify({ format: 'assay-reading-1', ffmpeg, models, kind, reading }))
      await rename(`${path}.part`, path)
    },
  }
}
