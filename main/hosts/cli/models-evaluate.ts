/** `assay models evaluate`: what a model, a signal or the whole pipeline is worth on labelled material. */
import { Command } from 'commander'
import { resolve } from 'node:path'
import { CLEAN } from '../../evaluation/copies.ts'
import { evaluate, type Evaluation } from '../../evaluation/evaluate.ts'
import { readLabelled } from '../../evaluation/labelled.ts'
import { cells, HEAD } from '../../evaluation/table.ts'
import { writeEvaluation } from '../../evaluation/write.ts'
import type { Shutdown } from '../shutdown.ts'
import { modelFolders } from './models-folders.ts'
import { counterLine } from './progress-count.ts'
import { jsonLine, table, visible } from './terminal.ts'

interface Options {
  json: boolean
  out?: string
  recompress: boolean
  models?: string
  library?: string
  fresh: boolean
}

const HELP = `
Labelled material: a folder with genuine/ and manipulated/ in it, or manifest.tsv with the columns path, label and, where
you have them, source and group (files of one person or source clip share a group). See docs/evaluation.md.

Examples:
  assay models evaluate pipeline ~/labelled
  assay models evaluate temporal ~/labelled --recompress --out report
  assay models evaluate my-model ~/labelled --models ~/models`

export function evaluateCommand(shutdown: Shutdown): Command {
  return new Command('evaluate')
    .description('measure a model, a signal or the pipeline on labelled files, with 95 % intervals')
    .argument('<subject>', 'id of a model or signal, or pipeline')
    .argument('<material>', 'labelled folder or manifest.tsv')
    .option('--recompress', 'also measure five re-compressed copies of every file', false)
    .option('--library <dir>', 'a library whose added models count as well')
    .option('--models <dir>', 'a further folder of model folders')
    .option('--out <dir>', 'write results.tsv, results.json and plots there')
    .option('--fresh', 'measure again what is known from an earlier run', false)
    .option('--json', 'the result as JSON', false)
    .addHelpText('after', HELP)
    .action(async (subject: string, material: string, options: Options) => {
      const progress = counterLine('files measured')
      try {
        const found = await evaluate([subject], await readLabelled(material), {
          copies: options.recompress,
          fresh: options.fresh,
          cancelled: shutdown.signal,
          onProgress: progress.tell,
          models: modelFolders(options),
        })
        progress.stop()
        if (options.json) console.log(jsonLine(found))
        else console.log(readable(found))
        if (options.out !== undefined) {
          const written = await writeEvaluation(resolve(options.out), [found])
          console.error(`${written.length} files written to ${visible(options.out)}`)
        }
      } finally {
        progress.stop()
      }
    })
}

export function readable(found: Evaluation): string {
  const shown = found.rows.filter(({ copy, source }) => copy === CLEAN || source === null)
  const reasons = found.rows
    .filter(({ copy, source }) => copy === CLEAN && source === null)
    .flatMap(({ subject, abstained }) =>
      abstained.reasons.map(({ reason, files }) => [subject, String(files), visible(reason)]),
    )
  return [
    `${visible(found.set)}: ${found.files.genuine} genuine and ${found.files.manipulated} manipulated files`,
    '',
    table([HEAD, ...shown.map(cells)]),
    '',
    ...found.subjects.map(({ id, threshold }) => `False positives and found, ${visible(id)}: ${threshold}.`),
    ...(reasons.length ? ['', 'Not measured, most frequent reasons:', table(reasons)] : []),
    ...(found.failures.length ? ['', 'Could not be read:', table(found.failures.map(failure))] : []),
    '',
    'In brackets 95 % intervals over groups of files. Figures hold for material like this only.',
  ].join('\n')
}

const failure = ({ file, copy, error }: Evaluation['failures'][number]): string[] => [
  file,
  copy,
  `${error.message} (${error.code})`,
]
