import { useElementSize, useMergedRef } from '@mantine/hooks'
import { useCallback, useEffect, useRef, useState, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './bench.module.css'
import { Magnifier } from './magnifier.tsx'
import { RegionOverlay, type PlacedSegment } from './region-overlay.tsx'
import type { Transport } from './transport.ts'
import { fit, zoomed, type Zoom } from './zoom.ts'

interface Props {
  readonly transport: Transport
  readonly url: string
  readonly segments: readonly PlacedSegment[]
  readonly zoom: Zoom
  readonly onZoom: (zoom: Zoom) => void
  readonly magnifier: boolean
  /** The element could not play the address. */
  readonly onBroken: () => void
}

/** The picture: zoomed about the pointer, panned by dragging, with the regions of the segments at the playhead. */
export function Stage({ transport, url, segments, zoom, onZoom, magnifier, onBroken }: Props) {
  const { t } = useTranslation()
  const { ref: measured, width, height } = useElementSize<HTMLDivElement>()
  const stage = useRef<HTMLDivElement>(null)
  const ref = useMergedRef(measured, stage)
  const [size, setSize] = useState<{ width: number; height: number } | null>(null)
  const [pointer, setPointer] = useState<{ x: number; y: number } | null>(null)
  const drag = useRef<{ x: number; y: number; zoom: Zoom } | null>(null)
  const [video, setVideo] = useState<HTMLVideoElement | null>(null)
  const attach = useCallback(
    (element: HTMLVideoElement | null) => {
      setVideo(element)
      transport.attach(element)
    },
    [transport],
  )

  // React registers wheel handlers as passive, and zooming must keep the page from scrolling.
  const latest = useRef({ zoom, onZoom })
  useEffect(() => {
    latest.current = { zoom, onZoom }
  })
  useEffect(() => {
    const area = stage.current
    if (!area) return
    const wheel = (event: WheelEvent): void => {
      event.preventDefault()
      const box = area.getBoundingClientRect()
      const at = { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 }
      latest.current.onZoom(zoomed(latest.current.zoom, Math.exp(-event.deltaY * 0.0016), at))
    }
    area.addEventListener('wheel', wheel, { passive: false })
    return () => area.removeEventListener('wheel', wheel)
  }, [])

  const picture = size ? fit(size, { width, height }) : { width, height }
  const move = (event: PointerEvent<HTMLDivElement>): void => {
    const box = event.currentTarget.getBoundingClientRect()
    setPointer({ x: event.clientX - box.left, y: event.clientY - box.top })
    if (!drag.current) return
    const { x, y, zoom: from } = drag.current
    onZoom({ ...from, x: from.x + event.clientX - x, y: from.y + event.clientY - y })
  }
  return (
    <div
      ref={ref}
      className={styles.stage}
      data-zoomed={zoom.scale > 1 || undefined}
      data-magnifier={magnifier || undefined}
      onPointerDown={(event) => {
        if (event.button !== 0 || zoom.scale === 1) return
        event.currentTarget.setPointerCapture(event.pointerId)
        drag.current = { x: event.clientX, y: event.clientY, zoom }
      }}
      onPointerMove={move}
      onPointerUp={() => (drag.current = null)}
      onPointerLeave={() => setPointer(null)}
      onDoubleClick={() => onZoom({ scale: 1, x: 0, y: 0 })}
    >
      <div
        className={styles.picture}
        style={{
          width: picture.width,
          height: picture.height,
          transform: `translate(${zoom.x}px, ${zoom.y}px) scale(${zoom.scale})`,
        }}
      >
        {/* Evidence has no caption track, and one must not be made up. */}
        {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
        <video
          ref={attach}
          className={styles.video}
          src={url}
          preload="auto"
          playsInline
          aria-label={t('player.video')}
          onLoadedMetadata={(event) => {
            const { videoWidth, videoHeight } = event.currentTarget
            if (videoWidth) setSize({ width: videoWidth, height: videoHeight })
            transport.loaded()
          }}
          onPlay={transport.played}
          onPause={transport.paused}
          onTimeUpdate={transport.ticked}
          onError={onBroken}
        />
        <RegionOverlay transport={transport} segments={segments} scale={zoom.scale} />
      </div>
      {magnifier && pointer && video ? <Magnifier transport={transport} video={video} pointer={pointer} /> : null}
    </div>
  )
}
