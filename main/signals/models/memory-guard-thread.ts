/**
 * Watches the memory of its process from a thread of its own, since a graph that runs holds the event loop of the main one,
 * and ends the process when there is too much. Writes past Node, which could not write any more.
 */
import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'

const limit = workerData as number
setInterval(() => {
  if (process.memoryUsage.rss() <= limit) return
  writeSync(2, 'out of memory\n')
  process.kill(process.pid, 'SIGKILL')
}, 20)
