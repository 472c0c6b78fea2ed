/** What every command works with: a workbench in this process, and the contract's operations on it. */
import { createRouterClient, ORPCError } from '@orpc/server'
import type { ContractRouterClient } from '@orpc/contract'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import type { Contract } from '../../contract/index.ts'
import { FAILURES, report, type FailureCode, type FailureReport } from '../../errors.ts'
import { createRouter } from '../../router.ts'
import { createWorkbench, type Workbench } from '../../workbench.ts'
import { createBugLog } from '../bug-log.ts'
import { workers } from './workers.ts'

export type Client = ContractRouterClient<Contract>

export interface Session {
  readonly client: Client
  readonly bench: Workbench
}

/** Which library: one on disk, made first where `create` says so and there is none, or one that is thrown away. */
export type Where = { readonly folder: string; readonly create?: boolean } | 'ephemeral'

/** Opens the library, does the work, and closes it cleanly whatever happened. */
export async function inLibrary<T>(where: Where, work: (session: Session) => Promise<T>): Promise<T> {
  const ephemeral = where === 'ephemeral'
  const bench = createWorkbench({
    host: 'command-line',
    spawner: workers(),
    actor: 'cli',
    ephemeral,
  })
  const client: Client = createRouterClient(createRouter(bench, createBugLog()), { context: {} })
  let temporary: string | null = null
  try {
    if (ephemeral) {
      temporary = await mkdtemp(join(tmpdir(), 'assay-'))
      await client.library.create({ folder: join(temporary, 'library'), name: 'Not kept' })
    } else if (where.create) await openOrCreate(bench, where.folder)
    else await client.library.open({ folder: resolve(where.folder) })
    return await work({ client, bench })
  } finally {
    await bench.close()
    if (temporary) await rm(temporary, { recursive: true, force: true })
  }
}

/** Operations that need no open library. */
export async function withoutLibrary<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const bench = createWorkbench({ host: 'command-line', spawner: workers(), actor: 'cli' })
  try {
    return await work(createRouterClient(createRouter(bench, createBugLog()), { context: {} }))
  } finally {
    await bench.close()
  }
}

/** Opens the library of a folder; makes it where the folder is absent or empty, and says so. */
export async function openOrCreate(bench: Workbench, path: string): Promise<void> {
  const folder = resolve(path)
  if (!isFree(folder)) return void (await bench.open(folder))
  await bench.create(folder, basename(folder) || 'Library')
  console.error(`Created a new library in ${folder}`)
}

const isFree = (folder: string): boolean => !existsSync(folder) || isEmpty(folder)

function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0
  } catch {
    return false
  }
}

/** Anything a command can throw, as it is told to the user. */
export function told(error: unknown): FailureReport {
  if (!(error instanceof ORPCError)) return report(error)
  const code: string = error.code
  if (!(code in FAILURES)) return report(error.cause)
  const data = error.data as { remedy: string; retryable: boolean; detail?: string }
  return { code: code as FailureCode, message: error.message, ...data }
}
