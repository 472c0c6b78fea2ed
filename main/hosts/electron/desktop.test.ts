import { EventEmitter } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Contract } from '../../contract/index.ts'
import { forkSpawner } from '../../jobs/spawn-node.ts'
import { createWorkbench, type Workbench } from '../../workbench.ts'
import { CHOOSE_FILES, CHOOSE_FOLDER, RPC_PORT } from './channels.ts'
import { startDesktop, type ElectronParts } from './desktop.ts'

/** A double of the calls that the desktop host makes; it keeps what it was told. */
function electronDouble({ first = true } = {}) {
  const mainFrame = { url: 'app://assay/' }
  const contents = Object.assign(new EventEmitter(), {
    mainFrame,
    opener: (details: { url: string }) => ({ action: `nobody said what to do with ${details.url}` }),
    setWindowOpenHandler(handler: (details: { url: string }) => { action: string }) {
      contents.opener = handler
    },
  })
  const app = Object.assign(new EventEmitter(), {
    requestSingleInstanceLock: () => first,
    whenReady: async () => {},
    quit: vi.fn(() => void app.emit('before-quit', { preventDefault() {} })),
    commandLine: { appendSwitch: vi.fn() },
  })
  const seen = {
    schemes: [] as unknown[],
    windows: [] as { webPreferences: Record<string, unknown> }[],
    loaded: '',
    focused: 0,
    answer: null as ((request: Request) => Promise<Response>) | null,
    permission: null as ((...args: unknown[]) => void) | null,
    check: null as (() => boolean) | null,
    beforeRequest: null as ((details: { url: string }, answer: (result: { cancel: boolean }) => void) => void) | null,
    dialogs: [] as unknown[],
  }
  const handlers = new Map<string, (event: unknown) => Promise<unknown>>()
  const ipcMain = Object.assign(new EventEmitter(), {
    handle: (channel: string, handler: (event: unknown) => Promise<unknown>) => void handlers.set(channel, handler),
  })
  class BrowserWindow extends EventEmitter {
    webContents = contents
    constructor(options: { webPreferences: Record<string, unknown> }) {
      super()
      seen.windows.push(options)
    }
    show() {}
    isDestroyed = () => false
    isMinimized = () => true
    restore() {}
    focus = () => void seen.focused++
    loadURL = async (url: string) => void (seen.loaded = url)
  }
  const parts = {
    app,
    BrowserWindow,
    ipcMain,
    Menu: { setApplicationMenu() {} },
    dialog: {
      async showOpenDialog(_window: unknown, options: unknown) {
        seen.dialogs.push(options)
        return { canceled: false, filePaths: ['/a.mp4', '/b.mp4'] }
      },
    },
    protocol: {
      registerSchemesAsPrivileged: (schemes: unknown[]) => void seen.schemes.push(...schemes),
      handle: (_: string, answer: typeof seen.answer) => void (seen.answer = answer),
    },
    session: {
      defaultSession: {
        setPermissionRequestHandler: (handler: typeof seen.permission) => void (seen.permission = handler),
        setPermissionCheckHandler: (handler: typeof seen.check) => void (seen.check = handler),
        setSpellCheckerEnabled() {},
        webRequest: { onBeforeRequest: (handler: typeof seen.beforeRequest) => void (seen.beforeRequest = handler) },
      },
    },
  }
  return { parts: parts as unknown as ElectronParts, app, contents, mainFrame, ipcMain, handlers, seen }
}

type Double = ReturnType<typeof electronDouble>

let root = ''
let bench: Workbench
let double: Double
const bugs: unknown[] = []

async function start(made = electronDouble()): Promise<void> {
  double = made
  bench = createWorkbench({ host: 'electron', spawner: forkSpawner('unused'), actor: 'analyst' })
  await startDesktop(double.parts, {
    createWorkbench: () => bench,
    logBug: (error) => bugs.push(error),
    page: join(root, 'page'),
    preload: '/preload.cjs',
    library: null,
  })
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-desktop-'))
  vi.stubEnv('ASSAY_CONFIG_DIR', join(root, 'config'))
  mkdirSync(join(root, 'page', 'assets'), { recursive: true })
  writeFileSync(join(root, 'page', 'index.html'), '<title>Assay</title>')
  writeFileSync(join(root, 'page', 'assets', 'a.js'), 'export {}')
  writeFileSync(join(root, 'secret.txt'), 'secret')
  bugs.length = 0
})
afterEach(async () => {
  await bench.close()
  vi.unstubAllEnvs()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(signal)
  rmSync(root, { recursive: true })
  expect(bugs).toEqual([])
})

const fromPage = (more: object = {}) => ({ sender: double.contents, senderFrame: double.mainFrame, ...more })

