/** What a report holds, from the command line: a template first, and what is said beside it on top of that. */
import { Option, type Command } from 'commander'
import { readFile } from 'node:fs/promises'
import { Redaction } from '../../contract/redaction.ts'
import {
  REPORT_SECTIONS,
  ReportLanguage,
  ReportPart,
  ReportSection,
  type ReportLayout,
} from '../../contract/report-layout.ts'
import { Failure } from '../../errors.ts'
import type { Client } from './session.ts'

export interface LayoutOptions {
  readonly template?: string
  readonly sections?: string
  readonly without?: string
  readonly language?: ReportLanguage
  readonly redact?: string
}

export const LAYOUT_HELP = `
A template is "public", "partner" or "court", or one that was saved on the Report screen. Sections, in the order
wanted: ${REPORT_SECTIONS.join(', ')}. --without leaves out sections, or findings, custody, pictures.

--redact takes a JSON file, for example
  { "names": [{ "texts": ["Jane Roe", "@janeroe"], "label": "Witness A", "reason": "a minor" }],
    "analysts": true, "faces": "cover", "hashes": "withhold", "reason": "protection of persons" }
and takes the place of the template's own redaction. A name may also be a record: { "recordId": "…" }.`

export const withLayout = (command: Command): Command =>
  command
    .option('--template <name>', 'begin with a template')
    .option('--sections <list>', 'sections in this order, with commas between them; all others are left out')
    .option('--without <list>', 'sections and parts to leave out')
    .addOption(
      new Option('--language <language>', 'of the fixed words (default: that of the template, or English)').choices(
        ReportLanguage.options,
      ),
    )
    .option('--redact <file>', 'JSON that says which names, faces and regions to cover')

/** @throws Failure report.no-template | request.invalid */
export async function layoutOf(
  client: Client,
  given: LayoutOptions & { tlp?: ReportLayout['tlp'] },
): Promise<ReportLayout & { redaction: Redaction }> {
  const { tlp, omit, order, language, redaction } = await template(client, given.template)
  const sections = listed(given.sections, '--sections', ReportSection.options)
  const without = listed(given.without, '--without', ReportPart.options)
  const left = sections ? REPORT_SECTIONS.filter((section) => !sections.includes(section)) : omit
  return {
    tlp: given.tlp ?? tlp,
    omit: [...new Set([...left, ...(sections ? omit.filter((part) => !isSection(part)) : []), ...(without ?? [])])],
    order: sections ?? order,
    language: given.language ?? language,
    redaction: given.redact === undefined ? redaction : await redactionIn(given.redact),
  }
}

const isSection = (part: string): boolean => (REPORT_SECTIONS as readonly string[]).includes(part)

async function template(client: Client, name: string | undefined): Promise<ReportLayout & { redaction: Redaction }> {
  if (name === undefined) return { tlp: null, omit: [], order: [], language: 'en', redaction: Redaction.parse({}) }
  const known = await client.reports.templates()
  const found = known.find((one) => one.name === name)
  if (!found)
    throw new Failure('report.no-template', `“${name}”; there are ${known.map((one) => one.name).join(', ')}.`)
  return found
}

function listed<T extends string>(text: string | undefined, option: string, known: readonly T[]): T[] | null {
  if (text === undefined) return null
  return text.split(',').map((part) => {
    const found = known.find((one) => one === part.trim())
    if (!found) throw new Failure('request.invalid', `${option}: “${part.trim()}” is none of ${known.join(', ')}.`)
    return found
  })
}

async function redactionIn(file: string): Promise<Redaction> {
  const untrustedText = await readFile(file, 'utf8').catch(() => {
    throw new Failure('request.invalid', `--redact: ${file} cannot be read.`)
  })
  let untrusted: unknown
  try {
    untrusted = JSON.parse(untrustedText)
  } catch {
    throw new Failure('request.invalid', `--redact: ${file} is no JSON.`)
  }
  // A word that is not known would be something that was to be covered and is not.
  const read = Redaction.strict().safeParse(untrusted)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new Failure('request.invalid', `--redact: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim())
}
