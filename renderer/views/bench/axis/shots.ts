/** Shots as the temporal signal lists them: the table of its findings that has a start and an end per row. */
import type { SignalOutput } from '../../../../main/contract/signals.ts'

export interface Shot {
  readonly start: number
  readonly end: number
}

export function shotsOf(outputs: readonly SignalOutput[]): Shot[] {
  const temporal = outputs.find((output) => output.id === 'temporal')
  for (const exhibit of temporal?.evidence ?? []) {
    if (exhibit.kind !== 'table') continue
    const from = exhibit.columns.indexOf('From')
    const to = exhibit.columns.indexOf('To')
    if (from < 0 || to < 0) continue
    return exhibit.rows
      .map((row) => ({ start: Number.parseFloat(row[from] ?? ''), end: Number.parseFloat(row[to] ?? '') }))
      .filter((shot) => shot.end > shot.start)
  }
  return []
}
