/** The browser host exactly as a person starts it: `npm start`, with a configuration folder of its own. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

export interface StartedHost {
  /** Address with the token, as printed. */
  readonly address: string
  /** Everything printed so far. */
  log(): string
  stop(): Promise<void>
}

const ROOT = join(import.meta.dirname, '..', '..')

/** @param more further options of `npm start` */
export async function startHost(configFolder: string, ...more: string[]): Promise<StartedHost> {
  const child = spawn(process.execPath, [join(ROOT, 'scripts', 'start.mjs'), '--browser', '--no-open', ...more], {
    cwd: ROOT,
    env: { ...process.env, ASSAY_CONFIG_DIR: configFolder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const address = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      log += chunk.toString()
      const found = /http:\/\/127\.0\.0\.1:\S+/.exec(log)
      if (found) resolve(found[0])
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('exit', (code) => reject(new Error(`the host ended with code ${code}:\n${log}`)))
  })
  return {
    address,
    log: () => log,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
