/**
 * Joins PDFs that the engine made one after the other, and numbers their pages: “Page 3 of 120” is known only when all
 * are there. Made in parts, a long report needs a fraction of the memory, and its parts can be made side by side.
 *
 * Reads what pdfkit writes and nothing else: classic cross-reference tables, no object streams, no encryption
 * (ISO 32000-2, 7.5). Everything else is refused by an error.
 */
import { createHash } from 'node:crypto'

export interface PageNumbers {
  /** With `{page}` and `{pages}` for the numbers; letters of Latin-1. */
  readonly words: string
  /** Points from the right edge and from the bottom. */
  readonly right: number
  readonly bottom: number
  readonly size: number
  /** 0 to 1 each. */
  readonly colour: readonly [number, number, number]
}

interface Part {
  /** By object number: what stands between `obj` and `endobj`. */
  readonly objects: ReadonlyMap<number, Buffer>
  readonly root: number
  readonly info: number
}

/** @throws Error for a file that pdfkit did not write */
export function joinPdfs(files: readonly Uint8Array[], numbers: PageNumbers): Buffer {
  const parts = files.map(read)
  const out: Buffer[] = []
  const put = (body: Buffer | string): number => out.push(Buffer.isBuffer(body) ? body : latin(body))
  // Numbers 1 to 5 are filled at the end, when everything that they speak of is there.
  const [catalog, pages, outlines, font, save] = [1, 2, 3, 4, 5] as const
  for (let n = 1; n <= save; n++) put('')
  const kids: number[] = []
  let info: string | null = null
  const outlineEnds: { first: number; last: number; count: number }[] = []
  let total = 0
  const stamped: { place: number; dict: string }[] = []

  for (const part of parts) {
    const root = text(part, part.root)
    const [ownPages, ownOutlines] = [refIn(root, 'Pages'), refIn(root, 'Outlines')]
    const renumbered = new Map<number, number>()
    for (const number of part.objects.keys()) {
      if (number === part.root || number === part.info) continue
      renumbered.set(number, number === ownOutlines ? outlines : put(''))
    }
    const renumber = (dict: string): string => renumberRefs(dict, (old) => renumbered.get(old) ?? catalog)
    info ??= renumber(text(part, part.info))
    for (const [number, body] of part.objects) {
      const own = renumbered.get(number)
      if (own === undefined || own === outlines) continue
      const [dict, stream] = split(body)
      let made = renumber(dict)
      if (number === ownPages) made = inserted(made, `/Parent ${pages} 0 R`)
      if (/\/Type \/Page\b(?!s)/.test(dict)) stamped.push({ place: own, dict: made })
      out[own - 1] = Buffer.concat([latin(made), stream])
    }
    if (ownPages === null) throw new Error('a PDF without pages')
    kids.push(renumbered.get(ownPages)!)
    total += Number(/\/Count (\d+)/.exec(text(part, ownPages))![1])
    if (ownOutlines !== null) {
      const dict = text(part, ownOutlines)
      const [first, last] = [refIn(dict, 'First'), refIn(dict, 'Last')]
      if (first !== null && last !== null)
        outlineEnds.push({
          first: renumbered.get(first)!,
          last: renumbered.get(last)!,
          count: itemsFrom(part, first),
        })
    }
  }

  // Bookmarks of one part go on where those of the part before end.
  outlineEnds.forEach(({ first, last }, place) => {
    const [before, after] = [outlineEnds[place - 1], outlineEnds[place + 1]]
    if (before) out[first - 1] = latin(inserted(out[first - 1]!.toString('latin1'), `/Prev ${before.last} 0 R`))
    if (after) out[last - 1] = latin(inserted(out[last - 1]!.toString('latin1'), `/Next ${after.first} 0 R`))
  })
  stamped.forEach(({ place, dict }, n) => stamp(place, dict, n + 1))

  /** Puts the number of a page on it: after its own contents, in a font that every reader has. */
  function stamp(place: number, dict: string, n: number): void {
    const width = Number(/\/MediaBox \[0 0 ([\d.]+)/.exec(dict)?.[1])
    const words = numbers.words.replace('{page}', String(n)).replace('{pages}', String(total))
    const x = width - numbers.right - helveticaWidth(words, numbers.size)
    const draw = latin(
      `Q\nBT ${numbers.colour.map((part) => part.toFixed(3)).join(' ')} rg /AssayPage ${numbers.size} Tf ${x.toFixed(2)} ${numbers.bottom.toFixed(2)} Td (${words}) Tj ET\n`,
    )
    const number = put(Buffer.concat([latin(`<< /Length ${draw.length} >>\nstream\n`), draw, latin('\nendstream')]))
    const contents = refIn(dict, 'Contents')
    const resources = refIn(dict, 'Resources')
    if (contents === null || resources === null || !width) throw new Error('a page that pdfkit did not write')
    out[place - 1] = latin(dict.replace(/\/Contents \d+ 0 R/, `/Contents [${save} 0 R ${contents} 0 R ${number} 0 R]`))
    const own = out[resources - 1]!.toString('latin1')
    if (own.includes('/AssayPage')) return
    const entry = `/AssayPage ${font} 0 R`
    out[resources - 1] = latin(
      own.includes('/Font <<') ? own.replace('/Font <<', `/Font <<\n${entry}`) : inserted(own, `/Font << ${entry} >>`),
    )
  }

  const [first] = parts
  const about = put(info ?? '<< >>')
  out[catalog - 1] = latin(catalogOf(text(first!, first!.root), pages, outlineEnds.length ? outlines : null))
  out[pages - 1] = latin(`<< /Type /Pages /Count ${total} /Kids [${kids.map((kid) => `${kid} 0 R`).join(' ')}] >>`)
  const sum = outlineEnds.reduce((all, { count }) => all + count, 0)
  out[outlines - 1] = latin(
    outlineEnds.length
      ? `<< /Type /Outlines /Count ${sum} /First ${outlineEnds[0]!.first} 0 R /Last ${outlineEnds.at(-1)!.last} 0 R >>`
      : '<< /Type /Outlines /Count 0 >>',
  )
  out[font - 1] = latin('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>')
  out[save - 1] = latin('<< /Length 2 >>\nstream\nq\n\nendstream')
  return written(out, catalog, about)
}

const latin = (value: string): Buffer => Buffer.from(value, 'latin1')

function read(file: Uint8Array): Part {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  const tail = bytes.subarray(Math.max(0, bytes.length - 2048)).toString('latin1')
  const start = Number(/startxref\s+(\d+)\s+%%EOF/.exec(tail)?.[1])
  const table = bytes.subarray(start).toString('latin1')
  const head = /^xref\s+0 (\d+)\s+/.exec(table)
  if (!head) throw new Error('a PDF without a classic cross-reference table')
  const offsets = [...table.slice(head[0].length).matchAll(/(\d{10}) \d{5} ([nf])/g)]
    .slice(0, Number(head[1]))
    .flatMap(([, offset, kind], number) => (kind === 'n' ? [{ number, offset: Number(offset) }] : []))
    .sort((a, b) => a.offset - b.offset)
  const objects = new Map<number, Buffer>()
  offsets.forEach(({ number, offset }, place) => {
    const whole = bytes.subarray(offset, offsets[place + 1]?.offset ?? start)
    const begin = whole.indexOf('obj') + 3
    objects.set(number, whole.subarray(begin, whole.lastIndexOf('endobj')))
  })
  const trailer = table.slice(table.indexOf('trailer'))
  const [root, info] = [refIn(trailer, 'Root'), refIn(trailer, 'Info')]
  if (root === null || info === null) throw new Error('a PDF without a catalog')
  return { objects, root, info }
}

/** The dictionary of an object, and its stream with the keyword, if it has one. */
function split(body: Buffer): [string, Buffer] {
  const at = body.indexOf('\nstream\n')
  return at < 0
    ? [body.toString('latin1').trim(), Buffer.alloc(0)]
    : [body.subarray(0, at).toString('latin1').trim(), body.subarray(at)]
}

const text = (part: Part, number: number): string => split(part.objects.get(number) ?? Buffer.alloc(0))[0]

function refIn(dict: string, name: string): number | null {
  const found = new RegExp(`/${name} (\\d+) 0 R`).exec(dict)
  return found ? Number(found[1]) : null
}

/** Bookmarks of one level, from the first on; pdfkit does not count them. */
function itemsFrom(part: Part, first: number): number {
  let count = 0
  for (let at: number | null = first; at !== null && count < part.objects.size; at = refIn(text(part, at), 'Next'))
    count++
  return count
}

/** References are renumbered, and what stands in strings is not touched, whatever it looks like. */
function renumberRefs(dict: string, numberOf: (old: number) => number): string {
  let made = ''
  let plain = 0
  for (let at = 0; at < dict.length; at++) {
    if (dict[at] !== '(') continue
    made += refs(dict.slice(plain, at), numberOf)
    const end = stringEnd(dict, at)
    made += dict.slice(at, end)
    plain = end
    at = end - 1
  }
  return made + refs(dict.slice(plain), numberOf)
}

const refs = (part: string, numberOf: (old: number) => number): string =>
  part.replace(/(\d+) 0 R\b/g, (_, old: string) => `${numberOf(Number(old))} 0 R`)

/** Literal strings nest their parentheses (7.3.4.2). */
function stringEnd(dict: string, start: number): number {
  let depth = 0
  for (let at = start; at < dict.length; at++) {
    if (dict[at] === '\\') at++
    else if (dict[at] === '(') depth++
    else if (dict[at] === ')' && --depth === 0) return at + 1
  }
  return dict.length
}

/** Just before the end of a dictionary. */
function inserted(dict: string, entry: string): string {
  const at = dict.lastIndexOf('>>')
  return `${dict.slice(0, at)}${entry}\n${dict.slice(at)}`
}

/** What the catalog of the first part says of the document as a whole, such as its language, is kept. */
function catalogOf(dict: string, pages: number, outlines: number | null): string {
  const lang = /\/Lang (\((?:\\.|[^\\)])*\)|<[0-9a-fA-F]*>)/.exec(dict)
  return [
    '<< /Type /Catalog',
    `/Pages ${pages} 0 R`,
    ...(outlines ? [`/Outlines ${outlines} 0 R`, '/PageMode /UseOutlines'] : []),
    ...(lang ? [lang[0]] : []),
    '/ViewerPreferences << /DisplayDocTitle true >>',
    '>>',
  ].join('\n')
}

