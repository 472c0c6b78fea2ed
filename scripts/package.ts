/**
 * `npm run package -- [dir|AppImage|nsis|dmg]`: builds, packs with electron-builder, and reads the fuses back.
 * Packing needs Electron's binary for the target, which electron-builder fetches.
 */
import fuses from '@electron/fuses'
import { build, Platform } from 'electron-builder'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildElectron } from './build-electron.ts'
import { ensureBuilt } from './built.mjs'
import { ROOT } from './node24.mjs'

const TARGETS: Readonly<Record<string, Platform>> = {
  AppImage: Platform.LINUX,
  nsis: Platform.WINDOWS,
  dmg: Platform.MAC,
  dir: Platform.current(),
}
const [name = 'dir'] = process.argv.slice(2)
const platform = TARGETS[name]
if (!platform) {
  console.error(`There is no target ${name}; the targets are ${Object.keys(TARGETS).join(', ')}.`)
  process.exit(2)
}

const built = await ensureBuilt('page', 'verifier')
if (built !== 0) process.exit(built)
await buildElectron(ROOT, join(ROOT, 'dist', 'electron'))
await build({
  projectDir: ROOT,
  config: 'electron-builder.yml',
  targets: platform.createTarget(name),
  publish: 'never',
}).catch((error: unknown) => {
  console.error(`The program could not be packed: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
})

const { FuseV1Options, getCurrentFuseWire } = fuses
/** State bytes in the program, ASCII `0` and `1` (@electron/fuses, FuseState, which it does not export). */
const OFF = 48
const ON = 49
/** What electron-builder.yml asks for, as a packed program must have it. */
const WANTED = [
  [FuseV1Options.RunAsNode, OFF],
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable, OFF],
  [FuseV1Options.EnableNodeCliInspectArguments, OFF],
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, ON],
  [FuseV1Options.OnlyLoadAppFromAsar, ON],
  [FuseV1Options.GrantFileProtocolExtraPrivileges, OFF],
] as const
const program = ['linux-unpacked/assay', 'win-unpacked/Assay.exe', 'mac/Assay.app', 'mac-arm64/Assay.app']
  .map((file) => join(ROOT, 'dist', 'packages', file))
  .find((file) => existsSync(file))
if (!program) throw new Error('electron-builder left no program to check')
const wire = await getCurrentFuseWire(program)
const wrong = WANTED.filter(([fuse, state]) => Number(wire[fuse]) !== state)
for (const [fuse] of wrong) console.error(`the fuse ${FuseV1Options[fuse]} is not set as electron-builder.yml says`)
process.exitCode = wrong.length ? 1 : 0
