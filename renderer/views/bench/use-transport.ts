import { useSyncExternalStore } from 'react'
import type { Transport } from './transport.ts'

/** Draws its caller again when what `pick` takes from the player changes; pick something coarse where you can. */
export function useTransport<T extends string | number | boolean | object | null>(
  transport: Transport,
  pick: (transport: Transport) => T,
): T {
  return useSyncExternalStore(transport.subscribe, () => pick(transport))
}
