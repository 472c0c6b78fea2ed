import { Button, SegmentedControl, Select, Switch, Tooltip } from '@mantine/core'
import { IconFileTypeSvg, IconPhoto, IconRefresh, IconZoomIn, IconZoomOut, IconZoomReset } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { Graph as ContractGraph } from '../../../main/contract/graph.ts'
import { fileName, savePng, saveText } from '../../charts/save.ts'
import { api, client } from '../../client.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { notifyFailure } from '../../components/notify.ts'
import { percent } from '../../text/format.ts'
import { nodeAddress } from '../records/links-panel.tsx'
import { graphSvg } from './draw-svg.ts'
import { Filters } from './filters.tsx'
import { sceneOf, type Counted } from './from-contract.ts'
import { GraphCanvas, type GraphCanvasHandle } from './graph-canvas.tsx'
import styles from './graph.module.css'
import { GraphTable } from './graph-table.tsx'
import { PAPER } from './ink.ts'
import type { LayoutName } from './layout.ts'
import { filterGraph, joinGraphs, NO_FILTER, shortestPath, type Graph } from './scene.ts'
import { Selection } from './selection.tsx'
import { useLayout } from './use-layout.ts'

interface Props {
  /** Where the graph begins: all of a case, or what is linked to one record. */
  readonly start: { readonly caseId: string } | { readonly recordId: string }
  /** Names the files that are saved. */
  readonly title: string
}

/** Records and their links as a graph. */
export default function GraphScreen({ start, title }: Props) {
  const ofCase = useQuery({
    ...api.graph.ofCase.queryOptions({ input: { caseId: 'caseId' in start ? start.caseId : '', limit: 20_000 } }),
    enabled: 'caseId' in start,
  })
  const around = useQuery({
    ...api.graph.neighbours.queryOptions({ input: { id: 'recordId' in start ? start.recordId : '', depth: 2 } }),
    enabled: 'recordId' in start,
  })
  const kinds = useQuery(api.cases.kinds.queryOptions())
  return (
    <Loaded query={'caseId' in start ? ofCase : around}>
      {(graph) => (
        <Loaded query={kinds}>
          {({ kinds, relations }) => (
            <GraphView
              base={graph}
              rules={relations}
              kinds={kinds}
              title={title}
              centre={'recordId' in start ? start.recordId : null}
            />
          )}
        </Loaded>
      )}
    </Loaded>
  )
}

interface ViewProps {
  readonly base: ContractGraph
  readonly rules: readonly { readonly type: string; readonly label: string }[]
  readonly kinds: readonly { readonly kind: string; readonly label: string; readonly plural: string }[]
  readonly title: string
  readonly centre: string | null
}

const NOTHING: ContractGraph = { nodes: [], edges: [], capped: [] }

