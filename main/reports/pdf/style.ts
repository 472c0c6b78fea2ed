/** The look of the PDF report: A4, measures in points. */
export const INK = '#18202b'
export const MUTED = '#586473'
export const RULE = '#dbe0e6'
export const ACCENT = '#14566b'
export const PANEL = {
  machine: { line: '#3a5a8c', soft: '#f4f7fb' },
  analyst: { line: '#8a5a12', soft: '#fbf7ef' },
} as const
export const BADGE = { strong: '#a3262a', some: '#8f5b00', context: MUTED } as const
export const BAND = { strong: '#a3262a', some: '#8f5b00', none: INK, inconclusive: INK } as const

export const SIZE = {
  body: 9.5,
  small: 8,
  tiny: 7.5,
  lead: 12,
  title: 24,
  section: 16,
  item: 12.5,
  signal: 10.5,
} as const

/** Height of a line, times the size of its letters. */
export const LINE = 1.4

/** Points. */
export const PAGE = { width: 595.28, height: 841.89, top: 24, bottom: 22, side: 46 } as const
/** Text width of a page: A4 less its margins. */
export const WIDTH = PAGE.width - 2 * PAGE.side
/** What stands at head and foot of every page, and the space between that and the text. */
const MARGIN = { line: SIZE.small * LINE + 2, gap: 6.5, head: 14, foot: 12 } as const
export const HEAD = { top: PAGE.top, height: MARGIN.line, rule: PAGE.top + MARGIN.line + MARGIN.gap - 0.5 } as const
export const FOOT = {
  top: PAGE.height - PAGE.bottom - MARGIN.line,
  height: MARGIN.line,
  rule: PAGE.height - PAGE.bottom - MARGIN.line - MARGIN.gap,
} as const
/** Between them: where the text stands. */
export const BODY = { top: HEAD.rule + 0.5 + MARGIN.head, bottom: FOOT.rule - MARGIN.foot } as const
