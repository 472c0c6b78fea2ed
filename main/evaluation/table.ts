/** An evaluation as text: rows for a terminal, and a table for other programs. */
import { copyTitle } from './copies.ts'
import type { Row } from './evaluate.ts'
import type { Figure } from './measure.ts'

const percent = (value: number): string => (100 * value).toFixed(Math.abs(100 * value) < 9.95 ? 1 : 0)
const share = (figure: Figure | null): string =>
  figure
    ? `${percent(figure.value)} %${figure.interval ? ` [${percent(figure.interval.low)}, ${percent(figure.interval.high)}]` : ''}`
    : '–'
const number = (figure: Figure | null): string =>
  figure
    ? `${figure.value.toFixed(2)}${figure.interval ? ` [${figure.interval.low.toFixed(2)}, ${figure.interval.high.toFixed(2)}]` : ''}`
    : '–'

export const HEAD = [
  'SUBJECT',
  'SOURCE',
  'COPY',
  'GENUINE',
  'MANIPULATED',
  'ABSTAINED',
  'FALSE POSITIVES',
  'FOUND',
  'AUC',
  'EER',
  'TPR AT 1 %',
  'ECE',
  'BRIER',
]

/** Files and, where they are fewer, the groups they come from. */
const files = (n: number, groups: number): string => (groups < n ? `${n} of ${groups}` : String(n))

/** What a person reads: false positives first, every figure with its 95 % interval. */
export function cells(row: Row): string[] {
  const { figures, abstained, failed } = row
  const silent = abstained.manipulated + abstained.genuine
  return [
    row.subject,
    sourceName(row),
    copyTitle(row.copy),
    files(figures.genuine, figures.genuineGroups),
    files(figures.manipulated, figures.manipulatedGroups),
    silent || failed ? `${abstained.genuine}g ${abstained.manipulated}m${failed ? `, ${failed} failed` : ''}` : '0',
    share(figures.falsePositives),
    share(figures.found),
    number(figures.auc),
    share(figures.eer),
    share(figures.tpr1),
    number(figures.ece),
    number(figures.brier),
  ]
}

function sourceName({ source, against }: Row): string {
  if (source === null) return 'all'
  return against === 'all' ? `${source} (against all genuine)` : source
}

/** Every row and figure, tab-separated, with plain numbers. */
export function tsv(rows: readonly Row[]): string {
  const head = [...WORDS, ...COUNTS, ...FIGURES.flatMap((name) => [name, `${name}_low`, `${name}_high`])]
  const lines = rows.map((row) => {
    const { figures, abstained } = row
    const words = [row.set, row.subject, row.source ?? 'all', row.against, row.copy].map(plain)
    const { genuine, genuineGroups, manipulated, manipulatedGroups } = figures
    const counts = [genuine, genuineGroups, manipulated, manipulatedGroups, abstained.genuine, abstained.manipulated]
    const numbers = FIGURES.flatMap((name) => {
      const figure = figures[name]
      return [figure?.value, figure?.interval?.low, figure?.interval?.high]
    })
    const shown = numbers.map((value) => (value === undefined ? '' : Number(value.toFixed(4))))
    return [...words, ...counts, row.failed, ...shown].join('\t')
  })
  return `${[head.join('\t'), ...lines].join('\n')}\n`
}

const WORDS = ['set', 'subject', 'source', 'against', 'copy']
const COUNTS = [
  'genuine',
  'genuine_groups',
  'manipulated',
  'manipulated_groups',
  'abstained_genuine',
  'abstained_manipulated',
  'failed',
]
const FIGURES = ['falsePositives', 'found', 'auc', 'eer', 'tpr1', 'ece', 'brier'] as const

/** A cell of its own: no tab or line break from a name gets into the table. */
const plain = (text: string): string => text.replaceAll(/[\t\r\n]/g, ' ')
