/** Files on their way from the browser into the library: each streamed as it is, two at a time. */
import type { AcquisitionDetails } from '../../../main/contract/intake.ts'
import { client, desktop, queryClient, api } from '../../client.ts'
import { notifyFailure } from '../../components/notify.ts'
import { kept } from '../../kept.ts'
import { t } from '../../text/i18n.ts'
import type { Shown } from '../../failure.ts'
import { choices } from './choices.ts'

export interface Upload {
  readonly id: string
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly sent: number
  readonly startedAt: number | null
  readonly state: 'waiting' | 'sending' | 'failed'
  readonly error: unknown
}
interface Entry extends Upload {
  readonly file: File
  readonly details: AcquisitionDetails
  readonly caseId: string | null
}

export const uploads = kept<readonly Entry[]>([])
const running = new Map<string, XMLHttpRequest>()
const AT_ONCE = 2

/** Takes what a person dropped or chose; in Electron the paths go straight to intake and nothing is copied twice. */
export function takeFiles(files: readonly File[]): void {
  if (!files.length) return
  if (desktop) {
    const paths = desktop.pathsFor(files).filter(Boolean)
    if (paths.length) return addPaths(paths)
  }
  const { details, caseId } = choices.get()
  uploads.set((list) => [
    ...list,
    ...files.map((file) => ({
      id: crypto.randomUUID(),
      name: file.name,
      size: file.size,
      sent: 0,
      startedAt: null,
      state: 'waiting' as const,
      error: null,
      file,
      details,
      caseId,
    })),
  ])
  pump()
}

/** Files and folders on the machine that runs Assay. */
export function addPaths(paths: readonly string[]): void {
  const { details, caseId, storage } = choices.get()
  client.intake
    .add({ files: paths.map((path) => ({ path })), details, caseId, storage })
    .then(() => queryClient.invalidateQueries({ queryKey: api.intake.list.key() }), notifyFailure)
}

export function dismissUpload(id: string): void {
  running.get(id)?.abort()
  running.delete(id)
  uploads.set((list) => list.filter((entry) => entry.id !== id))
  pump()
}

export function retryUpload(id: string): void {
  change(id, { state: 'waiting', error: null, sent: 0 })
  pump()
}

function change(id: string, fields: Partial<Entry>): void {
  uploads.set((list) => list.map((entry) => (entry.id === id ? { ...entry, ...fields } : entry)))
}

function pump(): void {
  for (const entry of uploads.get()) {
    if (running.size >= AT_ONCE) return
    if (entry.state === 'waiting' && !running.has(entry.id)) void send(entry)
  }
}

async function send(entry: Entry): Promise<void> {
  const request = new XMLHttpRequest()
  running.set(entry.id, request)
  change(entry.id, { state: 'sending', startedAt: Date.now() })
  try {
    const upload = await put(request, entry)
    await client.intake.add({ files: [{ upload, name: entry.name }], details: entry.details, caseId: entry.caseId })
    uploads.set((list) => list.filter((known) => known.id !== entry.id))
    void queryClient.invalidateQueries({ queryKey: api.intake.list.key() })
  } catch (error) {
    change(entry.id, { state: 'failed', error })
  } finally {
    running.delete(entry.id)
    pump()
  }
}

/** Sends one file as the body of a PUT: the browser reads it from disk piece by piece. Answers with the upload's id. */
function put(request: XMLHttpRequest, entry: Entry): Promise<string> {
  return new Promise((resolve, reject) => {
    let last = 0
    request.open('PUT', `/upload?name=${encodeURIComponent(entry.name)}`)
    request.responseType = 'json'
    request.upload.addEventListener('progress', (event) => {
      const now = performance.now()
      if (now - last < 120) return
      last = now
      change(entry.id, { sent: event.loaded })
    })
    request.addEventListener('load', () => {
      const answer = request.response as { id?: string } | Shown | null
      if (request.status < 300 && answer && 'id' in answer && answer.id) resolve(answer.id)
      else if (answer && 'remedy' in answer) reject(answer)
      else reject(new Error(`upload refused: ${request.status}`))
    })
    const lost = (): void => {
      const report: Shown = {
        code: 'host.lost',
        message: t('failure.lost'),
        remedy: t('failure.lostRemedy'),
        retryable: true,
      }
      reject(report)
    }
    request.addEventListener('error', lost)
    request.addEventListener('abort', lost)
    request.send(entry.file)
  })
}
