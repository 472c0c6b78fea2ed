import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { caseIds, entityIds } from '../../store/exchange/rows.ts'
import { SearchQuery } from '../../contract/search.ts'
import { createLibrary, openLibrary, type Library } from '../../store/library.ts'
import { find } from '../../store/search/find.ts'
import { createCase } from '../cases.ts'
import { CaseFields } from '../../contract/cases.ts'
import { undo } from '../undo.ts'
import { importAside, previewAside } from './aside.ts'

const root = mkdtempSync(join(tmpdir(), 'assay-aside-'))
let lib: Library
beforeAll(() => void (lib = createLibrary(join(root, 'library'), 'Test')))
afterAll(() => {
  lib.close()
  rmSync(root, { recursive: true, force: true })
})

const COUNT = 600
const at = { spec_version: '2.1', created: '2024-02-09T12:00:00.000Z', modified: '2024-02-09T12:00:00.000Z' }
const bundle = (): { bytes: Uint8Array; name: string } => {
  const objects = Array.from({ length: COUNT }, (_, n) => ({
    type: 'campaign',
    id: `campaign--00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
    ...at,
    name: `Operation ${n}`,
    description: 'Said to have begun in the autumn.',
  }))
  const text = JSON.stringify({ type: 'bundle', id: 'bundle--00000000-0000-4000-8000-0000000fffff', objects })
  return { bytes: Buffer.from(text), name: 'many.json' }
}
const unheard = { onProgress: () => {}, signal: new AbortController().signal }
const options = { mapping: null, caseId: null, onConflict: 'ours' } as const

it('a large file is imported beside the host, which reads the library as it was and changes nothing meanwhile', async () => {
  const { sha256, counts } = await previewAside(lib, bundle(), null, unheard)
  expect(counts).toContainEqual({ kind: 'operation', added: COUNT, same: 0, differs: 0 })
  let [turns, phases] = [0, new Set<string>()]
  const taking = importAside(lib, bundle(), { ...options, sha256 }, 'analyst', {
    ...unheard,
    onProgress({ phase }) {
      phases.add(phase)
      turns++
      expect(entityIds(lib)).toEqual([])
      expect(find(lib, SearchQuery.parse({ text: 'Operation' })).hits).toEqual([])
    },
  })
  await new Promise((done) => setTimeout(done, 1))
  expect(lib.busy).toBe(true)
  expect(() => createCase(lib, CaseFields.parse({ title: 'Meanwhile' }), 'analyst')).toThrow(
    expect.objectContaining({ code: 'store.busy' }),
  )
  expect(() => openLibrary(lib.folder)).toThrow(expect.objectContaining({ code: 'store.locked' }))
  const done = await taking
  expect([turns > 0, phases.has('reading') || phases.has('writing')]).toEqual([true, true])
  // One more: the file itself, as the source of what it says.
  expect([done.added, entityIds(lib).length, lib.busy]).toEqual([COUNT + 1, COUNT + 1, false])
  expect(find(lib, SearchQuery.parse({ text: 'Operation 17' })).hits).not.toEqual([])
  expect(() => openLibrary(lib.folder)).toThrow(expect.objectContaining({ code: 'store.locked' }))

  undo(lib, done.operation!.id, 'analyst')
  expect(entityIds(lib)).toEqual([])
  createCase(lib, CaseFields.parse({ title: 'Afterwards' }), 'analyst')
  expect(caseIds(lib)).toHaveLength(1)
})

it('a cancelled import leaves no trace', async () => {
  const { sha256 } = await previewAside(lib, bundle(), null, unheard)
  const before = lib.auditHead()
  const control = new AbortController()
  const taking = importAside(lib, bundle(), { ...options, sha256 }, 'analyst', {
    onProgress: () => control.abort(),
    signal: control.signal,
  })
  await expect(taking).rejects.toMatchObject({ code: 'exchange.cancelled' })
  expect([lib.auditHead(), entityIds(lib).length, lib.busy]).toEqual([before, 0, false])
})

it('what the file is refused for is told as it is without a thread', async () => {
  const torn = { name: 'torn.json', bytes: bundle().bytes.subarray(0, 100_000) }
  await expect(previewAside(lib, torn, null, unheard)).rejects.toMatchObject({ code: 'exchange.unreadable' })
})
