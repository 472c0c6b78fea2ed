/** Fits a calibration of one signal on labelled material, and puts it beside the model's card. */
import { lstat, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../errors.ts'
import { asCautiousAs, type Calibration } from '../signals/calibration.ts'
import { fitCalibration, type CalibrationSample } from '../signals/calibration-fit.ts'
import { crossValidate, type LeftOut } from './cross-validate.ts'
import { MODELS, readOptions, type EvaluateOptions } from './evaluate.ts'
import type { LabelledFile, LabelledSet } from './labelled.ts'
import { readFiles } from './read-files.ts'
import { findSubject, PIPELINE } from './subjects.ts'

export interface Fitted {
  readonly calibration: Calibration
  /** Where it was put. */
  readonly path: string
  /** Files and copies that said nothing and were left out. */
  readonly silent: number
  /** How it holds on groups that a fit did not see; null where there are too few. */
  readonly leftOut: LeftOut | null
  /** What it was fitted on. */
  readonly samples: readonly CalibrationSample[]
}

/**
 * @param options.out folder for calibration.json; the model's own without it
 * @param options.mostAlike the files that are most like what the signal will meet: the intervals hold those of a fit on them alone
 * @throws Failure evaluation.subject | evaluation.material | media.no-ffmpeg | job.cancelled
 */
export async function calibrateOn(
  id: string,
  set: LabelledSet,
  basis: string,
  options: EvaluateOptions & { readonly out?: string; readonly mostAlike?: (file: LabelledFile) => boolean } = {},
): Promise<Fitted> {
  if (id === PIPELINE)
    throw new Failure('evaluation.subject', 'The pipeline combines calibrated signals; calibrate those.')
  const subject = await findSubject(id, [MODELS, ...(options.models ?? [])])
  const need = subject.needs[0]!
  const read = await readFiles(set.files, [need], { ...readOptions(options), raw: true })
  const samples: CalibrationSample[] = []
  const alike: CalibrationSample[] = []
  let model: { sha256: string } | null = null
  for (const { file, readings } of read) {
    const reading = readings.get(need.signal.id)
    if (!reading || reading.output.score === null) continue
    const { output, domain } = reading
    model = output.provenance.model ?? model
    const sample = { score: reading.output.score, manipulated: file.manipulated, group: file.group, domain }
    samples.push(sample)
    if (options.mostAlike?.(file)) alike.push(sample)
  }
  const { folder } = need
  // Where the pipeline looks for it: the folder that is named like the signal.
  const home = options.out ?? join(folder, need.signal.id.replace(/^model:/, ''))
  const there = await lstat(home).catch(() => null)
  if (!there?.isDirectory())
    throw new Failure('evaluation.subject', `There is no folder ${home} for the calibration; say where with --out.`)
  let calibration: Calibration
  try {
    const { id: signal, version: signalVersion } = need.signal
    const about = { signal, signalVersion, modelSha256: model?.sha256 ?? null, basis }
    calibration = fitCalibration(samples, about)
    if (options.mostAlike) calibration = asCautiousAs(calibration, fitCalibration(alike, about))
  } catch (error) {
    throw new Failure('evaluation.material', (error as Error).message, { cause: error })
  }
  const path = join(home, 'calibration.json')
  await writeFile(`${path}.part`, `${JSON.stringify(calibration, null, 2)}\n`)
  await rename(`${path}.part`, path)
  return {
    calibration,
    path,
    silent: read.length - samples.length,
    leftOut: crossValidate(samples),
    samples,
  }
}
