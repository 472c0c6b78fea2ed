/**
 * The stand-alone verifiers: `verify.html`, one page without any address, and `verify.mjs`, one Node script without
 * dependencies. Both are the verifier of main/reports/verify/ and nothing else.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Rolldown } from 'vite'

export async function buildVerifier(root: string, target: string): Promise<void> {
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  const script = await bundled(join(root, 'main/reports/verify/script.ts'), [/^node:/])
  writeFileSync(join(target, 'verify.mjs'), script)

  const folder = join(root, 'renderer/verifier')
  const page = await bundled(join(folder, 'page.ts'), [])
  // Neither may end the element that it stands in.
  const inline = page.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')
  const style = readFileSync(join(folder, 'style.css'), 'utf8')
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  const policy = [
    "default-src 'none'",
    `script-src ${hash(inline)}`,
    `style-src ${hash(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const html = readFileSync(join(folder, 'template.html'), 'utf8')
    .replace('content="policy"', () => `content="${policy}"`)
    .replace('<!-- style -->', () => `<style>${style}</style>`)
    .replace('<!-- script -->', () => `<script type="module">${inline}</script>`)
  // Written last: the mark of a finished build.
  writeFileSync(join(target, 'verify.html'), html)
}

async function bundled(entry: string, external: RegExp[]): Promise<string> {
  const made = (await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      minify: external.length === 0,
      lib: { entry, formats: ['es'] },
      rolldownOptions: { external, output: { codeSplitting: false } },
    },
  })) as Rolldown.RolldownOutput[]
  const [chunk, ...more] = made[0]!.output
  if (!chunk || more.length) throw new Error(`${entry} did not become one file`)
  return chunk.code
}
