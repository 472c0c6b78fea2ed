/**
 * `npm run calibrate`: fits the calibrations of the bundled signals on the development material that none of their models was
 * trained on, as it is and in five re-compressed copies, and says how each holds on groups left out of the fit.
 *
 *   npm run calibrate -- [--data DIR] [--only SIGNALS] [--clean]
 */
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { calibrateOn } from '../main/evaluation/calibrate.ts'
import { crossValidate } from '../main/evaluation/cross-validate.ts'
import { CACHE } from '../main/evaluation/evaluate.ts'
import { leftOutWords } from '../main/hosts/cli/left-out-words.ts'
import { counterLine } from '../main/hosts/cli/progress-count.ts'
import { standingSets } from './evaluate-sets.ts'
import { ROOT } from './node24.mjs'

/** Sets that a signal can say something of, with the words that stand beside every ratio. */
const MATERIAL: Readonly<Record<string, { sets: readonly string[]; without?: RegExp; basis: string }>> = {
  'face-manipulation': {
    sets: ['talking-heads', 'swaps', 'broadcast', 'persons'],
    // It looks for alterations inside a picture; whole generated heads have none, and a low reading counts for nothing.
    without: / portrait |stylegan-vs-ffhq\/fake/,
    basis:
      'swaps and mouth edits of our own making: in short clips made from stills of several hundred persons, and against the videos of MEAD, HDTF, VoxCeleb2 and EDTalk drivers that they were made from or stand beside, as they are and in news pictures; whole generated heads are not among them',
  },
  voice: {
    sets: ['speech'],
    basis:
      'samples of HiFi-GAN, MelGAN, WaveGlow and WaveNet against LJSpeech and VCTK recordings and 14 clips of SadTalker',
  },
}

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: process.env['ASSAY_DATA'] ?? join(ROOT, '..', 'shared', 'data') },
    only: { type: 'string' },
    clean: { type: 'boolean', default: false },
  },
})
const { sets, missing } = await standingSets(resolve(values.data), CACHE)
for (const line of missing) console.log(`Not there: ${line}`)
for (const [id, { sets: names, without, basis }] of Object.entries(MATERIAL)) {
  if (values.only && !values.only.split(',').includes(id)) continue
  const files = sets
    .filter(({ name }) => names.includes(name))
    .flatMap((set) => set.files)
    .filter(({ group, manipulated }) => !manipulated || !without?.test(group))
  if (!files.length) continue
  const progress = counterLine('files measured')
  const fitted = await calibrateOn(
    id,
    { name: id, files },
    values.clean ? basis : `${basis}; with five re-compressed copies of each`,
    { copies: !values.clean, onProgress: progress.tell },
  )
  progress.stop()
  const { n } = fitted.calibration
  console.log(
    `${id}: fitted on ${n.manipulated} manipulated files and copies of ${n.manipulatedGroups} groups, ${n.genuine} genuine of ${n.genuineGroups}; ${fitted.silent} said nothing.`,
  )
  for (const at of [0, 6, 12, 18, 24]) {
    const { score, logRatio, low, high } = fitted.calibration.knots[at]!
    const [ratio, from, to] = [logRatio, low, high].map((log) => Math.exp(log).toFixed(2))
    console.log(`  score ${score.toFixed(2)}: likelihood ratio ${ratio} [${from}, ${to}]`)
  }
  if (fitted.leftOut?.ece) console.log(`  ${leftOutWords(fitted.leftOut, fitted.leftOut.ece)}`)
  // Files of one person, or of one before several encoders, err together; only these are independent trials.
  const alone = Map.groupBy(fitted.samples, ({ group }) => group)
  const single = crossValidate(fitted.samples.filter(({ group }) => alone.get(group)!.length === 1))
  if (single?.ece) console.log(`  Persons with one file each alone: ${leftOutWords(single, single.ece)}`)
}
