/** What repeating findings gave, in lines for a person: the same on the command line and in the window. */
import type { Rerun, RerunFinding, RerunItem } from '../../contract/rerun.ts'
import { problemLine } from '../verify/words.ts'
import { visible } from '../neutralised.ts'

const PLACES: Readonly<Record<RerunItem['original'], string>> = {
  bundle: 'the original in the bundle',
  library: 'the original in the library',
  folder: 'the original in the folder',
  missing: 'no original here',
}

const STATES: Readonly<Record<RerunFinding['state'], string>> = {
  same: 'same',
  differs: 'DIFFERS',
  'other-means': 'by other means',
  'not-repeated': 'not repeated',
}

/** The verdict last. Names come from whoever made the bundle, and are made harmless. */
export function rerunLines(rerun: Omit<Rerun, 'lines'>): string[] {
  return [
    `${rerun.title} (TLP:${rerun.tlp})`,
    ...(rerun.problems.length ? ['The bundle is not as it was sealed:', ...rerun.problems.map(problemLine)] : []),
    ...rerun.items.flatMap(itemLines),
    ...signedLine(rerun),
    verdict(rerun),
  ].map(visible)
}

function itemLines({ tag, name, original, filmstripSame, findings }: RerunItem): string[] {
  const strip = filmstripSame === null ? '' : filmstripSame ? '; filmstrip same' : '; filmstrip differs'
  return [`${tag} ${name}: ${PLACES[original]}${strip}`, ...findings.flatMap(findingLines)]
}

function findingLines({ signal, version, state, reasons, differences, more }: RerunFinding): string[] {
  const equal = state === 'other-means' && differences.length === 0 ? ', and it came out the same' : ''
  return [
    `  ${signal} ${version}: ${STATES[state]}${equal}`,
    ...reasons.map((reason) => `    ${reason}`),
    ...differences.map(({ field, was, now }) => `    ${field}: ${was ?? 'nothing'} then, ${now ?? 'nothing'} now`),
    ...(more ? [`    and ${more} more`] : []),
  ]
}

const signedLine = ({ from, fingerprint }: Omit<Rerun, 'lines'>): string[] => {
  if (from === 'method') return ['A method appendix carries no signature: nobody vouches for what it says.']
  return fingerprint ? [`The bundle was sealed with the key ${fingerprint}.`] : []
}

function verdict({ counts, ok, items }: Omit<Rerun, 'lines'>): string {
  const { same, differs, otherMeans, notRepeated } = counts
  const parts = [
    `${same} came out the same`,
    ...(differs ? [`${differs} came out otherwise`] : []),
    ...(otherMeans ? [`${otherMeans} could only be made by other means`] : []),
    ...(notRepeated ? [`${notRepeated} could not be repeated`] : []),
  ]
  const all = same + differs + otherMeans + notRepeated
  const strips = items.filter(({ filmstripSame }) => filmstripSame === false).length
  return `Of ${all} findings ${parts.join(', ')}${strips ? `; ${strips} filmstrips differ` : ''}. ${
    ok ? 'Nothing that was repeated differs.' : 'See above.'
  }`
}
