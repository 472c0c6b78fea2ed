/**
 * Runs the detector model over one frame: a first look at the whole frame, and closer looks through windows of a picture
 * twice as fine, where faces are small or where nothing was looked at for a while.
 */
import type { ModelRunner } from '../onnx.ts'
import { dropParts, overlap, readCandidates, ROW, suppress, type Box, type Detection, type Look } from './candidates.ts'
import { Reducer, type Picture } from './reduce.ts'

/** The model's input, pixels. */
export const INPUT = { width: 320, height: 192 }
export const DETECTOR = {
  /** Least score of a face. */
  least: 0.61,
  /** A candidate of the first look at or above this score, but below `least`, is worth a closer look. */
  doubtful: 0.4,
  /** Two boxes that overlap more than this (intersection over union) are one face. */
  same: 0.4,
  /** A find of which more than this share lies inside a larger one is a part of it. */
  inside: 0.6,
  /** Faces smaller than this in the first look, pixels of its input, are measured again in the closer one. */
  small: 40,
  /** Windows around small faces in one frame, at most. */
  windows: 3,
}
/** A box that ends this near a window's border, pixels of the input, is cut by it. */
const BORDER = 4
/** Added to the rank of what a closer look found: its points are twice as exact. */
const CLOSER = 0.2

/** Upper left corner of a window in the finer picture. */
interface Window {
  readonly x: number
  readonly y: number
}

export interface LookOptions {
  /** True to search the whole frame in closer looks. */
  readonly search: boolean
  /** Where small faces were lately, frame pixels. */
  readonly expected: readonly Box[]
  /** Least score of what is returned; by default `DETECTOR.least`. */
  readonly least?: number
}

/** Detects in frames of one size; another size makes new tables. */
export class Detector {
  private readonly model: ModelRunner
  private plan: Plan | undefined

  constructor(model: ModelRunner) {
    this.model = model
  }

  /** Faces in frame pixels, best first. @throws Failure model.failed */
  async detect(frame: Picture, options: LookOptions): Promise<Detection[]> {
    if (this.plan?.width !== frame.width || this.plan.height !== frame.height)
      this.plan = new Plan(frame.width, frame.height)
    const { plan } = this
    const { least = DETECTOR.least } = options
    const weak = Math.min(least, DETECTOR.doubtful)
    plan.reduce(frame.data)
    const first = await this.look([plan.first], [{ offsetX: 0, offsetY: 0, scale: plan.firstScale }], weak)
    const far = suppress(first[0]!, DETECTOR.same)
    if (plan.fineScale === plan.firstScale)
      return dropParts(
        far.filter((d) => d.score >= least),
        DETECTOR.inside,
      )

    const small = DETECTOR.small / plan.firstScale
    const isSmall = (box: Box) => Math.max(box.width, box.height) < small
    const targets = [...options.expected, ...far.map((d) => d.box)].filter(isSmall)
    const windows = options.search ? plan.allWindows() : plan.windowsAround(targets, DETECTOR.windows)
    const closer: Detection[] = []
    if (windows.length) {
      const looks = windows.map(({ x, y }): Look => ({ offsetX: x, offsetY: y, scale: plan.fineScale }))
      const found = await this.look(
        windows.map((window) => plan.cut(window)),
        looks,
        least,
      )
      windows.forEach((window, i) => closer.push(...found[i]!.filter((d) => !plan.isCut(d.box, window))))
    }
    const near = new Set(closer)
    const sure = far.filter((d) => d.score >= least)
    const kept = suppress([...closer, ...sure], DETECTOR.same, (d) => d.score + (near.has(d) ? CLOSER : 0))
    return dropParts(kept, DETECTOR.inside).sort((a, b) => b.score - a.score)
  }

  private async look(inputs: readonly Uint8Array[], looks: readonly Look[], least: number): Promise<Detection[][]> {
    const size = INPUT.width * INPUT.height * 3
    const data = inputs.length === 1 ? inputs[0]! : new Uint8Array(size * inputs.length)
    if (inputs.length > 1) inputs.forEach((input, i) => data.set(input, i * size))
    const out = await this.model.run({ pixels: { data, dims: [inputs.length, INPUT.height, INPUT.width, 3] } })
    const faces = out['faces']!
    const each = faces.dims[1]! * ROW
    return looks.map((look, i) => readCandidates(faces.data.subarray(i * each, (i + 1) * each), look, least))
  }
}

