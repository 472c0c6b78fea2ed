/**
 * `npm run bench:matching`: are copies found, and is nothing else? Real clips of the development data are a library; stretches
 * of them are cut out, changed as people change footage, and looked up, by picture alone and by sound alone. `--data DIR` (else
 * ASSAY_DATA, else ../shared/data), `--clips N` (default 24), `--only LIST` of changes, `--no-index` without the small index
 * measurement at the end (`scripts/bench-matching-index.ts` has the large ones).
 */
import { spawnSync } from 'node:child_process'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { wilson } from '../main/evaluation/metrics.ts'
import { Catalogue } from '../main/matching/catalogue.ts'
import type { Fingerprint } from '../main/matching/fingerprint.ts'
import { findMatches, type FootageMatch } from '../main/matching/match.ts'
import { NO_SOUND } from '../main/matching/sound-print.ts'
import { PICTURES, SOUNDS, type Change } from './bench-matching-changes.ts'
import { introduced } from './bench-matching-intro.ts'
import { BenchMedia, clipFiles, CUT, groupOf, type Thumbs } from './bench-matching-media.ts'
import { evidence, oneRecording } from './bench-matching-same.ts'
import { ROOT } from './node24.mjs'
import { ffmpegBinary, prepare } from './setup.mjs'

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: process.env['ASSAY_DATA'] ?? join(ROOT, '..', 'shared', 'data') },
    clips: { type: 'string', default: '24' },
    only: { type: 'string' },
    'no-index': { type: 'boolean', default: false },
  },
})

await prepare()
const ffmpeg = ffmpegBinary()
if (!ffmpeg) process.exit(1)
const media = new BenchMedia(ffmpeg)

interface Clip {
  readonly file: string
  readonly group: string
  readonly number: number
  readonly print: Fingerprint
  readonly thumbs: Thumbs
  readonly samples: Float32Array
}

const files = clipFiles(values.data)
if (!files.length) {
  console.log(`There are no clips under ${values.data}.`)
  process.exit(1)
}
const library = new Catalogue()
const clips: Clip[] = files.map((file) => {
  const [thumbs, samples] = [media.keptThumbs(file), media.samples(file)]
  const print = { ...media.picturePrint(thumbs), sound: media.soundPrint(samples) }
  return { file, group: groupOf(file), number: library.add(print), print, thumbs, samples }
})
const seconds = media.cost.seconds
console.log(`${clips.length} clips of ${new Set(clips.map(({ group }) => group)).size} groups, ${seconds.toFixed(0)} s of picture, ${media.cost.heard.toFixed(0)} s of sound`) // prettier-ignore
console.log(`one second costs ${((1000 * media.cost.picture) / seconds).toFixed(1)} ms of a core for pictures and ${((1000 * media.cost.sound) / media.cost.heard).toFixed(1)} ms for sound, decoding not included`) // prettier-ignore

const cutOf = (length: number): number => Math.min(CUT.length, length - CUT.start)

/** Stretches that must be found: where they lie in the query and where they come from. */
function expected(clip: Clip, change: Change, length: number): { from: number; to: number; knownFrom: number }[] {
  const speed = change.speed ?? 1
  let at = 0
  return (change.parts ?? [[0, 1]]).map(([start, end]) => {
    const from = at
    at += ((end - start) * length) / speed
    return { from, to: at, knownFrom: CUT.start + start * length }
  })
}

/** Found: the right video, and both ends of what was found within a second of where they belong. */
function finds(match: FootageMatch, clip: Clip, change: Change, part: { from: number; to: number; knownFrom: number }): boolean {
  const { from, to, knownFrom, speed } = match.stretch
  const middle = (from + to) / 2
  const truth = (time: number): number => part.knownFrom + (change.speed ?? 1) * (time - part.from)
  const off = (time: number): number => Math.abs(knownFrom + speed * (time - from) - truth(time))
  return (
    match.video === clip.number && match.mirrored === (change.mirrored ?? false) &&
    middle >= part.from && middle <= part.to && off(from) <= 1 && off(to) <= 1
  )
} // prettier-ignore

interface Target {
  readonly name: string
  readonly met: boolean
  readonly measured: string
}
const targets: Target[] = []
const taken: number[] = []
const strangers = new Map<string, { times: number; kinds: Set<string>; a: Clip; b: Clip }>()
let comparisons = 0

