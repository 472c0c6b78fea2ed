/** The built page as a fixed list of files: what is not on the list does not exist, so that no path can lead elsewhere. */
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'

const MIME: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
}

export interface PageFile {
  readonly bytes: Buffer
  readonly mime: string
}

export interface Page {
  /** The file at a URL path; null for anything that was not built. */
  find(path: string): PageFile | null
}

/** Reads the list at once, the files when they are first asked for. Null where the page was not built. */
export function loadPage(folder: string): Page | null {
  let paths: string[]
  try {
    paths = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && MIME[extname(entry.name)])
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
  } catch {
    return null
  }
  const files = new Map(paths.map((path) => [`/${path.split(sep).join('/')}`, join(folder, path)]))
  const index = files.get('/index.html')
  if (!index) return null
  files.set('/', index)
  return {
    find(path) {
      const file = files.get(path)
      return file === undefined ? null : { bytes: readFileSync(file), mime: MIME[extname(file)] ?? '' }
    },
  }
}
