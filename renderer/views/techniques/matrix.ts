/** Techniques in use, arranged under the tactics that they serve. */

export interface Tactic {
  readonly id: string
  readonly name: string
}
export interface Use {
  readonly technique: {
    readonly id: string
    readonly name: string
    readonly techniqueId: string
    readonly framework: string
    readonly tactics: readonly string[]
  }
  readonly users: readonly unknown[]
}
export interface Column<T> {
  /** Null: techniques that name no tactic. */
  readonly tactic: Tactic | null
  readonly uses: readonly T[]
}

/**
 * Columns in the framework's order; one that nothing serves is left out unless `all`. A technique stands under each of its
 * tactics, given by id or by name. Tactics that the framework does not know come last, as they are written.
 */
export function columnsOf<T extends Use>(uses: readonly T[], tactics: readonly Tactic[], all = false): Column<T>[] {
  const key = (text: string): string => text.trim().toLowerCase()
  const known = new Map(
    tactics.flatMap((tactic) => [
      [key(tactic.id), tactic.id],
      [key(tactic.name), tactic.id],
    ]),
  )
  const under = new Map<string, T[]>()
  const none: T[] = []
  for (const use of uses) {
    const ids = new Set(use.technique.tactics.map((text) => known.get(key(text)) ?? text.trim()))
    if (!ids.size) none.push(use)
    for (const id of ids) under.set(id, [...(under.get(id) ?? []), use])
  }
  const inOrder = (list: readonly T[]): T[] =>
    [...list].sort(
      (a, b) =>
        a.technique.techniqueId.localeCompare(b.technique.techniqueId, 'en', { numeric: true }) ||
        a.technique.name.localeCompare(b.technique.name),
    )
  const foreign = [...under.keys()].filter((id) => !tactics.some((tactic) => tactic.id === id)).sort()
  return [
    ...[...tactics, ...foreign.map((id) => ({ id, name: id }))]
      .map((tactic) => ({ tactic, uses: inOrder(under.get(tactic.id) ?? []) }))
      .filter((column) => all || column.uses.length),
    ...(none.length ? [{ tactic: null, uses: inOrder(none) }] : []),
  ]
}
