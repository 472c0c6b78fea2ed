/** Glyphs that a font does not have: the outline of one of its own, or none, for other characters, of another width. */
import type { Font, Glyph } from 'fontkit'

export interface StandIns {
  /**
   * @param id of the outline; null for none
   * @param codePoints what it stands for
   * @param width font units
   * @param up how much higher the outline stands, in font units
   * @returns the glyph itself where it is just that
   */
  glyph(
    id: number | null,
    codePoints: readonly number[],
    width: number,
    up?: number,
  ): { readonly id: number; readonly width: number }
}

/** Bytes of an outline that is another one, moved: header and one component (OpenType 1.9, `glyf`). */
const MOVED = 18
/** Room for so many of them. */
export const SPARE = MOVED * 2000
/** Arguments are words, and distances. */
const FLAGS = 0x0003
/** Where in it the number of the other outline stands. */
const COMPONENT = 12

/**
 * A new glyph is one more place in the table of outlines (`loca`), which is what the writer of subsets reads; this
 * reaches into fontkit's own tables.
 *
 * @param file that the font was read from, with `SPARE` bytes behind its outlines
 */
export function standIns(font: Font, file: Buffer): StandIns {
  const { offsets } = font.loca
  const { glyf } = font.directory.tables
  const getGlyph = font.getGlyph.bind(font)
  const made = new Map<string, Glyph>()
  const byId = new Map<number, Glyph>()
  /** What a glyph of the font itself was first used for. */
  const used = new Map<number, string>()
  let free = Math.ceil((glyf?.length ?? 0) / 4) * 4

  font.getGlyph = (id, codePoints) => {
    const own = byId.get(id)
    if (own) return own
    const glyph = getGlyph(id, codePoints)
    // First asked for as a part of another (the dotless form inside ي), it would be kept without its letter.
    if (codePoints?.length && !glyph.codePoints.length) glyph.codePoints = codePoints
    return glyph
  }

  /** Writes an outline behind the others. @returns where, from the first of them on; null without room */
  function moved(id: number, up: number): number | null {
    const at = (glyf?.offset ?? 0) + free
    if (!glyf || at + MOVED > file.length) return null
    const { minX, minY, maxX, maxY } = getGlyph(id).bbox
    ;[-1, minX, minY + up, maxX, maxY + up].forEach((value, n) => file.writeInt16BE(Math.round(value), at + 2 * n))
    file.writeUInt16BE(FLAGS, at + 10)
    file.writeUInt16BE(id, at + COMPONENT)
    file.writeInt16BE(0, at + 14)
    file.writeInt16BE(Math.round(up), at + 16)
    free += MOVED
    return free - MOVED
  }

  function make(id: number | null, codePoints: readonly number[], advanceWidth: number, up: number): Glyph {
    const key = `${id} ${codePoints.join(' ')} ${advanceWidth} ${up}`
    const known = made.get(key)
    if (known) return known
    const original = id === null ? null : getGlyph(id)
    const at = id !== null && up ? moved(id, up) : null
    if (id === null) offsets.push(0, 0)
    else if (at === null) offsets.push(offsets[id]!, offsets[id + 1]!)
    else offsets.push(at, at + MOVED)
    const composed = { numberOfContours: -1, components: [{ glyphID: id, pos: COMPONENT }] }
    const glyph = {
      id: offsets.length - 2,
      codePoints: [...codePoints],
      advanceWidth,
      _decode: () => (at === null ? (original?._decode() ?? null) : composed),
      _getMetrics: () => ({ leftBearing: original?._getMetrics().leftBearing ?? 0 }),
    } as Glyph
    made.set(key, glyph)
    byId.set(glyph.id, glyph)
    return glyph
  }

  return {
    glyph(id, codePoints, width, up = 0) {
      if (id !== null && !up) {
        const says = codePoints.join(' ')
        if (!used.has(id)) used.set(id, says)
        if (used.get(id) === says && getGlyph(id).advanceWidth === width) return { id, width }
      }
      return { id: make(id, codePoints, width, up).id, width }
    },
  }
}
