/** `assay models calibrate`: from labelled material to calibration.json beside the model. */
import { Command } from 'commander'
import { resolve } from 'node:path'
import { calibrateOn } from '../../evaluation/calibrate.ts'
import { readLabelled } from '../../evaluation/labelled.ts'
import type { Shutdown } from '../shutdown.ts'
import { leftOutWords } from './left-out-words.ts'
import { modelFolders } from './models-folders.ts'
import { counterLine } from './progress-count.ts'
import { jsonLine, visible } from './terminal.ts'

interface Options {
  basis?: string
  recompress: boolean
  models?: string
  library?: string
  out?: string
  json: boolean
}

export function calibrateCommand(shutdown: Shutdown): Command {
  return new Command('calibrate')
    .description('fit likelihood ratios to the scores of a signal or model on labelled files')
    .argument('<subject>', 'id of a signal or model')
    .argument('<material>', 'labelled folder or manifest.tsv; see assay models evaluate --help')
    .option('--basis <text>', 'what the material is, as it is shown beside every ratio (default: its name)')
    .option('--recompress', 'also fit on five re-compressed copies of every file', false)
    .option('--library <dir>', 'a library whose added models count as well')
    .option('--models <dir>', 'a further folder of model folders')
    .option('--out <dir>', 'folder for calibration.json (default: that of the model)')
    .option('--json', 'the calibration as JSON', false)
    .action(async (subject: string, material: string, options: Options) => {
      const progress = counterLine('files measured')
      try {
        const set = await readLabelled(material)
        const { calibration, path, silent, leftOut } = await calibrateOn(subject, set, options.basis ?? set.name, {
          copies: options.recompress,
          cancelled: shutdown.signal,
          onProgress: progress.tell,
          models: modelFolders(options),
          ...(options.out && { out: resolve(options.out) }),
        })
        progress.stop()
        if (options.json) return console.log(jsonLine(calibration))
        const { n } = calibration
        console.log(
          `Fitted on ${n.manipulated} manipulated files and copies of ${n.manipulatedGroups} groups, and ${n.genuine} genuine of ${n.genuineGroups}; ${silent} said nothing and were left out.`,
        )
        if (leftOut?.ece) console.log(leftOutWords(leftOut, leftOut.ece))
        console.log(visible(path))
      } finally {
        progress.stop()
      }
    })
}
