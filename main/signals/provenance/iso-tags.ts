/** Tags of an MP4 or QuickTime file: iTunes-style items, QuickTime metadata keys, user data strings and XMP. */
import { boxesAt, payload, type Box, type BoxTree, type ByteSource } from './iso-boxes.ts'
import { neutralise } from '../../media/untrusted.ts'
import { plainBytes } from './untrusted-bytes.ts'

/** One tag as found. `key` is the key's own name: `©too`, `com.apple.quicktime.make`, `xmp:CreatorTool`. */
export interface IsoTag {
  readonly key: string
  readonly value: string
}

/** Values longer than this are cut; ComfyUI workflows run to hundreds of kilobytes and their start names them. */
const MAX_VALUE = 16 * 1024
const MAX_TAGS = 500
const MAX_XMP = 512 * 1024
/** Extended type of the XMP box (Adobe XMP Specification Part 3, section 1.2.7.1). */
export const XMP_UUID = 'be7acfcb97a942e89c71999491e3afac'

export async function readTags(source: ByteSource, tree: BoxTree): Promise<IsoTag[]> {
  const moov = boxesAt(tree.boxes, 'moov')[0]?.children ?? []
  const tags: IsoTag[] = []
  const places = [
    ...boxesAt(moov, 'meta'),
    ...boxesAt(moov, 'udta', 'meta'),
    ...boxesAt(moov, 'trak', 'meta'),
    ...boxesAt(moov, 'trak', 'udta', 'meta'),
    ...boxesAt(tree.boxes, 'meta'),
  ]
  for (const meta of places) tags.push(...(await metaTags(source, meta)))
  for (const udta of [...boxesAt(moov, 'udta'), ...boxesAt(moov, 'trak', 'udta')])
    for (const child of udta.children) {
      const tag = await userDataTag(source, child)
      if (tag) tags.push(tag)
    }
  const xmp = [...tree.boxes.filter((box) => box.uuid === XMP_UUID), ...boxesAt(moov, 'udta', 'XMP_')]
  for (const box of xmp) tags.push(...xmpTags(plainXmp(await payload(source, box, MAX_XMP))))
  const seen = new Set<string>()
  return tags
    .filter(({ key, value }) => value !== '' && !seen.has(`${key}\n${value}`) && seen.add(`${key}\n${value}`))
    .slice(0, MAX_TAGS)
}

/** `ilst` of a `meta` box: keyed by type (iTunes), by `mean:name` (free form) or by index into `keys` (QuickTime). */
async function metaTags(source: ByteSource, meta: Box): Promise<IsoTag[]> {
  const keysBox = meta.children.find((box) => box.type === 'keys')
  const keys = keysBox ? keyNames(await payload(source, keysBox, 64 * 1024)) : []
  const tags: IsoTag[] = []
  for (const item of boxesAt(meta.children, 'ilst')
    .flatMap((box) => box.children)
    .slice(0, MAX_TAGS)) {
    const text = async (type: string, skip: number) => {
      const box = item.children.find((child) => child.type === type)
      return box ? plainBytes((await payload(source, box, MAX_VALUE + skip)).subarray(skip), MAX_VALUE) : ''
    }
    const index = await source.read(item.offset + 4, 4)
    const number = index.length === 4 ? new DataView(index.buffer, index.byteOffset).getUint32(0) : 0
    const key =
      keys[number - 1] ?? (item.type === '----' ? `${await text('mean', 4)}:${await text('name', 4)}` : item.type)
    const data = item.children.find((child) => child.type === 'data')
    if (data) tags.push({ key, value: dataValue(await payload(source, data, MAX_VALUE + 8)) })
  }
  return tags
}

/** Metadata item keys (QuickTime File Format, "Metadata item keys atom"). */
function keyNames(bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const names: string[] = []
  for (let at = 8; at + 8 <= bytes.length && names.length < MAX_TAGS;) {
    const size = view.getUint32(at)
    if (size < 8 || at + size > bytes.length) break
    names.push(plainBytes(bytes.subarray(at + 8, at + size)))
    at += size
  }
  return names
}

/** A `data` atom: type indicator, locale, value (QuickTime File Format, "Well-known types"). */
function dataValue(bytes: Uint8Array): string {
  if (bytes.length < 8) return ''
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const kind = view.getUint32(0)
  const value = bytes.subarray(8)
  if (kind === 1) return plainBytes(value, MAX_VALUE)
  if (kind === 2) return neutralise(new TextDecoder('utf-16be').decode(value), MAX_VALUE)
  if (kind === 23 && value.length === 4) return String(view.getFloat32(8))
  if ((kind === 21 || kind === 22 || kind === 67 || kind === 77) && value.length >= 1 && value.length <= 4)
    return String(value.reduce((sum, byte) => sum * 256 + byte, 0))
  // Type 0 is "reserved"; writers use it for text as well as for pictures and numbers. Printable text is kept.
  return kind === 0 && value.every((b) => b >= 0x20 && b < 0x7f) ? plainBytes(value, MAX_VALUE) : ''
}

/** `©xyz` international text (16-bit length, language, text) and a few plain ones such as GoPro's `FIRM`. */
async function userDataTag(source: ByteSource, box: Box): Promise<IsoTag | null> {
  if (box.children.length > 0 || box.type === 'meta') return null
  const bytes = await payload(source, box, MAX_VALUE)
  if (box.type.startsWith('©')) {
    if (bytes.length < 4) return null
    const length = (bytes[0]! << 8) | bytes[1]!
    return { key: box.type, value: plainBytes(bytes.subarray(4, 4 + length), MAX_VALUE) }
  }
  const text = plainBytes(bytes, MAX_VALUE)
  return text.length >= 3 && /^[\x20-\x7e]+$/u.test(text) ? { key: box.type, value: text } : null
}

const plainXmp = (bytes: Uint8Array) => plainBytes(bytes, MAX_XMP)

/** The few XMP properties that say where a file comes from; attribute or element form. */
const XMP_PROPERTIES = [
  'xmp:CreatorTool',
  'xmp:CreateDate',
  'xmp:ModifyDate',
  'dcterms:provenance',
  'Iptc4xmpExt:DigitalSourceType',
  'Iptc4xmpExt:AISystemUsed',
  'stEvt:softwareAgent',
] as const

function xmpTags(xmp: string): IsoTag[] {
  return XMP_PROPERTIES.flatMap((property) => {
    const attribute = new RegExp(`${property}\\s*=\\s*["']([^"']{1,500})["']`, 'gu')
    const element = new RegExp(`<${property}[^>]{0,200}>([^<]{1,500})<`, 'gu')
    const values = [...xmp.matchAll(attribute), ...xmp.matchAll(element)].map((match) => neutralise(match[1]!, 200))
    return [...new Set(values)].slice(0, 20).map((value) => ({ key: property, value }))
  })
}
