/** Who may talk to the browser host. Pure: a request's head in, a verdict out. Tested by the names of the attacks. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

export interface Head {
  readonly method: string
  /** Path and query as they stand in the request line. */
  readonly target: string
  readonly headers: IncomingHttpHeaders
}

export type Verdict =
  | { readonly kind: 'allowed' }
  /** The address that `npm start` printed: the token becomes a cookie. */
  | { readonly kind: 'enter' }
  | { readonly kind: 'denied'; readonly reason: string }

export interface Guard {
  /** For the address printed on the terminal, and for `Authorization: Bearer`. */
  readonly token: string
  /**
   * A code for one entry within a minute. Addresses handed to a browser stand in the list of processes, which other users
   * of the machine can read; this one is worth nothing once it was used.
   */
  ticket(): string
  judge(head: Head): Verdict
  /** Value of `Set-Cookie` for an entry. */
  cookie(): string
}

const TICKET_MS = 60_000
const denied = (reason: string): Verdict => ({ kind: 'denied', reason })

/** @param authority the one `Host` that is served, such as `127.0.0.1:4810` */
export function createGuard(authority: string, now: () => number = Date.now): Guard {
  const token = randomBytes(24).toString('base64url')
  // Cookies are shared by all ports of a host: the name keeps two Assays apart.
  const cookieName = `assay-${authority.split(':')[1] ?? ''}`
  const origin = `http://${authority}`
  const tickets = new Map<string, number>()

  function enters(given: string): boolean {
    if (same(given, token)) return true
    const until = tickets.get(given)
    tickets.delete(given)
    return until !== undefined && now() <= until
  }

  return {
    token,
    ticket() {
      const code = randomBytes(24).toString('base64url')
      tickets.set(code, now() + TICKET_MS)
      return code
    },
    cookie: () => `${cookieName}=${token}; HttpOnly; SameSite=Strict; Path=/`,
    judge({ method, target, headers }) {
      // A name of the attacker's that was made to resolve to 127.0.0.1 (DNS rebinding) stands here as it is.
      if (headers.host !== authority) return denied(`This address is served as ${origin} only.`)
      if (headers.origin !== undefined && headers.origin !== origin) return denied('Another site sent this request.')
      if (headers.authorization !== undefined)
        return same(headers.authorization, `Bearer ${token}`)
          ? { kind: 'allowed' }
          : denied('The token is not the right one.')

      const url = URL.parse(target, origin)
      const given = url?.pathname === '/' ? url.searchParams.get('token') : null
      if (given !== null && (method === 'GET' || method === 'HEAD'))
        return enters(given) ? { kind: 'enter' } : denied('The token is not the right one, or its ticket was used.')

      // Another server on this machine is another origin but the same site: the cookie alone says too little.
      const site = headers['sec-fetch-site']
      if (site !== undefined && site !== 'same-origin' && site !== 'none')
        return denied('Another site sent this request.')
      if (!cookies(headers.cookie, cookieName).some((value) => same(value, token)))
        return denied('The token is missing.')
      if (method !== 'GET' && method !== 'HEAD' && headers.origin === undefined)
        return denied('A request that changes something must say where it comes from.')
      return { kind: 'allowed' }
    },
  }
}

/** All values of one cookie: a browser may send several of one name. */
function cookies(header: string | undefined, name: string): string[] {
  return (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
}

/** Takes the same time wherever two texts differ. */
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
