import { useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import styles from './axis.module.css'
import type { Draw } from './draw.ts'
import type { View } from './view.ts'

interface Props {
  readonly draw: Draw
  readonly view: View
  readonly height: number
  /** What the picture says, in words; empty where another element tells it. */
  readonly alt: string
}

/** A lane drawn as a picture, sharp at any pixel density, in the colours of the theme. */
export function CanvasLane({ draw, view, height, alt }: Props) {
  const { ref, width } = useElementSize<HTMLDivElement>()
  const canvas = useRef<HTMLCanvasElement>(null)
  const scheme = useComputedColorScheme()
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (!element || !context || !width) return
    const density = window.devicePixelRatio || 1
    element.width = Math.round(width * density)
    element.height = Math.round(height * density)
    context.setTransform(density, 0, 0, density, 0, 0)
    context.clearRect(0, 0, width, height)
    const style = getComputedStyle(document.documentElement)
    const colour = (name: string): string => style.getPropertyValue(name).trim()
    draw(context, width, height, view, colour)
    // The scheme is not read: it says when the colours that are read have changed.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [draw, view, width, height, scheme])
  return (
    <div
      ref={ref}
      className={styles.canvasLane}
      style={{ blockSize: height }}
      role={alt ? 'img' : undefined}
      aria-label={alt || undefined}
    >
      <canvas ref={canvas} aria-hidden="true" />
    </div>
  )
}
