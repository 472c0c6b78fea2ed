import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { progressMeter, throttled } from './progress.ts'
import { STEPS, type StepName } from './protocol.ts'

const triage = STEPS.triage
const step = fc.constantFrom<StepName>(...triage)
const event = fc.oneof(
  fc.record({ type: fc.constant('advance' as const), step, fraction: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({
    type: fc.constant('weigh' as const),
    step,
    weight: fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
  }),
  fc.record({ type: fc.constant('begin' as const), done: fc.subarray([...triage]) }),
  fc.record({ type: fc.constant('wait' as const), ms: fc.nat(60_000) }),
)

describe('progress', () => {
  it('never goes back and stays between nothing and all, whatever a worker tells', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const meter = progressMeter(triage)
        let now = 0
        let last = 0
        meter.begin([], now)
        for (const one of events) {
          if (one.type === 'advance') meter.advance(one.step, one.fraction)
          else if (one.type === 'weigh') meter.weigh([one])
          else if (one.type === 'begin') meter.begin(one.done, now)
          else now += one.ms
          const { progress, secondsLeft } = meter.read(now)
          expect(progress.done).toBeGreaterThanOrEqual(last)
          expect(progress.done).toBeLessThanOrEqual(progress.total)
          if (secondsLeft !== null) {
            expect(Number.isFinite(secondsLeft)).toBe(true)
            expect(secondsLeft).toBeGreaterThanOrEqual(0)
          }
          last = progress.done
        }
      }),
    )
  })

  it('counts a step by what it costs', () => {
    const meter = progressMeter(triage)
    meter.weigh([
      { step: 'probe', weight: 1 },
      { step: 'container-signals', weight: 1 },
      { step: 'decode-signals', weight: 8 },
    ])
    meter.begin([], 0)
    meter.advance('probe', 1)
    meter.advance('container-signals', 1)
    meter.advance('decode-signals', 0.5)
    expect(meter.read(0).progress).toEqual({ done: 60, total: 100, unit: '%' })
  })

  it('tells no time left until something is known, then the time at the present pace', () => {
    const meter = progressMeter(['proxy'])
    meter.begin([], 0)
    expect(meter.read(60_000).secondsLeft).toBeNull()
    meter.advance('proxy', 0.25)
    expect(meter.read(500).secondsLeft).toBeNull()
    expect(meter.read(10_000).secondsLeft).toBe(30)
  })

  it('tells more time left, not less, while nothing moves', () => {
    const meter = progressMeter(['proxy'])
    meter.begin([], 0)
    meter.advance('proxy', 0.5)
    expect(meter.read(10_000).secondsLeft).toBe(10)
    expect(meter.read(20_000).secondsLeft).toBe(20)
  })

  it('does not take what an earlier attempt did for speed of this one', () => {
    const meter = progressMeter(triage)
    meter.begin(['probe', 'container-signals'], 0)
    meter.advance('decode-signals', 0.25)
    expect(meter.read(10_000).secondsLeft).toBe(30)
  })
})

describe('telling', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
  afterEach(() => void vi.useRealTimers())

  it('happens at most ten times a second, and the last state is told', () => {
    let state = 0
    const told: number[] = []
    const teller = throttled(() => told.push(state), 100)
    for (state = 1; state < 500; state += 1) {
      teller.call()
      vi.advanceTimersByTime(2)
    }
    state = 500
    teller.call()
    vi.advanceTimersByTime(1000)
    expect(told.length).toBeLessThanOrEqual(11)
    expect(told.length).toBeGreaterThanOrEqual(9)
    expect(told.at(-1)).toBe(500)
  })

  it('stops when it is told to', () => {
    const told: number[] = []
    const teller = throttled(() => told.push(1), 100)
    teller.call()
    teller.call()
    teller.stop()
    vi.advanceTimersByTime(1000)
    expect(told).toEqual([1])
  })
})
