/**
 * main/ as JavaScript for Electron, which is not built to strip types: file by file, in the same folders, so that
 * what a module finds beside itself (migrations, the worker) lies at the same place as in the sources.
 */
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import { build, parseSync } from 'vite'

/** Builds `root`/main into `target`; answers with the number of modules. */
export async function buildElectron(root: string, target: string): Promise<number> {
  rmSync(target, { recursive: true, force: true })
  const sources = readdirSync(join(root, 'main'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(test|d)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
  let modules = 0
  for (const source of sources) {
    const made = join(target, source)
    mkdirSync(dirname(made), { recursive: true })
    if (!source.endsWith('.ts')) {
      cpSync(join(root, source), made)
      continue
    }
    writeFileSync(made.replace(/\.ts$/, '.js'), toJavaScript(readFileSync(join(root, source), 'utf8'), source))
    modules++
  }
  await buildPreload(root, join(target, 'main', 'hosts'))
  // Written last: the mark of a finished build. The workbench reads its version there, one folder above main/.
  cpSync(join(root, 'package.json'), join(target, 'package.json'))
  return modules
}

/** Types blanked out (lines and columns stay), and `./x.ts` imported as `./x.js`. */
export function toJavaScript(source: string, name: string): string {
  const code = stripTypeScriptTypes(source)
  const { module, errors } = parseSync(`${name}.js`, code)
  if (errors.length) throw new Error(`${name}: ${errors[0]?.message}`)
  const requests = [
    ...module.staticImports.map((found) => found.moduleRequest),
    ...module.staticExports.flatMap((found) => found.entries.flatMap((entry) => entry.moduleRequest ?? [])),
    ...module.dynamicImports.map((found) => found.moduleRequest),
  ]
  const ends = new Set(
    requests
      .filter(({ start, end }) => /^['"]\.{1,2}\/[^'"]*\.ts['"]$/.test(code.slice(start, end)))
      .map(({ end }) => end),
  )
  let text = code
  for (const end of [...ends].sort((a, b) => b - a)) text = `${text.slice(0, end - 4)}.js${text.slice(end - 1)}`
  return text
}

/** A sandboxed preload may only be one CommonJS file. */
async function buildPreload(root: string, folder: string): Promise<void> {
  rmSync(join(folder, 'preload.js'), { force: true })
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2024',
      minify: false,
      lib: { entry: join(root, 'main', 'hosts', 'preload.ts'), formats: ['cjs'], fileName: () => 'preload.cjs' },
      rolldownOptions: { external: ['electron'] },
    },
  })
}