/** @param donor whose sound the query has, where that is another's */
function look(query: Fingerprint, clip: Clip, donor = clip): FootageMatch[] {
  const start = performance.now()
  const matches = findMatches(query, library)
  taken.push(performance.now() - start)
  const isStranger = ({ group }: Clip): boolean => group !== clip.group && group !== donor.group
  comparisons += clips.filter(isStranger).length
  for (const match of matches) {
    const other = clips[match.video]!
    if (!isStranger(other)) continue
    const key = [clip, other].map(({ file }) => basename(file)).sort().join(' ~ ') // prettier-ignore
    const held = strangers.get(key) ?? { times: 0, kinds: new Set<string>(), a: clip, b: other }
    held.times++
    held.kinds.add(match.kind)
    strangers.set(key, held)
  }
  return matches
}

const percent = (value: number, n: number): string => `${Math.round((100 * value) / n)} %`
function interval(hits: number, n: number): string {
  const { low, high } = wilson(hits, n)
  return `${hits} of ${n} [${Math.round(100 * low)}, ${Math.round(100 * high)}] %`
}
const columns = (cells: readonly string[]): string => cells.map((cell, i) => (i ? cell.padEnd(22) : cell.padEnd(36))).join('') // prettier-ignore

const only = values.only?.split(',')
const most = Number(values.clips)
/** No picture at all: what is found is found by its sound. */
const blind = { hashes: new Uint8Array(0), mirrored: new Uint8Array(0), quality: new Uint8Array(0), published: new Uint8Array(0), times: new Float32Array(0), keyFrames: [], motion: new Float32Array(0) } // prettier-ignore

function measure(what: 'picture' | 'sound', changes: readonly Change[]): void {
  console.log(`\n${columns([`by ${what} alone`, 'found', 'covered', 'same footage'])}`)
  for (const change of changes.filter(({ name }) => !only || only.includes(name))) {
    const lengthOf = ({ print, samples }: Clip): number => cutOf(what === 'picture' ? print.duration : samples.length / 16_000) // prettier-ignore
    // Parts must be long enough to be more than a few frames.
    const least = change.parts ? 6.5 : what === 'picture' ? 2 : 4
    const queries = clips.filter((clip) => lengthOf(clip) >= least).slice(0, most)
    let [hits, wanted, covered, footage] = [0, 0, 0, 0]
    const missed: string[] = []
    for (const clip of queries) {
      const length = lengthOf(clip)
      const query: Fingerprint =
        what === 'picture'
          ? { ...media.picturePrint(media.thumbs('-i', media.changed(clip.file, clip.print.duration, change, what))), sound: NO_SOUND }
          : { ...blind, duration: length, sound: media.soundPrint(media.changedSound(clip.file, clip.samples.length / 16_000, change)) } // prettier-ignore
      const matches = look(query, clip)
      for (const part of expected(clip, change, length)) {
        wanted++
        const best = matches.find((match) => finds(match, clip, change, part))
        if (!best) missed.push(basename(clip.file))
        if (!best) continue
        hits++
        covered += Math.min(1, (best.stretch.to - best.stretch.from + (what === 'picture' ? 0.4 : 0)) / (part.to - part.from)) // prettier-ignore
        if (best.kind === 'footage') footage++
      }
    }
    console.log(columns([change.name, interval(hits, wanted), percent(covered, wanted), what === 'picture' ? percent(footage, wanted) : '']) + missed.join(' ')) // prettier-ignore
    if (change.listed) targets.push({ name: `${change.name}: at least 95 % found`, met: hits >= 0.95 * wanted, measured: interval(hits, wanted) }) // prettier-ignore
  }
}
measure('picture', PICTURES)
measure('sound', SOUNDS)

