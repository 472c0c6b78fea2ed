/** Where blocks are set. */
import type { FrameWords } from '../document.ts'
import type { RenderedPictures } from '../pictures.ts'
import type { Frame } from './flow.ts'
import { baseline, lineHeight, type SetText } from './setting.ts'
import type { Surface, Tag } from './surface.ts'

export interface Place {
  readonly surface: Surface
  readonly words: FrameWords
  /** The element that they belong to. */
  readonly tag: Tag
  readonly frame: Frame | null
  /** Points. */
  readonly x: number
  readonly width: number
}

export interface PicturePlace extends Place {
  readonly pictures: RenderedPictures
}

/** Draws a text as it is. */
export function textsOf(surface: Surface, { lines, look }: SetText, x: number, top: number): void {
  lines.forEach((line, n) => surface.line(line, x, top + n * lineHeight(look) + baseline(look), look))
}
