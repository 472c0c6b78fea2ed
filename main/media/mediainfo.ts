/** Container and stream facts by MediaInfo, whose WebAssembly build keeps hostile bytes in a sandbox. */
import { z } from 'zod'
import { Failure } from '../errors.ts'
import { endThread } from './end-thread.ts'
import { preparedThread } from './prepared-thread.ts'
import type { OpenFile } from './types.ts'

/** A track as MediaInfo reports it: names to strings, and whatever else it knows under `extra`. All untrusted. */
export type UntrustedTrack = Readonly<Record<string, string>>
export interface UntrustedReport {
  readonly general: UntrustedTrack
  readonly video: readonly UntrustedTrack[]
  readonly audio: readonly UntrustedTrack[]
  /** Text, menu, image and other tracks. */
  readonly others: number
}

/** Time for one file, milliseconds. An hour of 1080p takes 0.1 s; only hostile files come near. */
const TIMEOUT = 30_000

const Track = z.looseObject({ '@type': z.string() })
const Report = z.object({ media: z.object({ track: z.array(Track).max(500) }).nullable() })

/** What its thread is asked. */
export interface MediaInfoOrder {
  readonly fd: number
  /** Bytes. */
  readonly size: number
}

const threads = preparedThread('mediainfo-thread', {
  stdout: true,
  stderr: true,
  resourceLimits: { maxOldGenerationSizeMb: 256 },
})
/** Loads MediaInfo beforehand, a few tenths of a second, for the next report. */
export const prepareMediaInfo = threads.prepare

/** What MediaInfo says; null where it gave up, ran out of memory or time, or found nothing. @throws Failure job.cancelled */
export async function mediaInfoReport(file: OpenFile, cancelled?: AbortSignal): Promise<UntrustedReport | null> {
  if (cancelled?.aborted) throw new Failure('job.cancelled')
  const thread = threads.take()
  let timer: NodeJS.Timeout | undefined
  const stop = (): void => void thread.terminate()
  try {
    const json = await new Promise<unknown>((resolve) => {
      timer = setTimeout(() => resolve(null), TIMEOUT)
      cancelled?.addEventListener('abort', stop, { once: true })
      thread.once('message', resolve)
      thread.once('error', () => resolve(null))
      thread.once('exit', () => resolve(null))
      const order: MediaInfoOrder = { fd: file.fd, size: file.size }
      thread.postMessage(order, [])
    })
    if (cancelled?.aborted) throw new Failure('job.cancelled')
    return typeof json === 'string' ? parseReport(json) : null
  } finally {
    clearTimeout(timer)
    cancelled?.removeEventListener('abort', stop)
    await endThread(thread)
  }
}

/** Parses MediaInfo's JSON; null where it is none or names no track of picture or sound. */
export function parseReport(untrustedJson: string): UntrustedReport | null {
  let parsed: z.infer<typeof Report>
  try {
    parsed = Report.parse(JSON.parse(untrustedJson))
  } catch {
    return null
  }
  const tracks = parsed.media?.track ?? []
  const of = (type: string): UntrustedTrack[] => tracks.filter((track) => track['@type'] === type).map(flat)
  const [general] = of('General')
  const video = of('Video')
  const audio = of('Audio')
  if (!general || video.length + audio.length === 0) return null
  return { general, video, audio, others: tracks.length - 1 - video.length - audio.length }
}

function flat(track: z.infer<typeof Track>): UntrustedTrack {
  const fields: Record<string, string> = Object.create(null) as Record<string, string>
  const take = (from: object): void => {
    for (const [key, value] of Object.entries(from)) {
      if (key === '@type') continue
      if (typeof value === 'string') fields[key] ??= value
      else if (key === 'extra' && value && typeof value === 'object') take(value)
    }
  }
  take(track)
  return fields
}
