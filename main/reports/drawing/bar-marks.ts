/** Bars by month, as the window and reports draw them: how high, in which colours, with which marks at the side. */

export interface Series {
  readonly key: string
  readonly label: string
  /** One per category. */
  readonly values: readonly number[]
}

/** Hues in an order in which neighbours differ in lightness as well. */
const ORDER = [2, 3, 5, 8, 6, 4, 1, 7]
export const hueOf = (series: readonly Series[], key: string): number =>
  ORDER[series.findIndex((one) => one.key === key) % ORDER.length] ?? 7

export function highest(categories: number, series: readonly Series[], grouped: boolean): number {
  let most = 0
  for (let i = 0; i < categories; i += 1) {
    const values = series.map(({ values }) => values[i] ?? 0)
    most = Math.max(most, grouped ? Math.max(0, ...values) : values.reduce((sum, value) => sum + value, 0))
  }
  return most
}

/** 0 and round steps (1, 2 or 5 times a power of ten) up to at least `most`; whole numbers where `most` is a small count. */
export function roundMarks(most: number, count = 5): number[] {
  if (!(most > 0)) return [0, 1]
  const raw = most / count
  const power = 10 ** Math.floor(Math.log10(raw))
  const fine = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw - 1e-9)!
  const step = Number.isInteger(most) ? Math.max(1, fine) : fine
  const steps = Math.ceil(most / step - 1e-9)
  return Array.from({ length: steps + 1 }, (_, i) => Math.round(i * step * 1e9) / 1e9)
}

/** The eight largest series, and the rest as one: more cannot be told apart. */
export function atMostEight(series: readonly Series[], rest: string): Series[] {
  if (series.length <= 8) return [...series]
  const total = ({ values }: Series): number => values.reduce((sum, value) => sum + value, 0)
  const sorted = [...series].sort((a, b) => total(b) - total(a))
  const others = sorted.slice(7)
  const values = (others[0]?.values ?? []).map((_, i) => others.reduce((sum, one) => sum + (one.values[i] ?? 0), 0))
  return [...sorted.slice(0, 7), { key: 'rest', label: rest, values }]
}
