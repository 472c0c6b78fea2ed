/** What a report holds, in which order, in which language: everything that does not depend on the case. */
import { z } from 'zod'
import { Tlp } from './common.ts'

/** Sections in the order in which they stand unless another is chosen. */
export const REPORT_SECTIONS = [
  'summary',
  'evidence',
  'figures',
  'judgements',
  'analysis',
  'records',
  'method',
] as const
export const ReportSection = z.enum(REPORT_SECTIONS)
export type ReportSection = z.infer<typeof ReportSection>
/**
 * What can be left out: sections, and parts that stand inside sections. `entities` leaves out everything that records
 * say, `analysis`, `figures` and `records` together; `findings` and `custody` stand inside `evidence`.
 */
export const ReportPart = z.enum([...REPORT_SECTIONS, 'findings', 'custody', 'pictures', 'entities'])
export type ReportPart = z.infer<typeof ReportPart>

/** Languages of the fixed words. What people and detectors wrote stays as it is. */
export const ReportLanguage = z.enum(['en', 'fr', 'de', 'es'])
export type ReportLanguage = z.infer<typeof ReportLanguage>

export const ReportLayout = z.object({
  /** The report's own mark; it may not be lower than that of anything inside. Default: the case's. */
  tlp: Tlp.nullable().default(null),
  omit: z.array(ReportPart).max(20).default([]),
  /** Sections in the order wanted; those not named follow in their own order. */
  order: z.array(ReportSection).max(20).default([]),
  language: ReportLanguage.default('en'),
})
export type ReportLayout = z.infer<typeof ReportLayout>

/** Every section once: those named first, in that order. */
export const sectionOrder = (order: readonly ReportSection[]): ReportSection[] => [
  ...new Set([...order, ...REPORT_SECTIONS]),
]

/** What follows from what is left out: a part goes with the section that it stands in. */
export function leftOut(omit: readonly ReportPart[]): ReportPart[] {
  const all = new Set(omit)
  if (all.has('evidence')) all.add('findings').add('custody')
  const spoken = ['analysis', 'figures', 'records'] as const
  if (spoken.every((part) => all.has(part))) all.add('entities')
  if (all.has('entities')) for (const part of spoken) all.add(part)
  return [...all]
}
