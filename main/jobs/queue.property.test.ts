import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Job } from '../contract/jobs.ts'
import { Failure } from '../errors.ts'
import { verifyChain } from '../store/audit.ts'
import { committedSteps, listJobs, MOVES } from '../store/jobs.ts'
import { testLibrary } from './fixtures/library.ts'
import { NO_FFMPEG } from './fixtures/no-ffmpeg.ts'
import { scriptedSpawner, type ScriptedWorker, type Stubbornness } from './fixtures/scripted-spawner.ts'
import { STEPS } from './protocol.ts'
import { createQueue } from './queue.ts'

const LIMITS = { politeMs: 5, terminateMs: 5, killMs: 5, leaveMs: 5 }
const CONCURRENCY = 2

const pick = fc.nat(50)
const command = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('enqueue' as const),
      kind: fc.constantFrom('triage' as const, 'proxy' as const),
      pick,
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('advance' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('die' as const), pick }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('fail' as const),
      pick,
      code: fc.constantFrom('media.unreadable', 'media.timeout', 'nonsense'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('garble' as const), pick, message: fc.anything() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('retry' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const) }) },
)
const stubbornness = fc.array(
  fc.constantFrom<Stubbornness>('leaves', 'leaves', 'leaves', 'needs-terminate', 'needs-kill', 'stays'),
  { minLength: 1, maxLength: 5 },
)

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 3))
const choose = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)]

it('never moves a job in a way that is not allowed, never runs too many, and never marks done what is not', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 60, size: 'max' }), stubbornness, async (commands, stubborn) => {
      const at = testLibrary()
      const items = ['a', 'b', 'c'].map((name) => at.addItem(name))
      const spawner = scriptedSpawner(stubborn)
      const told = new Map<string, Job['state']>()
      const broken: string[] = []
      const open = () =>
        createQueue(at.lib, {
          spawner,
          ffmpeg: () => Promise.resolve(NO_FFMPEG),
          models: '',
          concurrency: CONCURRENCY,
          limits: LIMITS,
          onJob(job) {
            // Thrown here, a complaint would be taken for a listener's defect: it is kept and made at the end.
            const before = told.get(job.id)
            if (before && before !== job.state && !MOVES[before].includes(job.state))
              broken.push(`${before} became ${job.state}`)
            told.set(job.id, job.state)
            const running = [...told.values()].filter((state) => state === 'running').length
            if (running > CONCURRENCY) broken.push(`${running} were running`)
          },
        })
      let queue = open()
      const busy = (): ScriptedWorker[] => spawner.workers.filter((worker) => worker.order && !worker.ended)
      const cancelling: Promise<unknown>[] = []
      try {
        for (const one of commands) {
          if (one.do === 'enqueue') queue.enqueue(one.kind, choose(items, one.pick)!.id)
          else if (one.do === 'advance') choose(busy(), one.pick)?.advance()
          else if (one.do === 'die') choose(busy(), one.pick)?.end(139)
          else if (one.do === 'garble') choose(busy(), one.pick)?.say(one.message)
          else if (one.do === 'fail')
            choose(busy(), one.pick)?.say({
              type: 'failed',
              error: { code: one.code, message: '', remedy: '', retryable: true },
            })
          else if (one.do === 'wait') await pause()
          else if (one.do === 'reopen') {
            await queue.close()
            queue = open()
            queue.resume()
          } else {
            const job = choose(queue.list(), one.pick)
            if (!job) continue
            if (one.do === 'cancel') cancelling.push(queue.cancel([job.id]))
            else
              try {
                queue.retry([job.id])
              } catch (error) {
                expect(error).toBeInstanceOf(Failure)
                expect((error as Failure).code).toBe('job.not-retryable')
              }
          }
        }
        const idle = queue.idle()
        while (queue.list().some((job) => job.state === 'queued' || job.state === 'running')) {
          for (const worker of busy()) worker.advance()
          await pause()
        }
        await idle
        await Promise.all(cancelling)
        expect(broken).toEqual([])
        for (const job of listJobs(at.lib)) {
          expect(['succeeded', 'failed', 'cancelled']).toContain(job.state)
          expect(job.error !== null).toBe(job.state === 'failed')
          expect(job.endedAt).not.toBeNull()
          const done = committedSteps(at.lib, job.id)
          expect(done).toEqual(STEPS[job.kind].slice(0, done.length))
          if (job.state === 'succeeded') expect(done).toEqual(STEPS[job.kind])
        }
        expect(verifyChain(at.lib.db).brokenAt).toBeNull()
      } finally {
        await queue.close()
        at.remove()
      }
    }),
    { numRuns: Number(process.env['ASSAY_SOAK'] ? 2000 : 25) },
  )
}, 600_000)
