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
  ...(wants('integration') ? ['command-line'] : []),
  ...(electronBinary() ? ['electron'] : []),
]
const built = await ensureBuilt(...parts)
if (built !== 0) process.exit(built)

const results = process.env.ASSAY_TEST_RESULTS ?? join(ROOT, '.cache', 'test-results.json')
mkdirSync(join(results, '..'), { recursive: true })
const first = await run(results, args)
const crashed = crashedFiles(first)
if (!crashed.length) process.exit(told(first.files, first.code))

// Node itself dies by SIGTRAP now and then while one thread ends and another begins ("Check failed:
// jit_page.has_value()", nodejs/node issue 64500). What was in that process is run once more by itself; nothing else is.
console.log(`run again, because Node died beneath it: ${crashed.join(', ')}`)
const switches = [
  ...args.filter((arg) => arg.startsWith('-') && !arg.startsWith('--project')),
  ...projects.map((name) => `--project=${name}`),
]
const again = await run(`${results}.again`, [...switches, ...crashed])
const others = first.files.filter((file) => !crashed.includes(file.name))
process.exit(
  told([...others, ...again.files], others.some((file) => file.status === 'failed') ? first.code : again.code),
)

/** @returns vitest's exit code, what it says of each file, and errors outside of any test; no files without an end */
async function run(output, more) {
  const errors = `${output}.errors`
  for (const file of [output, errors]) rmSync(file, { force: true })
  const code = await forward(
    suitableNode(),
    [
      join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'),
      'run',
      '--root',
      ROOT,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${output}`,
      `--reporter=${join(ROOT, 'scripts', 'test-crashes.mjs')}`,
      ...more,
    ],
    {
      env: {
        ...process.env,
        ASSAY_TEST_CRASHES: errors,
        ...(projects.includes('soak') ? { ASSAY_SOAK: '1' } : {}),
      },
    },
  )
  try {
    const read = (file) => JSON.parse(readFileSync(file, 'utf8'))
    return { code, files: read(output).testResults, errors: read(errors) }
  } catch {
    return { code: code || 1, files: [], errors: [] }
  }
}

/** Files whose process Node took down, where nothing else went wrong outside of a test; none otherwise. */
function crashedFiles({ files, errors }) {
  const names = errors.map(
    (error) => /exited unexpectedly with signal SIGTRAP.*while running test file (.+)$/m.exec(error)?.[1],
  )
  return names.every((name) => files.some((file) => file.name === name)) ? names : []
}

/** Same order as the tests look for it. */
function chromium() {
  return process.env.CHROMIUM_BIN || ['chromium', 'chromium-browser', 'google-chrome'].some((name) => onPath(name))
}

/** Prints the counts; a file that could not even be loaded counts as one failed test. @returns exit code */
function told(files, exitCode) {
  if (!files.length) {
    console.log('The tests did not run to their end.\n0 passed, 1 failed, 0 skipped')
    return exitCode || 1
  }
  const tests = files.flatMap((file) => file.assertionResults)
  const count = (...states) => tests.filter((one) => states.includes(one.status)).length
  const broken = files.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((one) => one.status !== 'failed'),
  )
  const failed = count('failed') + broken.length
  for (const file of broken) console.log(`could not be run: ${file.name}`)
  // Errors outside any test (an unhandled rejection) fail the run though each test passed.
  const stray = exitCode !== 0 && failed === 0 ? 1 : 0
  console.log(
    `${count('passed')} passed, ${failed + stray} failed, ${count('pending', 'skipped', 'todo', 'disabled')} skipped`,
  )
  return exitCode || (failed ? 1 : 0)
}
