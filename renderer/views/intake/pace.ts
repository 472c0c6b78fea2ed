/** How long the rest of a transfer will take, from its own pace so far. */
const started = new Map<string, { at: number; done: number }>()

/** Seconds left, or null until two seconds have been seen: an estimate from less would jump about. */
export function secondsLeft(id: string, done: number, total: number, now = Date.now()): number | null {
  const first = started.get(id)
  if (!first || done < first.done) {
    started.set(id, { at: now, done })
    return null
  }
  const elapsed = (now - first.at) / 1000
  const moved = done - first.done
  return elapsed < 2 || moved <= 0 ? null : ((total - done) * elapsed) / moved
}

export function forgetPace(id: string): void {
  started.delete(id)
}
