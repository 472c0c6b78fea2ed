/** From a classifier's numbers to values of 0 to 1 and to one score. */
import type { Classifier } from './model-card-classifier.ts'

export interface Value {
  /** Media time, seconds. */
  readonly time: number
  /** Number of the face track; 0 for pictures and sound. */
  readonly track: number
  /** 0 to 1; high speaks for manipulation. */
  readonly value: number
}

/** One value per row of the output. */
export function readValues(data: Float32Array, rows: number, output: Classifier['output']): number[] {
  const columns = data.length / rows
  return Array.from({ length: rows }, (_, row) => {
    const value = activate(data.subarray(row * columns, (row + 1) * columns), output)
    const bounded = Math.min(1, Math.max(0, value))
    return output.manipulated === 'high' ? bounded : 1 - bounded
  })
}

function activate(row: Float32Array, { activation, column }: Classifier['output']): number {
  const value = row[column]!
  if (activation === 'probability') return value
  if (activation === 'sigmoid') return 1 / (1 + Math.exp(-value))
  const top = Math.max(...row)
  const sum = row.reduce((total, logit) => total + Math.exp(logit - top), 0)
  return Math.exp(value - top) / sum
}

/** One score from the values of one track. @param values at least one */
export function aggregate(values: readonly Pick<Value, 'value'>[], rule: Classifier['aggregate']): number {
  const sorted = values.map(({ value }) => value).sort((a, b) => a - b)
  if (rule.by === 'mean') return sorted.reduce((sum, value) => sum + value, 0) / sorted.length
  const position = (rule.by === 'median' ? 0.5 : (rule.quantile ?? 1)) * (sorted.length - 1)
  const low = sorted[Math.floor(position)]!
  return low + (sorted[Math.ceil(position)]! - low) * (position - Math.floor(position))
}
