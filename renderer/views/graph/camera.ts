/** From the world of the layout to pixels of the picture and back. */
export interface Camera {
  /** World point in the middle of the picture. */
  readonly x: number
  readonly y: number
  /** Pixels per world unit. */
  readonly scale: number
}
export interface Size {
  readonly width: number
  readonly height: number
}
export interface Point {
  readonly x: number
  readonly y: number
}

const LEAST = 0.01
const MOST = 8

export const toScreen = (world: Point, camera: Camera, size: Size): Point => ({
  x: (world.x - camera.x) * camera.scale + size.width / 2,
  y: (world.y - camera.y) * camera.scale + size.height / 2,
})
export const toWorld = (screen: Point, camera: Camera, size: Size): Point => ({
  x: (screen.x - size.width / 2) / camera.scale + camera.x,
  y: (screen.y - size.height / 2) / camera.scale + camera.y,
})

/** Zooms so that what lies under `anchor` (in pixels) stays there. */
export function zoomAt(camera: Camera, factor: number, anchor: Point, size: Size): Camera {
  const scale = Math.min(MOST, Math.max(LEAST, camera.scale * factor))
  const under = toWorld(anchor, camera, size)
  return {
    scale,
    x: under.x - (anchor.x - size.width / 2) / scale,
    y: under.y - (anchor.y - size.height / 2) / scale,
  }
}

/** Shows all positions with a margin. @param at pairs x, y */
export function fit(at: Float32Array, size: Size, margin = 56): Camera {
  if (!at.length) return { x: 0, y: 0, scale: 1 }
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity]
  for (let i = 0; i < at.length; i += 2) {
    left = Math.min(left, at[i]!)
    right = Math.max(right, at[i]!)
    top = Math.min(top, at[i + 1]!)
    bottom = Math.max(bottom, at[i + 1]!)
  }
  const scale = Math.min(
    (size.width - 2 * margin) / Math.max(1, right - left),
    (size.height - 2 * margin) / Math.max(1, bottom - top),
  )
  return { x: (left + right) / 2, y: (top + bottom) / 2, scale: Math.min(1.6, Math.max(LEAST, scale)) }
}

/** Distance in pixels from a point to a stretch. */
export function distanceToLine(p: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const length = dx * dx + dy * dy
  const along = length ? Math.min(1, Math.max(0, ((p.x - a.x) * dx + (p.y - a.y) * dy) / length)) : 0
  return Math.hypot(p.x - a.x - along * dx, p.y - a.y - along * dy)
}