function GraphView({ base, rules, kinds: infos, title, centre }: ViewProps) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const [more, setMore] = useState(NOTHING)
  const [filter, setFilter] = useState(NO_FILTER)
  const [layoutName, setLayoutName] = useState<LayoutName>('force')
  const [byCommunity, setByCommunity] = useState(false)
  const [selected, setSelected] = useState<string | null>(centre)
  const [pathFrom, setPathFrom] = useState<string | null>(null)
  const [path, setPath] = useState<readonly string[] | null>(null)
  const [asTable, setAsTable] = useState(false)
  const canvas = useRef<GraphCanvasHandle>(null)

  const kinds = useMemo(
    () => [...infos, { kind: 'evidence', label: t('records.aVideo'), plural: t('graph.videos') }],
    [infos, t],
  )
  const all: Counted = useMemo(() => {
    const [known, added] = [sceneOf(base, rules), sceneOf(more, rules)]
    return { ...joinGraphs(known, added), degrees: new Map([...added.degrees, ...known.degrees]) }
  }, [base, more, rules])
  const shown: Graph = useMemo(() => filterGraph(all, filter), [all, filter])
  const order = useMemo(() => kinds.map(({ kind }) => kind), [kinds])
  const { layout, move, restart } = useLayout(shown, layoutName, selected ?? centre, order)
  const present = kinds.filter(({ kind }) => all.nodes.some((node) => node.kind === kind))
  const lit = useMemo(() => (path ? new Set(path) : null), [path])

  const expand = useMutation({
    mutationFn: (id: string) => client.graph.neighbours({ id, depth: 1 }),
    onSuccess: (found) =>
      setMore((known) => ({
        nodes: [...known.nodes, ...found.nodes],
        edges: [...known.edges, ...found.edges],
        capped: [...known.capped, ...found.capped],
      })),
    onError: notifyFailure,
  })
  /** Within what is shown where that has a path; otherwise through the rest of the library. */
  const findPath = useMutation({
    async mutationFn(to: string) {
      const near = pathFrom ? shortestPath(shown, pathFrom, to) : null
      if (near || !pathFrom) return near
      const found = await client.graph.path({ from: pathFrom, to })
      setMore((known) => ({
        ...known,
        nodes: [...known.nodes, ...found.nodes],
        edges: [...known.edges, ...found.edges],
      }))
      return shortestPath(sceneOf(found, rules), pathFrom, to) ?? []
    },
    onSuccess(found) {
      setPath(found)
      setPathFrom(null)
    },
    onError: notifyFailure,
  })
  const select = (id: string | null): void => {
    setSelected(id)
    if (id && pathFrom && id !== pathFrom && shown.nodes.some((node) => node.id === id)) findPath.mutate(id)
    else if (id === null) setPath(null)
  }
  const open = (id: string): void => {
    const node = all.nodes.find((known) => known.id === id)
    if (node) navigate(nodeAddress(node))
  }
  const svg = (): string => {
    const picture = canvas.current!.picture()
    return graphSvg({ ...picture, hovered: null, selected: null }, PAPER, title, present)
  }

  if (!all.nodes.length) return <EmptyState title={t('graph.empty')}>{t('graph.emptyHelp')}</EmptyState>
  return (
    <div className={styles.screen}>
      <div className={styles.toolbar}>
        <SegmentedControl
          aria-label={t('graph.view')}
          data={[
            { value: 'graph', label: t('graph.asGraph') },
            { value: 'table', label: t('graph.asTable') },
          ]}
          value={asTable ? 'table' : 'graph'}
          onChange={(value) => setAsTable(value === 'table')}
        />
        {asTable ? null : (
          <>
            <Select
              aria-label={t('graph.layout')}
              data={(['force', 'radial', 'columns'] as const).map((name) => ({
                value: name,
                label: t(`graph.layouts.${name}`),
              }))}
              value={layoutName}
              onChange={(name) => setLayoutName((name ?? 'force') as LayoutName)}
              allowDeselect={false}
              w={150}
            />
            <Switch
              size="xs"
              label={t('graph.communities')}
              checked={byCommunity}
              onChange={(event) => setByCommunity(event.currentTarget.checked)}
              disabled={!layout.communities}
            />
          </>
        )}
        <span className={styles.counts} role="status">
          {pathFrom
            ? t('graph.pickEnd')
            : path && !path.length
              ? t('graph.noPath')
              : t('graph.shown', { nodes: shown.nodes.length, edges: shown.edges.length })}
          {layout.progress === null || asTable ? '' : ` · ${t('graph.arranging', { done: percent(layout.progress) })}`}
        </span>
        {asTable ? null : (
          <div className={styles.push}>
            <Button.Group>
              <Tooltip label={t('graph.zoomIn')}>
                <Button variant="default" aria-label={t('graph.zoomIn')} onClick={() => canvas.current?.zoom(1.4)}>
                  <IconZoomIn size={15} />
                </Button>
              </Tooltip>
              <Tooltip label={t('graph.zoomOut')}>
                <Button variant="default" aria-label={t('graph.zoomOut')} onClick={() => canvas.current?.zoom(1 / 1.4)}>
                  <IconZoomOut size={15} />
                </Button>
              </Tooltip>
              <Tooltip label={t('graph.fit')}>
                <Button variant="default" aria-label={t('graph.fit')} onClick={() => canvas.current?.fit()}>
                  <IconZoomReset size={15} />
                </Button>
              </Tooltip>
              <Tooltip label={t('graph.restart')}>
                <Button variant="default" aria-label={t('graph.restart')} onClick={restart}>
                  <IconRefresh size={15} />
                </Button>
              </Tooltip>
            </Button.Group>
            <Button
              variant="default"
              leftSection={<IconFileTypeSvg size={15} />}
              onClick={() => saveText(svg(), fileName(title, 'svg'), 'image/svg+xml')}
            >
              SVG
            </Button>
            <Button
              variant="default"
              leftSection={<IconPhoto size={15} />}
              onClick={() => void savePng(svg(), fileName(title, 'png')).catch(notifyFailure)}
            >
              PNG
            </Button>
          </div>
        )}
      </div>
      <div className={styles.body}>
        <Filters
          graph={all}
          kinds={present}
          value={filter}
          onChange={setFilter}
          byCommunity={byCommunity && !asTable}
        />
        {asTable ? (
          <GraphTable graph={shown} kinds={kinds} onOpen={open} />
        ) : (
          <GraphCanvas
            ref={canvas}
            layout={layout}
            selected={selected}
            lit={lit?.size ? lit : null}
            byCommunity={byCommunity}
            onSelect={select}
            onOpen={open}
            onMove={move}
          />
        )}
        <Selection
          graph={shown}
          degrees={all.degrees}
          selected={selected}
          kinds={kinds}
          path={path}
          expanding={expand.isPending}
          onExpand={(id) => expand.mutate(id)}
          onPathFrom={(id) => {
            setPath(null)
            setPathFrom(id)
          }}
          onSelect={select}
        />
      </div>
    </div>
  )
}
