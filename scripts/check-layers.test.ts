import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkFile, checkLayers } from './check-layers.ts'

const rules = (file: string, source: string): string[] => checkFile(file, source).map((violation) => violation.rule)

describe('what each place may import', () => {
  it.each([
    ['main/media/a.ts', `import { x } from '../intake/a.ts'`],
    ['main/reports/a.ts', `import { x } from '../cases/a.ts'`],
    ['main/reports/a.ts', `import { x } from '../store/a.ts'\nimport { Failure } from '../errors.ts'`],
    ['main/jobs/a.ts', `import { x } from '../store/a.ts'`],
    ['main/hosts/a.ts', `import { w } from '../workbench.ts'\nimport { f } from '../jobs/spawn-fork.ts'`],
    ['main/worker.ts', `import { s } from './signals/list.ts'\nimport { m } from './media/a.ts'`],
    ['main/media/a.test.ts', `import { spawn } from 'node:child_process'\nimport { x } from '../../test/media.ts'`],
    ['renderer/a.tsx', `import { c } from '../main/contract/index.ts'\nimport type { E } from '../main/errors.ts'`],
    ['main/hosts/http.ts', `import { createServer } from 'node:http'`],
    ['main/store/evidence.ts', 'export const all = `SELECT id FROM evidence`'],
  ])('%s is free to do so: %s', (file, source) => {
    expect(rules(file, source)).toEqual([])
  })

  it.each([
    [
      'a stage from one to its right',
      'main/intake/a.ts',
      `import { x } from '../media/a.ts'`,
      /intake comes before media/,
    ],
    ['only its types', 'main/media/a.ts', `import type { X } from '../signals/a.ts'`, /media comes before signals/],
    ['by export … from', 'main/findings/a.ts', `export { x } from '../cases/a.ts'`, /findings comes before cases/],
    ['by export *', 'main/findings/a.ts', `export * from '../reports/a.ts'`, /findings comes before reports/],
    ['by import()', 'main/cases/a.ts', `const x = await import('../reports/a.ts')`, /cases comes before reports/],
    ['by an import type', 'main/media/a.ts', `type X = import('../cases/a.ts').X`, /media comes before cases/],
    ['by require', 'main/media/a.ts', `const x = require('../cases/a.ts')`, /media comes before cases/],
    ['the workbench', 'main/media/a.ts', `import { x } from '../workbench.ts'`, /may not import main\/workbench/],
    ['a host', 'main/reports/a.ts', `import { x } from '../hosts/http.ts'`, /may not import main\/hosts/],
    ['a stage, from the store', 'main/store/a.ts', `import { x } from '../media/a.ts'`, /main\/store may import only/],
    ['a stage, from jobs', 'main/jobs/a.ts', `import { x } from '../media/a.ts'`, /main\/jobs may import only/],
    ['anything, from errors.ts', 'main/errors.ts', `import { x } from './contract/a.ts'`, /may import only nothing/],
    [
      'the store, from the contract',
      'main/contract/a.ts',
      `import { x } from '../store/a.ts'`,
      /main\/contract may import/,
    ],
    ['a stage, from a host', 'main/hosts/cli.ts', `import { x } from '../cases/a.ts'`, /a host sees only/],
    ['the queue, from a host', 'main/hosts/cli.ts', `import { x } from '../jobs/queue.ts'`, /a host sees only/],
    ['a script, from main', 'main/hosts/cli.ts', `import { x } from '../../scripts/setup.mjs'`, /nothing outside main/],
    ['a computed module', 'main/media/a.ts', `const x = await import(name)`, /cannot be checked/],
    ['a stage, from the page', 'renderer/a.tsx', `import { x } from '../main/cases/a.ts'`, /nothing of the program/],
    [
      'values of errors.ts, from the page',
      'renderer/a.ts',
      `import { FAILURES } from '../main/errors.ts'`,
      /only types/,
    ],
    ['Node, from the page', 'renderer/a.ts', `import { readFileSync } from 'node:fs'`, /no Node modules/],
    ['electron, from the page', 'renderer/a.ts', `import { ipcRenderer } from 'electron'`, /through the contract only/],
  ])('refuses %s', (_, file, source, rule) => {
    expect(rules(file, source)).toEqual([expect.stringMatching(rule)])
  })
})

describe('one owner per dangerous thing', () => {
  it.each([
    ['electron', 'main/hosts/cli.ts', `import { app } from 'electron'`, /electron belongs/],
    ['child_process', 'main/cases/a.ts', `import { spawn } from 'node:child_process'`, /processes are started/],
    [
      'child_process without node:',
      'main/hosts/cli.ts',
      `import { spawn } from 'child_process'`,
      /processes are started/,
    ],
    ['onnxruntime-node', 'main/signals/b.ts', `import * as ort from 'onnxruntime-node'`, /signals\/onnx\.ts/],
    ['the SQLite binding', 'main/store/b.ts', `import Database from 'better-sqlite3'`, /store\/database\.ts/],
    ['a socket', 'main/signals/b.ts', `import { connect } from 'node:net'`, /the network belongs/],
    ['fetch', 'main/signals/b.ts', `await fetch('https://example.org')`, /opens a connection/],
    ['globalThis.fetch', 'main/signals/b.ts', `await globalThis.fetch('https://example.org')`, /opens a connection/],
    ['a WebSocket', 'main/media/b.ts', `new WebSocket('ws://x')`, /opens a connection/],
    ['SQL', 'main/cases/b.ts', `db.prepare('SELECT id FROM evidence')`, /SQL stands in store/],
    ['SQL in a template', 'main/cases/b.ts', 'db.prepare(`UPDATE evidence SET name = ${x}`)', /SQL stands in store/],
  ])('refuses %s elsewhere', (_, file, source, rule) => {
    expect(rules(file, source)).toEqual([expect.stringMatching(rule)])
  })
})

describe('a whole tree', () => {
  const root = mkdtempSync(join(tmpdir(), 'assay-layers-'))
  const put = (file: string, source: string): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), source)
  }
  beforeAll(() => {
    put('main/errors.ts', 'export const a = 1\n')
    put('main/workbench.ts', `import { a } from './reports/a.ts'\n`)
    put('main/reports/a.ts', `\n\nimport { x } from '../hosts/cli.ts'\n`)
    put('main/stray.ts', 'export {}\n')
    put('main/utils/a.ts', 'export {}\n')
    put('renderer/a.tsx', `export const A = () => <p/>\nimport { w } from '../main/workbench.ts'\n`)
  })
  afterAll(() => rmSync(root, { recursive: true }))

  it('is reported by file and line, with strays in main/ and folders that are no stage', () => {
    expect(checkLayers(root).map(({ file, line, rule }) => `${file}:${line} ${rule}`)).toEqual([
      expect.stringMatching(/^main\/reports\/a\.ts:3 reports is a stage/),
      expect.stringMatching(/^main\/stray\.ts:1 main\/ itself holds only/),
      expect.stringMatching(/^main\/utils\/a\.ts:1 main\/utils\/ is no stage/),
      expect.stringMatching(/^renderer\/a\.tsx:2 the page imports nothing/),
    ])
  })

  it('of this project keeps every rule', () => {
    expect(checkLayers(join(import.meta.dirname, '..'))).toEqual([])
  })
})
