/**
 * Encoding: how the video stream was coded, and traces of earlier encodings and of joining. Reads packets, container
 * tables and the head of key frames; needs no decoded frames.
 */
import type { Observation, SignalSegment } from '../contract/signals.ts'
import type { ProbedMedia } from '../media/types.ts'
import {
  containerObservations,
  cadenceObservation,
  gopObservation,
  observation,
  settingsObservations,
  timeObservations,
} from './encoding/observations.ts'
import { gopTable, periodogram, sizeChart, sizeTracks } from './encoding/exhibits.ts'
import { framesInDisplayOrder, type Frames } from './encoding/frame-types.ts'
import { gopStructure, type GopStructure } from './encoding/gop.ts'
import { earlierEncoding, MEASURED, MIN_PREDICTED, type EarlierEncoding } from './encoding/earlier-encoding.ts'
import { LONGEST, MAX_FALSE_ALARMS, MIN_SHARE, NEIGHBOURS, SHORTEST, WINDOW } from './encoding/periodicity.ts'
import { parseSettings, settingsMismatches } from './encoding/settings.ts'
import { KEY_SAMPLES, streamParameters } from './encoding/stream-parameters.ts'
import { repeatCadence, timeStamps } from './encoding/timestamps.ts'
import { looksIso } from './provenance/iso-boxes.ts'
import { readIsoFacts } from './provenance/iso-facts.ts'
import { OBSERVATION_WEIGHTS, scoreOf } from './score.ts'
import type { Exhibit, Signal, SignalResult } from './signal.ts'

/** Fewer packets say nothing about a structure. */
const MIN_PACKETS = 10

export const encoding: Signal = {
  id: 'encoding',
  version: '1.0.0',
  title: 'Encoding',
  measures:
    'How the video stream was coded: key frame structure, encoder settings, time stamps, joined parts, and regular peaks of frame size that an earlier encoding leaves.',
  counted: true,
  needs: [],
  needsSound: false,
  parameters: {
    minPackets: MIN_PACKETS,
    minPredicted: MIN_PREDICTED,
    neighbours: NEIGHBOURS.join(' and '),
    shortestPeriod: SHORTEST,
    longestPeriod: LONGEST,
    maxFalseAlarms: MAX_FALSE_ALARMS,
    minShare: MIN_SHARE,
    window: WINDOW,
    keySamples: KEY_SAMPLES,
    weightStrong: OBSERVATION_WEIGHTS.strong,
    weightSome: OBSERVATION_WEIGHTS.some,
  },
  start({ media }) {
    return { finish: () => measure(media) }
  },
}

async function measure(media: ProbedMedia): Promise<SignalResult> {
  const { packets, facts, file } = media
  if (packets.size.length === 0) return { state: 'abstained', reason: 'there is no video stream' }
  if (packets.size.length < MIN_PACKETS)
    return {
      state: 'abstained',
      reason: `only ${packets.size.length} video frames, at least ${MIN_PACKETS} are needed`,
    }
  const frames = framesInDisplayOrder(packets)
  const gop = gopStructure(frames)
  const stamps = timeStamps(packets, frames)
  const cadence = repeatCadence(frames)
  const stream = facts.video[0]
  const settings = parseSettings(stream?.encoder ?? '', stream?.encoderSettings ?? '')
  const iso = (await looksIso(file)) ? await readIsoFacts(file) : null
  const parameters = iso ? await streamParameters(file, iso, packets) : null
  const earlier = earlierEncoding(packets.codec, frames, gop, cadence)
  const times = timeObservations(stamps, frames)
  const observations: Observation[] = [
    gopObservation(gop, frames.ordered),
    ...settingsObservations(settings, settingsMismatches(settings, gop)),
    earlierObservation(earlier),
    ...(cadence ? [cadenceObservation(cadence, stamps.usual > 0 ? 1 / stamps.usual : 0)] : []),
    ...times.observations,
    ...containerObservations(iso, parameters, stamps.usual),
  ]
  return {
    state: 'ran',
    score: Math.max(scoreOf(observations), earlier.state === 'found' ? OBSERVATION_WEIGHTS.some : 0),
    segments: [...times.segments, ...earlierSegments(earlier, frames)],
    observations,
    tracks: sizeTracks(frames),
    exhibits: await exhibits(frames, gop, earlier),
    explanation: explain(gop, earlier, observations),
    knownFailures: knownFailures(earlier, packets.codec),
  }
}