function written(objects: readonly Buffer[], root: number, info: number): Buffer {
  const chunks: Buffer[] = [latin('%PDF-1.7\n%\xff\xff\xff\xff\n')]
  let length = chunks[0]!.length
  const offsets = objects.map((body, i) => {
    const chunk = Buffer.concat([latin(`${i + 1} 0 obj\n`), body, latin('\nendobj\n')])
    const offset = length
    chunks.push(chunk)
    length += chunk.length
    return offset
  })
  const hash = createHash('sha256')
  for (const chunk of chunks) hash.update(chunk)
  const id = hash.digest('hex').slice(0, 32)
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  chunks.push(
    latin(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root ${root} 0 R /Info ${info} 0 R /ID [<${id}> <${id}>] >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  )
  return Buffer.concat(chunks)
}

/** Advance widths of Helvetica (Adobe Core 14 metrics), in thousandths, of what a page number is written with. */
const WIDTHS: Readonly<Record<string, number>> = {
  P: 667,
  S: 667,
  f: 278,
  i: 222,
  r: 333,
  s: 500,
  t: 278,
  v: 500,
  ' ': 278,
}
const helveticaWidth = (words: string, size: number): number =>
  ([...words].reduce((sum, letter) => sum + (WIDTHS[letter] ?? 556), 0) / 1000) * size
