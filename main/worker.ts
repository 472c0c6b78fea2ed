/**
 * The worker process: reads one video and reports what it finds, step by step. It opens no database and no socket, and
 * ends when its host does.
 */
import { Failure, report } from './errors.ts'
import { hostPort } from './jobs/host-port.ts'
import { leaveFile } from './jobs/leave-file.ts'
import { progressSender } from './jobs/progress-sender.ts'
import { TrialOrder } from './jobs/trial-protocol.ts'
import { MadeFile, ToWorker, type FromWorker, type RunOrder, type StepName, type StepResult } from './jobs/protocol.ts'
import { decode } from './media/decode.ts'
import { filmstripCollector } from './media/filmstrip.ts'
import { rememberFfmpeg } from './media/ffmpeg.ts'
import { openEvidence } from './media/open.ts'
import { encodePackets } from './media/packets.ts'
import { probe } from './media/probe.ts'
import { makeProxy } from './media/proxy.ts'
import { streamsFor, uprightSize } from './media/streams.ts'
import type { Frame, OpenFile, ProbedMedia, Sound } from './media/types.ts'
import { waveformCollector } from './media/waveform.ts'
import { compareFootage } from './matching/differ/compare.ts'
import { encodePrints } from './matching/prints-bytes.ts'
import { printsCollector } from './matching/prints.ts'
import type { MediaFacts } from './contract/media.ts'
import type { SignalOutput } from './contract/signals.ts'
import { SIGNALS } from './signals/list.ts'
import { startSignals, type SaveExhibit, type SignalSet } from './signals/run.ts'
import type { Signal } from './signals/signal.ts'
import { addedSignals } from './signals/models/added.ts'
import { openModel } from './signals/onnx.ts'
import { performTrial } from './signals/models/trial.ts'
import { Filmstrip } from './store/media.ts'

const readsFrames = (signal: Signal): boolean =>
  signal.needs.length > 0 || signal.needsSound || signal.needsFaces === true

/** Runs the steps of one order that are not committed yet. @throws Failure of the media stage, job.cancelled */
async function perform(order: RunOrder, send: (message: FromWorker) => void, cancelled: AbortSignal): Promise<void> {
  const due = (step: StepName): boolean => !order.skip.includes(step)
  rememberFfmpeg(order.ffmpeg)
  const ffmpeg = order.ffmpeg.path
  const options = { ffmpeg, threads: order.threads, folder: order.folder, cancelled }
  const progress = progressSender(send)
  const finish = (result: StepResult): void => {
    if (cancelled.aborted) throw new Failure('job.cancelled')
    send({ type: 'step', result })
  }
  let file: OpenFile | undefined
  try {
    file = await openEvidence(order.evidence)
    if (order.job.kind === 'triage')
      send({
        type: 'plan',
        weights: [
          { step: 'probe', weight: 4 },
          { step: 'container-signals', weight: 2 },
          { step: 'decode-signals', weight: 94 },
        ],
      })
    progress.tell('probe', 'reading packets', 0)
    const began = performance.now()
    const media = await probe(file, order.evidence.sha256, ffmpeg, options)
    const seconds = since(began)

    if (order.job.kind === 'proxy') {
      finish(await proxy(media, options, (share) => progress.tell('proxy', 'making a copy for viewing', share)))
      return
    }
    if (order.job.kind === 'compare') {
      finish(
        await compare(media, order, cancelled, (share) => progress.tell('compare', 'comparing frame by frame', share)),
      )
      return
    }
    if (order.job.kind === 'fingerprint') {
      finish(await fingerprint(media, order, cancelled, (share) => progress.tell('fingerprint', 'decoding', share)))
      return
    }
    send({
      type: 'plan',
      weights: [
        { step: 'probe', weight: Math.max(0.01, seconds) },
        { step: 'container-signals', weight: 0.2 },
        { step: 'decode-signals', weight: decodeSeconds(media.facts, order.threads) },
      ],
    })
    if (due('probe'))
      finish({ step: 'probe', facts: media.facts, packets: encodePackets(media.packets), timings: { probe: seconds } })
    if (due('container-signals')) {
      progress.tell('container-signals', 'reading the container', 0)
      finish(await containerSignals(media, order, cancelled))
    }
    if (due('decode-signals'))
      finish(
        await decodeSignals(media, order, cancelled, (share, words) => progress.tell('decode-signals', words, share)),
      )
  } finally {
    progress.stop()
    await file?.close()
  }
}

async function proxy(
  media: ProbedMedia,
  options: Parameters<typeof makeProxy>[1],
  onShare: (share: number) => void,
): Promise<StepResult> {
  const began = performance.now()
  const duration = media.facts.container.duration
  const made = await makeProxy(media, {
    ...options,
    onProgress: (seconds) => onShare(duration ? seconds / duration : 0),
  })
  const { file, sha256, mime } = made
  return { step: 'proxy', files: [{ file, sha256, mime, role: 'proxy' }], timings: { proxy: since(began) } }
}

