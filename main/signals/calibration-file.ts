/** Reads `calibration.json` beside a model's card. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../errors.ts'
import { Calibration } from './calibration.ts'

/** A calibration holds a few kilobytes; more than this is no calibration. */
const LIMIT = 256 * 1024

/** The calibration in a model folder, or undefined where there is none. @throws Failure model.untrusted */
export async function readCalibration(folder: string): Promise<Calibration | undefined> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(join(folder, 'calibration.json'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new Failure('model.untrusted', 'calibration.json cannot be read.', { cause: error })
  }
  if (bytes.length > LIMIT) throw new Failure('model.untrusted', `calibration.json has ${bytes.length} bytes.`)
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Failure('model.untrusted', 'calibration.json is not JSON.')
  }
  const parsed = Calibration.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new Failure('model.untrusted', `calibration.json: ${issue?.path.join('.')}: ${issue?.message}`)
}
