/**
 * What compression explains. Encoders lose more where there is more detail and where it moves, so that the residual of an
 * unaltered copy grows with both; how much, differs from copy to copy and from frame to frame. One number per frame for
 * brightness and one for colour, taken from the quieter part of its own blocks, scale that shape; they are bounded, or a face
 * that fills the picture would explain itself.
 */
import type { Blocks } from './blocks.ts'
import { quantile } from './planes.ts'

export const NOISE = {
  /** Share of the blocks that the scales are read from. */
  quiet: 0.4,
  /** Brightness: expected = scale · (1 + texture · slope) + motion · change. */
  texture: 0.16,
  motion: 0.35,
  /** From the quiet blocks to most of them, and bounds of the scale, grey levels. */
  ratio: 1.5,
  least: 1,
  most: 3.4,
  /**
   * The same for the two colours together. They have half the pixels, and scaling and encoding move them by parts of one: at a
   * hard edge between colours that is as much as `colourEdges` of its slope.
   */
  colourTexture: 0.06,
  colourEdges: 0.3,
  colourMotion: 0.2,
  colourRatio: 1.6,
  colourLeast: 1.2,
  colourMost: 4,
} as const

export interface Excess {
  /** Residual over what noise explains, per block: below 1 in most of an unaltered copy; NaN where nothing can be compared. */
  readonly ratio: Float32Array
  /** The scale that was used for brightness, grey levels. */
  readonly scale: number
}

export function excess({ light, colour, texture, colourTexture, motion }: Blocks): Excess {
  const ratio = new Float32Array(light.length).fill(Number.NaN)
  const [own, ownColour]: [number[], number[]] = [[], []]
  for (let i = 0; i < light.length; i++) {
    if (light[i]! !== light[i]!) continue
    own.push(Math.max(0, light[i]! - NOISE.motion * motion[i]!) / (1 + NOISE.texture * texture[i]!))
    const explained = NOISE.colourMotion * motion[i]! + NOISE.colourEdges * colourTexture[i]!
    ownColour.push(Math.max(0, colour[i]! - explained) / (1 + NOISE.colourTexture * texture[i]!))
  }
  if (!own.length) return { ratio, scale: NOISE.least }
  const quiet = (values: number[]): number => quantile(Float32Array.from(values), NOISE.quiet)
  const between = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value))
  const scale = between(NOISE.ratio * quiet(own), NOISE.least, NOISE.most)
  const inColour = between(NOISE.colourRatio * quiet(ownColour), NOISE.colourLeast, NOISE.colourMost)
  for (let i = 0; i < light.length; i++) {
    if (light[i]! !== light[i]!) continue
    const [t, m] = [texture[i]!, motion[i]!]
    ratio[i] = Math.max(
      light[i]! / (scale * (1 + NOISE.texture * t) + NOISE.motion * m),
      colour[i]! /
        (inColour * (1 + NOISE.colourTexture * t) + NOISE.colourMotion * m + NOISE.colourEdges * colourTexture[i]!),
    )
  }
  return { ratio, scale }
}
