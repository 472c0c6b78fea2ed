/** Content Credentials as observations, a table and marks. */
import type { Observation } from '../../contract/signals.ts'
import { neutralise } from '../../media/untrusted.ts'
import type { ExhibitTable } from '../signal.ts'
import type { Credentials } from './c2pa-read.ts'
import { actionsOf, generatorOf, type Manifest, type ManifestStore, type Status } from './c2pa-store.ts'
import { manifestTable, statusTable } from './c2pa-tables.ts'

export interface CredentialsReport {
  readonly observations: Observation[]
  readonly tables: ExhibitTable[]
  /** Claim generators and software agents, for the table of marks. */
  readonly claims: string[]
  /** Time of the active manifest's signature, as stated; null where there is none. */
  readonly signed: string | null
  /** For the explanation: "Content Credentials: none". */
  readonly summary: string
}

const SPEC = 'C2PA Technical Specification 2.2'

/** Codes that say that content or credentials were changed after signing (specification, 15.2 "Validation status codes"). */
const ALTERED =
  /^assertion\.(?:dataHash|bmffHash|boxesHash|collectionHash|hashedURI)\.mismatch$|^claimSignature\.mismatch$/u
/** Codes that only say that the signer's certificate could not be judged from the file alone. */
const CERTIFICATE = /^(?:signingCredential|timeStamp|claimSignature\.outsideValidity|cawg)\b/u

/** IPTC digital source types that C2PA actions use, by the last part of their address. */
const SOURCE_TYPES: Readonly<Record<string, { readonly text: string; readonly weight: Observation['weight'] }>> = {
  trainedAlgorithmicMedia: { text: 'made by a generative model', weight: 'strong' },
  compositeWithTrainedAlgorithmicMedia: { text: 'edited or composed with a generative model', weight: 'strong' },
  compositeSynthetic: { text: 'a composite that holds synthetic elements', weight: 'strong' },
  algorithmicMedia: { text: 'made purely by an algorithm, without training data', weight: 'some' },
  digitalCapture: { text: 'captured from a real scene by a digital device', weight: 'context' },
  computationalCapture: { text: 'captured from a real scene with computational processing', weight: 'context' },
  composite: { text: 'a composite of several elements', weight: 'some' },
  screenCapture: { text: 'a recording of a screen', weight: 'context' },
  humanEdits: { text: 'edited by a person', weight: 'context' },
}

const observation = (code: string, text: string, weight: Observation['weight'], reference?: string): Observation => ({
  code: `provenance.${code}`,
  text,
  weight,
  ...(reference ? { reference } : {}),
})
const none = (observations: Observation[], summary: string): CredentialsReport => ({
  observations,
  tables: [],
  claims: [],
  signed: null,
  summary,
})

/** @param initialisationOnly the file is a DASH initialisation segment: there is no media to check the hashes against */
export function reportCredentials(credentials: Credentials, initialisationOnly: boolean): CredentialsReport {
  switch (credentials.state) {
    case 'none':
      return none(
        [
          observation(
            'c2pa-none',
            'No Content Credentials. Most videos have none, and most platforms remove them.',
            'context',
          ),
        ],
        'no Content Credentials',
      )
    case 'not-carried':
      return none([], 'no Content Credentials can be read from this format')
    case 'remote':
      return none(
        [
          observation(
            'c2pa-remote',
            `The file points to Content Credentials at ${credentials.address}. Nothing was fetched; an analyst with a network can look there.`,
            'context',
            `${SPEC}, 11.4 "Locating the manifest store"`,
          ),
        ],
        'Content Credentials are kept elsewhere',
      )
    case 'unreadable':
      return none(
        [
          observation(
            'c2pa-unreadable',
            `The place of Content Credentials could not be read (${credentials.reason}). The file is damaged or was built by hand.`,
            'some',
          ),
        ],
        'Content Credentials could not be read',
      )
    case 'present':
      return reportStore(credentials.store, initialisationOnly)
  }
}

function reportStore(store: ManifestStore, initialisationOnly: boolean): CredentialsReport {
  const label = store.active_manifest ?? ''
  const active = store.manifests[label]
  const results = store.validation_results
  const failures = results?.activeManifest?.failure ?? []
  const ingredientFailures = (results?.ingredientDeltas ?? []).flatMap((d) => d.validationDeltas?.failure ?? [])
  const observations = [
    ...integrity(failures, active, initialisationOnly),
    ...ingredientIntegrity(ingredientFailures),
    ...declared(store, label),
  ]
  const intact = !failures.some(({ code }) => !CERTIFICATE.test(code))
  return {
    observations,
    tables: [manifestTable(store, label), statusTable(results?.activeManifest ?? {})],
    claims: Object.values(store.manifests).flatMap(claimsOf),
    signed: active?.signature_info?.time ?? null,
    summary: intact
      ? 'Content Credentials present, signature and hashes match'
      : initialisationOnly
        ? 'Content Credentials present, media missing'
        : 'Content Credentials present, but they do not match the file',
  }
}

