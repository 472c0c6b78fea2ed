/**
 * The box tree of an ISO base media file (ISO/IEC 14496-12:2022, section 4.2) or QuickTime file, read by position with
 * hard bounds: no box is trusted about its size, its depth or how many there are.
 */

/** The part of an open file that the parsers need. */
export interface ByteSource {
  readonly size: number
  read(offset: number, length: number): Promise<Uint8Array>
}

export interface Box {
  /** Four characters; bytes outside printable ASCII and the QuickTime copyright sign are shown as `.`. */
  readonly type: string
  readonly offset: number
  /** Bytes, header included, as far as the enclosing box or the file reaches. */
  readonly size: number
  readonly header: number
  /** Extended type of a `uuid` box, lower-case hex without dashes. */
  readonly uuid?: string
  readonly children: readonly Box[]
}

export interface BoxTree {
  readonly boxes: readonly Box[]
  /** What does not follow the standard, in plain words, each once. */
  readonly problems: readonly string[]
  /** The last box at the top claims more than the file holds, as in an unfinished download. */
  readonly truncated: boolean
  /** False where a limit stopped the reading. */
  readonly complete: boolean
}

/** Deepest nesting followed; moov/trak/mdia/minf/stbl/stsd needs six. */
export const MAX_DEPTH = 10
/** Boxes read in all. A three-hour stream in two-second fragments has about 11,000 at the top level. */
export const MAX_BOXES = 20_000
const PAGE = 64 * 1024

/** Boxes whose payload is boxes. `meta` is handled apart: it is a full box in ISO files and a plain one in QuickTime. */
const CONTAINERS = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl', 'edts', 'udta', 'mvex', 'ilst'])

/** Reads with a one-page cache, since headers stand close together. */
function paged(source: ByteSource): (offset: number, length: number) => Promise<Uint8Array> {
  let start = -1
  let page: Uint8Array = new Uint8Array(0)
  return async (offset, length) => {
    if (start < 0 || offset < start || offset + length > start + page.length) {
      start = offset
      page = await source.read(offset, Math.max(length, Math.min(PAGE, source.size - offset)))
    }
    return page.subarray(offset - start, offset - start + length)
  }
}

const typeOf = (bytes: Uint8Array) =>
  [...bytes].map((b) => ((b >= 0x20 && b < 0x7f) || b === 0xa9 ? String.fromCharCode(b) : '.')).join('')

/** Reads the box tree. Never throws on any bytes; what is wrong is listed in `problems`. */
export async function readBoxes(source: ByteSource): Promise<BoxTree> {
  const read = paged(source)
  const problems = new Set<string>()
  let count = 0
  let complete = true
  let truncated = false

  const level = async (from: number, to: number, depth: number, within: string): Promise<Box[]> => {
    const boxes: Box[] = []
    let at = from
    while (at + 8 <= to) {
      if (count >= MAX_BOXES) {
        complete = false
        problems.add(`more than ${MAX_BOXES} boxes`)
        break
      }
      const head = await read(at, Math.min(32, to - at))
      if (head.length < 8) break
      const view = new DataView(head.buffer, head.byteOffset, head.length)
      const small = view.getUint32(0)
      // udta may end with four zero bytes (QuickTime File Format, "User data atoms").
      if (small === 0 && depth > 0) break
      const type = typeOf(head.subarray(4, 8))
      let header = 8
      let size = small
      if (small === 1) {
        if (head.length < 16) break
        size = Number(view.getBigUint64(8))
        header = 16
      } else if (small === 0) size = to - at
      let uuid: string | undefined
      if (type === 'uuid' && head.length >= header + 16) {
        uuid = Buffer.from(head.subarray(header, header + 16)).toString('hex')
        header += 16
      }
      if (size < header) {
        problems.add(`box "${type}" in ${within} claims ${size} bytes, less than its own header`)
        break
      }
      if (at + size > to) {
        if (depth === 0 && boxes.length > 0) truncated = true
        else problems.add(`box "${type}" in ${within} reaches ${at + size - to} bytes beyond its end`)
        size = to - at
      }
      count += 1
      const end = at + size
      let children: Box[] = []
      const inner = type === 'meta' ? at + header + (await metaPrefix(at + header, end)) : at + header
      if (type === 'meta' || CONTAINERS.has(type) || within === 'ilst') {
        if (depth + 1 >= MAX_DEPTH) {
          complete = false
          problems.add(`boxes nested deeper than ${MAX_DEPTH}`)
        } else children = await level(inner, end, depth + 1, type)
      }
      boxes.push({ type, offset: at, size, header, children, ...(uuid ? { uuid } : {}) })
      at = end
    }
    return boxes
  }

  /** 4 where `meta` starts with version and flags (ISO), 0 where its first child follows at once (QuickTime). */
  const metaPrefix = async (at: number, end: number): Promise<number> => {
    if (at + 8 > end) return 0
    const head = await read(at, 8)
    return typeOf(head.subarray(4, 8)) === 'hdlr' ? 0 : 4
  }

  const boxes = await level(0, source.size, 0, 'the file')
  return { boxes, problems: [...problems], truncated, complete }
}

/** The payload of a box, at most `limit` bytes. */
export const payload = (source: ByteSource, box: Box, limit: number): Promise<Uint8Array> =>
  source.read(box.offset + box.header, Math.min(limit, Math.max(0, box.size - box.header)))

/** All boxes reached by a path of types from these boxes. */
export function boxesAt(boxes: readonly Box[], ...path: string[]): Box[] {
  const [type, ...rest] = path
  const here = boxes.filter((box) => box.type === type)
  return rest.length === 0 ? here : here.flatMap((box) => boxesAt(box.children, ...rest))
}

/** True where the file starts like an ISO base media or QuickTime file. */
export async function looksIso(source: ByteSource): Promise<boolean> {
  const head = await source.read(0, Math.min(12, source.size))
  if (head.length < 8) return false
  return ['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'styp', 'pnot', 'moof'].includes(typeOf(head.subarray(4, 8)))
}
