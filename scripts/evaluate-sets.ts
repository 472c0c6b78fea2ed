/** The standing evaluation's material: what lies in the data folder, and what the generating scripts left behind. */
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { readLabelled, type LabelledFile, type LabelledSet } from '../main/evaluation/labelled.ts'

export interface StandingSet extends LabelledSet {
  /** Sound alone, or videos. */
  readonly of: 'video' | 'sound'
}
export interface Standing {
  readonly sets: StandingSet[]
  /** What is not there, in words. */
  readonly missing: string[]
}

/** Sets that other scripts make, by folder, with how. */
const MADE: readonly (readonly [folder: string, of: 'video' | 'sound', made: string])[] = [
  [
    'swaps',
    'video',
    'face swaps made from the development videos: scripts/train/face-manipulation/make_swap_videos.py',
  ],
  ['animations', 'video', 'talking heads made from photographs: scripts/train/face-manipulation/make_animations.py'],
  ['persons', 'video', 'clips of a thousand persons: scripts/train/face-manipulation/make_person_clips.py'],
  ['broadcast', 'video', 'talking heads and swaps shown as a broadcaster would: scripts/models/make-broadcast.ts'],
  ['footage', 'video', 'genuine footage out of packages: scripts/models/fetch-footage.ts'],
  ['generated', 'video', 'generated and genuine faces as published: scripts/train/synthetic-image/evaluate.py'],
  ['voice', 'sound', 'speakers held out and text-to-speech programs: scripts/train/voice/make_evaluation.py'],
]

/**
 * Development videos that the face-manipulation network is trained on, and speech that the voice network is: no figure is taken
 * from their persons, portraits and sentences, nor from what was made of them.
 */
const NETWORKS = ['face-manipulation', 'voice']
const trainedOn = (network: string): string => join(import.meta.dirname, 'train', network, 'trained-on.tsv')

interface Listed {
  readonly path: string
  readonly label: string
  readonly group: string
  readonly method: string
}

/**
 * @param data folder with MANIFEST.tsv @param made folder with swaps/, generated/ and voice/
 * @param networks whose training is left out: all, unless only one signal is measured
 */
export async function standingSets(
  data: string,
  made: string,
  networks: readonly string[] = NETWORKS,
): Promise<Standing> {
  const sets: StandingSet[] = []
  const missing: string[] = []
  const trained = new Set(
    NETWORKS.filter((id) => networks.includes(id)).flatMap((id) =>
      readTable(trainedOn(id)).map((cell) => personOf(cell('path'), collectionOf(cell('path')))),
    ),
  )
  const leftOut = (name: string, all: LabelledFile[]): LabelledFile[] => {
    const files = all.filter(({ group }) => !trained.has(group))
    const count = all.length - files.length
    if (count)
      missing.push(
        `${name}: ${count} file${count === 1 ? '' : 's'} left out, since a network was trained on their persons or sentences`,
      )
    return files
  }
  const table = join(data, 'MANIFEST.tsv')
  if (existsSync(table)) {
    const listed = readManifest(table)
    for (const [name, of, folder] of [
      ['talking-heads', 'video', 'video/'],
      ['speech', 'sound', 'speech/'],
    ] as const) {
      const all = listed.filter(({ path }) => path.startsWith(folder)).map((one) => labelled(one, data))
      const files = leftOut(name, all)
      const there = files.filter(({ path }) => existsSync(path))
      if (there.length < files.length) missing.push(`${name}: ${files.length - there.length} of ${files.length} files`)
      if (there.length) sets.push({ name, of, files: there })
    }
  } else missing.push(`talking-heads and speech: there is no ${table}`)
  for (const [folder, of, words] of MADE) {
    const home = join(made, folder)
    if (existsSync(join(home, 'manifest.tsv'))) {
      const { files } = await readLabelled(home)
      sets.push({ name: folder, of, files: leftOut(folder, files.map(madeFrom)) })
    } else missing.push(`${folder} (${words}): there is no ${join(home, 'manifest.tsv')}`)
  }
  return { sets, missing }
}

/** Rows of a tab-separated table with a head, each as a function from a column's name to its cell. */
function readTable(path: string): ((name: string) => string)[] {
  const [head = '', ...lines] = readFileSync(path, 'utf8').split(/\r?\n/)
  const columns = head.replace(/^#\s*/, '').split('\t')
  return lines.filter(Boolean).map((line) => {
    const cells = line.split('\t')
    return (name) => cells[columns.indexOf(name)] ?? ''
  })
}

const readManifest = (path: string): Listed[] =>
  readTable(path).map((cell) => ({
    path: cell('path'),
    label: cell('label'),
    group: cell('group'),
    method: cell('method'),
  }))

function labelled({ path, label, group, method }: Listed, data: string): LabelledFile {
  const manipulated = label === 'fake'
  return {
    path: join(data, path),
    name: path,
    manipulated,
    source: group === 'hifigan' && manipulated ? vocoder(method) : group,
    group: personOf(path, group),
  }
}

/** What was made from a development video shows the person of that video. */
function madeFrom(file: LabelledFile): LabelledFile {
  const source = collectionOf(file.source)
  return file.source.includes('/') ? { ...file, source, group: personOf(file.source, source) } : { ...file, source }
}

/** `video/MEAD/real-01.mp4`, the clip something was made from, is MEAD; `speech/hifigan/real/1.flac` is hifigan. */
function collectionOf(source: string): string {
  const folders = source.split('/').slice(0, -1)
  return folders[0] === 'speech' ? (folders[1] ?? source) : (folders.at(-1) ?? source)
}

/** Files that show the same person or portrait, or say the same sentence, go together. */
function personOf(path: string, source: string): string {
  const name = basename(path)
  if (source === 'MEAD') return /[MW]\d{3}/.exec(name)?.[0] ?? name
  if (source === 'DreamTalk') return name.includes('male_face') ? 'DreamTalk portrait 1' : 'DreamTalk portrait 2'
  // Nine animations of two portraits.
  if (source === 'EDTalk' && name.startsWith('fake'))
    return name.includes('lei') ? 'EDTalk portrait 2' : 'EDTalk portrait 1'
  // ms_hgan_v1_3 and ms_gt_3 are one sentence.
  const sentence = /^\d+-([a-z0-9]+)_.*_(\d+)\.flac$/.exec(name)
  return source === 'hifigan' && sentence ? `hifigan ${sentence[1]} ${sentence[2]}` : path
}

function vocoder(method: string): string {
  if (method.includes('HGAN')) return 'HiFi-GAN'
  if (method.startsWith('MG')) return 'MelGAN'
  if (method.startsWith('WG')) return 'WaveGlow'
  return method.startsWith('WN') ? 'WaveNet' : 'HiFi-GAN ablations'
}
