/** Evaluation and calibration from end to end: worker processes, real decoding, re-compressed copies, the cache. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { calibrateOn } from '../../main/evaluation/calibrate.ts'
import { evaluate, type Evaluation } from '../../main/evaluation/evaluate.ts'
import { readLabelled } from '../../main/evaluation/labelled.ts'
import { GraphBuilder } from '../../scripts/models/onnx-graph.ts'
import { clipFolder, type ClipFolder } from '../fixtures/clip.ts'

let clips: ClipFolder
let models: string
beforeAll(() => {
  clips = clipFolder()
  models = join(clips.path, 'models')
  makeBrightness()
  for (const label of ['genuine', 'manipulated']) mkdirSync(join(clips.path, 'set', label), { recursive: true })
  // "Manipulated" is what is bright: six clips of each kind, a little apart from one another.
  for (let i = 0; i < 6; i++) {
    clip(`set/genuine/dark${i}.mp4`, 0x20 + 6 * i)
    clip(`set/manipulated/bright${i}.mp4`, 0xa0 + 6 * i)
  }
  clips.make('set/genuine/tone.flac', '-f', 'lavfi', '-i', 'sine=r=16000:d=2')
  writeFileSync(join(clips.path, 'set/genuine/notes.mp4'), 'This is no video.')
})
afterAll(() => clips.remove())

function clip(name: string, grey: number): void {
  const colour = `0x${grey.toString(16).padStart(2, '0').repeat(3)}`
  clips.make(name, '-f', 'lavfi', '-i', `color=${colour}:s=160x120:r=10:d=2`, '-pix_fmt', 'yuv420p')
}

/** A model that says how bright a picture is. */
function makeBrightness(): void {
  const g = new GraphBuilder()
  const x = g.op('Cast', [g.input('x', 'uint8', ['batch', 16, 16, 3])], { to: 1 })
  const weights = Array.from({ length: 768 }, () => 1 / 768 / 255)
  g.output('y', g.op('MatMul', [g.op('Reshape', [x, g.ints([-1, 768])]), g.floats(weights, [768, 1])]), ['batch', 1])
  const bytes = g.build('brightness', 'A test.', 16)
  mkdirSync(join(models, 'brightness'), { recursive: true })
  writeFileSync(join(models, 'brightness', 'model.onnx'), bytes)
  const card = {
    format: 'assay-model-card-1',
    id: 'brightness',
    version: '1.0.0',
    title: 'Brightness',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    licence: 'Apache-2.0',
    kind: 'frame-classifier',
    inputs: [{ name: 'x', dtype: 'uint8', layout: 'NHWC', dims: ['batch', 16, 16, 3], meaning: 'Pixels.' }],
    outputs: [{ name: 'y', dtype: 'float32', layout: 'NF', dims: ['batch', 1], meaning: 'Brightness.' }],
    intendedUse: 'Tests.',
    knownFailures: [],
    evaluation: [],
    build: 'none',
    classifier: {
      takes: 'frame',
      fit: 'squeeze',
      colour: 'rgb',
      output: { name: 'y', activation: 'probability', manipulated: 'high' },
      aggregate: { by: 'mean' },
      threshold: 0.2,
    },
  }
  writeFileSync(join(models, 'brightness', 'card.json'), JSON.stringify(card))
}

const options = () => ({ models: [models], cache: join(clips.path, 'cache') })
const overall = ({ rows }: Evaluation, copy: string) => rows.find((row) => row.copy === copy && row.source === null)!

