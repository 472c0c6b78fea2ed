/** The bag's own words: bag-info.txt (RFC 8493, section 2.2.2) and README.txt. */
import type { ReportSnapshot } from '../snapshot.ts'
import type { Planned } from './plan.ts'

/** One element; what could look like another line does not. */
const element = (label: string, value: string): string =>
  `${label}: ${value
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}]/gu, '')
    .trim()}\n`

export function bagInfo(snapshot: ReportSnapshot, payload: readonly Planned[]): string {
  const bytes = payload.reduce((sum, one) => sum + ('bytes' in one ? one.bytes.length : one.file.size), 0)
  return [
    element('Source-Organization', snapshot.library.name),
    element('External-Description', snapshot.title),
    element('External-Identifier', snapshot.case.id),
    element('Bagging-Date', snapshot.generatedAt.slice(0, 10)),
    element('Bag-Software-Agent', `Assay ${snapshot.versions.assay}`),
    element('Payload-Oxum', `${bytes}.${payload.length}`),
    element('Handling-Mark', `TLP:${snapshot.tlp}`),
  ].join('')
}

export const readme = (snapshot: ReportSnapshot, fingerprint: string): string => `TLP:${snapshot.tlp}

This is a sealed bundle of one case, made by Assay ${snapshot.versions.assay} at ${snapshot.generatedAt}.

What is in it
  data/report/       the report, the same text in each format
  data/evidence/     originals, where they were included; bundle.json has the hashes of all of them
  data/derivatives/  filmstrips and exhibits that findings refer to
  data/case.json     the case, its records, relations and judgements
  data/records.json  the same records row by row, so that another library can take them in (assay merge)
  data/exchange/     the records for other programs: STIX 2.1, MISP, tables
  data/findings.json what was measured, with parameters, models and decoder
  data/custody.json  who did what to each item, when
  data/audit.jsonl   the audit chain: each link, with what it records where that is about this case
  data/bundle.json   the list of all this

How to check it
  Open verify.html in any browser and give it this folder or the zip; nothing leaves your machine.
  Or:  node verify.mjs
  Or:  assay verify BUNDLE

  Whoever can alter a bundle can alter the verifiers inside it as well. Use one that you have from elsewhere where it
  matters: every copy of Assay has them.

  The bundle was sealed with the key
    ${fingerprint}
  The signature says that whoever has that key sealed exactly this. Whose key it is you can know only from the desk:
  compare the fingerprint with the one they gave you another way.

The package is a BagIt 1.0 bag (RFC 8493); the signature is Ed25519 (RFC 8032) and stands in signature.json.
`
