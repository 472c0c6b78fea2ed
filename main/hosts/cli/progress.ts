/** How far a triage is, on standard error: one live line on a terminal, a line now and then elsewhere. */
import type { IntakeItem } from '../../contract/intake.ts'
import type { Job } from '../../contract/jobs.ts'
import { clock, visible } from './terminal.ts'

/** Where nobody watches, a line this often at most. */
const SPARSE_MS = 10_000
const LIVE_MS = 100

export interface ProgressLine {
  item(item: IntakeItem): void
  job(job: Job): void
  ended(done: number, total: number): void
  /** Clears the live line for as long as something else is printed. */
  clear(): void
  stop(): void
}

interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

export function progressLine(
  total: number,
  screen: Screen = process.stderr,
  now: () => number = Date.now,
): ProgressLine {
  const live = screen.isTTY === true
  const active = new Map<string, string>()
  let done = 0
  let last = live ? Number.NEGATIVE_INFINITY : now()
  let drawn = false

  const clear = (): void => {
    if (drawn) screen.write('\r\u001b[2K')
    drawn = false
  }
  function draw(): void {
    if (now() - last < (live ? LIVE_MS : SPARSE_MS)) return
    last = now()
    const [first] = active.values()
    const more = active.size > 1 ? ` (+${active.size - 1})` : ''
    const line = `${done} of ${total} done${first ? ` · ${first}${more}` : ''}`
    if (!live) return void screen.write(`${line}\n`)
    clear()
    // A line that wraps could not be taken back.
    screen.write([...line].slice(0, (screen.columns || 80) - 1).join(''))
    drawn = true
  }

  return {
    item(item) {
      if (item.state === 'reading' && item.size)
        active.set(item.id, `${visible(item.name)}: reading ${Math.floor((item.done / item.size) * 100)} %`)
      else active.delete(item.id)
      draw()
    },
    job(job) {
      if (job.state === 'running') {
        const share = job.progress ? ` ${Math.floor((job.progress.done / job.progress.total) * 100)} %` : ''
        const left = job.secondsLeft === null ? '' : `, ${clock(job.secondsLeft)} left`
        active.set(job.id, `${visible(job.subject)}: ${job.step}${share}${left}`)
      } else active.delete(job.id)
      draw()
    },
    ended(count, of) {
      done = count
      total = of
      draw()
    },
    clear,
    stop: clear,
  }
}
