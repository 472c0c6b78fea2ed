/** What is to be repeated: findings and the evidence they were made from, as a bundle or a method appendix tells it. */
import { open } from 'node:fs/promises'
import { constants } from 'node:fs'
import { z } from 'zod'
import type { BundleCheck } from '../../contract/bundle-check.ts'
import { Sha256 } from '../../contract/common.ts'
import { Finding } from '../../contract/findings.ts'
import { Failure } from '../../errors.ts'
import { asFailure, openReceived, type OpenOptions } from '../received/open.ts'
import type { PackedFile } from '../verify/package.ts'
import { MethodAppendix } from '../method-json.ts'

export interface AccountItem {
  readonly id: string
  readonly tag: string
  readonly name: string
  readonly sha256: string
  /** Bytes. */
  readonly size: number
  /** The original itself, where it came along. */
  readonly file: PackedFile | null
  /** SHA-256; null where there was none. */
  readonly filmstrip: string | null
  readonly findings: readonly Finding[]
}

export interface Account {
  readonly from: 'bundle' | 'method'
  readonly title: string
  readonly tlp: string
  /** Null for a method appendix: nobody signed it. */
  readonly check: BundleCheck | null
  /** False where the curves were not written down. */
  readonly withTracks: boolean
  readonly items: readonly AccountItem[]
  close(): Promise<void>
}

/** Of a method appendix; larger ones are none. Bytes. */
const LARGEST = 256 * 2 ** 20

const Findings = z.array(Finding).max(1_000_000)
const Item = z.object({
  id: z.string(),
  tag: z.string(),
  name: z.string(),
  sha256: Sha256,
  size: z.number().int().positive(),
})

/**
 * @throws Failure bundle.* | rerun.nothing where it tells of no findings
 */
export async function readAccount(path: string, options: OpenOptions): Promise<Account> {
  const account = (await methodAppendix(path)) ?? (await bundle(path, options))
  if (account.items.some(({ findings }) => findings.length)) return account
  await account.close()
  throw new Failure('rerun.nothing')
}

async function bundle(path: string, options: OpenOptions): Promise<Account> {
  const { check, contents, files, json, close } = await openReceived(path, options)
  try {
    const findings = Map.groupBy(await json(contents.findings.file, Findings), (one) => one.evidenceId)
    return {
      from: 'bundle',
      title: contents.title,
      tlp: contents.tlp,
      check,
      withTracks: true,
      items: contents.evidence.map((untrusted) => {
        const parsed = Item.safeParse(untrusted)
        if (!parsed.success) throw new Failure('bundle.damaged', 'It describes an original in a way that is none.')
        const { id } = parsed.data
        return {
          ...parsed.data,
          file: (untrusted.file !== null && files.get(untrusted.file)) || null,
          filmstrip:
            contents.derivatives.find((one) => one.role === 'filmstrip' && one.evidenceId === id)?.sha256 ?? null,
          findings: findings.get(id) ?? [],
        }
      }),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Null for what is a folder or does not begin as JSON. */
async function methodAppendix(path: string): Promise<Account | null> {
  const text = await jsonText(path)
  if (text === null) return null
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Failure('rerun.nothing', 'It is no JSON.')
  }
  const parsed = MethodAppendix.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new Failure('rerun.nothing', `It is no method appendix: ${issue?.path.join('.')}: ${issue?.message}`)
  }
  const { title, tlp, evidence, findings } = parsed.data
  const byItem = Map.groupBy(findings, (one) => one.evidenceId)
  return {
    from: 'method',
    title,
    tlp,
    check: null,
    withTracks: false,
    items: evidence.map((item) => ({ ...item, file: null, findings: byItem.get(item.id) ?? [] })),
    close: async () => {},
  }
}

async function jsonText(path: string): Promise<string | null> {
  try {
    const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
    try {
      const stat = await handle.stat()
      if (!stat.isFile()) return null
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0)
      if (!/^\ufeff?\s*\{/.test(buffer.subarray(0, bytesRead).toString('utf8'))) return null
      if (stat.size > LARGEST) throw new Failure('rerun.nothing', `It has ${stat.size} bytes.`)
      return (await handle.readFile('utf8')).replace(/^\ufeff/, '')
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw asFailure(error)
  }
}
