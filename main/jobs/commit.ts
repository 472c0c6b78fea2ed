/** Puts the result of one step into the library: files first, then all rows and the mark that it is done, together. */
import { addCustody } from '../store/evidence.ts'
import type { Library, RecordChange } from '../store/library.ts'
import { committedSteps, insertStep } from '../store/jobs.ts'
import { replaceFindings } from '../store/findings.ts'
import { putComparison } from '../store/comparisons.ts'
import { putFingerprint } from '../store/fingerprints.ts'
import { putDerivative, putDrawings, putProbe } from '../store/media.ts'
import { ProtocolBreach, STEPS, type StepName, type StepResult } from './protocol.ts'
import { takeFiles } from './take-files.ts'
import type { Job } from '../contract/jobs.ts'

/** Writes what follows from a step beyond its own rows, in the same change. */
export type InCommit = (record: RecordChange, job: Pick<Job, 'id' | 'kind' | 'matchId'>, step: StepName) => void

/**
 * @param evidence the item the step is about; never what the worker says it is.
 * @throws ProtocolBreach where the step is out of order or a file is not what it should be; Failure of the store.
 */
export async function commitStep(
  lib: Library,
  job: Pick<Job, 'id' | 'kind' | 'matchId'>,
  evidence: { id: string; sha256: string },
  folder: string,
  result: StepResult,
  inCommit?: InCommit,
): Promise<void> {
  const done = committedSteps(lib, job.id)
  const due = STEPS[job.kind].find((step) => !done.includes(step))
  if (result.step !== due) throw new ProtocolBreach(`${result.step} came when ${due ?? 'nothing'} was due`)
  const taken =
    result.step === 'probe' || result.step === 'fingerprint' ? [] : await takeFiles(lib, folder, result.files)
  await lib.free()
  lib.change('assay', (record) => {
    for (const file of taken) putDerivative(lib, evidence.id, file)
    write(lib, record, job, evidence, result)
    inCommit?.(record, job, result.step)
    insertStep(lib, record, job.id, result.step)
  })
}

/** How a finding compares with the one it replaces, as the custody log says it after a re-run. */
const OUTCOMES = {
  new: '',
  same: ' (same as before)',
  'other-inputs': ' (other version, parameters or ffmpeg than before)',
  differs: ' (DIFFERS from before, with the same inputs)',
} as const

function write(
  lib: Library,
  record: RecordChange,
  job: Pick<Job, 'matchId'>,
  evidence: { id: string; sha256: string },
  result: StepResult,
): void {
  if (result.step === 'probe') {
    putProbe(lib, evidence.id, result.facts, result.packets)
    return
  }
  if (result.step === 'proxy') {
    const { sha256 } = result.files[0]!
    addCustody(lib, evidence.id, 'assay', 'proxy-made', `sha256:${sha256}`)
    return
  }
  if (result.step === 'compare') {
    putComparison(lib, record, job.matchId!, result.comparison)
    return
  }
  // A file outside the library has no rows here: no job has this step.
  if (result.step === 'fingerprint') return
  if (result.step === 'decode-signals') {
    putDrawings(lib, evidence.id, { waveform: result.waveform, filmstrip: result.filmstrip })
    putFingerprint(lib, evidence.id, result.fingerprint)
  }
  const findings = replaceFindings(lib.db, evidence, result.signals)
  record('findings.recorded', evidence.id, { findings })
  const ran = result.signals
    .map(({ id, version }, i) => `${id} ${version}${OUTCOMES[findings[i]?.outcome ?? 'new']}`)
    .join(', ')
  if (ran) addCustody(lib, evidence.id, 'assay', 'analysed', ran)
}