/** Everything that differs inside the footage that two items share. */
async function compare(
  fresh: ProbedMedia,
  order: RunOrder,
  cancelled: AbortSignal,
  onShare: (share: number) => void,
): Promise<StepResult> {
  if (!order.compare) throw new Error('a comparison without the other item')
  const { known, segments } = order.compare
  const began = performance.now()
  const { files, save } = exhibits(order.folder)
  const file = await openEvidence(known)
  try {
    const { threads, folder } = order
    const ffmpeg = order.ffmpeg.path
    const other = await probe(file, known.sha256, ffmpeg, { threads, folder, cancelled })
    const comparison = await compareFootage(fresh, other, segments, {
      ffmpeg,
      threads,
      folder,
      cancelled,
      onShare,
      detector: () => openModel(order.models, 'face-detector'),
      save,
    })
    return { step: 'compare', comparison, files, timings: { compare: since(began) } }
  } finally {
    await file.close()
  }
}

async function containerSignals(media: ProbedMedia, order: RunOrder, cancelled: AbortSignal): Promise<StepResult> {
  const { files, save } = exhibits(order.folder)
  const set = await start(
    SIGNALS.filter((signal) => !readsFrames(signal)),
    media,
    order,
    cancelled,
  )
  const signals = await set.finish(save)
  return { step: 'container-signals', signals, files, timings: signalTimings(set) }
}

/** What a video is known again by, sent as one blob. */
type SentPrints = Extract<StepResult, { step: 'fingerprint' }>['fingerprint']

/** Collects the prints of a decode, and says how long that took. */
function collectPrints(facts: MediaFacts) {
  const picture = printsCollector(uprightSize(facts))
  let seconds = 0
  const timed = <T>(work: () => T): T => {
    const began = performance.now()
    try {
      return work()
    } finally {
      seconds += since(began)
    }
  }
  return {
    frame: (frame: Frame): void => timed(() => picture.add(frame)),
    sound: (chunk: Sound): void => timed(() => picture.sound(chunk)),
    finish: (): SentPrints =>
      timed(() => {
        const made = picture.finish()
        if (!made) return null
        return { bytes: encodePrints(made), duration: made.picture.duration, hashes: made.picture.times.length }
      }),
    seconds: () => seconds,
  }
}

/** The fingerprint alone, of a file that is only looked up. */
async function fingerprint(
  media: ProbedMedia,
  order: RunOrder,
  cancelled: AbortSignal,
  onShare: (share: number) => void,
): Promise<StepResult> {
  const began = performance.now()
  const { facts } = media
  const duration = facts.container.duration
  const prints = collectPrints(facts)
  if (facts.video.length > 0 || facts.audio.length > 0)
    await decode(media, {
      ffmpeg: order.ffmpeg.path,
      threads: order.threads,
      folder: order.folder,
      cancelled,
      streams: streamsFor(['thumb'], facts),
      sound: facts.audio.length > 0,
      onFrame: (frame) => prints.frame(frame),
      onSound: (sound) => prints.sound(sound),
      onProgress: (seconds) => onShare(duration ? Math.min(1, seconds / duration) : 0),
    })
  return { step: 'fingerprint', fingerprint: prints.finish(), timings: { fingerprint: since(began) } }
}

/** One decode that feeds every signal that reads frames or sound, the filmstrip and the waveform. */
async function decodeSignals(
  media: ProbedMedia,
  order: RunOrder,
  cancelled: AbortSignal,
  onShare: (share: number, words: string) => void,
): Promise<StepResult> {
  const { facts } = media
  const duration = facts.container.duration
  const { files, save } = exhibits(order.folder)
  const set = await start(decodedFor(order), media, order, cancelled)
  try {
    const wanted = set.streamsNeeded()
    const streams = wanted.includes('face')
      ? streamsFor([...wanted, 'thumb'], facts)
      : streamsFor([...wanted, 'thumb', 'face'], facts, { faceRate: filmstripRate(duration) })
    const colour = streams.find((stream) => stream.id === 'face')
    const strip = colour && filmstripCollector(colour, facts)
    const wave = waveformCollector()
    const prints = order.leaveOutFingerprint ? null : collectPrints(facts)

    const began = performance.now()
    const { warnings } = await decode(media, {
      ffmpeg: order.ffmpeg.path,
      threads: order.threads,
      folder: order.folder,
      cancelled,
      streams,
      sound: facts.audio.length > 0,
      onFrame(frame) {
        if (frame.stream.id === 'face') strip?.frame(frame)
        if (frame.stream.id === 'thumb') prints?.frame(frame)
        return wanted.includes(frame.stream.id) ? set.frame(frame) : undefined
      },
      onSound(sound) {
        wave.sound(sound)
        prints?.sound(sound)
        return set.needsSound ? set.sound(sound) : undefined
      },
      onProgress: (seconds) => onShare(duration ? 0.97 * Math.min(1, seconds / duration) : 0, 'decoding'),
    })
    const decoding = since(began)
    onShare(0.97, 'weighing what was seen')

    const finishing = performance.now()
    const signals = (await set.finish(save)).map((output) => (warnings.length ? withGaps(output) : output))
    if (warnings.length) console.error(warnings.join('\n'))
    const drawn = (await strip?.finish()) ?? null
    if (drawn) files.push(await leaveFile(order.folder, drawn.bytes, drawn.mime, 'filmstrip'))
    return {
      step: 'decode-signals',
      signals,
      waveform: wave.finish(),
      filmstrip: drawn && Filmstrip.parse(drawn),
      fingerprint: prints?.finish() ?? null,
      files,
      timings: {
        decode: decoding,
        finish: since(finishing),
        ...signalTimings(set),
        fingerprint: prints?.seconds() ?? 0,
      },
    }
  } finally {
    await set.close()
  }
}