/** The clip's own picture with its own sound, re-encoded, and with that of somebody else. */
function replaced(): void {
  const [encode, aac] = [PICTURES[0]!, SOUNDS[0]!]
  const heard = clips.filter(({ print, samples }) => Math.min(cutOf(print.duration), cutOf(samples.length / 16_000)) >= 4).slice(0, most) // prettier-ignore
  let [own, other, told, n] = [0, 0, 0, 0]
  for (const [i, clip] of heard.entries()) {
    const stranger = heard.slice(i + 1).concat(heard).find(({ group }) => group !== clip.group) // prettier-ignore
    if (!stranger) continue
    const picture = media.picturePrint(media.thumbs('-i', media.changed(clip.file, clip.print.duration, encode, 'picture'))) // prettier-ignore
    const soundOf = (from: Clip) => media.soundPrint(media.changedSound(from.file, from.samples.length / 16_000, aac))
    const verdict = (from: Clip): boolean | null | undefined =>
      look({ ...picture, sound: soundOf(from) }, clip, from).find((match) => match.kind !== 'sound' && finds(match, clip, encode, { from: 0, to: 99, knownFrom: CUT.start }))?.soundAgrees // prettier-ignore
    n++
    if (verdict(clip) === true) own++
    const verdictOther = verdict(stranger)
    if (verdictOther === false) other++
    if (verdictOther === true) told++
  }
  console.log(`\n${columns(['own sound: told to agree', interval(own, n)])}`)
  console.log(columns(["somebody else's: told to be replaced", interval(other, n)]) + `told to agree: ${told}`)
}
if (!only) replaced()

const genuine = [...strangers].map(([key, { times, kinds, a, b }]) => {
  // The clips as they are, without any change: where do they match, and are their pixels and samples the same there?
  const found = findMatches(a.print, library).filter(({ video }) => video === b.number)
  const proofs = found.map(({ stretch, placement }) => evidence(a, b, stretch, placement))
  return { key, times, kinds, proofs, same: proofs.some(oneRecording) }
})
const wrong = genuine.filter(({ same }) => !same)
console.log(`\n${comparisons} comparisons of a changed clip with a clip of another person or source: ${wrong.length ? 'matched nevertheless' : 'no false match'}`) // prettier-ignore
for (const { key, times, kinds } of wrong) console.log(`  ${times} times  ${key}: ${[...kinds].join(', ')}`)
if (genuine.length > wrong.length) console.log('one recording under two names, by pixels or samples (correlation of frame-to-frame changes, of waveforms):') // prettier-ignore
const shown = (value: number | null): string => (value === null ? '–' : value.toFixed(2))
for (const { key, times, kinds, proofs } of genuine.filter(({ same }) => same))
  console.log(`  ${times} times  ${key}: ${[...kinds].join(', ')} (${proofs.map(({ picture, sound }) => `${shown(picture)}, ${shown(sound)}`).join('; ')})`) // prettier-ignore
targets.push({ name: 'no false match in 10,000 unrelated comparisons', met: comparisons >= 10_000 && !wrong.length, measured: `${wrong.length} in ${comparisons}` }) // prettier-ignore

if (!only) {
  const decode = media.decodeCost()
  const prints = media.cost.picture / media.cost.seconds + media.cost.sound / media.cost.heard
  console.log(`\nfingerprints take ${(1000 * prints).toFixed(1)} ms of a core per second; decoding a second of 1080p into the same streams ${(1000 * decode).toFixed(0)} ms`) // prettier-ignore
  targets.push({ name: 'fingerprints cost at most 10 % of the decode, which is a part of triage', met: prints <= 0.1 * decode, measured: `${((100 * prints) / decode).toFixed(1)} %` }) // prettier-ignore
  const { videos, links, own } = introduced(media, clips, 12)
  console.log(`\n${videos} videos begin with the same black, test card and jingle: ${links} links among them by these (${own} of ${videos} are still found by what follows)`) // prettier-ignore
  targets.push({ name: 'a common beginning links nothing', met: links === 0, measured: `${links} links` })
}

taken.sort((x, y) => x - y)
console.log(
  `\nlooking one clip up: median ${taken[taken.length >> 1]?.toFixed(0)} ms, at most ${taken.at(-1)?.toFixed(0)} ms`,
)
if (!values['no-index'] && !only) {
  console.log('\nlooking hashes up')
  const index = spawnSync(process.execPath, [join(ROOT, 'scripts', 'bench-matching-index.ts'), '--turns', '3'], { encoding: 'utf8' }) // prettier-ignore
  console.log(index.stdout)
  const said = /^(met|NOT MET): (.+)$/m.exec(index.stdout)
  targets.push({ name: said?.[2] ?? 'a query over 10^6 hashes', met: said?.[1] === 'met', measured: said ? 'see above' : 'the measurement failed' }) // prettier-ignore
}
console.log('\ntargets')
for (const { name, met, measured } of targets) console.log(`  ${met ? 'met    ' : 'NOT MET'}  ${name} (${measured})`)
