import { useEffect, useRef, useState } from 'react'
import type { ComparedSegment } from '../../../main/contract/differences.ts'
import type { PairTransport } from './pair.ts'
import { mapAt, paint } from './heat.ts'
import styles from './match.module.css'

interface Props {
  readonly transport: PairTransport
  readonly segment: ComparedSegment
  /** The picture is shown with left and right as it came, and the maps were made of the turned one. */
  readonly flip: boolean
}

/** The difference map of the frame at the playhead, over the new picture. */
export function HeatLayer({ transport, segment, flip }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { maps } = segment
  const sheet = useSheet(maps ? `/file/derived/${maps.sha256}` : null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d', { willReadFrequently: true })
    if (!context || !sheet || !maps) return
    let last = -2
    const draw = (): void => {
      const n = mapAt(segment, transport.time)
      if (n !== last) paint(context, sheet, maps, n)
      last = n
    }
    draw()
    return transport.subscribe(draw)
  }, [transport, segment, maps, sheet])
  if (!maps) return null
  return (
    <div className={styles.heat} style={{ transform: flip ? 'scaleX(-1)' : undefined }} aria-hidden="true">
      <canvas
        ref={canvas}
        width={maps.columns}
        height={maps.rows}
        style={{ width: `${maps.width * 100}%`, height: `${maps.height * 100}%` }}
      />
    </div>
  )
}

function useSheet(url: string | null): HTMLImageElement | null {
  const [image, setImage] = useState<HTMLImageElement | null>(null)
  useEffect(() => {
    if (!url) return
    let wanted = true
    const loading = new Image()
    loading.src = url
    loading.decode().then(
      () => wanted && setImage(loading),
      () => wanted && setImage(null),
    )
    return () => {
      wanted = false
    }
  }, [url])
  return image
}
