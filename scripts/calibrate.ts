/**
 * `npm run calibrate`: fits the calibrations of the bundled signals on the development material that none of their models was
 * trained on, much of it in five re-compressed copies besides, and says how each holds on groups left out of the fit.
 *
 *   npm run calibrate -- [--data DIR] [--only SIGNALS] [--clean]
 */
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
   * Sets that are fitted beside them where they were made: clips made from stills, each of another person. They make the
   * ratios right on average, but genuine stills are read lower than genuine video, so nothing is said with more certainty
   * than `sets` alone bear.
   */
  readonly beside?: readonly string[]
  /** Altered files that the signal is not for. */
  readonly without?: (file: LabelledFile) => boolean
  /** The part of `sets` that is most like what the signal will meet: nothing is said with more certainty than it bears. All without it. */
  readonly mostAlike?: (file: LabelledFile) => boolean
  /** Only files of `sets` for which it holds are fitted re-compressed besides. */
  readonly copied?: (file: LabelledFile) => boolean
  /** The words that stand beside every ratio. */
  readonly basis: string
}

/** Sets that a signal can say something of. */
const MATERIAL: Readonly<Record<string, Material>> = {
  'face-manipulation': {
    sets: ['talking-heads', 'swaps', 'broadcast', 'footage'],
    beside: ['persons'],
    // It looks for alterations inside a picture; whole generated heads have none, and a low reading counts for nothing.
    without: ({ group }) => / portrait |stylegan-vs-ffhq\/fake/.test(group),
    copied: ({ source }) => !/^(broadcast|packages)/.test(source),
    basis:
      'swaps and mouth edits of our own making against the videos of MEAD, HDTF, VoxCeleb2 and EDTalk drivers that they were made from or stand beside, as they are and in news pictures, and footage out of packages, and clips made from stills of a thousand persons; never surer than the videos alone bear; whole generated heads are not among the altered ones',
  },
  'portrait-animation': {
    sets: ['talking-heads', 'broadcast', 'animations', 'footage'],
    // Exchanged faces and mouths are not its subject: only some of them are one photograph that is moved.
    without: ({ group, source }) => !group.includes(' portrait ') && source !== 'own animator',
    copied: ({ name }) => name.startsWith('video/'),
    basis:
      'animations of four portraits by EDTalk and DreamTalk and of 24 by an animator of our own against the videos of MEAD, HDTF, VoxCeleb2 and EDTalk drivers, as they are and in news pictures, and footage out of packages',
  },
  'synthetic-image': {
    sets: ['talking-heads', 'generated', 'footage'],
    beside: ['persons'],
    // A head that is genuine but for an exchanged face or mouth is not its subject.
    without: ({ source }) => /^(whole|inner|poisson|mouth)$/.test(source),
    copied: ({ name }) => name.startsWith('video/'),
    basis:
      'StyleGAN faces and animations of four portraits by EDTalk and DreamTalk against FFHQ, UTKFace and web faces and the videos of MEAD, HDTF, VoxCeleb2 and EDTalk drivers, footage out of packages, and clips made from stills of other persons, some re-made by small generators; never surer than the first alone bear',
  },
  voice: {
    sets: ['speech', 'talking-heads', 'footage', 'voice'],
    // Talking-head animations carry recorded speech.
    without: ({ group }) => group.includes(' portrait '),
    // The genuine recordings of the sample collections, mostly from studios, read lower than other speakers and the sound of videos.
    mostAlike: ({ manipulated, name }) => manipulated || !name.startsWith('speech/'),
    // Those of `voice` have been through an encoder.
    copied: ({ name }) => /^(speech|video)\//.test(name),
    basis:
      'samples of HiFi-GAN, MelGAN, WaveGlow and WaveNet that were not trained on and voices of text-to-speech programs, against LJSpeech and VCTK recordings, speakers out of Debian packages, 14 clips of SadTalker and the sound of the videos of HDTF, VoxCeleb2 and EDTalk drivers; never surer than without the genuine recordings of the sample collections',
  },
}

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: process.env['ASSAY_DATA'] ?? join(ROOT, '..', 'shared', 'data') },
    only: { type: 'string' },
    clean: { type: 'boolean', default: false },
  },
})
for (const [id, material] of Object.entries(MATERIAL)) {
  if (values.only && !values.only.split(',').includes(id)) continue
  const { sets, missing } = await standingSets(resolve(values.data), CACHE, [id])
  for (const line of missing) console.log(`${id}, not there: ${line}`)
  const filesOf = (wanted: readonly string[]): LabelledFile[] =>
    sets
      .filter(({ name }) => wanted.includes(name))
      .flatMap((set) => set.files)
      .filter((file) => !file.manipulated || !material.without?.(file))
  const files = filesOf(material.sets)
  if (files.length) await fit(id, files, filesOf(material.beside ?? []), material)
}

async function fit(
  id: string,
  files: readonly LabelledFile[],
  beside: readonly LabelledFile[],
  { basis, copied, mostAlike = () => true }: Material,
): Promise<void> {
  const alike = new Set(files.filter(mostAlike))
  const progress = counterLine('files measured')
  const fitted = await calibrateOn(
    id,
    { name: id, files: [...files, ...beside] },
    values.clean ? basis : `${basis}; ${copied ? 'part of them' : 'all'} in five re-compressed copies besides`,
    {
      copies: values.clean ? false : (file) => files.includes(file) && (copied?.(file) ?? true),
      onProgress: progress.tell,
      ...(alike.size < files.length + beside.length && { mostAlike: (file) => alike.has(file) }),
    },
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
