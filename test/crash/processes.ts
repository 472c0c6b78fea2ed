/** Processes by where they work: workers and their ffmpeg stand in private folders of the library they work for. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Living processes whose working directory is, or was, inside the folder. */
export function processesIn(folder: string): { pid: number; parent: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        if (!readlinkSync(`/proc/${name}/cwd`).startsWith(`${folder}/`)) return []
        const [, state, parent] = /^\d+ \(.*\) (\S) (\d+)/s.exec(readFileSync(`/proc/${name}/stat`, 'latin1'))!
        if (state === 'Z' || state === 'X') return []
        const command = readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' ').trim()
        return [{ pid: Number(name), parent: Number(parent), command }]
      } catch {
        // It ended while it was looked at.
        return []
      }
    })
}
