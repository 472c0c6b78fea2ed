/**
 * Puts labelled clips into news pictures as a broadcaster would show them: full height between blurred sides, in a window
 * beside a panel, or large over a studio; with lower third, ticker and station mark, at 720p25 and broadcast bit rate. Both
 * classes are treated alike. For evaluation and calibration: cropped talking heads alone look unlike what analysts receive.
 *
 *   node scripts/node24.mjs scripts/models/make-broadcast.ts
 *
 * Takes the development videos (`--data DIR`, else ASSAY_DATA, else ../shared/data beside the checkout) and the swaps made from
 * them, where they are. Writes the clips and manifest.tsv (path, label, source, group) into .cache/evaluate/broadcast, with
 * the group of each clip it was made from.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { LabelledFile } from '../../main/evaluation/labelled.ts'
import { standingSets } from '../evaluate-sets.ts'
import { ROOT } from '../node24.mjs'
import { ffmpegBinary } from '../setup.mjs'

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: process.env['ASSAY_DATA'] ?? join(ROOT, '..', 'shared', 'data') },
    made: { type: 'string', default: join(ROOT, '.cache', 'evaluate') },
  },
})
const ffmpeg = ffmpegBinary()
if (!ffmpeg) process.exit(1)
const out = join(values.made, 'broadcast')

/** Where the clip stands in a 1280 × 720 picture; the rest is a blurred enlargement of it, or a studio panel. */
const LAYOUTS = [
  '[0:v]split[a][b];[a]scale=1280:720:force_original_aspect_ratio=increase,crop=1280:720,gblur=sigma=24[back];[b]scale=-2:720[clip];[back][clip]overlay=(W-w)/2:0',
  'gradients=s=1280x720:c0=0x10203c:c1=0x30507c:speed=0.01:d=60:r=25[back];[0:v]scale=-2:480[clip];[back][clip]overlay=700:90:shortest=1',
  'gradients=s=1280x720:c0=0x301018:c1=0x181018:speed=0.01:d=60:r=25,format=yuv420p,noise=alls=5:allf=t[back];[0:v]scale=-2:640[clip];[back][clip]overlay=80:40:shortest=1',
]
const FURNITURE = [
  'drawbox=x=60:y=560:w=760:h=84:color=0x0b3d91@0.92:t=fill',
  'drawbox=x=60:y=644:w=760:h=6:color=white:t=fill',
  'drawtext=text=EVENING REPORT:font=Sans:fontsize=40:fontcolor=white:x=80:y=582',
  'drawbox=x=0:y=680:w=1280:h=40:color=0x101010@0.95:t=fill',
  'drawtext=text=Markets open higher  -  Ministers meet for talks  -  Weather turns colder in the north:font=Sans:fontsize=24:fontcolor=white:x=1280-mod(90*t\\,2400):y=688',
  'drawbox=x=1160:y=30:w=84:h=50:color=red@0.85:t=fill',
  'drawtext=text=LIVE:font=Sans:fontsize=28:fontcolor=white:x=1168:y=42',
].join(',')

function make(file: LabelledFile, layout: number, path: string): boolean {
  if (existsSync(path)) return true
  const partial = `${path}.part.mp4`
  const run = spawnSync(
    ffmpeg as string,
    ['-nostdin', '-v', 'error', '-y', '-i', file.path, '-t', '6',
      '-filter_complex', `${LAYOUTS[layout]},fps=25,${FURNITURE},format=yuv420p[v]`, '-map', '[v]', '-map', '0:a?',
      '-c:v', 'libx264', '-preset', 'veryfast', '-b:v', '2500k', '-g', '50', '-c:a', 'aac', '-b:a', '96k', '-shortest', partial], // prettier-ignore
    { encoding: 'utf8' },
  )
  if (run.status !== 0) {
    console.error(`${file.name}: ${run.stderr.split('\n')[0]}`)
    return false
  }
  renameSync(partial, path)
  return true
}

const { sets } = await standingSets(values.data, values.made)
const files = sets
  .filter(({ name }) => name === 'talking-heads' || name === 'swaps')
  // The originals of the swaps are among the talking heads.
  .flatMap(({ name, files }) => files.filter(({ manipulated }) => manipulated || name === 'talking-heads'))
mkdirSync(out, { recursive: true })
const rows = ['path\tlabel\tsource\tgroup']
for (const [at, file] of files.entries()) {
  const label = file.manipulated ? 'manipulated' : 'genuine'
  const name = `${String(at).padStart(3, '0')}-${label}.mp4`
  if (make(file, at % LAYOUTS.length, join(out, name)))
    rows.push([name, label, `broadcast-${file.source}`, file.group].join('\t'))
}
writeFileSync(join(out, 'manifest.tsv'), `${rows.join('\n')}\n`)
console.log(`${rows.length - 1} clips in ${out}`)
