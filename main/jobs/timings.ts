/** How long the parts of recent jobs took. Shown by the command line; never part of a finding, so never stored. */

/** Jobs remembered. */
const KEPT = 1000

export interface Timings {
  /** Adds seconds by part. */
  add(jobId: string, seconds: Readonly<Record<string, number>>): void
  of(jobId: string): Record<string, number>
}

export function createTimings(): Timings {
  const jobs = new Map<string, Record<string, number>>()
  return {
    add(jobId, seconds) {
      const sums = jobs.get(jobId) ?? {}
      for (const [part, value] of Object.entries(seconds)) sums[part] = (sums[part] ?? 0) + value
      jobs.delete(jobId)
      jobs.set(jobId, sums)
      if (jobs.size > KEPT) jobs.delete(jobs.keys().next().value!)
    },
    of: (jobId) => ({ ...jobs.get(jobId) }),
  }
}
