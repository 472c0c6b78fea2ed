/** A worker's line to its host, whichever way it was started. */
import type { FromWorker } from './protocol.ts'
import type { TrialMessage } from './trial-protocol.ts'

export interface HostPort<Message = FromWorker | TrialMessage> {
  send(message: Message): void
  onMessage(listener: (untrustedMessage: unknown) => void): void
}

/** What Electron gives a utility process in place of `process.send`. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

/** Time a worker takes to end what it started when its host is gone, milliseconds. */
const ORPHAN_MS = 1000

/**
 * Connects to the host. A forked worker whose host goes away has nobody to work for: it ends its own process group, ffmpeg
 * included. Electron ends its utility processes itself.
 *
 * @throws Error where there is no host: the module was started by hand
 */
export function hostPort<Message = FromWorker | TrialMessage>(): HostPort<Message> {
  const { parentPort } = process as { parentPort?: ParentPort }
  if (parentPort)
    return {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process, not a window
      send: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on('message', ({ data }) => listener(data)),
    }
  if (!process.send) throw new Error('A worker is started by its host, not by hand.')
  return {
    send: (message) => {
      if (process.connected) process.send!(message, () => {})
    },
    onMessage(listener) {
      process.on('message', listener)
      process.on('disconnect', () => {
        listener({ type: 'cancel' })
        setTimeout(() => process.exit(1), ORPHAN_MS)
      })
    },
  }
}
