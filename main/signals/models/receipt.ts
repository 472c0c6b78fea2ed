/** `added.json`, beside an added model: what was checked when it came into the library. Without a fitting one it is not run. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { FailureReport, Instant, Sha256 } from '../../contract/common.ts'
import { Failure, report } from '../../errors.ts'

export const Receipt = z.strictObject({
  format: z.literal('assay-added-model-1'),
  /** Of model.onnx. */
  model: Sha256,
  /** Of card.json. */
  card: Sha256,
  addedAt: Instant,
  addedBy: z.string().max(100),
  /** The trial run that it passed. */
  trial: z.strictObject({ seconds: z.number(), peakBytes: z.number() }),
})
export type Receipt = z.infer<typeof Receipt>

export const RECEIPT = 'added.json'

/** Left beside an added model that failed a later trial; it is not run until it passes one. */
export const Refusal = z.strictObject({ format: z.literal('assay-refused-model-1'), at: Instant, error: FailureReport })
export const REFUSAL = 'refused.json'

/** Null where there is none. One that cannot be read still refuses. */
export async function readRefusal(home: string): Promise<z.infer<typeof FailureReport> | null> {
  const text = await readFile(join(home, REFUSAL), 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return Refusal.parse(JSON.parse(text)).error
  } catch {
    return report(new Failure('model.failed', `${REFUSAL} is damaged; verify the model again.`))
  }
}

/** @throws Failure model.untrusted where there is none that can be read */
export async function readReceipt(home: string): Promise<Receipt> {
  const text = await readFile(join(home, RECEIPT), 'utf8').catch(() => null)
  if (text === null)
    throw new Failure(
      'model.untrusted',
      'It was put into the library by hand; add it with Assay, so that it is tried first.',
    )
  try {
    return Receipt.parse(JSON.parse(text))
  } catch (error) {
    throw new Failure('model.untrusted', `${RECEIPT} is damaged; remove the model and add it again.`, { cause: error })
  }
}
