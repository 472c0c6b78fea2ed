import { ActionIcon, Menu, Tooltip } from '@mantine/core'
import {
  IconArrowsMaximize,
  IconChevronLeft,
  IconChevronRight,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerSkipBack,
  IconRepeat,
  IconVolume,
  IconVolumeOff,
  IconZoomIn,
  IconZoomOut,
  IconZoomScan,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { number, timeCode } from '../../text/format.ts'
import styles from './bench.module.css'
import { RATES, type Transport } from './transport.ts'
import { useTransport } from './use-transport.ts'
import { FITTED, zoomed, type Zoom } from './zoom.ts'

interface Props {
  readonly transport: Transport
  readonly hasSound: boolean
  readonly onLoop: () => void
  /** Zoom and magnifier, where the screen has them. */
  readonly look?: Look
  /** Further controls of the screen, at the end. */
  readonly children?: ReactNode
}
interface Look {
  readonly zoom: Zoom
  readonly onZoom: (zoom: Zoom) => void
  readonly magnifier: boolean
  readonly onMagnifier: (on: boolean) => void
}

export function TransportBar({ transport, hasSound, onLoop, look, children }: Props) {
  const { t } = useTranslation()
  const playing = useTransport(transport, (now) => now.playing)
  const rate = useTransport(transport, (now) => now.rate)
  const muted = useTransport(transport, (now) => now.muted)
  const loop = useTransport(transport, (now) => now.loop)
  return (
    <div className={styles.bar} role="toolbar" aria-label={t('player.controls')}>
      <Tool label={t('player.toStart')} onClick={() => transport.seek(0)}>
        <IconPlayerSkipBack size={16} />
      </Tool>
      <Tool label={t('player.frameBack')} onClick={() => transport.step(-1)}>
        <IconChevronLeft size={18} />
      </Tool>
      <Tool label={playing ? t('player.pause') : t('player.play')} onClick={transport.toggle} strong>
        {playing ? <IconPlayerPause size={18} /> : <IconPlayerPlay size={18} />}
      </Tool>
      <Tool label={t('player.frameOn')} onClick={() => transport.step(1)}>
        <IconChevronRight size={18} />
      </Tool>
      <Clock transport={transport} />
      <span className={styles.barGap} />
      <Menu position="top">
        <Menu.Target>
          <button type="button" className={styles.rate} aria-label={t('player.speed', { rate: number(rate, 2) })}>
            {number(rate, 2)}×
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {RATES.map((value) => (
            <Menu.Item key={value} onClick={() => transport.setRate(value)} aria-current={value === rate || undefined}>
              {number(value, 2)}×
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Tool label={loop ? t('player.unloop') : t('player.loop')} onClick={onLoop} pressed={loop !== null}>
        <IconRepeat size={16} />
      </Tool>
      {hasSound ? (
        <Tool label={muted ? t('player.unmute') : t('player.mute')} onClick={() => transport.setMuted(!muted)}>
          {muted ? <IconVolumeOff size={16} /> : <IconVolume size={16} />}
        </Tool>
      ) : null}
      {look ? <LookTools {...look} /> : null}
      {children ? <span className={styles.barRule} /> : null}
      {children}
    </div>
  )
}

function LookTools({ zoom, onZoom, magnifier, onMagnifier }: Look) {
  const { t } = useTranslation()
  return (
    <>
      <span className={styles.barRule} />
      <Tool label={t('player.magnifier')} onClick={() => onMagnifier(!magnifier)} pressed={magnifier}>
        <IconZoomScan size={16} />
      </Tool>
      <Tool label={t('player.zoomOut')} onClick={() => onZoom(zoomed(zoom, 1 / 1.5))} disabled={zoom.scale === 1}>
        <IconZoomOut size={16} />
      </Tool>
      <span className={styles.zoomValue}>{number(zoom.scale, 1)}×</span>
      <Tool label={t('player.zoomIn')} onClick={() => onZoom(zoomed(zoom, 1.5))}>
        <IconZoomIn size={16} />
      </Tool>
      <Tool label={t('player.fit')} onClick={() => onZoom(FITTED)} disabled={zoom.scale === 1}>
        <IconArrowsMaximize size={16} />
      </Tool>
    </>
  )
}

function Clock({ transport }: { readonly transport: Transport }) {
  const { t } = useTranslation()
  const time = useTransport(transport, (now) => timeCode(now.time))
  const duration = useTransport(transport, (now) => timeCode(now.duration))
  const frame = useTransport(transport, (now) => now.frameNumber())
  return (
    <span className={styles.clock}>
      <strong>{time}</strong> / {duration}
      <span className={styles.frame}>{t('player.frame', { number: number(frame) })}</span>
    </span>
  )
}

interface ToolProps {
  readonly label: string
  readonly onClick: () => void
  readonly pressed?: boolean
  readonly disabled?: boolean
  readonly strong?: boolean
  readonly children: ReactNode
}

export function Tool({ label, onClick, pressed, disabled, strong = false, children }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        onClick={onClick}
        aria-label={label}
        aria-pressed={pressed}
        disabled={disabled}
        variant={strong ? 'filled' : pressed ? 'light' : 'subtle'}
        color={strong || pressed ? 'petrol' : 'gray'}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  )
}