describe('the window', () => {
  it('is sandboxed, isolated and without Node, and shows our own page', async () => {
    await start()
    expect(double.seen.windows[0]?.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      preload: '/preload.cjs',
    })
    expect(double.seen.loaded).toBe('app://assay/')
  })

  it('goes nowhere else: no new windows, no navigation, no permission, no request to a network', async () => {
    await start()
    const { contents, seen } = double
    expect(contents.opener({ url: 'https://example.org' })).toEqual({ action: 'deny' })
    const preventDefault = vi.fn()
    contents.emit('will-navigate', { url: 'https://example.org/', preventDefault })
    contents.emit('will-navigate', { url: 'app://other/', preventDefault })
    contents.emit('will-navigate', { url: 'file:///etc/passwd', preventDefault })
    expect(preventDefault).toHaveBeenCalledTimes(3)
    contents.emit('will-navigate', { url: 'app://assay/cases', preventDefault })
    expect(preventDefault).toHaveBeenCalledTimes(3)
    const granted = vi.fn()
    seen.permission?.(contents, 'media', granted)
    expect(granted).toHaveBeenCalledWith(false)
    expect(seen.check?.()).toBe(false)
    const cancelled = (url: string): boolean => {
      let cancel = false
      seen.beforeRequest?.({ url }, (answer) => (cancel = answer.cancel))
      return cancel
    }
    expect(
      ['https://example.org/', 'http://127.0.0.1:1/', 'file:///etc/passwd', 'app://other/', 'ws://x/'].map(cancelled),
    ).toEqual([true, true, true, true, true])
    expect(['app://assay/file/derived/x', 'blob:app://assay/1', 'data:image/png;base64,'].map(cancelled)).toEqual([
      false,
      false,
      false,
    ])
  })

  it('is one: a second start ends, and brings the first forward', async () => {
    await start()
    double.app.emit('second-instance')
    expect(double.seen.focused).toBe(1)
    const second = electronDouble({ first: false })
    await startDesktop(second.parts, {
      createWorkbench: () => expect.unreachable(),
      logBug: () => {},
      page: '',
      preload: '',
      library: null,
    })
    expect(second.app.quit).toHaveBeenCalled()
    expect(second.seen.windows).toEqual([])
  })

  it('closes the library before the program ends', async () => {
    await start()
    await bench.create(join(root, 'library'), 'L')
    double.app.emit('window-all-closed')
    await vi.waitFor(() => expect(bench.info()).toBeNull())
    await vi.waitFor(() => expect(double.app.quit).toHaveBeenCalledTimes(2))
  })
})

describe('the port to the workbench', () => {
  it('carries the contract, with typed failures', async () => {
    await start()
    const { port1, port2 } = new MessageChannel()
    double.ipcMain.emit(RPC_PORT, fromPage({ ports: [Object.assign(port2, { start() {} })] }))
    const client: ContractRouterClient<Contract> = createORPCClient(new RPCLink({ port: port1 }))
    expect((await client.library.state()).open).toBeNull()
    await expect(client.cases.list()).rejects.toMatchObject({ code: 'store.none', data: { retryable: false } })
    port1.close()
  })

  it.each([
    ['another page', () => ({ senderFrame: { url: 'app://assay/' } })],
    ['a frame that went elsewhere', () => ((double.mainFrame.url = 'https://example.org/'), {})],
    ['another window', () => ({ sender: new EventEmitter() })],
    ['a frame that is gone', () => ({ senderFrame: null })],
  ])('is refused to %s', async (_, make) => {
    await start()
    const close = vi.fn()
    double.ipcMain.emit(RPC_PORT, { ...fromPage({ ports: [{ close, start: () => expect.unreachable() }] }), ...make() })
    expect(close).toHaveBeenCalledOnce()
  })
})

describe('the dialogs', () => {
  it('answer with what was chosen', async () => {
    await start()
    expect(await double.handlers.get(CHOOSE_FILES)?.(fromPage())).toEqual(['/a.mp4', '/b.mp4'])
    expect(await double.handlers.get(CHOOSE_FOLDER)?.(fromPage())).toBe('/a.mp4')
  })

  it('open for nobody but the page', async () => {
    await start()
    const stranger = { sender: double.contents, senderFrame: { url: 'https://example.org/' } }
    expect(await double.handlers.get(CHOOSE_FILES)?.(stranger)).toEqual([])
    expect(await double.handlers.get(CHOOSE_FOLDER)?.(stranger)).toBeNull()
    expect(double.seen.dialogs).toEqual([])
  })
})

const get = async (url: string, init?: RequestInit) => {
  const answer = await double.seen.answer?.(new Request(url, init))
  if (!answer) throw new Error('no protocol')
  return answer
}

describe('app://assay', () => {
  it('serves the page with a strict policy', async () => {
    await start()
    expect(double.seen.schemes).toMatchObject([{ scheme: 'app', privileges: { standard: true, secure: true } }])
    for (const path of ['/', '/index.html']) {
      const answer = await get(`app://assay${path}`)
      expect([answer.status, await answer.text()]).toEqual([200, '<title>Assay</title>'])
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    }
    expect((await get('app://assay/assets/a.js')).headers.get('content-type')).toContain('javascript')
  })

  it.each([
    'app://assay/../secret.txt',
    'app://assay/%2e%2e/secret.txt',
    'app://assay/assets/..%2f..%2fsecret.txt',
    'app://assay/file/evidence/..%2f..%2fsecret.txt',
    'app://other/index.html',
  ])('does not lead out of the page by %s', async (url) => {
    await start()
    const answer = await get(url)
    expect(answer.status).toBe(404)
    expect(await answer.text()).not.toContain('secret')
  })
})
