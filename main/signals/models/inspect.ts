/** Looks at one model folder without running anything: what it is, and what is wrong with it if anything. */
import { lstat, open } from 'node:fs/promises'
import { join } from 'node:path'
import { constants } from 'node:fs'
import type { ModelDetail, ModelInfo } from '../../contract/models.ts'
import { Failure, report } from '../../errors.ts'
import { readCalibration } from '../calibration-file.ts'
import { readModel, type ModelCard } from '../model-card.ts'
import { inspectModel } from '../onnx-format.ts'
import { sha256 } from './package.ts'
import { readReceipt, readRefusal, type Receipt } from './receipt.ts'

/** Characters of a README that are shown. */
const README_CHARACTERS = 100_000

/** What the folder alone tells; who uses it and how its trials went is for others to add. */
export interface Inspected {
  readonly info: Omit<ModelDetail, 'usedBy' | 'trial' | 'state'> & { readonly state: 'verified' | 'refused' }
  readonly card: ModelCard | null
  readonly receipt: Receipt | null
  /** How a later trial of an added model failed. It does not stand in `info`, so that the model can be tried again. */
  readonly refusal: ModelInfo['error']
}

/** Never throws for what is wrong with a model: that is what it tells. */
export async function inspectFolder(folder: string, id: string, origin: 'bundled' | 'library'): Promise<Inspected> {
  const home = join(folder, id)
  const nothing = {
    id,
    origin,
    title: id,
    version: '',
    kind: '',
    licence: '',
    sha256: null,
    bytes: null,
    calibration: null,
    addedAt: null,
    evaluation: [],
    card: null,
    opset: null,
    operators: [],
    readme: '',
  }
  let card: ModelCard | null = null
  let receipt: Receipt | null = null
  let refusal: ModelInfo['error'] = null
  let info: Omit<Inspected['info'], 'state' | 'error'> = nothing
  try {
    const model = await readModel(folder, id)
    card = model.card
    const { opset, operators } = inspectModel(model.bytes)
    const { title, version, kind, licence, evaluation, intendedUse, knownFailures, inputs, outputs, build } = card
    info = {
      ...nothing,
      title,
      version,
      kind,
      licence,
      evaluation,
      sha256: card.sha256,
      bytes: model.bytes.length,
      card: { intendedUse, knownFailures, inputs, outputs, build },
      opset,
      operators: [...operators],
      readme: await readText(join(home, 'README.md')),
    }
    if (origin === 'library') {
      receipt = await readReceipt(home)
      if (receipt.model !== card.sha256 || receipt.card !== (await hashOf(join(home, 'card.json'))))
        throw new Failure('model.untrusted', 'Its files are not those that were added.')
      info = { ...info, addedAt: receipt.addedAt }
      refusal = await readRefusal(home)
    }
    const fitted = await readCalibration(home)
    if (fitted) {
      const { basis, n, signal, signalVersion, knots } = fitted
      const curve = knots.map(({ score, logRatio, low, high }) => ({
        score,
        ratio: Math.exp(logRatio),
        low: Math.exp(low),
        high: Math.exp(high),
      }))
      info = {
        ...info,
        calibration: { basis, ...n, signal, signalVersion, curve, matches: fitted.modelSha256 === card.sha256 },
      }
    }
    return { info: { ...info, state: 'verified', error: null }, card, receipt, refusal }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { info: { ...info, state: 'refused', error: report(error) }, card, receipt, refusal }
  }
}

async function readText(path: string): Promise<string> {
  const about = await lstat(path).catch(() => null)
  if (!about?.isFile()) return ''
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(README_CHARACTERS), 0, README_CHARACTERS, 0)
    return new TextDecoder().decode(buffer.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}

async function hashOf(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  try {
    return sha256(await file.readFile())
  } finally {
    await file.close()
  }
}
