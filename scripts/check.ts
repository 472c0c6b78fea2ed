/** `npm run check`: layers, lint, format and types, side by side; prints what each found and ends with 1 where any did. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './node24.mjs'

const tool = (name: string): string => join(ROOT, 'node_modules', name)
const CHECKS: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['types', [tool('typescript/bin/tsc'), '-p', 'tsconfig.json']],
  ['types of the page', [tool('typescript/bin/tsc'), '-p', 'renderer/tsconfig.json', '--noEmit']],
  ['lint', [tool('oxlint/bin/oxlint')]],
  ['format', [tool('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']],
  ['layers', [join(import.meta.dirname, 'check-layers.ts')]],
]

interface Outcome {
  readonly name: string
  readonly ok: boolean
  readonly seconds: number
  readonly output: string
}

function run(name: string, args: readonly string[]): Promise<Outcome> {
  const began = performance.now()
  return new Promise((done) => {
    let output = ''
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.on('data', (chunk: Buffer) => (output += String(chunk)))
    child.stderr.on('data', (chunk: Buffer) => (output += String(chunk)))
    const end = (ok: boolean): void => done({ name, ok, seconds: (performance.now() - began) / 1000, output })
    child.on('error', (error) => {
      output += error.message
      end(false)
    })
    child.on('close', (code) => end(code === 0))
  })
}

if (!existsSync(tool('typescript'))) {
  console.error('The packages are not installed: run `npm ci` first.')
  process.exit(1)
}
const outcomes = await Promise.all(CHECKS.map(([name, args]) => run(name, args)))
for (const { name, ok, output } of outcomes) if (!ok) console.log(`── ${name}\n${output.trimEnd()}\n`)
for (const { name, ok, seconds } of outcomes)
  console.log(`${ok ? 'ok    ' : 'FAILED'}  ${name} (${seconds.toFixed(1)} s)`)
process.exitCode = outcomes.every((outcome) => outcome.ok) ? 0 : 1
