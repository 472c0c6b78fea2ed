/**
 * What the system says about processes: memory, descendants, process groups. Read from /proc (Linux); elsewhere the
 * answers are empty and the other limits hold alone.
 */
import { readdirSync, readFileSync } from 'node:fs'

/** A process that cannot be confused with a later one of the same id: ids are reused, start times are not. */
export interface ProcessIdentity {
  readonly pid: number
  /** Clock ticks since boot (`proc(5)`, field 22 of stat). */
  readonly startTime: string
}

interface Stat {
  readonly state: string
  readonly group: number
  readonly startTime: string
}

/** Fields 3, 5 and 22 of /proc/PID/stat; the name in field 2 may hold spaces and brackets, so count from its end. */
function stat(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', group: Number(fields[2]), startTime: fields[19] ?? '' }
  } catch {
    return null
  }
}

/** Zombies are dead: they only wait for their parent to notice. */
const living = (found: Stat | null): found is Stat => found !== null && found.state !== 'Z' && found.state !== 'X'

/** Resident memory of one process in bytes; null where the system does not tell. */
export function residentBytes(pid: number): number | null {
  try {
    const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))
    return line ? Number(line[1]) * 1024 : null
  } catch {
    return null
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

/** Everything the process started, directly or not, and that is still alive under it. */
export function descendants(pid: number): ProcessIdentity[] {
  const found: ProcessIdentity[] = []
  const open = children(pid)
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const seen = stat(next)
    if (living(seen)) found.push({ pid: next, startTime: seen.startTime })
    open.push(...children(next))
  }
  return found
}

/** True while this very process lives. */
export function isAlive(process: ProcessIdentity): boolean {
  const seen = stat(process.pid)
  return living(seen) && seen.startTime === process.startTime
}

/** Living members of a process group. */
export function groupMembers(group: number): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        const seen = stat(pid)
        return living(seen) && seen.group === group
      })
  } catch {
    return []
  }
}

/** Sends a signal to one process; one that is already gone is no error. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
