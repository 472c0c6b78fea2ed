/** One attempt at a job: a private folder, one worker, its steps committed as they come, and what its end means. */
import { existsSync, readdirSync } from 'node:fs'
import type { Job } from '../contract/jobs.ts'
import { Failure } from '../errors.ts'
import { evidenceFile } from '../store/evidence.ts'
import { committedSteps } from '../store/jobs.ts'
import type { Library } from '../store/library.ts'
import { matchById } from '../store/matches.ts'
import { commitStep, type InCommit } from './commit.ts'
import { verdict, type Verdict } from './failure.ts'
import { removePrivateFolder } from './private-folder.ts'
import { STEPS, StepName, type RunOrder, type StepResult } from './protocol.ts'
import { startRun, type Ending, type Limits, type Run, type RunHooks } from './run.ts'
import type { Spare } from './spare.ts'

export interface AttemptHooks extends Pick<RunHooks, 'onPlan' | 'onProgress'> {
  /** The worker runs; these steps were committed by earlier attempts. */
  onStart(run: Run, done: readonly StepName[]): void
  onCommitted(result: StepResult): void
  /** For the log. */
  onTrouble(what: string, stderr: string): void
}

/** What the comparison of a match needs beside its new item. @throws Failure record.not-found where the match is gone */
function compareOrder(lib: Library, matchId: string | null): RunOrder['compare'] {
  if (!matchId) throw new Failure('record.not-found', 'A comparison without a match.')
  const { known, segments } = matchById(lib, matchId)
  return { known: evidenceFile(lib, known.evidenceId), segments }
}

const holdsAny = (folder: string): boolean => existsSync(folder) && readdirSync(folder).length > 0

/**
 * @param number 1 for the first attempt since the job was queued
 * @throws Failure where the attempt cannot begin (the item is gone, the disk is full)
 */
export async function attempt(
  lib: Library,
  job: Job,
  number: number,
  means: { spare: Spare; limits: Limits; inCommit?: InCommit } & Pick<
    RunOrder,
    'models' | 'added' | 'ffmpeg' | 'threads' | 'leaveOutFingerprint'
  >,
  hooks: AttemptHooks,
): Promise<Verdict> {
  const { spare, limits, inCommit, ...given } = means
  const { added } = given
  const { id, kind, evidenceId } = job
  const evidence = evidenceFile(lib, evidenceId)
  const compare = kind === 'compare' ? compareOrder(lib, job.matchId) : undefined
  const done = committedSteps(lib, id).map((name) => StepName.parse(name))
  const { folder, spawner } = await spare.take()
  try {
    const run = startRun(
      spawner,
      {
        type: 'run',
        job: { id, kind },
        evidence,
        compare,
        folder,
        ...given,
        skip: done,
        leaveOutAdded: number > 1,
      },
      {
        ...hooks,
        async onStep(result) {
          await commitStep(lib, job, { id: evidenceId, sha256: evidence.sha256 }, folder, result, inCommit)
          hooks.onCommitted(result)
        },
      },
      limits,
    )
    hooks.onStart(run, done)
    const { ending: claimed, stderr } = await run.ended
    const whole = committedSteps(lib, id).length === STEPS[kind].length
    const ending: Ending =
      claimed.how === 'completed' && !whole ? { how: 'crashed', detail: 'it left before its work was done' } : claimed
    if (ending.how !== 'completed' && ending.how !== 'cancelled') hooks.onTrouble(JSON.stringify(ending), stderr)
    return verdict(ending, number, added !== undefined && holdsAny(added))
  } finally {
    await removePrivateFolder(folder)
  }
}
