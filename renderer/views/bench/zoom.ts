/** Zoom of the picture: scale and offset of its centre from the centre of the stage, in pixels of the screen. */
export interface Zoom {
  readonly scale: number
  readonly x: number
  readonly y: number
}
export const FITTED: Zoom = { scale: 1, x: 0, y: 0 }
const MOST = 16

/** Zooms by `factor` so that the point `at` (from the stage's centre) stays where it is. */
export function zoomed(zoom: Zoom, factor: number, at: { x: number; y: number } = { x: 0, y: 0 }): Zoom {
  const scale = Math.min(MOST, Math.max(1, zoom.scale * factor))
  if (scale === 1) return FITTED
  const by = scale / zoom.scale
  return { scale, x: at.x - (at.x - zoom.x) * by, y: at.y - (at.y - zoom.y) * by }
}

/** The largest size of the given aspect that fits into the room. */
export function fit(
  size: { width: number; height: number },
  room: { width: number; height: number },
): { width: number; height: number } {
  const scale = Math.min(room.width / size.width, room.height / size.height)
  return { width: Math.floor(size.width * scale), height: Math.floor(size.height * scale) }
}
