import { Button } from '@mantine/core'
import { IconArrowsSplit2, IconExternalLink, IconRoute } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../../client.ts'
import { KindMark } from '../../components/kind-mark.tsx'
import { TlpBadge } from '../../components/tlp-badge.tsx'
import type { Tlp } from '../../../main/contract/common.ts'
import { SourceLine } from '../records/grade.tsx'
import { nodeAddress } from '../records/links-panel.tsx'
import { SupportsList } from '../records/supports-list.tsx'
import styles from './graph.module.css'
import type { Graph, GraphEdge, GraphNode } from './scene.ts'

interface Props {
  readonly graph: Graph
  readonly degrees: ReadonlyMap<string, number>
  readonly selected: string | null
  readonly kinds: readonly { readonly kind: string; readonly label: string }[]
  readonly path: readonly string[] | null
  readonly expanding: boolean
  readonly onExpand: (id: string) => void
  readonly onPathFrom: (id: string) => void
  readonly onSelect: (id: string | null) => void
}

/** What is selected: a record with its links, or a link with what it rests on. */
export function Selection(props: Props) {
  const { t } = useTranslation()
  const { graph, selected, path, onSelect } = props
  const node = graph.nodes.find(({ id }) => id === selected)
  const edge = graph.edges.find(({ id }) => id === selected)
  return (
    <aside className={styles.side} aria-label={t('graph.selection')}>
      {path && path.length > 1 ? <Path path={path} graph={graph} onSelect={onSelect} /> : null}
      {node ? <NodeSide node={node} {...props} /> : null}
      {edge ? <EdgeSide edge={edge} graph={graph} onSelect={onSelect} /> : null}
      {node || edge ? null : <p className={styles.dim}>{t('graph.selectHelp')}</p>}
    </aside>
  )
}

function NodeSide({
  node,
  graph,
  degrees,
  kinds,
  expanding,
  onExpand,
  onPathFrom,
  onSelect,
}: Props & { node: GraphNode }) {
  const { t } = useTranslation()
  const links = graph.edges.filter(({ from, to }) => from === node.id || to === node.id)
  const hidden = Math.max(0, (degrees.get(node.id) ?? 0) - links.length)
  const nameOf = (id: string): string => graph.nodes.find((other) => other.id === id)?.name ?? ''
  return (
    <section className={styles.about}>
      <h2 className={styles.sideTitle}>
        <KindMark kind={node.kind} size={14} /> <bdi>{node.name}</bdi>
      </h2>
      <p className={styles.dim}>
        {kinds.find(({ kind }) => kind === node.kind)?.label} <TlpBadge tlp={node.tlp as Tlp} />
      </p>
      <div className={styles.buttons}>
        <Button component={Link} href={nodeAddress(node)} leftSection={<IconExternalLink size={14} />}>
          {t('graph.open')}
        </Button>
        {node.kind === 'evidence' ? null : (
          <Button
            variant="default"
            leftSection={<IconArrowsSplit2 size={14} />}
            loading={expanding}
            onClick={() => onExpand(node.id)}
          >
            {hidden ? t('graph.expandMore', { count: hidden }) : t('graph.expand')}
          </Button>
        )}
        <Button variant="default" leftSection={<IconRoute size={14} />} onClick={() => onPathFrom(node.id)}>
          {t('graph.pathFrom')}
        </Button>
      </div>
      <h3 className={styles.label}>{t('graph.linksShown', { count: links.length })}</h3>
      <ul className={styles.linkList}>
        {links.slice(0, 200).map((edge) => (
          <li key={edge.id}>
            <button type="button" className={styles.linkButton} onClick={() => onSelect(edge.id)}>
              {edge.from === node.id ? (
                <>
                  {edge.label} <bdi>{nameOf(edge.to)}</bdi>
                </>
              ) : (
                <>
                  <bdi>{nameOf(edge.from)}</bdi> {edge.label}
                </>
              )}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** A link and its evidence: who says so, how far that is trusted, and the very places that bear it. */
function EdgeSide({ edge, graph, onSelect }: { edge: GraphEdge; graph: Graph; onSelect: (id: string) => void }) {
  const { t } = useTranslation()
  const [from, to] = [edge.from, edge.to].map((id) => graph.nodes.find((node) => node.id === id)!)
  const record = from?.kind === 'evidence' ? to : from
  const detail = useQuery({
    ...api.records.get.queryOptions({ input: { id: record?.id ?? '' } }),
    enabled: record !== undefined && record.kind !== 'evidence',
  }).data
  const link = detail?.links.find(({ relation }) => relation.id === edge.id)
  return (
    <section className={styles.about}>
      <h2 className={styles.sentence}>
        {[from, to].map((node, i) => (
          <span key={node?.id}>
            {i ? <em>{edge.label} </em> : null}
            <button type="button" className={styles.linkButton} onClick={() => node && onSelect(node.id)}>
              <KindMark kind={node?.kind ?? ''} /> <bdi>{node?.name}</bdi>
            </button>{' '}
          </span>
        ))}
      </h2>
      {edge.disputed ? <p className={styles.disputed}>{t('records.disputed')}</p> : null}
      {link && detail ? (
        <>
          <SourceLine sourcing={link.relation.sourcing} names={detail.names} />
          {link.relation.note ? <p dir="auto">{link.relation.note}</p> : null}
          <h3 className={styles.label}>{t('graph.evidence')}</h3>
          {link.relation.sourcing.supports.length ? (
            <SupportsList
              supports={link.relation.sourcing.supports}
              names={detail.names}
              sourceId={link.relation.sourcing.sourceId}
            />
          ) : (
            <p className={styles.dim}>{t('graph.noSupports')}</p>
          )}
          <Button component={Link} href={nodeAddress(record!)} variant="default">
            {t('graph.openRecord')}
          </Button>
        </>
      ) : null}
    </section>
  )
}

function Path({
  path,
  graph,
  onSelect,
}: {
  path: readonly string[]
  graph: Graph
  onSelect: (id: string | null) => void
}) {
  const { t } = useTranslation()
  const nodes = path.flatMap((id) => graph.nodes.find((node) => node.id === id) ?? [])
  return (
    <section className={styles.about}>
      <h2 className={styles.label}>{t('graph.path', { count: nodes.length - 1 })}</h2>
      <ol className={styles.linkList}>
        {nodes.map((node) => (
          <li key={node.id}>
            <button type="button" className={styles.linkButton} onClick={() => onSelect(node.id)}>
              <KindMark kind={node.kind} /> <bdi>{node.name}</bdi>
            </button>
          </li>
        ))}
      </ol>
      <Button variant="subtle" size="compact-sm" onClick={() => onSelect(null)}>
        {t('graph.clearPath')}
      </Button>
    </section>
  )
}
