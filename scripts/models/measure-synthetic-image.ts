/**
 * Measures the synthetic-image signal through the app itself on the development videos, which nothing was trained on:
 * scores by source, area under the curve with a 95 % interval (Hanley & McNeil, Radiology 1982), abstentions.
 *
 *   node scripts/node24.mjs scripts/models/measure-synthetic-image.ts [--out .cache/train/synthetic-image/videos.json]
 *
 * Scores are as read, before any calibration, and are kept with those of the standing evaluation. With `--out`, export.py puts the
 * figures into the model's card.
 *
 * Data: ASSAY_DATA or ../shared/data beside the checkout.
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { CACHE, MODELS, readOptions } from '../../main/evaluation/evaluate.ts'
import { wilson } from '../../main/evaluation/metrics.ts'
import { readFiles } from '../../main/evaluation/read-files.ts'
import { syntheticImage } from '../../main/signals/synthetic-image.ts'
import { standingSets } from '../evaluate-sets.ts'

const { values: options } = parseArgs({ options: { out: { type: 'string' } } })
const data = process.env['ASSAY_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))
const { sets } = await standingSets(data, CACHE, ['synthetic-image'])
const files = sets.find(({ name }) => name === 'talking-heads')?.files
if (!files) {
  console.log('No data: set ASSAY_DATA to a folder with video/.')
  process.exit(0)
}

interface Row {
  data: string
  metric: string
  value: number
  low: number
  high: number
  n: number
}

/** Probability that one of `b` scores above one of `a`. */
function auc(a: readonly number[], b: readonly number[]): Pick<Row, 'value' | 'low' | 'high' | 'n'> {
  let wins = 0
  for (const x of a) for (const y of b) wins += y > x ? 1 : y === x ? 0.5 : 0
  const value = wins / (a.length * b.length)
  const q1 = value / (2 - value)
  const q2 = (2 * value * value) / (1 + value)
  const spread = value * (1 - value) + (b.length - 1) * (q1 - value ** 2) + (a.length - 1) * (q2 - value ** 2)
  const half = 1.96 * Math.sqrt(Math.max(0, spread) / (a.length * b.length))
  return { value, low: Math.max(0, value - half), high: Math.min(1, value + half), n: a.length + b.length }
}

const need = { signal: syntheticImage, folder: MODELS, runnable: { kind: 'signal', id: syntheticImage.id } } as const
const found = (await readFiles(files, [need], readOptions({ raw: true }))).map(({ file, readings, error }) => {
  const output = readings.get(syntheticImage.id)?.output
  const score = output?.score ?? null
  console.log(`${file.name.padEnd(90)} ${score?.toFixed(3) ?? error?.message ?? output?.applicability.reason}`)
  return { source: file.source, generated: file.manipulated, score }
})

const scores = (generated: boolean, source?: string) =>
  found.filter((f) => f.generated === generated && (!source || f.source === source)).flatMap((f) => f.score ?? [])
const rows: Row[] = []
const genuine = scores(false)
for (const source of ['MEAD', 'HDTF', 'VoxCeleb2', 'EDTalk']) {
  const list = scores(false, source)
  if (!list.length) continue
  const hits = list.filter((score) => score > 0.5).length
  rows.push({
    data: `development videos, genuine: ${source}`,
    metric: 'false positive rate (score above 0.5)',
    value: hits / list.length,
    ...wilson(hits, list.length),
    n: list.length,
  })
}
for (const source of [undefined, 'EDTalk', 'DreamTalk']) {
  const made = scores(true, source)
  if (genuine.length && made.length)
    rows.push({
      data: `development videos, all genuine against ${source ?? 'all'} talking-head animations`,
      metric: 'AUC',
      ...auc(genuine, made),
    })
}
const abstained = found.filter((f) => f.score === null).length
if (found.length)
  rows.push({
    data: 'development videos',
    metric: 'abstained',
    value: abstained / found.length,
    ...wilson(abstained, found.length),
    n: found.length,
  })
for (const row of rows)
  console.log(
    `${row.data}; ${row.metric}: ${row.value.toFixed(3)} [${row.low.toFixed(3)}, ${row.high.toFixed(3)}], n = ${row.n}`,
  )
if (options.out) writeFileSync(options.out, JSON.stringify({ rows }, null, 1))
