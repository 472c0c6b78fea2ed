/** The rules of docs/architecture.md that a machine can check, as one table each. Read by check-layers.ts. */

/** Stages in the order in which a video passes them. Each may import those before it, and itself. */
export const STAGES = ['intake', 'media', 'signals', 'matching', 'findings', 'evaluation', 'cases', 'reports'] as const

/** What else stands under main/, and what each may import there. A stage may import all of `OPEN`. */
export const OPEN = ['store', 'jobs', 'contract', 'errors.ts'] as const
export const BELOW: Readonly<Record<string, readonly string[]>> = {
  'errors.ts': [],
  contract: ['contract', 'errors.ts'],
  store: ['store', 'jobs', 'contract', 'errors.ts'],
  jobs: ['jobs', 'store', 'contract', 'errors.ts'],
  // The evaluation opens no library: the command line runs it as it is.
  hosts: ['hosts', 'workbench.ts', 'router.ts', 'evaluation', 'contract', 'errors.ts'],
}

/** The files directly in main/ that see every stage. */
export const TOP = ['workbench.ts', 'router.ts', 'worker.ts'] as const

/** Besides `BELOW.hosts`: a host chooses the kind of process that workers are. */
export const SPAWNERS = /^main\/jobs\/spawn[\w-]*\.ts$/

/**
 * What the page may import of main/: `types` only its types. The verifier of bundles runs everywhere, with the tools of
 * each place, and is written once; so is what charts in the window and in reports have in common.
 */
export const PAGE = { whole: /^main\/(contract|reports\/(verify|drawing))\//, types: /^main\/errors\.ts$/ }

export interface Owned {
  /** Package names and Node modules, without `node:`. */
  readonly modules: readonly string[]
  /** Files that may import them. */
  readonly owners: RegExp
  readonly rule: string
}

/** One owner per dangerous thing. Tests and scripts are not bound. */
export const OWNED: readonly Owned[] = [
  {
    modules: ['electron'],
    owners: /^main\/(hosts\/(electron|preload)\.ts|hosts\/electron\/.+|jobs\/spawn-electron\.ts)$/,
    rule: 'electron belongs to hosts/electron.ts with its folder, hosts/preload.ts and jobs/spawn-electron.ts',
  },
  {
    modules: ['child_process', 'cluster'],
    owners: /^main\/(media|jobs)\//,
    rule: 'processes are started by media and jobs only',
  },
  {
    modules: ['onnxruntime-node', 'onnxruntime-common', 'onnxruntime-web'],
    owners: /^main\/signals\/onnx\.ts$/,
    rule: 'onnxruntime-node belongs to signals/onnx.ts',
  },
  {
    modules: ['better-sqlite3', 'better-sqlite3-multiple-ciphers', 'sqlite'],
    owners: /^main\/store\/database\.ts$/,
    rule: 'the SQLite binding belongs to store/database.ts',
  },
  {
    modules: ['https'],
    owners: /^main\/hosts\/cli\/download\.ts$/,
    rule: 'https belongs to hosts/cli/download.ts, which fetches a model when somebody asks for it by name',
  },
  {
    modules: ['http', 'http2', 'net', 'tls', 'dgram', 'dns', 'dns/promises', 'inspector', 'undici', 'ws'],
    owners: /^main\/hosts\/http(\.ts$|\/)/,
    rule: 'the network belongs to hosts/http.ts, which listens on loopback; nothing else opens a socket',
  },
]

/** Globals that open a connection without an import. */
export const NETWORK_GLOBALS = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'] as const

/** The beginning of a statement that has no business outside store/. */
export const SQL =
  /^\s*(SELECT\s[\s\S]+\sFROM\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|PRAGMA\s+\w|CREATE\s+(TABLE|INDEX)\s)/
