/**
 * Temporal consistency: frozen and looped runs, cuts and jumps, and motion confined to one region of a rigid picture.
 * Reads the `thumb` stream only.
 */
import type { Track } from '../contract/signals.ts'
import type { VideoStream } from '../contract/media.ts'
import { heatOver, pictureExhibit, sideBySide } from './exhibit.ts'
import { bitsPerPredictedPixel } from './bits-per-pixel.ts'
import { OBSERVATION_WEIGHTS, scoreOf } from './score.ts'
import { prefixed } from './parameters.ts'
import type { Exhibit, Signal, SignalContext, SignalResult } from './signal.ts'
import { BLOCK_COUNT, FrameRecord, LEVEL } from './temporal-frames.ts'
import { FROZEN, findFrozen } from './temporal-frozen.ts'
import { HASH } from './temporal-loop-hash.ts'
import { PASS } from './temporal-loop-pass.ts'
import { LOOPS, findLoops, type LoopRun } from './temporal-loops.ts'
import { READING, readFrozen, readJump, readLoop, readStill, type Reading } from './temporal-reading.ts'
import { CUT, findCuts, findJumps, JUMP, shotsBetween, type Shot } from './temporal-shots.ts'
import { findStills, STILL, type StillShot } from './temporal-still.ts'
import { Thumbs } from './temporal-thumbs.ts'

/** Frames a second of the `thumb` stream. */
const RATE = 5
/** Two seconds: less has no neighbourhood to compare with. */
const LEAST_FRAMES = 10
/** Three hours: some 140 MB of records, and a pairwise search of seconds. */
const MOST_FRAMES = 54_000
/** Values per track, readings per kind and pictures at most; what is left out is said. */
const TRACK_VALUES = 3600
const LISTED = 40
const PICTURES = 3

export const temporal: Signal = {
  id: 'temporal',
  version: '1.1.0',
  title: 'Temporal consistency',
  measures:
    'Frozen and looped runs, cuts and jumps inside shots, and motion confined to one region of a rigid picture.',
  counted: true,
  needs: ['thumb'],
  needsSound: false,
  parameters: {
    rate: RATE,
    leastFrames: LEAST_FRAMES,
    mostFrames: MOST_FRAMES,
    ...prefixed('cut', CUT),
    ...prefixed('jump', JUMP),
    ...prefixed('frozen', FROZEN),
    ...prefixed('loop', LOOPS),
    ...prefixed('pass', PASS),
    ...prefixed('hash', HASH),
    ...prefixed('still', STILL),
    ...prefixed('reading', READING),
    ...prefixed('weight', OBSERVATION_WEIGHTS),
  },
  start(context) {
    const record = new FrameRecord(MOST_FRAMES)
    const thumbs = new Thumbs()
    return {
      frame(frame) {
        if (record.count < MOST_FRAMES) thumbs.offer(frame.index, frame.data)
        record.add(frame.data)
      },
      finish: () => conclude(context, record, thumbs),
    }
  },
}

async function conclude({ media }: SignalContext, record: FrameRecord, thumbs: Thumbs): Promise<SignalResult> {
  const stream = media.facts.video[0]
  const { count } = record
  if (!stream) return { state: 'abstained', reason: 'there is no video stream' }
  if (count < LEAST_FRAMES)
    return {
      state: 'abstained',
      reason: `only ${count} frame${count === 1 ? '' : 's'} at ${RATE} a second, ${LEAST_FRAMES} are needed`,
    }
  if (record.steps.every((step) => step.cells <= FROZEN.noise && step.peak <= FROZEN.peak))
    return { state: 'abstained', reason: 'the picture never changes: a single still picture' }

  const cuts = findCuts(record)
  const shots = shotsBetween(cuts, count)
  const loops = findLoops(record, RATE)
  const stills = findStills(record, shots, RATE)
  const loopReadings = loops.map((run) => readLoop(run, record, shots, seconds))
  const seams = loops.flatMap((run) => [run.copyFrom, run.to + 1])
  const readings = [
    ...findFrozen(record, shots, RATE).map((run) => readFrozen(run, seconds)),
    ...loopReadings,
    ...stills.shots.map((still) => {
      const { from, to } = still.shot
      return readStill(still, bitsPerPredictedPixel(media, from / RATE, to / RATE), seconds)
    }),
    ...findJumps(record, cuts)
      .filter((jump) => !seams.some((seam) => Math.abs(seam - jump) <= 1))
      .map(readJump),
  ]
  const listed = limitPerCode(readings)

  return {
    state: 'ran',
    score: scoreOf(observationsOf(readings)),
    segments: listed.map((r) => ({
      start: r.from / RATE,
      end: (r.to + 1) / RATE,
      score: OBSERVATION_WEIGHTS[r.weight],
      label: r.label,
      region: r.region,
    })),
    observations: [
      ...observationsOf(listed),
      {
        code: 'temporal.shots',
        weight: 'context',
        text: `${shots.length} shot${shots.length === 1 ? '' : 's'}, ${cuts.length} cut${cuts.length === 1 ? '' : 's'}.`,
        reference: 'Adaptive threshold: Yeo & Liu 1995',
      },
    ],
    tracks: tracksOf(record),
    exhibits: [...(await pictures(record, thumbs, stills.shots, loops)), ...shotTable(shots, cuts)],
    explanation: explain(record, shots, readings),
    knownFailures: knownFailures(record, stream, readings, stills.untextured),
  }
}

const seconds = (frames: number) => `${(frames / RATE).toFixed(1)} s`

