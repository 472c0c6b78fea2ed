/** Runs signals over one file through the media stage, without a library; for measurements only. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import type { SignalOutput } from '../../main/contract/signals.ts'
import { decode } from '../../main/media/decode.ts'
import { findFfmpeg } from '../../main/media/ffmpeg.ts'
import { openEvidence } from '../../main/media/open.ts'
import { probe } from '../../main/media/probe.ts'
import { streamsFor } from '../../main/media/streams.ts'
import { startSignals } from '../../main/signals/run.ts'
import type { Signal } from '../../main/signals/signal.ts'

const MODELS = fileURLToPath(new URL('../../models', import.meta.url))

export interface FileRun {
  readonly outputs: SignalOutput[]
  /** Seconds in each signal. */
  readonly timings: Record<string, number>
}

/** @param exhibits folder that takes the exhibit images as `<sha256>.png`; none: they are only hashed */
export async function runFile(path: string, signals: readonly Signal[], exhibits?: string): Promise<FileRun> {
  const ffmpeg = findFfmpeg()
  if (!ffmpeg) throw new Error('ffmpeg was not found.')
  const folder = await mkdtemp(join(tmpdir(), 'assay-measure-'))
  const cancelled = new AbortController().signal
  try {
    const hash = createHash('sha256')
    await pipeline(createReadStream(path), hash)
    const sha256 = hash.digest('hex')
    const file = await openEvidence({ path, sha256, size: (await stat(path)).size, identity: null })
    try {
      const media = await probe(file, sha256, ffmpeg, { threads: 1, cancelled, folder })
      const set = await startSignals(signals, {
        media,
        models: MODELS,
        cancelled,
        onDefect: (id, e) => console.error(id, e),
      })
      await decode(media, {
        ffmpeg,
        streams: streamsFor(set.streamsNeeded(), media.facts),
        sound: set.needsSound,
        threads: 1,
        onFrame: (frame) => set.frame(frame),
        onSound: (sound) => set.sound(sound),
        cancelled,
        folder,
      })
      const outputs = await set.finish(async (bytes) => {
        const sha256 = createHash('sha256').update(bytes).digest('hex')
        if (exhibits) await writeFile(join(exhibits, `${sha256}.png`), bytes)
        return { sha256 }
      })
      return { outputs, timings: set.timings() }
    } finally {
      await file.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
