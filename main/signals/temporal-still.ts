/**
 * A still photograph brought to life: within a shot, motion is confined to one compact region while the textured rest
 * stands exactly still. A camera, even on a tripod, adds noise to every frame, but compression takes most of it: this is
 * never a strong indicator by itself.
 */
import type { Region } from '../contract/common.ts'
import { BLOCKS, BLOCK_COUNT, type FrameRecord } from './temporal-frames.ts'
import type { Shot } from './temporal-shots.ts'

export const STILL = {
  /** Shortest shot looked at, seconds. */
  seconds: 3,
  /** Mean step of a block, grey levels: at least this moves; at most that is rigid. */
  moving: 1.2,
  rigid: 0.5,
  /** Mean gradient that counts as texture, grey levels per pixel. */
  texture: 3,
  /** Shares of the picture: motion at least (less is a logo) and at most, rigid and rigid textured at least. */
  leastMovingShare: 0.04,
  movingShare: 0.4,
  rigidShare: 0.5,
  texturedShare: 0.2,
  /** Share of the motion that the largest connected region holds. */
  compact: 0.9,
  /**
   * Mean step of the rigid textured blocks, grey levels, under which nothing but the encoder moved them, and bits per
   * moving pixel of predicted frames from which some camera noise should have survived. Measured on made clips: stills
   * encoded well 0.002 to 0.015 at 0.10 to 0.18 bits; a quiet camera on a tripod 0.005 and more (see measure-temporal).
   */
  exact: 0.004,
  bitsPerMovingPixel: 0.08,
} as const

export interface StillShot {
  readonly shot: Shot
  /** Bounding box of the region that moves. */
  readonly region: Region
  readonly movingShare: number
  readonly rigidShare: number
  readonly texturedShare: number
  /** Mean step of the rigid textured blocks, grey levels. */
  readonly floor: number
  /** Block motion, 16 × 16, grey levels per step. */
  readonly map: Float64Array
}

export interface StillFindings {
  readonly shots: StillShot[]
  /** Shots whose motion is confined but whose rest has too little texture to tell rigid from empty. */
  readonly untextured: Shot[]
}

export function findStills(record: FrameRecord, shots: readonly Shot[], rate: number): StillFindings {
  const found: StillShot[] = []
  const untextured: Shot[] = []
  for (const shot of shots) {
    if (shot.to - shot.from < STILL.seconds * rate) continue
    const map = record.meanMap('motion', shot.from + 1, shot.to)
    const texture = record.meanMap('texture', shot.from, shot.to)
    const moving = blocksWhere((b) => map[b]! >= STILL.moving)
    const rigid = blocksWhere((b) => map[b]! <= STILL.rigid)
    const textured = rigid.filter((b) => texture[b]! >= STILL.texture)
    if (share(moving) < STILL.leastMovingShare || share(moving) > STILL.movingShare || share(rigid) < STILL.rigidShare)
      continue
    const largest = largestComponent(moving)
    if (sumOver(largest, map) < STILL.compact * sumOver(moving, map)) continue
    if (share(textured) < STILL.texturedShare) {
      untextured.push(shot)
      continue
    }
    found.push({
      shot,
      region: boundingBox(largest),
      movingShare: share(moving),
      rigidShare: share(rigid),
      texturedShare: share(textured),
      floor: sumOver(textured, map) / textured.length,
      map,
    })
  }
  return { shots: found, untextured }
}

const blocksWhere = (test: (block: number) => boolean) =>
  Array.from({ length: BLOCK_COUNT }, (_, b) => b).filter((b) => test(b))
const share = (blocks: readonly number[]) => blocks.length / BLOCK_COUNT
const sumOver = (blocks: readonly number[], map: Float64Array) => blocks.reduce((sum, b) => sum + map[b]!, 0)

/** The largest set of blocks that touch by side or corner. */
function largestComponent(blocks: readonly number[]): number[] {
  const left = new Set(blocks)
  let largest: number[] = []
  for (const start of blocks) {
    if (!left.delete(start)) continue
    const component = [start]
    for (let i = 0; i < component.length; i++) {
      const x = component[i]! % BLOCKS
      const y = Math.floor(component[i]! / BLOCKS)
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) {
          const nx = x + dx
          const ny = y + dy
          if (nx < 0 || ny < 0 || nx >= BLOCKS || ny >= BLOCKS) continue
          if (left.delete(ny * BLOCKS + nx)) component.push(ny * BLOCKS + nx)
        }
    }
    if (component.length > largest.length) largest = component
  }
  return largest
}

function boundingBox(blocks: readonly number[]): Region {
  const xs = blocks.map((b) => b % BLOCKS)
  const ys = blocks.map((b) => Math.floor(b / BLOCKS))
  const x = Math.min(...xs)
  const y = Math.min(...ys)
  return {
    x: x / BLOCKS,
    y: y / BLOCKS,
    width: (Math.max(...xs) + 1 - x) / BLOCKS,
    height: (Math.max(...ys) + 1 - y) / BLOCKS,
  }
}
