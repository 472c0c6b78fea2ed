/**
 * The method appendix for programs: which findings were made from which bytes, by which versions, models, parameters and
 * decoder, with what came out. `assay rerun` repeats them from it. Curves are left out; a bundle has them.
 */
import { z } from 'zod'
import { Id, Instant, Sha256, Tlp } from '../contract/common.ts'
import { Finding } from '../contract/findings.ts'
import { canonical } from '../store/audit.ts'
import { itemTag } from './content/glance.ts'
import type { RenderInput } from './formats.ts'
import { escaped } from './neutralised.ts'

export const MethodAppendix = z.object({
  format: z.literal('assay-method'),
  version: z.literal(1),
  title: z.string(),
  tlp: Tlp,
  caseId: Id,
  generatedAt: Instant,
  producer: z.string(),
  evidence: z
    .array(
      z.object({
        id: Id,
        tag: z.string(),
        name: z.string(),
        sha256: Sha256,
        size: z.number().int().positive(),
        /** SHA-256 of the filmstrip; null where there is none. */
        filmstrip: Sha256.nullable(),
      }),
    )
    .max(100_000),
  findings: z.array(Finding).max(1_000_000),
})
export type MethodAppendix = z.infer<typeof MethodAppendix>

/** Equal snapshots give equal bytes. */
export function methodReport({ snapshot }: RenderInput): Uint8Array {
  const omitted = snapshot.omit.includes('findings')
  const appendix: MethodAppendix = {
    format: 'assay-method',
    version: 1,
    title: snapshot.title,
    tlp: snapshot.tlp,
    caseId: snapshot.case.id,
    generatedAt: snapshot.generatedAt,
    producer: `Assay ${snapshot.versions.assay}`,
    evidence: snapshot.items.map(({ evidence, filmstrip }, place) => ({
      id: evidence.id,
      tag: itemTag(place),
      name: evidence.name,
      sha256: evidence.sha256,
      size: evidence.size,
      filmstrip: filmstrip?.sha256 ?? null,
    })),
    findings: omitted
      ? []
      : snapshot.items
          .flatMap((item) => item.findings)
          .map((finding) => ({ ...finding, output: { ...finding.output, tracks: [] } })),
  }
  return Buffer.from(escaped(JSON.stringify(JSON.parse(canonical(appendix)), null, 2)) + '\n')
}
