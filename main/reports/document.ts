/**
 * A report before it has a format: sections of plain blocks. What is said stands in `content/`, once for all formats;
 * how it looks stands in each format's own folder.
 *
 * Every string is plain text in any script. Names inside sentences are wrapped by `name()` in bidi isolates (U+2068 to
 * U+2069), and what is quoted in English in a report of another language by `stored()` in those from left to right
 * (U+2066 to U+2069). Formats may rely on both: such controls are written out in everything that comes from outside.
 */
import type { Tlp } from '../contract/common.ts'
import type { Band } from '../contract/findings.ts'
import { analysisSection } from './content/analysis.ts'
import { cover } from './content/cover.ts'
import { evidenceSection } from './content/evidence.ts'
import { figureSection } from './content/figures.ts'
import { glance } from './content/glance.ts'
import { judgementSection } from './content/judgements.ts'
import { methodSection } from './content/method.ts'
import { recordSection } from './content/records.ts'
import { redactionSection } from './content/redactions.ts'
import type { ReportLanguage, ReportSection } from '../contract/report-layout.ts'
import type { Drawing } from './drawing/drawing.ts'
import { neutralised } from './neutralised.ts'
import type { ReportSnapshot } from './snapshot.ts'
import { wordsIn, type Words } from './words/words.ts'

export interface Fact {
  readonly label: string
  readonly value: string
  /** Hashes and the like: every character counts and must be told apart. */
  readonly mono?: boolean
}

export interface Picture {
  readonly sha256: string
  readonly caption: string
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** A strip of equal tiles side by side, which may be set in several rows. */
  readonly tiles?: number
}

export type Block =
  | {
      readonly type: 'heading'
      readonly level: 2 | 3
      readonly text: string
      readonly tag?: string
      /** On paper. */ readonly newPage?: boolean
    }
  | { readonly type: 'paragraph'; readonly text: string; readonly tone?: 'lead' | 'note' | 'quote' }
  | { readonly type: 'facts'; readonly rows: readonly Fact[] }
  | {
      readonly type: 'table'
      readonly caption?: string
      /** `share`: relative width; `own`: sentences of the program, from left to right whatever names they hold. */
      readonly columns: readonly {
        readonly label: string
        readonly share: number
        readonly mono?: boolean
        readonly own?: boolean
      }[]
      readonly rows: readonly (readonly string[])[]
    }
  | {
      readonly type: 'list'
      readonly caption?: string
      readonly items: readonly {
        readonly text: string
        readonly badge?: 'strong' | 'some' | 'context'
        readonly detail?: string
      }[]
    }
  | { readonly type: 'band'; readonly band: Band; readonly words: string; readonly note: string }
  | { readonly type: 'strip'; readonly picture: Picture }
  /** Lines, not pixels: sharp at any size. */
  | { readonly type: 'drawing'; readonly drawing: Drawing; readonly caption: string }
  | { readonly type: 'pictures'; readonly pictures: readonly Picture[] }
  /** Machine findings and human judgements each have their own look and never share a panel. */
  | {
      readonly type: 'panel'
      readonly by: 'machine' | 'analyst'
      readonly title: string
      readonly blocks: readonly Block[]
    }

export interface DocumentSection {
  readonly id: string
  readonly title: string
  /** On paper. */
  readonly newPage?: boolean
  readonly blocks: readonly Block[]
}

/** What formats write around the contents; all of it text, so that it can go to a thread. See `words/en.ts`. */
export interface FrameWords extends Readonly<Omit<Words['frame'], 'subject' | 'made'>> {
  /** BCP 47 tag of the fixed words. */
  readonly language: ReportLanguage
  /** Of the file as a whole: the kind of document with its mark. */
  readonly subject: string
  /** Producer and moment, for the foot of each page. */
  readonly made: string
}

export interface ReportDocument {
  readonly words: FrameWords
  readonly title: string
  readonly tlp: Tlp
  /** What the mark allows, in one sentence. */
  readonly handling: string
  readonly question: string
  readonly facts: readonly Fact[]
  readonly generatedAt: string
  readonly producer: string
  readonly sections: readonly DocumentSection[]
}

const SECTIONS: Readonly<Record<ReportSection, (snapshot: ReportSnapshot, words: Words) => DocumentSection>> = {
  summary: glance,
  evidence: evidenceSection,
  figures: figureSection,
  judgements: judgementSection,
  analysis: analysisSection,
  records: recordSection,
  method: methodSection,
}

/**
 * Pure: equal snapshots give equal documents. What was withheld stands at the end, and cannot be left out.
 *
 * @param words default: those of the language that the snapshot names
 */
export function reportDocument(
  untrustedSnapshot: ReportSnapshot,
  words: Words = wordsIn(untrustedSnapshot.language),
): ReportDocument {
  const snapshot = neutralised(untrustedSnapshot)
  const front = cover(snapshot, words)
  const sections = snapshot.order
    .filter((id) => !snapshot.omit.includes(id))
    .map((id) => SECTIONS[id](snapshot, words))
    .filter((section) => section.blocks.length > 0)
  return { ...front, sections: [...sections, ...redactionSection(snapshot, words, [front, sections])] }
}

/** Every picture that a document shows, each once. */
export function picturesOf(document: ReportDocument): Picture[] {
  const found = new Map<string, Picture>()
  const visit = (blocks: readonly Block[]): void => {
    for (const block of blocks) {
      if (block.type === 'strip') found.set(block.picture.sha256, block.picture)
      if (block.type === 'pictures') for (const picture of block.pictures) found.set(picture.sha256, picture)
      if (block.type === 'panel') visit(block.blocks)
    }
  }
  for (const section of document.sections) visit(section.blocks)
  return [...found.values()]
}
