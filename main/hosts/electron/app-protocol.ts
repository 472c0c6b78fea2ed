/** `app://assay`: the page and the library's files, served to our own window without any network. */
import { Readable } from 'node:stream'
import type { BugLog } from '../../router.ts'
import type { Workbench } from '../../workbench.ts'
import { SECURITY_HEADERS } from '../http/headers.ts'
import type { Page } from '../http/page.ts'
import { serveFile } from '../serve-file.ts'

export const ORIGIN = 'app://assay'

/** True for an address of our own page; anything else is kept out of the window. */
export function isOwn(address: string): boolean {
  const url = URL.parse(address)
  return url !== null && url.protocol === 'app:' && url.host === 'assay'
}

export function createAppProtocol(bench: Pick<Workbench, 'file'>, page: Page | null, logBug: BugLog) {
  return async function answer(request: Request): Promise<Response> {
    if (!isOwn(request.url)) return text(404, 'There is nothing at this address.')
    const { pathname } = new URL(request.url)
    if (!pathname.startsWith('/file/')) return show(request, page, pathname)
    try {
      const range = request.headers.get('range') ?? undefined
      const { status, headers, body } = await serveFile(bench, pathname.slice('/file/'.length), {
        method: request.method,
        range,
      })
      const stream = body && (Readable.toWeb(body) as unknown as ReadableStream)
      return new Response(stream, { status, headers: { ...SECURITY_HEADERS, ...headers } })
    } catch (error) {
      logBug(error)
      return text(500, 'The file could not be served.')
    }
  }
}

function show(request: Request, page: Page | null, path: string): Response {
  if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'There is nothing to change here.')
  if (!page) return text(503, 'The page is not built: run `npm run build`, then start again.')
  const found = page.find(path)
  if (!found) return text(404, 'There is nothing at this address.')
  const body = request.method === 'HEAD' ? null : new Uint8Array(found.bytes)
  return new Response(body, { headers: { ...SECURITY_HEADERS, 'content-type': found.mime } })
}

const text = (status: number, message: string): Response =>
  new Response(`${message}\n`, {
    status,
    headers: { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8' },
  })
