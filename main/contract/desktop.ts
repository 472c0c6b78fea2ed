/** What the preload gives the page in Electron, as `window.assay`; absent in a browser. */

/** Text of the window message that carries the port of the contract's operations. */
export const RPC_PORT_MESSAGE = 'assay:rpc-port'

export interface Desktop {
  readonly kind: 'electron'
  /**
   * Asks for a fresh port to the workbench. It arrives as a `message` event on `window` with `event.source === window`,
   * `event.data === RPC_PORT_MESSAGE` and the port in `event.ports[0]`: ports cannot cross the context bridge itself.
   */
  rpcPort(): void
  /** Absolute paths of files dropped onto or chosen in the page; an empty string for one that is not on a disk. */
  pathsFor(files: readonly File[]): string[]
  /** The system's own dialog for files; empty when it was cancelled. */
  chooseFiles(): Promise<string[]>
  /** The system's own dialog for one folder (to be made if need be); null when it was cancelled. */
  chooseFolder(): Promise<string | null>
}

declare global {
  interface Window {
    readonly assay?: Desktop
  }
}
