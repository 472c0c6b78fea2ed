/** The browser host as it stands on the network: what it serves to its user, and what it refuses, by name of the attack. */
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import type { ContractRouterClient } from '@orpc/contract'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { request as rawRequest, type IncomingHttpHeaders, type RequestOptions } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Contract } from '../../main/contract/index.ts'
import { startHttpHost, type HttpHost } from '../../main/hosts/http.ts'
import { forkSpawner } from '../../main/jobs/spawn-node.ts'
import { createWorkbench, type Workbench } from '../../main/workbench.ts'

const root = mkdtempSync(join(tmpdir(), 'assay-http-'))
const bugs: unknown[] = []
let bench: Workbench
let host: HttpHost
let client: ContractRouterClient<Contract>

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/** A request with exactly these headers: `fetch` would not send a forged `Host`. */
function raw(path: string, options: RequestOptions & { body?: string | Buffer } = {}): Promise<Answer> {
  return new Promise((done, fail) => {
    const request = rawRequest({ host: '127.0.0.1', port: host.port, path, ...options }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      )
      response.on('error', fail)
    })
    request.on('error', fail)
    request.end(options.body)
  })
}
const authorised = (): { authorization: string } => ({ authorization: `Bearer ${host.token}` })
/** Uploads under way; jobs have their folders there as well. */
const staged = (): string[] => readdirSync(join(root, 'library', 'staging')).filter((name) => name.endsWith('.part'))

