/**
 * `npm test`: prepares what the tests need, runs them, and ends with one line of counts. Arguments go to vitest:
 * `npm test -- --project unit`, `npm test -- main/media`. Plain JavaScript for Node 20.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt } from './built.mjs'
import { forward, ROOT, suitableNode } from './node24.mjs'
import { electronBinary, hasDisplay, onPath, setup } from './setup.mjs'

const args = process.argv.slice(2)
const projects = args.flatMap((arg, at) =>
  arg === '--project' ? [args[at + 1]] : arg.startsWith('--project=') ? [arg.slice(10)] : [],
)
const wants = (project) => projects.length === 0 || projects.includes(project)

await setup({ electron: wants('electron') && hasDisplay(), bestFfmpeg: false })
if (wants('e2e') && !chromium())
  console.error(
    'No Chromium here: the browser tests are skipped. Get it with `apt-get install chromium`, or set CHROMIUM_BIN.',
  )
if (wants('electron') && !(electronBinary() && hasDisplay()))
  console.error('No Electron or no display here: the tests of its window are skipped.')

const parts = [
  ...(wants('e2e') || wants('integration') ? ['page', 'verifier'] : []),
  ...(electronBinary() ? ['electron'] : []),
]
const built = await ensureBuilt(...parts)
if (built !== 0) process.exit(built)

const results = process.env.ASSAY_TEST_RESULTS ?? join(ROOT, '.cache', 'test-results.json')
mkdirSync(join(results, '..'), { recursive: true })
rmSync(results, { force: true })
const code = await forward(
  suitableNode(),
  [
    join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--root',
    ROOT,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${results}`,
    ...args,
  ],
  { env: { ...process.env, ...(projects.includes('soak') ? { ASSAY_SOAK: '1' } : {}) } },
)
process.exit(summary(code))

/** Same order as the tests look for it. */
function chromium() {
  return process.env.CHROMIUM_BIN || ['chromium', 'chromium-browser', 'google-chrome'].some((name) => onPath(name))
}

/** Prints the counts; a file that could not even be loaded counts as one failed test. @returns exit code */
function summary(exitCode) {
  let report
  try {
    report = JSON.parse(readFileSync(results, 'utf8'))
  } catch {
    console.log('The tests did not run to their end.\n0 passed, 1 failed, 0 skipped')
    return exitCode || 1
  }
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((one) => one.status !== 'failed'),
  )
  const failed = report.numFailedTests + broken.length
  const skipped = report.numPendingTests + report.numTodoTests
  for (const file of broken) console.log(`could not be run: ${file.name}`)
  // Errors outside any test (an unhandled rejection) fail the run though each test passed.
  const stray = exitCode !== 0 && failed === 0 ? 1 : 0
  console.log(`${report.numPassedTests} passed, ${failed + stray} failed, ${skipped} skipped`)
  return exitCode || (failed ? 1 : 0)
}
