/**
 * The custody chain as JSON-LD in the terms of CASE 1.4 and UCO 1.4: the investigation, each item with its hashes, a
 * provenance record for it, and each step of its custody as an investigative action that follows the one before.
 */
import { uuid5 } from '../store/findings.ts'
import { canonical } from '../store/audit.ts'
import { itemTag } from './content/glance.ts'
import type { RenderInput } from './formats.ts'
import type { ReportItem, ReportSnapshot } from './snapshot.ts'
import { neutralised } from './neutralised.ts'

/** Namespace of ids that have none in the library (RFC 9562, section 5.5): a random UUID, fixed for ever. */
const NAMESPACE = '0b5bb5a4-7a2b-4d0e-9a44-7f1d3f0d3c52'

const CONTEXT = {
  kb: 'urn:assay:',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  'case-investigation': 'https://ontology.caseontology.org/case/investigation/',
  'uco-action': 'https://ontology.unifiedcyberontology.org/uco/action/',
  'uco-core': 'https://ontology.unifiedcyberontology.org/uco/core/',
  'uco-identity': 'https://ontology.unifiedcyberontology.org/uco/identity/',
  'uco-observable': 'https://ontology.unifiedcyberontology.org/uco/observable/',
  'uco-tool': 'https://ontology.unifiedcyberontology.org/uco/tool/',
  'uco-types': 'https://ontology.unifiedcyberontology.org/uco/types/',
  'uco-vocabulary': 'https://ontology.unifiedcyberontology.org/uco/vocabulary/',
}

interface Node {
  readonly '@id': string
  readonly '@type': string
  readonly [property: string]: unknown
}
const ref = (node: { '@id': string }): { '@id': string } => ({ '@id': node['@id'] })
const time = (iso: string): object => ({ '@type': 'xsd:dateTime', '@value': iso })
const named = (kind: string, name: string): string => `kb:${kind}-${uuid5(NAMESPACE, `${kind} ${name}`)}`

/** Equal snapshots give equal bytes. */
export const caseUcoReport = ({ snapshot }: RenderInput): Uint8Array =>
  Buffer.from(JSON.stringify(JSON.parse(canonical(caseUco(neutralised(snapshot)))), null, 2) + '\n')

export function caseUco(snapshot: ReportSnapshot): { '@context': object; '@graph': Node[] } {
  const tool: Node = {
    '@id': named('tool', `Assay ${snapshot.versions.assay}`),
    '@type': 'uco-tool:Tool',
    'uco-core:name': 'Assay',
    'uco-tool:toolType': 'Workbench for suspect video',
    'uco-tool:version': snapshot.versions.assay,
  }
  const decoders = [
    ...new Set(snapshot.items.flatMap((item) => item.findings.map(({ output }) => output.provenance.ffmpeg))),
  ]
    .filter(Boolean)
    .sort()
    .map((name): Node => ({ '@id': named('tool', name), '@type': 'uco-tool:Tool', 'uco-core:name': name }))
  const actors = new Map(
    [...new Set(snapshot.items.flatMap((item) => item.custody.map((entry) => entry.actor)))].sort().map((name) => [
      name,
      {
        '@id': named('identity', `${snapshot.library.id} ${name}`),
        '@type': 'uco-identity:Identity',
        'uco-core:name': name,
      } satisfies Node,
    ]),
  )
  const items = snapshot.items.map((item, place) => itemNodes(item, place, snapshot, tool, actors))
  const investigation: Node = {
    '@id': `kb:investigation-${snapshot.case.id}`,
    '@type': 'case-investigation:Investigation',
    'uco-core:name': snapshot.case.title,
    'uco-core:description': [snapshot.case.question, snapshot.case.summary].filter(Boolean),
    'uco-core:objectMarking': { '@id': named('marking', snapshot.tlp) },
    'uco-core:object': items.flatMap(({ record, actions }) => [ref(record), ...actions.map(ref)]),
  }
  const marking: Node = {
    '@id': named('marking', snapshot.tlp),
    '@type': 'uco-core:MarkingDefinitionAbstraction',
    'uco-core:name': `TLP:${snapshot.tlp}`,
  }
  return {
    '@context': CONTEXT,
    '@graph': [
      investigation,
      marking,
      tool,
      ...decoders,
      ...actors.values(),
      ...items.flatMap(({ file, record, actions }) => [file, record, ...actions]),
    ],
  }
}

function itemNodes(
  item: ReportItem,
  place: number,
  snapshot: ReportSnapshot,
  tool: Node,
  actors: ReadonlyMap<string, Node>,
): { file: Node; record: Node; actions: Node[] } {
  const { evidence } = item
  const file: Node = {
    '@id': `kb:file-${evidence.id}`,
    '@type': 'uco-observable:File',
    'uco-core:hasFacet': [
      {
        '@id': named('file-facet', evidence.id),
        '@type': 'uco-observable:FileFacet',
        'uco-observable:fileName': evidence.name,
        ...(evidence.sha256 ? { 'uco-observable:sizeInBytes': evidence.size } : {}),
      },
      ...(evidence.sha256 ? [contentData(evidence)] : []),
    ],
  }

  const record: Node = {
    '@id': named('provenance-record', evidence.id),
    '@type': 'case-investigation:ProvenanceRecord',
    'case-investigation:exhibitNumber': itemTag(place),
    'uco-core:description': evidence.acquisitions
      .map((one) => [one.name, one.details.source, one.details.claimedPlace].filter(Boolean).join('; '))
      .filter(Boolean),
    'uco-core:object': ref(file),
  }
  const custody = snapshot.omit.includes('custody') ? [] : item.custody
  const actions = custody.map((entry, step): Node => {
    const before = custody[step - 1]
    return {
      '@id': named('investigative-action', `${evidence.id} ${entry.id}`),
      '@type': 'case-investigation:InvestigativeAction',
      'uco-core:name': entry.action,
      'uco-core:description': entry.detail,
      'uco-action:startTime': time(entry.at),
      'uco-action:endTime': time(entry.at),
      'uco-action:performer': ref(actors.get(entry.actor)!),
      'uco-action:instrument': ref(tool),
      'uco-action:object': ref(file),
      'uco-action:result': ref(record),
      ...(before
        ? {
            'case-investigation:wasInformedBy': {
              '@id': named('investigative-action', `${evidence.id} ${before.id}`),
            },
          }
        : {}),
    }
  })
  return { file, record, actions }
}

/** Nothing of it where hashes and exact sizes are withheld. */
const contentData = (evidence: ReportItem['evidence']): object => ({
  '@id': named('content-data-facet', evidence.id),
  '@type': 'uco-observable:ContentDataFacet',
  'uco-observable:sizeInBytes': evidence.size,
  'uco-observable:hash': [hash('SHA256', evidence.sha256), hash('BLAKE3', evidence.blake3)],
})

/** BLAKE3 stands outside the vocabulary of hash names, which is open. */
const hash = (method: string, value: string): object => ({
  '@id': named('hash', value),
  '@type': 'uco-types:Hash',
  'uco-types:hashMethod': method === 'SHA256' ? { '@type': 'uco-vocabulary:HashNameVocab', '@value': method } : method,
  'uco-types:hashValue': { '@type': 'xsd:hexBinary', '@value': value },
})
