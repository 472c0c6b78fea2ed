/** The evaluation's worker process: probes and decodes one file after the other and runs the signals asked for. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { Failure, report } from '../errors.ts'
import { hostPort } from '../jobs/host-port.ts'
import { decode } from '../media/decode.ts'
import { openEvidence } from '../media/open.ts'
import { probe } from '../media/probe.ts'
import { streamsFor } from '../media/streams.ts'
import type { ProbedMedia } from '../media/types.ts'
import { cardClassifier, isClassifier } from '../signals/card-classifier.ts'
import { SIGNALS } from '../signals/list.ts'
import { readModel } from '../signals/model-card.ts'
import { openModel, type ModelRunner } from '../signals/onnx.ts'
import { startSignals } from '../signals/run.ts'
import type { Signal } from '../signals/signal.ts'
import { CLEAN, COPIES } from './copies.ts'
import { makeCopy } from './make-copy.ts'
import { clipOf, pictureFormat } from './still.ts'
import { ToEvaluator, type FromEvaluator, type Reading, type Runnable, type Task } from './protocol.ts'

type Answer = FromEvaluator['answer']

async function perform(task: Task, cancelled: AbortSignal): Promise<Answer> {
  const { ffmpeg, folder, keep } = task
  return opened(await clipFor(task, cancelled), task, cancelled, async (media) => {
    const kind = media.facts.video.length ? 'video' : 'sound'
    if (task.copy === CLEAN) return { kind, readings: await measure(media, task, cancelled) }
    const copy = COPIES.find(({ id }) => id === task.copy)
    if (!copy) throw new Error(`There is no copy "${task.copy}".`)
    const path = await makeCopy(media, copy, { ffmpeg, folder, keep, cancelled })
    return opened(await fileAt(path), task, cancelled, async (made) => ({
      kind,
      readings: await measure(made, task, cancelled),
    }))
  })
}

/** The file itself, or a clip of it where it is a still picture. */
async function clipFor({ file, ffmpeg, folder }: Task, cancelled: AbortSignal): Promise<Task['file']> {
  const open = await openEvidence(file)
  try {
    const format = await pictureFormat(open)
    return format ? await fileAt(await clipOf(open, format, { ffmpeg, folder, cancelled })) : file
  } finally {
    await open.close()
  }
}

/** A file that this process made. */
async function fileAt(path: string): Promise<Task['file']> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return { path, sha256: hash.digest('hex'), size: (await stat(path)).size, identity: null }
}

async function opened<T>(
  file: Task['file'],
  { ffmpeg, folder }: Task,
  cancelled: AbortSignal,
  work: (media: ProbedMedia) => Promise<T>,
): Promise<T> {
  const open = await openEvidence(file)
  try {
    return await work(await probe(open, file.sha256, ffmpeg, { threads: 1, cancelled, folder }))
  } finally {
    await open.close()
  }
}

async function measure(media: ProbedMedia, task: Task, cancelled: AbortSignal): Promise<Reading[]> {
  const { ffmpeg, folder, models } = task
  const watched = await Promise.all(task.run.map((runnable) => watch(runnable)))
  try {
    const signals = watched.map(({ signal }) => signal)
    const onDefect = (id: string, error: unknown): void => console.error(`signal ${id}:`, error)
    const added = task.run.find((runnable) => runnable.kind === 'model')?.folder
    const set = await startSignals(signals, { media, models, added, raw: true, cancelled, onDefect })
    try {
      await decode(media, {
        ffmpeg,
        threads: 1,
        folder,
        cancelled,
        streams: streamsFor(set.streamsNeeded(), media.facts),
        sound: set.needsSound,
        onFrame: (frame) => set.frame(frame),
        onSound: (sound) => set.sound(sound),
      })
      // Exhibits are for looking at; here nobody does.
      const outputs = await set.finish(async () => ({ sha256: '0'.repeat(64) }))
      return outputs.map((output, i) => ({
        output: { ...output, evidence: [], tracks: [], segments: [] },
        models: [...watched[i]!.models].sort(),
        domain: watched[i]!.domain(),
      }))
    } finally {
      await set.close()
    }
  } finally {
    for (const { close } of watched) await close()
  }
}

interface Watched {
  readonly signal: Signal
  readonly models: Set<string>
  domain(): Record<string, number>
  close(): Promise<void>
}

/** The signal, with what it opens and in which domain it measured kept. */
async function watch(runnable: Runnable): Promise<Watched> {
  const signal = await find(runnable)
  const models = new Set<string>()
  const own: ModelRunner[] = []
  let domain: Readonly<Record<string, number>> = {}
  return {
    models,
    domain: () => ({ ...domain }),
    close: async () => {
      for (const runner of own) await runner.close()
    },
    signal: {
      ...signal,
      async start(context) {
        const run = await signal.start({
          ...context,
          async model(id) {
            models.add(id)
            if (runnable.kind === 'signal') return context.model(id)
            const runner = await openModel(runnable.folder, id)
            own.push(runner)
            return runner
          },
        })
        return {
          ...run,
          async finish() {
            const result = await run.finish()
            if (result.state === 'ran') domain = result.domain ?? {}
            return result
          },
        }
      },
    },
  }
}

async function find(runnable: Runnable): Promise<Signal> {
  if (runnable.kind === 'signal') {
    const signal = SIGNALS.find(({ id }) => id === runnable.id)
    if (!signal) throw new Failure('evaluation.subject', runnable.id)
    return signal
  }
  const { card } = await readModel(runnable.folder, runnable.id)
  if (!isClassifier(card))
    throw new Failure('evaluation.subject', `The card of "${runnable.id}" has no classifier block.`)
  return cardClassifier(card)
}

const port = hostPort<FromEvaluator>()
const controller = new AbortController()
let last: Promise<unknown> = Promise.resolve()

port.onMessage((untrustedMessage) => {
  const message = ToEvaluator.safeParse(untrustedMessage)
  if (!message.success) return
  const { data } = message
  if (data.type === 'cancel') {
    controller.abort()
    void last.finally(() => process.exit(0))
    return
  }
  last = last
    .then(() => perform(data, controller.signal))
    .catch((error: unknown): Answer => {
      const told = report(error)
      if (told.code === 'internal') console.error(error)
      return { error: told }
    })
    .then((answer) => port.send({ type: 'answer', id: data.id, answer }))
})
