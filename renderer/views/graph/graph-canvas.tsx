import {
  useCallback,
  useEffect,
  useId,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
  type PointerEvent,
  type Ref,
} from 'react'
import { useTranslation } from 'react-i18next'
import { distanceToLine, fit, toWorld, zoomAt, type Camera, type Point, type Size } from './camera.ts'
import { radiusOf, type Picture } from './draw.ts'
import styles from './graph.module.css'
import { inkOf } from './ink.ts'
import { drawStill, REST_MS, type Still } from './still.ts'
import type { Layout } from './use-layout.ts'

export interface GraphCanvasHandle {
  fit(): void
  zoom(factor: number): void
  /** What is shown now, for an export. */
  picture(): Picture
}

interface Props {
  readonly layout: Layout
  readonly selected: string | null
  readonly lit: ReadonlySet<string> | null
  readonly byCommunity: boolean
  /** Null: nothing is selected. Ids of nodes and of edges alike. */
  readonly onSelect: (id: string | null) => void
  readonly onOpen: (id: string) => void
  readonly onMove: (id: string, x: number, y: number) => void
  readonly ref?: Ref<GraphCanvasHandle>
}

/** How near the pointer must come to what it touches, in pixels. */
const REACH = 6

/** The drawn graph: drag to move about, wheel to zoom, click to select, double click to open; arrows walk along links. */
export function GraphCanvas({ layout, selected, lit, byCommunity, onSelect, onOpen, onMove, ref }: Props) {
  const { t } = useTranslation()
  const canvas = useRef<HTMLCanvasElement>(null)
  const help = useId()
  const [size, setSize] = useState<Size>({ width: 0, height: 0 })
  const [camera, setCamera] = useState<Camera | null>(null)
  const [hovered, setHovered] = useState<string | null>(null)
  const grip = useRef<{ from: Point; node: string | null; moved: boolean } | null>(null)
  const [held, setHeld] = useState<string | null>(null)
  const touched = useRef(false)
  const { graph, at, communities } = layout
  const moving = layout.progress !== null

  const index = useMemo(() => new Map(graph.nodes.map(({ id }, i) => [id, i])), [graph])
  const degree = useMemo(() => {
    const count = new Uint32Array(graph.nodes.length)
    for (const { from, to } of graph.edges) {
      count[index.get(from)!]! += 1
      count[index.get(to)!]! += 1
    }
    return count
  }, [graph, index])
  // Until a person has moved the picture, it follows the layout.
  const view = camera ?? fit(at, size)
  const picture: Picture = useMemo(
    () => ({
      graph, at, camera: view, size, degree, index, selected, hovered, lit, held, moving,
      communities: byCommunity ? communities : null,
    }), // prettier-ignore
    [graph, at, view, size, degree, index, selected, hovered, lit, held, moving, byCommunity, communities],
  )

  useEffect(() => {
    const element = canvas.current!
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect
      setSize({ width, height })
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  useDrawing(canvas, picture)

  const change = useCallback(
    (next: (now: Camera) => Camera) => {
      touched.current = true
      setCamera((now) => next(now ?? fit(at, size)))
    },
    [at, size],
  )
  // React's own wheel handler is passive and could not keep the page from scrolling.
  useEffect(() => {
    const element = canvas.current!
    const wheel = (event: WheelEvent): void => {
      event.preventDefault()
      const box = element.getBoundingClientRect()
      const anchor = { x: event.clientX - box.left, y: event.clientY - box.top }
      change((now) => zoomAt(now, Math.exp(-event.deltaY * 0.0016), anchor, size))
    }
    element.addEventListener('wheel', wheel, { passive: false })
    return () => element.removeEventListener('wheel', wheel)
  }, [change, size])

  useImperativeHandle(
    ref,
    () => ({
      fit: () => setCamera(null),
      zoom: (factor) => change((now) => zoomAt(now, factor, { x: size.width / 2, y: size.height / 2 }, size)),
      picture: () => picture,
    }),
    [change, size, picture],
  )

  const pointOf = (event: PointerEvent): Point => {
    const box = canvas.current!.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
  const down = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const from = pointOf(event)
    const hit = hitOf(from, picture)
    grip.current = { from, node: hit !== null && index.has(hit) ? hit : null, moved: false }
  }
  const drag = (event: PointerEvent): void => {
    const point = pointOf(event)
    const held = grip.current
    if (!held) {
      setHovered(hitOf(point, picture))
      return
    }
    if (!held.moved && Math.hypot(point.x - held.from.x, point.y - held.from.y) < 4) return
    held.moved = true
    if (held.node) {
      setHeld(held.node)
      const world = toWorld(point, view, size)
      onMove(held.node, world.x, world.y)
      if (!camera) setCamera(view)
    } else {
      const [dx, dy] = [(point.x - held.from.x) / view.scale, (point.y - held.from.y) / view.scale]
      held.from = point
      change((now) => ({ ...now, x: now.x - dx, y: now.y - dy }))
    }
  }
  const up = (event: PointerEvent): void => {
    const held = grip.current
    grip.current = null
    setHeld(null)
    if (held && !held.moved) onSelect(hitOf(pointOf(event), picture))
  }
  const walk = (dx: number, dy: number): void => {
    const next = towards(picture, dx, dy)
    if (next) onSelect(next)
  }
  const name = graph.nodes[index.get(selected ?? '') ?? -1]?.name
  return (
    <>
      <span id={help} className="visually-hidden" aria-live="polite">
        {name ? t('graph.canvasSelected', { name }) : t('graph.canvasHelp')}
      </span>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a drawing one works on, like a map */}
      <canvas
        ref={canvas}
        className={styles.canvas}
        data-hovering={hovered !== null || undefined}
        // oxlint-disable-next-line jsx-a11y/no-interactive-element-to-noninteractive-role
        role="application"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- arrows walk along the links
        tabIndex={0}
        aria-label={t('graph.canvas', { nodes: graph.nodes.length, edges: graph.edges.length })}
        aria-describedby={help}
        onPointerDown={down}
        onPointerMove={drag}
        onPointerUp={up}
        onPointerLeave={() => setHovered(null)}
        onDoubleClick={() => selected && onOpen(selected)}
        onKeyDown={(event) => {
          const { key } = event
          if (key === 'ArrowRight') walk(1, 0)
          else if (key === 'ArrowLeft') walk(-1, 0)
          else if (key === 'ArrowUp') walk(0, -1)
          else if (key === 'ArrowDown') walk(0, 1)
          else if (key === 'Enter' && selected) onOpen(selected)
          else if (key === 'Escape') onSelect(null)
          else if (key === '+' || key === '=') change((now) => zoomAt(now, 1.3, centreOf(size), size))
          else if (key === '-') change((now) => zoomAt(now, 1 / 1.3, centreOf(size), size))
          else if (key === '0') setCamera(null)
          else return
          event.preventDefault()
        }}
      />
    </>
  )
}

const centreOf = (size: Size): Point => ({ x: size.width / 2, y: size.height / 2 })

/** Draws once per frame at most, in the colours of the theme, sharp on any screen. */
function useDrawing(canvas: { readonly current: HTMLCanvasElement | null }, picture: Picture): void {
  const latest = useRef(picture)
  const waiting = useRef(0)
  const still = useRef<Still | null>(null)
  const rest = useRef(0)
  useEffect(() => {
    latest.current = picture
    if (waiting.current || !picture.size.width) return
    const draw = (): void => {
      waiting.current = 0
      window.clearTimeout(rest.current)
      const element = canvas.current
      const context = element?.getContext('2d', { alpha: false })
      if (!element || !context) return
      const { size } = latest.current
      const dense = window.devicePixelRatio || 1
      const [width, height] = [Math.round(size.width * dense), Math.round(size.height * dense)]
      if (element.width !== width || element.height !== height) {
        element.width = width
        element.height = height
      }
      context.setTransform(dense, 0, 0, dense, 0, 0)
      const drawn = drawStill(context, latest.current, inkOf(element), still.current)
      still.current = drawn.still
      if (drawn.again)
        rest.current = window.setTimeout(() => {
          still.current = null
          draw()
        }, REST_MS)
    }
    waiting.current = requestAnimationFrame(draw)
  }, [canvas, picture])
  useEffect(
    () => () => {
      window.clearTimeout(rest.current)
      cancelAnimationFrame(waiting.current)
      waiting.current = 0
    },
    [],
  )
}

/** The node under a point, else the edge, else null. Asked at every move of the pointer: no objects are made on the way. */
function hitOf(point: Point, { graph, at, camera, size, degree, index }: Picture): string | null {
  let best: string | null = null
  let least = Infinity
  const { x: wx, y: wy } = toWorld(point, camera, size)
  const reach = (REACH + 40) / camera.scale
  for (let i = 0; i < graph.nodes.length; i += 1) {
    const [dx, dy] = [at[2 * i]! - wx, at[2 * i + 1]! - wy]
    if (dx > reach || dx < -reach || dy > reach || dy < -reach) continue
    const beyond = Math.hypot(dx, dy) * camera.scale - radiusOf(degree[i]!, camera.scale, graph.nodes.length)
    if (beyond < REACH && beyond < least) [best, least] = [graph.nodes[i]!.id, beyond]
  }
  if (best) return best
  const near = REACH / camera.scale
  for (const edge of graph.edges) {
    const i = index.get(edge.from)! * 2
    const j = index.get(edge.to)! * 2
    if (Math.min(at[i]!, at[j]!) > wx + near || Math.max(at[i]!, at[j]!) < wx - near) continue
    if (Math.min(at[i + 1]!, at[j + 1]!) > wy + near || Math.max(at[i + 1]!, at[j + 1]!) < wy - near) continue
    const ends = [
      { x: at[i]!, y: at[i + 1]! },
      { x: at[j]!, y: at[j + 1]! },
    ] as const
    const away = distanceToLine({ x: wx, y: wy }, ...ends) * camera.scale
    if (away < REACH && away < least) [best, least] = [edge.id, away]
  }
  return best
}

/** The neighbour of the selected node that lies most in a direction; without a selection, the most linked node. */
function towards({ graph, at, index, selected, degree }: Picture, dx: number, dy: number): string | null {
  const start = selected === null ? undefined : index.get(selected)
  if (start === undefined) {
    let most = 0
    for (let i = 1; i < graph.nodes.length; i += 1) if (degree[i]! > degree[most]!) most = i
    return graph.nodes[most]?.id ?? null
  }
  const id = graph.nodes[start]!.id
  const linked = new Set(
    graph.edges.flatMap(({ from, to }) => (from === id ? [index.get(to)!] : to === id ? [index.get(from)!] : [])),
  )
  let best: number | null = null
  let least = Infinity
  const from: readonly number[] = linked.size ? [...linked] : graph.nodes.map((_, i) => i)
  for (const i of from) {
    if (i === start) continue
    const [x, y] = [at[2 * i]! - at[2 * start]!, at[2 * i + 1]! - at[2 * start + 1]!]
    const along = x * dx + y * dy
    if (along <= 0) continue
    // Straight ahead counts more than near.
    const cost = Math.hypot(x, y) * (2 - along / Math.hypot(x, y))
    if (cost < least) [best, least] = [i, cost]
  }
  return best === null ? null : graph.nodes[best]!.id
}
