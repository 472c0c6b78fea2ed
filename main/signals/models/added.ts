/**
 * The signals of the models that were added to a library: those with a `classifier` block whose papers are in order. Reads
 * only the small files, at once, so that whoever needs the list of signals has it; the hash of the model itself is checked
 * by the worker that opens it.
 */
import { closeSync, constants, existsSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { SignalInfo } from '../../contract/signals.ts'
import type { Library } from '../../store/library.ts'
import { Calibration } from '../calibration.ts'
import { cardClassifier, isClassifier } from '../card-classifier.ts'
import { LIBRARY_SIGNALS } from '../library-signals.ts'
import { signalInfos, SIGNALS } from '../list.ts'
import { ModelCard } from '../model-card.ts'
import type { Signal } from '../signal.ts'
import { sha256 } from './package.ts'
import { RECEIPT, Receipt, REFUSAL } from './receipt.ts'

/** Each of these files is far smaller. */
const LIMIT = 256 * 1024
/** More models than this run on no machine. */
const MOST = 100

/** Where the models that were added to a library lie. */
export const addedFolder = (lib: Pick<Library, 'folder'>): string => join(lib.folder, 'models')

/** By id. A model that comes with Assay has no such signal: its id is refused when it is added. */
export function addedSignals(folder: string): Signal[] {
  return names(folder).flatMap((id) => {
    const home = join(folder, id)
    const card = cardOf(home, id)
    if (!card || existsSync(join(home, REFUSAL))) return []
    const signal = cardClassifier(card)
    return [{ ...signal, counted: isFitted(home, signal, card.sha256) }]
  })
}

/** What the contract tells about every signal that runs in this library. */
export const signalsOf = (lib: Pick<Library, 'folder'>): SignalInfo[] => [
  ...signalInfos(SIGNALS),
  ...LIBRARY_SIGNALS,
  ...signalInfos(addedSignals(addedFolder(lib))),
]

function names(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .slice(0, MOST)
}

function cardOf(home: string, id: string) {
  const bytes = small(join(home, 'card.json'))
  const receipt = Receipt.safeParse(json(small(join(home, RECEIPT))))
  const card = ModelCard.safeParse(json(bytes))
  if (!bytes || !receipt.success || !card.success || card.data.id !== id) return null
  if (receipt.data.card !== sha256(bytes) || receipt.data.model !== card.data.sha256) return null
  return isClassifier(card.data) ? card.data : null
}

/** Only a calibration of this very model and of the code that runs it makes its score count. */
function isFitted(home: string, signal: Signal, model: string): boolean {
  const fitted = Calibration.safeParse(json(small(join(home, 'calibration.json'))))
  if (!fitted.success) return false
  const { signal: id, signalVersion, modelSha256 } = fitted.data
  return id === signal.id && signalVersion === signal.version && modelSha256 === model
}

function small(path: string): Uint8Array | null {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  } catch {
    return null
  }
  try {
    const about = fstatSync(file)
    if (!about.isFile() || about.size > LIMIT) return null
    const bytes = new Uint8Array(about.size)
    return bytes.subarray(0, readSync(file, bytes))
  } finally {
    closeSync(file)
  }
}

function json(bytes: Uint8Array | null): unknown {
  try {
    return bytes && JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return null
  }
}
