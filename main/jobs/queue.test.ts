import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Job } from '../contract/jobs.ts'
import { verifyChain } from '../store/audit.ts'
import { custodyOf } from '../store/evidence.ts'
import { currentFindings } from '../store/findings.ts'
import { committedSteps, jobById } from '../store/jobs.ts'
import { derivativeFile, derivativesOf, filmstripOf, mediaFacts, packetsOf, waveformOf } from '../store/media.ts'
import { testLibrary, type TestLibrary } from './fixtures/library.ts'
import { NO_FFMPEG } from './fixtures/no-ffmpeg.ts'
import { scriptedSpawner } from './fixtures/scripted-spawner.ts'
import { createQueue, type Queue, type QueueOptions, type Trouble } from './queue.ts'
import { forkSpawner } from './spawn-node.ts'

const WORKER = new URL('./fixtures/worker.ts', import.meta.url)

let at: TestLibrary
let queues: Queue[]
let troubles: Trouble[]
let told: Job[]
beforeEach(() => {
  at = testLibrary()
  queues = []
  troubles = []
  told = []
})
afterEach(async () => {
  for (const queue of queues) await queue.close()
  at.remove()
})

function open(behaviour: string, options: Partial<QueueOptions> = {}): { queue: Queue; scratch: string } {
  const scratch = mkdtempSync(join(at.scratch, 'marks-'))
  const queue = createQueue(at.lib, {
    spawner: forkSpawner(WORKER),
    ffmpeg: () => Promise.resolve(NO_FFMPEG),
    models: `${behaviour} ${scratch}`,
    concurrency: 2,
    onTrouble: (trouble) => troubles.push(trouble),
    onJob: (job) => told.push(job),
    ...options,
  })
  queues.push(queue)
  return { queue, scratch }
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 15_000; !condition();) {
    if (Date.now() > end) throw new Error('it never came')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
const alive = (pid: number): boolean => {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return false
  }
}
/** Takes some of the room that is left in the last pages; false where it does not fit. */
function fill(size: number): boolean {
  try {
    at.lib.change('analyst', (record) => record('test.filled', 'x', { text: 'x'.repeat(size) }))
    return true
  } catch {
    return false
  }
}

async function runOne(behaviour: string, options: Partial<QueueOptions> = {}) {
  const item = at.addItem(`${behaviour}.mp4`)
  const { queue, scratch } = open(behaviour, options)
  const { id } = queue.enqueue('triage', item.id)
  await queue.idle()
  return { queue, scratch, item, job: jobById(at.lib, id) }
}

describe('a job that goes well', () => {
  it('has everything its worker made in the library, under the hash it has', async () => {
    const { job, item, queue } = await runOne('completes')
    expect(job).toMatchObject({ state: 'succeeded', attempts: 1, error: null, subject: 'completes.mp4' })
    expect(mediaFacts(at.lib, item.id)?.container.duration).toBe(2)
    expect([...packetsOf(at.lib, item.id)!]).toEqual([1, 2, 3])
    expect(waveformOf(at.lib, item.id)?.peaks).toEqual([0, 1])
    expect(currentFindings(at.lib, item.id).map((f) => f.output.id)).toEqual(['provenance', 'temporal'])
    expect(currentFindings(at.lib, item.id, ['temporal']).map((f) => f.output.id)).toEqual(['temporal', 'provenance'])
    const strip = derivativeFile(at.lib, filmstripOf(at.lib, item.id)!.sha256)!
    expect(readFileSync(strip.path, 'utf8')).toBe('eight thumbnails')
    expect(strip.mime).toBe('image/png')
    expect(derivativesOf(at.lib, item.id, 'exhibit')).toHaveLength(1)
    expect(queue.timings(job.id)).toMatchObject({ probe: 0.5, 'container-signals': 0.5, 'decode-signals': 0.5 })
    expect(custodyOf(at.lib, item.id).map((entry) => entry.action)).toEqual(['analysed', 'analysed'])
    expect(verifyChain(at.lib.db).brokenAt).toBeNull()
  })

  it('leaves no private folder behind', async () => {
    await runOne('completes')
    expect(readdirSync(at.lib.paths.staging)).toEqual([])
  })

  it('tells progress that never goes back, from a worker that is running', async () => {
    const { job } = await runOne('completes')
    expect([...new Set(told.map((one) => one.state))]).toEqual(['queued', 'running', 'succeeded'])
    const done = told.flatMap((one) => (one.progress ? [one.progress.done] : []))
    expect(done).toEqual([...done].sort((a, b) => a - b))
    expect(told.at(-1)).toEqual(job)
  })

  it('gives the same findings, with the same ids, when it is run again from the original', async () => {
    const { queue, item, job } = await runOne('completes')
    const before = currentFindings(at.lib, item.id)
    const again = queue.enqueue('triage', item.id)
    await queue.idle()
    expect(again.id).not.toBe(job.id)
    expect(committedSteps(at.lib, again.id)).toEqual(['probe', 'container-signals', 'decode-signals'])
    expect(currentFindings(at.lib, item.id)).toEqual(before)
  })

  it('is not queued a second time while it is pending', async () => {
    const item = at.addItem('a.mp4')
    const { queue, scratch } = open('waits')
    const first = queue.enqueue('triage', item.id)
    expect(queue.enqueue('triage', item.id).id).toBe(first.id)
    writeFileSync(join(scratch, 'go'), '')
    await queue.idle()
    expect(queue.list(item.id)).toHaveLength(1)
  })
})

