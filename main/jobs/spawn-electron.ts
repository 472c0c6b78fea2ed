/** Workers as Electron utility processes. They live in Electron's own process group; `run.ts` ends what they started. */
import { app, utilityProcess } from 'electron'
import { signalProcess } from './process-tree.ts'
import { tail, WORKER_SWITCHES, workerEnvironment, type Spawner } from './spawner.ts'

/** @param entry path of the built worker. Call only after Electron's `ready`. */
export function utilitySpawner(entry: string): Spawner {
  return {
    start({ folder }) {
      const child = utilityProcess.fork(entry, [], {
        execArgv: [...WORKER_SWITCHES],
        env: workerEnvironment(folder),
        cwd: folder,
        serviceName: 'Assay worker',
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      const stderr = tail()
      child.stderr?.on('data', (chunk: Uint8Array) => stderr.add(chunk))
      // The id is known only once the process runs; a message sent before that is kept by Electron.
      return {
        get pid() {
          return child.pid
        },
        ownGroup: false,
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process, not a window
        send: (message) => child.postMessage(message),
        onMessage: (receive) => void child.on('message', receive),
        onExit: (receive) => void child.once('exit', (code) => receive({ code, signal: null, stderr: stderr.text() })),
        residentBytes() {
          const metric = app.getAppMetrics().find(({ pid }) => pid === child.pid)
          return metric ? metric.memory.workingSetSize * 1024 : null
        },
        terminate: () => void child.kill(),
        kill() {
          if (child.pid !== undefined) signalProcess(child.pid, 'SIGKILL')
        },
      }
    },
  }
}
