import { useHotkeys } from '@mantine/hooks'
import { unless } from '../bench/bench-keys.ts'
import type { PairTransport } from './pair.ts'
import { MODES, type Mode } from './pair-stage.tsx'

interface Keys {
  readonly transport: PairTransport
  /** Where differences and segments begin, ascending. */
  readonly stops: readonly number[]
  readonly onMode: (mode: Mode) => void
  readonly onTurn: () => void
  readonly onLoop: () => void
}
const loose = { preventDefault: false }

/** Goes to the next or the previous of the stops. */
export function toStop(transport: PairTransport, stops: readonly number[], direction: 1 | -1): void {
  const next =
    direction === 1
      ? stops.find((stop) => stop > transport.time + 0.05)
      : stops.findLast((stop) => stop < transport.time - 0.05)
  if (next !== undefined) transport.seek(next)
}

/** The keys of the Match view; the keyboard map lists them. */
export function useMatchKeys({ transport, stops, onMode, onTurn, onLoop }: Keys): void {
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
    ['n', () => toStop(transport, stops, 1)],
    ['p', () => toStop(transport, stops, -1)],
    ['[', () => transport.faster(-1)],
    [']', () => transport.faster(1)],
    ['l', onLoop],
    ['m', onTurn],
    ['u', () => transport.setMuted(!transport.muted)],
    ...MODES.map((mode, i): [string, () => void] => [String(i + 1), () => onMode(mode)]),
  ])
}