/** A WAVE file of silence: sound is enough of a container for intake, and needs no encoder. */
function wave(seconds: number): Buffer {
  const data = Buffer.alloc(16_000 * seconds)
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + data.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(8000, 24)
  head.writeUInt32LE(16_000, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(data.length, 40)
  return Buffer.concat([head, data])
}

beforeAll(async () => {
  vi.stubEnv('ASSAY_CONFIG_DIR', join(root, 'config'))
  mkdirSync(join(root, 'page', 'assets'), { recursive: true })
  writeFileSync(join(root, 'page', 'index.html'), '<title>Assay</title>')
  writeFileSync(join(root, 'page', 'assets', 'main.js'), 'export {}')
  writeFileSync(join(root, 'secret.txt'), 'secret')
  bench = createWorkbench({
    host: 'browser',
    spawner: forkSpawner(new URL('../../main/worker.ts', import.meta.url)),
    actor: 'analyst',
  })
  await bench.create(join(root, 'library'), 'Test')
  host = await startHttpHost({ workbench: bench, page: join(root, 'page'), logBug: (error) => bugs.push(error) })
  client = createORPCClient(new RPCLink({ url: `${host.origin}/rpc`, headers: authorised() }))
})
afterAll(async () => {
  await host.close()
  await bench.close()
  vi.unstubAllEnvs()
  rmSync(root, { recursive: true })
  expect(bugs).toEqual([])
})

describe('the user', () => {
  it('enters by the printed address, and is known by a cookie from then on', async () => {
    const entrance = await fetch(host.address)
    expect(await entrance.text()).toContain('url=/')
    const cookie = entrance.headers.get('set-cookie')?.split(';')[0] ?? ''
    const page = await fetch(`${host.origin}/`, { headers: { cookie } })
    expect([page.status, await page.text()]).toEqual([200, '<title>Assay</title>'])
    const script = await fetch(`${host.origin}/assets/main.js`, { headers: { cookie } })
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  })

  it('calls operations, and gets failures with their code and remedy', async () => {
    expect((await client.library.state()).open?.name).toBe('Test')
    const unknown = client.cases.get({ id: '00000000-0000-4000-8000-000000000000' })
    await expect(unknown).rejects.toMatchObject({
      code: 'record.not-found',
      status: 404,
      data: { remedy: expect.any(String) },
    })
    await expect(client.cases.get({ id: 'no id' })).rejects.toMatchObject({ code: 'request.invalid', status: 400 })
  })

  it('is told of changes as they happen', async () => {
    const stop = new AbortController()
    const changes = await client.library.changes(undefined, { signal: stop.signal })
    expect((await changes.next()).value).toEqual({ kind: 'library' })
    const made = await client.cases.create({ title: 'Seen at once' })
    expect((await changes.next()).value).toEqual({ kind: 'case', id: made.id })
    stop.abort()
  })

  it('uploads a file, adds it, and plays it back in parts', async () => {
    const sound = wave(2)
    const upload = await raw('/upload?name=clip.wav', { method: 'PUT', headers: authorised(), body: sound })
    expect(upload.status).toBe(201)
    const { id } = JSON.parse(String(upload.body)) as { id: string }
    const { items } = await client.intake.add({ files: [{ upload: id, name: '../../clip.wav' }] })
    expect(items[0]?.name).toBe('clip.wav')
    await vi.waitFor(async () => expect((await client.intake.list())[0]).toMatchObject({ state: 'admitted' }), 20_000)
    const evidenceId = (await client.intake.list())[0]?.evidenceId ?? ''
    expect(staged()).toEqual([])

    const path = `/file/evidence/${evidenceId}`
    const whole = await raw(path, { headers: authorised() })
    expect(whole.status).toBe(200)
    expect(whole.body.equals(sound)).toBe(true)
    expect(whole.headers).toMatchObject({
      'accept-ranges': 'bytes',
      'content-type': 'audio/wav',
      'content-disposition': 'inline',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    const part = await raw(path, { headers: { ...authorised(), range: 'bytes=44-143' } })
    expect([part.status, part.headers['content-range'], part.body.equals(sound.subarray(44, 144))]).toEqual([
      206,
      `bytes 44-143/${sound.length}`,
      true,
    ])
    const head = await raw(path, { method: 'HEAD', headers: authorised() })
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, String(sound.length), 0])

    // The player leaves in the middle of an answer each time it seeks.
    const left = new AbortController()
    const gone = fetch(`${host.origin}${path}`, { headers: authorised(), signal: left.signal })
    left.abort()
    await expect(gone).rejects.toThrow()
  })
})

const evidencePath = (): string => `/file/evidence/${bench.current().intake.list()[0]?.evidenceId}`

describe('range abuse', () => {
  it('a range beyond the end is answered with the size, not with bytes', async () => {
    const answer = await raw(evidencePath(), { headers: { ...authorised(), range: 'bytes=99999999-' } })
    expect([answer.status, answer.headers['content-range'], answer.body.length]).toEqual([416, 'bytes */32044', 0])
  })

  it('a thousand overlapping ranges get the file once', async () => {
    const range = `bytes=${Array.from({ length: 1000 }, () => '0-').join(',')}`
    const answer = await raw(evidencePath(), { headers: { ...authorised(), range } })
    expect([answer.status, answer.body.length]).toEqual([200, 32_044])
  })
})

describe('DNS rebinding', () => {
  it('a page whose name was made to resolve here reads nothing, even with the token', async () => {
    for (const name of ['attacker.example', `attacker.example:${host.port}`, `localhost:${host.port}`]) {
      const answer = await raw('/', { headers: { host: name, ...authorised() } })
      expect([answer.status, String(answer.body)]).toEqual([403, expect.not.stringContaining('<title>')])
    }
  })
})

describe('cross-origin requests', () => {
  it.each([
    ['POST', '/rpc/library/close'],
    ['PUT', '/upload'],
    ['GET', '/'],
    ['OPTIONS', '/rpc/library/close'],
  ])('%s %s from another site is refused and never told that it may try again', async (method, path) => {
    const answer = await raw(path, { method, headers: { ...authorised(), origin: 'https://attacker.example' } })
    expect(answer.status).toBe(403)
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(bench.info()).not.toBeNull()
  })

  it('a form, which needs no permission to be sent, is no call', async () => {
    const headers = { ...authorised(), 'content-type': 'multipart/form-data; boundary=x' }
    const answer = await raw('/rpc/library/close', { method: 'POST', headers, body: '--x--' })
    expect(answer.status).toBe(415)
    const image = await raw('/rpc/library/close', { headers: authorised() })
    expect(image.status).toBe(405)
    expect(bench.info()).not.toBeNull()
  })
})

describe('a missing token', () => {
  it.each(['/', '/assets/main.js', '/rpc/library/state', '/file/evidence/x', '/upload', '/nothing'])(
    'shows nothing at %s',
    async (path) => {
      for (const method of ['GET', 'POST', 'PUT']) {
        const answer = await raw(path, { method })
        expect(answer.status).toBe(403)
        expect(JSON.parse(String(answer.body))).toMatchObject({ code: 'request.denied', remedy: expect.any(String) })
      }
    },
  )

  it('leaves no uploaded file behind', async () => {
    await raw('/upload', { method: 'PUT', body: wave(1) })
    expect(staged()).toEqual([])
  })
})

describe('path traversal', () => {
  it.each([
    '/file/evidence/../../secret.txt',
    '/file/evidence/..%2f..%2fsecret.txt',
    '/file/evidence/%2e%2e/%2e%2e/secret.txt',
    '/file/derived/....//....//secret.txt',
    '/file/export/../library.db',
    '/file/library.db',
    '/file//etc/passwd',
    '/file/evidence/%00',
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//etc/passwd',
    '/%',
  ])('%s leads nowhere', async (path) => {
    const answer = await raw(path, { headers: authorised() })
    expect(answer.status).toBe(404)
    expect(String(answer.body)).not.toMatch(/secret|root:/)
  })
})

describe('oversized and broken bodies', () => {
  it('a call that announces more than a call may have is refused before it is read', async () => {
    const headers = { ...authorised(), 'content-type': 'application/json', 'content-length': String(1e9) }
    const status = await new Promise((done, fail) => {
      const request = rawRequest({
        host: '127.0.0.1',
        port: host.port,
        path: '/rpc/cases/create',
        method: 'POST',
        headers,
      })
      request.on('response', (response) => {
        done(response.statusCode)
        request.destroy()
      })
      request.on('error', fail)
      request.write('{')
    })
    expect(status).toBe(413)
  })

  it('a call that never ends is cut at the limit', async () => {
    const headers = { ...authorised(), 'content-type': 'application/json', 'transfer-encoding': 'chunked' }
    const answer = await raw('/rpc/cases/create', { method: 'POST', headers, body: Buffer.alloc(9 * 2 ** 20, 0x20) })
    expect([answer.status, JSON.parse(String(answer.body))]).toEqual([
      413,
      expect.objectContaining({ code: 'request.invalid' }),
    ])
  })

  it.each(['{', '[]', '"x"', '{"json":{"__proto__":{"x":1}},"meta":[]}', randomBytes(64)])(
    'a body that is no call is refused: %s',
    async (body) => {
      const headers = { ...authorised(), 'content-type': 'application/json' }
      const answer = await raw('/rpc/cases/create', { method: 'POST', headers, body })
      expect(answer.status).toBe(400)
    },
  )

  it('an upload larger than an item may be is refused before it is read', async () => {
    const headers = { ...authorised(), 'content-length': String(65 * 2 ** 30) }
    const answer = await new Promise<string>((done, fail) => {
      const request = rawRequest({ host: '127.0.0.1', port: host.port, path: '/upload', method: 'PUT', headers })
      request.on('response', (response) => {
        response.setEncoding('utf8').on('data', (chunk: string) => {
          done(chunk)
          request.destroy()
        })
      })
      request.on('error', fail)
      request.write('x')
    })
    expect(JSON.parse(answer)).toMatchObject({ code: 'intake.too-large' })
    expect(staged()).toEqual([])
  })

  it('an upload that is cut short leaves nothing behind', async () => {
    const socket = connect(host.port, '127.0.0.1')
    socket.write(
      `PUT /upload HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nAuthorization: Bearer ${host.token}\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(5000)}`,
    )
    await vi.waitFor(() => expect(staged()).toHaveLength(1))
    socket.destroy()
    await vi.waitFor(() => expect(staged()).toEqual([]))
  })
})

describe('a disk that fills', () => {
  const small = mkdtempSync(join(tmpdir(), 'assay-small-'))
  // Only root may mount; elsewhere there is no small disk to fill.
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small]).status === 0
  afterAll(() => {
    if (mounted) spawnSync('umount', [small])
    rmSync(small, { recursive: true })
  })

  it.skipIf(!mounted)('ends the upload with its own failure, and keeps nothing', async () => {
    const library = join(small, 'library')
    const other = createWorkbench({ host: 'browser', spawner: forkSpawner('unused'), actor: 'analyst' })
    await other.create(library, 'Small')
    const there = await startHttpHost({ workbench: other, page: '', logBug: (error) => bugs.push(error) })
    try {
      const put = (body: Buffer, headers: object): Promise<Response> =>
        fetch(`${there.origin}/upload`, {
          method: 'PUT',
          headers: { authorization: `Bearer ${there.token}`, ...headers },
          // A stream announces no length, so that the disk fills in the middle.
          body: new Blob([new Uint8Array(body)]).stream(),
          duplex: 'half',
        } as RequestInit)
      const answer = await put(Buffer.alloc(4 * 2 ** 20), {})
      expect([answer.status, await answer.json()]).toEqual([507, expect.objectContaining({ code: 'store.full' })])
      expect(readdirSync(join(library, 'staging'))).toEqual([])
      expect((await put(wave(1), {})).status).toBe(201)
    } finally {
      await there.close()
      await other.close()
    }
  })
})

