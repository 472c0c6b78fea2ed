import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { KindMark } from '../../components/kind-mark.tsx'
import { VirtualRows } from '../../components/virtual-rows.tsx'
import styles from './graph.module.css'
import type { Graph, GraphEdge, GraphNode } from './scene.ts'

interface Props {
  readonly graph: Graph
  readonly kinds: readonly { readonly kind: string; readonly label: string }[]
  readonly onOpen: (id: string) => void
}

/** The graph as sentences: the same content for those who do not see or cannot point. */
export function GraphTable({ graph, onOpen }: Props) {
  const { t } = useTranslation()
  const rows = useMemo(() => {
    const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
    const linked = new Set(graph.edges.flatMap(({ from, to }) => [from, to]))
    const sentences = graph.edges.map((edge) => ({ edge, from: nodes.get(edge.from)!, to: nodes.get(edge.to) ?? null }))
    const alone = graph.nodes.filter(({ id }) => !linked.has(id)).map((from) => ({ edge: null, from, to: null }))
    return [...sentences.sort((a, b) => a.from.name.localeCompare(b.from.name)), ...alone]
  }, [graph])
  return (
    <VirtualRows<{ edge: GraphEdge | null; from: GraphNode; to: GraphNode | null }>
      items={rows}
      keyOf={({ edge, from }) => edge?.id ?? from.id}
      rowHeight={34}
      label={t('graph.tableLabel')}
      head={
        <div role="row" className={styles.tableRow}>
          {(['from', 'link', 'to', 'grade'] as const).map((column) => (
            <span key={column} role="columnheader">
              {t(`graph.columns.${column}`)}
            </span>
          ))}
        </div>
      }
      renderRow={({ edge, from, to }, index) => (
        <div role="row" aria-rowindex={index + 2} className={styles.tableRow}>
          <span role="cell">
            <Name node={from} onOpen={onOpen} />
          </span>
          <span role="cell">
            {edge ? edge.label : t('graph.alone')}
            {edge?.disputed ? ` (${t('records.disputed').toLowerCase()})` : ''}
          </span>
          <span role="cell">{to ? <Name node={to} onOpen={onOpen} /> : null}</span>
          <span role="cell">{edge?.reliability ?? ''}</span>
        </div>
      )}
    />
  )
}

function Name({ node, onOpen }: { readonly node: GraphNode; readonly onOpen: (id: string) => void }) {
  return (
    <button type="button" className={styles.name} onClick={() => onOpen(node.id)}>
      <KindMark kind={node.kind} /> <bdi>{node.name}</bdi>
    </button>
  )
}
