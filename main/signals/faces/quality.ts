/** How good the picture of one face is. */
import { cutFace } from './align.ts'
import type { Detection } from './candidates.ts'
import type { FaceQuality } from './face.ts'
import type { Picture } from './reduce.ts'

/** Side of the aligned crop over which sharpness is taken, pixels; it shows the face alone. */
const CROP = 96
const CONTEXT = 1

export function faceQuality(frame: Picture, face: Detection): FaceQuality {
  return {
    size: Math.min(face.box.width, face.box.height),
    sharpness: sharpness(cutFace(frame, face, CROP, CONTEXT)),
    yaw: yawOf(face.landmarks),
  }
}

/** Mean square of the four-neighbour Laplacian of the grey crop. */
function sharpness(crop: Uint8Array): number {
  const grey = new Float32Array(CROP * CROP)
  for (let i = 0, p = 0; i < grey.length; i++, p += 3)
    grey[i] = 0.299 * crop[p]! + 0.587 * crop[p + 1]! + 0.114 * crop[p + 2]!
  let sum = 0
  for (let y = 1; y < CROP - 1; y++)
    for (let i = y * CROP + 1; i < y * CROP + CROP - 1; i++)
      sum += (grey[i - 1]! + grey[i + 1]! + grey[i - CROP]! + grey[i + CROP]! - 4 * grey[i]!) ** 2
  return sum / (CROP - 2) ** 2
}

/** Where the nose tip lies along the line from eye to eye: -1 at the eye on the picture's left, 1 at the other. */
export function yawOf(landmarks: ArrayLike<number>): number {
  const [x0, y0, x1, y1, nx, ny] = [0, 1, 2, 3, 4, 5].map((i) => landmarks[i]!) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const [dx, dy] = [x1 - x0, y1 - y0]
  const length = dx * dx + dy * dy
  if (length === 0) return 0
  const along = ((nx - x0) * dx + (ny - y0) * dy) / length
  return Math.min(1, Math.max(-1, 2 * along - 1))
}
