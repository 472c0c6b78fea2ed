/**
 * Measures the synthetic-image signal through the app itself on the development videos, which nothing was trained on:
 * scores by source, area under the curve with a 95 % interval (Hanley & McNeil, Radiology 1982), abstentions.
 *
 *   node scripts/node24.mjs scripts/models/measure-synthetic-image.ts [--each N] [--out .cache/train/synthetic-image/videos.json]
 *
 * `--each` takes the first N of every source and label only. With `--out`, export.py puts the figures into the model's card.
 *
 * Data: ASSAY_DATA or ../shared/data beside the checkout.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { syntheticImage } from '../../main/signals/synthetic-image.ts'
import { runFile } from './run-file.ts'
import { wilson } from '../../main/evaluation/metrics.ts'

const { values: options } = parseArgs({
  options: { out: { type: 'string' }, each: { type: 'string', default: '1000' } },
})
const data = process.env['ASSAY_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))
if (!existsSync(data)) {
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

const found: { source: string; generated: boolean; score: number | null }[] = []
let seconds = 0
for (const source of ['MEAD', 'HDTF', 'VoxCeleb2', 'EDTalk', 'DreamTalk']) {
  const folder = join(data, 'video', source)
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.mp4')) : []
  const most = Number(options.each)
  const first = (label: string) => names.filter((name) => name.startsWith(label)).sort().slice(0, most) // prettier-ignore
  for (const name of [...first('real'), ...first('fake')]) {
    const { outputs, timings } = await runFile(join(folder, name), [syntheticImage])
    const { score, applicability, provenance } = outputs[0]!
    seconds += timings['synthetic-image'] ?? 0
    found.push({ source, generated: name.startsWith('fake'), score })
    const said = score?.toFixed(3) ?? `${applicability.state}: ${applicability.reason}`
    console.log(`${source}/${name.slice(0, 44).padEnd(44)} ${said}${provenance.model ? '' : ' (no model run)'}`)
  }
}

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
console.log(`${(seconds / Math.max(1, found.length)).toFixed(2)} s in the signal per video`)
if (options.out) writeFileSync(options.out, JSON.stringify({ rows }, null, 1))
