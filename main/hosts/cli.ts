/**
 * The command line's door. Loading the program takes over half a second: where a video will be looked at, the worker that
 * looks starts beside it.
 */
import { startEarly } from './cli/workers.ts'

if (process.argv[2] === 'triage') startEarly()
await import('./cli/program.ts')
