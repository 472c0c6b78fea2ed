/** What the report is set on: the pages of a PDF, or whatever a test looks at. Points, from the left top of the page. */
import type { Shape } from '../drawing/drawing.ts'
import type { RenderedPicture } from '../pictures.ts'
import type { Line } from './lines.ts'
import type { Look } from './setting.ts'

/** Roles of what a page says (ISO 32000-1, 14.8.4). */
export type Role =
  | 'Document'
  | 'Sect'
  | 'Div'
  | 'H1'
  | 'H2'
  | 'H3'
  | 'H4'
  | 'P'
  | 'BlockQuote'
  | 'L'
  | 'LI'
  | 'Lbl'
  | 'LBody'
  | 'Table'
  | 'TR'
  | 'TH'
  | 'TD'
  | 'Caption'
  | 'Figure'

/** One element of the structure, for those who cannot see the page. */
export interface Tag {
  readonly role: Role
  /**
   * A part of it, which comes after the parts that it has.
   *
   * @param options `says`: its text, where it has one of its own
   */
  child(role: Role, options?: { alt?: string; scope?: 'Column'; says?: string }): Tag
  /** Nothing is added any more. */
  end(): void
}

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Surface {
  readonly document: Tag
  /** What `draw` writes belongs to `tag`; null: to nobody, such as the head of a page. */
  within(tag: Tag | null, draw: () => void): void
  /** @param y of the base line */
  line(line: Line, x: number, y: number, look: Look): void
  picture(key: string, picture: RenderedPicture, box: Box): void
  /** Scaled by `scale`, its left top at (`x`, `y`); texts are not drawn. */
  paths(shapes: readonly Shape[], x: number, y: number, scale: number): void
  /** Grounds lie under rules, and those under all that is written. */
  ground(box: Box, colour: string): void
  rule(box: Box, colour: string): void
  border(box: Box, colour: string, width: number, radius?: number): void
  bookmark(level: number, title: string, y: number): void
  turn(): void
}
