/** The look of the PDF report: A4, measures in points. */
import { FAMILIES } from './fonts.ts'

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

/** Stands on every text beside its size: one inherited from the page would be multiplied again at each layout. */
export const LINE = 1.4

export const page = {
  paddingTop: 24,
  paddingBottom: 22,
  paddingHorizontal: 46,
  fontFamily: FAMILIES,
  fontSize: SIZE.body,
  color: INK,
} as const

/** Text width of a page: A4 less its margins. */
export const WIDTH = 595.28 - 2 * page.paddingHorizontal
