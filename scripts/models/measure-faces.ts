/**
 * Measures our face detector and the two open ones on the same pictures in one run: recall at equal false positives on
 * composed scenes of the test split, false positives on face-free pictures, agreement on the development videos, and time.
 *
 *   /usr/bin/python3 scripts/train/face-detector/make_measure_set.py --data ../shared/data --out .cache/train/face-detector/measure
 *   node scripts/node24.mjs scripts/models/measure-faces.ts [--write] [--sheets FOLDER] [--part N]
 *
 * `--write` puts the figures into the model's card and README; `--sheets` draws what was found on frames of the videos;
 * `--part` takes every Nth picture and video only.
 * Data: ASSAY_DATA or ../shared/data beside the checkout.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { overlap, type Box, type Detection } from '../../main/signals/faces/candidates.ts'
import { Detector, DETECTOR } from '../../main/signals/faces/detector.ts'
import type { Picture } from '../../main/signals/faces/reduce.ts'
import { openModel } from '../../main/signals/onnx.ts'
import { contactSheet } from './face-sheet.ts'
import { writeFigures, type Figure } from './face-figures.ts'
import { ultraLight, yunet, type Peer } from './face-peers.ts'
import { wilson } from '../../main/evaluation/metrics.ts'

const { values: options } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    sheets: { type: 'string' },
    part: { type: 'string', default: '1' },
  },
})
const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const data = process.env['ASSAY_DATA'] ?? at('../shared/data')
const set = at('.cache/train/face-detector/measure')
if (!existsSync(join(set, 'scenes.json')) || !existsSync(join(data, 'weights/face-detection'))) {
  console.log('No data: make the measuring set first (see the head of this file).')
  process.exit(0)
}

/** Ours draws a face's box from forehead to chin as YuNet does, UltraLight's are tighter: half would punish a convention. */
const MATCH = 0.4
const BUCKETS = [24, 32, 64, 128, 400]
/** False detections per picture at which recall is compared. */
const ALLOWED = [0.02, 0.1]
const FLOOR = 0.05

const model = await openModel(at('models'), 'face-detector')
const detector = new Detector(model)
const ours = (name: string, search: boolean): Peer => ({
  name,
  usual: DETECTOR.least,
  detect: (picture, least) => detector.detect(picture, { search, expected: [], least }),
})
const weights = join(data, 'weights/face-detection')
const detectors: Peer[] = [
  ours('Ours, whole picture searched', true),
  ours('Ours, first look and doubtful places', false),
  await yunet(join(weights, 'yunet_n_dynamic.onnx'), { width: 640, height: 384 }),
  await yunet(join(weights, 'yunet_n_dynamic.onnx'), { width: 320, height: 192 }),
  await ultraLight(join(weights, 'ultralight-rfb-320.onnx')),
]

interface Scene {
  readonly file: string
  readonly kind: string
  readonly faces: readonly number[][]
  readonly ignore: readonly number[][]
}
const scenes = (JSON.parse(readFileSync(join(set, 'scenes.json'), 'utf8')) as Scene[]).filter(
  (_, i) => i % Number(options.part) === 0,
)
const boxOf = ([x, y, width, height]: readonly number[]): Box => ({ x: x!, y: y!, width: width!, height: height! })