describe('order', () => {
  it('runs no more workers than it was given, triage before copies for viewing, first come first served', async () => {
    const { queue } = open('completes', { concurrency: 1 })
    const items = ['a', 'b', 'c'].map((name) => at.addItem(name))
    queue.enqueue('proxy', items[0]!.id)
    for (const item of items) queue.enqueue('triage', item.id)
    let most = 0
    const running = new Set<string>()
    await queue.idle()
    for (const job of told) {
      if (job.state === 'running') running.add(job.id)
      else running.delete(job.id)
      most = Math.max(most, running.size)
    }
    expect(most).toBe(1)
    const starts = told.filter((job) => job.state === 'running' && job.step === 'starting' && job.attempts === 1)
    const order = [...new Set(starts.map((job) => `${job.kind} ${job.subject}`))]
    expect(order).toEqual(['triage a', 'triage b', 'triage c', 'proxy a'])
    expect(derivativesOf(at.lib, items[0]!.id, 'proxy')).toHaveLength(1)
  })
})

describe('a worker that dies', () => {
  it('is given a second attempt, which does not repeat what was committed', async () => {
    const { job, scratch, item } = await runOne('crashes-once')
    expect(job).toMatchObject({ state: 'succeeded', attempts: 2 })
    expect(JSON.parse(readFileSync(join(scratch, 'skipped'), 'utf8'))).toEqual(['probe', 'container-signals'])
    expect(currentFindings(at.lib, item.id)).toHaveLength(2)
  })

  it('twice fails its job and no other, and keeps what was committed', async () => {
    const { job, item } = await runOne('crashes')
    expect(job).toMatchObject({ state: 'failed', attempts: 2, error: { code: 'worker.crashed' } })
    expect(job.error!.detail).toContain('SIGKILL')
    expect(mediaFacts(at.lib, item.id)).not.toBeNull()
    expect(readdirSync(at.lib.paths.staging)).toEqual([])
  })

  it('of a defect leaves its stack in the log and not in the job', async () => {
    const { job } = await runOne('throws')
    expect(job.error!.code).toBe('worker.crashed')
    expect(JSON.stringify(job)).not.toContain('a defect')
    expect(troubles[0]!.stderr).toContain('Error: a defect')
  })

  it('before its work was done has not succeeded', async () => {
    const { job } = await runOne('leaves-early')
    expect(job).toMatchObject({ state: 'failed', error: { code: 'worker.crashed' } })
  })

  it('can be retried, and then only the rest is done', async () => {
    const { queue, job, item } = await runOne('crashes')
    await queue.close()
    const { queue: next, scratch } = open('crashes-once')
    writeFileSync(join(scratch, 'was-here'), '')
    expect(next.retry([job.id])[0]).toMatchObject({ state: 'queued', error: null })
    await next.idle()
    expect(jobById(at.lib, job.id)).toMatchObject({ state: 'succeeded', attempts: 3 })
    expect(JSON.parse(readFileSync(join(scratch, 'skipped'), 'utf8'))).toEqual(['probe', 'container-signals'])
    expect(next.list(item.id)).toHaveLength(1)
    expect(() => next.retry([job.id])).toThrow(expect.objectContaining({ code: 'job.not-retryable' }))
  })
})

