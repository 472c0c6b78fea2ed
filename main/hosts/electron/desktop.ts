/** The desktop host: one sandboxed window, its protocol, its port to the workbench, and the system's dialogs. */
import { RPCHandler } from '@orpc/server/message-port'
import type Electron from 'electron'
import { createRouter, type BugLog } from '../../router.ts'
import type { Workbench } from '../../workbench.ts'
import { loadPage } from '../http/page.ts'
import { createAppProtocol, isOwn, ORIGIN } from './app-protocol.ts'
import { CHOOSE_FILES, CHOOSE_FOLDER, RPC_PORT } from './channels.ts'

/** What is used of Electron; tests put a double in its place. */
export type ElectronParts = Pick<
  typeof Electron,
  'app' | 'BrowserWindow' | 'dialog' | 'ipcMain' | 'Menu' | 'protocol' | 'session'
>

export interface DesktopOptions {
  /** Made when Electron is ready, since utility processes exist only then. */
  readonly createWorkbench: () => Workbench
  readonly logBug: BugLog
  /** Folder of the built page. */
  readonly page: string
  /** The built preload, CommonJS. */
  readonly preload: string
  /** Library to open at once. */
  readonly library: string | null
}

/** Its part up to `whenReady` runs at once, as Electron requires of schemes and switches. */
export async function startDesktop(electron: ElectronParts, options: DesktopOptions): Promise<void> {
  const { app, BrowserWindow, Menu, protocol, session } = electron
  // A second start brings the first window forward; two programs could not hold one library anyway.
  if (!app.requestSingleInstanceLock()) return app.quit()
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ])
  // Offline by construction: no name resolves in any process of Chromium.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND')
  app.commandLine.appendSwitch('disable-background-networking')
  app.commandLine.appendSwitch('disable-component-update')
  await app.whenReady()

  const bench = options.createWorkbench()
  const own = session.defaultSession
  own.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  own.setPermissionCheckHandler(() => false)
  own.setSpellCheckerEnabled(false)
  own.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isLocal(details.url) }))
  protocol.handle('app', createAppProtocol(bench, loadPage(options.page), options.logBug))
  if (process.platform !== 'darwin') Menu.setApplicationMenu(null)

  const window = new BrowserWindow({
    title: 'Assay',
    width: 1480,
    height: 940,
    minWidth: 960,
    minHeight: 640,
    show: false,
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  })
  window.once('ready-to-show', () => window.show())
  app.on('second-instance', () => {
    if (window.isDestroyed()) return
    if (window.isMinimized()) window.restore()
    window.focus()
  })
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-attach-webview', (event) => event.preventDefault())
  })
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
  window.webContents.on('will-navigate', (event) => {
    if (!isOwn(event.url)) event.preventDefault()
  })
  window.webContents.on('will-redirect', (event) => event.preventDefault())
  answerPage(electron, window, bench, options.logBug)
  closeCleanly(electron, bench, options.logBug)

  // A library that does not open is told by the page, which asks for the state first.
  if (options.library !== null) await bench.open(options.library).catch(options.logBug)
  await window.loadURL(`${ORIGIN}/`)
}

/** Pictures and sounds that the page itself made, and its own files. */
function isLocal(address: string): boolean {
  return isOwn(address) || /^(blob:app:\/\/assay\/|data:|devtools:)/.test(address)
}

/** Messages count only from the main frame of our own page. */
function answerPage(
  { dialog, ipcMain }: ElectronParts,
  window: Electron.BrowserWindow,
  bench: Workbench,
  logBug: BugLog,
): void {
  const rpc = new RPCHandler(createRouter(bench, logBug))
  const fromPage = (event: Electron.IpcMainEvent | Electron.IpcMainInvokeEvent): boolean =>
    event.sender === window.webContents &&
    event.senderFrame !== null &&
    event.senderFrame === window.webContents.mainFrame &&
    isOwn(event.senderFrame.url)

  ipcMain.on(RPC_PORT, (event) => {
    const [port] = event.ports
    if (!port) return
    if (!fromPage(event)) return port.close()
    rpc.upgrade(port, { context: {} })
    port.start()
  })
  const choose = async (event: Electron.IpcMainInvokeEvent, what: Electron.OpenDialogOptions): Promise<string[]> => {
    if (!fromPage(event)) return []
    return (await dialog.showOpenDialog(window, what)).filePaths
  }
  ipcMain.handle(CHOOSE_FILES, (event) =>
    choose(event, { properties: ['openFile', 'multiSelections', 'dontAddToRecent'] }),
  )
  ipcMain.handle(
    CHOOSE_FOLDER,
    async (event) =>
      (await choose(event, { properties: ['openDirectory', 'createDirectory', 'dontAddToRecent'] }))[0] ?? null,
  )
}

/** Workers end and the library is closed before the program goes. */
function closeCleanly({ app }: ElectronParts, bench: Workbench, logBug: BugLog): void {
  let closed = false
  app.on('window-all-closed', () => app.quit())
  app.on('before-quit', (event) => {
    if (closed) return
    event.preventDefault()
    bench
      .close()
      .catch(logBug)
      .finally(() => {
        closed = true
        app.quit()
      })
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit())
}
