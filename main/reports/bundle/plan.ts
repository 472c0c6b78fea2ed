/** What goes into a bundle, under which name and in which order. */
import type { SealInput } from '../../contract/bundles.ts'
import { FORMAT_FILES, type ReportFormat } from '../../contract/reports.ts'
import type { EvidenceFile } from '../../jobs/protocol.ts'
import { canonical } from '../../store/audit.ts'
import type { Finding } from '../../contract/findings.ts'
import { itemTag } from '../content/glance.ts'
import type { ReportItem, ReportSnapshot } from '../snapshot.ts'
import { CONTENTS, type Contents } from '../verify/contents.ts'
import { RECORDS, type BundleRecords } from '../received/records.ts'
import { createNames, safeName } from './names.ts'

/** A file of the bundle: bytes that are at hand, or a file that is read while it is written and must have its hash. */
export type Planned =
  { readonly path: string; readonly bytes: Uint8Array } | { readonly path: string; readonly file: EvidenceFile }

/** A derived picture that is there and whole, or that is not. */
export interface PlannedDerivative {
  readonly sha256: string
  readonly role: 'exhibit' | 'filmstrip'
  readonly mime: string
  readonly evidenceId: string
  readonly file: EvidenceFile | null
}

export interface PlanInput {
  readonly snapshot: ReportSnapshot
  readonly reports: ReadonlyMap<ReportFormat, Uint8Array>
  readonly evidence: SealInput['evidence']
  readonly original: (evidenceId: string) => EvidenceFile
  /** With their curves. */
  readonly findings: readonly Finding[]
  readonly derivatives: readonly PlannedDerivative[]
  /** For other programs, by path; and the records whole. */
  readonly exchange: ReadonlyMap<string, Uint8Array>
  readonly records: BundleRecords
  readonly audit: { readonly text: string; readonly count: number; readonly head: string | null }
}

/** The payload, in the order in which it is written. */
export function planPayload(input: PlanInput): Planned[] {
  const { snapshot, reports, audit, findings } = input
  const give = createNames()
  const wanted = ({ evidence }: ReportItem): boolean =>
    input.evidence === 'all' || (Array.isArray(input.evidence) && input.evidence.includes(evidence.id))
  const items = snapshot.items.map((item, place) => ({
    item,
    tag: itemTag(place),
    path: wanted(item) ? give(`data/evidence/${itemTag(place)}-${safeName(item.evidence.name)}`) : null,
  }))
  const derivatives = input.derivatives.map((one) => ({
    ...one,
    path: one.file && `data/derivatives/${one.sha256}.${one.mime.split('/')[1]}`,
  }))
  const custody = snapshot.omit.includes('custody')
    ? []
    : snapshot.items.map((item) => ({ evidenceId: item.evidence.id, entries: item.custody }))
  const written = [...reports].map(([format, bytes]) => ({
    format,
    bytes,
    path: `data/report/report.${FORMAT_FILES[format].extension}`,
  }))
  const contents: Contents = {
    format: 'assay-bundle',
    version: 1,
    title: snapshot.title,
    tlp: snapshot.tlp,
    caseId: snapshot.case.id,
    libraryId: snapshot.library.id,
    libraryName: snapshot.library.name,
    sealedAt: snapshot.generatedAt,
    producer: `Assay ${snapshot.versions.assay}`,
    evidence: items.map(({ item: { evidence }, tag, path }) => ({
      id: evidence.id,
      tag,
      name: evidence.name,
      sha256: evidence.sha256,
      blake3: evidence.blake3,
      size: evidence.size,
      file: path,
    })),
    reports: written.map(({ format, path }) => ({ format, file: path })),
    derivatives: derivatives.map(({ sha256, role, evidenceId, path }) => ({ sha256, file: path, role, evidenceId })),
    record: { file: 'data/case.json' },
    records: { file: RECORDS },
    exchange: [...input.exchange.keys()],
    findings: { file: 'data/findings.json', count: findings.length },
    custody: { file: 'data/custody.json', count: custody.reduce((sum, one) => sum + one.entries.length, 0) },
    audit: { file: 'data/audit.jsonl', links: audit.count, head: audit.head },
    models: modelsOf(findings),
    decoders: [...new Set(findings.map(({ output }) => output.provenance.ffmpeg))].filter(Boolean).sort(),
  }
  const files = new Map<string, EvidenceFile>()
  for (const { item, path } of items) if (path) files.set(path, input.original(item.evidence.id))
  for (const { path, file } of derivatives) if (path && file) files.set(path, file)
  const planned: Planned[] = [
    { path: CONTENTS, bytes: json(contents) },
    { path: contents.record.file, bytes: json(record(snapshot)) },
    { path: contents.findings.file, bytes: json(findings) },
    { path: contents.custody.file, bytes: json(custody) },
    { path: contents.audit.file, bytes: Buffer.from(audit.text) },
    { path: RECORDS, bytes: json(input.records) },
    ...[...input.exchange].map(([path, bytes]) => ({ path, bytes })),
    ...written.map(({ path, bytes }) => ({ path, bytes })),
    ...[...files].map(([path, file]) => ({ path, file })),
  ]
  return planned.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Canonical, so that equal contents have equal bytes; on one line, since it is for programs. */
const json = (value: unknown): Uint8Array => Buffer.from(canonical(value) + '\n')

/** The case as it was, without what the report leaves out. */
function record({ case: fields, omit, items, entities, relations }: ReportSnapshot): object {
  return {
    case: fields,
    evidence: items.map(({ evidence, filedAt, note, facts }) => ({ evidence, filedAt, note, facts })),
    judgements: omit.includes('judgements') ? [] : items.flatMap((item) => item.judgements),
    entities,
    relations,
  }
}

function modelsOf(findings: readonly Finding[]): Contents['models'] {
  const models = new Map(
    findings.flatMap(({ output: { provenance } }) =>
      provenance.model ? [[`${provenance.model.id} ${provenance.model.sha256}`, provenance.model] as const] : [],
    ),
  )
  return [...models]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { id, version, sha256 }]) => ({ id, version, sha256 }))
}
