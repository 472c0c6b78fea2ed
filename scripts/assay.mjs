#!/usr/bin/env node
/** The package's `assay` command: the launcher, then main/hosts/cli.ts as it was built. */
import { join } from 'node:path'
import { canBuild, ensureBuilt, isStale } from './built.mjs'
import { launch, ROOT } from './node24.mjs'
import { prepare, setup } from './setup.mjs'

const SETUP_HELP = `Usage: assay setup

Fetches the programs that npm does not bring: ffmpeg (the build of ffmpeg-static, or Debian's own where that can be
installed) and Electron, for a window of its own. Says what stays missing and how to get it. Run it again at any time;
\`npm start\`, \`npm test\` and \`assay triage\` do the same by themselves, once a day at most where it fails.

Exit status: 0 Assay can work, 2 ffmpeg is missing.`

const args = process.argv.slice(2)
if (args[0] === 'setup') {
  if (args.includes('--help') || args.includes('-h')) console.log(SETUP_HELP)
  else process.exitCode = (await setup({ force: true })).ok ? 0 : 2
} else {
  // The only command that decodes something new; the page is needed by the only one that serves it, the
  // stand-alone verifiers by those that can seal a bundle.
  if (args[0] === 'triage') await prepare()
  const seals = args[0] === 'report' && args.some((arg) => arg === 'bundle' || arg === '--format=bundle')
  const parts = args[0] === 'serve' ? ['page', 'verifier'] : seals ? ['verifier'] : []
  // Where nothing may be written, and what was built is missing or old, the sources run as they are, only more slowly.
  const builds = canBuild()
  const built = await ensureBuilt(...(builds ? ['command-line'] : []), ...parts)
  if (built !== 0) process.exit(built)
  const usable = builds || !isStale('command-line')
  await launch(join(ROOT, ...(usable ? ['dist', 'command-line', 'cli.js'] : ['main', 'hosts', 'cli.ts'])), args)
}
