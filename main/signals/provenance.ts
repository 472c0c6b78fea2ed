/**
 * Provenance: what the file says about itself. Content Credentials, marks of the programs and platforms that wrote it,
 * the order and contents of its container, and dates that contradict one another. Needs no frames.
 */
import type { Observation } from '../contract/signals.ts'
import type { ProbedMedia } from '../media/types.ts'
import { readCredentials } from './provenance/c2pa-read.ts'
import { REFERENCE_TIME } from './provenance/c2pa-protocol.ts'
import { reportCredentials } from './provenance/c2pa-report.ts'
import { boxTable, dateTable, markTable } from './provenance/container-table.ts'
import { dateContradictions, statedDates } from './provenance/dates.ts'
import { findMarks, textsOf, type FoundMark } from './provenance/find-marks.ts'
import { looksIso, MAX_BOXES, MAX_DEPTH } from './provenance/iso-boxes.ts'
import { readIsoFacts, type IsoFacts } from './provenance/iso-facts.ts'
import { MARKS } from './provenance/marks.ts'
import { readStreamHead } from './provenance/stream-head.ts'
import { OBSERVATION_WEIGHTS, scoreOf } from './score.ts'
import type { Exhibit, Signal, SignalResult } from './signal.ts'

export const provenance: Signal = {
  id: 'provenance',
  version: '1.0.0',
  title: 'Provenance',
  measures:
    'What the file says about its own history: Content Credentials, marks of the programs, devices and platforms that wrote it, and contradictions between its dates.',
  counted: true,
  needs: [],
  needsSound: false,
  parameters: {
    marks: MARKS.length,
    maxBoxes: MAX_BOXES,
    maxDepth: MAX_DEPTH,
    certificatesJudgedAt: new Date(REFERENCE_TIME).toISOString(),
    trustList: 'none',
    weightStrong: OBSERVATION_WEIGHTS.strong,
    weightSome: OBSERVATION_WEIGHTS.some,
  },
  start({ media, cancelled }) {
    return { finish: () => measure(media, cancelled) }
  },
}

async function measure(media: ProbedMedia, cancelled: AbortSignal): Promise<SignalResult> {
  const { file, facts } = media
  const iso = (await looksIso(file)) ? await readIsoFacts(file) : null
  const credentials = reportCredentials(
    await readCredentials(file, iso?.tree ?? null, cancelled),
    iso !== null && iso.fragmented && !iso.tree.boxes.some(({ type }) => type === 'mdat'),
  )
  const streamHead = await readStreamHead(file, iso)
  const texts = textsOf(facts, iso, streamHead, credentials.claims)
  const marks = findMarks(texts)
  const dates = statedDates(facts, iso, credentials.signed)
  const observations = [
    ...credentials.observations,
    ...markObservations(marks),
    ...structure(iso),
    ...dateContradictions(
      dates,
      texts.map(({ text }) => text),
      iso,
    ),
  ]
  const exhibits: Exhibit[] = [...credentials.tables]
  if (marks.length > 0) exhibits.push(markTable(marks))
  if (dates.length > 0) exhibits.push(dateTable(dates))
  if (iso) exhibits.push(boxTable(iso))
  const reasons = observations.filter(({ weight }) => weight !== 'context')
  return {
    state: 'ran',
    score: scoreOf(observations),
    segments: [],
    observations,
    tracks: [],
    exhibits,
    explanation:
      `The ${facts.container.format || 'container'} and its metadata were read: ${credentials.summary}; ` +
      `${marks.length === 0 ? 'no known marks' : `marks of ${list(marks.map(({ mark }) => mark.name))}`}; ` +
      `${count(dates.length, 'date')} stated. ` +
      (reasons.length === 0
        ? 'No indicators of manipulation were found in them; that does not show how the pictures came about.'
        : `${count(reasons.length, 'indicator')} of manipulation or generation found: ${list(reasons.map(({ code }) => code.replace('provenance.', '')))}.`),
    knownFailures: knownFailures(marks),
  }
}

function markObservations(marks: readonly FoundMark[]): Observation[] {
  const each = marks.map(({ mark, place, found }): Observation => ({
    code: mark.kind === 'generator' ? 'provenance.mark-generator' : `provenance.mark-${mark.id}`,
    text: `${mark.name} (${mark.kind}) ${mark.means}: "${found}" in ${place}.`,
    weight: mark.weight,
    reference: mark.source,
  }))
  const device = marks.find(({ mark }) => mark.kind === 'camera')
  const rewriter = marks.find(({ mark }) => mark.id === 'lavf' || mark.kind === 'editor' || mark.id === 'handbrake')
  if (device && rewriter)
    each.push({
      code: 'provenance.device-rewritten',
      text: `The tags name ${device.mark.name} as the recorder, but ${rewriter.mark.name} wrote the file: this is not the recorder's own file, and the tags may have been carried over or added by hand. Ask for the original.`,
      weight: 'some',
      reference:
        'Iuliani et al. 2019, "A Video Forensic Framework for the Unsupervised Analysis of MP4-Like File Container"',
    })
  return each
}

function structure(iso: IsoFacts | null): Observation[] {
  if (!iso) return []
  const found: Observation[] = [
    {
      code: 'provenance.structure',
      text:
        `File type ${iso.majorBrand || 'not stated'}; boxes in the order ${iso.order.slice(0, 12).join(', ')}${iso.order.length > 12 ? ', …' : ''}. ` +
        (iso.fragmented
          ? 'It is fragmented, as streaming services and screen recorders write it.'
          : iso.indexFirst
            ? 'The index stands before the media, as exports for the web and platforms write it; most cameras write it last.'
            : 'The index stands after the media, as cameras and plain exports write it.'),
      weight: 'context',
      reference: 'Gloe, Fischer, Kirchner 2014, "Forensic analysis of video file formats"',
    },
  ]
  if (iso.tree.truncated)
    found.push({
      code: 'provenance.truncated',
      text: 'The file ends before its last box does: it is cut off, as an unfinished download or recording is.',
      weight: 'context',
    })
  if (iso.tree.problems.length > 0)
    found.push({
      code: 'provenance.malformed',
      text: `The container does not follow the standard: ${iso.tree.problems.slice(0, 3).join('; ')}. It is damaged or was built by hand.`,
      weight: 'some',
      reference: 'ISO/IEC 14496-12:2022, section 4.2',
    })
  return found
}

function knownFailures(marks: readonly FoundMark[]): string[] {
  const failures = [
    'Metadata can be removed or written by anybody with free tools; neither its absence nor its presence shows what the pictures hold.',
  ]
  const platform = marks.find(({ mark }) => mark.kind === 'platform')
  if (platform)
    failures.push(
      `${platform.mark.name} replaces the container and most metadata: marks of what happened before the upload are gone.`,
    )
  return failures
}

const count = (n: number, noun: string) => (n === 0 ? `no ${noun}s` : `${n} ${noun}${n === 1 ? '' : 's'}`)
const list = (names: readonly string[]) => {
  const unique = [...new Set(names)]
  return unique.length < 2 ? unique.join('') : `${unique.slice(0, -1).join(', ')} and ${unique.at(-1)}`
}