async function load(path: string): Promise<Picture> {
  const { data: pixels, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { data: new Uint8Array(pixels), width: info.width, height: info.height }
}

/** One detection held against the truth: the index of its face, or -1 where there is none. */
interface Outcome {
  readonly score: number
  readonly scene: number
  readonly face: number
  /** Mean distance of the five points over the root of the box's area. */
  readonly error: number
}

function judge(found: readonly Detection[], scene: Scene, index: number): Outcome[] {
  const free = new Set(scene.faces.keys())
  const outcomes: Outcome[] = []
  for (const d of [...found].sort((a, b) => b.score - a.score)) {
    let [best, face] = [0, -1]
    for (const k of free) {
      const value = overlap(d.box, boxOf(scene.faces[k]!))
      if (value > best) [best, face] = [value, k]
    }
    if (best >= MATCH) {
      free.delete(face)
      const truth = scene.faces[face]!
      let distance = 0
      for (let p = 0; p < 5; p++)
        distance += Math.hypot(d.landmarks[2 * p]! - truth[4 + 2 * p]!, d.landmarks[2 * p + 1]! - truth[5 + 2 * p]!) / 5
      outcomes.push({ score: d.score, scene: index, face, error: distance / Math.sqrt(truth[2]! * truth[3]!) })
    } else if (!scene.ignore.some((box) => overlap(d.box, boxOf(box)) > 0.2))
      outcomes.push({ score: d.score, scene: index, face: -1, error: 0 })
  }
  return outcomes
}

/** The lowest score at which there are at most `allowed` false detections per picture. */
function thresholdFor(outcomes: readonly Outcome[], allowed: number): number {
  const wrong = outcomes.filter((o) => o.face < 0).map((o) => o.score)
  const most = Math.floor(allowed * scenes.length)
  return wrong.length <= most ? 0 : wrong.sort((a, b) => b - a)[most]! + 1e-6
}

const results = detectors.map((): Outcome[] => [])
for (const [index, scene] of scenes.entries()) {
  const picture = await load(join(set, scene.file))
  for (const [k, peer] of detectors.entries())
    results[k]!.push(...judge(await peer.detect(picture, FLOOR), scene, index))
}

const figures: Figure[] = []
const percent = (v: number) => (100 * v).toFixed(1)
const proportion = (data: string, metric: string, hits: number, n: number): string => {
  const { low, high } = wilson(hits, n)
  figures.push({ data, metric, value: hits / n, low, high, n })
  return `${percent(hits / n)} [${percent(low)}, ${percent(high)}]`
}
/** Small generator with a fixed seed (Numerical Recipes), for resampling only. */
let seed = 1
const random = (n: number) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return Math.floor((seed / 2 ** 32) * n)
}

const heights = scenes.flatMap((scene, s) => scene.faces.map((f, k) => ({ scene: s, face: k, height: f[3]! })))
const TEST = `${scenes.length} composed pictures of the test split, 640 × 360`
for (const allowed of ALLOWED) {
  console.log(`\nRecall in %, at ${allowed} false detections per picture (n per size: faces), 95 % intervals`)
  const hitsPerScene: number[][] = []
  for (const [k, peer] of detectors.entries()) {
    const threshold = thresholdFor(results[k]!, allowed)
    const hit = new Set(
      results[k]!.filter((o) => o.face >= 0 && o.score >= threshold).map((o) => `${o.scene}/${o.face}`),
    )
    const cells = BUCKETS.slice(0, -1).map((low, i) => {
      const high = BUCKETS[i + 1]!
      const inside = heights.filter((f) => f.height >= low && f.height < high)
      const hits = inside.filter((f) => hit.has(`${f.scene}/${f.face}`)).length
      const size = high === 400 ? `over ${low} px` : `${low} to ${high} px`
      return `${size}: ${proportion(`${TEST}; faces of ${size}; ${peer.name}`, `recall at ${allowed} false per picture`, hits, inside.length)} (${inside.length})`
    })
    const all = proportion(`${TEST}; ${peer.name}`, `recall at ${allowed} false per picture`, hit.size, heights.length)
    const perScene = scenes.map(() => 0)
    for (const key of hit) perScene[Number(key.split('/')[0])]!++
    hitsPerScene.push(perScene)
    console.log(`  ${peer.name}, score ${threshold.toFixed(2)}: all ${all} (${heights.length}); ${cells.join('; ')}`)
  }
  for (const [k, peer] of detectors.entries()) {
    if (k === 0) continue
    const differences: number[] = []
    for (let round = 0; round < 2000; round++) {
      let [mine, theirs, n] = [0, 0, 0]
      for (let i = 0; i < scenes.length; i++) {
        const s = random(scenes.length)
        mine += hitsPerScene[0]![s]!
        theirs += hitsPerScene[k]![s]!
        n += scenes[s]!.faces.length
      }
      differences.push((mine - theirs) / n)
    }
    differences.sort((a, b) => a - b)
    console.log(
      `  difference to ${peer.name}: ${percent(differences[1000]!)} points [${percent(differences[50]!)}, ${percent(differences[1949]!)}] (pictures resampled)`,
    )
  }
}

console.log('\nFalse detections on face-free pictures, each at its usual score')
const empties = scenes.map((s, i) => ({ s, i })).filter(({ s }) => s.file.startsWith('empty'))
for (const [k, peer] of detectors.entries()) {
  const wrong = results[k]!.filter((o) => o.score >= peer.usual && scenes[o.scene]!.file.startsWith('empty'))
  const pictures = new Set(wrong.map((o) => o.scene)).size
  const text = proportion(
    `${empties.length} face-free pictures; ${peer.name}, score ${peer.usual}`,
    'share with a false detection',
    pictures,
    empties.length,
  )
  console.log(`  ${peer.name}: ${text} % of ${empties.length} pictures, ${wrong.length} detections`)
}

