/**
 * What compression explains. Encoders lose more where there is more detail and where it moves, so that the residual of an
 * unaltered copy grows with both; how much, differs from copy to copy and from frame to frame. One number per frame, taken from
 * the quieter half of its own blocks, scales that shape; it is bounded, or a face that fills the picture would explain itself.
 */
import type { Blocks } from './blocks.ts'
import { quantile } from './planes.ts'

export const NOISE = {
  /** Shape: residual = scale · (1 + texture · slope) + motion · change. */
  texture: 0.16,
  motion: 0.35,
  /** Share of the blocks that the scale is read from, and what makes of it the mean of all. */
  quiet: 0.4,
  ratio: 1.3,
  /** Bounds of the scale, grey levels. */
  least: 0.9,
  most: 3.2,
  /** Colour: its noise against that of brightness. */
  colour: 1.1,
} as const

export interface Excess {
  /** Residual over what noise explains, per block: about 1 in unaltered copies; NaN where nothing can be compared. */
  readonly ratio: Float32Array
  /** The scale that was used, grey levels. */
  readonly scale: number
}

export function excess({ light, colour, texture, motion }: Blocks): Excess {
  const ratio = new Float32Array(light.length).fill(Number.NaN)
  const own: number[] = []
  for (let i = 0; i < light.length; i++)
    if (light[i]! === light[i]!)
      own.push(Math.max(0, light[i]! - NOISE.motion * motion[i]!) / (1 + NOISE.texture * texture[i]!))
  if (!own.length) return { ratio, scale: NOISE.least }
  const quiet = NOISE.ratio * quantile(Float32Array.from(own), NOISE.quiet)
  const scale = Math.min(NOISE.most, Math.max(NOISE.least, quiet))
  for (let i = 0; i < light.length; i++) {
    if (light[i]! !== light[i]!) continue
    const expected = scale * (1 + NOISE.texture * texture[i]!) + NOISE.motion * motion[i]!
    const inColour = NOISE.colour * scale * (1 + 0.5 * NOISE.texture * texture[i]!) + 0.5 * NOISE.motion * motion[i]!
    ratio[i] = Math.max(light[i]! / expected, colour[i]! / inColour)
  }
  return { ratio, scale }
}
