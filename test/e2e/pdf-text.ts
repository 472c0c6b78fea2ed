/** The text of a PDF that our report writer made: enough of ISO 32000-2 for compressed streams and ToUnicode maps. */
import { inflateSync } from 'node:zlib'

interface PdfObject {
  readonly dictionary: string
  readonly stream: string
}

/** All text in drawing order, without spaces: how words are set apart on the page is not part of it. */
export function pdfText(bytes: Uint8Array): string {
  const objects = readObjects(bytes)
  const fonts = new Map<string, Map<string, string>>()
  for (const { dictionary } of objects.values())
    for (const [, name, reference] of dictionary.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const map = /\/ToUnicode (\d+) 0 R/.exec(objects.get(Number(reference))?.dictionary ?? '')
      if (map) fonts.set(name!, unicodeMap(objects.get(Number(map[1]))?.stream ?? ''))
    }
  let text = ''
  for (const { stream } of objects.values()) {
    if (!stream.includes(' Tf')) continue
    let font = new Map<string, string>()
    for (const [, name, hex] of stream.matchAll(/\/(F\d+) [\d.]+ Tf|<([0-9a-fA-F]+)>/g)) {
      if (name) font = fonts.get(name) ?? new Map<string, string>()
      else for (const code of hex!.match(/.{4}/g) ?? []) text += font.get(code.toLowerCase()) ?? ''
    }
  }
  return text.replace(/\s/g, '')
}

function readObjects(bytes: Uint8Array): Map<number, PdfObject> {
  const file = Buffer.from(bytes)
  const source = file.toString('latin1')
  const objects = new Map<number, PdfObject>()
  for (const match of source.matchAll(/(\d+) 0 obj\n([\s\S]*?)(?:\nendobj|\nstream\r?\n)/g)) {
    const [whole, number, dictionary = ''] = match
    let stream = ''
    if (/stream\r?\n$/.test(whole)) {
      const start = match.index + whole.length
      const raw = file.subarray(start, start + Number(/\/Length (\d+)/.exec(dictionary)?.[1] ?? 0))
      if (dictionary.includes('/FlateDecode')) stream = inflateSync(raw).toString('latin1')
    }
    objects.set(Number(number), { dictionary, stream })
  }
  return objects
}

/** `beginbfrange` with a list of destinations per range, the form that font subsets are written in (9.10.3). */
function unicodeMap(cmap: string): Map<string, string> {
  const map = new Map<string, string>()
  for (const [, first, , list] of cmap.matchAll(/<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]{4})>\s*\[([^\]]*)\]/g)) {
    let code = Number.parseInt(first!, 16)
    for (const [, utf16] of list!.matchAll(/<([0-9a-fA-F ]*)>/g)) {
      const units = (utf16!.replaceAll(' ', '').match(/.{4}/g) ?? []).map((unit) => Number.parseInt(unit, 16))
      map.set(code.toString(16).padStart(4, '0'), String.fromCharCode(...units))
      code += 1
    }
  }
  return map
}
