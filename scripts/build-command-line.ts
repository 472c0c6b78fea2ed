/**
 * The command line and its worker as a few files: from their sources both load some seven hundred modules, which takes
 * longer than reading a short clip. Only what starts a process is built; threads, migrations and models are found and
 * run where they lie in the sources.
 */
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { build } from 'vite'

/** Built file to its source. */
const ENTRIES = { cli: 'main/hosts/cli.ts', worker: 'main/worker.ts' }
/** Packages of many small modules. All others stay packages, above all those with native code, WebAssembly or threads. */
const BUNDLED = ['zod', 'commander', 'radash', /^@orpc\//]

/** Builds `root`/main into `target`, which is whole whenever it is there: two commands may find it out of date at once. */
export async function buildCommandLine(root: string, target: string): Promise<void> {
  const draft = `${target}-${process.pid}`
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    ssr: { noExternal: BUNDLED },
    plugins: [
      {
        name: 'places',
        transform: (code, id) => (id.startsWith(join(root, 'main') + sep) ? inPlace(code, id, root, target) : null),
      },
    ],
    build: {
      ssr: true,
      outDir: draft,
      target: 'es2024',
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(ENTRIES).map(([name, source]) => [name, join(root, source)])),
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  })
  writeFileSync(join(draft, 'package.json'), '{ "type": "module" }\n')
  rmSync(target, { recursive: true, force: true })
  try {
    renameSync(draft, target)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    // The other command was quicker.
    if (!existsSync(target)) throw error
  }
}

/**
 * What a module finds beside itself it finds beside its source, but for another entry, which is the built one. All built
 * files lie in one folder.
 */
export function inPlace(code: string, file: string, root: string, target: string): string {
  const from = (path: string): string => JSON.stringify(relative(target, path).replaceAll(sep, '/'))
  const built = new Map(Object.entries(ENTRIES).map(([name, source]) => [join(root, source), name]))
  return code.replace(
    /new URL\((['"])(\.[^'"]*\.ts)\1, import\.meta\.url\)|import\.meta\.(?:url|dirname)\b/g,
    (found, _, path?: string) => {
      const entry = path && built.get(resolve(dirname(file), path))
      if (entry) return `new URL('./${entry}.js', import.meta.url)`
      if (found === 'import.meta.dirname') return `(import.meta.dirname + '/' + ${from(dirname(file))})`
      return found.replace('import.meta.url', `new URL(${from(file)}, import.meta.url).href`)
    },
  )
}
