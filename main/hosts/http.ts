/**
 * The browser host: the contract, the page and the library's files on 127.0.0.1, for one user with the token.
 * The only place that listens; it decides who may ask, and nothing else.
 */
import { RPCHandler } from '@orpc/server/fetch'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Failure, FAILURES, report, type FailureReport } from '../errors.ts'
import { createRouter, type BugLog } from '../router.ts'
import type { Workbench } from '../workbench.ts'
import { createGuard, type Guard } from './http/guard.ts'
import { SECURITY_HEADERS } from './http/headers.ts'
import { loadPage, type Page } from './http/page.ts'
import { receiveUpload } from './http/upload.ts'
import { serveFile } from './serve-file.ts'

/** The longest call is one that adds 10,000 files by path. */
const MAX_CALL_BYTES = 8 * 2 ** 20
/** What a refused sender may still push before the line is cut: most read the answer only when they have sent all. */
const DRAIN_MS = 10_000
/** How long answers under way may take when the host is closed. */
const CLOSE_MS = 2000

export interface HttpHostOptions {
  readonly workbench: Workbench
  /** Folder of the built page. */
  readonly page: string
  /** 0 or absent: any free port. */
  readonly port?: number
  readonly logBug: BugLog
}

export interface HttpHost {
  readonly port: number
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string
  readonly token: string
  /** What the user opens; holds the token. */
  readonly address: string
  /** Like `address`, but good for one visit within a minute. */
  ticketAddress(): string
  close(): Promise<void>
}

