/** Splits a byte stream into lines of bounded length, without keeping more than one line. */

/**
 * Returns a function to feed chunks to; each finished line goes to `onLine` without its line break. Of a longer line
 * only the first `limit` bytes are kept: a tag of 10 MB must not become 10 MB here.
 */
export function lineSplitter(
  onLine: (line: string) => void,
  limit = 4096,
): { push(chunk: Uint8Array): void; end(): void } {
  let rest: Buffer = Buffer.alloc(0)
  let cut = false
  const keep = (part: Buffer): void => {
    const room = limit - rest.length
    if (part.length > room) cut = true
    if (room > 0 && part.length > 0) rest = Buffer.concat([rest, part.subarray(0, room)])
  }
  const finish = (): void => {
    const text = rest.toString('utf8')
    onLine(cut ? `${text}…` : text.endsWith('\r') ? text.slice(0, -1) : text)
    rest = Buffer.alloc(0)
    cut = false
  }
  return {
    push(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      let from = 0
      for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
        keep(bytes.subarray(from, at))
        finish()
        from = at + 1
      }
      keep(bytes.subarray(from))
    },
    end() {
      if (rest.length > 0) finish()
    },
  }
}