console.log('\nPoint error (mean distance over the root of the box area, faces found at the usual score), recall there')
for (const [k, peer] of detectors.entries()) {
  if (peer.name.startsWith('Ultra')) continue
  const hits = results[k]!.filter((o) => o.face >= 0 && o.score >= peer.usual)
  const errors = hits.map((o) => o.error)
  const mean = errors.reduce((a, b) => a + b, 0) / errors.length
  const sd = Math.sqrt(errors.reduce((a, b) => a + (b - mean) ** 2, 0) / errors.length)
  const half = (1.96 * sd) / Math.sqrt(errors.length)
  figures.push({
    data: `${TEST}; faces found by ${peer.name}`,
    metric: 'point error against the teacher, share of face size',
    value: mean,
    low: mean - half,
    high: mean + half,
    n: errors.length,
  })
  console.log(
    `  ${peer.name}: ${mean.toFixed(4)} ± ${half.toFixed(4)} (${errors.length}); recall ${percent(hits.length / heights.length)}`,
  )
}

console.log('\nDevelopment videos (never trained on): frames, one a second, with a face found at the usual score')
const largest = (found: readonly Detection[]) =>
  [...found].sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height)[0]
for (const source of ['EDTalk', 'DreamTalk', 'HDTF', 'MEAD', 'VoxCeleb2']) {
  const folder = join(data, 'video', source)
  const counts = detectors.map(() => 0)
  let [frames, agree] = [0, 0]
  const drawn: { picture: Picture; found: readonly Detection[] }[] = []
  for (const name of readdirSync(folder)
    .sort()
    .filter((_, i) => i % Number(options.part) === 0)) {
    const pictures = framesOf(join(folder, name))
    for (const [i, picture] of pictures.entries()) {
      const found: Detection[][] = []
      for (const peer of detectors) found.push(await peer.detect(picture, peer.usual))
      frames++
      found.forEach((list, k) => list.length && counts[k]!++)
      const [mine, yu, ultra] = [largest(found[0]!), largest(found[2]!), largest(found[4]!)]
      if (mine && yu && ultra && overlap(mine.box, yu.box) >= MATCH && overlap(mine.box, ultra.box) >= MATCH) agree++
      if (i % 5 === 2) drawn.push({ picture, found: found[0]! })
    }
  }
  console.log(
    `  ${source}, ${frames} frames: ${detectors.map((p, k) => `${p.name} ${counts[k]}`).join('; ')}; all agree ${agree}`,
  )
  proportion(
    `Development videos ${source}, one frame a second; ours, score ${DETECTOR.least}`,
    'frames with a face found',
    counts[0]!,
    frames,
  )
  if (options.sheets) {
    mkdirSync(options.sheets, { recursive: true })
    await contactSheet(drawn, join(options.sheets, `${source}.png`))
  }
}

console.log('\nProcessor time per 1280 × 720 frame, one thread')
const large = await sharp(join(set, scenes[0]!.file)).resize(1280, 720).raw().toBuffer()
const frame: Picture = { data: new Uint8Array(large), width: 1280, height: 720 }
for (const peer of detectors) {
  for (let i = 0; i < 3; i++) await peer.detect(frame, peer.usual)
  const before = process.cpuUsage()
  for (let i = 0; i < 20; i++) await peer.detect(frame, peer.usual)
  const { user, system } = process.cpuUsage(before)
  console.log(`  ${peer.name}: ${((user + system) / 20_000).toFixed(1)} ms`)
}
await model.close()
if (options.write) writeFigures(at('models/face-detector'), figures)

/** One frame a second, ten at most. */
function framesOf(path: string): Picture[] {
  const run = (command: string, args: string[]) => spawnSync(command, args, { maxBuffer: 1 << 30 }).stdout
  const size = run('ffprobe', [
    ...'-v error -select_streams v:0 -show_entries stream=width,height -of csv=p=0'.split(' '),
    path,
  ])
  const [width, height] = size.toString().trim().split(',').map(Number) as [number, number]
  const raw = run('ffmpeg', [
    '-v',
    'error',
    '-i',
    path,
    ...'-vf fps=1 -frames:v 10 -f rawvideo -pix_fmt rgb24 -'.split(' '),
  ])
  const bytes = width * height * 3
  return Array.from({ length: Math.floor(raw.length / bytes) }, (_, i) => ({
    data: new Uint8Array(raw.subarray(i * bytes, (i + 1) * bytes)),
    width,
    height,
  }))
}
