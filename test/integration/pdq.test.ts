/**
 * Our PDQ against the reference: its pictures with their published hashes, and its vPDQ clips with a hash for each frame.
 * The figures are printed as they come out.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fromHex, hamming, LEAST_QUALITY, pdq, PdqHasher, type PdqHash } from '../../main/matching/pdq.ts'
import { DATA, ffmpegPath, NO_DATA } from '../fixtures/clip.ts'

const SIDE = 256
const vectors = (...names: string[]): string => join(DATA ?? '', 'vectors', ...names)
const table = (file: string, separator: string): string[][] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(separator))

function raw(path: string, ...output: string[]): Buffer {
  const args = ['-v', 'error', '-nostdin', '-threads', '1', '-i', path, '-fps_mode', 'passthrough', ...output]
  return execFileSync(ffmpegPath(), [...args, '-f', 'rawvideo', 'pipe:1'], { maxBuffer: 1 << 30 })
}

/** Frames as the one decode of triage delivers them. */
const frames = (path: string): Buffer => raw(path, '-vf', `scale=${SIDE}:${SIDE}:flags=area,format=gray`)

/** Of the first frame, as `showinfo` prints it. */
function sizeOf(path: string): { width: number; height: number } {
  const args = ['-hide_banner', '-nostdin', '-i', path, '-frames:v', '1', '-vf', 'showinfo', '-f', 'null', '-']
  const [, width, height] = /\bs:(\d+)x(\d+)/.exec(spawnSync(ffmpegPath(), args).stderr.toString()) ?? []
  return { width: Number(width), height: Number(height) }
}

/** The picture at full size in the reference's grey. */
function greyOf(path: string): Float32Array {
  const rgb = raw(path, '-sws_flags', 'accurate_rnd+full_chroma_int', '-pix_fmt', 'rgb24')
  return Float32Array.from(
    { length: rgb.length / 3 },
    (_, i) => 0.299 * rgb[3 * i]! + 0.587 * rgb[3 * i + 1]! + 0.114 * rgb[3 * i + 2]!,
  )
}

const FILE_SIDE = 512
/** What the reference does with a picture file beyond 512 pixels before it hashes it: the nearest of its pixels. */
function reduced(grey: Float32Array, width: number, height: number): PdqHash {
  if (width <= FILE_SIDE && height <= FILE_SIDE) return pdq(grey, width, height)
  const small = Float32Array.from({ length: FILE_SIDE * FILE_SIDE }, (_, i) => {
    const y = Math.floor((Math.floor(i / FILE_SIDE) * height) / FILE_SIDE)
    return grey[y * width + Math.floor(((i % FILE_SIDE) * width) / FILE_SIDE)]!
  })
  return pdq(small, FILE_SIDE, FILE_SIDE)
}

const at = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!
function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  return `n ${sorted.length}, median ${at(sorted, 0.5)}, 95 % ${at(sorted, 0.95)}, most ${sorted.at(-1)}`
}

const runs = DATA !== undefined && existsSync(vectors('pdq')) && existsSync(vectors('vpdq'))

describe.skipIf(!runs)(`PDQ agrees with the reference${runs ? '' : ` (${NO_DATA})`}`, () => {
  it('on its pictures: at most 10 bits at full size, reduced as it does, and as frames of our decode', () => {
    const routes: Record<string, number[]> = { full: [], reduced: [], frame: [] }
    let checked = 0
    for (const [name, hex, quality] of table(vectors('pdq', 'expected.tsv'), '\t').slice(1)) {
      const path = vectors('pdq', name!)
      const { width, height } = sizeOf(path)
      const grey = greyOf(path)
      const found = {
        full: pdq(grey, width, height),
        reduced: reduced(grey, width, height),
        frame: new PdqHasher({ width, height }).hash(frames(path), SIDE, SIDE),
      }
      for (const [route, ours] of Object.entries(found)) {
        expect(Math.abs(ours.quality - Number(quality)), `${name} ${route} quality`).toBeLessThanOrEqual(10)
        if (Number(quality) < LEAST_QUALITY) continue
        const bits = hamming(ours.hash, 0, fromHex(hex!)!, 0)
        routes[route]!.push(bits)
        expect(bits, `${name} ${route}`).toBeLessThanOrEqual(10)
      }
      checked++
    }
    for (const [route, bits] of Object.entries(routes)) console.log(`pictures, ${route}: ${spread(bits)}`)
    expect(checked).toBe(28)
  })

  it.each([
    'chair-20-sd-bar',
    'chair-22-with-large-logo-bar',
    'chair-orig-22-sd-bar',
    'doorknob-hd-no-bar',
    'pattern-sd-grey-bar',
    'pattern-sd-with-small-logo-bar',
  ])('on its clip %s: 31 bits at most in all but one of a hundred frames', (clip) => {
    const path = vectors('vpdq', `${clip}.mp4`)
    const expected = table(vectors('vpdq', `${clip}.txt`), ',')
    const pixels = frames(path)
    expect(pixels.length).toBe(expected.length * SIDE * SIDE)
    const hashers = { 'at its original size': new PdqHasher(sizeOf(path)), 'at any size': new PdqHasher() }
    for (const [route, hasher] of Object.entries(hashers)) {
      const bits: number[] = []
      for (const [i, [, quality, hex]] of expected.entries()) {
        const ours = hasher.hash(pixels.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE), SIDE, SIDE)
        expect(Math.abs(ours.quality - Number(quality)), `frame ${i} quality`).toBeLessThanOrEqual(10)
        if (Number(quality) >= LEAST_QUALITY) bits.push(hamming(ours.hash, 0, fromHex(hex!)!, 0))
      }
      console.log(`${clip}, ${route}: ${spread(bits)}`)
      expect(bits.length).toBeGreaterThan(expected.length / 3)
      expect(bits.filter((distance) => distance <= 31).length / bits.length).toBeGreaterThanOrEqual(0.99)
    }
  })
})
