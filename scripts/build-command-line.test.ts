import { describe, expect, it } from 'vitest'
import { inPlace } from './build-command-line.ts'

const built = (code: string): string => inPlace(code, '/a/main/hosts/cli/workers.ts', '/a', '/a/dist/command-line')

describe('a module of the command line, built', () => {
  it('finds beside itself what lies beside its source', () => {
    const made = built('const page = join(import.meta.dirname, "x"); const own = createRequire(import.meta.url)')
    const address = 'file:///a/dist/command-line/program.js'
    expect(made).toContain(`join((import.meta.dirname + '/' + "../../main/hosts/cli"), "x")`)
    expect(made).toContain('createRequire(new URL("../../main/hosts/cli/workers.ts", import.meta.url).href)')
    expect(new URL('../../main/hosts/cli/workers.ts', address).pathname).toBe('/a/main/hosts/cli/workers.ts')
  })

  it('starts the built worker, and threads from their sources', () => {
    expect(built(`new URL('../../worker.ts', import.meta.url)`)).toBe(`new URL('./worker.js', import.meta.url)`)
    expect(built(`new URL('./thread.ts', import.meta.url)`)).toBe(
      `new URL('./thread.ts', new URL("../../main/hosts/cli/workers.ts", import.meta.url).href)`,
    )
  })
})
