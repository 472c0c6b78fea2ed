/** Starting points for reports: three that come with the program, and those that a desk saved in its library. */
import type { ReportTemplate } from '../contract/reports.ts'
import { ReportTemplate as Schema } from '../contract/reports.ts'
import { Failure } from '../errors.ts'
import type { Actor, Library } from '../store/library.ts'
import { removeView, savedViews, saveView } from '../store/search/views.ts'

/** Saved under this in the table of saved views: a template is what the Report screen was set to. */
const SCREEN = 'report'

const template = (name: string, fields: object): ReportTemplate => Schema.parse({ id: null, name, ...fields })

/** One for each kind of reader. Which names to cover in a case is for the analyst to say. */
const BUILT_IN: readonly ReportTemplate[] = [
  template('public', {
    tlp: 'CLEAR',
    omit: ['custody'],
    order: ['summary', 'judgements', 'figures', 'analysis', 'records', 'evidence', 'method'],
    redaction: { analysts: true, faces: 'cover', hashes: 'withhold', reason: 'protection of persons' },
  }),
  template('partner', { redaction: { analysts: true, reason: 'protection of staff' } }),
  template('court', { order: ['summary', 'evidence', 'judgements', 'method', 'analysis', 'figures', 'records'] }),
]

/** Those that come with the program first, then by name. */
export const listTemplates = (lib: Library): ReportTemplate[] => [...BUILT_IN, ...saved(lib)]

function saved(lib: Library): ReportTemplate[] {
  return savedViews(lib, SCREEN).flatMap(({ id, name, query }) => {
    const read = Schema.safeParse({ ...query, id, name })
    return read.success ? [read.data] : []
  })
}

/** One with the same name is replaced. @throws Failure request.invalid for the name of one that comes with the program */
export function saveTemplate(lib: Library, fields: Omit<ReportTemplate, 'id'>, actor: Actor): ReportTemplate {
  const { name, ...query } = fields
  requireOwn(name)
  const { id } = saveView(lib, { name, screen: SCREEN, query, caseId: null }, actor)
  return { ...fields, id }
}

/** @throws Failure report.no-template | request.invalid where another has the name */
export function renameTemplate(lib: Library, id: string, name: string, actor: Actor): ReportTemplate {
  const known = saved(lib)
  const one = known.find((template) => template.id === id)
  if (!one) throw new Failure('report.no-template')
  if (one.name === name) return one
  requireOwn(name)
  if (known.some((template) => template.name === name))
    throw new Failure('request.invalid', `There is a template “${name}” already.`)
  const renamed = saveTemplate(lib, { ...one, name }, actor)
  removeView(lib, id, actor)
  return renamed
}

/** @throws Failure report.no-template */
export function removeTemplate(lib: Library, id: string, actor: Actor): void {
  if (!saved(lib).some((template) => template.id === id)) throw new Failure('report.no-template')
  removeView(lib, id, actor)
}

function requireOwn(name: string): void {
  if (BUILT_IN.some((template) => template.name === name))
    throw new Failure('request.invalid', `The template “${name}” comes with the program; choose another name.`)
}
