/** Looks for faces in pictures of a report, in a thread of its own: the model keeps its thread busy. */
import { parentPort, workerData } from 'node:worker_threads'
import sharp from 'sharp'
import type { Region } from '../../contract/common.ts'
import { overlap } from '../../signals/faces/candidates.ts'
import { Detector } from '../../signals/faces/detector.ts'
import { openModel } from '../../signals/onnx.ts'

export interface FaceOrder {
  /** Folder of model folders. */
  readonly models: string
  readonly pictures: readonly { readonly sha256: string; readonly bytes: Uint8Array; readonly tiles: number }[]
}
/** By SHA-256 of the picture; absent where it cannot be decoded. */
export type FacesFound = ReadonlyMap<string, readonly Region[]>

/** Far below what triage asks for: here a face that is missed costs more than a wall that is covered. */
const LEAST = 0.4
/** Pictures are enlarged to this width, in pixels, so that the faces of thumbnails have a size that the model knows. */
const WIDTH = 640
/** Added on each side of a box, as a share of it: hair, ears and chin tell who somebody is as well. */
const MARGIN = 0.35
/** Border of a second look, as a share of the picture: a face that fills it is only found with something around. */
const BORDER = 0.35

const { models, pictures } = workerData as FaceOrder
const model = await openModel(models, 'face-detector')
const detector = new Detector(model)
const found = new Map<string, readonly Region[]>()
for (const { sha256, bytes, tiles } of pictures) {
  const faces = await facesOf(bytes, tiles).catch(() => null)
  if (faces) found.set(sha256, faces)
}
await model.close()
// A thread's port has no origin; the rule takes it for a window.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort?.postMessage(found)

async function facesOf(bytes: Uint8Array, tiles: number): Promise<Region[]> {
  const { width, height } = await sharp(bytes).metadata()
  const wide = Math.floor(width / tiles)
  const all: Region[] = []
  for (let tile = 0; tile < tiles; tile++) {
    const part = await sharp(bytes)
      .extract({ left: tile * wide, top: 0, width: wide, height })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .png()
      .toBuffer()
    const share = wide / width
    for (const { x, y, width: w, height: h } of await looks(part))
      all.push({ x: (tile + x) * share, y, width: w * share, height: h })
  }
  return all
}

async function looks(picture: Uint8Array): Promise<Region[]> {
  const plain = await look(await sharp(picture).resize({ width: WIDTH }).png().toBuffer())
  const inner = Math.round(WIDTH / (1 + 2 * BORDER))
  const sized = sharp(picture).resize({ width: inner, height: inner, fit: 'inside' })
  const { data, info } = await sized.png().toBuffer({ resolveWithObject: true })
  const [across, down] = [Math.round(info.width * BORDER), Math.round(info.height * BORDER)]
  const background = '#808080'
  const bordered = await sharp(data)
    .extend({ left: across, right: across, top: down, bottom: down, background })
    .png()
    .toBuffer()
  const scale = 1 + 2 * BORDER
  const within = (await look(bordered)).map(({ x, y, width, height }) => ({
    x: x * scale - BORDER,
    y: y * scale - BORDER,
    width: width * scale,
    height: height * scale,
  }))
  return together([...plain, ...within]).map(withMargin)
}

async function look(png: Uint8Array): Promise<Region[]> {
  const colour = sharp(png).toColourspace('srgb').removeAlpha()
  const { data, info } = await colour.raw().toBuffer({ resolveWithObject: true })
  if (info.channels !== 3) throw new Error('no RGB picture')
  const frame = { data: new Uint8Array(data), width: info.width, height: info.height }
  const detections = await detector.detect(frame, { search: false, expected: [], least: LEAST })
  return detections.map(({ box }) => ({
    x: box.x / info.width,
    y: box.y / info.height,
    width: box.width / info.width,
    height: box.height / info.height,
  }))
}

/** What both looks found is one face, as wide as either saw it. */
function together(regions: readonly Region[]): Region[] {
  const kept: Region[] = []
  for (const region of regions) {
    const same = kept.findIndex((other) => overlap(other, region) > 0.3)
    if (same < 0) kept.push(region)
    else kept[same] = around(kept[same]!, region)
  }
  return kept
}

function around(a: Region, b: Region): Region {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)]
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  }
}

function withMargin({ x, y, width, height }: Region): Region {
  const clamp = (share: number): number => Math.min(1, Math.max(0, share))
  const [left, top] = [clamp(x - width * MARGIN), clamp(y - height * MARGIN)]
  return {
    x: left,
    y: top,
    width: clamp(x + width * (1 + MARGIN)) - left,
    height: clamp(y + height * (1 + MARGIN)) - top,
  }
}
