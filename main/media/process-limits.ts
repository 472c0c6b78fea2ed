/** Ending ffmpeg with everything it started, and watching its memory where the system cannot bound it. */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'

/** Time from the polite signal to the one that cannot be ignored, milliseconds. */
const GRACE = 2000
const POLL = 1000

/** Environment of every child: empty. Without SystemRoot no program starts on Windows. */
export const BARE_ENVIRONMENT: Readonly<Record<string, string | undefined>> =
  process.platform === 'win32' ? { SystemRoot: process.env['SystemRoot'] } : {}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // The group is gone already.
  }
}

/** Asks the whole process group of a detached child to end, and kills it where it has not after two seconds. */
export function endGroup(child: ChildProcess): void {
  const { pid } = child
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).on('error', () =>
      child.kill(),
    )
    return
  }
  signalGroup(pid, 'SIGTERM')
  const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), GRACE)
  child.once('exit', () => clearTimeout(timer))
}

/** Resident bytes in /proc/PID/statm: its second field counts pages (proc(5)). Null where it is not readable as such. */
export function parseStatm(text: string, pageSize = 4096): number | null {
  const pages = /^\d+ (\d+) /.exec(text)?.[1]
  return pages ? Number(pages) * pageSize : null
}

/** Resident bytes as `ps -o rss=` (kilobytes) or `tasklist /FO CSV` (`"12,345 K"`) print them; null otherwise. */
export function parseResident(text: string): number | null {
  const csv = /"([\d.,\s\u00a0]+) K"\s*$/.exec(text.trim())
  const digits = csv ? csv[1]!.replaceAll(/\D/g, '') : /^\s*(\d+)\s*$/.exec(text)?.[1]
  return digits ? Number(digits) * 1024 : null
}

async function resident(pid: number): Promise<number | null> {
  if (process.platform === 'linux') return parseStatm(await readFile(`/proc/${pid}/statm`, 'latin1'))
  const [command, args] =
    process.platform === 'win32'
      ? ['tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']]
      : ['/bin/ps', ['-o', 'rss=', '-p', String(pid)]]
  return new Promise((resolve) => {
    execFile(command as string, args as string[], { timeout: 5000, windowsHide: true }, (error, stdout) =>
      resolve(error ? null : parseResident(stdout)),
    )
  })
}

/** Looks once a second how much memory the process holds; calls `onExceeded` once when it is too much. Returns an end. */
export function watchMemory(pid: number | undefined, limit: number, onExceeded: () => void): () => void {
  if (pid === undefined) return () => {}
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    resident(pid)
      .catch(() => null)
      .then((bytes) => {
        busy = false
        if (bytes === null || bytes <= limit) return
        clearInterval(timer)
        onExceeded()
      })
      .catch(() => {})
  }, POLL)
  timer.unref()
  return () => clearInterval(timer)
}
