/**
 * The two open face detectors that ours is compared with: YuNet (Wu et al. 2023) and UltraLight RFB-320. Each is given the
 * picture as it expects it; their weights are not part of this project.
 */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import sharp from 'sharp'
import { suppress, type Detection } from '../../main/signals/faces/candidates.ts'
import type { Picture } from '../../main/signals/faces/reduce.ts'

export interface Peer {
  readonly name: string
  /** The score at which its authors' examples use it. */
  readonly usual: number
  detect(picture: Picture, least: number): Promise<Detection[]>
}

const SAME = 0.4

const open = (path: string) =>
  InferenceSession.create(path, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    enableCpuMemArena: false,
    logSeverityLevel: 3,
  })

async function resized({ data, width, height }: Picture, w: number, h: number): Promise<Uint8Array> {
  if (w === width && h === height) return data
  const raw = { width, height, channels: 3 as const }
  return sharp(data, { raw }).resize(w, h, { fit: 'fill', kernel: 'linear' }).raw().toBuffer()
}

const STRIDES = [8, 16, 32]

/** @param within the picture is reduced to fit into this size, never enlarged, and padded to whole strides */
export async function yunet(path: string, within: { width: number; height: number }): Promise<Peer> {
  const session = await open(path)
  return {
    name: `YuNet, ${within.width} × ${within.height}`,
    usual: 0.6,
    async detect(picture, least) {
      const scale = Math.min(1, within.width / picture.width, within.height / picture.height)
      const [w, h] = [Math.round(picture.width * scale), Math.round(picture.height * scale)]
      const pixels = await resized(picture, w, h)
      const [W, H] = [Math.ceil(w / 32) * 32, Math.ceil(h / 32) * 32]
      const planes = new Float32Array(3 * W * H)
      for (let y = 0; y < h; y++)
        for (let x = 0; x < w; x++)
          for (let c = 0; c < 3; c++) planes[(2 - c) * W * H + y * W + x] = pixels[(y * w + x) * 3 + c]!
      const out = await session.run({ [session.inputNames[0]!]: new Tensor('float32', planes, [1, 3, H, W]) })
      const values = (name: string, stride: number) => out[`${name}_${stride}`]!.data as Float32Array
      const found: Detection[] = []
      for (const stride of STRIDES) {
        const [cls, obj] = [values('cls', stride), values('obj', stride)]
        const [box, points] = [values('bbox', stride), values('kps', stride)]
        const across = W / stride
        for (let i = 0; i < cls.length; i++) {
          const unit = (v: number) => Math.min(1, Math.max(0, v))
          const score = Math.sqrt(unit(cls[i]!) * unit(obj[i]!))
          if (score < least) continue
          const [column, row] = [i % across, Math.floor(i / across)]
          const width = (Math.exp(box[i * 4 + 2]!) * stride) / scale
          const height = (Math.exp(box[i * 4 + 3]!) * stride) / scale
          const landmarks = Float32Array.from(
            { length: 10 },
            (_, k) => ((points[i * 10 + k]! + (k % 2 ? row : column)) * stride) / scale,
          )
          found.push({
            box: {
              x: ((column + box[i * 4]!) * stride) / scale - width / 2,
              y: ((row + box[i * 4 + 1]!) * stride) / scale - height / 2,
              width,
              height,
            },
            landmarks,
            score,
          })
        }
      }
      return suppress(found, SAME)
    },
  }
}

export async function ultraLight(path: string): Promise<Peer> {
  const [W, H] = [320, 240]
  const session = await open(path)
  return {
    name: `UltraLight RFB, ${W} × ${H}`,
    usual: 0.7,
    async detect(picture, least) {
      const pixels = await resized(picture, W, H)
      const planes = new Float32Array(3 * W * H)
      for (let i = 0; i < W * H; i++)
        for (let c = 0; c < 3; c++) planes[c * W * H + i] = (pixels[i * 3 + c]! - 127) / 128
      const out = await session.run({ [session.inputNames[0]!]: new Tensor('float32', planes, [1, 3, H, W]) })
      const [scores, boxes] = [out['scores']!.data as Float32Array, out['boxes']!.data as Float32Array]
      const found: Detection[] = []
      for (let i = 0; i * 2 < scores.length; i++) {
        const score = scores[i * 2 + 1]!
        if (score < least) continue
        const [x0, y0, x1, y1] = [0, 1, 2, 3].map(
          (k) => boxes[i * 4 + k]! * (k % 2 ? picture.height : picture.width),
        ) as [number, number, number, number]
        found.push({
          box: { x: x0, y: y0, width: x1 - x0, height: y1 - y0 },
          landmarks: new Float32Array(10),
          score,
        })
      }
      return suppress(found, SAME)
    },
  }
}
