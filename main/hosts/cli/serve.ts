/** `assay serve`: the workbench for the local browser. */
import { Command, InvalidArgumentError } from 'commander'
import { join } from 'node:path'
import { createWorkbench } from '../../workbench.ts'
import { createBugLog } from '../bug-log.ts'
import { startHttpHost } from '../http.ts'
import type { Shutdown } from '../shutdown.ts'
import { openOrCreate } from './session.ts'
import { workers } from './workers.ts'

const PAGE = join(import.meta.dirname, '..', '..', '..', 'dist', 'renderer')

const EXPLANATION = `
The address holds the token that lets you in; only programs of this machine can reach it. On a machine without a
screen, forward the same port: ssh -L 4810:127.0.0.1:4810 HOST, there: assay serve --port 4810.`

function parsePort(text: string): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.')
  return port
}

export function serveCommand(shutdown: Shutdown): Command {
  return new Command('serve')
    .description('serve the workbench to the local browser, on 127.0.0.1 only')
    .option('--port <n>', 'port (default: any free one)', parsePort)
    .option('--library <dir>', 'open this library at once, making it if it is not there')
    .addHelpText('after', EXPLANATION)
    .action(async ({ port, library }: { port?: number; library?: string }) => {
      const bench = createWorkbench({ host: 'browser', spawner: workers(), actor: 'analyst' })
      try {
        if (library !== undefined) await openOrCreate(bench, library)
        const host = await startHttpHost({ workbench: bench, page: PAGE, port, logBug: createBugLog() })
        console.log(`Assay is at ${host.address}\nPress Ctrl-C to end.`)
        // `npm start` opens the browser; its command line can be read by other users, so it gets a ticket.
        if (process.connected) process.send?.({ address: host.ticketAddress() })
        if (!shutdown.signal.aborted)
          await new Promise((done) => shutdown.signal.addEventListener('abort', done, { once: true }))
        await host.close()
      } finally {
        await bench.close()
      }
    })
}
