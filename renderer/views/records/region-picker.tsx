import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useId, useRef, useState, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Region } from '../../../main/contract/common.ts'
import { api } from '../../client.ts'
import { percent } from '../../text/format.ts'
import styles from './records.module.css'

interface Props {
  readonly evidenceId: string
  /** Media time of the frame to draw on, in seconds. */
  readonly at: number
  readonly value: Region | null
  readonly onChange: (region: Region | null) => void
}

/** Draws a rectangle on the frame that is meant; arrows move it, with Shift they size it. */
export function RegionPicker({ evidenceId, at, value, onChange }: Props) {
  const { t } = useTranslation()
  const playback = useQuery(api.media.playback.queryOptions({ input: { evidenceId } })).data
  const url = playback?.url ?? null
  const video = useRef<HTMLVideoElement>(null)
  const help = useId()
  const frame = useRef<HTMLDivElement>(null)
  const [from, setFrom] = useState<{ x: number; y: number } | null>(null)
  useEffect(() => {
    if (video.current && url) video.current.currentTime = at
  }, [at, url])
  if (!url) return null
  const pointOf = (event: PointerEvent): { x: number; y: number } => {
    const box = frame.current!.getBoundingClientRect()
    const within = (share: number): number => Math.min(1, Math.max(0, share))
    return { x: within((event.clientX - box.left) / box.width), y: within((event.clientY - box.top) / box.height) }
  }
  const draw = (event: PointerEvent): void => {
    if (!from) return
    const to = pointOf(event)
    const region = {
      x: Math.min(from.x, to.x),
      y: Math.min(from.y, to.y),
      width: Math.abs(to.x - from.x),
      height: Math.abs(to.y - from.y),
    }
    onChange(region.width > 0.01 && region.height > 0.01 ? region : null)
  }
  const nudge = (dx: number, dy: number, sizing: boolean): void => {
    const now = value ?? { x: 0.35, y: 0.35, width: 0.3, height: 0.3 }
    const limit = (share: number, most: number, least = 0): number => Math.min(most, Math.max(least, share))
    onChange(
      sizing
        ? { ...now, width: limit(now.width + dx, 1 - now.x, 0.02), height: limit(now.height + dy, 1 - now.y, 0.02) }
        : { ...now, x: limit(now.x + dx, 1 - now.width), y: limit(now.y + dy, 1 - now.height) },
    )
  }
  return (
    <div className={styles.wide}>
      <p className={styles.label}>{t('records.region')}</p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- drawn on, by pointer and by keys */}
      <div
        ref={frame}
        className={styles.frame}
        role="application"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- drawn on with arrows as well
        tabIndex={0}
        aria-label={t('records.region')}
        aria-describedby={help}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          setFrom(pointOf(event))
        }}
        onPointerMove={draw}
        onPointerUp={() => setFrom(null)}
        onKeyDown={(event) => {
          const step = STEPS[event.key]
          if (!step) return
          event.preventDefault()
          nudge(step[0] * 0.01, step[1] * 0.01, event.shiftKey)
        }}
      >
        {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- a still frame, without sound */}
        <video ref={video} src={url} muted preload="metadata" tabIndex={-1} />
        {value ? (
          <div
            className={styles.region}
            style={{
              left: `${value.x * 100}%`,
              top: `${value.y * 100}%`,
              width: `${value.width * 100}%`,
              height: `${value.height * 100}%`,
            }}
          />
        ) : null}
      </div>
      <div className={styles.row}>
        <span id={help} className={styles.dim}>
          {value
            ? t('records.regionIs', {
                x: percent(value.x),
                y: percent(value.y),
                width: percent(value.width),
                height: percent(value.height),
              })
            : t('records.regionHelp')}
        </span>
        {value ? (
          <Button variant="subtle" size="compact-xs" onClick={() => onChange(null)}>
            {t('records.regionClear')}
          </Button>
        ) : null}
      </div>
    </div>
  )
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}
