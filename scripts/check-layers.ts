/** `npm run check`, first part: reads every import of main/ and renderer/ and holds it against layers.ts. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, posix, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'vite'
import { BELOW, NETWORK_GLOBALS, OPEN, OWNED, PAGE, SPAWNERS, SQL, STAGES, TOP } from './layers.ts'

export interface Violation {
  /** Relative to the root, with forward slashes. */
  readonly file: string
  readonly line: number
  readonly rule: string
}

interface Found {
  readonly at: number
  /** Null: computed at run time. */
  readonly request: string | null
  readonly typesOnly: boolean
}

const isTest = (file: string): boolean => /\.test\.tsx?$/.test(file)
const BUILTINS = new Set(builtinModules)

/** Everything under `root`/main and `root`/renderer that breaks a rule, in file order. */
export function checkLayers(root: string): Violation[] {
  const files = ['main', 'renderer'].flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes('node_modules'))
          .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
      : [],
  )
  return files.sort().flatMap((file) => checkFile(file, readFileSync(join(root, file), 'utf8')))
}

/** @param file path relative to the root, such as `main/media/probe.ts` */
export function checkFile(file: string, source: string): Violation[] {
  const violations: Violation[] = []
  const report = (at: number, rule: string): void => {
    violations.push({ file, line: source.slice(0, at).split('\n').length, rule })
  }
  const parsed = parseSync(file, source)
  if (parsed.errors.length) return [{ file, line: 1, rule: `cannot be parsed: ${parsed.errors[0]?.message}` }]
  const misplaced = file.startsWith('main/') && !isTest(file) ? placeRule(file) : null
  if (misplaced) report(0, misplaced)

  const { found, calls, texts } = read(parsed)
  for (const { at, request, typesOnly } of found) {
    const rule = request === null ? computedRule(file) : importRule(file, request, typesOnly)
    if (rule) report(at, rule)
  }
  if (file.startsWith('main/') && !isTest(file)) {
    for (const { at, name } of calls)
      if ((NETWORK_GLOBALS as readonly string[]).includes(name)) report(at, networkRule(name))
    if (!file.startsWith('main/store/'))
      for (const { at, text } of texts) if (SQL.test(text)) report(at, 'SQL stands in store/ only')
  }
  return violations.sort((a, b) => a.line - b.line)
}

const networkRule = (name: string): string =>
  `${name} opens a connection; only hosts/http.ts has to do with the network`
const computedRule = (file: string): string | null =>
  isTest(file) ? null : 'an import that is computed at run time cannot be checked; name the module'

/** Where a file of main/ may lie at all. */
function placeRule(file: string): string | null {
  const [, first = '', ...rest] = file.split('/')
  if (rest.length === 0)
    return [...TOP, 'errors.ts'].includes(first as 'errors.ts')
      ? null
      : `main/ itself holds only ${TOP.join(', ')} and errors.ts`
  return [...STAGES, ...Object.keys(BELOW)].includes(first)
    ? null
    : `main/${first}/ is no stage; see docs/architecture.md`
}

function importRule(file: string, request: string, typesOnly: boolean): string | null {
  const page = file.startsWith('renderer/')
  if (!request.startsWith('.')) {
    const name = request.replace(/^node:/, '')
    if (page && (request.startsWith('node:') || BUILTINS.has(request)) && !isTest(file))
      return 'the page runs in a browser and has no Node modules'
    if (page && /^(electron|@orpc\/server)(\/|$)/.test(name))
      return 'the page reaches the workbench through the contract only'
    const owned = OWNED.find(({ modules }) =>
      modules.some((module) => name === module || name.startsWith(`${module}/`)),
    )
    return owned && !isTest(file) && !owned.owners.test(file) ? owned.rule : null
  }
  const target = posix.join(dirname(file), request)
  if (page) {
    if (target.startsWith('renderer/') || isTest(file)) return null
    if (PAGE.whole.test(target) || (PAGE.types.test(target) && typesOnly)) return null
    if (PAGE.types.test(target)) return 'the page imports only types of main/errors.ts'
    return 'the page imports nothing of the program but main/contract, the verifier of bundles and the drawing of reports'
  }
  if (!target.startsWith('main/'))
    return isTest(file) || target === 'package.json' ? null : 'main/ imports nothing outside main/'
  return mainRule(file, target)
}

