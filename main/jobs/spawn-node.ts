/** Workers as forked Node processes, each the leader of its own process group: for the browser and command-line hosts. */
import { execFile, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { residentBytes, signalProcess } from './process-tree.ts'
import { tail, WORKER_SWITCHES, workerEnvironment, type Spawner, type WorkerExit } from './spawner.ts'

/** How long after the end of the process its last messages and lines may still be read, in milliseconds. */
const DRAIN_MS = 1000

/** @param entry the worker's module, run by this process's own Node. */
export function forkSpawner(entry: URL | string): Spawner {
  const module = typeof entry === 'string' ? entry : fileURLToPath(entry)
  return {
    start({ folder }) {
      const child = fork(module, [], {
        execPath: process.execPath,
        execArgv: [...WORKER_SWITCHES],
        env: workerEnvironment(folder),
        cwd: folder,
        detached: process.platform !== 'win32',
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      })
      const stderr = tail()
      child.stderr?.on('data', (chunk: Uint8Array) => stderr.add(chunk))
      const signal = (name: 'SIGTERM' | 'SIGKILL'): void => {
        if (child.pid === undefined) return
        if (process.platform !== 'win32') signalProcess(-child.pid, name)
        else execFile('taskkill', ['/pid', String(child.pid), '/t', '/f'], () => {})
      }

      let told = false
      let listener: ((exit: WorkerExit) => void) | undefined
      const tell = (code: number | null, signalName: string | null): void => {
        if (told) return
        told = true
        listener?.({ code, signal: signalName, stderr: stderr.text() })
      }
      child.on('error', (error) => {
        stderr.add(`${String(error)}\n`)
        if (child.pid === undefined) tell(null, null)
      })
      child.on('exit', (code, signalName) => {
        // What the worker started dies with it; only then do its pipes close and `close` follows.
        signal('SIGKILL')
        setTimeout(() => tell(code, signalName), DRAIN_MS).unref()
      })
      child.on('close', tell)

      return {
        pid: child.pid,
        ownGroup: process.platform !== 'win32',
        send(message) {
          if (child.connected) child.send(message as object, () => {})
        },
        onMessage: (receive) => void child.on('message', receive),
        onExit: (receive) => void (listener = receive),
        residentBytes: () => (child.pid === undefined ? null : residentBytes(child.pid)),
        terminate: () => signal('SIGTERM'),
        kill: () => signal('SIGKILL'),
      }
    },
  }
}