/** The sizes and buffers for frames of one size. */
class Plan {
  readonly width: number
  readonly height: number
  readonly firstScale: number
  readonly fineScale: number
  /** Input of the first look. */
  readonly first = new Uint8Array(INPUT.width * INPUT.height * 3)
  private readonly fine: { data: Uint8Array; width: number; height: number }
  private readonly toFine: Reducer | undefined
  private readonly toFirst: Reducer

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.firstScale = Math.min(1, INPUT.width / width, INPUT.height / height)
    this.fineScale = Math.min(1, 2 * this.firstScale)
    const sized = (scale: number) => ({
      width: Math.max(1, Math.round(width * scale)),
      height: Math.max(1, Math.round(height * scale)),
    })
    const fine = sized(this.fineScale)
    this.fine = { ...fine, data: new Uint8Array(fine.width * fine.height * 3) }
    this.toFine = this.fineScale < 1 ? new Reducer({ width, height }, fine) : undefined
    this.toFirst = new Reducer(fine, sized(this.firstScale))
  }

  reduce(data: Uint8Array): void {
    if (this.toFine) this.toFine.run(data, this.fine.data, this.fine.width)
    else this.fine.data.set(data.subarray(0, this.fine.data.length))
    this.toFirst.run(this.fine.data, this.first, INPUT.width)
  }

  /** Windows over the whole finer picture; neighbours share half, so that every small face lies whole in one. */
  allWindows(): Window[] {
    const starts = (length: number, window: number) => {
      const steps = Math.max(0, Math.ceil((length - window) / (window / 2)))
      return Array.from({ length: steps + 1 }, (_, i) => (steps ? Math.round(((length - window) * i) / steps) : 0))
    }
    return starts(this.fine.height, INPUT.height).flatMap((y) =>
      starts(this.fine.width, INPUT.width).map((x) => ({ x, y })),
    )
  }

  /** Windows around boxes; one window serves all boxes that lie whole inside it. */
  windowsAround(boxes: readonly Box[], most: number): Window[] {
    const windows: Window[] = []
    const inner = (length: number, window: number, middle: number) =>
      Math.round(Math.min(Math.max(0, length - window), Math.max(0, middle - window / 2)))
    for (const box of boxes) {
      if (windows.some((window) => this.holds(window, box))) continue
      if (windows.length === most) break
      windows.push({
        x: inner(this.fine.width, INPUT.width, (box.x + box.width / 2) * this.fineScale),
        y: inner(this.fine.height, INPUT.height, (box.y + box.height / 2) * this.fineScale),
      })
    }
    return windows
  }

  cut({ x, y }: Window): Uint8Array {
    const { data, width, height } = this.fine
    const out = new Uint8Array(INPUT.width * INPUT.height * 3)
    const columns = Math.min(INPUT.width, width - x)
    for (let row = 0; row < Math.min(INPUT.height, height - y); row++) {
      const start = ((y + row) * width + x) * 3
      out.set(data.subarray(start, start + columns * 3), row * INPUT.width * 3)
    }
    return out
  }

  /** Whether a border of the window that is not the picture's own cuts the box. */
  isCut(box: Box, { x, y }: Window): boolean {
    const s = this.fineScale
    return (
      (x > 0 && box.x * s < x + BORDER) ||
      (y > 0 && box.y * s < y + BORDER) ||
      (x + INPUT.width < this.fine.width && (box.x + box.width) * s > x + INPUT.width - BORDER) ||
      (y + INPUT.height < this.fine.height && (box.y + box.height) * s > y + INPUT.height - BORDER)
    )
  }

  private holds(window: Window, box: Box): boolean {
    const s = this.fineScale
    const view = { x: window.x / s, y: window.y / s, width: INPUT.width / s, height: INPUT.height / s }
    return !this.isCut(box, window) && overlap(view, box) > 0
  }
}
