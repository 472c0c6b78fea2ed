/** A picture made of lines, areas and texts: drawn sharp at any size by every format that can, from one description. */

export type Shape =
  | {
      readonly type: 'path'
      /** As of SVG 2, 9.3. */
      readonly d: string
      readonly fill?: string
      readonly stroke?: string
      readonly width?: number
      readonly dash?: readonly number[]
      /** 0 to 1. */
      readonly opacity?: number
    }
  | {
      readonly type: 'text'
      /** Of the base line. */
      readonly x: number
      readonly y: number
      readonly text: string
      readonly size: number
      readonly anchor?: 'start' | 'middle' | 'end'
      readonly colour?: string
      readonly bold?: boolean
    }

export interface Drawing {
  /** Points. */
  readonly width: number
  readonly height: number
  /** What it shows, for whoever cannot see it. */
  readonly description: string
  readonly shapes: readonly Shape[]
}

/** Colours of paper; the hues are those of the light theme of the window. */
export const PAPER = {
  ink: '#18202b',
  dim: '#586473',
  rule: '#dbe0e6',
  edge: '#868f89',
  danger: '#9b2c2c',
  accent: '#14566b',
  marked: '#f3d9a4',
  hues: ['#3f4cb3', '#0b7285', '#b4431b', '#9d2a70', '#866000', '#35731f', '#526371', '#6b3fa0'],
} as const

/** Up to hundredths: finer is not seen, and equal drawings must have equal text. */
export const at = (value: number): string => String(Math.round(value * 100) / 100)

export const line = (x1: number, y1: number, x2: number, y2: number, look: Omit<PathLook, 'fill'>): Shape => ({
  type: 'path',
  d: `M${at(x1)} ${at(y1)}L${at(x2)} ${at(y2)}`,
  ...look,
})

export const box = (x: number, y: number, width: number, height: number, look: PathLook): Shape => ({
  type: 'path',
  d: `M${at(x)} ${at(y)}H${at(x + width)}V${at(y + height)}H${at(x)}Z`,
  ...look,
})
type PathLook = Omit<Extract<Shape, { type: 'path' }>, 'type' | 'd'>

/** About as wide as a text of a face like ours is set, in points. */
export const widthOf = (text: string, size: number): number => [...text].length * size * 0.54

/** As much of a text as has room, the rest said by dots. */
export function shortened(text: string, size: number, room: number): string {
  const letters = [...text.replace(/\s+/g, ' ').trim()]
  const most = Math.max(3, Math.floor(room / (size * 0.54)))
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : letters.join('')
}
