import { describe, expect, it } from 'vitest'
import { createGuard, type Head } from './guard.ts'

const HOST = '127.0.0.1:4810'
const ORIGIN = `http://${HOST}`
const SECOND = 1000

function setup() {
  let now = 0
  const guard = createGuard(HOST, () => now)
  const cookie = guard.cookie().split(';')[0] ?? ''
  const judge = (head: Partial<Omit<Head, 'headers'>> & { headers?: Record<string, string | undefined> } = {}) =>
    guard.judge({ method: 'GET', target: '/', ...head, headers: { host: HOST, cookie, ...head.headers } })
  return { guard, judge, cookie, wait: (ms: number) => (now += ms) }
}

describe('the page itself', () => {
  it('is let in by its cookie', () => {
    expect(setup().judge().kind).toBe('allowed')
  })

  it('may call with its own origin', () => {
    const { judge } = setup()
    const headers = { origin: ORIGIN, 'sec-fetch-site': 'same-origin' }
    expect(judge({ method: 'POST', target: '/rpc/library/state', headers }).kind).toBe('allowed')
  })

  it('gets a cookie that no script can read and no other site sends', () => {
    expect(setup().guard.cookie()).toMatch(/^assay-4810=[\w-]{32}; HttpOnly; SameSite=Strict; Path=\/$/)
  })
})

describe('a program', () => {
  it('is let in by the token in its Authorization header, without cookie or origin', () => {
    const { guard, judge } = setup()
    const headers = { cookie: undefined, authorization: `Bearer ${guard.token}` }
    expect(judge({ method: 'POST', headers }).kind).toBe('allowed')
  })

  it('with a wrong token is refused even with a good cookie', () => {
    expect(setup().judge({ headers: { authorization: 'Bearer wrong' } }).kind).toBe('denied')
  })
})

describe('DNS rebinding', () => {
  it.each([
    'attacker.example',
    'attacker.example:4810',
    'localhost:4810',
    '127.0.0.1',
    '127.0.0.1:4811',
    '[::1]:4810',
    '',
  ])('a request for the host %s is refused, with whatever it brings', (host) => {
    const { guard, judge } = setup()
    const authorization = `Bearer ${guard.token}`
    expect(judge({ headers: { host } }).kind).toBe('denied')
    expect(judge({ headers: { host, authorization } }).kind).toBe('denied')
    expect(judge({ target: `/?token=${guard.token}`, headers: { host } }).kind).toBe('denied')
  })

  it('a request without a host is refused', () => {
    expect(setup().judge({ headers: { host: undefined } }).kind).toBe('denied')
  })
})

describe('cross-site requests', () => {
  it.each([
    'https://attacker.example',
    'http://127.0.0.1:9999',
    'http://localhost:4810',
    `${ORIGIN}.attacker.example`,
    'null',
  ])('from the origin %s are refused', (origin) =>
    expect(setup().judge({ method: 'POST', headers: { origin } }).kind).toBe('denied'),
  )

  it.each(['cross-site', 'same-site'])('that a browser calls %s are refused, also without an origin', (site) => {
    expect(setup().judge({ target: '/file/evidence/x', headers: { 'sec-fetch-site': site } }).kind).toBe('denied')
  })

  it('that change something must bring an origin: a form of an old browser brings none', () => {
    expect(setup().judge({ method: 'POST', headers: {} }).kind).toBe('denied')
    expect(setup().judge({ method: 'PUT', target: '/upload', headers: {} }).kind).toBe('denied')
  })
})

describe('missing and guessed tokens', () => {
  it.each(['/', '/index.html', '/rpc/library/state', '/file/evidence/x', '/assets/main.js'])(
    '%s is refused without one',
    (target) => {
      expect(setup().judge({ target, headers: { cookie: undefined } }).kind).toBe('denied')
    },
  )

  it.each(['assay-4810=', 'assay-4810=guess', 'assay-4811=x', 'other=1'])('the cookie %s is refused', (cookie) => {
    expect(setup().judge({ headers: { cookie } }).kind).toBe('denied')
  })

  it('a forged cookie beside the real one does not lock the user out', () => {
    const { judge, cookie } = setup()
    expect(judge({ headers: { cookie: `assay-4810=forged; ${cookie}` } }).kind).toBe('allowed')
  })

  it('the token in an address counts at the entrance only, and only to read', () => {
    const { guard, judge } = setup()
    const headers = { cookie: undefined }
    expect(judge({ target: `/?token=${guard.token}`, headers }).kind).toBe('enter')
    expect(judge({ target: `/rpc/library/state?token=${guard.token}`, headers }).kind).toBe('denied')
    expect(judge({ target: `/?token=${guard.token}`, method: 'POST', headers }).kind).toBe('denied')
    expect(judge({ target: '/?token=guess', headers }).kind).toBe('denied')
    expect(judge({ target: '/?token=', headers }).kind).toBe('denied')
  })

  it('a link followed from another site still enters: the token is the proof', () => {
    const { guard, judge } = setup()
    const headers = { cookie: undefined, 'sec-fetch-site': 'cross-site' }
    expect(judge({ target: `/?token=${guard.token}`, headers }).kind).toBe('enter')
  })
})

describe('a ticket, which other users can read in the list of processes', () => {
  it('enters once', () => {
    const { guard, judge } = setup()
    const target = `/?token=${guard.ticket()}`
    expect(judge({ target, headers: { cookie: undefined } }).kind).toBe('enter')
    expect(judge({ target, headers: { cookie: undefined } }).kind).toBe('denied')
  })

  it('is worth nothing after a minute, nor as a header or cookie', () => {
    const { guard, judge, wait } = setup()
    const ticket = guard.ticket()
    expect(judge({ headers: { cookie: undefined, authorization: `Bearer ${ticket}` } }).kind).toBe('denied')
    expect(judge({ headers: { cookie: `assay-4810=${ticket}` } }).kind).toBe('denied')
    wait(61 * SECOND)
    expect(judge({ target: `/?token=${ticket}`, headers: { cookie: undefined } }).kind).toBe('denied')
  })
})
