/**
 * Makes main/cases/disarm/techniques.json from DISARM's own STIX bundle: ids, names and tactics, nothing else.
 * `node scripts/node24.mjs scripts/make-disarm.ts [--data DIR]`; DIR is the development data, else ASSAY_DATA, else
 * ../shared/data. The bundle names its kill chain `mitre-attack`; `disarm` is what Assay writes.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from './node24.mjs'

interface StixObject {
  type: string
  id: string
  name?: string
  modified?: string
  x_mitre_shortname?: string
  external_references?: { source_name: string; external_id?: string }[]
  kill_chain_phases?: { kill_chain_name: string; phase_name: string }[]
  relationship_type?: string
  source_ref?: string
  target_ref?: string
}

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: process.env['ASSAY_DATA'] ?? join(ROOT, '..', 'shared', 'data') },
  },
})
const { objects } = JSON.parse(readFileSync(join(values.data, 'vectors', 'disarm', 'DISARM.json'), 'utf8')) as {
  objects: StixObject[]
}
const externalId = (object: StixObject | undefined): string =>
  object?.external_references?.find(({ external_id: id }) => /^TA?\d/.test(id ?? ''))?.external_id ?? ''
const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1)

const tactics = objects
  .filter(({ type }) => type === 'x-mitre-tactic')
  .map((one) => ({ id: externalId(one), name: one.name ?? '', phase: one.x_mitre_shortname ?? '' }))
  .sort(byId)
const tacticOf = new Map(tactics.map(({ phase, id }) => [phase, id]))
const patterns = objects.filter(({ type }) => type === 'attack-pattern')
const patternOf = new Map(patterns.map((one) => [one.id, one]))
const parentOf = new Map(
  objects
    .filter((one) => one.relationship_type === 'subtechnique-of')
    .map((one) => [one.source_ref ?? '', externalId(patternOf.get(one.target_ref ?? ''))]),
)
const techniques = patterns
  .map((one) => ({
    id: externalId(one),
    name: (one.name ?? '').trim(),
    tactics: (one.kill_chain_phases ?? []).map(({ phase_name: phase }) => tacticOf.get(phase) ?? ''),
    ...(parentOf.has(one.id) ? { parent: parentOf.get(one.id) } : {}),
  }))
  .sort(byId)
const asOf = patterns.reduce((latest, { modified = '' }) => (modified > latest ? modified : latest), '').slice(0, 10)

const lines = (rows: readonly object[]): string => rows.map((row) => `    ${JSON.stringify(row)}`).join(',\n')
const head = {
  title: 'DISARM Framework: ids, names and tactics of its techniques',
  attribution: 'DISARM Foundation, DISARM Framework, https://github.com/DISARMFoundation/DISARMframeworks',
  licence: 'CC BY-SA 4.0, https://creativecommons.org/licenses/by-sa/4.0/',
  changes: 'Taken out of the STIX bundle: ids, names, tactics and parents only; sorted by id; kill chain named disarm.',
  asOf,
}
const text = `{
${Object.entries(head)
  .map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`)
  .join('\n')}
  "tactics": [
${lines(tactics)}
  ],
  "techniques": [
${lines(techniques)}
  ]
}
`
const target = join(ROOT, 'main', 'cases', 'disarm', 'techniques.json')
writeFileSync(target, text)
console.log(`${target}: ${tactics.length} tactics, ${techniques.length} techniques as of ${asOf}`)
