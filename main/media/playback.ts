/** How the Bench plays an item: as it is where Chromium can, otherwise through a proxy that a job makes. */
import type { z } from 'zod'
import type { Playback } from '../contract/media.ts'
import type { Queue } from '../jobs/queue.ts'
import type { Library } from '../store/library.ts'
import { derivativesOf, mediaFacts } from '../store/media.ts'

type Answer = z.infer<typeof Playback>

/** Starts the making of a proxy when one is needed and none is there or under way. */
export function playback(lib: Library, queue: Queue, evidenceId: string): Answer {
  const facts = mediaFacts(lib, evidenceId)
  if (!facts) return { state: 'preparing', via: 'original', url: null, reason: 'The file has not been read yet.' }
  if (facts.playsInBrowser)
    return { state: 'ready', via: 'original', url: `/file/evidence/${evidenceId}`, reason: 'Played as received.' }
  const [proxy] = derivativesOf(lib, evidenceId, 'proxy')
  const codec = facts.video[0]?.codec ?? facts.audio[0]?.codec ?? 'this format'
  if (proxy)
    return {
      state: 'ready',
      via: 'proxy',
      url: `/file/derived/${proxy.sha256}`,
      reason: `A browser cannot play ${codec} in ${facts.container.format}: this is a copy made for viewing. Signals read the original.`,
    }
  const last = queue
    .list(evidenceId)
    .filter((job) => job.kind === 'proxy')
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt))
    .at(-1)
  if (last?.state === 'failed' || last?.state === 'cancelled')
    return {
      state: 'unavailable',
      via: 'proxy',
      url: null,
      reason: last.error?.message ?? 'The making of a copy for viewing was cancelled.',
    }
  if (!last || last.state === 'succeeded') queue.enqueue('proxy', evidenceId)
  return { state: 'preparing', via: 'proxy', url: null, reason: `Making a copy that a browser can play (${codec}).` }
}
