/** A file on its way into the library: sent, looked at, imported, taken back. One at a time; it outlives the screen. */
import type { ExchangeSource, Imported, ImportPreview, TableMapping } from '../../../main/contract/exchange.ts'
import type { ExchangeProgress } from '../../../main/contract/exchange-progress.ts'
import { client, desktop, queryClient } from '../../client.ts'
import { shown, type Shown } from '../../failure.ts'
import { kept } from '../../kept.ts'
import { bytes } from '../../text/format.ts'
import { t } from '../../text/i18n.ts'
import { sendFile } from '../../upload.ts'

/** The file, whichever step it is at. */
interface Given {
  readonly name: string
  readonly source: ExchangeSource
}

export interface Importing {
  readonly name: string
  readonly given: Given | null
  /** What is being done at this moment; null while a person is to decide. */
  readonly busy: { readonly what: 'sending' | 'looking' | 'importing' | 'undoing'; readonly run: string } | null
  readonly progress: (ExchangeProgress & { readonly since: number; readonly secondsLeft: number | null }) | null
  readonly error: unknown
  readonly preview: ImportPreview | null
  /** What the table was last asked to be read as; null: as guessed. */
  readonly mapping: TableMapping | null
  readonly done: Imported | null
  readonly undone: boolean
}

const NOTHING: Importing = {
  name: '',
  given: null,
  busy: null,
  progress: null,
  error: null,
  preview: null,
  mapping: null,
  done: null,
  undone: false,
}
export const importing = kept<Importing>(NOTHING)
const become = (next: Partial<Importing>): void => importing.set((before) => ({ ...before, ...next }))
const isCurrent = (run: string): boolean => importing.get().busy?.run === run

/** As `LIMITS.bytes` of the import; more is not even sent. */
const MOST_BYTES = 64 * 2 ** 20

const refusal = (code: string, message: string, remedy: string, detail?: string): Shown => ({
  code,
  message,
  remedy,
  detail,
  retryable: false,
})

/** Takes what a person dropped or chose. */
export function takeExchangeFiles(files: readonly File[]): void {
  const [file, ...more] = files
  if (!file || importing.get().busy) return
  if (more.length)
    return become({
      ...NOTHING,
      error: refusal('request.invalid', t('exchange.import.more'), t('exchange.import.moreRemedy')),
    })
  const path = desktop?.pathsFor([file])[0]
  if (path) return lookAtPath(path)
  if (file.size > MOST_BYTES)
    return become({
      ...NOTHING,
      error: refusal(
        'exchange.limit',
        t('exchange.import.tooLarge'),
        t('exchange.import.tooLargeRemedy'),
        t('exchange.import.tooLargeDetail', { size: bytes(file.size) }),
      ),
    })
  void send(file)
}

/** A file on the machine that runs Assay. */
export function lookAtPath(path: string): void {
  if (!path || importing.get().busy) return
  const name = path.split(/[\\/]/).at(-1) ?? path
  become({ ...NOTHING, name, given: { name, source: { path } } })
  void look(null)
}

async function send(file: File): Promise<void> {
  const run = crypto.randomUUID()
  become({ ...NOTHING, name: file.name, busy: { what: 'sending', run } })
  try {
    const upload = await sendFile(file)
    if (!isCurrent(run)) return
    become({ busy: null, given: { name: file.name, source: { upload, name: file.name } } })
    await look(null)
  } catch (error) {
    if (isCurrent(run)) become({ busy: null, error })
  }
}

/** Asks what importing would do, with another reading of the columns if need be. A later asking replaces an earlier one. */
export async function look(mapping: TableMapping | null): Promise<void> {
  const { given, busy } = importing.get()
  if (!given || (busy && busy.what !== 'looking')) return
  if (busy) void client.exchange.cancel({ run: busy.run })
  const run = crypto.randomUUID()
  become({ busy: { what: 'looking', run }, progress: null, error: null, mapping })
  try {
    const preview = await client.exchange.preview({ source: given.source, mapping, run })
    if (isCurrent(run)) become({ busy: null, preview })
  } catch (error) {
    if (isCurrent(run)) become({ busy: null, error: wasCancelled(error) ? null : error })
  }
}

export async function importIt(caseId: string | null, onConflict: 'ours' | 'theirs'): Promise<void> {
  const { given, preview, mapping, busy } = importing.get()
  if (!given || !preview || busy) return
  const run = crypto.randomUUID()
  become({ busy: { what: 'importing', run }, progress: null, error: null })
  try {
    const { sha256 } = preview
    const done = await client.exchange.import({ source: given.source, mapping, caseId, onConflict, sha256, run })
    become({ busy: null, preview: null, given: null, done })
  } catch (error) {
    become({ busy: null, error: wasCancelled(error) ? null : error })
  }
}

export async function takeBack(): Promise<void> {
  const operation = importing.get().done?.operation
  if (!operation || importing.get().busy) return
  become({ busy: { what: 'undoing', run: operation.id }, error: null })
  try {
    await client.records.undo({ operationId: operation.id })
    await queryClient.invalidateQueries()
    become({ busy: null, undone: true })
  } catch (error) {
    become({ busy: null, error })
  }
}

/** Ends what is under way; what was looked at before stays. */
export function cancelImporting(): void {
  const { busy, preview } = importing.get()
  if (!busy || busy.what === 'undoing') return
  void client.exchange.cancel({ run: busy.run })
  // An import says itself how it ended: it may have been done already.
  if (busy.what !== 'importing') become(preview ? { busy: null, progress: null } : NOTHING)
}

export const startOver = (): void => void (importing.get().busy || importing.set(NOTHING))

/** How far the host says it is. Too early, what is left would jump about. */
export function importProgress(run: string, progress: ExchangeProgress): void {
  const { busy, progress: before } = importing.get()
  if (busy?.run !== run) return
  const now = performance.now()
  const since = before?.since ?? now
  const { fraction } = progress
  const secondsLeft = fraction > 0.1 && now - since > 1500 ? ((now - since) / 1000) * (1 / fraction - 1) : null
  become({ progress: { ...progress, since, secondsLeft } })
}

const wasCancelled = (error: unknown): boolean => shown(error, t).code === 'exchange.cancelled'
