/** The one way from the page to the workbench: the contract's operations, over HTTP or over Electron's message port. */
import { createORPCClient } from '@orpc/client'
import { RPCLink as HttpLink } from '@orpc/client/fetch'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import { createTanstackQueryUtils } from '@orpc/tanstack-query'
import { QueryClient } from '@tanstack/react-query'
import { RPC_PORT_MESSAGE, type Desktop } from '../main/contract/desktop.ts'
import type { Contract } from '../main/contract/index.ts'
import { shown } from './failure.ts'
import { t } from './text/i18n.ts'

export type Client = ContractRouterClient<Contract>

/** Electron's own abilities (dialogs, paths of dropped files); undefined in a browser. */
export const desktop: Desktop | undefined = window.assay

export const client: Client = createORPCClient(
  desktop ? new PortLink({ port: await openPort(desktop) }) : new HttpLink({ url: `${window.location.origin}/rpc` }),
)

/** The port arrives as a message of this very window: it cannot cross the context bridge itself. */
function openPort(from: Desktop): Promise<MessagePort> {
  return new Promise((resolve) => {
    const take = (event: MessageEvent): void => {
      const [port] = event.ports
      if (event.source !== window || event.data !== RPC_PORT_MESSAGE || !port) return
      window.removeEventListener('message', take)
      port.start()
      resolve(port)
    }
    window.addEventListener('message', take)
    from.rpcPort()
  })
}

/** `api.findings.board.queryOptions()`, `api.cases.create.mutationOptions()`, `api.cases.get.key()`. */
export const api = createTanstackQueryUtils(client)

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The change stream says when something is out of date; nothing is polled.
      staleTime: Infinity,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 2 && shown(error, t).retryable,
    },
    mutations: { retry: false },
  },
})
