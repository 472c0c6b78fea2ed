/** Looks for the known marks in everything a file says about itself. */
import type { MediaFacts } from '../../contract/media.ts'
import type { IsoFacts } from './iso-facts.ts'
import { MARKS, type Mark, type MarkField } from './marks.ts'

/** One text of the file and the place it stands in. */
export interface FileText {
  readonly field: MarkField
  /** Place, for the table: `a tag`, `track 1 handler`, `writing application`. */
  readonly place: string
  readonly text: string
}
export interface FoundMark {
  readonly mark: Mark
  readonly place: string
  /** What was matched, cut to a readable length. */
  readonly found: string
}

/** All texts of a file. Tags are `key=value`, so that a pattern can ask for the key. */
export function textsOf(
  facts: MediaFacts,
  iso: IsoFacts | null,
  streamHead: string,
  claims: readonly string[],
): FileText[] {
  const { container, video, audio } = facts
  const encoders: [string, string][] = [
    ['writing application', container.writingApplication],
    ['writing library', container.writingLibrary],
    ...video.flatMap((s, i): [string, string][] => [[`video ${i + 1} encoder`, s.encoder]]),
    ...audio.flatMap((s, i): [string, string][] => [[`sound ${i + 1} encoder`, s.encoder]]),
    ...(iso?.tracks ?? []).flatMap((t) =>
      t.entries.map((e): [string, string] => [`track ${t.id} compressor name`, e.compressor]),
    ),
  ]
  const tags = [
    ...(iso?.tags ?? []).map(({ key, value }) => `${key}=${value}`),
    ...Object.entries(container.tags).map(([key, value]) => `${key}=${value}`),
  ]
  const handlers: [string, string][] = [
    ...(iso?.tracks ?? []).map((t): [string, string] => [`track ${t.id} handler`, t.handlerName]),
    ...Object.entries(container.tags)
      .filter(([key]) => /(?:^|:)handler_name$/iu.test(key))
      .map(([key, value]): [string, string] => [key, value]),
  ]
  const texts: FileText[] = [
    ...encoders.map(([place, text]) => ({ field: 'encoder' as const, place, text })),
    ...tags.map((text) => ({ field: 'tag' as const, place: 'a tag', text })),
    ...handlers.map(([place, text]) => ({ field: 'handler' as const, place, text })),
    ...[iso?.majorBrand ?? '', ...(iso?.compatibleBrands ?? [])].map((text) => ({
      field: 'brand' as const,
      place: 'file type',
      text,
    })),
    ...[...(iso?.tree.boxes.map((box) => box.type) ?? []), ...(iso?.userData ?? [])].map((text) => ({
      field: 'box' as const,
      place: 'box',
      text,
    })),
    { field: 'stream', place: 'head of the coded video', text: streamHead },
    ...claims.map((text) => ({ field: 'claim' as const, place: 'Content Credentials', text })),
  ]
  return texts.filter(({ text }) => text !== '')
}

/** Each mark once, at the first place where it stands, in the order of the table. */
export function findMarks(texts: readonly FileText[], marks: readonly Mark[] = MARKS): FoundMark[] {
  return marks.flatMap((mark) => {
    for (const { field, place, text } of texts) {
      if (!mark.fields.includes(field)) continue
      const match = mark.pattern.exec(text)
      if (match) return [{ mark, place, found: match[0].length > 120 ? `${match[0].slice(0, 119)}…` : match[0] }]
    }
    return []
  })
}
