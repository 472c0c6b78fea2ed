/** The constants of one part of a signal, each under the part's name, for `Signal.parameters`; lists become text. */
export function prefixed(
  prefix: string,
  values: Readonly<Record<string, number | boolean | readonly number[]>>,
): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      `${prefix}.${key}`,
      typeof value === 'object' ? value.join(', ') : value,
    ]),
  )
}