describe('a failure that the worker reports', () => {
  it('reaches the user in our words, with a detail that cannot dress itself up', async () => {
    const { job } = await runOne('unreadable')
    expect(job).toMatchObject({ state: 'failed', attempts: 1, error: { code: 'media.unreadable' } })
    expect(job.error!.message).toContain('could be decoded')
    expect(job.error!.remedy).not.toContain('money')
    expect(job.error!.detail).toBe('line break gnp.exe')
  })

  it('with a code that we do not have is a defect, tried twice', async () => {
    const { job } = await runOne('invented-code')
    expect(job).toMatchObject({ state: 'failed', attempts: 2, error: { code: 'internal' } })
    expect(JSON.stringify(job.error)).not.toContain('prize')
  })

  it('that may pass is tried again once', async () => {
    const { job } = await runOne('times-out-once')
    expect(job).toMatchObject({ state: 'succeeded', attempts: 2 })
  })
})

describe('a worker that is not to be trusted', () => {
  it.each([
    ['gibberish', 'Invalid'],
    ['invented-step', 'step'],
    ['out-of-order', 'came when probe was due'],
    ['floods', 'floods'],
    ['too-much', 'too large'],
    ['wrong-hash', 'not what its hash says'],
    ['missing-file', 'ENOENT'],
    ['path-in-name', 'file'],
    ['empty-file', '0 bytes'],
    ['wrong-role', 'makes no proxy'],
    ['symlink', 'ELOOP'],
    ['hard-link', 'not a plain file'],
    ['folder-as-file', 'EISDIR'],
  ])('is ended when it sends %s', async (behaviour, why) => {
    const { job, item } = await runOne(behaviour)
    expect(job).toMatchObject({ state: 'failed', attempts: 2, error: { code: 'worker.crashed' } })
    expect(job.error!.detail).toContain(why)
    expect(committedSteps(at.lib, job.id)).not.toContain('decode-signals')
    expect(derivativesOf(at.lib, item.id, 'exhibit')).toEqual([])
    expect(existsSync(join(at.lib.folder, 'library.db'))).toBe(true)
  })

  it('cannot add to a job that has all it needs', async () => {
    const { job } = await runOne('step-twice')
    expect(job.error).toMatchObject({ code: 'worker.crashed' })
    expect(job.error!.detail).toContain('nothing was due')
  })
})

describe('limits', () => {
  it('ends a worker that fills its heap', async () => {
    const { job } = await runOne('eats-heap')
    expect(job).toMatchObject({ state: 'failed', attempts: 1, error: { code: 'media.limit' } })
  })

  it('ends a worker that fills memory beside its heap', async () => {
    const { job } = await runOne('eats-buffers', { limits: { residentBytes: 300 * 2 ** 20, watchMs: 50 } })
    expect(job).toMatchObject({ state: 'failed', attempts: 1, error: { code: 'media.limit' } })
    expect(job.error!.detail).toMatch(/\d+ MB in use/)
  })

  it('ends a worker that has fallen silent', async () => {
    const { job } = await runOne('silent', { limits: { silenceMs: 300, watchMs: 50 } })
    expect(job).toMatchObject({ state: 'failed', attempts: 1, error: { code: 'media.timeout' } })
  })

  it('leaves models that the user added out of a second attempt, where they may have ended the first', async () => {
    const added = join(at.scratch, 'added')
    mkdirSync(join(added, 'mine'), { recursive: true })
    const { job } = await runOne('silent-with-added', { added, limits: { silenceMs: 6000, watchMs: 50 } })
    expect(job).toMatchObject({ state: 'succeeded', attempts: 2 })
  })
})

