/**
 * Measures what the uncalibrated synthetic-image score is worth: AUC on labelled pictures with a 95 % interval (Hanley &
 * McNeil, Radiology 1982), the same for a trace added on purpose, and the scores of whole videos by label.
 *
 *   node scripts/node24.mjs scripts/models/measure-synthetic-image.ts [--pictures N]
 *
 * Data: ASSAY_DATA or ../shared/data beside the checkout.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { openModel } from '../../main/signals/onnx.ts'
import { syntheticImage } from '../../main/signals/synthetic-image.ts'
import { filterProfile, findPeaks, readProfileEnd, TILE } from '../../main/signals/synthetic-image-spectrum.ts'
import { runFile } from './run-file.ts'

const { values: options } = parseArgs({ options: { pictures: { type: 'string', default: '1100' } } })
const data = process.env['ASSAY_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))
if (!existsSync(data)) {
  console.log('No data: set ASSAY_DATA to a folder with faces-labelled/ and video/.')
  process.exit(0)
}

const model = await openModel(fileURLToPath(new URL('../../models', import.meta.url)), 'residual-spectrum')
const filter = filterProfile(TILE / 2)

async function measure(tile: Uint8Array): Promise<{ highest: number; excess: number }> {
  const out = await model.run({ tiles: { data: tile, dims: [1, TILE, TILE] } })
  const profile = Float64Array.from(out['profile']!.data, (level, ring) => level - filter[ring]!)
  return {
    highest: findPeaks(Float64Array.from(out['spectrum']!.data)).highest,
    excess: readProfileEnd(profile).excess,
  }
}

/** Probability that a picture of `b` scores above one of `a`. */
function auc(a: readonly number[], b: readonly number[]): string {
  let wins = 0
  for (const x of a) for (const y of b) wins += y > x ? 1 : y === x ? 0.5 : 0
  const area = wins / (a.length * b.length)
  const q1 = area / (2 - area)
  const q2 = (2 * area * area) / (1 + area)
  const variance =
    (area * (1 - area) + (b.length - 1) * (q1 - area ** 2) + (a.length - 1) * (q2 - area ** 2)) / (a.length * b.length)
  const half = 1.96 * Math.sqrt(variance)
  return `${area.toFixed(3)} [${(area - half).toFixed(3)}, ${(area + half).toFixed(3)}], n = ${a.length} + ${b.length}`
}

const scores: Record<string, { highest: number; excess: number }[]> = {}
for (const label of ['real', 'fake']) {
  const folder = join(data, 'faces-labelled/stylegan-vs-ffhq', label)
  const names = existsSync(folder) ? readdirSync(folder).sort().slice(0, Number(options.pictures)) : []
  for (const name of names) {
    const { data: grey, info } = await sharp(join(folder, name)).greyscale().raw().toBuffer({ resolveWithObject: true })
    if (info.width !== TILE || info.height !== TILE) continue
    ;(scores[label] ??= []).push(await measure(new Uint8Array(grey)))
    // The trace that the method looks for, at two grey levels: it must find at least that.
    const traced = Uint8Array.from(grey, (v, i) => {
      const pattern = Math.cos((Math.PI / 2) * (i % TILE)) * Math.cos((Math.PI / 2) * Math.floor(i / TILE))
      return Math.min(255, Math.max(0, Math.round(v + 2 * pattern)))
    })
    if (label === 'real') (scores['traced'] ??= []).push(await measure(traced))
  }
}
const of = (label: string, key: 'highest' | 'excess') => (scores[label] ?? []).map((s) => s[key])
if (scores['real']?.length && scores['fake']?.length) {
  console.log('Pictures, 256 px JPEG: FFHQ against StyleGAN')
  console.log(`  AUC of the highest peak          ${auc(of('real', 'highest'), of('fake', 'highest'))}`)
  console.log(`  AUC of the profile's end         ${auc(of('real', 'excess'), of('fake', 'excess'))}`)
  console.log('The same FFHQ pictures against themselves with a pattern of four pixels and two grey levels added')
  console.log(`  AUC of the highest peak          ${auc(of('real', 'highest'), of('traced', 'highest'))}`)
}
await model.close()

console.log('Videos: label, score or reason')
for (const sub of ['video/EDTalk', 'video/DreamTalk', 'video/HDTF', 'video/MEAD', 'video/VoxCeleb2', 'vectors/vpdq']) {
  const folder = join(data, sub)
  const names = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.mp4'))
        .sort()
    : []
  for (const name of names) {
    const { outputs } = await runFile(join(folder, name), [syntheticImage])
    const output = outputs[0]!
    console.log(
      `  ${sub}/${name.slice(0, 40).padEnd(40)} ${output.score?.toFixed(3) ?? `${output.applicability.state}: ${output.applicability.reason}`}`,
    )
  }
}
