import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { MediaFacts } from '../../../main/contract/media.ts'
import { api } from '../../client.ts'
import type { Transport } from './transport.ts'

/** Tells a player the frames of an item, as far as they are known. */
export function useFrames(transport: Transport, evidenceId: string, facts: MediaFacts | null): void {
  const packets = useQuery(api.media.packets.queryOptions({ input: { evidenceId, limit: 20_000 } })).data
  useEffect(() => {
    // Thinned packets do not tell every frame's time; then the frame rate has to do.
    const whole = packets && packets.total === packets.time.length && packets.total > 0
    const sorted = whole ? packets.time.toSorted((a, b) => a - b) : []
    const [origin = 0] = sorted
    transport.learn({
      frameRate: facts?.video[0]?.frameRate ?? 25,
      frameTimes: sorted.map((time) => time - origin),
      duration: facts?.container.duration ?? 0,
    })
  }, [transport, facts, packets])
}
