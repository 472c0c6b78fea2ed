import { useHotkeys } from '@mantine/hooks'
import { useLocation } from 'wouter'
import type { PlacedSegment } from './region-overlay.tsx'
import type { Range, Transport } from './transport.ts'
import { FITTED, zoomed, type Zoom } from './zoom.ts'

interface Bench {
  readonly evidenceId: string
  readonly transport: Transport
  readonly segments: readonly PlacedSegment[]
  readonly zoom: Zoom
  readonly onZoom: (zoom: Zoom) => void
  readonly magnifier: boolean
  readonly onMagnifier: (on: boolean) => void
}

/** Seconds around the playhead that are looped where no segment is. */
const LOOP_SECONDS = 2

/** What a press of "loop" loops: the shortest segment at the playhead, or the moment around it. Null: looping ends. */
export function nextLoop({ loop, time, duration }: Transport, segments: readonly PlacedSegment[]): Range | null {
  if (loop) return null
  const [shortest] = segments
    .filter(({ start, end }) => time >= start - 0.001 && time <= end && end > start)
    .sort((a, b) => a.end - a.start - (b.end - b.start))
  if (shortest) return { start: shortest.start, end: shortest.end }
  const start = Math.max(0, Math.min(time - LOOP_SECONDS / 2, duration - LOOP_SECONDS))
  return { start, end: Math.min(duration, start + LOOP_SECONDS) }
}

/** A control reached with the keyboard keeps its own keys; one that was only clicked does not. */
const ownsKeys = (event: KeyboardEvent): boolean =>
  event.target instanceof Element &&
  (event.target.closest('[role="dialog"], [role="menu"]') !== null ||
    (event.target.matches(':focus-visible') && event.target.closest('button, a, summary, [role="tab"]') !== null))

export const unless = (run: () => void) => (event: KeyboardEvent) => {
  if (ownsKeys(event)) return
  event.preventDefault()
  run()
}
/** The handler decides itself whether the key is the Bench's. */
const loose = { preventDefault: false }

/** The keys of the Bench; the keyboard map lists them. */
export function useBenchKeys({ evidenceId, transport, segments, zoom, onZoom, magnifier, onMagnifier }: Bench): void {
  const [, navigate] = useLocation()
  const toSegment = (direction: 1 | -1): void => {
    const starts = [...new Set(segments.map((segment) => segment.start))].sort((a, b) => a - b)
    const next =
      direction === 1
        ? starts.find((start) => start > transport.time + 0.02)
        : starts.findLast((start) => start < transport.time - 0.02)
    if (next !== undefined) transport.seek(next)
  }
  useHotkeys([
    ['space', unless(transport.toggle), loose],
    ['ArrowRight', unless(() => transport.step(1)), loose],
    ['ArrowLeft', unless(() => transport.step(-1)), loose],
    ['shift+ArrowRight', unless(() => transport.step(10)), loose],
    ['shift+ArrowLeft', unless(() => transport.step(-10)), loose],
    ['mod+ArrowRight', unless(() => transport.seek(transport.time + 1)), loose],
    ['mod+ArrowLeft', unless(() => transport.seek(transport.time - 1)), loose],
    ['Home', unless(() => transport.seek(0)), loose],
    ['End', unless(() => transport.seek(transport.duration)), loose],
    ['n', () => toSegment(1)],
    ['p', () => toSegment(-1)],
    ['[', () => transport.faster(-1)],
    [']', () => transport.faster(1)],
    ['l', () => transport.setLoop(nextLoop(transport, segments))],
    ['m', () => onMagnifier(!magnifier)],
    ['u', () => transport.setMuted(!transport.muted)],
    ['0', () => onZoom(FITTED)],
    ['f', () => navigate(`/evidence/${evidenceId}/file`)],
    ['[plus]', () => onZoom(zoomed(zoom, 1.5))],
    ['shift+[plus]', () => onZoom(zoomed(zoom, 1.5))],
    ['=', () => onZoom(zoomed(zoom, 1.5))],
    ['-', () => onZoom(zoomed(zoom, 1 / 1.5))],
  ])
}
