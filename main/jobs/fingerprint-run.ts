/** The fingerprint of a file that is not in the library, made by a worker like any other; nothing of it is kept. */
import { randomUUID } from 'node:crypto'
import { Failure, FAILURES, type FailureCode } from '../errors.ts'
import type { Library } from '../store/library.ts'
import { verdict } from './failure.ts'
import { makePrivateFolder, removePrivateFolder } from './private-folder.ts'
import { ProtocolBreach, type EvidenceFile, type RunOrder, type StepResult } from './protocol.ts'
import { LIMITS, startRun } from './run.ts'
import type { Spawner } from './spawner.ts'

type Fingerprint = Extract<StepResult, { step: 'fingerprint' }>['fingerprint']

/**
 * @param lib in whose staging/ the worker has its folder
 * @returns null where the file has neither picture nor sound
 * @throws Failure of the media stage, worker.crashed
 */
export async function fingerprintOf(
  lib: Library,
  spawner: Spawner,
  evidence: EvidenceFile,
  means: Pick<RunOrder, 'models' | 'ffmpeg' | 'threads'>,
): Promise<Fingerprint> {
  const folder = await makePrivateFolder(lib)
  try {
    let made: { fingerprint: Fingerprint } | null = null
    const run = startRun(
      spawner,
      { type: 'run', job: { id: randomUUID(), kind: 'fingerprint' }, evidence, folder, skip: [], ...means },
      {
        onPlan: () => {},
        onProgress: () => {},
        onStep(result) {
          if (result.step !== 'fingerprint' || made)
            throw new ProtocolBreach(`${result.step} came when a fingerprint was due`)
          made = { fingerprint: result.fingerprint }
          return Promise.resolve()
        },
      },
      LIMITS,
    )
    const { ending } = await run.ended
    if (ending.how === 'completed' && made) return (made as { fingerprint: Fingerprint }).fingerprint
    const { error } = verdict(ending.how === 'completed' ? { how: 'crashed', detail: '' } : ending, 2, false)
    const code = error && error.code in FAILURES ? (error.code as FailureCode) : 'worker.crashed'
    throw new Failure(code, error?.detail)
  } finally {
    await removePrivateFolder(folder)
  }
}
