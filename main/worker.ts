/**
 * The worker process: reads one video and reports what it finds, step by step. It opens no database and no socket, and
 * ends when its host does.
 */
import type { MediaFacts } from './contract/media.ts'
import { Failure, report } from './errors.ts'
import { hostPort } from './jobs/host-port.ts'
import { progressSender, type ProgressSender } from './jobs/progress-sender.ts'
import { ToWorker, type FromWorker, type RunOrder, type StepName, type StepResult } from './jobs/protocol.ts'
import { TrialOrder } from './jobs/trial-protocol.ts'
import { prepareBlocks } from './media/blocks.ts'
import { rememberFfmpeg } from './media/ffmpeg.ts'
import { openEvidence } from './media/open.ts'
import { encodePackets } from './media/packets.ts'
import { prepareMediaInfo } from './media/mediainfo.ts'
import { probe } from './media/probe.ts'
import { findWrappers } from './media/spawn.ts'
import type { OpenFile, ProbedMedia } from './media/types.ts'

/** Everything beyond the probe, with the models' and pictures' libraries: a fifth of a second to load, once. */
type Steps = typeof import('./worker-steps.ts')
let loaded: Promise<Steps> | undefined
function steps(): Promise<Steps> {
  loaded ??= import('./worker-steps.ts')
  // Whoever needs it is told; until then it must not count as unhandled.
  loaded.catch(() => {})
  return loaded
}

/** Runs the steps of one order that are not committed yet. @throws Failure of the media stage, job.cancelled */
async function perform(order: RunOrder, send: (message: FromWorker) => void, cancelled: AbortSignal): Promise<void> {
  rememberFfmpeg(order.ffmpeg)
  const { folder, threads } = order
  const ffmpeg = order.ffmpeg.path
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
    const options = { ffmpeg, threads, folder, cancelled }
    const { kind } = order.job
    const media = await probe(file, order.evidence.sha256, ffmpeg, {
      ...options,
      meanwhile() {
        if (kind === 'triage' || kind === 'fingerprint') prepareBlocks()
        void steps()
      },
    })
    const seconds = (performance.now() - began) / 1000

    const { compare, fingerprint, proxy } = await steps()
    if (kind === 'triage') await triage(media, seconds, order, { send, finish, progress, cancelled })
    else if (kind === 'proxy')
      finish(await proxy(media, options, (share) => progress.tell('proxy', 'making a copy for viewing', share)))
    else if (kind === 'compare')
      finish(
        await compare(media, order, cancelled, (share) => progress.tell('compare', 'comparing frame by frame', share)),
      )
    else finish(await fingerprint(media, order, cancelled, (share) => progress.tell('fingerprint', 'decoding', share)))
  } finally {
    progress.stop()
    await file?.close()
  }
}

interface Teller {
  send(message: FromWorker): void
  /** @throws Failure job.cancelled */
  finish(result: StepResult): void
  readonly progress: ProgressSender
  readonly cancelled: AbortSignal
}

/**
 * The three steps of a triage. The decode starts at once, so that ffmpeg loads and decodes ahead while the packets are sent
 * and the container is weighed; what comes of it is told in its turn.
 *
 * @param seconds that the probe took
 */
async function triage(
  media: ProbedMedia,
  seconds: number,
  order: RunOrder,
  { send, finish, progress, cancelled }: Teller,
): Promise<void> {
  const { containerSignals, decodeSignals } = await steps()
  const due = (step: StepName): boolean => !order.skip.includes(step)
  send({
    type: 'plan',
    weights: [
      { step: 'probe', weight: Math.max(0.01, seconds) },
      { step: 'container-signals', weight: 0.2 },
      { step: 'decode-signals', weight: decodeSeconds(media.facts, order.threads) },
    ],
  })
  const stopped = new AbortController()
  let turn = false
  const decoding = due('decode-signals')
    ? decodeSignals(media, order, AbortSignal.any([cancelled, stopped.signal]), (share, words) => {
        if (turn) progress.tell('decode-signals', words, share)
      })
    : null
  // Awaited below; until then a failure must not count as unhandled.
  decoding?.catch(() => {})
  try {
    if (due('probe'))
      finish({ step: 'probe', facts: media.facts, packets: encodePackets(media.packets), timings: { probe: seconds } })
    if (due('container-signals')) {
      progress.tell('container-signals', 'reading the container', 0)
      finish(await containerSignals(media, order, cancelled))
    }
    turn = true
    if (decoding) finish(await decoding)
  } catch (error) {
    stopped.abort()
    await decoding?.catch(() => {})
    throw error
  }
}

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

/**
 * A worker whose job is known gets it at once; one that was started beforehand uses its time to load what every job needs.
 * Milliseconds.
 */
const UNKNOWN_MS = 20
setTimeout(() => {
  if (work) return
  prepareMediaInfo()
  prepareBlocks()
  findWrappers()
  void steps()
}, UNKNOWN_MS).unref()

port.onMessage((untrustedMessage) => {
  const trial = TrialOrder.safeParse(untrustedMessage)
  // Its host ends the process when it has heard the outcome.
  if (trial.success)
    return void (work ??= import('./signals/models/trial.ts').then((module) =>
      module.performTrial(trial.data, port.send),
    ))
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