describe('the host', () => {
  it('listens on loopback only', async () => {
    const outer = Object.values(networkInterfaces())
      .flat()
      .find((one) => one && !one.internal && one.family === 'IPv4')
    if (!outer) return
    const refused = new Promise((done) =>
      connect(host.port, outer.address)
        .on('error', done)
        .on('connect', () => done(null)),
    )
    expect(await refused).toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('says that a port is taken', async () => {
    const second = startHttpHost({ workbench: bench, page: '', port: host.port, logBug: () => {} })
    await expect(second).rejects.toMatchObject({ code: 'request.invalid', detail: expect.stringContaining('taken') })
  })

  it('ends though a page still listens for changes', async () => {
    const other = await startHttpHost({
      workbench: bench,
      page: join(root, 'page'),
      logBug: (error) => bugs.push(error),
    })
    const headers = { authorization: `Bearer ${other.token}` }
    const listener: ContractRouterClient<Contract> = createORPCClient(
      new RPCLink({ url: `${other.origin}/rpc`, headers }),
    )
    const changes = await listener.library.changes()
    await changes.next()
    const listening = (async () => {
      for await (const _ of changes) continue
    })()
    await other.close()
    await Promise.race([
      listening.catch(() => {}),
      new Promise((_, fail) => setTimeout(fail, 10_000, new Error('it still listens'))),
    ])
  })
})
