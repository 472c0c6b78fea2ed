/** Compares some seconds of a new video with the same seconds of a known one, frame by frame, in memory. */
import { compareBlocks, type Blocks } from './blocks.ts'
import { lit } from './light.ts'
import { excess } from './noise.ts'
import { pictureOf, type Picture, type Plane } from './planes.ts'
import { pyramid, register, type Registered } from './register.ts'
import { pairFrames, reduced } from './times.ts'
import { apart, laid, laidPicture, middleWarp, type Size, type Warp } from './warp.ts'

/** Decoded frames of one size: `yuv420p`, frame n as shown at `start + n / rate` seconds. */
export interface Footage extends Size {
  readonly start: number
  readonly rate: number
  readonly frames: readonly Uint8Array[]
}

export const WINDOW = {
  /** Pairs that are registered in one window; together they say where the picture lies. */
  pairs: 7,
  /** Least correlation and share of fitting pixels of a pair that counts. */
  correlation: 0.75,
  fits: 0.35,
  /** Pixels of the known picture by which registrations may differ where the placement stands still. */
  steady: 0.8,
} as const

/** One new frame against its known one. */
export interface Sample {
  /** Seconds of the new and of the known video. */
  readonly time: number
  readonly known: number
  /** Numbers of the frames in their footage. */
  readonly at: { readonly fresh: number; readonly known: number }
  readonly warp: Warp
  /** Residual over noise per block; about 1 where nothing differs, NaN where nothing can be compared. */
  readonly ratio: Float32Array
  /** What the ratio was made from. */
  readonly blocks: Blocks
  /** Grey levels of noise assumed in flat parts. */
  readonly noise: number
}

export interface WindowComparison {
  readonly columns: number
  readonly rows: number
  readonly samples: readonly Sample[]
  /** How the registered pairs fared; null where none could be registered: then there are no samples. */
  readonly registered: Pick<Registered, 'correlation' | 'fits' | 'covered'> | null
  readonly warp: Warp
  /** True where the known picture moves about in the new one (a slow zoom, a shaken copy). */
  readonly moving: boolean
  /** Seconds by which the alignment was wrong, known video; null where nothing moved that would tell. */
  readonly shift: number | null
}

/**
 * @param guess roughly where the known picture lies, and the seconds of the known video at a time of the new one
 * @param reach seconds by which `guess.time` may be wrong
 */
export function compareWindow(
  fresh: Footage,
  known: Footage,
  guess: { warp: Warp; time: (seconds: number) => number },
  reach?: number,
): WindowComparison {
  const pictures = fresh.frames.map((frame) => pictureOf(frame, fresh.width, fresh.height))
  const held = new Map<number, Picture>()
  const knownPicture = (n: number): Picture => {
    let made = held.get(n)
    if (!made) {
      if (held.size > 6) held.delete(held.keys().next().value!)
      held.set(n, (made = pictureOf(known.frames[n]!, known.width, known.height)))
    }
    return made
  }
  const small = pictures.map(({ y }) => reduced(y))
  const knownSmall = known.frames.map((frame) => reduced(luma(frame, known)))
  const predicted = (i: number): number => (guess.time(fresh.start + i / fresh.rate) - known.start) * known.rate
  const sizes = { freshSize: fresh, knownSize: known }
  const rough = pairFrames(small, knownSmall, predicted, known.rate, { ...sizes, warp: guess.warp }, reach)

  const chosen = withContrast(small)
  const found = chosen.flatMap((i) => {
    const pair = register(pyramid(pictures[i]!.y), pyramid(knownPicture(rough.frames[i]!).y), guess.warp)
    return pair && pair.correlation >= WINDOW.correlation && pair.fits >= WINDOW.fits ? [pair] : []
  })
  const none = { columns: 0, rows: 0, samples: [], registered: null, warp: guess.warp, moving: false, shift: null }
  if (found.length < Math.min(2, chosen.length) || !found.length) return none
  const warp = middleWarp(found.map((pair) => pair.warp))
  const moving = found.filter((pair) => apart(pair.warp, warp, fresh) > WINDOW.steady).length > found.length / 3
  const exact = pairFrames(small, knownSmall, (i) => predicted(i) + rough.shift, known.rate, { ...sizes, warp }, 0)

  const samples: Sample[] = []
  let blocks: Blocks | undefined
  let last = warp
  for (const [i, picture] of pictures.entries()) {
    const n = exact.frames[i]!
    const under = knownPicture(n)
    if (moving) last = register(pyramid(picture.y), pyramid(under.y), last)?.warp ?? last
    const own = moving ? last : warp
    const placed = laidPicture(under, own, fresh)
    const shown = lit(placed, picture)
    const next = n + 1 < known.frames.length ? laid(luma(known.frames[n + 1]!, known), own, fresh).data : null
    blocks = compareBlocks(picture, shown, next && moved(placed.y.data, next, shown.y.data))
    const { ratio, scale } = excess(blocks)
    samples.push({
      time: fresh.start + i / fresh.rate,
      known: known.start + n / known.rate,
      at: { fresh: i, known: n },
      warp: own,
      ratio,
      blocks,
      noise: scale,
    })
  }
  return {
    columns: blocks?.columns ?? 0,
    rows: blocks?.rows ?? 0,
    samples,
    registered: {
      correlation: middle(found.map((pair) => pair.correlation)),
      fits: middle(found.map((pair) => pair.fits)),
      covered: middle(found.map((pair) => pair.covered)),
    },
    warp,
    moving,
    shift: rough.told ? rough.shift / known.rate : null,
  }
}

const luma = (frame: Uint8Array, { width, height }: Size): Plane => ({
  width,
  height,
  data: Float32Array.from(frame.subarray(0, width * height)),
})

/** The next brightness in the light of the new picture: what changed, added to what is shown. */
const moved = (now: Float32Array, next: Float32Array, shown: Float32Array): Float32Array =>
  shown.map((value, i) => value + next[i]! - now[i]!)

const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!

/** Evenly spaced frames, in each part the one with the most contrast: black frames register with anything. */
function withContrast(pictures: readonly Plane[]): number[] {
  const parts = Math.min(WINDOW.pairs, pictures.length)
  return Array.from({ length: parts }, (_, part) => {
    const [from, to] = [
      Math.floor((part * pictures.length) / parts),
      Math.floor(((part + 1) * pictures.length) / parts),
    ]
    let best = from
    let most = -1
    for (let i = from; i < to; i++) {
      const spread = deviation(pictures[i]!.data)
      if (spread > most * 1.02) {
        most = spread
        best = i
      }
    }
    return best
  })
}

function deviation(data: Float32Array): number {
  let [sum, squares] = [0, 0]
  for (const value of data) {
    sum += value
    squares += value * value
  }
  return Math.sqrt(Math.max(0, squares / data.length - (sum / data.length) ** 2))
}
