/** File names inside an archive: readable where they can be, and harmless on every system that unpacks them. */
import { nameKey, unsafeName } from '../verify/package.ts'

/** Bytes of a name without what is put before it; most file systems take 255. */
const LONGEST = 120

/**
 * A name that came with evidence, as part of a file name: letters, digits and a few marks of any script. Everything
 * else (separators, controls, characters that turn text around, what Windows forbids) becomes `_`.
 */
export function safeName(untrustedName: string): string {
  const plain = untrustedName
    .normalize('NFC')
    // Joiners print nothing by themselves; the name as it was stands in bundle.json.
    .replace(/\u200c|\u200d|[\ufe00-\ufe0f]/g, '')
    .replace(/[^\p{L}\p{M}\p{N} .()+,=@_-]+/gu, '_')
    .replace(/\.{2,}/g, '.')
    .replace(/^[. ]+|[. ]+$/g, '')
  const dot = plain.lastIndexOf('.')
  const ending = dot > 0 && plain.length - dot <= 6 ? plain.slice(dot) : ''
  let stem = ''
  for (const letter of ending ? plain.slice(0, dot) : plain) {
    if (Buffer.byteLength(stem + letter + ending) > LONGEST) break
    stem += letter
  }
  const name = `${stem.replace(/[. ]+$/, '')}${ending}` || 'unnamed'
  return unsafeName(name) ? `_${name}` : name
}

/** Gives each name once: one that is taken, also in other case, gets a number before its ending. */
export function createNames(): (wanted: string) => string {
  const taken = new Set<string>()
  return (wanted) => {
    const ending = /\.[^./]{1,5}$/.exec(wanted)?.[0] ?? ''
    for (let n = 1; ; n++) {
      const name = n === 1 ? wanted : `${wanted.slice(0, wanted.length - ending.length)}-${n}${ending}`
      if (taken.has(nameKey(name))) continue
      taken.add(nameKey(name))
      return name
    }
  }
}
