/** The command line: parses arguments, calls the contract's operations, prints. `assay --help` */
import { Command, CommanderError } from 'commander'
import { readFileSync } from 'node:fs'
import { createBugLog, logFile } from '../bug-log.ts'
import { caseCommand } from './case.ts'
import { exportCommand, importCommand, sampleCommand } from './exchange.ts'
import { entityCommand } from './entity.ts'
import { fingerprintsCommand } from './fingerprints.ts'
import { keysCommand } from './keys.ts'
import { libraryCommand } from './library.ts'
import { linkCommand } from './link.ts'
import { matchCommand } from './match.ts'
import { modelsCommand } from './models.ts'
import { reportCommand } from './report.ts'
import { mergeCommand } from './merge.ts'
import { rerunCommand } from './rerun.ts'
import { searchCommand } from './search.ts'
import { serveCommand } from './serve.ts'
import { told } from './session.ts'
import { visible } from './terminal.ts'
import { triageCommand } from './triage.ts'
import { verifyCommand } from './verify.ts'
import { endEarly } from './workers.ts'
import { awaitShutdown } from '../shutdown.ts'

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/** Wrong use and expected failures; a defect of Assay is 1. */
const REFUSED = 2

const HELP = `
A first walk:
  assay triage clip.mp4                                           look at a video, keep nothing
  assay triage *.mp4 --library ~/lib --case "Clips of May"        take videos in and file them
  assay match other.mp4 --library ~/lib                           is its footage in the library already?
  assay case show "Clips of May" --library ~/lib                  what the case holds
  assay report "Clips of May" --library ~/lib --out may.pdf       its report
  assay report "Clips of May" --library ~/lib --format bundle --out may.zip    all of it, sealed
  assay verify ~/lib                                              is everything as it was? also a bundle: may.zip
  assay sample --library ~/example                                a worked example to look around in
  assay search "a name" --library ~/lib                           find anything, in any script
  assay export --library ~/lib --out all.json                     records as STIX 2.1 (or misp, csv)
  assay serve --library ~/lib                                     the same library in the browser
  assay setup                                                     fetch ffmpeg and Electron where they are missing

Everything stays on this machine. Findings are indications to look closer, never verdicts.`

const shutdown = awaitShutdown()
let status = 0
const exit = (code: number): void => void (status = code)

const program = new Command('assay')
  .description('Offline workbench for suspect video: triage, findings, linked case records, reports.')
  .version(version)
  .addHelpText('after', HELP)
  .showSuggestionAfterError()
for (const command of [
  triageCommand(shutdown, exit),
  matchCommand(shutdown, exit),
  fingerprintsCommand(),
  caseCommand(),
  entityCommand(),
  linkCommand(),
  reportCommand(),
  serveCommand(shutdown),
  verifyCommand(exit),
  rerunCommand(shutdown, exit),
  mergeCommand(shutdown),
  libraryCommand(),
  keysCommand(),
  modelsCommand(shutdown),
  searchCommand(),
  exportCommand(),
  importCommand(),
  sampleCommand(),
])
  program.addCommand(command)

/** Commander leaves subcommands out of settings made on their parent afterwards. */
function throwInsteadOfExit(command: Command): void {
  command.exitOverride().showHelpAfterError('(add --help for what it takes)')
  command.commands.forEach(throwInsteadOfExit)
}
throwInsteadOfExit(program)

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) status = error.exitCode === 0 ? 0 : REFUSED
  else {
    const { code, message, remedy, detail } = told(error)
    console.error(visible(`assay: ${message}${detail ? ` ${detail}` : ''} (${code})`))
    console.error(visible(`→ ${remedy}`))
    status = code === 'internal' ? 1 : REFUSED
    if (code === 'internal') {
      createBugLog()(error)
      console.error(`→ ${logFile()}`)
    }
  }
}
endEarly()
// Not `process.exit`: what is still on its way to a pipe must arrive.
process.exitCode = status
