import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { download } from './download.ts'

const root = mkdtempSync(join(tmpdir(), 'assay-download-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const BODY = Buffer.from('a model in a zip')
const sha256 = createHash('sha256').update(BODY).digest('hex')
const refusedAs = (code: string, detail: RegExp) =>
  expect.objectContaining({ code, detail: expect.stringMatching(detail) })

test('an address that is not https is not even tried', async () => {
  const file = join(root, 'plain')
  const wanted = { url: 'http://127.0.0.1/model.zip', sha256, bytes: 100 }
  await expect(download(wanted, file)).rejects.toEqual(refusedAs('model.not-fetched', /not https/))
  expect(existsSync(file)).toBe(false)
})

test('without a network it says so', async () => {
  const wanted = { url: 'https://127.0.0.1:1/model.zip', sha256, bytes: 100 }
  await expect(download(wanted, join(root, 'none'))).rejects.toEqual(refusedAs('model.not-fetched', /no connection/))
})

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
if (!hasOpenssl) console.log('skipped: no openssl to make a certificate with')

describe.skipIf(!hasOpenssl)('from a source that answers', () => {
  let server: Server
  let ca: Buffer
  let answer: RequestListener
  let count = 0

  beforeAll(async () => {
    const [key, cert] = [join(root, 'key.pem'), join(root, 'cert.pem')]
    const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
    execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', cert, ...names], { stdio: 'ignore' })
    ca = readFileSync(cert)
    server = createServer({ key: readFileSync(key), cert: ca }, (request, response) => answer(request, response))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  })
  afterAll(() => new Promise<void>((done) => void server.close(() => done())))

  const url = (): string => `https://127.0.0.1:${(server.address() as AddressInfo).port}/model.zip`
  async function fetched(change: object = {}): Promise<Buffer> {
    const file = join(root, `file-${count++}`)
    await download({ url: url(), sha256, bytes: BODY.length, ...change }, file, { ca })
    return readFileSync(file)
  }

  test('takes the file the catalogue names, also where it is sent on', async () => {
    answer = (_, response) => void response.end(BODY)
    expect(await fetched()).toEqual(BODY)
    answer = ({ url: path }, response) =>
      path === '/model.zip' ? void response.writeHead(302, { location: '/elsewhere' }).end() : void response.end(BODY)
    expect(await fetched()).toEqual(BODY)
  })

  test('refuses another file, a longer one, a circle, and a way to plain http', async () => {
    answer = (_, response) => void response.end('A model in a zip')
    await expect(fetched()).rejects.toEqual(refusedAs('model.untrusted', /SHA-256/))
    answer = (_, response) => void response.end(Buffer.concat([BODY, BODY]))
    await expect(fetched()).rejects.toEqual(refusedAs('model.not-fetched', /longer/))
    answer = (_, response) => void response.writeHead(302, { location: '/model.zip' }).end()
    await expect(fetched()).rejects.toEqual(refusedAs('model.not-fetched', /status 302/))
    answer = (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1/' }).end()
    await expect(fetched()).rejects.toEqual(refusedAs('model.not-fetched', /not https/))
    answer = (_, response) => void response.writeHead(404).end()
    await expect(fetched()).rejects.toEqual(refusedAs('model.not-fetched', /status 404/))
  })

  test('refuses a source whose certificate nobody vouches for', async () => {
    const wanted = { url: url(), sha256, bytes: BODY.length }
    await expect(download(wanted, join(root, 'unknown'))).rejects.toEqual(refusedAs('model.not-fetched', /connection/))
  })
})
