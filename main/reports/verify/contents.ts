/** `data/bundle.json`: what a bundle says that it holds, and whether it does. */

export const CONTENTS = 'data/bundle.json'

export interface ContentsEvidence {
  readonly id: string
  readonly tag: string
  readonly name: string
  readonly sha256: string
  readonly blake3: string
  readonly size: number
  /** Path in the bundle; null where only its hashes are. */
  readonly file: string | null
}

export interface Contents {
  readonly format: 'assay-bundle'
  readonly version: 1
  readonly title: string
  readonly tlp: string
  readonly caseId: string
  readonly libraryId: string
  readonly libraryName: string
  readonly sealedAt: string
  readonly producer: string
  readonly evidence: readonly ContentsEvidence[]
  readonly reports: readonly { readonly format: string; readonly file: string }[]
  readonly derivatives: readonly {
    readonly sha256: string
    readonly file: string | null
    readonly role: string
    readonly evidenceId: string
  }[]
  /** Case, records, judgements. */
  readonly record: { readonly file: string }
  /** The records whole, for a library that takes them in. Null where some of what they say is withheld. */
  readonly records?: { readonly file: string } | null
  /** STIX, MISP and tables, by path. */
  readonly exchange?: readonly string[]
  readonly findings: { readonly file: string; readonly count: number }
  readonly custody: { readonly file: string; readonly count: number }
  readonly audit: { readonly file: string; readonly links: number; readonly head: string | null }
  /** What measured: see data/findings.json for which finding used which. */
  readonly models: readonly { readonly id: string; readonly version: string; readonly sha256: string }[]
  readonly decoders: readonly string[]
}

/** Null for what is none. Only what is used here is looked at. */
export function parseContents(text: string): Contents | null {
  try {
    const value = JSON.parse(text) as Contents
    const lists = [value.evidence, value.reports, value.derivatives]
    const files = [value.record, value.findings, value.custody, value.audit, ...(value.records ? [value.records] : [])]
    if (value.exchange !== undefined && !isTexts(value.exchange)) return null
    if (value.format !== 'assay-bundle' || value.version !== 1 || !lists.every(Array.isArray)) return null
    return files.every((part) => typeof part?.file === 'string') ? value : null
  } catch {
    return null
  }
}

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((one) => typeof one === 'string')

/** @param payload SHA-256 by path of every payload file that the manifest lists */
export function checkContents(
  contents: Contents,
  payload: ReadonlyMap<string, string>,
): { path: string; message: string }[] {
  const problems: { path: string; message: string }[] = []
  const declared = new Set<string>([CONTENTS])
  const need = (path: string | null, what: string, sha256?: string): void => {
    if (path === null) return
    declared.add(path)
    const found = payload.get(path)
    if (found === undefined) problems.push({ path, message: `${what} is not in the bundle.` })
    else if (sha256 !== undefined && found !== sha256)
      problems.push({ path, message: `${what} is not the one whose hash the record gives.` })
  }
  for (const item of contents.evidence) need(item.file, `Evidence ${item.tag}`, item.sha256)
  for (const report of contents.reports) need(report.file, `The ${report.format} report`)
  for (const one of contents.derivatives) need(one.file, `A ${one.role}`, one.sha256)
  need(contents.record.file, 'The case record')
  if (contents.records) need(contents.records.file, 'The records for a merge')
  for (const path of contents.exchange ?? []) need(path, 'A file for other programs')
  need(contents.findings.file, 'The list of findings')
  need(contents.custody.file, 'The custody log')
  need(contents.audit.file, 'The audit chain')
  for (const path of payload.keys())
    if (!declared.has(path)) problems.push({ path, message: 'bundle.json does not name this file.' })
  return problems
}
