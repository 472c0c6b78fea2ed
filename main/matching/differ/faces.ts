/** Where faces lie in the compared pictures, so that a region can be said to be one. */
import { Detector } from '../../signals/faces/detector.ts'
import type { ModelRunner } from '../../signals/onnx.ts'
import type { Region as Box } from '../../contract/common.ts'
import type { Size } from './warp.ts'

/** A face at one time, in fractions of the new picture as it was compared. */
export interface SeenFace {
  readonly time: number
  readonly box: Box
  /** Around the lips and the chin. */
  readonly mouth: Box
  /** Around eyes and brows. */
  readonly eyes: Box
}

/** Seconds between two looks for faces. */
export const FACE_STEP = 0.5

export class FaceLook {
  readonly #detector: Detector

  constructor(model: ModelRunner) {
    this.#detector = new Detector(model)
  }

  /**
   * @param yuv one frame, `yuv420p`
   * @param toFresh a place in this picture, fractions, as a place in the new one
   */
  async find(
    yuv: Uint8Array,
    size: Size,
    time: number,
    toFresh: (x: number, y: number) => [number, number],
  ): Promise<SeenFace[]> {
    // prettier-ignore
    const picture = { data: rgbOf(yuv, size), ...size }
    const found = await this.#detector.detect(picture, { search: true, expected: [] })
    return found.map(({ box, landmarks: p }) => {
      const at = (left: number, top: number, right: number, bottom: number): Box => {
        const [x, y] = toFresh(left / size.width, top / size.height)
        const [x2, y2] = toFresh(right / size.width, bottom / size.height)
        return { x, y, width: x2 - x, height: y2 - y }
      }
      // Landmarks: eyes, nose, corners of the mouth. Distances along the face hold for a face that nods, too.
      const eyeLine = (p[1]! + p[3]!) / 2
      const lipLine = (p[7]! + p[9]!) / 2
      const down = lipLine - eyeLine
      const middle = (p[6]! + p[8]!) / 2
      const half = Math.max(0.75 * down, 0.9 * Math.abs(p[8]! - p[6]!))
      return {
        time,
        box: at(box.x, box.y, box.x + box.width, box.y + box.height),
        mouth: at(middle - half, p[5]! + 0.05 * down, middle + half, lipLine + 1.05 * down),
        eyes: at(p[0]! - 0.4 * down, eyeLine - 0.6 * down, p[2]! + 0.4 * down, eyeLine + 0.35 * down),
      }
    })
  }
}

/** BT.601, limited range: near enough for finding faces. */
export function rgbOf(yuv: Uint8Array, { width, height }: Size): Uint8Array {
  const out = new Uint8Array(width * height * 3)
  const [u0, v0, half] = [width * height, (width * height * 5) / 4, width / 2]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const c = (y >> 1) * half + (x >> 1)
      const l = 1.164 * (yuv[y * width + x]! - 16)
      const [u, v] = [yuv[u0 + c]! - 128, yuv[v0 + c]! - 128]
      const at = 3 * (y * width + x)
      out[at] = clamp(l + 1.596 * v)
      out[at + 1] = clamp(l - 0.392 * u - 0.813 * v)
      out[at + 2] = clamp(l + 2.017 * u)
    }
  return out
}

const clamp = (value: number): number => Math.max(0, Math.min(255, Math.round(value)))