function integrity(
  failures: readonly Status[],
  active: Manifest | undefined,
  initialisationOnly: boolean,
): Observation[] {
  const altered = failures.filter(({ code }) => ALTERED.test(code))
  const certificate = failures.filter(({ code }) => CERTIFICATE.test(code))
  const other = failures.filter(({ code }) => !ALTERED.test(code) && !CERTIFICATE.test(code))
  const found: Observation[] = []
  if (altered.length > 0 && initialisationOnly)
    found.push(
      observation(
        'c2pa-incomplete',
        'The Content Credentials belong to a stream of which only the first segment is here: its media cannot be checked.',
        'context',
      ),
    )
  else if (altered.length > 0)
    found.push(
      observation(
        'c2pa-altered',
        `The Content Credentials do not match the file (${codes(altered)}): the content or the credentials were changed after signing.`,
        'strong',
        `${SPEC}, 15.2 "Validation status codes"`,
      ),
    )
  if (other.length > 0)
    found.push(
      observation(
        'c2pa-invalid',
        `The Content Credentials break the specification (${codes(other)}).`,
        'some',
        `${SPEC}, chapter 15`,
      ),
    )
  if (altered.length === 0 && other.length === 0)
    found.push(observation('c2pa-valid', signedBy(active), 'context', SPEC))
  if (certificate.length > 0)
    found.push(
      observation(
        'c2pa-certificate',
        `The signer's certificate could not be confirmed from the file alone (${codes(certificate)}).`,
        'context',
        SPEC,
      ),
    )
  return found
}

function signedBy(active: Manifest | undefined): string {
  const info = active?.signature_info
  const who = [info?.common_name, info?.issuer].filter(Boolean).map((name) => neutralise(name!, 100))
  const when = info?.time ? ` on ${neutralise(info.time, 40)}` : ' at a time that is not stated'
  return (
    `Content Credentials are present; the signature is intact and the content matches its hashes. ` +
    `Signed${when} with a certificate ${who.length > 0 ? `in the name of ${who.join(', ')}` : 'without a name'}. ` +
    'The signer was not checked against a trust list: none is shipped, and anybody can sign.'
  )
}

const ingredientIntegrity = (failures: readonly Status[]): Observation[] => {
  const altered = failures.filter(({ code }) => ALTERED.test(code))
  return altered.length > 0
    ? [
        observation(
          'c2pa-ingredient-altered',
          `The Content Credentials of a source that this file was made from do not match it (${codes(altered)}).`,
          'some',
          `${SPEC}, 15.2 "Validation status codes"`,
        ),
      ]
    : []
}

/** What the manifests say the content is. A generator among the ingredients counts as much as in the active manifest. */
function declared(store: ManifestStore, label: string): Observation[] {
  const found = new Map<string, Observation>()
  for (const [name, manifest] of Object.entries(store.manifests))
    for (const { digitalSourceType, action } of actionsOf(manifest)) {
      const kind = /([A-Za-z]+)$/u.exec(digitalSourceType ?? '')?.[1] ?? ''
      const known = SOURCE_TYPES[kind]
      if (!known) continue
      const whose = name === label ? 'this file' : 'a source that this file was made from'
      const code = known.weight === 'strong' ? 'c2pa-generative' : `c2pa-source-${kind}`
      found.set(
        `${code} ${whose}`,
        observation(
          code,
          `The Content Credentials declare ${whose} to be ${known.text} (digitalSourceType ${kind}, action ${neutralise(action, 60)}).`,
          known.weight,
          'IPTC Digital Source Type vocabulary; C2PA Technical Specification 2.2, 18.15 "Actions"',
        ),
      )
    }
  return [...found.values()]
}

/** Claim generator and software agents of a manifest. */
const claimsOf = (manifest: Manifest): string[] =>
  [
    generatorOf(manifest),
    ...actionsOf(manifest).map(({ softwareAgent: agent }) => (typeof agent === 'string' ? agent : (agent?.name ?? ''))),
  ].map((name) => neutralise(name, 200))

const codes = (list: readonly Status[]) => [...new Set(list.map(({ code }) => neutralise(code, 60)))].join(', ')