describe('cancelling', () => {
  it('drops a job that waits', async () => {
    const { queue, scratch } = open('waits', { concurrency: 1 })
    queue.enqueue('triage', at.addItem('a').id)
    const second = queue.enqueue('triage', at.addItem('b').id)
    expect(await queue.cancel([second.id])).toMatchObject([{ state: 'cancelled', attempts: 0 }])
    writeFileSync(join(scratch, 'go'), '')
    await queue.idle()
    expect(queue.list().map((job) => job.state)).toEqual(['cancelled', 'succeeded'])
  })

  it('lets a worker that listens leave by itself', async () => {
    const { queue } = open('polite')
    const job = queue.enqueue('triage', at.addItem('a').id)
    await until(() => committedSteps(at.lib, job.id).length === 2)
    expect(await queue.cancel([job.id])).toMatchObject([{ state: 'cancelled', attempts: 1, error: null }])
  })

  it('ends a worker that does not listen, with everything it started', async () => {
    const { queue, scratch } = open('lingers', { limits: { politeMs: 150, terminateMs: 150, watchMs: 50 } })
    const job = queue.enqueue('triage', at.addItem('a').id)
    await until(() => committedSteps(at.lib, job.id).length === 2)
    const pids = JSON.parse(readFileSync(join(scratch, 'pids'), 'utf8')) as number[]
    expect(pids.map(alive)).toEqual([true, true, true])
    expect(await queue.cancel([job.id])).toMatchObject([{ state: 'cancelled' }])
    expect(pids.map(alive)).toEqual([false, false, false])
  })

  it('says so when a worker cannot be ended, and goes on with the next job', async () => {
    const spawner = scriptedSpawner(['stays', 'leaves'])
    const limits = { politeMs: 5, terminateMs: 5, killMs: 5 }
    const { queue } = open('', { spawner, limits, concurrency: 1 })
    const job = queue.enqueue('triage', at.addItem('a').id)
    await until(() => spawner.workers.length === 1)
    expect(await queue.cancel([job.id])).toMatchObject([{ state: 'failed', error: { code: 'worker.crashed' } }])
    const next = queue.enqueue('proxy', at.addItem('b').id)
    await until(() => spawner.workers.length === 2)
    spawner.workers[1]!.advance()
    spawner.workers[1]!.advance()
    await queue.idle()
    expect(jobById(at.lib, next.id).state).toBe('succeeded')
  })

  it('leaves a job that has ended as it is, and knows no job it never had', async () => {
    const { queue, job } = await runOne('completes')
    expect(await queue.cancel([job.id])).toEqual([job])
    const unknown = '00000000-0000-4000-8000-000000000000'
    await expect(queue.cancel([unknown])).rejects.toMatchObject({ code: 'job.not-found' })
  })
})

describe('closing and opening again', () => {
  it('puts running jobs back, ends their workers, and finishes them next time', async () => {
    const { queue, scratch } = open('lingers')
    const job = queue.enqueue('triage', at.addItem('a').id)
    await until(() => committedSteps(at.lib, job.id).length === 2)
    const pids = JSON.parse(readFileSync(join(scratch, 'pids'), 'utf8')) as number[]
    await queue.close()
    expect(jobById(at.lib, job.id).state).toBe('queued')
    expect(pids.map(alive)).toEqual([false, false, false])
    const { queue: next } = open('completes')
    next.resume()
    await next.idle()
    expect(jobById(at.lib, job.id).state).toBe('succeeded')
  })
})

describe('a library that cannot be written', () => {
  it('stops the queue with the reason, and goes on when there is room again', async () => {
    const { queue, scratch } = open('waits', { concurrency: 1 })
    const job = queue.enqueue('triage', at.addItem('a').id)
    await until(() => committedSteps(at.lib, job.id).length === 2)
    // SQLite itself refuses to grow the file from here on, as it does on a full disk.
    const pages = at.lib.db.pragma('page_count', { simple: true })
    at.lib.db.pragma(`max_page_count = ${Number(pages)}`)
    for (const size of [2000, 200, 20, 0]) while (fill(size));
    const full = expect(queue.idle()).rejects.toMatchObject({ code: 'store.full' })
    writeFileSync(join(scratch, 'go'), '')
    await full
    at.lib.db.pragma('max_page_count = 1000000')
    queue.resume()
    await queue.idle()
    expect(jobById(at.lib, job.id).state).toBe('succeeded')
  })
})
