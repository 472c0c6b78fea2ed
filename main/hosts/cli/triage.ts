/** `assay triage FILE…`: from files to findings on standard output, in the order in which they were given. */
import { Command, Option } from 'commander'
import { lstatSync } from 'node:fs'
import { resolve } from 'node:path'
import { Tlp, type DatedValue } from '../../contract/common.ts'
import { AcquisitionDetails, StorageChoice, type IntakeItem } from '../../contract/intake.ts'
import type { Job } from '../../contract/jobs.ts'
import { Failure } from '../../errors.ts'
import type { Shutdown } from '../shutdown.ts'
import { ensureCase } from './case.ts'
import { parseDated } from './dated.ts'
import { progressLine } from './progress.ts'
import { inLibrary, type Session } from './session.ts'
import { jsonLine } from './terminal.ts'
import { readable, refusal, result, type TriageResult } from './triage-result.ts'

interface Options {
  library?: string
  case?: string
  storage?: 'copy' | 'link' | 'reference'
  json: boolean
  source: string
  claimedDate?: DatedValue
  place: string
  language: string
  note: string
  tlp: Tlp
}

const EXAMPLES = `
Examples:
  assay triage clip.mp4
      look at one file; nothing is kept
  assay triage --library ~/cases/2024 --case "Election clips" --source "Telegram @channel" *.mp4
      take the files into a library (made if it is not there) and file them into a case (made likewise)
  assay triage --json downloads/ | jq -r '[.priority.score, .file] | @tsv' | sort -rn
      a folder, as one JSON document per line, worth a look first

Exit status: 0 all files triaged, 2 some refused or failed, 1 a defect of Assay.`

export function triageCommand(shutdown: Shutdown, exit: (code: number) => void): Command {
  return new Command('triage')
    .description('analyse videos: provenance, encoding, timing, synthetic traces; then say what is worth a look first')
    .argument('<file...>', 'video or sound files, or folders of them')
    .option('--library <dir>', 'keep originals and findings in this library; without it nothing is kept')
    .option('--case <name>', 'file the results into the case of this title or id, creating it; needs --library')
    .addOption(
      new Option(
        '--storage <how>',
        'how originals come into the library (default: copy; reference without --library)',
      ).choices(StorageChoice.options),
    )
    .option('--source <text>', 'who or what supplied the files', '')
    .option('--claimed-date <date>', 'when it was made, as the source says: 2024-02-09', parseDated)
    .option('--place <text>', 'where it was made, as the source says', '')
    .option('--language <tag>', 'language spoken or shown, as a BCP 47 tag: ar, fa, he', '')
    .option('--note <text>', 'anything else about how the files were obtained', '')
    .addOption(
      new Option('--tlp <mark>', 'handling mark (Traffic Light Protocol 2.0)').choices(Tlp.options).default('AMBER'),
    )
    .option('--json', 'one JSON document per file and line', false)
    .addHelpText('after', EXAMPLES)
    .action(async (files: string[], options: Options) => exit(await triage(files, options, shutdown)))
}

/** @returns exit status */
async function triage(files: readonly string[], options: Options, shutdown: Shutdown): Promise<number> {
  if (options.case !== undefined && options.library === undefined)
    throw new Failure('request.invalid', '--case needs --library: a case is kept in a library.')
  if (options.library === undefined)
    console.error('Nothing is kept: give --library DIR to keep the originals, the findings and what you conclude.')
  const where = options.library === undefined ? 'ephemeral' : { folder: options.library, create: true }
  return inLibrary(where, async (session) => {
    const filedInto = options.case === undefined ? null : await ensureCase(session.client, options.case)
    const run = new Run(session, filedInto, options.json, shutdown.signal)
    await run.go(files, {
      storage: options.storage ?? (where === 'ephemeral' ? 'reference' : 'copy'),
      caseId: filedInto?.id ?? null,
      details: AcquisitionDetails.parse({
        source: options.source,
        claimedDate: options.claimedDate ?? null,
        claimedPlace: options.place,
        language: options.language,
        tlp: options.tlp,
        note: options.note,
      }),
    })
    const stopped = shutdown.code()
    if (stopped !== null) {
      if (options.library !== undefined)
        console.error('Stopped. What was not finished goes on when the library is opened again.')
      return stopped
    }
    return run.status
  })
}

interface Slot {
  readonly file: string
  item: IntakeItem
  /**
   * Null until it is settled. Put together only when it is printed: what came in at the same time may show the same footage.
   */
  result: (() => TriageResult | Promise<TriageResult>) | null
}

/** One run of the command: follows its own files through intake and triage, and prints each when those before it are out. */
class Run {
  readonly #session: Session
  readonly #filedInto: { id: string; title: string } | null
  readonly #json: boolean
  readonly #stop: AbortSignal
  readonly #slots: Slot[] = []
  readonly #retried = new Set<string>()
  #printed = 0
  #printing = Promise.resolve()
  #progress = progressLine(0)
  #refused = false
  #defect = false

