/** Tags as ffmpeg reads them from a container (`-f ffmetadata`). */
import { neutralise } from './untrusted.ts'

export interface UntrustedTags {
  readonly container: ReadonlyMap<string, string>
  /** Per output stream, in the order mapped. */
  readonly streams: readonly ReadonlyMap<string, string>[]
}

/** Most tags kept of one container or stream. */
const MAX_TAGS = 200

/**
 * Parses ffmpeg's metadata format (ffmpeg-formats(1), "Metadata"): `key=value` lines, sections `[STREAM]` and
 * `[CHAPTER]`, and a backslash before `=`, `;`, `#`, `\` and a line break inside a value. Values come back neutralised.
 */
export function parseTags(text: string): UntrustedTags {
  const container = new Map<string, string>()
  const streams: Map<string, string>[] = []
  let section: Map<string, string> | null = container
  // A line ends at a line break that no backslash stands before.
  for (const line of text.match(/(?:\\[^]|[^\\\n])+/g) ?? []) {
    if (line.startsWith(';')) continue
    if (line === '[STREAM]') {
      section = new Map()
      streams.push(section)
    } else if (/^\[[A-Z]+\]$/.test(line)) {
      section = null
    } else {
      const pair = /^((?:\\[^]|[^\\=])*)=([^]*)$/.exec(line)
      if (!pair || !section || section.size >= MAX_TAGS) continue
      section.set(neutralise(unescape(pair[1]!), 100), neutralise(unescape(pair[2]!)))
    }
  }
  return { container, streams }
}

const unescape = (value: string): string => value.replaceAll(/\\([^])/g, '$1')