async function exhibits(frames: Frames, gop: GopStructure, earlier: EarlierEncoding): Promise<Exhibit[]> {
  const found: Exhibit[] = []
  if (earlier.state !== 'not-tested') found.push(await periodogram(earlier.periodicity))
  if (!gop.allIntra) found.push(await sizeChart(frames, earlier.state === 'found' ? earlier.row : null))
  if (gop.intervals.length > 0) found.push(gopTable(gop))
  return found
}

function earlierObservation(earlier: EarlierEncoding): Observation {
  const reference =
    'Li et al. 2023, ICIP; Yao et al. 2017, Symmetry 9(12):313; measured by scripts/models/measure-encoding.ts'
  switch (earlier.state) {
    case 'not-tested':
      return observation(
        'double-compression-not-tested',
        `Traces of an earlier encoding were not looked for: ${earlier.reason}.`,
        'context',
      )
    case 'none':
      return observation(
        'double-compression-none',
        `No regular peaks of frame size: no trace of an earlier encoding with a fixed key frame distance. Its absence says little: ${MEASURED}.`,
        'context',
        { reference },
      )
    case 'unmarked-intra':
      return observation(
        'unmarked-intra',
        `Every ${earlier.row.period}th frame is nearly as large as a key frame (${Math.round(earlier.likeKeys * 100)} % of its size): most likely intra pictures that are not marked as key frames, a normal structure in broadcasting. An earlier encoding cannot be told from that.`,
        'context',
      )
    case 'found':
      return observation(
        'double-compression',
        `Frame sizes peak every ${earlier.row.period} frames (${earlier.row.peaks} of ${earlier.row.tested} places; ${falseAlarms(earlier.row.logNfa)}): the picture was encoded before, with key frames ${earlier.row.period} frames apart or a whole fraction of that. Every re-upload and every export from an editor does this.`,
        // What any upload looks like. A part without the trace says nothing either: about half of them are missed.
        'context',
        { reference },
      )
  }
}

/** Where only parts of the stream show the trace: those parts. */
function earlierSegments(earlier: EarlierEncoding, frames: Frames): SignalSegment[] {
  if (earlier.state !== 'found' || earlier.periodicity.pieces.length === 1) return []
  const at = (index: number) => Math.max(0, frames.time[Math.min(index, frames.time.length - 1)]! - frames.time[0]!)
  return earlier.found.map(({ from, to, period }) => ({
    start: at(from),
    end: at(to),
    score: OBSERVATION_WEIGHTS.some,
    label: `earlier key frames every ${period} frames`,
  }))
}

const falseAlarms = (logNfa: number) =>
  logNfa < -6
    ? `10^${Math.round(logNfa)} such rows expected by chance`
    : `${(10 ** logNfa).toPrecision(1)} such rows expected by chance`

function explain(gop: GopStructure, earlier: EarlierEncoding, observations: readonly Observation[]): string {
  const trace = {
    'not-tested': 'traces of an earlier encoding could not be tested',
    none: 'no trace of an earlier encoding',
    'unmarked-intra': 'no trace of an earlier encoding',
    found: 'traces of an earlier encoding',
  }[earlier.state]
  const reasons = observations
    .filter(({ weight }) => weight !== 'context')
    .map(({ code }) => code.replace('encoding.', ''))
  return (
    `${gop.frames} coded frames were examined for structure, time stamps, joined parts and earlier encodings: ${trace}; ` +
    (reasons.length === 0
      ? 'no indicators of manipulation were found, which does not exclude an edit before the last encoding.'
      : `${reasons.length} indicator${reasons.length === 1 ? '' : 's'} of processing found (${reasons.join(', ')}).`)
  )
}

function knownFailures(earlier: EarlierEncoding, codec: string): string[] {
  const failures: string[] = []
  if (earlier.state === 'found')
    failures.push(
      `Platforms, messengers and editors encode again: double compression alone does not point to a manipulated picture (${MEASURED}).`,
      'A picture that itself changes at a steady beat (blinking lights, animations, test patterns) makes the same peaks.',
    )
  else
    failures.push(
      'A strong second compression, an earlier encoding without fixed key frames, or scaling in between removes the trace.',
    )
  if (earlier.state === 'not-tested' && /vp[89]|av1/iu.test(codec))
    failures.push(
      'VP8, VP9 and AV1 streams are not tested: they place large predicted frames at a steady distance by design.',
    )
  return failures
}
