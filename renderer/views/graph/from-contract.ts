/** The contract's graph as the scene draws it. */
import type { Graph as ContractGraph } from '../../../main/contract/graph.ts'
import { between } from '../../../main/reports/drawing/time.ts'
import type { Graph } from './scene.ts'

export interface Counted extends Graph {
  /** Links that a node has in the library, of which not all need be shown. */
  readonly degrees: ReadonlyMap<string, number>
}

export function sceneOf(
  graph: ContractGraph,
  rules: readonly { readonly type: string; readonly label: string }[],
): Counted {
  const labels = new Map(rules.map(({ type, label }) => [type, label]))
  const moment = (iso: string | null): number | null => (iso ? Date.parse(iso) : null)
  return {
    nodes: graph.nodes.map(({ id, kind, name, tlp, from, until }) => ({
      id, kind, name, tlp, from: moment(from), to: moment(until),
    })), // prettier-ignore
    edges: graph.edges.map((edge) => {
      const span = between(edge.validFrom, edge.validUntil ?? undefined)
      return {
        id: edge.id,
        from: edge.from,
        to: edge.to,
        type: edge.type,
        label: labels.get(edge.type) ?? edge.type,
        disputed: edge.disputed,
        confidence: edge.confidence,
        sourceId: edge.sourceId,
        reliability: edge.grade.slice(0, 1),
        fromTime: edge.validFrom ? (span?.from ?? null) : null,
        toTime: edge.validUntil ? (span?.to ?? null) : null,
      }
    }),
    degrees: new Map(graph.nodes.map(({ id, degree }) => [id, degree])),
  }
}
