/** Electron's main module: hands Electron and the paths of the built program to the desktop host. */
import electron from 'electron'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { utilitySpawner } from '../jobs/spawn-electron.ts'
import { createBugLog } from './bug-log.ts'
import { startDesktop } from './electron/desktop.ts'

/** dist/electron/main/hosts: see scripts/build-electron.ts. */
const HERE = import.meta.dirname
const DIST = join(HERE, '..', '..', '..')

// Models are files beside an installed program (electron-builder.yml, extraResources), since native code reads them.
process.env['ASSAY_MODELS'] ??= electron.app.isPackaged
  ? join(process.resourcesPath, 'models')
  : join(DIST, '..', 'models')
if (electron.app.isPackaged && !process.env['FFMPEG_BIN']) {
  // A program inside the archive cannot be started; its unpacked twin can.
  const bundled = join(process.resourcesPath, 'app.asar.unpacked', 'node_modules', 'ffmpeg-static')
  const program = join(bundled, process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg')
  if (existsSync(program)) process.env['FFMPEG_BIN'] = program
}
// Read the moment it is loaded.
const { createWorkbench } = await import('../workbench.ts')

const logBug = createBugLog()
const { values } = parseArgs({ options: { library: { type: 'string' } }, strict: false, allowPositionals: true })
// Not awaited: Electron becomes ready only when this module has run to its end.
startDesktop(electron, {
  createWorkbench: () =>
    createWorkbench({ host: 'electron', spawner: utilitySpawner(join(HERE, '..', 'worker.js')), actor: 'analyst' }),
  logBug,
  page: join(DIST, 'renderer'),
  preload: join(HERE, 'preload.cjs'),
  library: typeof values.library === 'string' ? resolve(values.library) : null,
}).catch((error: unknown) => {
  logBug(error)
  electron.app.exit(1)
})
