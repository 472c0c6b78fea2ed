/** State that outlives a visit to a screen: filters, half-filled forms, uploads under way. Gone when the window closes. */
import { useSyncExternalStore } from 'react'

interface Kept<T> {
  get(): T
  set(next: T | ((before: T) => T)): void
  subscribe(listener: () => void): () => void
}

export function kept<T>(initial: T): Kept<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      value = typeof next === 'function' ? (next as (before: T) => T)(value) : next
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

export function useKept<T>(store: Kept<T>): [T, Kept<T>['set']] {
  return [useSyncExternalStore(store.subscribe, store.get), store.set]
}