function explain(record: FrameRecord, shots: readonly Shot[], readings: readonly Reading[]): string {
  const strong = readings.filter((r) => r.weight === 'strong').length
  const some = readings.filter((r) => r.weight === 'some').length
  const found =
    strong + some === 0
      ? 'no indicators of manipulation were found in them, which does not make the video authentic'
      : `${strong} strong and ${some} weaker indicators of manipulation were found`
  return `Compared ${record.count} frames (${RATE} a second) in ${shots.length} shot${shots.length === 1 ? '' : 's'} for frozen and looped runs, jumps and motion confined to one region: ${found}.`
}

function knownFailures(
  record: FrameRecord,
  stream: VideoStream,
  readings: readonly Reading[],
  untextured: readonly Shot[],
): string[] {
  const has = (code: string) => readings.some((r) => r.code === code)
  const notes: string[] = []
  if (record.seen > record.count) notes.push(`Only the first ${seconds(record.count)} were examined.`)
  if (untextured.length)
    notes.push(
      'Motion stays in one region in part of the video, but the background has too little texture to tell rigid from empty.',
    )
  if (has('temporal.frozen')) notes.push('Live links and screen recordings freeze by themselves when data is lost.')
  if (has('temporal.still-animated'))
    notes.push(
      'Screen recordings, and tripod shots after strong compression, also have a rigid picture with motion in one region.',
    )
  if (has('temporal.loop') || has('temporal.boomerang') || has('temporal.repeat'))
    notes.push('Replays, stock footage and background animations repeat on purpose.')
  if ((stream.frameRate ?? RATE) < RATE)
    notes.push('The video has fewer frames a second than are compared; standstills are not reliable.')
  return notes
}

const observationsOf = (readings: readonly Reading[]) =>
  readings.map(({ code, text, weight, from, reference }) => ({ code, text, weight, at: from / RATE, reference }))

function limitPerCode(readings: readonly Reading[]): Reading[] {
  const counts = new Map<string, number>()
  return readings.filter((r) => {
    const n = (counts.get(r.code) ?? 0) + 1
    counts.set(r.code, n)
    return n <= LISTED
  })
}

/** Frame difference and share of moving blocks over time; the largest of each group where there are too many. */
function tracksOf(record: FrameRecord): Track[] {
  const group = Math.ceil(record.count / TRACK_VALUES)
  const difference: number[] = []
  const moving: number[] = []
  for (let from = 0; from < record.count; from += group) {
    let largest = 0
    let widest = 0
    for (let i = from; i < Math.min(record.count, from + group); i++) {
      largest = Math.max(largest, record.steps[i]!.pixels)
      let blocks = 0
      for (const value of record.motion(i)) if (value >= STILL.moving * LEVEL) blocks++
      widest = Math.max(widest, blocks / BLOCK_COUNT)
    }
    difference.push(largest)
    moving.push(widest)
  }
  const step = group / RATE
  return [
    { label: 'Frame difference', unit: 'grey levels', start: 0, step, values: difference },
    { label: 'Moving area', unit: 'share of the picture', start: 0, step, values: moving },
  ]
}

async function pictures(record: FrameRecord, thumbs: Thumbs, stills: readonly StillShot[], loops: readonly LoopRun[]) {
  const exhibits: Exhibit[] = []
  for (const { shot, map, region } of stills.slice(0, PICTURES)) {
    const frame = thumbs.nearest(Math.floor((shot.from + shot.to) / 2), shot.from, shot.to - 1)
    const top = Math.max(...map)
    const relative = map.map((v) => (v <= STILL.rigid ? 0 : v / top))
    exhibits.push(
      await pictureExhibit(heatOver(thumbs.picture(frame, record), relative, Math.sqrt(BLOCK_COUNT)), {
        caption: `Where the picture moves between ${seconds(shot.from)} and ${seconds(shot.to)}: grey stands still, yellow moves most.`,
        at: frame / RATE,
        region,
      }),
    )
  }
  for (const run of loops.slice(0, PICTURES)) {
    const { frame, copy } = closestPair(record, run)
    exhibits.push(
      await pictureExhibit(sideBySide(thumbs.picture(frame, record), thumbs.picture(copy, record), 8), {
        caption: `The pictures at ${seconds(frame)} and at ${seconds(copy)}: of the two passes, these agree best.`,
        at: frame / RATE,
      }),
    )
  }
  return exhibits
}

/** The frame of the run that differs least from its copy; where passes are sampled at other moments, most differ a little. */
function closestPair(record: FrameRecord, run: LoopRun): { frame: number; copy: number } {
  const copyOf = (frame: number) =>
    run.direction === 'forward' ? frame + run.copyFrom - run.from : run.copyTo + run.from - frame
  let best = { frame: run.from, copy: copyOf(run.from), difference: Number.POSITIVE_INFINITY }
  for (let frame = run.from; frame <= run.to; frame++) {
    const copy = copyOf(frame)
    // Around a turning point neighbours are alike anyway.
    if (run.direction === 'reversed' && copy - frame < RATE && run.to - run.from > RATE) continue
    const difference = record.difference(frame, copy).cells
    if (difference < best.difference) best = { frame, copy, difference }
  }
  return best
}

function shotTable(shots: readonly Shot[], cuts: readonly number[]): Exhibit[] {
  if (!cuts.length) return []
  const shown = shots.slice(0, 5 * LISTED)
  const left = shots.length - shown.length
  return [
    {
      kind: 'table',
      caption: `Shots, by cuts found in the thumbnails${left ? ` (the first ${shown.length} of ${shots.length})` : ''}.`,
      columns: ['Shot', 'From', 'To', 'Length'],
      rows: shown.map((shot, i) => [`${i + 1}`, seconds(shot.from), seconds(shot.to), seconds(shot.to - shot.from)]),
    },
  ]
}
