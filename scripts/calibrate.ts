/**
 * `npm run calibrate`: fits the calibrations of the bundled signals on the development material that none of their models was
 * trained on, as it is and in five re-compressed copies, and says how each holds on groups left out of the fit.
 *
 *   npm run calibrate -- [--data DIR] [--only SIGNALS] [--clean]
 */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { calibrateOn } from '../main/evaluation/calibrate.ts'
import { crossValidate } from '../main/evaluation/cross-validate.ts'
import { CACHE } from '../main/evaluation/evaluate.ts'
import type { LabelledFile } from '../main/evaluation/labelled.ts'
import { leftOutWords } from '../main/hosts/cli/left-out-words.ts'
import { counterLine } from '../main/hosts/cli/progress-count.ts'
import { standingSets } from './evaluate-sets.ts'
import { ROOT } from './node24.mjs'

interface Material {
  readonly sets: readonly string[]
  /**
   * Sets that are fitted beside them to judge the fit, and do not ship: clips made from stills, whose genuine ones are
   * read lower than genuine video. Fitted with them, a high reading weighs several times what videos alone bear.
   */
  readonly judging?: readonly string[]
  readonly without?: RegExp
  /** The words that stand beside every ratio. */
  readonly basis: string
}

/** Sets that a signal can say something of. */
const MATERIAL: Readonly<Record<string, Material>> = {
  'face-manipulation': {
    sets: ['talking-heads', 'swaps', 'broadcast'],
    judging: ['persons'],
    // It looks for alterations inside a picture; whole generated heads have none, and a low reading counts for nothing.
    without: / portrait |stylegan-vs-ffhq\/fake/,
    basis:
      'swaps and mouth edits of our own making against the videos of MEAD, HDTF, VoxCeleb2 and EDTalk drivers that they were made from or stand beside, as they are and in news pictures; whole generated heads are not among them',
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
for (const [id, { sets: names, judging = [], without, basis }] of Object.entries(MATERIAL)) {
  if (values.only && !values.only.split(',').includes(id)) continue
  const filesOf = (wanted: readonly string[]): LabelledFile[] =>
    sets
      .filter(({ name }) => wanted.includes(name))
      .flatMap((set) => set.files)
      .filter(({ group, manipulated }) => !manipulated || !without?.test(group))
  const files = filesOf(names)
  if (files.length) await fit(id, files, basis)
  if (!filesOf(judging).length) continue
  console.log(`The same fitted with ${judging.join(', ')} as well, to judge it by; this does not ship:`)
  const out = join(CACHE, 'calibrations', id)
  mkdirSync(out, { recursive: true })
  await fit(id, filesOf([...names, ...judging]), basis, out)
}

async function fit(id: string, files: readonly LabelledFile[], basis: string, out?: string): Promise<void> {
  const progress = counterLine('files measured')
  const fitted = await calibrateOn(
    id,
    { name: id, files: [...files] },
    values.clean ? basis : `${basis}; with five re-compressed copies of each`,
    { copies: !values.clean, onProgress: progress.tell, ...(out ? { out } : {}) },
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
