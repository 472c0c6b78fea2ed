import { describe, expect, it } from 'vitest'
import { toJavaScript } from './build-electron.ts'

describe('sources for Electron', () => {
  it('lose their types and import each other as .js', () => {
    const source = [
      `import type { A } from './a.ts'`,
      `import { b, type B } from '../b.ts'`,
      `export * from './c.ts'`,
      `export { d, e } from "./d.ts"`,
      `const f = await import('./f.ts')`,
      `const n: number = 1 as number`,
    ].join('\n')
    const made = toJavaScript(source, 'x')
    expect(made).not.toMatch(/\.ts['"]/)
    expect(made).toContain(`from '../b.js'`)
    expect(made).toContain(`from './c.js'`)
    expect(made).toContain(`from "./d.js"`)
    expect(made).toContain(`import('./f.js')`)
    expect(made).not.toContain('number')
  })

  it('keep packages, other texts and line numbers as they are', () => {
    const made = toJavaScript(`import x from 'pkg.ts'\ntype T =\n  | 1\nconst file = './worker.ts'`, 'x')
    expect(made).toContain(`'pkg.ts'`)
    expect(made.split('\n')[3]).toBe(`const file = './worker.ts'`)
  })
})
