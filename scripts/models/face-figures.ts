/** Puts measured figures into a model's card and into the table of its README, between two marks. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ModelCard } from '../../main/signals/model-card.ts'

export type Figure = ModelCard['evaluation'][number]

const [BEGIN, END] = ['<!-- figures -->', '<!-- end of figures -->']

export function writeFigures(folder: string, figures: readonly Figure[]): void {
  const round = (v: number) => Math.round(v * 1e4) / 1e4
  const evaluation = figures.map((f) => ({ ...f, value: round(f.value), low: round(f.low), high: round(f.high) }))
  const cardPath = join(folder, 'card.json')
  const card = JSON.parse(readFileSync(cardPath, 'utf8')) as ModelCard
  writeFileSync(cardPath, `${JSON.stringify({ ...card, evaluation }, null, 2)}\n`)
  const readmePath = join(folder, 'README.md')
  const readme = readFileSync(readmePath, 'utf8')
  const rows = evaluation.map((f) => `| ${f.data} | ${f.metric} | ${f.value} | ${f.low} to ${f.high} | ${f.n} |`)
  const table = ['| Data | Measure | Value | 95 % interval | n |', '|---|---|---|---|---|', ...rows].join('\n')
  const [before, rest] = [readme.split(BEGIN)[0]!, readme.split(END)[1] ?? '']
  writeFileSync(readmePath, `${before}${BEGIN}\n${table}\n${END}${rest}`)
}
