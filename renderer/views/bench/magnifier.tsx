import { useEffect, useRef } from 'react'
import styles from './bench.module.css'
import type { Transport } from './transport.ts'

const SIZE = 200
/** Screen pixels per pixel of the video. */
const POWER = 4

interface Props {
  readonly transport: Transport
  readonly video: HTMLVideoElement
  /** In pixels from the stage's top left corner. */
  readonly pointer: { readonly x: number; readonly y: number }
}

/** The video's own pixels under the pointer, four times their size and without smoothing. */
export function Magnifier({ transport, video, pointer }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const draw = (): void => {
      const context = canvas.current?.getContext('2d')
      const stage = canvas.current?.parentElement?.getBoundingClientRect()
      if (!context || !stage || !video.videoWidth) return
      const box = video.getBoundingClientRect()
      const x = ((stage.left + pointer.x - box.left) / box.width) * video.videoWidth
      const y = ((stage.top + pointer.y - box.top) / box.height) * video.videoHeight
      const span = SIZE / POWER
      context.imageSmoothingEnabled = false
      context.fillStyle = '#000'
      context.fillRect(0, 0, SIZE, SIZE)
      context.drawImage(video, x - span / 2, y - span / 2, span, span, 0, 0, SIZE, SIZE)
    }
    draw()
    return transport.subscribe(draw)
  }, [transport, video, pointer.x, pointer.y])
  return (
    <canvas
      ref={canvas}
      className={styles.magnifier}
      width={SIZE}
      height={SIZE}
      aria-hidden="true"
      style={{ left: pointer.x - SIZE / 2, top: pointer.y - SIZE / 2 }}
    />
  )
}
