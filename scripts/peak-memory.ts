/** Peak memory of a running `assay triage`, read from /proc; Linux only, zeros elsewhere. */
import { readdirSync, readFileSync } from 'node:fs'

/** Bytes; each the highest of any one process of its kind. */
export interface Peak {
  host: number
  worker: number
  ffmpeg: number
}

/** Highest resident size so far (VmHWM) of the host, of its workers, and of what the workers started; Linux only. */
export function look(host: number, peak: Peak): void {
  peak.host = Math.max(peak.host, highWater(host))
  for (const worker of children(host)) {
    peak.worker = Math.max(peak.worker, highWater(worker))
    for (const decoder of children(worker)) peak.ffmpeg = Math.max(peak.ffmpeg, highWater(decoder))
  }
}

function highWater(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}

function children(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
    )
  } catch {
    return []
  }
}
