/** A model on its way into the library: handed over by path, or sent file by file from a browser. One at a time. */
import type { ModelSource } from '../../../main/contract/models.ts'
import { api, client, desktop, queryClient } from '../../client.ts'
import type { Shown } from '../../failure.ts'
import { kept } from '../../kept.ts'
import { t } from '../../text/i18n.ts'
import { sendFile } from '../../upload.ts'

export interface Adding {
  /** What is being checked at this moment; null while nothing is. */
  readonly busy: string | null
  /** Why the last one was not taken. */
  readonly error: unknown
  /** The last one that was. */
  readonly done: { readonly id: string; readonly title: string; readonly leftOut: readonly string[] } | null
}

const NOTHING: Adding = { busy: null, error: null, done: null }
export const adding = kept<Adding>(NOTHING)

/** The files a model consists of; of a folder that was dropped nothing else is sent. */
const PARTS = new Set(['model.onnx', 'card.json', 'README.md'])

export const dismissAdding = (): void => adding.set(NOTHING)

/** Takes what a person dropped or chose. */
export function takeModel(files: readonly File[]): void {
  if (!files.length) return
  if (desktop) {
    const [path, ...more] = desktop.pathsFor(files).filter(Boolean)
    if (path && !more.length) return addModelPath(path)
    return refuse()
  }
  const zip = files.length === 1 && /\.zip$/i.test(files[0]!.name) ? files[0]! : null
  const parts = zip ? [zip] : files.filter((file) => PARTS.has(file.name))
  if (!parts.length) return refuse()
  void add(zip?.name ?? folderName(parts), async () => {
    const sent = []
    for (const file of parts) sent.push({ upload: await sendFile(file), name: file.name })
    return { files: sent }
  })
}

/** A folder or zip on the machine that runs Assay. */
export function addModelPath(path: string): void {
  void add(path, async () => ({ path }))
}

function refuse(): void {
  const error: Shown = {
    code: 'model.package',
    message: t('models.add.nothing'),
    remedy: t('models.add.nothingHelp'),
    retryable: false,
  }
  adding.set({ ...NOTHING, error })
}

async function add(name: string, source: () => Promise<ModelSource>): Promise<void> {
  if (adding.get().busy !== null) return
  adding.set({ ...NOTHING, busy: name })
  try {
    const { model, leftOut } = await client.models.add(await source())
    adding.set({ ...NOTHING, done: { id: model.id, title: model.title, leftOut } })
    void queryClient.invalidateQueries({ queryKey: api.models.key() })
  } catch (error) {
    adding.set({ ...NOTHING, error })
  }
}

/** The browser tells the folder only where it was chosen in a dialog. */
const folderName = (files: readonly File[]): string =>
  files[0]?.webkitRelativePath.split('/')[0] || t('models.add.folder')
