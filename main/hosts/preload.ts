/** Runs before the page, in Electron's sandbox: gives it a port to the workbench and the system's dialogs, no more. */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { MessagePort } from 'node:worker_threads'
import { RPC_PORT_MESSAGE, type Desktop } from '../contract/desktop.ts'
import { CHOOSE_FILES, CHOOSE_FOLDER, RPC_PORT } from './electron/channels.ts'

/** The page's own window, of which the program's types know nothing. */
declare const window: {
  readonly location: { readonly origin: string }
  postMessage(message: unknown, origin: string, transfer: readonly MessagePort[]): void
}

const desktop: Desktop = {
  kind: 'electron',
  rpcPort() {
    const { port1, port2 } = new MessageChannel()
    ipcRenderer.postMessage(RPC_PORT, null, [port2 as never])
    window.postMessage(RPC_PORT_MESSAGE, window.location.origin, [port1])
  },
  pathsFor: (files) => files.map((file) => webUtils.getPathForFile(file as never)),
  chooseFiles: () => ipcRenderer.invoke(CHOOSE_FILES) as Promise<string[]>,
  chooseFolder: () => ipcRenderer.invoke(CHOOSE_FOLDER) as Promise<string | null>,
}
contextBridge.exposeInMainWorld('assay', desktop)
