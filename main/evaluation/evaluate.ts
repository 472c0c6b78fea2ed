/** Evaluates subjects on labelled material: per source and overall, as it is and re-compressed. */
import { join } from 'node:path'
import type { FailureReport } from '../errors.ts'
import { Failure } from '../errors.ts'
import { findFfmpeg } from '../media/ffmpeg.ts'
import { CLEAN, COPIES } from './copies.ts'
import type { LabelledSet } from './labelled.ts'
import { measure, type Figures, type Sample } from './measure.ts'
import { readFiles, type ReadFile, type ReadOptions } from './read-files.ts'
import { findSubject, type Said, type Subject } from './subjects.ts'

/** Folder of the bundled models: beside the program. */
export const MODELS = process.env['ASSAY_MODELS'] ?? join(import.meta.dirname, '..', '..', 'models')
/** Where results and copies are kept. */
export const CACHE = join(import.meta.dirname, '..', '..', '.cache', 'evaluate')

export type EvaluateOptions = Partial<Omit<ReadOptions, 'ffmpeg' | 'models'>> & {
  /** Further folders of model folders. */
  readonly models?: readonly string[]
}

/** How often a subject had nothing to say, by label, and the most frequent reasons, those of failures among them. */
export interface Silence {
  readonly manipulated: number
  readonly genuine: number
  readonly reasons: { readonly reason: string; readonly files: number }[]
}

export interface Row {
  readonly set: string
  readonly subject: string
  readonly copy: string
  /** Null: all sources. */
  readonly source: string | null
  /** Which genuine files the source's manipulated ones were held against. */
  readonly against: 'own' | 'all' | 'none'
  readonly figures: Figures
  readonly abstained: Silence
  /** Files that could not be read, or on which the subject failed. */
  readonly failed: number
}

export interface SubjectSamples {
  readonly set: string
  readonly subject: string
  readonly copy: string
  readonly samples: readonly Sample[]
}

export interface Evaluation {
  readonly set: string
  readonly files: { readonly manipulated: number; readonly genuine: number }
  readonly subjects: { readonly id: string; readonly title: string; readonly threshold: string }[]
  readonly rows: Row[]
  /** What each subject said of each file it scored. */
  readonly samples: SubjectSamples[]
  /** One line per file and copy that could not be read. */
  readonly failures: { readonly file: string; readonly copy: string; readonly error: FailureReport }[]
}

/** @throws Failure evaluation.subject | evaluation.material | media.no-ffmpeg | job.cancelled */
export async function evaluate(
  ids: readonly string[],
  set: LabelledSet,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const subjects: Subject[] = []
  for (const id of ids) subjects.push(await findSubject(id, [MODELS, ...(options.models ?? [])]))
  const read = await readFiles(
    set.files,
    subjects.flatMap(({ needs }) => needs),
    readOptions(options),
  )
  if (read.every(({ error }) => error))
    throw new Failure('evaluation.material', `No file could be read: ${read[0]?.error?.message ?? ''}`)

  const rows: Row[] = []
  const samples: SubjectSamples[] = []
  for (const subject of subjects)
    for (const copy of [CLEAN, ...COPIES.map(({ id }) => id)]) {
      const said = read.filter((one) => one.copy === copy).map((one) => ask(subject, one))
      if (!said.length) continue
      const scored = said.flatMap((one) => one.sample ?? [])
      samples.push({ set: set.name, subject: subject.id, copy, samples: scored })
      rows.push(...rowsOf(set.name, subject.id, copy, said))
    }
  return {
    set: set.name,
    files: {
      manipulated: set.files.filter(({ manipulated }) => manipulated).length,
      genuine: set.files.filter(({ manipulated }) => !manipulated).length,
    },
    subjects: subjects.map(({ id, title, threshold }) => ({ id, title, threshold })),
    rows,
    samples,
    failures: read.flatMap(({ file, copy, error }) => (error ? { file: file.name, copy, error } : [])),
  }
}

export function readOptions(options: EvaluateOptions): ReadOptions {
  const ffmpeg = findFfmpeg()
  if (!ffmpeg) throw new Failure('media.no-ffmpeg')
  return {
    cache: CACHE,
    copies: false,
    fresh: false,
    raw: false,
    workers: 2,
    cancelled: new AbortController().signal,
    onProgress: () => {},
    ...options,
    models: MODELS,
    ffmpeg,
  }
}

interface Asked {
  readonly file: ReadFile['file']
  readonly said: Said
  readonly sample: Sample | null
}

function ask(subject: Subject, { file, readings, error }: ReadFile): Asked {
  const outputs = subject.needs.flatMap(({ signal }) => readings.get(signal.id)?.output ?? [])
  const whole = outputs.length === subject.needs.length
  const said: Said =
    error || !whole ? { state: 'failed', reason: error?.message ?? 'it was not run' } : subject.read(outputs)
  const { manipulated, group, source } = file
  return { file, said, sample: said.state === 'scored' ? { ...said, manipulated, group, source } : null }
}

/** Overall, then each source. */
function rowsOf(set: string, subject: string, copy: string, asked: readonly Asked[]): Row[] {
  const row = (source: string | null, of: readonly Asked[], held: readonly Asked[], against: Row['against']): Row => {
    const samples = [...of, ...held].flatMap(({ sample }) => sample ?? [])
    const silent = of.filter(({ said }) => said.state === 'abstained')
    return {
      set,
      subject,
      copy,
      source,
      against,
      figures: measure(samples),
      abstained: {
        manipulated: silent.filter(({ file }) => file.manipulated).length,
        genuine: silent.filter(({ file }) => !file.manipulated).length,
        reasons: reasonsOf(of.filter(({ said }) => said.state !== 'scored')),
      },
      failed: of.filter(({ said }) => said.state === 'failed').length,
    }
  }
  const sources = [...new Set(asked.map(({ file }) => file.source))].sort()
  const all = row(null, asked, [], 'own')
  if (sources.length < 2) return [all]
  const genuine = asked.filter(({ file }) => !file.manipulated)
  return [
    all,
    ...sources.map((source) => {
      const of = asked.filter(({ file }) => file.source === source)
      if (of.every(({ file }) => !file.manipulated)) return row(source, of, [], 'none')
      const own = of.some(({ file }) => !file.manipulated)
      return row(source, of, own ? [] : genuine, own ? 'own' : 'all')
    }),
  ]
}

/** Numbers in reasons differ from file to file; what is counted is the sentence. */
function reasonsOf(silent: readonly Asked[]): Silence['reasons'] {
  const byReason = Map.groupBy(silent, ({ said }) =>
    said.state === 'scored' ? '' : `${said.state}: ${said.reason.replaceAll(/\d+(?:[.,]\d+)*/g, '…')}`,
  )
  return [...byReason]
    .map(([reason, list]) => ({ reason, files: list.length }))
    .sort((a, b) => b.files - a.files || (a.reason < b.reason ? -1 : 1))
    .slice(0, 5)
}
