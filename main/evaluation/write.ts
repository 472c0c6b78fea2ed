/** Puts an evaluation into a folder: results.tsv, results.json and the plots. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Evaluation } from './evaluate.ts'
import { reliabilityPlot, rocPlot } from './plots.ts'
import { tsv } from './table.ts'

/** @returns names of the files written */
export async function writeEvaluation(folder: string, evaluations: readonly Evaluation[]): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const written: string[] = []
  const write = async (name: string, contents: string | Uint8Array | null): Promise<void> => {
    if (contents === null) return
    await writeFile(join(folder, name), contents)
    written.push(name)
  }
  await write('results.tsv', tsv(evaluations.flatMap(({ rows }) => rows)))
  await write('results.json', `${JSON.stringify(evaluations, null, 2)}\n`)
  for (const { samples } of evaluations)
    for (const one of samples) {
      const name = [one.set, one.subject, one.copy].join('_').replaceAll(/[^A-Za-z0-9_.-]/g, '-')
      await write(`roc_${name}.png`, await rocPlot(one.samples))
      await write(`reliability_${name}.png`, await reliabilityPlot(one.samples))
    }
  return written
}