  constructor(session: Session, filedInto: { id: string; title: string } | null, json: boolean, stop: AbortSignal) {
    this.#session = session
    this.#filedInto = filedInto
    this.#json = json
    this.#stop = stop
  }

  get status(): number {
    return this.#defect ? 1 : this.#refused ? 2 : 0
  }

  async go(
    files: readonly string[],
    order: Omit<Parameters<Session['client']['intake']['add']>[0], 'files'>,
  ): Promise<void> {
    const { client } = this.#session
    // Listening begins before anything can happen; the first change only says that somebody listens.
    const changes = await client.library.changes(undefined, { signal: this.#stop })
    await changes.next()
    for (const group of groups(files)) {
      const paths = group.map((file) => ({ path: resolve(file) }))
      const { items } = await client.intake.add({ ...order, files: paths })
      // A file is one item; a folder stands alone in its group.
      const alone = items.length === group.length
      items.forEach((item, at) => this.#slots.push({ file: (alone && group[at]) || item.path, item, result: null }))
    }
    this.#progress = progressLine(this.#slots.length)
    await this.#lookAtAll()
    try {
      while (this.#printed < this.#slots.length) {
        const { value: change, done } = await changes.next()
        if (done) break
        if (change.kind === 'intake') await this.#onItem(change.item)
        else if (change.kind === 'job') await this.#onJob(change.job)
      }
    } catch (error) {
      if (!this.#stop.aborted) throw error
    } finally {
      this.#progress.stop()
      await changes.return?.()
    }
  }

  /** What happened between the adding and now. */
  async #lookAtAll(): Promise<void> {
    const now = new Map((await this.#session.client.intake.list()).map((item) => [item.id, item]))
    for (const slot of this.#slots) await this.#onItem(now.get(slot.item.id) ?? slot.item)
  }

  async #onItem(item: IntakeItem): Promise<void> {
    const slot = this.#slots.find((one) => one.item.id === item.id)
    if (!slot || slot.result) return
    slot.item = item
    this.#progress.item(item)
    if (item.state === 'refused') return this.#settle(slot, () => refusal(slot.file, item))
    if (item.evidenceId === null) return
    if (item.error?.code === 'internal') return this.#settle(slot, () => refusal(slot.file, item))
    const jobs = await this.#session.client.jobs.list({ evidenceId: item.evidenceId })
    const job = jobs.find((one) => one.kind === 'triage')
    if (job) await this.#onJob(job)
  }

  async #onJob(job: Job): Promise<void> {
    if (job.kind !== 'triage') return
    const slots = this.#slots.filter((slot) => slot.item.evidenceId === job.evidenceId && !slot.result)
    if (!slots.length) return
    this.#progress.job(job)
    if (job.state === 'queued' || job.state === 'running') return
    if (job.state !== 'succeeded' && this.#isOld(job, slots)) {
      this.#retried.add(job.id)
      await this.#session.client.jobs.retry({ ids: [job.id] })
      return
    }
    for (const slot of slots)
      await this.#settle(slot, () => result(this.#session, slot.file, slot.item, job, this.#filedInto))
  }

  /** A failure of an earlier run: giving the file again means to try again, once. */
  #isOld(job: Job, slots: readonly Slot[]): boolean {
    const ended = job.endedAt ?? ''
    return !this.#retried.has(job.id) && slots.every((slot) => ended < slot.item.at)
  }

  async #settle(slot: Slot, outcome: NonNullable<Slot['result']>): Promise<void> {
    slot.result = outcome
    this.#printing = this.#printing.then(() => this.#printSettled())
    await this.#printing
    this.#progress.ended(this.#slots.filter((one) => one.result).length, this.#slots.length)
  }

  async #printSettled(): Promise<void> {
    for (let next = this.#slots[this.#printed]; next?.result; next = this.#slots[this.#printed]) {
      const outcome = await next.result()
      if (outcome.error) this.#refused = true
      if (outcome.error?.code === 'internal') this.#defect = true
      this.#progress.clear()
      process.stdout.write(this.#json ? `${jsonLine(outcome)}\n` : `${readable(outcome)}\n\n`)
      this.#printed++
    }
  }
}

/** Folders alone, files between them together: so that what comes back can be told apart. */
function groups(files: readonly string[]): string[][] {
  const out: string[][] = []
  let open: string[] | null = null
  for (const file of files) {
    if (lstatSync(file, { throwIfNoEntry: false })?.isDirectory()) {
      out.push([file])
      open = null
    } else if (open) open.push(file)
    else out.push((open = [file]))
  }
  return out
}
