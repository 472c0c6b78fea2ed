/**
 * The part of a library's audit chain that a bundle carries: every link from the first to the head. Links about the case
 * carry what they record; of the others only their hash is given, so that the order and the number of links can be
 * checked without telling about other cases.
 */
import { hexOf } from './signature.ts'
import type { Tools } from './package.ts'

export interface OpenLink {
  readonly seq: number
  readonly at: string
  readonly actor: string
  readonly action: string
  readonly subject: string
  /** Canonical JSON (RFC 8785), as text. */
  readonly body: string
  /** Hash of the link before. */
  readonly previous: string
  readonly hash: string
}
export interface WithheldLink {
  readonly seq: number
  readonly hash: string
  readonly withheld: true
}
export type ChainLink = OpenLink | WithheldLink

export interface CheckedChain {
  readonly links: number
  readonly open: number
  readonly head: string | null
  /** What is wrong, first to last. */
  readonly problems: readonly string[]
}

const GENESIS = '0'.repeat(64)
/** More of them say nothing more. */
const MOST = 20

/** `hash = SHA-256(previous ‖ canonical JSON of the other fields)`; keys in the order of RFC 8785. */
const linkBytes = ({ previous, action, actor, at, body, seq, subject }: OpenLink): Uint8Array =>
  new TextEncoder().encode(previous + JSON.stringify({ action, actor, at, body, seq, subject }))

/** @param text one link as JSON per line */
export function checkChain(text: string, tools: Tools): CheckedChain {
  const problems: string[] = []
  const lines = text.split('\n')
  if (lines.pop() !== '') problems.push('The last line is not complete.')
  const links: ChainLink[] = []
  for (const [place, line] of lines.entries()) {
    const link = parse(line)
    if (link) links.push(link)
    else problems.push(`Line ${place + 1} is no link of the chain.`)
  }
  let open = 0
  let before: ChainLink | null = null
  const seen = new Set<number>()
  for (const [place, link] of links.entries()) {
    if (seen.has(link.seq)) problems.push(`Link ${link.seq} is there twice.`)
    else if (link.seq !== place + 1)
      problems.push(
        links.some((other) => other.seq === place + 1)
          ? `The chain is re-ordered: link ${link.seq} stands where link ${place + 1} belongs.`
          : `Link ${place + 1} is missing.`,
      )
    seen.add(link.seq)
    if (!('withheld' in link)) {
      open += 1
      if (hexOf(tools.sha256(), linkBytes(link)) !== link.hash)
        problems.push(`Link ${link.seq} (${link.action}) does not say what its hash says.`)
      if (link.previous !== (before?.hash ?? GENESIS))
        problems.push(`Link ${link.seq} (${link.action}) does not follow the link before it.`)
    }
    before = link
    if (problems.length >= MOST) break
  }
  return { links: links.length, open, head: before?.hash ?? null, problems: problems.slice(0, MOST) }
}

const HASH = /^[0-9a-f]{64}$/

function parse(line: string): ChainLink | null {
  try {
    const value = JSON.parse(line) as Record<string, unknown>
    const { seq, hash } = value
    if (!Number.isSafeInteger(seq) || typeof hash !== 'string' || !HASH.test(hash)) return null
    if (value['withheld'] === true) return { seq: seq as number, hash, withheld: true }
    const texts = ['at', 'actor', 'action', 'subject', 'body', 'previous']
    return texts.every((field) => typeof value[field] === 'string') ? (value as unknown as OpenLink) : null
  } catch {
    return null
  }
}