/** Both files lie under main/. */
function mainRule(file: string, target: string): string | null {
  const [, from = ''] = file.split('/')
  const [, to = ''] = target.split('/')
  if ((TOP as readonly string[]).includes(from.replace('.test.ts', '.ts')) || (isTest(file) && from === 'hosts'))
    return null
  const stage = STAGES.indexOf(from as (typeof STAGES)[number])
  if (stage >= 0) {
    if ((OPEN as readonly string[]).includes(to)) return null
    const other = STAGES.indexOf(to as (typeof STAGES)[number])
    if (other >= 0 && other <= stage) return null
    if (other > stage) return `${from} comes before ${to} and may not import it (${STAGES.join(' → ')})`
    return `${from} is a stage and may not import main/${to}`
  }
  if (from === 'hosts' && SPAWNERS.test(target)) return null
  if (BELOW[from]?.includes(to)) return null
  if (from === 'hosts')
    return 'a host sees only the workbench, the router, the contract, the failures and the spawners of jobs'
  return `main/${from} may import only ${BELOW[from]?.join(', ') || 'nothing'} of main/, not ${to}`
}

type Node = { type?: string; start?: number; [key: string]: unknown }

/** Imports of every form, calls of plain names, and string texts. */
function read(parsed: ReturnType<typeof parseSync>): {
  found: Found[]
  calls: { at: number; name: string }[]
  texts: { at: number; text: string }[]
} {
  const found: Found[] = []
  const calls: { at: number; name: string }[] = []
  const texts: { at: number; text: string }[] = []
  const add = (at: number, request: unknown, typesOnly: boolean): void => {
    found.push({ at, request: typeof request === 'string' ? request : null, typesOnly })
  }
  const literal = (node: unknown): unknown => {
    const { type, value, literal: inner, quasis } = (node ?? {}) as Node & { quasis?: { value: { cooked: string } }[] }
    if (type === 'Literal') return value
    if (type === 'TSLiteralType') return literal(inner)
    return type === 'TemplateLiteral' && quasis?.length === 1 ? quasis[0]?.value.cooked : null
  }
  const allTypes = (specifiers: unknown, kind: string): boolean =>
    Array.isArray(specifiers) && specifiers.length > 0 && specifiers.every((s: Node) => s[kind] === 'type')
  const visit = (node: Node): void => {
    const at = node.start ?? 0
    switch (node.type) {
      case 'ImportDeclaration':
        add(at, literal(node['source']), node['importKind'] === 'type' || allTypes(node['specifiers'], 'importKind'))
        break
      case 'ExportNamedDeclaration':
      case 'ExportAllDeclaration':
        if (node['source'])
          add(at, literal(node['source']), node['exportKind'] === 'type' || allTypes(node['specifiers'], 'exportKind'))
        break
      case 'ImportExpression':
        add(at, literal(node['source']), false)
        break
      case 'TSImportType':
        add(at, literal(node['argument'] ?? node['source']), true)
        break
      case 'CallExpression':
      case 'NewExpression': {
        const callee = node['callee'] as Node & { name?: string; property?: Node & { name?: string } }
        const name = callee.type === 'MemberExpression' ? globalMember(callee) : callee.name
        if (name === 'require') add(at, literal((node['arguments'] as unknown[])[0]), false)
        else if (name) calls.push({ at, name })
        break
      }
      case 'Literal':
        if (typeof node['value'] === 'string') texts.push({ at, text: node['value'] })
        break
      case 'TemplateLiteral': {
        const quasis = node['quasis'] as { value: { cooked: string | null } }[]
        texts.push({ at, text: quasis.map((quasi) => quasi.value.cooked ?? '').join('x') })
        break
      }
    }
    for (const value of Object.values(node))
      if (Array.isArray(value)) value.forEach((item) => item && typeof item === 'object' && visit(item as Node))
      else if (value && typeof value === 'object' && 'type' in value) visit(value as Node)
  }
  visit(parsed.program as unknown as Node)
  return { found, calls, texts }
}

/** `fetch` in `globalThis.fetch(…)`; undefined for methods of anything else. */
function globalMember(callee: Node): string | undefined {
  const { object, property } = callee as { object?: { name?: string }; property?: { name?: string } }
  return object?.name === 'globalThis' ? property?.name : undefined
}

if (resolve(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) {
  const violations = checkLayers(join(import.meta.dirname, '..'))
  for (const { file, line, rule } of violations) console.error(`${file}:${line}  ${rule}`)
  if (violations.length) process.exitCode = 1
}
