/** What a refused file looks like, so that the refusal can say it. Nothing is admitted here. */

const STARTS: readonly [magic: string | Buffer, words: string][] = [
  ['#EXTM3U', 'a playlist (HLS)'],
  ['ffconcat', 'a playlist (ffconcat)'],
  ['[playlist]', 'a playlist (PLS)'],
  ['[Script Info]', 'subtitles'],
  ['WEBVTT', 'subtitles'],
  ['<?xml', 'an XML document'],
  ['<MPD', 'a playlist (DASH)'],
  ['<smil', 'a playlist (SMIL)'],
  ['<asx', 'a playlist (ASX)'],
  ['<svg', 'a drawing (SVG)'],
  ['<html', 'a web page'],
  ['<!doctype', 'a web page'],
  ['#!', 'a script'],
  ['%PDF-', 'a PDF document'],
  ['PK\x03\x04', 'a ZIP archive or an office document'],
  ['PK\x05\x06', 'an empty ZIP archive'],
  ['Rar!', 'a RAR archive'],
  [Buffer.from('377abcaf271c', 'hex'), 'a 7-Zip archive'],
  [Buffer.from('1f8b', 'hex'), 'a gzip file'],
  [Buffer.from('fd377a585a00', 'hex'), 'an xz file'],
  [Buffer.from('28b52ffd', 'hex'), 'a Zstandard file'],
  ['\x7fELF', 'a program'],
  ['MZ', 'a program'],
  [Buffer.from('cafebabe', 'hex'), 'a program'],
  [Buffer.from('feedfacf', 'hex'), 'a program'],
  [Buffer.from('cffaedfe', 'hex'), 'a program'],
  [Buffer.from('89504e470d0a1a0a', 'hex'), 'an image (PNG)'],
  [Buffer.from('ffd8ff', 'hex'), 'an image (JPEG)'],
  ['GIF8', 'an image (GIF)'],
  ['BM', 'an image (BMP)'],
  [Buffer.from('49492a00', 'hex'), 'an image (TIFF)'],
  [Buffer.from('4d4d002a', 'hex'), 'an image (TIFF)'],
  ['SQLite format 3\0', 'a database'],
]

/** Words for the kind of file, or null where it cannot be told. */
export function guess(head: Buffer): string | null {
  const form = head.toString('latin1', 0, 12)
  if (form.startsWith('RIFF') && form.endsWith('WEBP')) return 'an image (WebP)'
  if (form.slice(4, 8) === 'ftyp') return 'an image (HEIF, AVIF or JPEG 2000)'
  if (form.slice(4, 8) === 'moov') return 'a movie that only points to other files, or a damaged one'
  const text = withoutMark(head)
  // What kind of XML it is stands behind its declaration.
  if (startsLike(text, '<?xml') && text.subarray(0, 4096).includes('<MPD')) return 'a playlist (DASH)'
  for (const [magic, words] of STARTS) {
    if (typeof magic === 'string' ? startsLike(text, magic) : head.subarray(0, magic.length).equals(magic)) return words
  }
  return readsAsText(text) ? 'plain text' : null
}

/** Byte order mark and blank lines may stand before a document. */
function withoutMark(head: Buffer): Buffer {
  let at = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0
  while (at < head.length && [9, 10, 13, 32].includes(head[at]!)) at += 1
  return head.subarray(at)
}

/** Markup is written in either case; every other magic is exact. */
function startsLike(text: Buffer, magic: string): boolean {
  const start = text.toString('latin1', 0, magic.length)
  return start === magic || (magic.startsWith('<') && start.toLowerCase() === magic.toLowerCase())
}

/** Valid UTF-8 (but for a character cut by the end of the buffer) without control characters other than whitespace. */
function readsAsText(bytes: Buffer): boolean {
  const sample = bytes.subarray(0, 4096).toString('utf8').slice(0, -1)
  return sample.length > 0 && !/[\0-\x08\x0e-\x1a\x1c-\x1f\ufffd]/.test(sample)
}
