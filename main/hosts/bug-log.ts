/** Defects, for whoever has to mend them: one line of JSON each, in a file of the user's own. */
import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import pino, { type Logger } from 'pino'
import type { BugLog } from '../router.ts'

/** `ASSAY_LOG`, or where the system keeps logs and state of a user. */
export function logFile(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (env['ASSAY_LOG']) return env['ASSAY_LOG']
  if (platform === 'win32')
    return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Assay', 'assay.log')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Logs', 'Assay', 'assay.log')
  const state = env['XDG_STATE_HOME']
  return join(state?.startsWith('/') ? state : join(homedir(), '.local', 'state'), 'assay', 'assay.log')
}

/** The file is made with the first defect. Where it cannot be written the stack goes to standard error instead. */
export function createBugLog(file = logFile()): BugLog {
  let logger: Logger | null = null
  return (error) => {
    try {
      if (!logger) {
        mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 })
        logger = pino({ base: { pid: process.pid } }, pino.destination({ dest: file, sync: true, mode: 0o600 }))
      }
      logger.error(error)
    } catch {
      console.error(error)
    }
  }
}