describe('a model of somebody', () => {
  test('is measured on every file; what says nothing is counted and never scored', async () => {
    const set = await readLabelled(join(clips.path, 'set'))
    const found = await evaluate(['brightness'], set, options())
    const clean = overall(found, 'clean')
    expect(clean.figures).toMatchObject({ genuine: 6, manipulated: 6, auc: { value: 1 }, found: { value: 1 } })
    // From 0x36 on the dark ones lie at or above the card's threshold.
    expect(clean.figures.falsePositives!.value).toBeCloseTo(2 / 6, 9)
    expect(clean.figures.auc!.interval!.low).toBeLessThan(0.6)
    expect(clean.abstained).toMatchObject({ genuine: 1, manipulated: 0 })
    expect(clean.abstained.reasons[0]!.reason).toContain('abstained')
    expect(clean.failed).toBe(1)
    expect(found.failures).toEqual([
      expect.objectContaining({
        file: join('genuine', 'notes.mp4'),
        error: expect.objectContaining({ code: 'media.unreadable' }),
      }),
    ])
  })

  test('is measured on five copies of each file, which are kept for the next time', async () => {
    const rows = ['genuine/dark0.mp4\tgenuine', 'genuine/tone.flac\tgenuine', 'manipulated/bright0.mp4\tmanipulated']
    const few = join(clips.path, 'set', 'few.tsv')
    writeFileSync(few, ['path\tlabel', ...rows, ''].join('\n'))
    const found = await evaluate(['brightness'], await readLabelled(few), { ...options(), copies: true })
    for (const copy of ['x264-crf23', 'x264-crf35', 'half-x264-crf28', 'platform-720p'])
      expect(overall(found, copy).figures).toMatchObject({ genuine: 1, manipulated: 1, auc: { value: 1 } })
    for (const copy of ['aac-32k', '8khz', 'noise-20db']) expect(overall(found, copy).abstained.genuine).toBe(1)
    expect(readdirSync(join(clips.path, 'cache', 'recompressed'))).toHaveLength(3)
  })

  test('is measured on still pictures, which become short clips; what only looks like one is told', async () => {
    const rows = ['path\tlabel']
    for (const [name, label, grey] of [
      ['dark.png', 'genuine', '20'],
      ['bright.jpg', 'manipulated', 'd0'],
    ] as const) {
      clips.make(name, '-f', 'lavfi', '-i', `color=0x${grey.repeat(3)}:s=160x120`, '-frames:v', '1')
      rows.push(`${name}\t${label}`)
    }
    writeFileSync(join(clips.path, 'cut.jpg'), Buffer.from('ffd8ffe000104a464946', 'hex'))
    const table = join(clips.path, 'stills.tsv')
    writeFileSync(table, [...rows, 'cut.jpg\tgenuine', ''].join('\n'))
    const found = await evaluate(['brightness'], await readLabelled(table), { ...options(), copies: true })
    for (const copy of ['clean', 'x264-crf35'])
      expect(overall(found, copy).figures).toMatchObject({ genuine: 1, manipulated: 1, auc: { value: 1 } })
    expect(found.failures).toEqual([
      expect.objectContaining({ file: 'cut.jpg', error: expect.objectContaining({ code: 'media.unreadable' }) }),
    ])
  })

  test('is not measured again where it was measured before, but on request', async () => {
    const one = join(clips.path, 'one.tsv')
    writeFileSync(one, 'path\tlabel\nset/genuine/dark0.mp4\tgenuine\nset/manipulated/bright0.mp4\tmanipulated\n')
    const set = await readLabelled(one)
    await evaluate(['brightness'], set, options())
    // What is kept is what is used: a changed entry shows.
    const results = join(clips.path, 'cache', 'results')
    const dark = createHash('sha256')
      .update(readFileSync(join(clips.path, 'set/genuine/dark0.mp4')))
      .digest('hex')
    const home = join(results, dark.slice(0, 2), dark, 'clean')
    const entry = join(
      home,
      readdirSync(home).find((name) => name.includes('brightness'))!,
    )
    const kept = JSON.parse(readFileSync(entry, 'utf8'))
    kept.reading.output.score = 0.99
    writeFileSync(entry, JSON.stringify(kept))
    expect(overall(await evaluate(['brightness'], set, options()), 'clean').figures.auc!.value).toBe(0)
    expect(
      overall(await evaluate(['brightness'], set, { ...options(), fresh: true }), 'clean').figures.auc!.value,
    ).toBe(1)
  })

  test('is calibrated on the same material, beside its card', async () => {
    const set = await readLabelled(join(clips.path, 'set'))
    const { calibration, path, silent } = await calibrateOn('brightness', set, 'test clips', options())
    expect(path).toBe(join(models, 'brightness', 'calibration.json'))
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(calibration)
    expect(calibration).toMatchObject({
      signal: 'model:brightness',
      basis: 'test clips',
      n: { genuine: 6, manipulated: 6 },
    })
    expect(Object.keys(calibration.domain)).toContain('bits per pixel')
    expect(silent).toBe(2)
  })
})

test('an unknown name is refused with what there is', async () => {
  const set = await readLabelled(join(clips.path, 'set'))
  await expect(evaluate(['brightnes'], set, options())).rejects.toMatchObject({
    code: 'evaluation.subject',
    detail: expect.stringContaining('temporal'),
  })
})

test('the command line prints the table, writes results and plots, and gives JSON', () => {
  const out = join(clips.path, 'report')
  const cli = join(import.meta.dirname, '../../main/hosts/cli.ts')
  const run = (...args: string[]) =>
    execFileSync(process.execPath, [cli, 'models', 'evaluate', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  const text = run('brightness', join(clips.path, 'set'), '--models', models, '--out', out)
  expect(text).toContain('FALSE POSITIVES')
  expect(text).toMatch(/brightness\s+all\s+as it is\s+6\s+6\s+1g 0m, 1 failed/)
  expect(text).not.toMatch(/\bfake\b|\breal\b|authentic|certain/i)
  expect(readdirSync(out)).toEqual(
    expect.arrayContaining(['results.json', 'results.tsv', 'roc_set_brightness_clean.png']),
  )
  const [head, first] = readFileSync(join(out, 'results.tsv'), 'utf8').split('\n')
  expect(first!.split('\t')).toHaveLength(head!.split('\t').length)
  const json = JSON.parse(run('brightness', join(clips.path, 'set'), '--models', models, '--json')) as Evaluation
  expect(overall(json, 'clean').figures.auc!.value).toBe(1)
})
