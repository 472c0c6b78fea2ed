/** The bytes of a library's file for the page: what Electron's protocol and the browser host both answer. */
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { Workbench } from '../workbench.ts'
import { FILE_POLICY } from './http/headers.ts'
import { parseRange } from './range.ts'

export interface FileAnswer {
  readonly status: 200 | 206 | 404 | 405 | 416
  readonly headers: Record<string, string>
  /** Null where there is nothing to send; otherwise it is to be read or destroyed. */
  readonly body: Readable | null
}

const REF = /^(evidence|derived|export)\/[0-9a-f][0-9a-f-]{35,63}$/

/**
 * @param ref the path after `/file/`, not decoded: a well-formed one needs no escapes
 * @param request method and `Range` header
 */
export async function serveFile(
  bench: Pick<Workbench, 'file'>,
  ref: string,
  request: { method: string; range: string | undefined },
): Promise<FileAnswer> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return { status: 405, headers: { allow: 'GET, HEAD' }, body: null }
  const served = REF.test(ref) ? await bench.file(ref) : null
  if (!served) return { status: 404, headers: {}, body: null }
  const handle = await open(served.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => null,
  )
  if (!handle) return { status: 404, headers: {}, body: null }
  try {
    const stat = await handle.stat()
    if (!stat.isFile()) {
      await handle.close()
      return { status: 404, headers: {}, body: null }
    }
    const headers: Record<string, string> = {
      'accept-ranges': 'bytes',
      'content-type': served.mime,
      'content-disposition': disposition(served.download),
      'content-security-policy': FILE_POLICY,
    }
    const range = parseRange(request.range, stat.size)
    if (range.kind === 'unsatisfiable') {
      await handle.close()
      return { status: 416, headers: { ...headers, 'content-range': `bytes */${stat.size}` }, body: null }
    }
    const { start, end } = range.kind === 'part' ? range : { start: 0, end: stat.size - 1 }
    headers['content-length'] = String(end - start + 1)
    if (range.kind === 'part') headers['content-range'] = `bytes ${start}-${end}/${stat.size}`
    const status = range.kind === 'part' ? 206 : 200
    if (request.method === 'HEAD' || stat.size === 0) {
      await handle.close()
      return { status, headers, body: null }
    }
    return { status, headers, body: handle.createReadStream({ start, end, highWaterMark: 256 * 1024 }) }
  } catch (error) {
    await handle.close().catch(() => {})
    throw error
  }
}

/** RFC 6266: a plain name for old readers, the real one in UTF-8. */
function disposition(download: string | null): string {
  if (download === null) return 'inline'
  const plain = download.replaceAll(/[^\w.-]/g, '_')
  const encoded = encodeURIComponent(download).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