/** @throws Failure request.invalid where the port is taken */
export async function startHttpHost({ workbench, page, port = 0, logBug }: HttpHostOptions): Promise<HttpHost> {
  const server = createServer({ requestTimeout: 0, headersTimeout: 10_000, keepAliveTimeout: 5000 })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        reject(new Failure('request.invalid', `Port ${port} is taken; choose another one.`))
      else if (error.code === 'EACCES')
        reject(new Failure('request.invalid', `Port ${port} may not be used by this user.`))
      else reject(error)
    })
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('listening without a port')
  const authority = `127.0.0.1:${address.port}`
  const origin = `http://${authority}`
  const guard = createGuard(authority)
  const closing = new AbortController()
  const answer = createAnswerer({ workbench, guard, page: loadPage(page), origin, logBug, closing: closing.signal })
  server.on('request', (request, response) => {
    response.on('close', () => closing.signal.aborted && setImmediate(() => server.closeIdleConnections()))
    answer(request, response).catch((error: unknown) => {
      logBug(error)
      response.destroy()
    })
  })

  return {
    port: address.port,
    origin,
    token: guard.token,
    address: `${origin}/?token=${guard.token}`,
    ticketAddress: () => `${origin}/?token=${guard.ticket()}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      // Change streams never end by themselves.
      closing.abort()
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), CLOSE_MS)
      await closed
      clearTimeout(timer)
    },
  }
}

interface Parts {
  readonly workbench: Workbench
  readonly guard: Guard
  readonly page: Page | null
  readonly origin: string
  readonly logBug: BugLog
  /** Aborted when the host is closed. */
  readonly closing: AbortSignal
}

function createAnswerer({ workbench, guard, page, origin, logBug, closing }: Parts) {
  const rpc = new RPCHandler(createRouter(workbench, logBug))

  return async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? ''
    const target = request.url ?? ''
    response.on('error', () => {})
    request.on('error', () => {})
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value)
    const verdict = guard.judge({ method, target, headers: request.headers })
    if (verdict.kind === 'denied') return deny(request, response, verdict.reason)
    if (verdict.kind === 'enter') {
      response.setHeader('set-cookie', guard.cookie())
      return send(response, 200, 'text/html; charset=utf-8', ENTRANCE)
    }
    const path = URL.parse(target, origin)?.pathname ?? ''
    try {
      if (path.startsWith('/rpc/')) return await call(request, response)
      if (path === '/upload') return await upload(request, response)
      if (path.startsWith('/file/')) return await file(request, response, path.slice('/file/'.length))
      return show(request, response, path)
    } catch (error) {
      // The sender hung up: there is nobody to tell.
      if (request.destroyed && !request.complete) return void response.destroy()
      const told = report(error)
      if (told.code === 'internal') logBug(error)
      refuse(request, response, told)
    }
  }

  async function call(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') return plain(response, 405, 'Calls are made by POST.')
    const type = request.headers['content-type']
    if (type !== undefined && !/^application\/json\b/i.test(type))
      return plain(response, 415, 'Calls are made in JSON.')
    const body = await readBody(request)
    if (body === null) return refuse(request, response, tooLong(), 413)
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const headers = new Headers(type === undefined ? {} : { 'content-type': type })
    const { response: answered } = await rpc.handle(
      new Request(`${origin}${request.url}`, {
        method: 'POST',
        headers,
        body: body.length ? Buffer.from(body) : null,
        signal: AbortSignal.any([gone.signal, closing]),
      }),
      { prefix: '/rpc' },
    )
    if (!answered) return plain(response, 404, 'There is no such operation.')
    response.statusCode = answered.status
    answered.headers.forEach((value, name) => response.setHeader(name, value))
    if (!answered.body) return void response.end()
    await pipeline(Readable.fromWeb(answered.body as Parameters<typeof Readable.fromWeb>[0]), response).catch(left)
  }

  async function upload(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'PUT') return plain(response, 405, 'Files are sent by PUT.')
    const id = await receiveUpload(workbench, request)
    send(response, 201, 'application/json', JSON.stringify({ id }))
  }

  async function file(request: IncomingMessage, response: ServerResponse, ref: string): Promise<void> {
    const { status, headers, body } = await serveFile(workbench, ref, {
      method: request.method ?? '',
      // Without validators of ours, no `If-Range` can hold, and the whole file is the right answer to it.
      range: request.headers['if-range'] === undefined ? request.headers.range : undefined,
    })
    response.writeHead(status, headers)
    if (body) await pipeline(body, response).catch(left)
    else response.end()
  }

  function show(request: IncomingMessage, response: ServerResponse, path: string): void {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return plain(response, 405, 'There is nothing to change here.')
    if (!page) return plain(response, 503, 'The page is not built: run `npm run build`, then start again.')
    const found = page.find(path)
    if (found) send(response, 200, found.mime, request.method === 'HEAD' ? '' : found.bytes)
    else plain(response, 404, 'There is nothing at this address.')
  }
}

/** The browser went away: a closed tab, a seek in the player. */
function left(error: unknown): void {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (
    code !== 'ERR_STREAM_PREMATURE_CLOSE' &&
    code !== 'ECONNRESET' &&
    code !== 'EPIPE' &&
    (error as Error).name !== 'AbortError'
  )
    throw error
}

/**
 * Takes the user on from the address with the token, by the page and not by the server: a redirect of a link followed
 * from elsewhere would come without the strict cookie.
 */
const ENTRANCE = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/"><link rel="icon" href="data:,"><title>Assay</title>`

function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, {
    'content-type': type,
    ...(body.length ? { 'content-length': Buffer.byteLength(body) } : {}),
  })
  response.end(body)
}

const plain = (response: ServerResponse, status: number, text: string): void =>
  send(response, status, 'text/plain; charset=utf-8', `${text}\n`)

function deny(request: IncomingMessage, response: ServerResponse, reason: string): void {
  const { message, remedy, retryable } = FAILURES['request.denied']
  if (request.headers.accept?.includes('text/html')) {
    response.setHeader('connection', 'close')
    return plain(response, 403, `${message} ${reason} ${remedy}`)
  }
  refuse(request, response, { code: 'request.denied', message, remedy, retryable, detail: reason })
}

/** Answers with a failure as JSON, then reads on for a while: a browser takes an early answer only when it has sent all. */
function refuse(request: IncomingMessage, response: ServerResponse, told: FailureReport, status?: number): void {
  if (response.headersSent) return void response.destroy()
  response.setHeader('connection', 'close')
  send(
    response,
    status ?? (told.code === 'internal' ? 500 : FAILURES[told.code].status),
    'application/json',
    JSON.stringify(told),
  )
  if (request.complete) return
  const cut = setTimeout(() => request.destroy(), DRAIN_MS)
  request.once('close', () => clearTimeout(cut))
  request.resume()
}

const tooLong = (): FailureReport =>
  report(new Failure('request.invalid', `A call is at most ${MAX_CALL_BYTES / 2 ** 20} MiB long.`))

/** The whole body, or null where it is longer than a call may be. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_CALL_BYTES) return null
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > MAX_CALL_BYTES) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