/**
 * Says beside every measurement that the decode left something out. The decoder's own messages go to the log only: how
 * many there are depends on how its threads took turns, and equal input must give equal findings.
 */
const withGaps = (output: SignalOutput): SignalOutput =>
  output.applicability.state === 'ran'
    ? {
        ...output,
        knownFailures: [
          ...output.knownFailures,
          'Not everything in this file was decoded: it is damaged, or holds further streams.',
        ],
      }
    : output

/**
 * Frames a second for a decode in which only the filmstrip wants colour: two dozen or more in all, from steps that are
 * exact in ffmpeg's arithmetic.
 */
function filmstripRate(duration: number | null): number {
  const rates = [4, 2, 1, 0.5, 0.25, 0.125, 0.0625, 0.03125]
  return rates.findLast((rate) => rate * (duration ?? 60) >= 24) ?? rates[0]!
}

/** What the decode feeds: signals that read frames or sound; a model that was added is always one of them. */
function decodedFor({ added, leaveOutAdded }: RunOrder): Signal[] {
  const more = added ? addedSignals(added) : []
  return [...SIGNALS.filter(readsFrames), ...(leaveOutAdded ? more.map(leftOut) : more)]
}

/** Models that were added were tried on two inputs only: what ended the first attempt may have been one of them. */
const leftOut = (signal: Signal): Signal => ({
  ...signal,
  needs: [],
  needsSound: false,
  needsFaces: false,
  start() {
    throw new Failure(
      'model.limit',
      'The first attempt at this file ended badly; models that were added were left out.',
    )
  },
})

function start(
  signals: readonly Signal[],
  media: ProbedMedia,
  order: RunOrder,
  cancelled: AbortSignal,
): Promise<SignalSet> {
  return startSignals(signals, {
    media,
    models: order.models,
    added: order.added,
    cancelled,
    onDefect: (signal, error) => console.error(`signal ${signal}:`, error),
  })
}

type SaveOf = (bytes: Uint8Array, mime: string, role?: MadeFile['role']) => Promise<{ sha256: string }>

/** Keeps exhibit images in the private folder, each once, and lists them. */
function exhibits(folder: string): { files: MadeFile[]; save: SaveExhibit & SaveOf } {
  const files: MadeFile[] = []
  return {
    files,
    async save(bytes: Uint8Array, mime: string, role: MadeFile['role'] = 'exhibit') {
      const made = await leaveFile(folder, bytes, MadeFile.shape.mime.parse(mime), role)
      if (!files.some(({ file }) => file === made.file)) files.push(made)
      return { sha256: made.sha256 }
    },
  }
}

const since = (began: number): number => (performance.now() - began) / 1000

const signalTimings = (set: SignalSet): Record<string, number> =>
  Object.fromEntries(Object.entries(set.timings()).map(([id, seconds]) => [`signal ${id}`, seconds]))

/**
 * Roughly how long the decode will take, in seconds, to weigh it against the other steps: a core decodes some 300
 * frames of 1080p a second. Only the shape of the progress bar depends on it.
 */
function decodeSeconds({ container, video }: MediaFacts, threads: number): number {
  const duration = container.duration ?? 60
  const pictures = video[0] ? ((video[0].frameRate ?? 30) * video[0].width * video[0].height) / (1920 * 1080) : 1
  return 0.5 + (duration * pictures) / (300 * threads)
}

const port = hostPort()
const controller = new AbortController()
let work: Promise<void> | null = null

port.onMessage((untrustedMessage) => {
  const trial = TrialOrder.safeParse(untrustedMessage)
  // Its host ends the process when it has heard the outcome.
  if (trial.success) return void (work ??= performTrial(trial.data, port.send))
  const message = ToWorker.safeParse(untrustedMessage)
  if (!message.success) return
  if (message.data.type === 'cancel') {
    controller.abort()
    void Promise.resolve(work).finally(() => process.exit(0))
  } else
    work ??= perform(message.data, port.send, controller.signal).then(
      () => port.send({ type: 'done' }),
      (error: unknown) => {
        if (controller.signal.aborted) return
        const told = report(error)
        if (told.code === 'internal') console.error(error)
        port.send({ type: 'failed', error: told })
      },
    )
})
